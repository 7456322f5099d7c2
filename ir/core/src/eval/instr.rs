//! The instructions of compiled bodies.

use crate::design::NetId;

/// The number of a register, in the file that the instruction says.
pub(super) type Reg = u32;

/// Stands for the register of a message that is not there.
pub(super) const NO_MESSAGE: Reg = Reg::MAX;

/// An instruction. `dst`, `a` and `b` are small registers unless the comment says otherwise; `to` is the number of an instruction.
#[derive(Clone, Copy, Debug)]
pub(super) enum Instr {
    Move {
        dst: Reg,
        a: Reg,
    },
    Neg {
        dst: Reg,
        a: Reg,
    },
    Inv {
        dst: Reg,
        a: Reg,
    },
    Not {
        dst: Reg,
        a: Reg,
    },
    Add {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Sub {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Mul {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    FloorDiv {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Mod {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    And {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Or {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Xor {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Shl {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Shr {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Eq {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Ne {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Lt {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Le {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Bit {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    /// `width` at most 63.
    Slice {
        dst: Reg,
        a: Reg,
        low: u32,
        width: u8,
    },
    /// `a` shifted left by `width`, at most 63, with the low `width` bits of `b` in the gap.
    Append {
        dst: Reg,
        a: Reg,
        b: Reg,
        width: u8,
    },
    /// `width` 1 to 64.
    Signed {
        dst: Reg,
        a: Reg,
        width: u8,
    },
    Wrap {
        dst: Reg,
        a: Reg,
        bounds: u32,
    },
    Check {
        dst: Reg,
        a: Reg,
        bounds: u32,
    },
    Refine {
        dst: Reg,
        a: Reg,
        bounds: u32,
    },
    ToBool {
        dst: Reg,
        a: Reg,
    },
    Encode {
        dst: Reg,
        a: Reg,
        table: u32,
    },
    Decode {
        dst: Reg,
        a: Reg,
        table: u32,
        name: u32,
    },
    /// From a small net.
    LoadSmall {
        dst: Reg,
        net: NetId,
    },
    /// `dst` big, from a net that is not small.
    LoadBig {
        dst: Reg,
        net: NetId,
    },
    /// `dst` big.
    Now {
        dst: Reg,
    },
    /// `dst` big.
    BoxBool {
        dst: Reg,
        a: Reg,
    },
    /// `dst` big.
    BoxInt {
        dst: Reg,
        a: Reg,
    },
    /// `dst` big.
    BoxEnum {
        dst: Reg,
        a: Reg,
    },
    /// `a` big.
    Unbox {
        dst: Reg,
        a: Reg,
    },
    /// `a` big; `Z` is false.
    UnboxTruth {
        dst: Reg,
        a: Reg,
    },
    /// Both big.
    MoveBig {
        dst: Reg,
        a: Reg,
    },
    /// `dst` big.
    Call {
        dst: Reg,
        call: u32,
    },
    CallSmall {
        dst: Reg,
        call: u32,
    },
    /// `dst` big.
    Load {
        dst: Reg,
        load: u32,
    },
    LoadPart {
        dst: Reg,
        load: u32,
    },
    /// `a` big, checked.
    Narrow {
        dst: Reg,
        a: Reg,
        bounds: u32,
    },
    /// `a` big, wrapped.
    NarrowWrap {
        dst: Reg,
        a: Reg,
        bounds: u32,
    },
    /// Both big.
    Fit {
        dst: Reg,
        a: Reg,
        fit: u32,
    },
    StoreSmall {
        net: NetId,
        a: Reg,
    },
    StoreCheck {
        net: NetId,
        a: Reg,
        bounds: u32,
    },
    StoreWrap {
        net: NetId,
        a: Reg,
        bounds: u32,
    },
    /// `a` big.
    StoreBig {
        net: NetId,
        a: Reg,
    },
    StorePart {
        part: u32,
    },
    MarkUnset {
        var: u32,
    },
    MarkSet {
        var: u32,
    },
    CheckSet {
        var: u32,
    },
    ClearPoison {
        poison: u32,
    },
    CheckPoison {
        poison: u32,
    },
    Jump {
        to: u32,
    },
    /// A jump back, at which the process can be interrupted.
    Loop {
        to: u32,
    },
    JumpIf {
        a: Reg,
        to: u32,
    },
    JumpUnless {
        a: Reg,
        to: u32,
    },
    JumpEq {
        a: Reg,
        b: Reg,
        to: u32,
    },
    JumpNe {
        a: Reg,
        b: Reg,
        to: u32,
    },
    JumpLt {
        a: Reg,
        b: Reg,
        to: u32,
    },
    JumpLe {
        a: Reg,
        b: Reg,
        to: u32,
    },
    Switch {
        a: Reg,
        switch: u32,
    },
    /// `a` big.
    SwitchBig {
        a: Reg,
        switch: u32,
    },
    Wait {
        wait: u32,
    },
    /// Messages are big registers; [`NO_MESSAGE`] for none. The values of `shown` are told.
    AssertFailed {
        message: Reg,
        shown: u32,
    },
    /// `a` big.
    Print {
        a: Reg,
    },
    Raise {
        class: u32,
        message: Reg,
    },
    Finish {
        message: Reg,
    },
    Return,
}

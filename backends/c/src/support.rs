//! The helper functions that emitted files may need. Each file gets those that it uses.
//!
//! All are total: no operand makes them run into undefined or implementation-defined behaviour, with an `int` of any size. Loops are
//! bounded by the length of what they work on.

use crate::cexpr::Ty;
use std::collections::BTreeSet;

/// The width of a helper for integers with sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bits {
    /// 16 bits.
    B16,
    /// 32 bits.
    B32,
    /// 64 bits.
    B64,
}

impl Bits {
    /// The smallest that holds both ends.
    pub fn for_range(lo: i128, hi: i128) -> Bits {
        let fits = |ty: Ty| ty.min() <= lo && hi <= ty.max();
        if fits(Ty::signed(16)) {
            Bits::B16
        } else if fits(Ty::signed(32)) {
            Bits::B32
        } else {
            Bits::B64
        }
    }

    /// How many.
    pub fn count(self) -> u32 {
        match self {
            Bits::B16 => 16,
            Bits::B32 => 32,
            Bits::B64 => 64,
        }
    }

    /// The type with sign of this width.
    pub fn signed(self) -> Ty {
        Ty::signed(self.count())
    }
}

/// A helper function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the texts below say what each one does")]
pub enum Helper {
    ToS64,
    ShiftRight(Bits),
    FloorDiv(Bits),
    FloorMod(Bits),
    Power32,
    Power64,
    WideCopy,
    WideZero,
    WideFromU64,
    WideFromS64,
    WideExtendU,
    WideExtendS,
    WideAdd,
    WideSub,
    WideNeg,
    WideNot,
    WideAnd,
    WideOr,
    WideXor,
    WideMul,
    WideShl,
    WideShrU,
    WideShrS,
    WideEqual,
    WideLessU,
    WideLessS,
    WideBitU,
    WideBitS,
    WideToU64,
    WideAmountU,
    WideAmountS,
    WideBitsU,
    WideBitsS,
    WideSetBit,
    WideInsert,
    WideInsertU64,
    WideDivide,
    WideFloorDiv,
    WideFloorMod,
    WidePower,
}

/// The helpers that a file uses.
#[derive(Clone, Debug, Default)]
pub struct Support {
    used: BTreeSet<Helper>,
    /// The most limbs that a wide integer of the file has.
    pub longest: u32,
}

impl Support {
    /// Uses a helper, and those that it calls.
    pub fn need(&mut self, helper: Helper) {
        if self.used.insert(helper) {
            for &inner in helper.calls() {
                self.need(inner);
            }
        }
    }

    /// The texts of the helpers that the file's text calls, each before those that call it.
    pub fn texts(&self, words: &BTreeSet<&str>) -> Vec<String> {
        let mut called = Support::default();
        for helper in self.used.iter().filter(|helper| words.contains(&helper.name()[..])) {
            called.need(*helper);
        }
        called.used.iter().map(|helper| helper.text(self.longest.max(1))).collect()
    }

    /// Every name that a helper may have.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> = PLAIN.iter().map(|helper| helper.name()).collect();
        for bits in [Bits::B16, Bits::B32, Bits::B64] {
            for helper in [Helper::ShiftRight(bits), Helper::FloorDiv(bits), Helper::FloorMod(bits)] {
                names.push(helper.name());
            }
        }
        names
    }
}

/// The helpers that come in one width.
const PLAIN: &[Helper] = &[
    Helper::ToS64,
    Helper::Power32,
    Helper::Power64,
    Helper::WideCopy,
    Helper::WideZero,
    Helper::WideFromU64,
    Helper::WideFromS64,
    Helper::WideExtendU,
    Helper::WideExtendS,
    Helper::WideAdd,
    Helper::WideSub,
    Helper::WideNeg,
    Helper::WideNot,
    Helper::WideAnd,
    Helper::WideOr,
    Helper::WideXor,
    Helper::WideMul,
    Helper::WideShl,
    Helper::WideShrU,
    Helper::WideShrS,
    Helper::WideEqual,
    Helper::WideLessU,
    Helper::WideLessS,
    Helper::WideBitU,
    Helper::WideBitS,
    Helper::WideToU64,
    Helper::WideAmountU,
    Helper::WideAmountS,
    Helper::WideBitsU,
    Helper::WideBitsS,
    Helper::WideSetBit,
    Helper::WideInsert,
    Helper::WideInsertU64,
    Helper::WideDivide,
    Helper::WideFloorDiv,
    Helper::WideFloorMod,
    Helper::WidePower,
];

impl Helper {
    /// Its name in C.
    pub fn name(self) -> String {
        let with = |stem: &str, bits: Bits| format!("{stem}_s{}", bits.count());
        match self {
            Helper::ToS64 => "to_s64".into(),
            Helper::ShiftRight(bits) => with("shift_right", bits),
            Helper::FloorDiv(bits) => with("floor_div", bits),
            Helper::FloorMod(bits) => with("floor_mod", bits),
            Helper::Power32 => "power_u32".into(),
            Helper::Power64 => "power_u64".into(),
            Helper::WideCopy => "wide_copy".into(),
            Helper::WideZero => "wide_zero".into(),
            Helper::WideFromU64 => "wide_from_u64".into(),
            Helper::WideFromS64 => "wide_from_s64".into(),
            Helper::WideExtendU => "wide_extend_u".into(),
            Helper::WideExtendS => "wide_extend_s".into(),
            Helper::WideAdd => "wide_add".into(),
            Helper::WideSub => "wide_sub".into(),
            Helper::WideNeg => "wide_neg".into(),
            Helper::WideNot => "wide_not".into(),
            Helper::WideAnd => "wide_and".into(),
            Helper::WideOr => "wide_or".into(),
            Helper::WideXor => "wide_xor".into(),
            Helper::WideMul => "wide_mul".into(),
            Helper::WideShl => "wide_shl".into(),
            Helper::WideShrU => "wide_shr_u".into(),
            Helper::WideShrS => "wide_shr_s".into(),
            Helper::WideEqual => "wide_equal".into(),
            Helper::WideLessU => "wide_less_u".into(),
            Helper::WideLessS => "wide_less_s".into(),
            Helper::WideBitU => "wide_bit_u".into(),
            Helper::WideBitS => "wide_bit_s".into(),
            Helper::WideToU64 => "wide_to_u64".into(),
            Helper::WideAmountU => "wide_amount_u".into(),
            Helper::WideAmountS => "wide_amount_s".into(),
            Helper::WideBitsU => "wide_bits_u".into(),
            Helper::WideBitsS => "wide_bits_s".into(),
            Helper::WideSetBit => "wide_set_bit".into(),
            Helper::WideInsert => "wide_insert".into(),
            Helper::WideInsertU64 => "wide_insert_u64".into(),
            Helper::WideDivide => "wide_divide".into(),
            Helper::WideFloorDiv => "wide_floor_div".into(),
            Helper::WideFloorMod => "wide_floor_mod".into(),
            Helper::WidePower => "wide_power".into(),
        }
    }

    fn calls(self) -> &'static [Helper] {
        match self {
            Helper::WideLessS => &[Helper::WideLessU],
            Helper::WideAmountS => &[Helper::WideAmountU],
            Helper::WideBitsU => &[Helper::WideShrU, Helper::WideToU64],
            Helper::WideBitsS => &[Helper::WideShrS, Helper::WideToU64],
            Helper::WideInsert | Helper::WideInsertU64 => &[Helper::WideSetBit],
            Helper::WideDivide => &[Helper::WideZero, Helper::WideLessU, Helper::WideSub],
            Helper::WideFloorDiv => &[Helper::WideDivide, Helper::WideNeg, Helper::WideCopy, Helper::WideNot],
            Helper::WideFloorMod => &[Helper::WideDivide, Helper::WideNeg, Helper::WideCopy, Helper::WideAdd],
            Helper::WidePower => &[Helper::WideMul, Helper::WideCopy, Helper::WideZero],
            Helper::ToS64
            | Helper::ShiftRight(_)
            | Helper::FloorDiv(_)
            | Helper::FloorMod(_)
            | Helper::Power32
            | Helper::Power64
            | Helper::WideCopy
            | Helper::WideZero
            | Helper::WideFromU64
            | Helper::WideFromS64
            | Helper::WideExtendU
            | Helper::WideExtendS
            | Helper::WideAdd
            | Helper::WideSub
            | Helper::WideNeg
            | Helper::WideNot
            | Helper::WideAnd
            | Helper::WideOr
            | Helper::WideXor
            | Helper::WideMul
            | Helper::WideShl
            | Helper::WideShrU
            | Helper::WideShrS
            | Helper::WideEqual
            | Helper::WideLessU
            | Helper::WideBitU
            | Helper::WideBitS
            | Helper::WideToU64
            | Helper::WideAmountU
            | Helper::WideSetBit => &[],
        }
    }

    /// Its definition, with its comment. `longest` is the most limbs that it must hold itself.
    fn text(self, longest: u32) -> String {
        let template = match self {
            Helper::ToS64 => TO_S64,
            Helper::ShiftRight(_) => SHIFT_RIGHT,
            Helper::FloorDiv(_) => FLOOR_DIV,
            Helper::FloorMod(_) => FLOOR_MOD,
            Helper::Power32 => POWER_32,
            Helper::Power64 => POWER_64,
            Helper::WideCopy => WIDE_COPY,
            Helper::WideZero => WIDE_ZERO,
            Helper::WideFromU64 => WIDE_FROM_U64,
            Helper::WideFromS64 => WIDE_FROM_S64,
            Helper::WideExtendU => WIDE_EXTEND_U,
            Helper::WideExtendS => WIDE_EXTEND_S,
            Helper::WideAdd => WIDE_ADD,
            Helper::WideSub => WIDE_SUB,
            Helper::WideNeg => WIDE_NEG,
            Helper::WideNot => WIDE_NOT,
            Helper::WideAnd => WIDE_AND,
            Helper::WideOr => WIDE_OR,
            Helper::WideXor => WIDE_XOR,
            Helper::WideMul => WIDE_MUL,
            Helper::WideShl => WIDE_SHL,
            Helper::WideShrU => WIDE_SHR_U,
            Helper::WideShrS => WIDE_SHR_S,
            Helper::WideEqual => WIDE_EQUAL,
            Helper::WideLessU => WIDE_LESS_U,
            Helper::WideLessS => WIDE_LESS_S,
            Helper::WideBitU => WIDE_BIT_U,
            Helper::WideBitS => WIDE_BIT_S,
            Helper::WideToU64 => WIDE_TO_U64,
            Helper::WideAmountU => WIDE_AMOUNT_U,
            Helper::WideAmountS => WIDE_AMOUNT_S,
            Helper::WideBitsU => WIDE_BITS_U,
            Helper::WideBitsS => WIDE_BITS_S,
            Helper::WideSetBit => WIDE_SET_BIT,
            Helper::WideInsert => WIDE_INSERT,
            Helper::WideInsertU64 => WIDE_INSERT_U64,
            Helper::WideDivide => WIDE_DIVIDE,
            Helper::WideFloorDiv => WIDE_FLOOR_DIV,
            Helper::WideFloorMod => WIDE_FLOOR_MOD,
            Helper::WidePower => WIDE_POWER,
        };
        let text = template.trim().replace("@MAX", &longest.to_string());
        match self {
            Helper::ShiftRight(bits) | Helper::FloorDiv(bits) | Helper::FloorMod(bits) => {
                text.replace("@B", &bits.count().to_string()).replace("@TOP", &(bits.count() - 1).to_string())
            }
            _ => text,
        }
    }
}

const TO_S64: &str = "
/* 64 bits read as two's complement. */
static int64_t to_s64(uint64_t bits)
{
    return (bits <= (uint64_t)INT64_MAX) ? (int64_t)bits : (-(int64_t)(UINT64_MAX - bits) - 1);
}
";

const SHIFT_RIGHT: &str = "
/* value / 2^amount, rounded down. */
static int@B_t shift_right_s@B(int@B_t value, uint16_t amount)
{
    const uint16_t places = (uint16_t)((amount < @TOPU) ? amount : @TOPU);
    return (int@B_t)((value < 0) ? ~(~value >> places) : (value >> places));
}
";

const FLOOR_DIV: &str = "
/* a / b, rounded down; 0 for b = 0. */
static int@B_t floor_div_s@B(int@B_t a, int@B_t b)
{
    if (b == 0) {
        return 0;
    }
    return (int@B_t)((((a % b) != 0) && ((a < 0) != (b < 0))) ? ((a / b) - 1) : (a / b));
}
";

const FLOOR_MOD: &str = "
/* The remainder of a / b rounded down: it has the sign of b; 0 for b = 0. */
static int@B_t floor_mod_s@B(int@B_t a, int@B_t b)
{
    if (b == 0) {
        return 0;
    }
    return (int@B_t)((((a % b) != 0) && ((a < 0) != (b < 0))) ? ((a % b) + b) : (a % b));
}
";

const POWER_32: &str = "
/* The low 32 bits of base^exponent. */
static uint32_t power_u32(uint32_t base, uint16_t exponent)
{
    uint32_t result = 1U;
    uint32_t square = base;
    for (uint16_t rest = exponent; rest != 0U; rest = (uint16_t)(rest >> 1)) {
        if ((rest & 1U) != 0U) {
            result = (uint32_t)((uint64_t)result * square);
        }
        square = (uint32_t)((uint64_t)square * square);
    }
    return result;
}
";

const POWER_64: &str = "
/* The low 64 bits of base^exponent. */
static uint64_t power_u64(uint64_t base, uint16_t exponent)
{
    uint64_t result = 1U;
    uint64_t square = base;
    for (uint16_t rest = exponent; rest != 0U; rest = (uint16_t)(rest >> 1)) {
        if ((rest & 1U) != 0U) {
            result = result * square;
        }
        square = square * square;
    }
    return result;
}
";

const WIDE_COPY: &str = "
/* Wide integers are n limbs of 32 bits, the least significant first. */
static void wide_copy(uint32_t *out, const uint32_t *a, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = a[i];
    }
}
";

const WIDE_ZERO: &str = "
static void wide_zero(uint32_t *out, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = 0U;
    }
}
";

const WIDE_FROM_U64: &str = "
static void wide_from_u64(uint32_t *out, uint64_t value, uint8_t n)
{
    uint64_t rest = value;
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = (uint32_t)(rest & 0xFFFFFFFFU);
        rest = rest >> 32;
    }
}
";

const WIDE_FROM_S64: &str = "
static void wide_from_s64(uint32_t *out, int64_t value, uint8_t n)
{
    const uint64_t bits = (uint64_t)value;
    for (uint8_t i = 0U; i < n; i++) {
        if (i == 0U) {
            out[i] = (uint32_t)(bits & 0xFFFFFFFFU);
        } else if (i == 1U) {
            out[i] = (uint32_t)(bits >> 32);
        } else {
            out[i] = (value < 0) ? 0xFFFFFFFFU : 0U;
        }
    }
}
";

const WIDE_EXTEND_U: &str = "
/* The m limbs of a with zeros above, m <= n. */
static void wide_extend_u(uint32_t *out, const uint32_t *a, uint8_t m, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = (i < m) ? a[i] : 0U;
    }
}
";

const WIDE_EXTEND_S: &str = "
/* The m limbs of a with their sign above, m <= n. */
static void wide_extend_s(uint32_t *out, const uint32_t *a, uint8_t m, uint8_t n)
{
    const uint32_t sign = ((a[m - 1U] >> 31) != 0U) ? 0xFFFFFFFFU : 0U;
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = (i < m) ? a[i] : sign;
    }
}
";

const WIDE_ADD: &str = "
/* Modulo 2^(32 n); out may be a or b. */
static void wide_add(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    uint64_t carry = 0U;
    for (uint8_t i = 0U; i < n; i++) {
        carry = (carry + a[i]) + b[i];
        out[i] = (uint32_t)(carry & 0xFFFFFFFFU);
        carry = carry >> 32;
    }
}
";

const WIDE_SUB: &str = "
/* Modulo 2^(32 n); out may be a or b. */
static void wide_sub(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    uint64_t carry = 1U;
    for (uint8_t i = 0U; i < n; i++) {
        carry = (carry + a[i]) + (0xFFFFFFFFU - b[i]);
        out[i] = (uint32_t)(carry & 0xFFFFFFFFU);
        carry = carry >> 32;
    }
}
";

const WIDE_NEG: &str = "
/* Modulo 2^(32 n); out may be a. */
static void wide_neg(uint32_t *out, const uint32_t *a, uint8_t n)
{
    uint64_t carry = 1U;
    for (uint8_t i = 0U; i < n; i++) {
        carry = carry + (0xFFFFFFFFU - a[i]);
        out[i] = (uint32_t)(carry & 0xFFFFFFFFU);
        carry = carry >> 32;
    }
}
";

const WIDE_NOT: &str = "
static void wide_not(uint32_t *out, const uint32_t *a, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = (uint32_t)(0xFFFFFFFFU - a[i]);
    }
}
";

const WIDE_AND: &str = "
static void wide_and(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = a[i] & b[i];
    }
}
";

const WIDE_OR: &str = "
static void wide_or(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = a[i] | b[i];
    }
}
";

const WIDE_XOR: &str = "
static void wide_xor(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = a[i] ^ b[i];
    }
}
";

const WIDE_MUL: &str = "
/* Modulo 2^(32 n); out is neither a nor b. */
static void wide_mul(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = 0U;
    }
    for (uint8_t i = 0U; i < n; i++) {
        uint64_t carry = 0U;
        for (uint8_t j = 0U; j < (uint8_t)(n - i); j++) {
            carry = carry + out[i + j] + ((uint64_t)a[i] * b[j]);
            out[i + j] = (uint32_t)(carry & 0xFFFFFFFFU);
            carry = carry >> 32;
        }
    }
}
";

const WIDE_SHL: &str = "
/* Modulo 2^(32 n); out is not a. */
static void wide_shl(uint32_t *out, const uint32_t *a, uint16_t amount, uint8_t n)
{
    const uint16_t limbs = (uint16_t)(amount / 32U);
    const uint16_t bits = (uint16_t)(amount % 32U);
    for (uint8_t i = 0U; i < n; i++) {
        uint64_t word = 0U;
        if (i >= limbs) {
            word = (uint64_t)a[i - limbs] << bits;
        }
        if (i > limbs) {
            word = word | (((uint64_t)a[(i - limbs) - 1] << bits) >> 32);
        }
        out[i] = (uint32_t)(word & 0xFFFFFFFFU);
    }
}
";

const WIDE_SHR_U: &str = "
/* n limbs of a, which has m, shifted right; out is not a. */
static void wide_shr_u(uint32_t *out, const uint32_t *a, uint8_t m, uint16_t amount, uint8_t n)
{
    const uint16_t limbs = (uint16_t)(amount / 32U);
    const uint16_t bits = (uint16_t)(amount % 32U);
    for (uint8_t i = 0U; i < n; i++) {
        const uint16_t at = (uint16_t)(i + limbs);
        uint64_t word = (at < m) ? a[at] : 0U;
        if (at + 1U < m) {
            word = word | ((uint64_t)a[at + 1U] << 32);
        }
        out[i] = (uint32_t)((word >> bits) & 0xFFFFFFFFU);
    }
}
";

const WIDE_SHR_S: &str = "
/* n limbs of a, which has m and a sign above them, shifted right; out is not a. */
static void wide_shr_s(uint32_t *out, const uint32_t *a, uint8_t m, uint16_t amount, uint8_t n)
{
    const uint32_t sign = ((a[m - 1U] >> 31) != 0U) ? 0xFFFFFFFFU : 0U;
    const uint16_t limbs = (uint16_t)(amount / 32U);
    const uint16_t bits = (uint16_t)(amount % 32U);
    for (uint8_t i = 0U; i < n; i++) {
        const uint16_t at = (uint16_t)(i + limbs);
        uint64_t word = (at < m) ? a[at] : sign;
        word = word | ((uint64_t)((at + 1U < m) ? a[at + 1U] : sign) << 32);
        out[i] = (uint32_t)((word >> bits) & 0xFFFFFFFFU);
    }
}
";

const WIDE_EQUAL: &str = "
static bool wide_equal(const uint32_t *a, const uint32_t *b, uint8_t n)
{
    bool equal = true;
    for (uint8_t i = 0U; i < n; i++) {
        equal = equal && (a[i] == b[i]);
    }
    return equal;
}
";

const WIDE_LESS_U: &str = "
static bool wide_less_u(const uint32_t *a, const uint32_t *b, uint8_t n)
{
    bool less = false;
    for (uint8_t i = 0U; i < n; i++) {
        less = (a[i] == b[i]) ? less : (a[i] < b[i]);
    }
    return less;
}
";

const WIDE_LESS_S: &str = "
static bool wide_less_s(const uint32_t *a, const uint32_t *b, uint8_t n)
{
    const bool a_negative = (a[n - 1U] >> 31) != 0U;
    const bool b_negative = (b[n - 1U] >> 31) != 0U;
    return (a_negative == b_negative) ? wide_less_u(a, b, n) : a_negative;
}
";

const WIDE_BIT_U: &str = "
static bool wide_bit_u(const uint32_t *a, uint8_t n, uint16_t index)
{
    const uint16_t limb = (uint16_t)(index / 32U);
    return (limb < n) && (((a[limb] >> (index % 32U)) & 1U) != 0U);
}
";

const WIDE_BIT_S: &str = "
static bool wide_bit_s(const uint32_t *a, uint8_t n, uint16_t index)
{
    const uint16_t limb = (uint16_t)(index / 32U);
    return (limb < n) ? (((a[limb] >> (index % 32U)) & 1U) != 0U) : ((a[n - 1U] >> 31) != 0U);
}
";

const WIDE_TO_U64: &str = "
/* The low 64 bits of two limbs or more. */
static uint64_t wide_to_u64(const uint32_t *a)
{
    return ((uint64_t)a[1] << 32) | a[0];
}
";

const WIDE_AMOUNT_U: &str = "
/* A shift amount or exponent; what is too long for 16 bits becomes 65534, or 65535 if it is odd. */
static uint16_t wide_amount_u(const uint32_t *a, uint8_t n)
{
    bool fits = a[0] <= 65535U;
    for (uint8_t i = 1U; i < n; i++) {
        fits = fits && (a[i] == 0U);
    }
    return (uint16_t)(fits ? a[0] : (65534U + (a[0] & 1U)));
}
";

const WIDE_AMOUNT_S: &str = "
/* As wide_amount_u; 0 for negative values. */
static uint16_t wide_amount_s(const uint32_t *a, uint8_t n)
{
    return (uint16_t)(((a[n - 1U] >> 31) != 0U) ? 0U : wide_amount_u(a, n));
}
";

const WIDE_BITS_U: &str = "
/* 64 bits of a, which has m limbs, from bit low up. */
static uint64_t wide_bits_u(const uint32_t *a, uint8_t m, uint16_t low)
{
    uint32_t bits[2];
    wide_shr_u(bits, a, m, low, 2U);
    return wide_to_u64(bits);
}
";

const WIDE_BITS_S: &str = "
/* 64 bits of a, which has m limbs and a sign above them, from bit low up. */
static uint64_t wide_bits_s(const uint32_t *a, uint8_t m, uint16_t low)
{
    uint32_t bits[2];
    wide_shr_s(bits, a, m, low, 2U);
    return wide_to_u64(bits);
}
";

const WIDE_SET_BIT: &str = "
static void wide_set_bit(uint32_t *out, uint16_t index, bool value)
{
    const uint32_t bit = (uint32_t)((uint64_t)1U << (index % 32U));
    const uint32_t others = out[index / 32U] & (0xFFFFFFFFU - bit);
    out[index / 32U] = (uint32_t)(others | (value ? bit : 0U));
}
";

const WIDE_INSERT: &str = "
/* The low bits of a take the place of as many bits of out from bit low up. */
static void wide_insert(uint32_t *out, uint16_t low, const uint32_t *a, uint16_t width)
{
    for (uint16_t i = 0U; i < width; i++) {
        wide_set_bit(out, (uint16_t)(low + i), ((a[i / 32U] >> (i % 32U)) & 1U) != 0U);
    }
}
";

const WIDE_INSERT_U64: &str = "
/* The low bits of a value take the place of as many bits of out from bit low up. */
static void wide_insert_u64(uint32_t *out, uint16_t low, uint64_t value, uint16_t width)
{
    for (uint16_t i = 0U; i < width; i++) {
        wide_set_bit(out, (uint16_t)(low + i), ((value >> i) & 1U) != 0U);
    }
}
";

const WIDE_DIVIDE: &str = "
/* Of values that are not negative as two's complement; the outputs are none of the operands. */
static void wide_divide(uint32_t *quotient, uint32_t *rest, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    wide_zero(quotient, n);
    wide_zero(rest, n);
    for (uint16_t i = (uint16_t)(n * 32U); i != 0U; i--) {
        const uint16_t at = (uint16_t)(i - 1U);
        uint32_t carry = (a[at / 32U] >> (at % 32U)) & 1U;
        for (uint8_t j = 0U; j < n; j++) {
            const uint64_t word = ((uint64_t)rest[j] << 1) | carry;
            rest[j] = (uint32_t)(word & 0xFFFFFFFFU);
            carry = (uint32_t)(word >> 32);
        }
        if (!wide_less_u(rest, b, n)) {
            wide_sub(rest, rest, b, n);
            quotient[at / 32U] = (uint32_t)(quotient[at / 32U] | ((uint64_t)1U << (at % 32U)));
        }
    }
}
";

const WIDE_FLOOR_DIV: &str = "
/* a / b, rounded down; out is neither a nor b. */
static void wide_floor_div(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    uint32_t x[@MAX];
    uint32_t y[@MAX];
    uint32_t rest[@MAX];
    const bool a_negative = (a[n - 1U] >> 31) != 0U;
    const bool b_negative = (b[n - 1U] >> 31) != 0U;
    bool exact = true;
    wide_copy(x, a, n);
    wide_copy(y, b, n);
    if (a_negative) {
        wide_neg(x, x, n);
    }
    if (b_negative) {
        wide_neg(y, y, n);
    }
    wide_divide(out, rest, x, y, n);
    for (uint8_t i = 0U; i < n; i++) {
        exact = exact && (rest[i] == 0U);
    }
    if (a_negative != b_negative) {
        if (exact) {
            wide_neg(out, out, n);
        } else {
            wide_not(out, out, n);
        }
    }
}
";

const WIDE_FLOOR_MOD: &str = "
/* The remainder of a / b rounded down: it has the sign of b; out is neither a nor b. */
static void wide_floor_mod(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    uint32_t x[@MAX];
    uint32_t y[@MAX];
    uint32_t quotient[@MAX];
    const bool a_negative = (a[n - 1U] >> 31) != 0U;
    const bool b_negative = (b[n - 1U] >> 31) != 0U;
    bool exact = true;
    wide_copy(x, a, n);
    wide_copy(y, b, n);
    if (a_negative) {
        wide_neg(x, x, n);
    }
    if (b_negative) {
        wide_neg(y, y, n);
    }
    wide_divide(quotient, out, x, y, n);
    for (uint8_t i = 0U; i < n; i++) {
        exact = exact && (out[i] == 0U);
    }
    if (a_negative) {
        wide_neg(out, out, n);
    }
    if (!exact && (a_negative != b_negative)) {
        wide_add(out, out, b, n);
    }
}
";

const WIDE_POWER: &str = "
/* The low bits of base^exponent; out is not base. */
static void wide_power(uint32_t *out, const uint32_t *base, uint16_t exponent, uint8_t n)
{
    uint32_t square[@MAX];
    uint32_t product[@MAX];
    wide_copy(square, base, n);
    wide_zero(out, n);
    out[0] = 1U;
    for (uint16_t rest = exponent; rest != 0U; rest = (uint16_t)(rest >> 1)) {
        if ((rest & 1U) != 0U) {
            wide_mul(product, out, square, n);
            wide_copy(out, product, n);
        }
        wide_mul(product, square, square, n);
        wide_copy(square, product, n);
    }
}
";

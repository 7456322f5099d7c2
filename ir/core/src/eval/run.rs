//! The interpreter of compiled bodies.

use super::apply::apply;
use super::code::{Arg, Code, Exit, Frame, Load, Operand, Part, PartRoot, Step, Tail};
use super::fault::{Fault, FaultKind};
use super::instr::{Instr, NO_MESSAGE, Reg};
use super::part::{fit, fit_int, replace, replace_small};
use super::shown::ShownFrom;
use super::{Environment, from_small, to_small};
use crate::design::Types;
use crate::int::Int;
use crate::types::{Type, Value};
use std::sync::Arc;

/// After so many jumps back a loop asks whether to go on.
const TURNS: u32 = 1 << 12;

impl Code {
    /// Runs the process from where its frame is to its next exit. A frame whose process is over must be
    /// [restarted](Frame::restart) first.
    ///
    /// # Errors
    /// The fault that stopped it, with the place in the source. The frame is of no more use then, unless it is restarted.
    pub fn run<E: Environment>(&self, frame: &mut Frame, env: &mut E, types: &Types) -> Result<Exit, Fault> {
        loop {
            let fault = match self.execute(frame, env, types) {
                Ok(exit) => return Ok(exit),
                Err(fault) => fault,
            };
            let pc = frame.pc;
            match self.handlers.iter().find(|handler| handler.range.contains(&pc)) {
                Some(handler) => {
                    frame.poisons[handler.poison as usize] =
                        Some(fault.at(self.spans.get(pc).copied().unwrap_or(pyhw_diagnostics::Span::NONE)));
                    frame.pc = handler.resume as usize;
                }
                None => {
                    return Err(fault.at(self
                        .spans
                        .get(pc)
                        .copied()
                        .unwrap_or(pyhw_diagnostics::Span::NONE)));
                }
            }
        }
    }

    /// Runs to an exit, or to a fault of the instruction at the frame's `pc`.
    fn execute<E: Environment>(&self, frame: &mut Frame, env: &mut E, types: &Types) -> Result<Exit, Fault> {
        let Frame { pc: at, small, big, set, poisons, delays } = frame;
        let mut pc = *at;
        let mut turns = TURNS;
        macro_rules! fail {
            ($fault:expr) => {{
                *at = pc;
                return Err($fault);
            }};
        }
        macro_rules! attempt {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(fault) => fail!(fault),
                }
            };
        }
        macro_rules! s {
            ($reg:expr) => {
                small[$reg as usize]
            };
        }
        macro_rules! b {
            ($reg:expr) => {
                big[$reg as usize]
            };
        }
        macro_rules! amount {
            ($reg:expr, $op:literal) => {{
                let amount = s!($reg);
                if amount < 0 {
                    fail!(Fault::new(FaultKind::Negative { op: $op, amount: amount.into() }))
                }
                amount
            }};
        }
        loop {
            let Some(&instr) = self.instrs.get(pc) else { return Ok(Exit::Done) };
            match instr {
                Instr::Move { dst, a } => s!(dst) = s!(a),
                Instr::Neg { dst, a } => s!(dst) = s!(a).wrapping_neg(),
                Instr::Inv { dst, a } => s!(dst) = !s!(a),
                Instr::Not { dst, a } => s!(dst) = s!(a) ^ 1,
                Instr::Add { dst, a, b } => s!(dst) = s!(a).wrapping_add(s!(b)),
                Instr::Sub { dst, a, b } => s!(dst) = s!(a).wrapping_sub(s!(b)),
                Instr::Mul { dst, a, b } => s!(dst) = s!(a).wrapping_mul(s!(b)),
                Instr::FloorDiv { dst, a, b } => {
                    let (a, b) = (s!(a), s!(b));
                    if b == 0 {
                        fail!(Fault::new(FaultKind::Division))
                    }
                    let (quotient, rest) = (a.wrapping_div(b), a.wrapping_rem(b));
                    s!(dst) = quotient - i64::from(rest != 0 && (rest < 0) != (b < 0));
                }
                Instr::Mod { dst, a, b } => {
                    let (a, b) = (s!(a), s!(b));
                    if b == 0 {
                        fail!(Fault::new(FaultKind::Division))
                    }
                    let rest = a.wrapping_rem(b);
                    s!(dst) = if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest };
                }
                Instr::And { dst, a, b } => s!(dst) = s!(a) & s!(b),
                Instr::Or { dst, a, b } => s!(dst) = s!(a) | s!(b),
                Instr::Xor { dst, a, b } => s!(dst) = s!(a) ^ s!(b),
                Instr::Shl { dst, a, b } => {
                    let by = amount!(b, "shl");
                    // An amount beyond the width leaves only zero small.
                    s!(dst) = if by > 63 { 0 } else { s!(a) << by };
                }
                Instr::Shr { dst, a, b } => {
                    let by = amount!(b, "shr");
                    s!(dst) = s!(a) >> by.min(63);
                }
                Instr::Eq { dst, a, b } => s!(dst) = i64::from(s!(a) == s!(b)),
                Instr::Ne { dst, a, b } => s!(dst) = i64::from(s!(a) != s!(b)),
                Instr::Lt { dst, a, b } => s!(dst) = i64::from(s!(a) < s!(b)),
                Instr::Le { dst, a, b } => s!(dst) = i64::from(s!(a) <= s!(b)),
                Instr::Bit { dst, a, b } => {
                    let index = amount!(b, "bit");
                    s!(dst) = (s!(a) >> index.min(63)) & 1;
                }
                Instr::Slice { dst, a, low, width } => s!(dst) = (s!(a) >> low.min(63)) & mask(width),
                Instr::Append { dst, a, b, width } => {
                    s!(dst) = (s!(a) << width.min(63)) | (s!(b) & mask(width));
                }
                Instr::Signed { dst, a, width } => {
                    let unused = 64 - u32::from(width.clamp(1, 64));
                    s!(dst) = (s!(a) << unused) >> unused;
                }
                Instr::Wrap { dst, a, bounds } => s!(dst) = self.bounds[bounds as usize].wrap(s!(a)),
                Instr::Check { dst, a, bounds } => {
                    let value = s!(a);
                    attempt!(self.in_bounds(value, bounds));
                    s!(dst) = value;
                }
                Instr::Refine { dst, a, bounds } => {
                    let value = s!(a);
                    if self.in_bounds(value, bounds).is_err() {
                        let range = &self.bounds[bounds as usize].range;
                        fail!(Fault::internal(format!("{value} was thought to lie in {range}")))
                    }
                    s!(dst) = value;
                }
                Instr::ToBool { dst, a } => {
                    let value = s!(a);
                    if value & !1 != 0 {
                        fail!(Fault::new(FaultKind::NotBoolean { value: value.into() }))
                    }
                    s!(dst) = value;
                }
                Instr::Encode { dst, a, table } => {
                    let codes = &self.tables[table as usize];
                    match usize::try_from(s!(a)).ok().and_then(|member| codes.get(member)) {
                        Some(&code) => s!(dst) = code,
                        None => fail!(Fault::internal("a member that its enum does not have")),
                    }
                }
                Instr::Decode { dst, a, table, name } => {
                    let code = s!(a);
                    match self.tables[table as usize].iter().position(|&its| its == code) {
                        Some(member) => s!(dst) = member as i64,
                        None => {
                            let of = self.names[name as usize].clone();
                            fail!(Fault::new(FaultKind::NoMember { of, code: code.into() }))
                        }
                    }
                }
                Instr::LoadSmall { dst, net } => s!(dst) = env.small(net),
                Instr::LoadBig { dst, net } => b!(dst) = env.value(net).clone(),
                Instr::Now { dst } => b!(dst) = Value::int(env.now()),
                Instr::BoxBool { dst, a } => b!(dst) = Value::Bool(s!(a) != 0),
                Instr::BoxInt { dst, a } => b!(dst) = Value::int(s!(a)),
                Instr::BoxEnum { dst, a } => b!(dst) = Value::Enum(s!(a) as u32),
                Instr::Unbox { dst, a } => s!(dst) = attempt!(unbox(&b!(a))),
                Instr::UnboxTruth { dst, a } => {
                    s!(dst) = match &b!(a) {
                        Value::Z => 0,
                        value => attempt!(unbox(value)),
                    }
                }
                Instr::MoveBig { dst, a } => {
                    let value = b!(a).clone();
                    b!(dst) = value;
                }
                Instr::Call { dst, call } => {
                    let value = attempt!(self.call(call, big, env, types));
                    b!(dst) = value;
                }
                Instr::CallSmall { dst, call } => {
                    let value = attempt!(self.call(call, big, env, types));
                    s!(dst) = attempt!(unbox(&value));
                }
                Instr::Load { dst, load } => {
                    let load = &self.loads[load as usize];
                    let value = attempt!(part_of(load, small, big, env)).clone();
                    b!(dst) = value;
                }
                Instr::LoadPart { dst, load } => {
                    let load = &self.loads[load as usize];
                    s!(dst) = attempt!(part_of(load, small, big, env).and_then(unbox));
                }
                Instr::Narrow { dst, a, bounds } => {
                    let bounds = &self.bounds[bounds as usize];
                    let value = attempt!(integer(&b!(a)));
                    let target = bounds.target.as_deref();
                    let fitted = attempt!(fit_int(value.clone(), &bounds.range, false, target));
                    s!(dst) = attempt!(small_int(&fitted));
                }
                Instr::NarrowWrap { dst, a, bounds } => {
                    let wrapped = self.bounds[bounds as usize].range.wrap(attempt!(integer(&b!(a))));
                    s!(dst) = attempt!(small_int(&wrapped));
                }
                Instr::Fit { dst, a, fit } => {
                    let value = attempt!(self.fits[fit as usize].fit(&b!(a), types));
                    b!(dst) = value;
                }
                Instr::StoreSmall { net, a } => env.store_small(net, s!(a)),
                Instr::StoreCheck { net, a, bounds } => {
                    let value = s!(a);
                    attempt!(self.in_bounds(value, bounds));
                    env.store_small(net, value);
                }
                Instr::StoreWrap { net, a, bounds } => {
                    env.store_small(net, self.bounds[bounds as usize].wrap(s!(a)));
                }
                Instr::StoreBig { net, a } => env.store(net, b!(a).clone()),
                Instr::StorePart { part } => {
                    attempt!(store_part(&self.parts[part as usize], small, big, env, types));
                }
                Instr::MarkSet { var } => set[var as usize] = true,
                Instr::MarkUnset { var } => set[var as usize] = false,
                Instr::CheckSet { var } => {
                    if !set[var as usize] {
                        let variable = self.vars[var as usize].clone();
                        fail!(Fault::new(FaultKind::Unset { variable }))
                    }
                }
                Instr::ClearPoison { poison } => poisons[poison as usize] = None,
                Instr::CheckPoison { poison } => {
                    if let Some(fault) = &poisons[poison as usize] {
                        fail!(fault.clone())
                    }
                }
                Instr::Jump { to } => {
                    pc = to as usize;
                    continue;
                }
                Instr::Loop { to } => {
                    turns -= 1;
                    if turns == 0 {
                        turns = TURNS;
                        if env.interrupted() {
                            *at = pc;
                            return Ok(Exit::Interrupted);
                        }
                    }
                    pc = to as usize;
                    continue;
                }
                Instr::JumpIf { a, to } => {
                    if s!(a) != 0 {
                        pc = to as usize;
                        continue;
                    }
                }
                Instr::JumpUnless { a, to } => {
                    if s!(a) == 0 {
                        pc = to as usize;
                        continue;
                    }
                }
                Instr::JumpEq { a, b, to } => {
                    if s!(a) == s!(b) {
                        pc = to as usize;
                        continue;
                    }
                }
                Instr::JumpNe { a, b, to } => {
                    if s!(a) != s!(b) {
                        pc = to as usize;
                        continue;
                    }
                }
                Instr::JumpLt { a, b, to } => {
                    if s!(a) < s!(b) {
                        pc = to as usize;
                        continue;
                    }
                }
                Instr::JumpLe { a, b, to } => {
                    if s!(a) <= s!(b) {
                        pc = to as usize;
                        continue;
                    }
                }
                Instr::Switch { a, switch } => {
                    let switch = &self.switches[switch as usize];
                    let arm = switch.arms.binary_search_by_key(&s!(a), |arm| arm.0);
                    pc = arm.map_or(switch.default, |arm| switch.arms[arm].1) as usize;
                    continue;
                }
                Instr::SwitchBig { a, switch } => {
                    let switch = &self.big_switches[switch as usize];
                    // As where it is compared with each of the values.
                    if matches!(b!(a), Value::Z) {
                        fail!(Fault::new(FaultKind::Undriven))
                    }
                    let arm = switch.arms.iter().find(|arm| arm.0 == b!(a));
                    pc = arm.map_or(switch.default, |arm| arm.1) as usize;
                    continue;
                }
                Instr::Wait { wait } => {
                    delays.clear();
                    for &delay in &self.waits[wait as usize].delays {
                        let steps = match delay {
                            Operand::Small(reg) => Int::from(s!(reg)),
                            Operand::Big(reg) => attempt!(integer(&b!(reg))).clone(),
                        };
                        match steps.to_u64() {
                            Some(steps) => delays.push(steps),
                            None => fail!(Fault::new(FaultKind::Delay { steps })),
                        }
                    }
                    *at = pc + 1;
                    return Ok(Exit::Wait(wait));
                }
                Instr::AssertFailed { message, shown } => {
                    let message = attempt!(text(message, big));
                    let shown = self.shown.get(shown as usize).map_or(&[][..], |shown| shown);
                    let values = shown.iter().filter_map(|one| {
                        let value = match one.from {
                            ShownFrom::SmallNet(net) => from_small(env.small(net), &one.ty),
                            ShownFrom::Net(net) => env.value(net).clone(),
                            // A path may have come by without it.
                            ShownFrom::Var(Some(var), _) if !set[var as usize] => return None,
                            ShownFrom::Var(_, Operand::Small(reg)) => from_small(s!(reg), &one.ty),
                            ShownFrom::Var(_, Operand::Big(reg)) => b!(reg).clone(),
                        };
                        Some((one.name.clone(), one.text(&value, types)?))
                    });
                    let values = values.collect();
                    fail!(Fault::new(FaultKind::Assertion { message }).showing(values))
                }
                Instr::Print { a } => match &b!(a) {
                    Value::Text(text) => env.print(text),
                    _ => fail!(Fault::internal("a print of what is no text")),
                },
                Instr::Raise { class, message } => {
                    let exception = self.names[class as usize].clone();
                    let message = attempt!(text(message, big));
                    fail!(Fault::new(FaultKind::Raise { exception, message }))
                }
                Instr::Finish { message } => {
                    let message = attempt!(text(message, big));
                    *at = self.instrs.len();
                    return Ok(Exit::Finish(message));
                }
                Instr::Return => {
                    *at = self.instrs.len();
                    return Ok(Exit::Done);
                }
            }
            pc += 1;
        }
    }

    fn in_bounds(&self, value: i64, bounds: u32) -> Result<(), Fault> {
        let bounds = &self.bounds[bounds as usize];
        if bounds.min <= value && value <= bounds.max {
            return Ok(());
        }
        let (target, range) = (bounds.target.clone(), bounds.range.clone());
        Err(Fault::new(FaultKind::Range { target, range, value: value.into() }))
    }

    fn call<E: Environment>(&self, call: u32, big: &[Value], env: &E, types: &Types) -> Result<Value, Fault> {
        let call = &self.calls[call as usize];
        let value = |arg: Arg| match arg {
            Arg::Big(reg) => &big[reg as usize],
            Arg::Net(net) => env.value(net),
        };
        match (&*call.args, &*call.arg_types) {
            // The common arities without a list on the heap.
            (&[a], [of]) => apply(&call.op, &[value(a)], &[of], types),
            (&[a, b], [of, other]) => apply(&call.op, &[value(a), value(b)], &[of, other], types),
            (args, arg_types) => {
                let values: Vec<&Value> = args.iter().map(|&arg| value(arg)).collect();
                let arg_types: Vec<&Type> = arg_types.iter().collect();
                apply(&call.op, &values, &arg_types, types)
            }
        }
    }
}

fn mask(width: u8) -> i64 {
    if width >= 63 { i64::MAX } else { (1 << width) - 1 }
}

fn unbox(value: &Value) -> Result<i64, Fault> {
    to_small(value).ok_or_else(|| match value {
        Value::Z => Fault::new(FaultKind::Undriven),
        _ => Fault::internal("a value that is not of its type"),
    })
}

fn integer(value: &Value) -> Result<&Int, Fault> {
    match value {
        Value::Int(int) => Ok(int),
        Value::Z => Err(Fault::new(FaultKind::Undriven)),
        _ => Err(Fault::internal("a value that is no integer")),
    }
}

fn small_int(value: &Int) -> Result<i64, Fault> {
    value.to_i64().ok_or_else(|| Fault::internal("an integer that is not of its type"))
}

fn text(message: Reg, big: &[Value]) -> Result<Option<Arc<str>>, Fault> {
    if message == NO_MESSAGE {
        return Ok(None);
    }
    match &big[message as usize] {
        Value::Text(text) => Ok(Some(text.clone())),
        _ => Err(Fault::internal("a message that is no text")),
    }
}

/// The index that an operand stands for; a fault unless it is below `length`.
fn index_of(operand: Operand, length: usize, small: &[i64], big: &[Value]) -> Result<usize, Fault> {
    let index = match operand {
        Operand::Small(reg) => {
            let index = small[reg as usize];
            match usize::try_from(index) {
                Ok(at) if at < length => return Ok(at),
                _ => Int::from(index),
            }
        }
        Operand::Big(reg) => {
            let index = integer(&big[reg as usize])?;
            match index.to_usize() {
                Some(at) if at < length => return Ok(at),
                _ => index.clone(),
            }
        }
    };
    Err(Fault::new(FaultKind::Index { length, index }))
}

fn part_of<'a, E: Environment>(
    load: &Load,
    small: &[i64],
    big: &'a [Value],
    env: &'a E,
) -> Result<&'a Value, Fault> {
    let mut value = match load.root {
        Arg::Big(reg) => &big[reg as usize],
        Arg::Net(net) => env.value(net),
    };
    for &step in &load.steps {
        value = match (step, value) {
            (Step::Index(index), Value::Array(elements)) => {
                &elements[index_of(index, elements.len(), small, big)?]
            }
            (Step::Field(field), Value::Struct(fields)) => match fields.get(field as usize) {
                Some(value) => value,
                None => return Err(Fault::internal("a field that is not there")),
            },
            (_, Value::Z) => return Err(Fault::new(FaultKind::Undriven)),
            _ => return Err(Fault::internal("a part of what has no parts")),
        };
    }
    Ok(value)
}

fn store_part<E: Environment>(
    part: &Part,
    small: &mut [i64],
    big: &mut [Value],
    env: &mut E,
    types: &Types,
) -> Result<(), Fault> {
    // The common case first: bits of a small integer.
    let (width, at) = match part.tail {
        Tail::Bit(at) => (1, Some(at)),
        Tail::Slice(at, width) => (width, Some(at)),
        Tail::Whole => (0, None),
    };
    if let (Some(Operand::Small(at)), Operand::Small(value)) = (at, part.value)
        && let PartRoot::SmallNet(_) | PartRoot::SmallVar(_) = part.root
    {
        let old = match part.root {
            PartRoot::SmallVar(reg) => small[reg as usize],
            PartRoot::SmallNet(net) => env.next_small(net),
            PartRoot::Net(_) | PartRoot::Var(_) => 0,
        };
        if let (Some(new), Type::Int(range)) =
            (replace_small(old, width, small[at as usize], small[value as usize]), &part.leaf)
            && range.contains(&Int::from(new))
        {
            match part.root {
                PartRoot::SmallNet(net) => env.store_small(net, new),
                PartRoot::SmallVar(reg) | PartRoot::Var(reg) => small[reg as usize] = new,
                PartRoot::Net(_) => {}
            }
            return Ok(());
        }
    }
    let indices: Result<Vec<Int>, Fault> = at
        .iter()
        .map(|&at| match at {
            Operand::Small(reg) => Ok(Int::from(small[reg as usize])),
            Operand::Big(reg) => integer(&big[reg as usize]).cloned(),
        })
        .collect();
    let at = indices?.pop().unwrap_or_default();
    let value = match part.value {
        Operand::Small(reg) => Value::int(small[reg as usize]),
        Operand::Big(reg) => big[reg as usize].clone(),
    };
    let change = Change { part, at, value, types };
    match part.root {
        PartRoot::SmallNet(net) => {
            let new = change.new_leaf(&Value::int(env.next_small(net)))?;
            env.store_small(net, unbox(&new)?);
        }
        PartRoot::SmallVar(reg) => {
            let new = change.new_leaf(&Value::int(small[reg as usize]))?;
            small[reg as usize] = unbox(&new)?;
        }
        PartRoot::Net(net) => {
            // Every index before anything changes, so that a fault leaves the net alone.
            let path = path(part, env.value(net), small, big)?;
            let element = match (part.steps.first(), path.first()) {
                (Some(Step::Index(_)), Some(&index)) => Some(index),
                _ => None,
            };
            change.apply(env.next_mut(net, element), &path)?;
        }
        PartRoot::Var(reg) => {
            let path = path(part, &big[reg as usize], small, big)?;
            change.apply(&mut big[reg as usize], &path)?;
        }
    }
    Ok(())
}

/// The numbers of elements and fields on the way to the part. All values of a type have the same shape, so that any can be asked.
fn path(part: &Part, shape: &Value, small: &[i64], big: &[Value]) -> Result<Vec<usize>, Fault> {
    let mut path = Vec::with_capacity(part.steps.len());
    let mut value = shape;
    for &step in &part.steps {
        let (elements, at) = match (step, value) {
            (Step::Index(index), Value::Array(elements)) => {
                (elements, index_of(index, elements.len(), small, big)?)
            }
            (Step::Field(field), Value::Struct(fields)) => (fields, field as usize),
            _ => return Err(Fault::internal("a store into a part of what has no parts")),
        };
        value = elements.get(at).ok_or_else(|| Fault::internal("a store into a field that is not there"))?;
        path.push(at);
    }
    Ok(path)
}

/// A store into a part, everything evaluated.
struct Change<'a> {
    part: &'a Part,
    /// The bit, or the lowest bit of the slice.
    at: Int,
    value: Value,
    types: &'a Types,
}

impl Change<'_> {
    /// What stands at the end of the path after the store.
    fn new_leaf(&self, old: &Value) -> Result<Value, Fault> {
        let part = self.part;
        match (part.tail, &part.leaf) {
            (Tail::Whole, _) => fit(&self.value, &part.leaf, part.wraps, &part.target, self.types),
            (Tail::Bit(_) | Tail::Slice(..), Type::Int(range)) => {
                let new = replace(integer(old)?, part.tail, &self.at, integer(&self.value)?, &part.target)?;
                Ok(Value::Int(fit_int(new, range, part.wraps, Some(&part.target))?))
            }
            _ => Err(Fault::internal("a store into bits of what is no integer")),
        }
    }

    fn apply(&self, whole: &mut Value, path: &[usize]) -> Result<(), Fault> {
        let mut value = whole;
        for &at in path {
            value = match value {
                Value::Array(parts) | Value::Struct(parts) => match Arc::make_mut(parts).get_mut(at) {
                    Some(part) => part,
                    None => return Err(Fault::internal("a store into a part that is not there")),
                },
                _ => return Err(Fault::internal("a store into a part of what has no parts")),
            };
        }
        *value = self.new_leaf(value)?;
        Ok(())
    }
}

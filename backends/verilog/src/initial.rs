//! Initial values: of nets and parts of them, and of memories.

use crate::assigns;
use crate::context::ModuleCx;
use crate::form::Class;
use crate::layout;
use crate::literal::{Style, high_impedance, literal};
use crate::loops::ROW;
use crate::text::Text;
use pyhw_ir::{Design, Int, Module, NetId, ProcessId, Type, Value};
use pyhw_passes::Driver;
use pyhw_text::{Row, Writer};
use std::collections::BTreeSet;

/// The initial value of some bits of a net.
pub fn initial_part(cx: &ModuleCx<'_>, net: NetId, low: u32, width: u32) -> Text {
    match initial_bits(cx.module, cx.design, net) {
        Some(bits) => literal(&bits.shr(low).low_bits(width), width, Style::Plain),
        None => high_impedance(width),
    }
}

/// The initial value of a whole net that is no memory.
pub fn initial_text(cx: &mut ModuleCx<'_>, net: NetId) -> Text {
    let module = cx.module;
    let form = cx.form(net).clone();
    if form.enable.is_some() && module.net(net).init == Value::Z {
        return literal(&Int::ZERO, form.width, Style::Plain);
    }
    value_text(cx, &module.net(net).init, &module.net(net).ty, form.width, form.signed)
}

/// A constant of a type.
pub fn value_text(cx: &mut ModuleCx<'_>, value: &Value, ty: &Type, width: u32, signed: bool) -> Text {
    if let (Value::Enum(member), Type::Enum(id)) = (value, ty)
        && let Some(text) = cx.member(*id, *member)
    {
        return text;
    }
    match layout::pack(value, ty, &cx.design.types) {
        Some(bits) => literal(&bits, width, if signed { Style::Signed } else { Style::Plain }),
        None => high_impedance(width),
    }
}

/// The bits of a net that no process stores into, as pairs of lowest bit and width; told for the first of its drivers only.
pub fn missing_bits(cx: &ModuleCx<'_>, id: ProcessId, net: NetId) -> Vec<(u32, u32)> {
    let form = cx.form(net);
    if form.memory.is_some() || !matches!(form.class, Class::Wire | Class::Reg) {
        return Vec::new();
    }
    let drivers = cx.facts.drivers(net);
    if drivers.first() != Some(&Driver::Process(id)) {
        return Vec::new();
    }
    let mut stored = BTreeSet::new();
    for driver in drivers {
        let Driver::Process(process) = driver else { return Vec::new() };
        match assigns::stored_bits(cx.design, cx.module, *process, net) {
            Some(bits) => stored.extend(bits),
            None => return Vec::new(),
        }
    }
    stretches((0..form.width).filter(|bit| !stored.contains(&u64::from(*bit))))
}

/// Neighbouring bits as pairs of lowest bit and width.
pub fn stretches(bits: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut result: Vec<(u32, u32)> = Vec::new();
    for bit in bits {
        match result.last_mut() {
            Some((low, width)) if *low + *width == bit => *width += 1,
            _ => result.push((bit, 1)),
        }
    }
    result
}

/// Whether the elements of a memory start with one value, so that a loop can give it to them.
pub fn fills_by_loop(module: &Module, net: NetId) -> bool {
    match &module.net(net).init {
        Value::Array(values) => values.len() > 1 && values.windows(2).all(|pair| pair[0] == pair[1]),
        _ => false,
    }
}

/// Gives a memory its initial value: by a loop where all elements are equal.
///
/// `row` is a further counter for a loop that is to be written in rows.
pub fn write_memory_fill(
    cx: &mut ModuleCx<'_>,
    net: NetId,
    counter: &str,
    row: Option<&str>,
    sign: &str,
    w: &mut Writer,
) {
    let form = cx.form(net).clone();
    let module = cx.module;
    let (Type::Array(element, length), Value::Array(values)) = (&module.net(net).ty, &module.net(net).init)
    else {
        return;
    };
    match values.first() {
        Some(first) if fills_by_loop(module, net) => {
            let value = value_text(cx, first, element, form.width, form.signed);
            let begin = match row {
                Some(row) => {
                    w.line(format!("for ({row} = 0; {row} < {length}; {row} = {row} + {ROW}) begin"));
                    w.indent();
                    format!("{counter} = {row}; {counter} < {row} + {ROW} && {counter} < {length}")
                }
                None => format!("{counter} = 0; {counter} < {length}"),
            };
            w.line(format!("for ({begin}; {counter} = {counter} + 1) begin"));
            w.indent();
            w.line(format!("{}[{counter}] {sign} {};", form.name, value.s));
            for _ in 0..=usize::from(row.is_some()) {
                w.dedent();
                w.line("end");
            }
        }
        _ => {
            let rows: Vec<Row> = values
                .iter()
                .enumerate()
                .map(|(at, value)| {
                    let value = value_text(cx, value, element, form.width, form.signed);
                    Row::new([format!("{}[{at}]", form.name), format!("{sign} {};", value.s)])
                })
                .collect();
            w.table(&rows);
        }
    }
}

/// An integer of the initial value's bits, for a net or a part of it.
pub fn initial_bits(module: &Module, design: &Design, net: NetId) -> Option<Int> {
    let net = module.net(net);
    layout::pack(&net.init, &net.ty, &design.types)
}

//! VHDL of a user's own in place of a module's inside.

use crate::module::Findings;
use crate::types::{Shape, inexpressible};
use crate::unit::Unit;
use pyhw_ir::{Direction, Foreign, ForeignList, Module, NetId, Type, Value, foreign};
use pyhw_text::{Row, Writer, dedented};
use std::sync::Arc;

/// The array that a list is.
pub(crate) fn list_type(module: &Module, list: &ForeignList) -> Type {
    Type::Array(Box::new(module.net(list.elements[0]).ty.clone()), list.elements.len() as u32)
}

/// Whether a text may use `std.textio`, which MyHDL's files do.
pub(crate) fn uses_textio(text: &str) -> bool {
    let words = ["line", "text", "side", "width", "input", "output"];
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| words.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// The signals that the text's lists are. `names` are theirs.
pub(crate) fn write_arrays(unit: &Unit<'_>, code: &Foreign, names: &[String], writer: &mut Writer) {
    let rows: Vec<Row> = code
        .lists
        .iter()
        .zip(names)
        .filter_map(|(list, name)| {
            let ty = list_type(unit.module, list);
            let shape = Shape::of(&ty)?;
            let row = [format!("signal {name}"), format!(": {}", unit.types.text(&shape))];
            // What comes from outside starts with what is there.
            let is_input = unit.module.direction(list.elements[0]) == Some(Direction::In);
            let values = list.elements.iter().map(|net| unit.module.net(*net).init.clone()).collect();
            let has_init = unit.options.init || list.elements.iter().any(|net| unit.module.net(*net).loaded);
            let init = unit.types.constant(&Value::Array(Arc::new(values)), &shape);
            let [name, ty] = row;
            Some(match init.filter(|_| !is_input && has_init) {
                Some(init) => Row::new([name, ty, format!(":= {init};")]),
                None => Row::new([name, format!("{ty};")]),
            })
        })
        .collect();
    writer.table(&rows);
}

/// The user's own code, with the names of nets put in. `lists` are the names of the text's lists.
pub(crate) fn write_foreign(
    unit: &Unit<'_>,
    code: &Foreign,
    lists: &[String],
    writer: &mut Writer,
) -> Findings {
    let mut errors = Vec::new();
    let result = foreign::substitute(&code.text, |name| {
        if let Some(at) = code.lists.iter().position(|list| list.name == name) {
            return Some(lists[at].clone());
        }
        match unit.module.nets.iter().position(|net| net.name == name) {
            Some(index) if !unit.nets[index].is_empty() => Some(unit.nets[index].clone()),
            _ => {
                let message = format!("`{name}`, which the VHDL text names, is no signal of the block");
                errors.push(*inexpressible(code.span, message));
                None
            }
        }
    });
    writer.set_span(code.span);
    dedented(&result).into_iter().for_each(|line| writer.line(line));
    for (list, name) in code.lists.iter().zip(lists) {
        write_elements(unit, list, name, writer);
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The assignments between an array and the ports that are its elements.
fn write_elements(unit: &Unit<'_>, list: &ForeignList, name: &str, writer: &mut Writer) {
    let assigned = |(at, net): (usize, &NetId)| {
        let (element, outside) = (format!("{name}({at})"), unit.net(*net).to_owned());
        let [to, from] = match unit.module.direction(*net)? {
            Direction::In => [element, outside],
            Direction::Out | Direction::InOut => [outside, element],
        };
        Some(Row::new([to, format!("<= {from};")]))
    };
    let rows: Vec<Row> = list.elements.iter().enumerate().filter_map(assigned).collect();
    if !rows.is_empty() {
        writer.blank();
        writer.table(&rows);
    }
}

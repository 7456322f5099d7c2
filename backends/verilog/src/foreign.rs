//! Verilog of a user's own in place of a module's inside.

use crate::comment::comment;
use crate::context::ModuleCx;
use crate::form::Class;
use crate::helper::select;
use crate::layout;
use crate::leaf::declaration;
use pyhw_ir::{
    Assigned, Design, Direction, Foreign, InstanceId, Language, Module, ModuleId, NetId, Port, Type, foreign,
};
use pyhw_text::{Row, Writer, dedented};

/// What the text takes for an array. Ports of Verilog-2005 are none: an array of the module itself has their values.
#[derive(Clone, Debug)]
pub struct Unpacked {
    /// Its name in the text.
    wanted: String,
    /// Its name in the module.
    name: String,
    width: u32,
    signed: bool,
    class: Class,
    /// What the elements are outside; nothing where they are of the module only.
    outside: Option<(Direction, Vec<String>)>,
    /// The nets whose values these are.
    nets: Vec<NetId>,
}

/// The arrays of a text, whose names nothing in the module has.
pub fn unpacked(cx: &mut ModuleCx<'_>, code: &Foreign) -> Vec<Unpacked> {
    let module = cx.module;
    let mut found = Vec::new();
    for list in &code.lists {
        let first = list.elements[0];
        let ty = module.net(first).ty.clone();
        let width = cx.bits(&ty, module.net(first).span);
        let names = list.elements.iter().map(|net| cx.form(*net).name.clone()).collect();
        found.push(Unpacked {
            name: cx.fresh(&list.name),
            wanted: list.name.clone(),
            width,
            signed: layout::is_signed(&ty),
            class: class(code, &list.elements, &list.name, true),
            outside: module.direction(first).map(|direction| (direction, names)),
            nets: list.elements.clone(),
        });
    }
    for port in &module.ports {
        let net = module.net(port.net);
        let Type::Array(element, length) = &net.ty else { continue };
        if !code.text.contains(&format!("${{{}}}", net.name)) {
            continue;
        }
        let width = cx.bits(element, net.span);
        let base = cx.form(port.net).name.clone();
        let parts = (0..*length).map(|at| select(&base, width * length, at * width, width)).collect();
        found.push(Unpacked {
            name: cx.fresh(&format!("{base}_array")),
            wanted: net.name.clone(),
            width,
            signed: layout::is_signed(element),
            class: class(code, &[port.net], &net.name, true),
            outside: Some((port.direction, parts)),
            nets: vec![port.net],
        });
    }
    found
}

/// What something is that the text gives its values.
fn class(code: &Foreign, nets: &[NetId], name: &str, is_array: bool) -> Class {
    let said = code.drives.iter().find(|(net, _)| nets.contains(net)).map(|(_, how)| *how);
    match said {
        Some(Assigned::Procedure) => Class::Reg,
        Some(Assigned::Wire) => Class::Wire,
        None if foreign::stores_in_procedure(&code.text, name) => Class::Reg,
        // `$readmemh` and its like take an array that nothing assigns.
        None if is_array && !foreign::stores(&code.text, name) => Class::Reg,
        None => Class::Wire,
    }
}

/// What a net of a module written in Verilog is: the design says it, or the text tells whether a procedure assigns it.
pub fn net_class(code: &Foreign, module: &Module, id: NetId) -> Class {
    let net = module.net(id);
    let direction = module.direction(id);
    let is_named = code.text.contains(&format!("${{{}}}", net.name));
    if direction.is_none() && !is_named {
        return Class::Absent;
    }
    // An array of the module drives what is an element of it.
    let is_unpacked = matches!(net.ty, Type::Array(..)) && direction.is_some();
    let is_element = is_unpacked || code.lists.iter().any(|list| list.elements.contains(&id));
    if direction.is_some_and(|direction| direction != Direction::Out) || is_element {
        return Class::Wire;
    }
    class(code, &[id], &net.name, matches!(net.ty, Type::Array(..)))
}

/// Writes the text, with the nets' names in their places.
pub fn write_foreign(cx: &mut ModuleCx<'_>, code: &Foreign, w: &mut Writer) {
    let arrays = unpacked(cx, code);
    let text = foreign::substitute(&code.text, |name| {
        if let Some(array) = arrays.iter().find(|array| array.wanted == name) {
            return Some(array.name.clone());
        }
        let Some(index) = cx.module.nets.iter().position(|net| net.name == name) else {
            cx.refuse(
                code.span,
                format!("`{name}`, which the Verilog text names, is no signal of the block"),
            );
            return None;
        };
        cx.reads[index].mark_all();
        Some(cx.form(NetId::new(index)).name.clone())
    });
    write_arrays(cx, &arrays, w);
    let before = w.set_span(code.span);
    w.blank();
    let place = cx.design.sources.line(code.span);
    if !place.is_empty() {
        w.line(comment(&place));
    }
    dedented(&text).into_iter().for_each(|line| w.line(line));
    w.set_span(before);
}

/// The Verilog of a module that only fills memories of the module around it from files, which no port lets it do: it stands where
/// the memory is, in a scope with the name of the instance.
pub fn filling(design: &Design, id: ModuleId) -> Option<&Foreign> {
    let module = design.module(id);
    let code = module.foreign.iter().find(|code| code.language == Language::Verilog)?;
    let loads = |port: &Port| {
        let net = module.net(port.net);
        matches!(net.ty, Type::Array(..)) && foreign::loads(&code.text, &net.name)
    };
    let is_only_reader = module.ports.iter().all(|port| port.direction == Direction::In);
    (design.top != Some(id) && is_only_reader && module.ports.iter().any(loads)).then_some(code)
}

/// Whether an instance fills this net from a file.
pub fn is_filled(design: &Design, module: &Module, net: NetId) -> bool {
    module.instances.iter().any(|instance| {
        let Some(code) = filling(design, instance.module) else { return false };
        let inner = design.module(instance.module);
        let mut pairs = inner.ports.iter().zip(&instance.connections);
        pairs.any(|(port, outer)| *outer == net && foreign::loads(&code.text, &inner.net(port.net).name))
    })
}

/// Writes such a module in place of its instance.
pub fn write_filling(cx: &mut ModuleCx<'_>, id: InstanceId, code: &Foreign, w: &mut Writer) {
    let instance = &cx.module.instances[id.index()];
    let inner = cx.design.module(instance.module);
    let text = foreign::substitute(&code.text, |name| {
        let found =
            inner.ports.iter().zip(&instance.connections).find(|(port, _)| inner.net(port.net).name == name);
        let Some((_, outer)) = found else {
            cx.refuse(code.span, format!("`{name}`, which the Verilog text names, is no port of the block"));
            return None;
        };
        if foreign::loads(&code.text, name) && cx.form(*outer).memory.is_none() {
            let outer = &cx.module.net(*outer).name;
            let message = format!(
                "the Verilog text fills `{name}` from a file, and `{outer}` is no memory here: other blocks take it, or it has several writers"
            );
            cx.refuse(instance.span, message);
            return None;
        }
        cx.reads[outer.index()].mark_all();
        Some(cx.form(*outer).name.clone())
    });
    w.line(format!("generate if (1) begin : {}", cx.instance_names[id.index()]));
    w.indent();
    dedented(&text).into_iter().for_each(|line| w.line(line));
    w.dedent();
    w.line("end endgenerate");
}

fn write_arrays(cx: &mut ModuleCx<'_>, arrays: &[Unpacked], w: &mut Writer) {
    for array in arrays {
        let length = array.outside.as_ref().map_or(array.nets.len(), |(_, parts)| parts.len());
        let is_input = matches!(array.outside, Some((Direction::In, _)));
        let keyword = if array.class == Class::Reg && !is_input { "reg" } else { "wire" };
        let [keyword, range] = declaration(keyword, array.signed, array.width);
        w.blank();
        w.table(&[Row::new([keyword, range, format!("{} [0:{}];", array.name, length - 1)])]);
        let Some((direction, parts)) = &array.outside else { continue };
        let assigned = |(at, part): (usize, &String)| {
            let element = format!("{}[{at}]", array.name);
            let [to, from] = match direction {
                Direction::In => [element, part.clone()],
                Direction::Out | Direction::InOut => [part.clone(), element],
            };
            Row::new(["assign".to_owned(), to, format!("= {from};")])
        };
        w.table(&parts.iter().enumerate().map(assigned).collect::<Vec<Row>>());
        if is_input {
            array.nets.iter().for_each(|net| cx.reads[net.index()].mark_all());
        }
    }
}

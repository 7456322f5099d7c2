//! The entity of a module, and ports of `std_logic_vector` at the top.

use crate::Options;
use crate::frame::Frame;
use crate::module::{initial, remark};
use crate::phrase;
use crate::types::{Shape, range_note};
use crate::unit::Unit;
use pyhw_ir::{Direction, Language, ModuleId, Net, NetId, Value};
use pyhw_text::{Row, Writer, one_line};

/// Ports that are `std_logic_vector` outside and numbers inside, where the net has a signal of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct VectorPorts {
    /// By net: the port.
    ports: Vec<Option<VectorPort>>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct VectorPort {
    name: String,
    width: u32,
    signed: bool,
    direction: Direction,
}

impl VectorPort {
    /// Its type.
    pub fn text(&self) -> String {
        format!("std_logic_vector({} downto 0)", self.width - 1)
    }

    /// The type of the signal inside.
    fn number(&self) -> &'static str {
        if self.signed { "signed" } else { "unsigned" }
    }
}

impl VectorPorts {
    /// Those of a module: numbers and encoded enumerations of the top, if they are asked for. Code of the user's own drives a port
    /// for both directions by its name, so that this one stays what it is.
    pub fn of(frame: &Frame<'_>, id: ModuleId, options: &Options) -> VectorPorts {
        let module = frame.design.module(id);
        let mut ports = vec![None; module.nets.len()];
        if !options.std_logic_ports || frame.design.top != Some(id) {
            return VectorPorts { ports };
        }
        let is_foreign = module.foreign.iter().any(|code| code.language == Language::Vhdl);
        for (port, name) in module.ports.iter().zip(&frame.ports[id.index()]) {
            let (width, signed) = match Shape::of(&module.net(port.net).ty) {
                Some(Shape::Vector(kind)) => (kind.width, kind.signed),
                Some(Shape::Enum(of)) => (frame.design.types.enums[of.index()].width_bits.max(1), false),
                Some(Shape::Logic | Shape::Boolean | Shape::Array(..) | Shape::Record(_)) | None => continue,
            };
            if port.direction == Direction::InOut && is_foreign {
                continue;
            }
            ports[port.net.index()] =
                Some(VectorPort { name: name.clone(), width, signed, direction: port.direction });
        }
        VectorPorts { ports }
    }

    /// Whether a net is such a port.
    pub fn has(&self, net: NetId) -> bool {
        self.port(net).is_some()
    }

    /// The port that a net is.
    pub fn port(&self, net: NetId) -> Option<&VectorPort> {
        self.ports[net.index()].as_ref()
    }

    /// The assignments between ports and signals.
    pub fn write_conversions(&self, unit: &Unit<'_>, writer: &mut Writer) {
        let rows: Vec<Row> = self
            .ports
            .iter()
            .enumerate()
            .filter_map(|(index, port)| Some((unit.net(NetId::new(index)), port.as_ref()?)))
            .map(|(signal, port)| match port.direction {
                Direction::Out => Row::new([port.name.clone(), format!("<= std_logic_vector({signal});")]),
                Direction::In | Direction::InOut => {
                    Row::new([signal.to_owned(), format!("<= {}({});", port.number(), port.name)])
                }
            })
            .collect();
        if !rows.is_empty() {
            writer.blank();
            writer.table(&rows);
        }
    }

    /// The assignment of a driver to a bus.
    pub fn driven(&self, unit: &Unit<'_>, bus: NetId, driver: &str) -> String {
        match self.port(bus) {
            Some(port) => format!("{} <= std_logic_vector({driver});", port.name),
            None => format!("{} <= {driver};", unit.net(bus)),
        }
    }

    /// Both sides of the association of a bus with a port of numbers for both directions.
    pub fn both_ways(&self, net: NetId, formal: &str) -> Option<(String, String)> {
        let port = self.port(net)?;
        Some((format!("std_logic_vector({formal})"), format!("{}({})", port.number(), port.name)))
    }
}

/// The initial value of a port of `std_logic_vector`.
fn vector_init(unit: &Unit<'_>, net: NetId) -> Option<String> {
    let port = unit.vectors.port(net)?;
    let of = unit.module.net(net);
    let code = match (&of.init, Shape::of(&of.ty)?) {
        (Value::Int(value), _) => value.clone(),
        (Value::Enum(member), Shape::Enum(id)) => {
            unit.design.types.enums[id.index()].members.get(*member as usize)?.1.clone()
        }
        _ => return None,
    };
    Some(phrase::bits(&code, port.width))
}

/// The entity of a module.
pub(crate) fn write_entity(frame: &Frame<'_>, id: ModuleId, unit: &Unit<'_>, writer: &mut Writer) {
    let module = unit.module;
    let name = &frame.names[id.index()];
    writer.line(format!("entity {name} is"));
    if !module.ports.is_empty() {
        writer.indent();
        writer.line("port (");
        writer.indent();
        let rows: Vec<Row> = module
            .ports
            .iter()
            .enumerate()
            .map(|(at, port)| {
                let net = module.net(port.net);
                let vector = unit.vectors.port(port.net);
                let mode = match port.direction {
                    Direction::In => "in",
                    Direction::Out if vector.is_some() => "out",
                    Direction::Out if frame.buffers[id.index()][port.net.index()] => "buffer",
                    Direction::Out => "out",
                    Direction::InOut => "inout",
                };
                let mut ty = Shape::of(&net.ty).map(|shape| unit.types.text(&shape)).unwrap_or_default();
                if let Some(vector) = vector {
                    ty = vector.text();
                }
                let init = match port.direction {
                    Direction::Out if vector.is_some() => {
                        initial(unit, port.net).and(vector_init(unit, port.net))
                    }
                    Direction::In => None,
                    Direction::Out => initial(unit, port.net),
                    // A port that nothing drives inside would drive unknown values out.
                    Direction::InOut => released(net),
                };
                if let Some(init) = init {
                    ty.push_str(&format!(" := {init}"));
                }
                if at + 1 < module.ports.len() {
                    ty.push(';');
                }
                let reset = frame.resets[id.index()][port.net.index()].map(|reset| {
                    let style = if reset.is_async { "asynchronous" } else { "synchronous" };
                    let level = if reset.active_high { "high" } else { "low" };
                    format!("{style}, active {level}")
                });
                let note = net.comment.as_deref().map(one_line).or(reset);
                let name = &frame.ports[id.index()][at];
                Row::new([name.clone(), format!(": {mode}"), ty])
                    .comment(remark(note, range_note(&net.ty)))
                    .at(net.span)
            })
            .collect();
        writer.table(&rows);
        writer.dedent();
        writer.line(");");
        writer.dedent();
    }
    writer.line(format!("end entity {name};"));
}

/// The value that leaves a net to other drivers.
fn released(net: &Net) -> Option<String> {
    match Shape::of(&net.ty)? {
        Shape::Logic => Some("'Z'".to_owned()),
        Shape::Vector(_) => Some("(others => 'Z')".to_owned()),
        Shape::Boolean | Shape::Enum(_) | Shape::Array(..) | Shape::Record(_) => None,
    }
}

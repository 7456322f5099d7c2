//! The ports of a design as a test bench sees them.

use pyhw_ir::{Design, Direction, Edge, Event, Int, Net, ProcessKind, Type, Types, Value};
use pyhw_passes::{clocking, flatten};

/// The ports of a top module, by what they are for.
#[derive(Clone, Debug, Default)]
pub struct Ports {
    /// Inputs whose edges run processes, with the level at which they rest.
    pub clocks: Vec<(String, bool)>,
    /// Other inputs.
    pub inputs: Vec<Input>,
    /// Outputs.
    pub outputs: Vec<Output>,
}

/// An input that carries a value.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name in the IR.
    pub name: String,
    /// What it may hold.
    pub ty: Type,
    /// What it holds before the first step, as bits.
    pub init: Int,
    /// If it is a reset: whether it is active when true.
    pub reset: Option<bool>,
    /// Whether a process waits for its edges.
    pub has_edges: bool,
}

/// An output.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name in the IR.
    pub name: String,
    /// What it holds.
    pub ty: Type,
}

/// How many bits a value of a scalar type has; `None` for what is no scalar of hardware.
pub fn width_bits(ty: &Type, types: &Types) -> Option<u32> {
    match ty {
        Type::Bool => Some(1),
        Type::Int(range) => range.width_bits(),
        Type::Enum(id) => types.enums.get(id.index()).map(|of| of.width_bits),
        Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => None,
    }
}

/// A scalar as its bits, never negative.
pub fn to_bits(value: &Value, ty: &Type, types: &Types) -> Option<Int> {
    let width = width_bits(ty, types)?;
    match (value, ty) {
        (Value::Bool(value), _) => Some(Int::from(*value)),
        (Value::Int(value), _) => Some(value.low_bits(width)),
        (Value::Enum(member), Type::Enum(id)) => {
            types.enums.get(id.index())?.members.get(*member as usize).map(|(_, code)| code.low_bits(width))
        }
        (
            Value::Enum(_)
            | Value::Array(_)
            | Value::Struct(_)
            | Value::Text(_)
            | Value::Opaque(_)
            | Value::Z,
            _,
        ) => None,
    }
}

impl Ports {
    /// The ports of the design's top.
    ///
    /// # Errors
    /// Why it has none that a test bench could drive: no top, a port that is no scalar, a port of both directions.
    pub fn of(design: &Design) -> Result<Ports, String> {
        let top = design.top_module().ok_or("the design has no top")?;
        let flat = flatten(design, &|_| false).map_err(|fault| fault.message.clone())?;
        let flat = flat.top_module().ok_or("the design has no top")?;
        let mut ports = Ports::default();
        for port in &top.ports {
            let net = top.net(port.net);
            if width_bits(&net.ty, &design.types).is_none() {
                return Err(format!("the port `{}` is no scalar", net.name));
            }
            match port.direction {
                Direction::Out => {
                    ports.outputs.push(Output { name: net.name.clone(), ty: net.ty.clone() });
                }
                Direction::In => ports.add_input(design, flat, net)?,
                Direction::InOut => return Err(format!("the port `{}` has both directions", net.name)),
            }
        }
        Ok(ports)
    }

    fn add_input(&mut self, design: &Design, flat: &pyhw_ir::Module, net: &Net) -> Result<(), String> {
        let is_it = |event: &Event| flat.net(event.net).name == net.name;
        let (mut is_clock, mut reset, mut has_edges) = (false, None, false);
        for process in &flat.processes {
            let ProcessKind::Clocked { events, reset: declared } = &process.kind else { continue };
            has_edges |= events.iter().any(|event| is_it(event) && event.edge != Edge::Any);
            if let Some(declared) = declared.filter(|declared| flat.net(declared.net).name == net.name) {
                reset = Some(declared.active_high);
                has_edges |= declared.is_async;
            }
            match clocking(process) {
                Some(of) => {
                    is_clock |= is_it(&of.clock);
                    if let Some(found) = of.reset.filter(|found| flat.net(found.net).name == net.name) {
                        reset = Some(found.active_high);
                    }
                }
                None => is_clock |= events.iter().any(|event| is_it(event) && event.edge != Edge::Any),
            }
        }
        let init = to_bits(&net.init, &net.ty, &design.types)
            .ok_or_else(|| format!("the port `{}` has no initial value", net.name))?;
        if is_clock {
            self.clocks.push((net.name.clone(), !init.is_zero()));
        } else {
            self.inputs.push(Input { name: net.name.clone(), ty: net.ty.clone(), init, reset, has_edges });
        }
        Ok(())
    }
}

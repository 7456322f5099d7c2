//! The ports of a design as a test bench sees them: of an array, each element by itself.

use pyhw_ir::{Design, Direction, Edge, Event, Int, Module, Net, ProcessKind, Type, Types, Value};
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

/// What one scalar is of a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The port's name in the IR.
    pub port: String,
    /// The indices that lead to it, the outermost first; none where the port is a scalar.
    pub path: Vec<u32>,
    /// Where it begins among the bits of the port, whose first element is the lowest.
    pub low: u32,
}

/// An input that carries a value.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name in the IR, with indices: `taps[2]`.
    pub name: String,
    /// What it is of the port.
    pub part: Part,
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
    /// Its name in the IR, with indices.
    pub name: String,
    /// What it is of the port.
    pub part: Part,
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

impl Part {
    /// The name of the scalar.
    pub fn name(&self) -> String {
        self.path.iter().fold(self.port.clone(), |name, index| format!("{name}[{index}]"))
    }
}

/// The scalars that a value of a type consists of, with what the value holds for each; `None` for what is none of hardware.
fn scalars(net: &Net, types: &Types) -> Option<Vec<(Part, Type, Value)>> {
    let mut found = Vec::new();
    let mut low = 0;
    let mut rest = vec![(Vec::new(), &net.ty, &net.init)];
    while let Some((path, ty, value)) = rest.pop() {
        match (ty, value) {
            (Type::Array(element, length), Value::Array(values)) => {
                for index in (0..*length).rev() {
                    let path = path.iter().copied().chain([index]).collect();
                    rest.push((path, element, values.get(index as usize)?));
                }
            }
            (scalar, value) => {
                let width = width_bits(scalar, types)?;
                found.push((Part { port: net.name.clone(), path, low }, scalar.clone(), value.clone()));
                low += width;
            }
        }
    }
    Some(found)
}

impl Ports {
    /// The ports of the design's top.
    ///
    /// # Errors
    /// Why it has none that a test bench could drive: no top, a port of structs or texts, a port of both directions.
    pub fn of(design: &Design) -> Result<Ports, String> {
        let top = design.top_module().ok_or("the design has no top")?;
        let flat = flatten(design, &|_| false).map_err(|fault| fault.message.clone())?;
        let flat = flat.top_module().ok_or("the design has no top")?;
        let mut ports = Ports::default();
        for port in &top.ports {
            let net = top.net(port.net);
            let scalars = scalars(net, &design.types)
                .ok_or_else(|| format!("the port `{}` is no scalar and no array of them", net.name))?;
            match port.direction {
                Direction::Out => {
                    let output = |(part, ty, _): (Part, Type, Value)| Output { name: part.name(), part, ty };
                    ports.outputs.extend(scalars.into_iter().map(output));
                }
                Direction::In => ports.add_input(design, flat, net, scalars)?,
                Direction::InOut => return Err(format!("the port `{}` has both directions", net.name)),
            }
        }
        Ok(ports)
    }

    fn add_input(
        &mut self,
        design: &Design,
        flat: &Module,
        net: &Net,
        scalars: Vec<(Part, Type, Value)>,
    ) -> Result<(), String> {
        let is_it = |event: &Event| flat.net(event.net).name == net.name;
        let (mut is_clock, mut reset, mut has_edges) = (false, None, false);
        for process in &flat.processes {
            let ProcessKind::Clocked { events, reset: declared } = &process.kind else { continue };
            has_edges |= events.iter().any(|event| is_it(event) && event.edge != Edge::Any);
            if let Some(declared) = declared
                && flat.net(declared.net).name == net.name
            {
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
        for (part, ty, init) in scalars {
            let name = part.name();
            let init = to_bits(&init, &ty, &design.types)
                .ok_or_else(|| format!("the port `{name}` has no initial value"))?;
            if is_clock {
                self.clocks.push((name, !init.is_zero()));
            } else {
                self.inputs.push(Input { name, part, ty, init, reset, has_edges });
            }
        }
        Ok(())
    }
}

//! A design as a test bench of registers sees it: set inputs, settle, tick a clock, look at outputs.

use crate::fault::SimFault;
use crate::flat::NetIndex;
use crate::host::NoHost;
use crate::outcome::{Options, Outcome};
use crate::simulation::Simulation;
use pyhw_ir::eval::Fault;
use pyhw_ir::{Design, Int, Type, Types, Value};

/// Drives the ports of a design's top module cycle by cycle. Inputs change between clock edges, never with them.
pub struct Cycles {
    simulation: Simulation,
    ports: Vec<(String, NetIndex)>,
}

impl Cycles {
    /// A design at time zero, settled.
    ///
    /// # Errors
    /// As of [`Simulation::new`], and any fault of the first deltas.
    pub fn new(design: &Design) -> Result<Cycles, SimFault> {
        Cycles::with(design, Options::default())
    }

    /// The same with options of one's own.
    ///
    /// # Errors
    /// As of [`Cycles::new`].
    pub fn with(design: &Design, options: Options) -> Result<Cycles, SimFault> {
        let simulation = Simulation::new(design, options)?;
        let ports = match design.top_module() {
            Some(top) => top
                .ports
                .iter()
                .filter_map(|port| {
                    let net = simulation.flat().net(0, port.net)?;
                    Some((top.net(port.net).name.clone(), net))
                })
                .collect(),
            None => Vec::new(),
        };
        let mut cycles = Cycles { simulation, ports };
        cycles.settle()?;
        Ok(cycles)
    }

    fn port(&self, name: &str) -> Result<NetIndex, SimFault> {
        let port = self.ports.iter().find(|(port, _)| port == name).map(|(_, net)| *net);
        port.ok_or_else(|| self.fault(Fault::internal(format!("there is no port `{name}`"))))
    }

    fn fault(&self, fault: Fault) -> SimFault {
        SimFault { fault, process: String::new(), time: self.simulation.now() }
    }

    /// Sets an input: a number that the port holds, or its bits. It takes effect when the design settles.
    ///
    /// # Errors
    /// [`pyhw_ir::eval::FaultKind::Range`] for a value that the port does not hold either way, and a fault for a name that is no
    /// port's.
    pub fn set(&mut self, port: &str, value: impl Into<Int>) -> Result<(), SimFault> {
        let net = self.port(port)?;
        let value = value.into();
        let ty = self.simulation.state().nets()[net as usize].ty.clone();
        let typed = from_bits(&value, &ty, self.simulation.state().types()).ok_or_else(|| {
            self.fault(Fault::internal(format!("{value} is no value of the port `{port}`")))
        })?;
        self.simulation.poke(net, typed).map_err(|fault| self.fault(fault))
    }

    /// Lets everything happen that follows from what was set.
    ///
    /// # Errors
    /// A fault of the design.
    pub fn settle(&mut self) -> Result<(), SimFault> {
        match self.simulation.settle(&mut NoHost) {
            Outcome::Fault(fault) => Err(fault),
            Outcome::Suspended(_) => Ok(()),
            other @ (Outcome::NoMoreEvents
            | Outcome::Finished(_)
            | Outcome::Interrupted
            | Outcome::Raised(_)
            | Outcome::Unwritten(_)
            | Outcome::Over) => Err(self.fault(Fault::internal(format!("the design is over: {other:?}")))),
        }
    }

    /// Settles, raises the clock, settles, lowers it and settles again.
    ///
    /// # Errors
    /// As of [`Cycles::settle`] and [`Cycles::set`].
    pub fn tick(&mut self, clock: &str) -> Result<(), SimFault> {
        self.settle()?;
        for level in [1i64, 0] {
            self.set(clock, level)?;
            self.settle()?;
        }
        Ok(())
    }

    /// The bits of a port, never negative: of an enum its code, of an array the first element lowest, of a struct the first field
    /// lowest.
    ///
    /// # Errors
    /// A fault for a name that is no port's, and for a port that has no bits or is not driven.
    pub fn get(&self, port: &str) -> Result<Int, SimFault> {
        let net = self.port(port)?;
        let state = self.simulation.state();
        to_bits(&state.value(net), &state.nets()[net as usize].ty, state.types())
            .map(|(bits, _)| bits)
            .ok_or_else(|| self.fault(Fault::internal(format!("the port `{port}` has no bits"))))
    }

    /// The simulation itself.
    pub fn simulation(&mut self) -> &mut Simulation {
        &mut self.simulation
    }
}

/// How many bits a value of the type has.
fn width_of(ty: &Type, types: &Types) -> Option<u32> {
    match ty {
        Type::Bool => Some(1),
        Type::Int(range) => range.width_bits(),
        Type::Enum(id) => types.enums.get(id.index()).map(|of| of.width_bits),
        Type::Array(element, length) => width_of(element, types)?.checked_mul(*length),
        Type::Struct(id) => {
            let fields = &types.structs.get(id.index())?.fields;
            fields.iter().try_fold(0u32, |sum, (_, ty)| sum.checked_add(width_of(ty, types)?))
        }
        Type::Text | Type::Opaque => None,
    }
}

/// The bits of a value with their number.
fn to_bits(value: &Value, ty: &Type, types: &Types) -> Option<(Int, u32)> {
    let width = width_of(ty, types)?;
    let bits = match (value, ty) {
        (Value::Bool(bit), _) => Int::from(*bit),
        (Value::Int(int), _) => int.low_bits(width),
        (Value::Enum(member), Type::Enum(id)) => {
            types.enums.get(id.index())?.members.get(*member as usize)?.1.low_bits(width)
        }
        (Value::Array(parts) | Value::Struct(parts), _) => {
            let mut whole = Int::ZERO;
            let mut low = 0;
            for (index, part) in parts.iter().enumerate() {
                let (bits, width) = to_bits(part, part_of(ty, index, types)?, types)?;
                whole = whole.or(&bits.shl(low));
                low += width;
            }
            whole
        }
        _ => return None,
    };
    Some((bits, width))
}

fn part_of<'a>(ty: &'a Type, index: usize, types: &'a Types) -> Option<&'a Type> {
    match ty {
        Type::Array(element, _) => Some(element),
        Type::Struct(id) => types.structs.get(id.index())?.fields.get(index).map(|(_, ty)| ty),
        Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Text | Type::Opaque => None,
    }
}

/// The value with these bits; of an integer also the one that is this number.
fn from_bits(bits: &Int, ty: &Type, types: &Types) -> Option<Value> {
    let width = width_of(ty, types)?;
    Some(match ty {
        Type::Bool => match bits.to_i64() {
            Some(0) => Value::Bool(false),
            Some(1) => Value::Bool(true),
            Some(_) | None => return None,
        },
        Type::Int(range) if range.contains(bits) || !range.is_signed() => Value::Int(bits.clone()),
        Type::Int(_) => Value::Int(bits.signed_bits(width)),
        Type::Enum(id) => {
            let members = &types.enums.get(id.index())?.members;
            Value::Enum(members.iter().position(|(_, code)| code.low_bits(width) == *bits)? as u32)
        }
        Type::Array(..) | Type::Struct(_) => {
            let count = match ty {
                Type::Array(_, length) => *length as usize,
                Type::Struct(id) => types.structs.get(id.index())?.fields.len(),
                Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Text | Type::Opaque => 0,
            };
            let mut parts = Vec::with_capacity(count);
            let mut low = 0;
            for index in 0..count {
                let part = part_of(ty, index, types)?;
                let width = width_of(part, types)?;
                parts.push(from_bits(&bits.shr(low).low_bits(width), part, types)?);
                low += width;
            }
            match ty {
                Type::Array(..) => Value::Array(parts.into()),
                _ => Value::Struct(parts.into()),
            }
        }
        Type::Text | Type::Opaque => return None,
    })
}

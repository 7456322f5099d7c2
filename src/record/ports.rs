//! What annotations say of ports, and what a block made and lost.

use super::Recorder;
use num_bigint::BigInt;
use pyhw_diagnostics::Span;
use pyhw_elaborate::{BlockId, Const, Lost, Port, PortDirection, PortRole, PortType, ResetSpec, SignalType};
use pyhw_ir::{Int, Range};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyType};
use std::collections::{BTreeMap, HashSet};

impl<'py> Recorder<'py> {
    /// A line of a file, as a place.
    pub(super) fn line(&mut self, file: &str, line: u32) -> PyResult<Span> {
        Ok(self.file(file)?.map_or(Span::NONE, |file| Span::new(file, (line, 0), (line, 0))))
    }

    /// The annotated ports of a block, by parameter.
    pub(super) fn ports(&self, block: &Bound<'py, PyAny>) -> PyResult<BTreeMap<String, Port>> {
        let mut ports = BTreeMap::new();
        let annotations = block.getattr("anns")?;
        for (key, value) in annotations.cast::<PyDict>()?.iter() {
            if value.is_instance(&self.classes.port)? {
                ports.insert(key.extract()?, self.port(&value)?);
            }
        }
        Ok(ports)
    }

    fn port(&self, port: &Bound<'py, PyAny>) -> PyResult<Port> {
        let direction = match port.getattr("direction")?.extract::<String>()?.as_str() {
            "in" => PortDirection::In,
            "out" => PortDirection::Out,
            _ => PortDirection::InOut,
        };
        let role = match port.getattr("role")?.extract::<String>()?.as_str() {
            "clock" => PortRole::Clock,
            "reset" => PortRole::Reset,
            _ => PortRole::Data,
        };
        let reset = match port.getattr("says_how")?.is_truthy()? {
            true => Some(ResetSpec {
                active_high: port.getattr("active")?.is_truthy()?,
                is_async: port.getattr("isasync")?.is_truthy()?,
            }),
            false => None,
        };
        let ty = self.port_type(&port.getattr("type")?)?;
        let init = port.getattr("init")?;
        let init = match ty {
            _ if init.is_none() => None,
            PortType::Signal(SignalType::Bool) => Some(Const::Bool(init.is_truthy()?)),
            PortType::Signal(SignalType::Int { .. }) => {
                let number = init.call_method0("__index__")?.extract::<BigInt>()?;
                Some(Const::Int(Int::from(number)))
            }
            _ => None,
        };
        Ok(Port { direction, ty, init, reset, role })
    }

    fn port_type(&self, ty: &Bound<'py, PyAny>) -> PyResult<PortType> {
        let types = &self.classes.types;
        if ty.is(self.py.get_type::<PyBool>()) {
            return Ok(PortType::Signal(SignalType::Bool));
        }
        if ty.is_instance(&types.getattr("IntType")?)? {
            let bound = |name: &str| Ok::<_, PyErr>(Int::from(ty.getattr(name)?.extract::<BigInt>()?));
            let range = Range { min: Some(bound("lo")?), max: Some(bound("hi")?.sub(&Int::ONE)) };
            return Ok(PortType::Signal(SignalType::Int {
                range,
                width_bits: Some(ty.getattr("_nrbits")?.extract()?),
                wraps: ty.getattr("wrap")?.is_truthy()?,
            }));
        }
        if ty.is_instance(&types.getattr("ArrayType")?)? {
            let element = self.port_type(&ty.getattr("element")?)?;
            return Ok(PortType::Array(Box::new(element), ty.getattr("length")?.extract()?));
        }
        let view = if ty.is_instance(&self.classes.enum_type)? {
            ty.clone()
        } else if ty.is_instance_of::<PyType>()
            && self.classes.enum_module.call_method1("is_python_enum", (ty,))?.is_truthy()?
        {
            self.classes.enum_module.call_method1("enum_view", (ty,))?
        } else {
            return Ok(PortType::Any);
        };
        // An enumeration is in the design where a signal or a process has it: a port alone brings none in.
        Ok(match self.enums.get(&(view.as_ptr() as usize)) {
            Some(&id) => PortType::Signal(SignalType::Enum(id)),
            None => PortType::OtherEnum(types.call_method1("type_text", (ty,))?.extract()?),
        })
    }

    /// Notes what the block made and did not return. Whether some other block did is known at the end.
    pub(super) fn note_unreturned(&mut self, block: &Bound<'py, PyAny>, id: BlockId) -> PyResult<()> {
        for one in block.call_method0("unreturned")?.try_iter()? {
            let (thing, name, is_block, is_held): (Bound<'py, PyAny>, String, bool, bool) = one?.extract()?;
            let (file, line): (String, u32) = thing.getattr("place")?.extract()?;
            let span = self.line(&file, line)?;
            self.unreturned.push((id, thing, Lost { name, is_block, count: 1, is_held, span }));
        }
        Ok(())
    }

    /// What blocks made and is in no block of the design is lost; told by the lines where it was made.
    pub(super) fn settle_lost(&mut self) {
        let known = self.out.blocks.iter().chain(&self.out.processes);
        let known: HashSet<usize> = known.map(|thing| thing.as_ptr() as usize).collect();
        for (block, thing, lost) in std::mem::take(&mut self.unreturned) {
            if known.contains(&(thing.as_ptr() as usize)) {
                continue;
            }
            let found = &mut self.out.elaborated.blocks[block.index()].lost;
            match found.iter_mut().find(|other| (&other.name, other.span) == (&lost.name, lost.span)) {
                Some(other) => other.count += 1,
                None => found.push(lost),
            }
        }
    }
}

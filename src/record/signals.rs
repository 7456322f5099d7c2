//! Signals and enumerations.

use super::Recorder;
use num_bigint::BigInt;
use pyhw_diagnostics::Span;
use pyhw_elaborate::{
    Const, ResetSpec, Shadow, ShadowPart, ShownMember, Signal, SignalId, SignalKind, SignalType,
};
use pyhw_ir::{EnumId, EnumType, Int, Range};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::{HashMap, HashSet};

impl<'py> Recorder<'py> {
    /// The number of a signal object; `name` is what it is called where it is met first.
    pub(super) fn signal(&mut self, signal: &Bound<'py, PyAny>, name: Option<&str>) -> PyResult<SignalId> {
        let key = signal.as_ptr() as usize;
        if let Some(&id) = self.signals.get(&key) {
            let known = &mut self.out.elaborated.signals[id.index()];
            if known.name.is_none() {
                known.name = name.map(str::to_owned);
            }
            return Ok(id);
        }
        let py = self.py;
        let ty = self.signal_type(signal)?;
        let init = signal.getattr(intern!(py, "_init"))?;
        let init = match ty {
            // A number, a text or None is an object like any other there.
            SignalType::Opaque => {
                self.out.opaque.push(init.unbind());
                Const::Opaque(self.out.opaque.len() as u32 - 1)
            }
            _ => self.constant(&init)?,
        };
        let own_name: Option<String> = signal.getattr(intern!(py, "_name"))?.extract()?;
        let reset = match signal.getattr_opt(intern!(py, "active"))? {
            Some(active) if signal.hasattr(intern!(py, "isasync"))? => Some(ResetSpec {
                active_high: active.is_truthy()?,
                is_async: signal.getattr(intern!(py, "isasync"))?.is_truthy()?,
            }),
            _ => None,
        };
        let role = match signal.getattr_opt(intern!(py, "_role"))? {
            Some(role) => role.extract()?,
            None => String::new(),
        };
        let id = SignalId(self.out.signals.len() as u32);
        self.signals.insert(key, id);
        self.out.signals.push(signal.clone().unbind());
        self.out.elaborated.signals.push(Signal {
            name: name.map(str::to_owned).or(own_name),
            ty,
            init,
            kind: SignalKind::Plain,
            reset,
            is_constant: role == "constant",
            is_open: role == "open",
            owner: None,
            span: Span::NONE,
        });
        let kind = self.signal_kind(signal)?;
        self.out.elaborated.signals[id.index()].kind = kind;
        Ok(id)
    }

    fn signal_type(&mut self, signal: &Bound<'py, PyAny>) -> PyResult<SignalType> {
        let py = self.py;
        let kind: String = signal.getattr(intern!(py, "_type"))?.extract()?;
        Ok(match kind.as_str() {
            "bool" => SignalType::Bool,
            "int" => {
                let bound = |name: &Bound<'py, pyo3::types::PyString>| -> PyResult<Option<Int>> {
                    Ok(signal.getattr(name)?.extract::<Option<BigInt>>()?.map(Int::from))
                };
                let min = bound(intern!(py, "_min"))?;
                let max = bound(intern!(py, "_max"))?.map(|max| max.sub(&Int::ONE));
                let bits: u32 = signal.getattr(intern!(py, "_nrbits"))?.extract()?;
                let wraps = signal.getattr(intern!(py, "_wrap"))?.is_truthy()?;
                let is_plain =
                    bits == 0 && !signal.getattr(intern!(py, "_init"))?.is_instance(&self.classes.intbv)?;
                let width_bits = (!is_plain).then_some(bits);
                SignalType::Int { range: Range { min, max }, width_bits, wraps }
            }
            "enum" => SignalType::Enum(self.enumeration(&signal.getattr(intern!(py, "_enum"))?, "")?),
            _ => SignalType::Opaque,
        })
    }

    fn signal_kind(&mut self, signal: &Bound<'py, PyAny>) -> PyResult<SignalKind> {
        let py = self.py;
        let tristate: Option<String> = signal.getattr(intern!(py, "_tristate"))?.extract()?;
        match tristate.as_deref() {
            Some("net") => {
                for driver in signal.getattr(intern!(py, "_drivers"))?.try_iter()? {
                    self.signal(&driver?, None)?;
                }
                return Ok(SignalKind::TriState);
            }
            Some(_) => {
                return Ok(SignalKind::Driver(self.signal(&signal.getattr(intern!(py, "_net"))?, None)?));
            }
            None => {}
        }
        if let Some(steps) = signal.getattr(intern!(py, "_delay"))?.extract::<Option<u64>>()?
            && steps > 0
        {
            return Ok(SignalKind::Delayed(steps));
        }
        let shadow = signal.getattr(intern!(py, "_shadow"))?;
        if shadow.is_none() {
            return Ok(SignalKind::Plain);
        }
        let word: String = shadow.get_item(0)?.extract()?;
        let of = shadow.get_item(1)?;
        Ok(SignalKind::Shadow(match word.as_str() {
            "index" => Shadow::Bit(self.signal(&of, None)?, shadow.get_item(2)?.extract()?),
            "slice" => {
                let base = self.signal(&of, None)?;
                let low = shadow.get_item(3)?.extract::<Option<u32>>()?.unwrap_or(0);
                let high = match shadow.get_item(2)?.extract::<Option<u32>>()? {
                    Some(high) => high,
                    None => of.getattr(intern!(py, "_nrbits"))?.extract()?,
                };
                Shadow::Slice(base, high, low)
            }
            "assign" => Shadow::Same(self.signal(&of, None)?),
            _ => {
                let mut parts = Vec::new();
                for part in of.try_iter()? {
                    let part = part?;
                    if part.is_instance(&self.classes.signal)? {
                        let width: u32 = part.getattr(intern!(py, "_nrbits"))?.extract()?;
                        parts.push(ShadowPart::Signal(self.signal(&part, None)?, width));
                    } else {
                        let value: BigInt = part.get_item(0)?.extract()?;
                        parts.push(ShadowPart::Const(Int::from(value), part.get_item(1)?.extract()?));
                    }
                }
                Shadow::Concat(parts)
            }
        }))
    }

    /// The number of an enumeration: MyHDL's, a view of Python's, or a class of Python's.
    pub(super) fn enumeration(&mut self, view: &Bound<'py, PyAny>, name: &str) -> PyResult<EnumId> {
        let view = if view.is_instance_of::<pyo3::types::PyType>() {
            self.classes.enum_module.call_method1("enum_view", (view,))?
        } else {
            view.clone()
        };
        let key = view.as_ptr() as usize;
        if let Some(&id) = self.enums.get(&key) {
            let known = &mut self.out.elaborated.types.enums[id.index()];
            if known.name.is_empty() {
                known.name = name.to_owned();
            }
            return Ok(id);
        }
        let names: Vec<String> = view.getattr("_names")?.extract()?;
        let codes: Vec<String> = view.getattr("_codes")?.extract()?;
        let own: Option<String> = view.getattr("_name")?.extract()?;
        let width_bits: u32 = view.getattr("_nrbits")?.extract()?;
        let mut members = Vec::new();
        for (name, code) in names.iter().zip(&codes) {
            let number = Int::from_radix(code, 2)
                .ok_or_else(|| PyValueError::new_err(format!("`{code}` is no code of an enum member")))?;
            members.push((name.clone(), number));
        }
        let objects = match view.getattr_opt("_members")? {
            Some(members) => {
                members.try_iter()?.map(|one| Ok(one?.unbind())).collect::<PyResult<Vec<_>>>()?
            }
            None => names
                .iter()
                .map(|name| Ok(view.getattr(name.as_str())?.unbind()))
                .collect::<PyResult<Vec<_>>>()?,
        };
        let id = EnumId::new(self.out.enums.len());
        if let Some(shown) = view.getattr_opt("_shown")? {
            let shown: Option<Vec<(String, String)>> = shown.call0()?.extract()?;
            let shown =
                shown.map(|all| all.into_iter().map(|(str, repr)| ShownMember { str, repr }).collect());
            self.out.elaborated.shown_members.insert(id, shown);
        }
        self.enums.insert(key, id);
        self.kept.push(view);
        self.out.enums.push(objects);
        self.out.elaborated.types.enums.push(EnumType {
            name: own.unwrap_or_else(|| name.to_owned()),
            members,
            width_bits: width_bits.max(1),
            span: Span::NONE,
        });
        Ok(id)
    }

    /// Names enumerations that no process names, as those are whose members stand in tables only: as the blocks' own names do, or the
    /// names of their files.
    pub(super) fn name_enums(&mut self) -> PyResult<()> {
        let mut unnamed: HashMap<usize, EnumId> = self.enums.clone();
        unnamed.retain(|_, id| self.out.elaborated.types.enums[id.index()].name.is_empty());
        // The blocks of a file share its names.
        let mut seen = HashSet::new();
        for block in &self.out.blocks {
            if unnamed.is_empty() {
                break;
            }
            let block = block.bind(self.py);
            let globals = block.getattr("func")?.getattr_opt("__globals__")?;
            for names in [Some(block.getattr("locals")?), globals].into_iter().flatten() {
                let Ok(names) = names.cast_into::<PyDict>() else { continue };
                if !seen.insert(names.as_ptr() as usize) {
                    continue;
                }
                for (name, value) in names.iter() {
                    if let Some(id) = unnamed.remove(&(value.as_ptr() as usize)) {
                        self.out.elaborated.types.enums[id.index()].name = name.extract()?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A member of an enumeration, if the object is one.
    pub(super) fn enum_member(&mut self, value: &Bound<'py, PyAny>) -> PyResult<Option<(EnumId, u32)>> {
        if value.is_instance(&self.classes.enum_item)? {
            let id = self.enumeration(&value.getattr("_type")?, "")?;
            return Ok(Some((id, value.getattr("_index")?.extract()?)));
        }
        let class = value.get_type();
        if self.classes.enum_module.call_method1("is_python_enum", (&class,))?.is_truthy()? {
            let view = self.classes.enum_module.call_method1("enum_view", (&class,))?;
            let place: u32 = view.call_method1("_index", (value,))?.extract()?;
            return Ok(Some((self.enumeration(&view, "")?, place)));
        }
        Ok(None)
    }

    /// A value as a constant; one that is no data is kept under a handle.
    pub(super) fn constant(&mut self, value: &Bound<'py, PyAny>) -> PyResult<Const> {
        if let Some(known) = self.plain_constant(value)? {
            return Ok(known);
        }
        if value.is_instance(&self.classes.intbv)? {
            let value: BigInt = value.getattr(intern!(self.py, "_val"))?.extract()?;
            return Ok(Const::Int(Int::from(value)));
        }
        self.out.opaque.push(value.clone().unbind());
        Ok(Const::Opaque(self.out.opaque.len() as u32 - 1))
    }

    /// None, a number, a text or a member of an enumeration.
    pub(super) fn plain_constant(&mut self, value: &Bound<'py, PyAny>) -> PyResult<Option<Const>> {
        use pyo3::types::{PyBool, PyFloat, PyInt, PyString};
        if value.is_none() {
            return Ok(Some(Const::None));
        }
        if let Ok(value) = value.cast_exact::<PyBool>() {
            return Ok(Some(Const::Bool(value.is_true())));
        }
        if value.is_instance_of::<PyInt>() {
            return Ok(Some(Const::Int(Int::from(value.extract::<BigInt>()?))));
        }
        if value.is_instance_of::<PyFloat>() {
            return Ok(Some(Const::Float(value.extract()?)));
        }
        if value.is_instance_of::<PyString>() {
            return Ok(Some(Const::Str(value.extract()?)));
        }
        if let Some((id, member)) = self.enum_member(value)? {
            return Ok(Some(Const::Enum(id, member)));
        }
        Ok(None)
    }
}

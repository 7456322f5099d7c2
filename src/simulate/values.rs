//! Values on their way between the kernel and Python.

use super::{Core, Objects, lock};
use num_bigint::BigInt;
use pyhw_ir::{Int, Type, Value};
use pyhw_sim::Opaques;
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBool;

impl Core {
    fn read(&self, index: usize, next: bool) -> PyResult<Value> {
        let Some(signal) = self.signals.get(index) else {
            return Err(PyRuntimeError::new_err("the signal is not part of this simulation"));
        };
        let state = self.kernel.state();
        Ok(match (signal.element, next) {
            (Some(element), false) => {
                state.element(signal.net, element as usize).cloned().unwrap_or(Value::Z)
            }
            (Some(element), true) => {
                state.next_element(signal.net, element as usize).cloned().unwrap_or(Value::Z)
            }
            (None, false) => state.value(signal.net),
            (None, true) => state.next_value(signal.net),
        })
    }

    pub(super) fn show(&self, py: Python<'_>, index: usize, next: bool) -> PyResult<Py<PyAny>> {
        match self.read(index, next)? {
            Value::Enum(member) => Ok(self.member(py, index, member).unwrap_or_else(|| py.None())),
            Value::Bool(value) if self.is_int(index, next) => {
                Ok(u8::from(value).into_pyobject(py)?.into_any().unbind())
            }
            value => self.to_python(py, &value),
        }
    }

    /// Whether the object of a boolean signal is an integer.
    fn is_int(&self, index: usize, next: bool) -> bool {
        let Some(kind) = self.signals[index].kind else { return false };
        let state = self.kernel.state();
        let kind = if next { state.next_value(kind) } else { state.value(kind) };
        kind == Value::Bool(true)
    }

    pub(super) fn store(&mut self, index: usize, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let (net, element) = (self.signals[index].net, self.signals[index].element);
        let ty = self.kernel.state().nets()[net as usize].ty.clone();
        let stored = match (element, &ty) {
            (Some(element), Type::Array(inner, _)) => {
                let value = self.take_python(inner, value)?;
                self.kernel.state_mut().set_next_element(net, element as usize, value)
            }
            _ => {
                let value = self.take_python(&ty, value)?;
                self.kernel.poke(net, value)
            }
        };
        stored.map_err(|fault| pyo3::exceptions::PyValueError::new_err(fault.exception().1))?;
        if let Some(kind) = self.signals[index].kind {
            // The object changes together with the value only.
            let state = self.kernel.state();
            let changes = state.next_value(net) != state.value(net);
            let is_int = if changes { !value.is_instance_of::<PyBool>() } else { self.is_int(index, false) };
            let stored = self.kernel.poke(kind, Value::Bool(is_int));
            stored.map_err(|fault| pyo3::exceptions::PyValueError::new_err(fault.exception().1))?;
        }
        Ok(())
    }

    fn to_python(&self, py: Python<'_>, value: &Value) -> PyResult<Py<PyAny>> {
        Ok(match value {
            Value::Bool(value) => PyBool::new(py, *value).to_owned().into_any().unbind(),
            Value::Int(value) => match value.to_i64() {
                Some(small) => small.into_pyobject(py)?.into_any().unbind(),
                None => value.to_big().into_pyobject(py)?.into_any().unbind(),
            },
            Value::Text(text) => (**text).into_pyobject(py)?.into_any().unbind(),
            Value::Opaque(handle) => lock(&self.objects)
                .get(*handle as usize)
                .map_or_else(|| py.None(), |object| object.clone_ref(py)),
            Value::Enum(_) | Value::Array(_) | Value::Struct(_) | Value::Z => py.None(),
        })
    }

    /// A member of an enumeration needs to know which one.
    fn member(&self, py: Python<'_>, index: usize, member: u32) -> Option<Py<PyAny>> {
        let signal = self.signals.get(index)?;
        let mut ty = &self.kernel.state().nets().get(signal.net as usize)?.ty;
        if let Type::Array(inner, _) = ty {
            ty = inner;
        }
        let Type::Enum(id) = ty else { return None };
        self.enums.get(id.index())?.get(member as usize).map(|object| object.clone_ref(py))
    }

    pub(super) fn take_python(&mut self, ty: &Type, value: &Bound<'_, PyAny>) -> PyResult<Value> {
        let py = value.py();
        if value.is_none() && !matches!(ty, Type::Opaque) {
            return Ok(Value::Z);
        }
        Ok(match ty {
            Type::Bool => Value::Bool(value.is_truthy()?),
            Type::Int(_) => {
                let number = match value.extract::<i64>() {
                    Ok(small) => Int::from(small),
                    Err(_) => match value.getattr_opt(intern!(py, "_val"))? {
                        Some(inner) => Int::from(inner.extract::<BigInt>()?),
                        None => Int::from(value.extract::<BigInt>()?),
                    },
                };
                Value::Int(number)
            }
            Type::Enum(id) => {
                let members = &self.enums[id.index()];
                let place = members.iter().position(|member| member.bind(py).is(value));
                match place {
                    Some(place) => Value::Enum(place as u32),
                    None => return Err(PyTypeError::new_err("not a member of the signal's enumeration")),
                }
            }
            Type::Text | Type::Array(..) | Type::Struct(_) | Type::Opaque => {
                let mut objects = lock(&self.objects);
                objects.push(value.clone().unbind());
                Value::Opaque(objects.len() as u32 - 1)
            }
        })
    }
}

/// Python's own equality for signals of Python objects.
pub(super) struct PythonObjects {
    pub(super) objects: Objects,
}

impl PythonObjects {
    fn with<T>(
        &self,
        handles: [u32; 2],
        then: impl FnOnce(&Bound<'_, PyAny>, &Bound<'_, PyAny>) -> T,
    ) -> Option<T> {
        Python::attach(|py| {
            let [a, b] = {
                let objects = lock(&self.objects);
                let get = |handle: u32| objects.get(handle as usize).map(|object| object.clone_ref(py));
                [get(handles[0])?, get(handles[1])?]
            };
            Some(then(a.bind(py), b.bind(py)))
        })
    }
}

impl Opaques for PythonObjects {
    fn equal(&mut self, a: u32, b: u32) -> bool {
        self.with([a, b], |a, b| a.is(b) || a.eq(b).unwrap_or(false)).unwrap_or(a == b)
    }

    fn text(&mut self, object: u32) -> String {
        let text = self.with([object, object], |object, _| object.str().map(|text| text.to_string()));
        text.and_then(Result::ok).unwrap_or_default()
    }
}

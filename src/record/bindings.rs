//! What a Python name, element or attribute is bound to.

use super::Recorder;
use num_bigint::BigInt;
use pyhw_elaborate::{Attributes, Binding, Const, FunctionId, Object, ObjectId, TupleClass};
use pyhw_ir::{Int, Range};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyFrozenSet, PyList, PyRange, PySet, PyTuple, PyType};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Functions and classes of Python that processes can use.
const BUILTINS: &[&str] = &[
    "len",
    "range",
    "int",
    "bool",
    "abs",
    "min",
    "max",
    "sum",
    "any",
    "all",
    "enumerate",
    "zip",
    "reversed",
    "print",
    "str",
    "repr",
    "bin",
    "hex",
    "oct",
    "format",
    "ord",
    "pow",
    "divmod",
    "list",
    "tuple",
    "isinstance",
    "AssertionError",
    "ArithmeticError",
    "Exception",
    "IndexError",
    "KeyError",
    "NotImplementedError",
    "OverflowError",
    "RuntimeError",
    "StopIteration",
    "TypeError",
    "ValueError",
    "ZeroDivisionError",
];

/// The most members of a set or a range that a process may ask.
const MAX_MEMBERS: usize = 4096;

/// Functions and classes of the library that processes can use.
const LIBRARY: &[&str] = &[
    "intbv",
    "modbv",
    "concat",
    "now",
    "delay",
    "join",
    "bits",
    "downrange",
    "StopSimulation",
    "SuspendSimulation",
];

impl<'py> Recorder<'py> {
    /// Records a value; `name` is what it is called here.
    pub(super) fn binding(&mut self, value: &Bound<'py, PyAny>, name: &str) -> PyResult<Binding> {
        if value.is_instance(&self.classes.signal)? {
            return Ok(Binding::Signal(self.signal(value, Some(name))?));
        }
        if let Some(known) = self.plain_constant(value)? {
            return Ok(Binding::Const(known));
        }
        if value.is_instance(&self.classes.intbv)? {
            return self.intbv(value);
        }
        if let Ok(list) = value.cast_exact::<PyList>() {
            return self.list(list, name);
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            let mut elements = Vec::with_capacity(tuple.len());
            for (place, element) in tuple.iter().enumerate() {
                elements.push(self.binding(&element, &format!("{name}_{place}"))?);
            }
            let class = self.tuple_class(value.get_type().as_any(), name)?;
            return Ok(Binding::Tuple(elements, class));
        }
        if let Ok(dict) = value.cast_exact::<PyDict>() {
            return self.dict(dict, name);
        }
        let is_fixed = value.is_exact_instance_of::<PyFrozenSet>() || value.is_exact_instance_of::<PyRange>();
        if (is_fixed || value.is_exact_instance_of::<PySet>()) && value.len()? <= MAX_MEMBERS {
            return self.members(value, is_fixed, name);
        }
        if value.is_instance(&self.classes.function)? {
            return self.function_binding(value);
        }
        if value.is_instance(&self.classes.method)? {
            let receiver = value.getattr(intern!(self.py, "__self__"))?;
            let function = value.getattr(intern!(self.py, "__func__"))?;
            if self.is_of_python(&function)? {
                return self.function_binding(&function);
            }
            return Ok(match self.function(&function, Some(&receiver))? {
                Some(id) => Binding::Function(id),
                None => unknown(value),
            });
        }
        if value.is_instance(&self.classes.module)? {
            return self.module(value);
        }
        if value.is_instance(&self.classes.enum_type)? {
            return Ok(Binding::EnumType(self.enumeration(value, name)?));
        }
        if value.is_instance_of::<PyType>() {
            return self.class(value, name);
        }
        if let Some(known) = self.library_name(value)? {
            return Ok(Binding::Builtin(known));
        }
        // Numbers of other libraries count as what they stand for.
        if let Some(index) = value.get_type().getattr_opt(intern!(self.py, "__index__"))?
            && let Ok(number) = index.call1((value,))
        {
            return Ok(Binding::Const(Const::Int(Int::from(number.extract::<BigInt>()?))));
        }
        if value.is_instance(&self.classes.block_function)? {
            let name: String = value.getattr(intern!(self.py, "__name__"))?.extract()?;
            return Ok(Binding::Unknown(format!("the block `{name}`")));
        }
        if value.hasattr(intern!(self.py, "__dict__"))? && !value.is_instance(&self.classes.block)? {
            return self.instance(value, name);
        }
        Ok(unknown(value))
    }

    fn intbv(&mut self, value: &Bound<'py, PyAny>) -> PyResult<Binding> {
        let py = self.py;
        let key = value.as_ptr() as usize;
        if let Some(&id) = self.objects.get(&key) {
            return Ok(Binding::Object(id));
        }
        let bound = |name: &Bound<'py, pyo3::types::PyString>| -> PyResult<Option<Int>> {
            Ok(value.getattr(name)?.extract::<Option<BigInt>>()?.map(Int::from))
        };
        let min = bound(intern!(py, "_min"))?;
        let max = bound(intern!(py, "_max"))?.map(|max| max.sub(&Int::ONE));
        let bits: u32 = value.getattr(intern!(py, "_nrbits"))?.extract()?;
        let object = Object::Intbv {
            value: Int::from(value.getattr(intern!(py, "_val"))?.extract::<BigInt>()?),
            range: Range { min, max },
            width_bits: Some(bits).filter(|bits| *bits > 0),
            wraps: value.is_instance(&self.classes.modbv)?,
        };
        Ok(Binding::Object(self.add_object(value, object)))
    }

    fn add_object(&mut self, value: &Bound<'py, PyAny>, object: Object) -> ObjectId {
        let id = ObjectId(self.out.elaborated.objects.len() as u32);
        self.objects.insert(value.as_ptr() as usize, id);
        self.out.objects.push(value.clone().unbind());
        self.out.elaborated.objects.push(object);
        id
    }

    fn list(&mut self, list: &Bound<'py, PyList>, name: &str) -> PyResult<Binding> {
        if let Some(&id) = self.objects.get(&(list.as_ptr() as usize)) {
            return Ok(Binding::Object(id));
        }
        let id = self.add_object(list.as_any(), Object::List(Vec::new()));
        let mut elements = Vec::with_capacity(list.len());
        for (place, element) in list.iter().enumerate() {
            elements.push(self.binding(&element, &format!("{name}_{place}"))?);
        }
        self.out.elaborated.objects[id.index()] = Object::List(elements);
        Ok(Binding::Object(id))
    }

    /// A set or a range, as a sequence in the order in which Python goes through it.
    fn members(&mut self, value: &Bound<'py, PyAny>, is_fixed: bool, name: &str) -> PyResult<Binding> {
        if let Some(&id) = self.objects.get(&(value.as_ptr() as usize)) {
            return Ok(Binding::Object(id));
        }
        let mut elements = Vec::new();
        for (place, element) in value.try_iter()?.enumerate() {
            elements.push(self.binding(&element?, &format!("{name}_{place}"))?);
        }
        Ok(match is_fixed {
            true => Binding::Tuple(elements, None),
            false => Binding::Object(self.add_object(value, Object::List(elements))),
        })
    }

    fn dict(&mut self, dict: &Bound<'py, PyDict>, name: &str) -> PyResult<Binding> {
        if let Some(&id) = self.objects.get(&(dict.as_ptr() as usize)) {
            return Ok(Binding::Object(id));
        }
        let id = self.add_object(dict.as_any(), Object::Dict(Vec::new()));
        let mut items = Vec::with_capacity(dict.len());
        // Recording can import modules, which changes dicts such as `sys.modules`.
        let entries: Vec<_> = dict.iter().collect();
        for (key, value) in entries {
            let label = format!("{name}_{}", key.str()?.to_string_lossy());
            items.push((self.binding(&key, name)?, self.binding(&value, &label)?));
        }
        self.out.elaborated.objects[id.index()] = Object::Dict(items);
        Ok(Binding::Object(id))
    }

    fn function_binding(&mut self, value: &Bound<'py, PyAny>) -> PyResult<Binding> {
        if let Some(known) = self.library_name(value)? {
            return Ok(Binding::Builtin(known));
        }
        if self.is_of_python(value)? {
            let name: String = value.getattr(intern!(self.py, "__qualname__"))?.extract()?;
            return Ok(Binding::Unknown(format!("`{name}` of Python's standard library")));
        }
        Ok(match self.function(value, None)? {
            Some(id) => Binding::Function(id),
            None => unknown(value),
        })
    }

    /// Whether a function belongs to Python's standard library, whose code is not meant for processes.
    fn is_of_python(&self, function: &Bound<'py, PyAny>) -> PyResult<bool> {
        let Some(code) = function.getattr_opt(intern!(self.py, "__code__"))? else { return Ok(false) };
        let file: String = code.getattr(intern!(self.py, "co_filename"))?.extract()?;
        let library: String = self.py.import("os")?.getattr("__file__")?.extract()?;
        let library = library.trim_end_matches("os.py");
        Ok(file.starts_with(library) && !file.contains("site-packages"))
    }

    /// The name under which the lowering knows a function or class of Python or of the library.
    fn library_name(&self, value: &Bound<'py, PyAny>) -> PyResult<Option<&'static str>> {
        let py = self.py;
        let text = |name: &Bound<'py, pyo3::types::PyString>| -> Option<String> {
            value.getattr_opt(name).ok().flatten().and_then(|text| text.extract().ok())
        };
        let Some(name) = text(intern!(py, "__name__")) else { return Ok(None) };
        let module = text(intern!(py, "__module__")).unwrap_or_default();
        let table = match module.as_str() {
            "builtins" => BUILTINS,
            _ if module.starts_with("pyhw.") || module == "pyhw" => LIBRARY,
            _ => return Ok(None),
        };
        // The library's `bin` is not that of Python.
        let is_bits = name == "bin" && module != "builtins";
        Ok(table.iter().copied().find(|known| *known == if is_bits { "bits" } else { &name }))
    }

    fn class(&mut self, value: &Bound<'py, PyAny>, name: &str) -> PyResult<Binding> {
        if let Some(known) = self.library_name(value)? {
            return Ok(Binding::Builtin(known));
        }
        if self.classes.enum_module.call_method1("is_python_enum", (value,))?.is_truthy()? {
            return Ok(Binding::EnumType(self.enumeration(value, name)?));
        }
        if let Some(class) = self.tuple_class(value, name)? {
            return Ok(Binding::TupleClass(class));
        }
        self.class_constants(value)
    }

    /// The names that a class gives to the elements of its tuples. One that makes them in a way of its own is unknown.
    fn tuple_class(&mut self, class: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Arc<TupleClass>>> {
        let py = self.py;
        let is_tuple =
            class.cast::<PyType>().is_ok_and(|class| class.is_subclass_of::<PyTuple>().unwrap_or(false));
        let (Some(fields), true) = (class.getattr_opt(intern!(py, "_fields"))?, is_tuple) else {
            return Ok(None);
        };
        let Ok(fields) = fields.extract::<Vec<String>>() else { return Ok(None) };
        // Up to the class that names the elements, none may make them otherwise or hide one.
        for base in class.getattr(intern!(py, "__mro__"))?.try_iter()? {
            let bound = base?.getattr(intern!(py, "__dict__"))?;
            if bound.contains(intern!(py, "_fields"))? {
                break;
            }
            let hides = fields.iter().map(String::as_str).chain(["__new__", "__getattribute__", "__eq__"]);
            for name in hides {
                if bound.contains(name)? {
                    return Ok(None);
                }
            }
        }
        let mut defaults = BTreeMap::new();
        if let Some(given) = class.getattr_opt(intern!(py, "_field_defaults"))?
            && let Ok(given) = given.cast::<PyDict>()
        {
            for (field, value) in given.iter() {
                let field: String = field.extract()?;
                let value = self.binding(&value, &format!("{name}_{field}"))?;
                defaults.insert(field, value);
            }
        }
        let name: String = class.getattr(intern!(py, "__name__"))?.extract()?;
        Ok(Some(Arc::new(TupleClass { name, fields, defaults })))
    }

    /// A class of the user's, for the constants in it: members of an `IntEnum`, or names that the class body binds.
    fn class_constants(&mut self, class: &Bound<'py, PyAny>) -> PyResult<Binding> {
        if let Some(&id) = self.objects.get(&(class.as_ptr() as usize)) {
            return Ok(Binding::Object(id));
        }
        let names = match class.getattr_opt(intern!(self.py, "_member_map_"))? {
            Some(members) => members,
            None => class.getattr(intern!(self.py, "__dict__"))?,
        };
        let mut attributes = Attributes::default();
        for entry in names.call_method0(intern!(self.py, "items"))?.try_iter()? {
            let (name, inner): (String, Bound<'py, PyAny>) = entry?.extract()?;
            if name.starts_with("__") {
                continue;
            }
            if let Some(constant) = self.plain_constant(&inner)? {
                attributes.insert(name, Binding::Const(constant));
            }
        }
        let class_name: String = class.getattr(intern!(self.py, "__name__"))?.extract()?;
        let id = self.add_object(class, Object::Instance { class: class_name, attributes, is_struct: false });
        self.instances.push((id, class.clone()));
        Ok(Binding::Object(id))
    }

    fn module(&mut self, value: &Bound<'py, PyAny>) -> PyResult<Binding> {
        let name: String = value.getattr(intern!(self.py, "__name__"))?.extract()?;
        let names = value.getattr(intern!(self.py, "__dict__"))?;
        let names = names.cast::<PyDict>()?;
        let standard = self.py.import("sys")?.getattr("stdlib_module_names")?;
        let is_standard = standard.contains(name.split('.').next().unwrap_or_default())?;
        let mut members = BTreeMap::new();
        let mentioned: Vec<String> = self.mentioned.iter().cloned().collect();
        for member in mentioned {
            let Some(inner) = names.get_item(&member)? else { continue };
            // Modules within modules are not followed, and of Python's own modules only numbers and texts are of use.
            if inner.is_instance(&self.classes.module)?
                || (is_standard && inner.hasattr(intern!(self.py, "__dict__"))?)
                || (is_standard && inner.is_instance_of::<PyDict>())
            {
                continue;
            }
            let binding = self.binding(&inner, &member)?;
            members.insert(member, binding);
        }
        Ok(Binding::Module(name, members))
    }

    fn instance(&mut self, value: &Bound<'py, PyAny>, name: &str) -> PyResult<Binding> {
        let py = self.py;
        if let Some(&id) = self.objects.get(&(value.as_ptr() as usize)) {
            return Ok(Binding::Object(id));
        }
        let class: String = value.get_type().name()?.extract()?;
        let is_struct = match &self.classes.struct_signal {
            Some(struct_signal) => value.is_instance(struct_signal)?,
            None => false,
        };
        let empty = Object::Instance { class: class.clone(), attributes: Attributes::default(), is_struct };
        let id = self.add_object(value, empty);
        self.instances.push((id, value.clone()));
        let names = value.getattr(intern!(py, "__dict__"))?;
        let mut attributes = Attributes::default();
        if let Ok(names) = names.cast::<PyDict>() {
            let entries: Vec<_> = names.iter().collect();
            for (key, inner) in entries {
                let Ok(attribute) = key.extract::<String>() else { continue };
                // What no process mentions may lead anywhere; only signals are of use without being mentioned.
                if !is_struct && !self.mentioned.contains(&attribute) && !self.is_of_signals(&inner)? {
                    continue;
                }
                let binding = self.binding(&inner, &format!("{name}_{attribute}"))?;
                attributes.insert(attribute, binding);
            }
        }
        self.out.elaborated.objects[id.index()] = Object::Instance { class, attributes, is_struct };
        Ok(Binding::Object(id))
    }

    /// What a class has under a name that a process can use: a constant or a container of a class above it, a method, which is called with
    /// the object (`Base.method(self, x)`), is static or takes the class.
    fn of_class(&mut self, class: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let none = self.py.None();
        let found = self.py.import("inspect")?.call_method1("getattr_static", (class, name, &none))?;
        let kind: String = found.get_type().name()?.extract()?;
        match kind.as_str() {
            "staticmethod" | "classmethod" => class.getattr(name).map(Some),
            "function" | "tuple" | "list" | "dict" => Ok(Some(found)),
            _ => Ok(self.plain_constant(&found)?.map(|_| found)),
        }
    }

    /// What an object has under a name that a process can use: an attribute of its own, or a constant or a method of its class.
    fn of_instance(&self, value: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let own = value.getattr(intern!(self.py, "__dict__"))?;
        if let Ok(own) = own.cast::<PyDict>()
            && let Some(inner) = own.get_item(name)?
        {
            return Ok(Some(inner));
        }
        let Some(inner) = value.get_type().getattr_opt(name)? else { return Ok(None) };
        let is_method_of_class = || -> PyResult<bool> {
            Ok(inner.is_instance(&self.classes.method)?
                && inner.getattr(intern!(self.py, "__self__"))?.is_instance_of::<PyType>())
        };
        if inner.is_instance(&self.classes.function)? || is_method_of_class()? {
            return value.getattr(name).map(Some);
        }
        // A property is code that elaboration did not ask for: what its getter says is compiled where a process asks for it.
        Ok((!inner.hasattr("__get__")?).then_some(inner))
    }

    /// The getter of a property of the user's, bound to the object.
    fn property(&mut self, value: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<FunctionId>> {
        let Some(found) = value.get_type().getattr_opt(name)? else { return Ok(None) };
        if !found.get_type().is(self.py.import("builtins")?.getattr("property")?) {
            return Ok(None);
        }
        let getter = found.getattr(intern!(self.py, "fget"))?;
        if !getter.is_instance(&self.classes.function)? || self.is_of_python(&getter)? {
            return Ok(None);
        }
        // What the library's own objects have is known by their kind.
        let module = getter.getattr(intern!(self.py, "__module__"))?.extract::<String>().unwrap_or_default();
        if module == "pyhw" || module.starts_with("pyhw.") {
            return Ok(None);
        }
        self.function(&getter, Some(value))
    }

    /// Class attributes and methods of recorded objects, as far as some function mentions them; reading one may mention more.
    pub(super) fn read_class_attributes(&mut self) -> PyResult<()> {
        let mut done = (0, 0);
        while done != (self.instances.len(), self.mentioned.len()) {
            done = (self.instances.len(), self.mentioned.len());
            let mentioned: Vec<String> = self.mentioned.iter().cloned().collect();
            for (id, value) in self.instances.clone() {
                for name in &mentioned {
                    let known = match &self.out.elaborated.objects[id.index()] {
                        Object::Instance { attributes, .. } => attributes.contains_key(name),
                        _ => true,
                    };
                    if known || name.starts_with("__") {
                        continue;
                    }
                    let found = match value.is_instance_of::<PyType>() {
                        true => self.of_class(&value, name)?,
                        false => self.of_instance(&value, name)?,
                    };
                    let binding = match found {
                        Some(found) => self.binding(&found, name)?,
                        None => match self.property(&value, name)? {
                            Some(getter) => Binding::Property(getter),
                            None => continue,
                        },
                    };
                    if let Object::Instance { attributes, .. } = &mut self.out.elaborated.objects[id.index()]
                    {
                        attributes.insert(name.clone(), binding);
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether a value is a signal, or a list of them.
    fn is_of_signals(&self, value: &Bound<'py, PyAny>) -> PyResult<bool> {
        if value.is_instance(&self.classes.signal)? {
            return Ok(true);
        }
        match value.cast_exact::<PyList>() {
            Ok(list) if !list.is_empty() => self.is_of_signals(&list.get_item(0)?),
            _ => Ok(false),
        }
    }

    /// Whether a local of a block can lead to signals.
    pub(super) fn may_hold_signals(&self, value: &Bound<'py, PyAny>) -> PyResult<bool> {
        if value.is_instance(&self.classes.signal)? {
            return Ok(true);
        }
        if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
            let Ok(first) = value.get_item(0) else { return Ok(false) };
            return self.may_hold_signals(&first);
        }
        if value.is_instance(&self.classes.block)?
            || value.is_instance(&self.classes.process)?
            || value.is_instance_of::<PyType>()
            || value.is_instance_of::<PyDict>()
            || value.is_instance(&self.classes.function)?
            || value.is_instance(&self.classes.module)?
            || value.is_instance(&self.classes.intbv)?
        {
            return Ok(false);
        }
        let Some(names) = value.getattr_opt(intern!(self.py, "__dict__"))? else { return Ok(false) };
        let Ok(names) = names.cast::<PyDict>() else { return Ok(false) };
        for (_, inner) in names.iter() {
            if inner.is_instance(&self.classes.signal)? || inner.is_instance_of::<PyList>() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn unknown(value: &Bound<'_, PyAny>) -> Binding {
    if value.is_instance_of::<PyCFunction>()
        && let Some(name) = value.getattr("__name__").ok().and_then(|name| name.extract::<String>().ok())
    {
        return Binding::Unknown(format!("Python's `{name}`"));
    }
    let class = value.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string());
    // A name leads to thousands of objects where a test runner is loaded: only those that may be types are looked at.
    if matches!(class.as_str(), "IntType" | "ArrayType")
        && let Ok(types) = value.py().import("pyhw._types")
        && types.getattr(&*class).is_ok_and(|known| value.get_type().is(&known))
        && let Ok(text) = value.repr()
    {
        return Binding::Unknown(format!("the type `{text}`"));
    }
    Binding::Unknown(format!("an object of class `{class}`"))
}

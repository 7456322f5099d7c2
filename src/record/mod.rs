//! The recorder: from the library's Python objects to the elaborated design as plain data.
//!
//! It reads what the library recorded (blocks, processes, signals), follows the names that each function mentions to what they
//! are bound to, and keeps the Python objects that a simulation needs by number.

mod bindings;
mod functions;
mod ports;
mod signals;

use num_bigint::BigInt;
use pyhw_diagnostics::{Diagnostic, Span};
use pyhw_elaborate::{
    Binding, Block, BlockId, Driven, Elaborated, ForeignName, FunctionId, Item, Kept, Lost, Named, ObjectId,
    Process, ProcessId, Sense, SignalId, SignalKind, Trigger,
};
use pyhw_ir::{Edge, EnumId, Int};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use std::collections::{BTreeMap, HashMap, HashSet};

/// An elaborated design with the Python objects behind its numbers.
pub struct Recorded {
    /// The design as data.
    pub elaborated: Elaborated,
    /// The signal objects, by [`SignalId`].
    pub signals: Vec<Py<PyAny>>,
    /// The processes and generators, by handle.
    pub processes: Vec<Py<PyAny>>,
    /// Values that are not data, by the handle in `Const::Opaque`.
    pub opaque: Vec<Py<PyAny>>,
    /// The functions, by [`FunctionId`].
    pub functions: Vec<Py<PyAny>>,
    /// Lists, dicts, `intbv`s and objects of the user's classes, by [`ObjectId`].
    pub objects: Vec<Py<PyAny>>,
    /// The block instances, by [`BlockId`].
    pub blocks: Vec<Py<PyAny>>,
    /// For each enumeration its members in order.
    pub enums: Vec<Vec<Py<PyAny>>>,
}

impl Recorded {
    /// The instance of a block object in the flat design, by its place.
    pub fn instance_of(
        &self,
        block: &Bound<'_, PyAny>,
        design: &pyhw_ir::Design,
        flat: &pyhw_sim::Flat,
    ) -> Option<usize> {
        let id = BlockId(self.blocks.iter().position(|known| known.bind(block.py()).is(block))? as u32);
        let mut route = Vec::new();
        let mut at = id;
        // Instances of a module stand in the order of its blocks.
        loop {
            let parent = self.elaborated.block(at).parent;
            let siblings = match parent {
                Some(parent) => &self.elaborated.block(parent).items,
                None if self.elaborated.roots.len() == 1 => break,
                None => &self.elaborated.roots,
            };
            let blocks = siblings.iter().filter_map(|item| match item {
                Item::Block(block) => Some(*block),
                Item::Process(_) => None,
            });
            route.push(blocks.into_iter().position(|block| block == at)?);
            match parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        let mut place = 0;
        for step in route.into_iter().rev() {
            let name = &design.module(flat.instances[place].module).instances.get(step)?.name;
            place = flat
                .instances
                .iter()
                .position(|instance| instance.parent == Some(place) && instance.name == *name)?;
        }
        Some(place)
    }
}

/// Records blocks, processes and generators as given to a simulation.
pub fn record(py: Python<'_>, items: &Bound<'_, PyList>) -> PyResult<Recorded> {
    record_items(py, items, false)
}

fn record_items(py: Python<'_>, items: &Bound<'_, PyList>, with_foreign: bool) -> PyResult<Recorded> {
    let mut recorder = Recorder::new(py)?;
    recorder.with_foreign = with_foreign;
    for item in items.iter() {
        let item = recorder.item(&item, None)?;
        recorder.out.elaborated.roots.extend(item);
    }
    recorder.finish()?;
    Ok(recorder.out)
}

/// Records one block, as given to a conversion.
pub fn record_block(py: Python<'_>, block: &Bound<'_, PyAny>) -> PyResult<Recorded> {
    record_items(py, &PyList::new(py, [block])?, true)
}

/// The classes that the recorder tells apart.
struct Classes<'py> {
    signal: Bound<'py, PyAny>,
    edge: Bound<'py, PyAny>,
    block: Bound<'py, PyAny>,
    /// What `@block` makes of a function.
    block_function: Bound<'py, PyAny>,
    process: Bound<'py, PyAny>,
    delay: Bound<'py, PyAny>,
    intbv: Bound<'py, PyAny>,
    modbv: Bound<'py, PyAny>,
    /// What a signal of a struct is; none where no struct was ever asked for, so that its module was not loaded.
    struct_signal: Option<Bound<'py, PyAny>>,
    enum_type: Bound<'py, PyAny>,
    enum_item: Bound<'py, PyAny>,
    function: Bound<'py, PyAny>,
    method: Bound<'py, PyAny>,
    module: Bound<'py, PyAny>,
    enum_module: Bound<'py, PyAny>,
    port: Bound<'py, PyAny>,
    types: Bound<'py, PyAny>,
}

struct Recorder<'py> {
    py: Python<'py>,
    classes: Classes<'py>,
    out: Recorded,
    signals: HashMap<usize, SignalId>,
    objects: HashMap<usize, ObjectId>,
    /// The objects behind `objects` that are instances of the user's classes: their class attributes are read as they are mentioned.
    instances: Vec<(ObjectId, Bound<'py, PyAny>)>,
    /// What blocks made and did not return.
    unreturned: Vec<(BlockId, Bound<'py, PyAny>, Lost)>,
    functions: HashMap<(usize, usize), FunctionId>,
    enums: HashMap<usize, EnumId>,
    /// Objects whose address is a key above, so that no other object takes it.
    kept: Vec<Bound<'py, PyAny>>,
    /// Names that some function mentions as attributes.
    mentioned: HashSet<String>,
    files: HashMap<String, pyhw_diagnostics::FileId>,
    /// Code in other languages counts in conversions only.
    with_foreign: bool,
}

impl<'py> Recorder<'py> {
    fn new(py: Python<'py>) -> PyResult<Recorder<'py>> {
        let of = |module: &str, name: &str| py.import(module)?.getattr(name);
        let loaded = py.import("sys")?.getattr("modules")?;
        let classes = Classes {
            signal: of("pyhw._signal", "Signal")?,
            edge: of("pyhw._signal", "Edge")?,
            block: of("pyhw._block", "Block")?,
            block_function: of("pyhw._block", "BlockFunction")?,
            process: of("pyhw._process", "Process")?,
            delay: of("pyhw._process", "delay")?,
            intbv: of("pyhw._intbv", "intbv")?,
            modbv: of("pyhw._intbv", "modbv")?,
            struct_signal: match loaded.contains("pyhw._struct")? {
                true => Some(of("pyhw._struct", "StructSignal")?),
                false => None,
            },
            enum_type: of("pyhw._enum", "EnumType")?,
            enum_item: of("pyhw._enum", "EnumItemType")?,
            function: py.eval(c"type(lambda: None)", None, None)?,
            method: py.eval(
                c"type([].__class__.__class_getitem__) if False else type((lambda: None).__get__(0))",
                None,
                None,
            )?,
            module: py.eval(c"type(__import__('sys'))", None, None)?,
            enum_module: py.import("pyhw._enum")?.into_any(),
            port: of("pyhw._ports", "Port")?,
            types: py.import("pyhw._types")?.into_any(),
        };
        let out = Recorded {
            elaborated: Elaborated::default(),
            signals: Vec::new(),
            processes: Vec::new(),
            opaque: Vec::new(),
            functions: Vec::new(),
            objects: Vec::new(),
            blocks: Vec::new(),
            enums: Vec::new(),
        };
        Ok(Recorder {
            py,
            classes,
            out,
            signals: HashMap::new(),
            objects: HashMap::new(),
            instances: Vec::new(),
            unreturned: Vec::new(),
            functions: HashMap::new(),
            enums: HashMap::new(),
            kept: Vec::new(),
            mentioned: HashSet::new(),
            files: HashMap::new(),
            with_foreign: false,
        })
    }

    /// A block, a process, a generator, or a list of these.
    fn item(&mut self, thing: &Bound<'py, PyAny>, parent: Option<BlockId>) -> PyResult<Vec<Item>> {
        if thing.is_instance(&self.classes.block)? {
            return Ok(vec![Item::Block(self.block(thing, parent)?)]);
        }
        if thing.is_instance(&self.classes.process)? {
            return Ok(vec![Item::Process(self.process(thing, parent)?)]);
        }
        if thing.is_instance_of::<PyList>() || thing.is_instance_of::<PyTuple>() {
            let mut found = Vec::new();
            for inner in thing.try_iter()? {
                found.extend(self.item(&inner?, parent)?);
            }
            return Ok(found);
        }
        if thing.hasattr("gi_frame")? {
            return Ok(vec![Item::Process(self.generator(thing, parent)?)]);
        }
        Ok(Vec::new())
    }

    fn block(&mut self, thing: &Bound<'py, PyAny>, parent: Option<BlockId>) -> PyResult<BlockId> {
        let text = |name: &str| -> PyResult<Option<String>> { thing.getattr(name)?.extract() };
        let id = BlockId(self.out.elaborated.blocks.len() as u32);
        let function = thing.getattr("func")?;
        let name: String = function.getattr("__name__")?.extract()?;
        let file: String = thing.getattr("file")?.extract()?;
        let line: u32 = thing.getattr("line")?.extract()?;
        let span = match self.file(&file)? {
            Some(file) => Span::new(file, (line, 0), (line, 0)),
            None => Span::NONE,
        };
        // What the program makes from annotations is called nowhere in a design.
        let call_span = match thing.getattr("call_place")?.extract::<Option<(String, u32)>>()? {
            Some((file, line)) => self.line(&file, line)?,
            None => Span::NONE,
        };
        self.out.blocks.push(thing.clone().unbind());
        self.out.elaborated.blocks.push(Block {
            name: text("name")?.unwrap_or_else(|| name.clone()),
            function: name,
            doc: text("doc")?.map(|doc| clean_doc(&doc)).filter(|doc| !doc.is_empty()),
            span,
            call_span,
            args: Vec::new(),
            locals: Vec::new(),
            ports: BTreeMap::new(),
            lost: Vec::new(),
            items: Vec::new(),
            parent,
            foreign: Vec::new(),
            foreign_names: BTreeMap::new(),
        });
        let args = thing.getattr("args")?;
        let args = args.cast::<PyDict>()?;
        let mut named = Vec::new();
        for (key, value) in args.iter() {
            let name: String = key.extract()?;
            let value = self.binding(&value, &name)?;
            named.push(Named { name, value });
        }
        let locals = thing.getattr("locals")?;
        let locals = locals.cast::<PyDict>()?;
        let mut own = Vec::new();
        for (key, value) in locals.iter() {
            if args.contains(&key)? || !self.may_hold_signals(&value)? {
                continue;
            }
            let name: String = key.extract()?;
            let known = self.out.signals.len();
            let value = self.binding(&value, &name)?;
            for signal in &mut self.out.elaborated.signals[known..] {
                signal.owner = Some(id);
            }
            own.push(Named { name, value });
        }
        self.out.elaborated.blocks[id.index()].args = named;
        self.out.elaborated.blocks[id.index()].locals = own;
        self.out.elaborated.blocks[id.index()].ports = self.ports(thing)?;
        self.note_unreturned(thing, id)?;
        if self.with_foreign {
            self.foreign(thing, id)?;
        }
        let mut items = Vec::new();
        for sub in thing.getattr("subs")?.try_iter()? {
            items.extend(self.item(&sub?, Some(id))?);
        }
        self.out.elaborated.blocks[id.index()].items = items;
        Ok(id)
    }

    /// The code that the user wrote in place of the block's inside.
    fn foreign(&mut self, block: &Bound<'py, PyAny>, id: BlockId) -> PyResult<()> {
        for (name, language) in
            [("verilog_code", pyhw_ir::Language::Verilog), ("vhdl_code", pyhw_ir::Language::Vhdl)]
        {
            let code = block.getattr(name)?;
            if code.is_none() {
                continue;
            }
            let (text, names): (String, Bound<'py, PyDict>) = code.call_method0("template")?.extract()?;
            for (name, signal) in names.iter() {
                let name: String = name.extract()?;
                let driven = driven_by(&code, &signal)?;
                let value = self.binding(&signal, &name)?;
                let known = &mut self.out.elaborated.blocks[id.index()].foreign_names;
                known.insert(name, ForeignName { value, driven });
            }
            let block = &mut self.out.elaborated.blocks[id.index()];
            let span = block.span;
            block.foreign.push(pyhw_ir::Foreign {
                language,
                text,
                lists: Vec::new(),
                drives: Vec::new(),
                span,
            });
            // The module of that name is the user's.
            if code.getattr("is_instance")?.is_truthy()? && !block.function.ends_with("_instance") {
                block.function.push_str("_instance");
            }
        }
        Ok(())
    }

    fn process(&mut self, thing: &Bound<'py, PyAny>, block: Option<BlockId>) -> PyResult<ProcessId> {
        let function = thing.getattr("func")?;
        let kind: String = thing.getattr("kind")?.extract()?;
        let trigger = match kind.as_str() {
            "comb" => Trigger::Comb,
            "seq" => {
                let (clock, edge) = self.edge(&thing.getattr("edge")?)?;
                let reset = thing.getattr("reset")?;
                let reset = if reset.is_none() { None } else { Some(self.signal(&reset, None)?) };
                Trigger::Seq { clock, edge, reset }
            }
            "always" => {
                let mut senses = Vec::new();
                for sense in thing.getattr("sens")?.try_iter()? {
                    senses.push(self.sense(&sense?)?);
                }
                Trigger::Always(senses)
            }
            _ => Trigger::Instance,
        };
        let name: String = function.getattr("__name__")?.extract()?;
        let recorded = self.function(&function, None)?;
        let kept = self.kept(thing)?;
        let bound_later = thing.getattr("bound_later")?.extract()?;
        let span = match recorded {
            Some(id) => {
                let function = self.out.elaborated.function(id);
                Span::new(function.file, (function.line, 0), (function.line, 0))
            }
            None => Span::NONE,
        };
        let mut reason = Vec::new();
        if recorded.is_none() {
            let message = format!("the source of `{name}` was not found");
            reason.push(Diagnostic::new(pyhw_diagnostics::Code::PH0106, span, message));
        }
        Ok(self.add_process(
            thing,
            Process { name, trigger, function: recorded, reason, handle: 0, block, span, kept, bound_later },
        ))
    }

    /// The values that integers around a process had when it was made.
    fn kept(&mut self, process: &Bound<'py, PyAny>) -> PyResult<Vec<Kept>> {
        let mut kept = Vec::new();
        for (place, one) in process.getattr("kept")?.try_iter()?.enumerate() {
            let (integer, value): (Bound<'py, PyAny>, BigInt) = one?.extract()?;
            if let Binding::Object(object) = self.binding(&integer, "")? {
                kept.push(Kept { object, value: Int::from(value), place: place as u32 });
            }
        }
        Ok(kept)
    }

    /// A generator object that was made by a call: its arguments are bound already, and the host runs it.
    fn generator(&mut self, thing: &Bound<'py, PyAny>, block: Option<BlockId>) -> PyResult<ProcessId> {
        let name: String = thing.getattr("__name__")?.extract()?;
        let code = thing.getattr("gi_code")?;
        let file = crate::source::file_of(&code)?;
        let line: u32 = code.getattr("co_firstlineno")?.extract()?;
        let span = self.file(&file)?.map_or(Span::NONE, |file| Span::new(file, (line, 0), (line, 0)));
        self.generator_signals(thing, &code)?;
        let message = format!("`{name}` is a generator object; a function under `@instance` can be compiled");
        let reason = vec![Diagnostic::new(pyhw_diagnostics::Code::PH0201, span, message)];
        let process = Process {
            name,
            trigger: Trigger::Instance,
            function: None,
            reason,
            handle: 0,
            block,
            span,
            kept: Vec::new(),
            bound_later: Vec::new(),
        };
        Ok(self.add_process(thing, process))
    }

    /// Records the signals that a generator's names lead to, so that they exist when the simulation starts.
    fn generator_signals(&mut self, generator: &Bound<'py, PyAny>, code: &Bound<'py, PyAny>) -> PyResult<()> {
        let frame = generator.getattr("gi_frame")?;
        if frame.is_none() {
            return Ok(());
        }
        let mut names = std::collections::BTreeSet::new();
        functions::mentioned_names(code, &mut names)?;
        let globals = frame.getattr("f_globals")?;
        let globals = globals.cast::<PyDict>()?;
        let mut values: Vec<(String, Bound<'py, PyAny>)> = Vec::new();
        for (name, value) in PyDict::from_sequence(&frame.getattr("f_locals")?.call_method0("items")?)?.iter()
        {
            values.push((name.extract()?, value));
        }
        for name in names {
            if let Some(value) = globals.get_item(&name)? {
                values.push((name, value));
            }
        }
        for (name, value) in values {
            if self.may_hold_signals(&value)? {
                self.binding(&value, &name)?;
            }
        }
        Ok(())
    }

    fn add_process(&mut self, thing: &Bound<'py, PyAny>, mut process: Process) -> ProcessId {
        process.handle = self.out.processes.len() as u32;
        self.out.processes.push(thing.clone().unbind());
        let id = ProcessId(self.out.elaborated.processes.len() as u32);
        self.out.elaborated.processes.push(process);
        id
    }

    fn edge(&mut self, edge: &Bound<'py, PyAny>) -> PyResult<(SignalId, Edge)> {
        let signal = self.signal(&edge.getattr("_sig")?, None)?;
        let kind: String = edge.getattr("_kind")?.extract()?;
        Ok((signal, if kind == "posedge" { Edge::Rising } else { Edge::Falling }))
    }

    fn sense(&mut self, sense: &Bound<'py, PyAny>) -> PyResult<Sense> {
        if sense.is_instance(&self.classes.edge)? {
            let (signal, edge) = self.edge(sense)?;
            return Ok(Sense::Event(signal, edge));
        }
        if sense.is_instance(&self.classes.delay)? {
            return Ok(Sense::Delay(sense.getattr("_time")?.extract()?));
        }
        Ok(Sense::Event(self.signal(sense, None)?, Edge::Any))
    }

    fn finish(&mut self) -> PyResult<()> {
        self.read_class_attributes()?;
        self.name_enums()?;
        self.settle_lost();
        let mut shadows: Vec<(u64, SignalId)> = Vec::new();
        for (index, signal) in self.out.signals.iter().enumerate() {
            let is_shadow = matches!(self.out.elaborated.signals[index].kind, SignalKind::Shadow(_));
            if is_shadow {
                let made: u64 = signal.bind(self.py).getattr("_serial")?.extract()?;
                shadows.push((made, SignalId(index as u32)));
            }
        }
        shadows.sort();
        self.out.elaborated.shadows = shadows.into_iter().map(|(_, id)| id).collect();
        Ok(())
    }
}

/// Whether what was assigned to `driven` of a signal is said of this code.
fn is_driven_by(code: &Bound<'_, PyAny>, signal: &Bound<'_, PyAny>) -> PyResult<bool> {
    code.call_method1("drives", (signal,))?.extract()
}

/// What the design says of how this code drives a signal or a list of them. Of the elements of a list it may say different things.
fn driven_by(code: &Bound<'_, PyAny>, signal: &Bound<'_, PyAny>) -> PyResult<Driven> {
    let Ok(list) = signal.cast::<PyList>() else {
        return if is_driven_by(code, signal)? { driven(signal) } else { Ok(Driven::No) };
    };
    let mut all: Option<Driven> = None;
    for element in list.iter() {
        let one = driven_by(code, &element)?;
        all = match all {
            Some(other) if other != one => Some(Driven::Yes),
            _ => Some(one),
        };
    }
    Ok(all.unwrap_or(Driven::No))
}

/// What was assigned to `driven` of a signal.
fn driven(signal: &Bound<'_, PyAny>) -> PyResult<Driven> {
    let Some(driven) = signal.getattr_opt("_driven")? else { return Ok(Driven::No) };
    Ok(match driven.extract::<String>().as_deref() {
        Ok("reg") => Driven::As(pyhw_ir::Assigned::Procedure),
        Ok("wire") => Driven::As(pyhw_ir::Assigned::Wire),
        _ if driven.is_truthy()? => Driven::Yes,
        _ => Driven::No,
    })
}

/// A docstring without the indentation that its later lines share, and without blank lines at its ends.
fn clean_doc(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let later = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let margin = later.map(indent).min().unwrap_or(0);
    let lines: Vec<&str> = text
        .lines()
        .enumerate()
        .map(
            |(place, line)| {
                if place == 0 { line.trim() } else { line.get(margin..).unwrap_or("").trim_end() }
            },
        )
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

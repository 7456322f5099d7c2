//! One process with its signals, told by comment lines: a design as elaboration gives it, without Python.
//!
//! The comment lines: `#: bool clk`, `#: u8 a b`, `#: s5 c`, `#: int[0, 9] d`, `#: list u4 4 mem`, `#: collect xs a b`
//! (a list that alone leads the process to these ports), `#: const N 3`, `#: table T 1 2 3`,
//! `#: enum State A B`, `#: signal-of State state`, and what runs the process: `#: comb`, `#: posedge clk`, `#: reset rst`, `#: instance`.

use pyhw_diagnostics::{Sources, Span};
use pyhw_elaborate::{
    Binding, Block, BlockId, Const, Elaborated, Function, FunctionId, Item, Named, Object, ObjectId, Process,
    ProcessId, ResetSpec, Signal, SignalId, SignalKind, SignalType, Trigger,
};
use pyhw_ir::{Edge, EnumId, EnumType, Int, Range};
use std::collections::BTreeMap;

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
    "intbv",
    "modbv",
    "concat",
    "now",
    "delay",
    "join",
    "downrange",
    "StopSimulation",
    "ValueError",
];

/// An elaborated design of one block with one process.
pub struct Case {
    elaborated: Elaborated,
    names: BTreeMap<String, Binding>,
    locals: Vec<Named>,
    trigger: Trigger,
    reset: Option<SignalId>,
}

impl Case {
    /// Reads a case; `None` if there is no process in it.
    ///
    /// # Panics
    /// If the comment lines say what is not known.
    pub fn read(name: &str, text: &str) -> Option<Elaborated> {
        let mut sources = Sources::new();
        let file = sources.add(&format!("{name}.py"), text);
        let elaborated = Elaborated { sources, ..Elaborated::default() };
        let names = BUILTINS.iter().map(|name| ((*name).to_owned(), Binding::Builtin(name))).collect();
        let mut case = Case { elaborated, names, locals: Vec::new(), trigger: Trigger::Comb, reset: None };
        for line in text.lines().filter_map(|line| line.strip_prefix("#: ")) {
            case.declare(line);
        }
        let line = text.lines().position(|line| line.starts_with("def "))? as u32 + 1;
        let function = text.lines().nth(line as usize - 1)?;
        let function = function.trim_start_matches("def ").split('(').next()?.to_owned();
        let span = Span::new(file, (line, 0), (line, 0));
        let mut helpers = Vec::new();
        for (index, text) in text.lines().enumerate().skip(line as usize) {
            if let Some(rest) = text.strip_prefix("def ") {
                helpers.push((rest.split('(').next()?.to_owned(), index as u32 + 1));
            }
        }
        for (place, (helper, _)) in helpers.iter().enumerate() {
            case.names.insert(helper.clone(), Binding::Function(FunctionId(place as u32 + 1)));
        }
        for (name, line) in std::iter::once((function.clone(), line)).chain(helpers) {
            let names = case.names.clone();
            case.elaborated.functions.push(Function {
                name,
                file,
                line,
                place: None,
                names,
                defaults: BTreeMap::new(),
                receiver: None,
            });
        }
        let trigger = match case.trigger {
            Trigger::Seq { clock, edge, .. } => Trigger::Seq { clock, edge, reset: case.reset },
            other => other,
        };
        case.elaborated.processes.push(Process {
            name: function,
            trigger,
            function: Some(FunctionId(0)),
            reason: Vec::new(),
            handle: 0,
            block: Some(BlockId(0)),
            span,
            kept: Vec::new(),
            bound_later: Vec::new(),
        });
        case.elaborated.blocks.push(Block {
            name: "top".to_owned(),
            function: "top".to_owned(),
            doc: None,
            span: Span::NONE,
            call_span: Span::NONE,
            args: case.locals,
            locals: Vec::new(),
            ports: BTreeMap::new(),
            lost: Vec::new(),
            items: vec![Item::Process(ProcessId(0))],
            parent: None,
            foreign: Vec::new(),
            foreign_names: BTreeMap::new(),
        });
        case.elaborated.roots.push(Item::Block(BlockId(0)));
        Some(case.elaborated)
    }

    fn declare(&mut self, line: &str) {
        let (line, range) = match line.strip_prefix("int[").and_then(|rest| rest.split_once("] ")) {
            Some((bounds, names)) => {
                let (min, max) = bounds.split_once(", ").expect("two bounds");
                let bound = |text: &str| text.parse::<i64>().expect("a number");
                (format!("int {names}"), Some(Range::new(bound(min), bound(max))))
            }
            None => (line.to_owned(), None),
        };
        let words: Vec<&str> = line.split_whitespace().collect();
        match &words[..] {
            ["comb"] => self.trigger = Trigger::Comb,
            ["instance"] => self.trigger = Trigger::Instance,
            ["posedge", clock] => {
                let clock = self.signal_named(clock);
                self.trigger = Trigger::Seq { clock, edge: Edge::Rising, reset: None };
            }
            ["reset", reset] => {
                let reset = self.signal_named(reset);
                self.elaborated.signals[reset.index()].reset =
                    Some(ResetSpec { active_high: true, is_async: false });
                self.reset = Some(reset);
            }
            ["const", name, value] => {
                let value = Int::from(value.parse::<i64>().expect("a number"));
                self.names.insert((*name).to_owned(), Binding::Const(Const::Int(value)));
            }
            ["table", name, values @ ..] => {
                let number = |value: &&str| {
                    Binding::Const(Const::Int(Int::from(value.parse::<i64>().expect("a number"))))
                };
                self.names
                    .insert((*name).to_owned(), Binding::Tuple(values.iter().map(number).collect(), None));
            }
            ["enum", name, members @ ..] => {
                let id = EnumId::new(self.elaborated.types.enums.len());
                let member = |(place, name): (usize, &&str)| ((*name).to_owned(), Int::from(place));
                self.elaborated.types.enums.push(EnumType {
                    name: (*name).to_owned(),
                    members: members.iter().enumerate().map(member).collect(),
                    width_bits: 2,
                    span: Span::NONE,
                });
                self.names.insert((*name).to_owned(), Binding::EnumType(id));
            }
            ["signal-of", of, name] => {
                let Some(Binding::EnumType(id)) = self.names.get(*of) else { panic!("no enum {of}") };
                let id = *id;
                self.add(name, SignalType::Enum(id), Const::Enum(id, 0));
            }
            ["list", ty, count, name] => {
                let count: usize = count.parse().expect("a count");
                let ty = signal_type(ty, None);
                let elements = (0..count)
                    .map(|place| {
                        Binding::Signal(self.push(
                            &format!("{name}_{place}"),
                            ty.clone(),
                            Const::Int(Int::ZERO),
                        ))
                    })
                    .collect();
                let id = ObjectId(self.elaborated.objects.len() as u32);
                self.elaborated.objects.push(Object::List(elements));
                self.names.insert((*name).to_owned(), Binding::Object(id));
                self.locals.push(Named { name: (*name).to_owned(), value: Binding::Object(id) });
            }
            ["collect", name, ports @ ..] => {
                let element =
                    |port: &&str| self.names.remove(*port).unwrap_or_else(|| panic!("no port {port}"));
                let elements = ports.iter().map(element).collect();
                let id = ObjectId(self.elaborated.objects.len() as u32);
                self.elaborated.objects.push(Object::List(elements));
                self.names.insert((*name).to_owned(), Binding::Object(id));
            }
            [ty, names @ ..] => {
                for name in names {
                    let ty = signal_type(ty, range.clone());
                    let init =
                        if ty == SignalType::Bool { Const::Bool(false) } else { Const::Int(Int::ZERO) };
                    self.add(name, ty, init);
                }
            }
            [] => {}
        }
    }

    fn push(&mut self, name: &str, ty: SignalType, init: Const) -> SignalId {
        let id = SignalId(self.elaborated.signals.len() as u32);
        self.elaborated.signals.push(Signal {
            name: Some(name.to_owned()),
            ty,
            init,
            kind: SignalKind::Plain,
            reset: None,
            is_constant: false,
            is_open: false,
            owner: None,
            span: Span::NONE,
        });
        id
    }

    fn add(&mut self, name: &str, ty: SignalType, init: Const) {
        let id = self.push(name, ty, init);
        self.names.insert(name.to_owned(), Binding::Signal(id));
        self.locals.push(Named { name: name.to_owned(), value: Binding::Signal(id) });
    }

    fn signal_named(&self, name: &str) -> SignalId {
        match self.names.get(name) {
            Some(Binding::Signal(id)) => *id,
            _ => panic!("no signal {name}"),
        }
    }
}

fn signal_type(text: &str, range: Option<Range>) -> SignalType {
    let int = |range: Range| SignalType::Int { width_bits: range.width_bits(), range, wraps: false };
    match (text.split_at(1), range) {
        (_, Some(range)) => int(range),
        (("b", _), _) => SignalType::Bool,
        (("u", width), _) => int(Range::unsigned(width.parse().expect("a width"))),
        (("s", width), _) => int(Range::signed(width.parse().expect("a width"))),
        (("m", width), _) => {
            let range = Range::unsigned(width.parse().expect("a width"));
            SignalType::Int { width_bits: range.width_bits(), range, wraps: true }
        }
        _ => panic!("no type {text}"),
    }
}

//! What blocks are given where their ports are annotated (PH0319), and what blocks make and lose (PH0407).
//!
//! A part of a design takes the width of the signals that it is given, whatever its annotations say: so simulation runs it, and so it is
//! emitted. An annotation that says otherwise is a mistake at one of the two places, and is told. A block that asks a port for its
//! type (`len(d)`, `d.val`, `d.max`) is written for any, and its annotations are what it is emitted with alone.

use crate::source::{Declarations, Parsed};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{
    Binding, Block, Const, Elaborated, Item, Lost, Object, Port, PortDirection, PortRole, PortType, Signal,
    SignalId, SignalType,
};
use pyhw_ir::{EnumId, Int, Range};
use pyhw_syntax::ast::{Expr, ExprKind, FunctionDef, Parameter};
use pyhw_syntax::visit::{Visitor, walk_block, walk_expr};
use std::collections::{HashMap, HashSet};

/// Everything that is to be told of the ports and the parts of every block.
pub fn findings(elaborated: &Elaborated, parsed: &Parsed, declarations: &Declarations) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut told: HashSet<(Code, Span, Option<Span>)> = HashSet::new();
    // What a loop makes is told once, and so is what is wrong with several elements of a list.
    let mut say = |finding: Diagnostic| {
        let port = finding.labels.first().map(|label| label.span);
        if told.insert((finding.code, finding.primary.span, port)) {
            found.push(finding);
        }
    };
    let mut known: HashMap<(Span, &str), (Option<&FunctionDef>, bool)> = HashMap::new();
    for block in elaborated.blocks.iter().filter(|block| !block.ports.is_empty() || !block.lost.is_empty()) {
        let (def, is_generic) = *known.entry((block.span, &block.function)).or_insert_with(|| {
            let def = parsed.block(block);
            def.into_iter().flat_map(|def| unused_defaults(block, def)).for_each(&mut say);
            (def, def.is_some_and(asks_for_types))
        });
        let given = Given { elaborated, declarations, block, def };
        for arg in &block.args {
            if let Some(port) = block.ports.get(&arg.name) {
                given.misfit(&arg.name, port, &arg.value, is_generic).into_iter().for_each(&mut say);
            }
        }
        block.lost.iter().map(|lost| lost_part(elaborated, block, lost)).for_each(&mut say);
    }
    found
}

/// What is given to the ports of one block.
struct Given<'a> {
    elaborated: &'a Elaborated,
    declarations: &'a Declarations,
    block: &'a Block,
    def: Option<&'a FunctionDef>,
}

impl Given<'_> {
    fn misfit(&self, name: &str, port: &Port, value: &Binding, is_generic: bool) -> Option<Diagnostic> {
        let what = self.wrong(port, &port.ty, value, is_generic)?;
        let block = &self.block.function;
        let kind = match port.role {
            PortRole::Clock => "takes a clock, which is bool".to_owned(),
            PortRole::Reset => "takes a reset".to_owned(),
            PortRole::Data => what.wanted,
        };
        let finding = Diagnostic::new(
            Code::PH0319,
            self.block.call_span,
            format!("`{name}` of `{block}` {kind}, and {} {}", what.given, what.is),
        )
        .label(self.annotation(name), format!("`{name}` {kind}"));
        let declared = what.signal.map_or(Span::NONE, |id| self.declarations.span(id));
        // What a script makes is met first as the parameter.
        let is_parameter = self.parameter(name).is_some_and(|param| param.name.span == declared);
        let finding = match is_parameter {
            true => finding,
            false => finding.label(declared, format!("{} {}", what.given, what.is)),
        };
        Some(match what.help {
            Some(help) => finding.help(help),
            None => finding,
        })
    }

    /// Where the parameter is annotated.
    fn annotation(&self, name: &str) -> Span {
        let place = |param: &Parameter| param.annotation.as_ref().map_or(param.name.span, |ty| ty.span);
        self.parameter(name).map_or(Span::NONE, place)
    }

    fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.def?.params.iter().find(|param| param.name.name == name)
    }

    fn wrong(&self, port: &Port, ty: &PortType, value: &Binding, is_generic: bool) -> Option<Misfit> {
        match (ty, value) {
            (PortType::Any, _) => None,
            (PortType::Array(element, length), value) => {
                let elements = self.elements(value)?;
                if elements.len() != *length {
                    let given = format!("a list of {}", elements.len());
                    return Some(Misfit::new(self.wanted(ty), given, "is given".to_owned()));
                }
                elements.iter().find_map(|value| self.wrong(port, element, value, is_generic))
            }
            (_, Binding::Signal(id)) => self.wrong_signal(port, ty, *id, is_generic),
            (_, Binding::Const(value)) => self.wrong_constant(port, ty, value),
            (_, Binding::Object(id)) => match self.elaborated.object(*id) {
                Object::Intbv { value, .. } => self.wrong_constant(port, ty, &Const::Int(value.clone())),
                Object::List(_) | Object::Dict(_) => {
                    let given = "what is given".to_owned();
                    Some(Misfit::new(self.wanted(ty), given, "is no signal".to_owned()))
                }
                // It may stand for one.
                Object::Instance { .. } | Object::Cell(_) => None,
            },
            (
                _,
                Binding::Tuple(..)
                | Binding::TupleClass(_)
                | Binding::EnumType(_)
                | Binding::Function(_)
                | Binding::Property(_)
                | Binding::Builtin(_)
                | Binding::Module(..)
                | Binding::Unknown(_),
            ) => None,
        }
    }

    fn elements<'a>(&'a self, value: &'a Binding) -> Option<&'a [Binding]> {
        match value {
            Binding::Tuple(elements, _) => Some(elements),
            Binding::Object(id) => match self.elaborated.object(*id) {
                Object::List(elements) => Some(elements),
                Object::Dict(_) | Object::Intbv { .. } | Object::Instance { .. } | Object::Cell(_) => None,
            },
            _ => None,
        }
    }

    fn wrong_signal(&self, port: &Port, ty: &PortType, id: SignalId, is_generic: bool) -> Option<Misfit> {
        let signal = self.elaborated.signal(id);
        if signal.is_open {
            return None;
        }
        let given = signal.name.as_ref().map_or("the signal".to_owned(), |name| format!("`{name}`"));
        let about = |misfit: Misfit| Some(Misfit { signal: Some(id), ..misfit });
        if signal.is_constant {
            return self.wrong_constant(port, ty, &signal.init).and_then(about);
        }
        if !is_generic && !self.takes(port, ty, signal) {
            let is = match (ty, &signal.ty) {
                // Both by their members, where one is.
                (PortType::OtherEnum(wanted), SignalType::Enum(id)) if wanted.starts_with("enum(") => {
                    format!("is {}", self.members_text(*id))
                }
                (_, has) => format!("is {}", self.type_text(has)),
            };
            return about(Misfit::new(self.wanted(ty), given, is).help(match port.role {
                PortRole::Data => format!(
                    "`{}` follows the signal, in simulation and in emitted text: let one of the two say what is meant",
                    self.block.function
                ),
                PortRole::Clock | PortRole::Reset => "a signal of `bool` has edges".to_owned(),
            }));
        }
        if let (Some(wanted), Some(has)) = (port.reset, signal.reset)
            && wanted != has
        {
            let how = |spec: pyhw_elaborate::ResetSpec| {
                let level = if spec.active_high { "high" } else { "low" };
                format!("active {level} and {}", if spec.is_async { "asynchronous" } else { "synchronous" })
            };
            let is = format!("is {}: the port says {}", how(has), how(wanted));
            return about(Misfit::new(String::new(), given, is));
        }
        if let (Some(init), PortDirection::Out) = (&port.init, port.direction)
            && *init != signal.init
        {
            let is = format!("starts with {}", constant_text(&signal.init));
            let misfit = Misfit::new(format!("starts with {}", constant_text(init)), given, is);
            return about(misfit.help("the signal's own initial value counts: let it start with the same"));
        }
        None
    }

    /// Whether the port says of the signal what it is, or no more than that.
    fn takes(&self, port: &Port, ty: &PortType, signal: &Signal) -> bool {
        let PortType::Signal(ty) = ty else { return false };
        match (ty, &signal.ty) {
            (
                SignalType::Int { range: wanted, width_bits, wraps },
                SignalType::Int { range: has, width_bits: has_bits, wraps: has_wraps },
            ) => {
                let arrives = wanted.contains_range(has);
                let leaves = *wraps == *has_wraps && (*wraps && wanted == has || has.contains_range(wanted));
                width_bits == has_bits
                    && match port.direction {
                        PortDirection::In => arrives,
                        PortDirection::Out => leaves,
                        PortDirection::InOut => arrives && leaves,
                    }
            }
            (wanted, has) => wanted == has,
        }
    }

    fn wrong_constant(&self, port: &Port, ty: &PortType, value: &Const) -> Option<Misfit> {
        let is_driven = !matches!(port.direction, PortDirection::In);
        let fits = match (ty, value) {
            // A port that is left out.
            (_, Const::None) => return None,
            _ if is_driven || port.role != PortRole::Data => false,
            (PortType::Signal(SignalType::Bool), value) => {
                integer(value).is_some_and(|value| Range::new(0i64, 1i64).contains(&value))
            }
            (PortType::Signal(SignalType::Int { range, .. }), value) => {
                integer(value).is_some_and(|value| range.contains(&value))
            }
            (PortType::Signal(SignalType::Enum(id)), Const::Enum(of, _)) => id == of,
            _ => false,
        };
        let misfit = Misfit::new(
            if is_driven { "drives a signal".to_owned() } else { self.wanted(ty) },
            constant_text(value),
            "is given".to_owned(),
        );
        (!fits).then_some(misfit)
    }

    fn wanted(&self, ty: &PortType) -> String {
        match ty {
            PortType::Signal(ty) => format!("takes {}", self.type_text(ty)),
            PortType::OtherEnum(name) => format!("takes {name}"),
            PortType::Array(_, length) => format!("takes a list of {length}"),
            PortType::Any => "takes another type".to_owned(),
        }
    }

    fn members_text(&self, id: EnumId) -> String {
        let members = self.elaborated.types.enums[id.index()].members.iter();
        format!("enum({})", members.map(|(name, _)| format!("'{name}'")).collect::<Vec<_>>().join(","))
    }

    /// A type as the user writes it.
    fn type_text(&self, ty: &SignalType) -> String {
        match ty {
            SignalType::Bool => "bool".to_owned(),
            SignalType::Int { range, wraps, .. } => match (range.bounds(), range.width_bits()) {
                (Some((_, max)), _) if *wraps && !range.is_signed() => format!("Mod[{}]", max.add(&Int::ONE)),
                (Some(_), Some(width)) if *range == Range::unsigned(width) => format!("uint[{width}]"),
                (Some(_), Some(width)) if *range == Range::signed(width) => format!("sint[{width}]"),
                (Some((min, max)), _) => format!("Int[{min}, {}]", max.add(&Int::ONE)),
                (None, _) => "an integer without bounds".to_owned(),
            },
            SignalType::Enum(id) => match &self.elaborated.types.enums[id.index()].name {
                name if name.is_empty() => self.members_text(*id),
                name => name.clone(),
            },
            SignalType::Struct(_) => "a struct".to_owned(),
            SignalType::Opaque => "no type of hardware".to_owned(),
        }
    }
}

/// What does not fit: what the port is or takes, what it is given, and what that is.
struct Misfit {
    wanted: String,
    given: String,
    is: String,
    signal: Option<SignalId>,
    help: Option<String>,
}

impl Misfit {
    fn new(wanted: String, given: String, is: String) -> Misfit {
        Misfit { wanted, given, is, signal: None, help: None }
    }

    fn help(self, help: impl Into<String>) -> Misfit {
        Misfit { help: Some(help.into()), ..self }
    }
}

fn integer(value: &Const) -> Option<Int> {
    match value {
        Const::Bool(value) => Some(Int::from(i64::from(*value))),
        Const::Int(value) => Some(value.clone()),
        Const::None | Const::Float(_) | Const::Str(_) | Const::Enum(..) | Const::Opaque(_) => None,
    }
}

fn constant_text(value: &Const) -> String {
    match value {
        Const::None => "None".to_owned(),
        Const::Bool(value) => i32::from(*value).to_string(),
        Const::Int(value) => value.to_string(),
        Const::Float(value) => value.to_string(),
        Const::Str(text) => format!("{text:?}"),
        Const::Enum(..) => "a member of an enumeration".to_owned(),
        Const::Opaque(_) => "an object".to_owned(),
    }
}

/// Defaults of outputs that are numbers: nothing takes them for what the output starts with.
fn unused_defaults<'a>(block: &'a Block, def: &'a FunctionDef) -> impl Iterator<Item = Diagnostic> + 'a {
    def.params.iter().filter_map(|param| {
        let port = block.ports.get(&param.name.name)?;
        let default = param.default.as_ref()?;
        let is_number = matches!(default.kind, ExprKind::Int(_) | ExprKind::Bool(_));
        if port.direction != PortDirection::Out || !is_number {
            return None;
        }
        let name = &param.name.name;
        let message = format!("the default of the output `{name}` is not what it starts with");
        let label = param.annotation.as_ref().map_or(Span::NONE, |annotation| annotation.span);
        Some(
            Diagnostic::new(Code::PH0319, default.span, message)
                .label(label, "")
                .help(format!("the initial value stands in the annotation: `{name}: Out[bool, 1]`")),
        )
    })
}

/// Whether a block asks a port for its type, so that it is written for any.
fn asks_for_types(def: &FunctionDef) -> bool {
    let mut asks = Asks { def, found: false };
    walk_block(&mut asks, &def.body);
    asks.found
}

struct Asks<'a> {
    def: &'a FunctionDef,
    found: bool,
}

impl Asks<'_> {
    fn is_port(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => self.def.params.iter().any(|param| param.name.name == *name),
            ExprKind::Subscript { value, .. } => self.is_port(value),
            _ => false,
        }
    }
}

impl<'a> Visitor<'a> for Asks<'_> {
    fn expr(&mut self, expr: &'a Expr) {
        self.found |= match &expr.kind {
            ExprKind::Attribute { value, attr } => {
                matches!(&*attr.name, "val" | "min" | "max" | "_nrbits" | "_type") && self.is_port(value)
            }
            ExprKind::Call { function, args } => {
                matches!(&function.kind, ExprKind::Name(name) if name == "len")
                    && args.iter().any(|arg| self.is_port(arg.value()))
            }
            _ => false,
        };
        walk_expr(self, expr);
    }
}

/// Something that a block makes and does not return.
fn lost_part(elaborated: &Elaborated, block: &Block, lost: &Lost) -> Diagnostic {
    // What took its name: for blocks no name is known to be theirs.
    let later = block.items.iter().find_map(|item| match item {
        Item::Process(id) if !lost.is_block => {
            let other = elaborated.process(*id);
            (other.name == lost.name && other.span != lost.span).then_some(other.span)
        }
        Item::Process(_) | Item::Block(_) => None,
    });
    let (block, name) = (&block.function, &lost.name);
    let what = match (lost.is_block, lost.count) {
        (true, 1) => format!("an instance of `{name}` that `{block}` makes"),
        (true, count) => format!("{count} instances of `{name}` that `{block}` makes"),
        (false, 1) => format!("the process `{name}` that `{block}` makes"),
        (false, count) => format!("{count} processes `{name}` that `{block}` makes"),
    };
    let (are, do_they) = if lost.count == 1 { ("is", "it does") } else { ("are", "they do") };
    let message = format!("{what} {are} not returned, so that {do_they} not run");
    let finding = Diagnostic::new(Code::PH0407, lost.span, message);
    let finding = later.into_iter().fold(finding, |finding, span| {
        finding.label(span, format!("this `{name}` is returned in its place"))
    });
    finding.help(match (lost.is_held, lost.count) {
        (true, _) => "return it with the others, or do not make it",
        (false, 1) => {
            "no name of the block holds it any more when it returns: give it a name of its own, and return it"
        }
        (false, _) => "no name of the block holds them when it returns: keep them in a list, and return it",
    })
}

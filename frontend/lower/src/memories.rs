//! Which lists of signals become memories.

use crate::source::Parsed;
use pyhw_elaborate::{
    Binding, Const, Elaborated, Object, ObjectId, Sense, Shadow, ShadowPart, SignalId, SignalKind, Trigger,
};
use pyhw_syntax::ast::{Expr, ExprKind};
use pyhw_syntax::visit::{Visitor, walk_block, walk_expr, walk_target};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The lists that become memories, with their elements: at least two plain signals of one type that nothing reaches but through
/// the list, in a list that some process indexes with more than a literal. Where several processes drive an element each, and none
/// one that a run tells, the elements are signals that others may still pick from.
pub fn memories(elaborated: &Elaborated, parsed: &Parsed) -> Vec<(ObjectId, Vec<SignalId>)> {
    let indexed = indexed_lists(elaborated, parsed);
    if indexed.is_empty() {
        return Vec::new();
    }
    let mut holders: HashMap<SignalId, usize> = HashMap::new();
    let mut hold = |id: SignalId| *holders.entry(id).or_default() += 1;
    for function in &elaborated.functions {
        for binding in function.names.values().chain(function.defaults.values()).chain(&function.receiver) {
            direct_signals(binding, &mut hold);
        }
    }
    // A parameter names the signal that it is given, which is a port then, even if the block only puts it into a list.
    for block in &elaborated.blocks {
        block.args.iter().for_each(|arg| direct_signals(&arg.value, &mut hold));
    }
    for object in &elaborated.objects {
        match object {
            Object::List(elements) => elements.iter().for_each(|element| direct_signals(element, &mut hold)),
            Object::Dict(items) => items.iter().for_each(|(_, value)| direct_signals(value, &mut hold)),
            Object::Instance { attributes, .. } => {
                attributes.values().for_each(|value| direct_signals(value, &mut hold));
            }
            Object::Cell(inner) => direct_signals(inner, &mut hold),
            Object::Intbv { .. } => {}
        }
    }
    for signal in &elaborated.signals {
        match &signal.kind {
            SignalKind::Shadow(Shadow::Bit(of, _) | Shadow::Slice(of, ..) | Shadow::Same(of))
            | SignalKind::Driver(of) => hold(*of),
            SignalKind::Shadow(Shadow::Concat(parts)) => {
                for part in parts {
                    if let ShadowPart::Signal(of, _) = part {
                        hold(*of);
                    }
                }
            }
            SignalKind::Plain | SignalKind::Delayed(_) | SignalKind::TriState => {}
        }
    }
    for process in &elaborated.processes {
        match &process.trigger {
            Trigger::Seq { clock, reset, .. } => {
                [Some(*clock), *reset].into_iter().flatten().for_each(&mut hold)
            }
            Trigger::Always(senses) => {
                for sense in senses {
                    if let Sense::Event(signal, _) = sense {
                        hold(*signal);
                    }
                }
            }
            Trigger::Comb | Trigger::Instance => {}
        }
    }
    let mut found = Vec::new();
    for (index, object) in elaborated.objects.iter().enumerate() {
        let id = ObjectId(index as u32);
        if !indexed.contains(&id) {
            continue;
        }
        let Object::List(elements) = object else { continue };
        let signals: Option<Vec<SignalId>> = elements
            .iter()
            .map(|element| match element {
                Binding::Signal(id) => Some(*id),
                _ => None,
            })
            .collect();
        let Some(signals) = signals.filter(|signals| signals.len() > 1) else { continue };
        let first = elaborated.signal(signals[0]);
        let alike = signals.iter().all(|id| {
            let signal = elaborated.signal(*id);
            signal.ty == first.ty && signal.kind == SignalKind::Plain && signal.reset.is_none()
        });
        if alike && signals.iter().all(|id| holders.get(id) == Some(&1)) {
            found.push((id, signals));
        }
    }
    found
}

fn direct_signals(binding: &Binding, hold: &mut impl FnMut(SignalId)) {
    match binding {
        Binding::Signal(id) => hold(*id),
        Binding::Tuple(elements, _) => elements.iter().for_each(|element| direct_signals(element, hold)),
        Binding::Module(_, members) => members.values().for_each(|member| direct_signals(member, hold)),
        _ => {}
    }
}

/// Lists that stand before brackets with more than a literal in them.
fn indexed_lists(elaborated: &Elaborated, parsed: &Parsed) -> HashSet<ObjectId> {
    let mut lists = HashSet::new();
    let mut attributes = HashSet::new();
    let mut stored: HashMap<ObjectId, Stored> = HashMap::new();
    let mut stored_attributes: HashMap<String, Stored> = HashMap::new();
    for function in &elaborated.functions {
        let Some(def) = parsed.function(function) else { continue };
        let mut finder = Finder::new(&function.names);
        walk_block(&mut finder, &def.body);
        for name in finder.names {
            if let Some(Binding::Object(id)) = function.names.get(name) {
                lists.insert(*id);
            }
        }
        attributes.extend(finder.attributes.into_iter().map(str::to_owned));
        for (name, one) in finder.stored {
            if let Some(Binding::Object(id)) = function.names.get(name) {
                stored.entry(*id).or_default().add(one);
            }
        }
        for (name, one) in finder.stored_attributes {
            stored_attributes.entry(name.to_owned()).or_default().add(one);
        }
    }
    lists.retain(|id| !stored.get(id).is_some_and(Stored::is_apart));
    attributes.retain(|name| !stored_attributes.get(name).is_some_and(Stored::is_apart));
    // A list that is reached through an object is known by the attribute's name.
    for object in &elaborated.objects {
        if let Object::Instance { attributes: own, .. } = object {
            for (name, binding) in own {
                if let (true, Binding::Object(id)) = (attributes.contains(name), binding) {
                    lists.insert(*id);
                }
            }
        }
    }
    // A list that a function takes as an argument may be indexed there under another name: it then stays a list.
    lists
}

/// The stores into elements of a list.
#[derive(Clone, Copy, Default)]
struct Stored {
    /// How many functions store into an element that is known.
    known: usize,
    /// Whether one stores where a run tells.
    picked: bool,
}

impl Stored {
    fn add(&mut self, other: Stored) {
        self.known += other.known;
        self.picked |= other.picked;
    }

    /// Whether several drive an element each.
    fn is_apart(&self) -> bool {
        self.known > 1 && !self.picked
    }
}

struct Finder<'a> {
    /// What the free names are bound to.
    constants: &'a BTreeMap<String, Binding>,
    names: HashSet<&'a str>,
    attributes: HashSet<&'a str>,
    stored: HashMap<&'a str, Stored>,
    stored_attributes: HashMap<&'a str, Stored>,
}

impl<'a> Finder<'a> {
    fn new(constants: &'a BTreeMap<String, Binding>) -> Finder<'a> {
        let (names, attributes) = (HashSet::new(), HashSet::new());
        Finder { constants, names, attributes, stored: HashMap::new(), stored_attributes: HashMap::new() }
    }

    /// Whether an index is a literal, or made of numbers that the block has fixed: it picks one element, whenever the process runs.
    fn is_constant(&self, index: &Expr) -> bool {
        match &index.kind {
            ExprKind::Int(_) => true,
            ExprKind::Name(name) => {
                matches!(self.constants.get(name), Some(Binding::Const(Const::Int(_) | Const::Bool(_))))
            }
            ExprKind::Unary { operand, .. } => self.is_constant(operand),
            ExprKind::Binary { first, rest } => {
                self.is_constant(first) && rest.iter().all(|(_, operand)| self.is_constant(operand))
            }
            _ => false,
        }
    }
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn expr(&mut self, expr: &'a Expr) {
        if let ExprKind::Subscript { value, index } = &expr.kind
            && !matches!(index.kind, ExprKind::Slice { .. })
            && !self.is_constant(index)
        {
            match &value.kind {
                ExprKind::Name(name) => {
                    self.names.insert(name);
                }
                ExprKind::Attribute { attr, .. } => {
                    self.attributes.insert(&attr.name);
                }
                _ => {}
            }
        }
        walk_expr(self, expr);
    }

    fn target(&mut self, target: &'a Expr) {
        let mut at = target;
        while let ExprKind::Subscript { value, .. } | ExprKind::Attribute { value, .. } = &at.kind {
            if let (ExprKind::Attribute { attr, .. }, ExprKind::Subscript { value: list, index }) =
                (&at.kind, &value.kind)
                && attr.name == "next"
            {
                let picked = !self.is_constant(index);
                let stored = match &list.kind {
                    ExprKind::Name(name) => self.stored.entry(name).or_default(),
                    ExprKind::Attribute { attr, .. } => self.stored_attributes.entry(&attr.name).or_default(),
                    _ => break,
                };
                stored.known = stored.known.max(usize::from(!picked));
                stored.picked |= picked;
                break;
            }
            at = value;
        }
        walk_target(self, target);
    }
}

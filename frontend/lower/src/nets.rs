//! The flat table of nets that processes are lowered over, before the hierarchy is made.

use crate::source::Declarations;
use pyhw_diagnostics::{Pos, Span};
use pyhw_elaborate::{
    BlockId, Const, Elaborated, Object, ObjectId, ProcessId, Signal, SignalId, SignalKind, SignalType,
};
use pyhw_ir::types::MAX_WIDTH_BITS;
use pyhw_ir::{Int, Net, NetId, NetKind, Range, Type, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Where the value of a signal is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalPlace {
    /// In a net of its own.
    Net(NetId),
    /// In an element of a memory.
    Element(NetId, u32),
}

/// The nets of the whole design.
#[derive(Debug)]
pub struct Nets {
    nets: Vec<Net>,
    /// What makes the order of nets within a module: where they were declared, and then in which order they were met.
    order: Vec<(Pos, u32)>,
    owners: Vec<Option<BlockId>>,
    places: Vec<SignalPlace>,
    memories: BTreeMap<ObjectId, NetId>,
    memory_lengths: HashMap<NetId, u32>,
    /// For boolean nets, the net that says whether the object is an integer.
    kinds: BTreeMap<NetId, NetId>,
    /// The integers that processes keep outside of themselves.
    registers: Vec<Kept>,
}

/// An integer that a process keeps outside of itself and changes.
#[derive(Clone, Debug)]
pub struct Register {
    /// The process, which is the only one that reaches it.
    pub process: ProcessId,
    /// The integer.
    pub object: ObjectId,
    /// What the process calls it.
    pub name: String,
    /// The block of the process.
    pub block: Option<BlockId>,
    /// The process, for the order of nets.
    pub span: Span,
    /// How it is kept.
    pub keeping: Keeping,
}

/// How a process keeps an integer of its surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// In a net, from one activation to the next.
    InNet,
    /// In a variable: the process never ends.
    InVariable,
    /// Not at all: each activation stores into it before it reads it.
    Nothing,
}

/// An integer, or a list of them, that a process keeps, and what holds it.
#[derive(Clone, Debug)]
pub struct Kept {
    process: ProcessId,
    /// The integer.
    pub object: ObjectId,
    /// The variable's name and type, with the first value.
    pub declared: Net,
    /// The net, if it is kept in one.
    pub place: Option<NetId>,
    /// How it is kept.
    pub keeping: Keeping,
}

impl Nets {
    /// A net for every signal, but one memory for each of the lists in `memories` (which have elements of one type that nothing
    /// names by themselves).
    pub fn new(
        elaborated: &Elaborated,
        declarations: &Declarations,
        memories: &[(ObjectId, Vec<SignalId>)],
    ) -> Nets {
        let mut table = Nets {
            nets: Vec::new(),
            order: Vec::new(),
            owners: Vec::new(),
            places: vec![SignalPlace::Net(NetId::new(0)); elaborated.signals.len()],
            memories: BTreeMap::new(),
            memory_lengths: HashMap::new(),
            kinds: BTreeMap::new(),
            registers: Vec::new(),
        };
        let mut in_memory: HashMap<SignalId, (usize, u32)> = HashMap::new();
        for (index, (_, elements)) in memories.iter().enumerate() {
            for (place, signal) in elements.iter().enumerate() {
                in_memory.insert(*signal, (index, place as u32));
            }
        }
        for (index, signal) in elaborated.signals.iter().enumerate() {
            let id = SignalId(index as u32);
            match in_memory.get(&id) {
                None => {
                    let net = table.push(plain_net(signal, index, declarations, id), index, signal.owner);
                    table.places[index] = SignalPlace::Net(net);
                }
                Some((memory, place)) => {
                    let (object, elements) = &memories[*memory];
                    let net = match table.memories.get(object) {
                        Some(net) => *net,
                        None => {
                            let net = table.push(
                                memory_net(elaborated, elements, declarations),
                                index,
                                signal.owner,
                            );
                            table.memories.insert(*object, net);
                            table.memory_lengths.insert(net, elements.len() as u32);
                            net
                        }
                    };
                    table.places[index] = SignalPlace::Element(net, *place);
                }
            }
        }
        // Drivers name their net by signal until every signal has its place.
        for (index, signal) in elaborated.signals.iter().enumerate() {
            if let (SignalKind::Driver(of), SignalPlace::Net(net)) = (&signal.kind, table.places[index])
                && let SignalPlace::Net(of) = table.places[of.index()]
            {
                table.nets[net.index()].kind = NetKind::Driver(of);
            }
        }
        table
    }

    fn push(&mut self, net: Net, order: usize, owner: Option<BlockId>) -> NetId {
        self.order.push((net.span.start, order as u32));
        self.nets.push(net);
        self.owners.push(owner);
        NetId::new(self.nets.len() - 1)
    }

    /// Adds the net that says whether the object of a boolean net is an integer.
    pub fn add_kind(&mut self, of: NetId) {
        let net = &self.nets[of.index()];
        let kind = Net::new(format!("{}_is_int", net.name), Type::Bool, Value::Bool(false), Span::NONE);
        let (order, owner) = (self.order[of.index()], self.owners[of.index()]);
        self.order.push(order);
        self.nets.push(kind);
        self.owners.push(owner);
        self.kinds.insert(of, NetId::new(self.nets.len() - 1));
    }

    /// The net that says whether the object of a boolean net is an integer, where that is kept.
    pub fn kind(&self, of: NetId) -> Option<NetId> {
        self.kinds.get(&of).copied()
    }

    /// Adds what holds an integer, or a list of them, which a process keeps.
    pub fn add_register(&mut self, register: Register, elaborated: &Elaborated) {
        // The object itself has what the last run left in it.
        let kept = &elaborated.process(register.process).kept;
        let first_of = |id: ObjectId, value: &Int| {
            let first = kept.iter().find(|kept| kept.object == id).map_or(value, |kept| &kept.value);
            Value::Int(first.clone())
        };
        let integer = |id: ObjectId| match elaborated.object(id) {
            Object::Intbv { value, range, wraps, .. } => {
                Some((Type::Int(range.clone()), first_of(id, value), *wraps))
            }
            Object::List(_) | Object::Dict(_) | Object::Instance { .. } | Object::Cell(_) => None,
        };
        let (ty, init, wraps) = match crate::kept::elements_of_one_kind(elaborated, register.object) {
            None => match integer(register.object) {
                Some(one) => one,
                None => return,
            },
            Some(ids) => {
                let elements: Vec<_> = ids.into_iter().filter_map(integer).collect();
                let Some((ty, _, wraps)) = elements.first().cloned() else { return };
                let ty = Type::Array(Box::new(ty), elements.len() as u32);
                let values = elements.into_iter().map(|(_, value, _)| value).collect();
                (ty, Value::Array(Arc::new(values)), wraps)
            }
        };
        let net = Net { wraps, ..Net::new(register.name, ty, init, register.span) };
        let place = match register.keeping {
            Keeping::InNet => {
                let order = self.nets.len();
                Some(self.push(net.clone(), order, register.block))
            }
            Keeping::InVariable | Keeping::Nothing => None,
        };
        self.registers.push(Kept {
            process: register.process,
            object: register.object,
            declared: net,
            place,
            keeping: register.keeping,
        });
    }

    /// The integers that a process keeps outside of itself.
    pub fn registers_of(&self, process: ProcessId) -> impl Iterator<Item = &Kept> {
        self.registers.iter().filter(move |kept| kept.process == process)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.nets.len()
    }

    /// Every net in order.
    pub fn iter(&self) -> impl Iterator<Item = &Net> {
        self.nets.iter()
    }

    /// The net of this place.
    pub fn net(&self, id: NetId) -> &Net {
        &self.nets[id.index()]
    }

    /// Gives the net the initial value that the design itself stores.
    pub fn load(&mut self, id: NetId, value: Value) {
        let net = &mut self.nets[id.index()];
        net.init = value;
        net.loaded = true;
    }

    /// What nets of one module are sorted by.
    pub fn order(&self, id: NetId) -> (Pos, u32) {
        self.order[id.index()]
    }

    /// The block in which the net's signal was made.
    pub fn owner(&self, id: NetId) -> Option<BlockId> {
        self.owners[id.index()]
    }

    /// Where the value of a signal is kept.
    pub fn place(&self, id: SignalId) -> SignalPlace {
        self.places[id.index()]
    }

    /// Whether the value of a signal is kept in one of these nets.
    pub fn is_any_of(&self, id: SignalId, nets: &HashSet<NetId>) -> bool {
        match self.place(id) {
            SignalPlace::Net(net) | SignalPlace::Element(net, _) => nets.contains(&net),
        }
    }

    /// A net that holds one value on purpose has no place of its own: nobody is to be told that nothing drives it.
    pub fn forget_place(&mut self, id: SignalId) {
        if let SignalPlace::Net(net) = self.places[id.index()] {
            self.nets[net.index()].span = Span::NONE;
        }
    }

    /// The memory that a list has become.
    pub fn memory(&self, list: ObjectId) -> Option<NetId> {
        self.memories.get(&list).copied()
    }
}

/// The width of a signal that is wider than any integer of the IR. Only the host drives and reads it: it knows its bounds.
pub fn excess_width(ty: &SignalType) -> Option<u32> {
    match ty {
        SignalType::Int { range, .. } => range.width_bits().filter(|width| *width > MAX_WIDTH_BITS),
        SignalType::Bool | SignalType::Enum(_) | SignalType::Struct(_) | SignalType::Opaque => None,
    }
}

/// The type of the net that holds a signal of this type.
pub fn net_type(ty: &SignalType) -> Type {
    match ty {
        SignalType::Bool => Type::Bool,
        SignalType::Int { .. } if excess_width(ty).is_some() => Type::Int(Range::UNBOUNDED),
        SignalType::Int { range, .. } => Type::Int(range.clone()),
        SignalType::Enum(id) => Type::Enum(*id),
        SignalType::Struct(id) => Type::Struct(*id),
        SignalType::Opaque => Type::Opaque,
    }
}

fn init_value(signal: &Signal) -> Value {
    match (&signal.ty, &signal.init) {
        (SignalType::Bool, Const::Bool(value)) => Value::Bool(*value),
        (SignalType::Bool, Const::Int(value)) => Value::Bool(!value.is_zero()),
        (SignalType::Int { .. }, Const::Int(value)) => Value::Int(value.clone()),
        (SignalType::Int { .. }, Const::Bool(value)) => Value::Int(Int::from(*value)),
        (SignalType::Enum(_), Const::Enum(_, member)) => Value::Enum(*member),
        (SignalType::Opaque, Const::Opaque(handle)) => Value::Opaque(*handle),
        (_, Const::None) => Value::Z,
        (SignalType::Bool, _) => Value::Bool(false),
        (SignalType::Int { .. }, _) => Value::Int(Int::ZERO),
        (SignalType::Enum(_), _) => Value::Enum(0),
        (SignalType::Struct(_), _) => Value::Struct(Arc::new(Vec::new())),
        (SignalType::Opaque, _) => Value::Opaque(0),
    }
}

fn plain_net(signal: &Signal, index: usize, declarations: &Declarations, id: SignalId) -> Net {
    let name = signal.name.clone().unwrap_or_else(|| format!("s{index}"));
    // That its net has no bounds is nothing to tell of: who uses it is told how wide it is.
    let span = if excess_width(&signal.ty).is_some() { Span::NONE } else { declarations.span(id) };
    let mut net = Net::new(name, net_type(&signal.ty), init_value(signal), span);
    net.comment = declarations.comment(id);
    net.wraps = matches!(signal.ty, SignalType::Int { wraps: true, .. });
    net.kind = match &signal.kind {
        SignalKind::Plain | SignalKind::Shadow(_) | SignalKind::Driver(_) => NetKind::Signal,
        SignalKind::Delayed(steps) => NetKind::Delayed(*steps),
        SignalKind::TriState => NetKind::TriState,
    };
    net
}

fn memory_net(elaborated: &Elaborated, elements: &[SignalId], declarations: &Declarations) -> Net {
    let first = elaborated.signal(elements[0]);
    let init = elements.iter().map(|id| init_value(elaborated.signal(*id))).collect();
    let element = net_type(&first.ty);
    let name = first.name.clone().unwrap_or_else(|| "mem".to_owned());
    let ty = Type::Array(Box::new(element), elements.len() as u32);
    let mut net = Net::new(name, ty, Value::Array(Arc::new(init)), declarations.span(elements[0]));
    net.comment = declarations.comment(elements[0]);
    net.wraps = matches!(first.ty, SignalType::Int { wraps: true, .. });
    net
}

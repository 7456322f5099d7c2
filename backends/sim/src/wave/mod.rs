//! Waves: what changed, when, for a viewer.
//!
//! A sink is told the values at the end of each time at which something changed; what nets went through on the way, in the delta
//! cycles, is not in the waves. Arrays and structs are scopes of their elements and fields.

mod fst;
mod vcd;

pub use fst::Fst;
pub use vcd::Vcd;

use crate::flat::{Flat, NetIndex};
use crate::host::Opaques;
use crate::state::{Changed, State};
use pyhw_ir::{Design, EnumType, Int, Type, Types, Value};
use std::collections::HashSet;
use std::io;

/// What is recorded, and where it goes.
pub struct Waves {
    /// Takes the waves.
    pub sink: Box<dyn WaveSink>,
    /// The instance at the root of what is recorded, by its place in [`Flat::instances`].
    pub root: usize,
    /// The name of the root's scope; `None` for that of the instance.
    pub name: Option<String>,
    /// Longer arrays are left out.
    pub longest_array: u32,
    /// Nets that are left out.
    pub hidden: HashSet<NetIndex>,
}

impl Waves {
    /// The whole design, arrays of up to 4,096 elements included.
    pub fn new(sink: Box<dyn WaveSink>) -> Waves {
        Waves { sink, root: 0, name: None, longest_array: 4096, hidden: HashSet::new() }
    }
}

/// A scope with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Its name.
    pub name: String,
    /// Its variables.
    pub vars: Vec<Var>,
    /// The scopes in it.
    pub scopes: Vec<Scope>,
}

/// A variable of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Var {
    /// Its name.
    pub name: String,
    /// Its number; variables of several scopes that are one net have the same.
    pub id: usize,
    /// What it shows.
    pub kind: VarKind,
}

/// What a variable shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// One bit.
    Bit,
    /// So many bits, two's complement if the interval has negative values.
    Bits(u32),
    /// A member of an enum.
    Member(EnumType),
    /// An integer without bounds.
    Integer,
    /// A text, or an object of the host as a text.
    Text,
}

/// The value of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// One bit.
    Bit(bool),
    /// An integer; of bits, the low ones, as many as the variable has.
    Int(&'a Int),
    /// A member of the enum, by its place.
    Member(u32),
    /// A text.
    Text(&'a str),
    /// Not driven.
    Z,
}

/// Takes waves.
pub trait WaveSink: Send {
    /// The hierarchy. Comes first, and once.
    fn begin(&mut self, root: &Scope) -> io::Result<()>;

    /// What follows is of this time; never less than before. At the first time every variable has a value.
    fn time(&mut self, time: u64) -> io::Result<()>;

    /// A variable takes a value.
    fn change(&mut self, id: usize, value: Shown<'_>) -> io::Result<()>;

    /// What was written so far is to be readable as far as the format allows.
    fn flush(&mut self) -> io::Result<()>;

    /// The end, at this time.
    fn finish(&mut self, time: u64) -> io::Result<()>;
}

/// A scalar within a net.
struct Leaf {
    net: NetIndex,
    path: Box<[u32]>,
    last: Option<Value>,
}

/// Finds out what changed and tells a sink.
pub(crate) struct Recorder {
    sink: Box<dyn WaveSink>,
    leaves: Vec<Leaf>,
    /// The leaves of each net, and how many elements the net has if it is an array.
    of_net: Vec<Option<(usize, usize, usize)>>,
    root: Option<Scope>,
    text: String,
}

impl Recorder {
    pub fn new(design: &Design, flat: &Flat, state: &mut State, waves: Waves) -> Recorder {
        let mut recorder = Recorder {
            sink: waves.sink,
            leaves: Vec::new(),
            of_net: vec![None; flat.nets.len()],
            root: None,
            text: String::new(),
        };
        let mut scopes: Vec<Option<Scope>> = Vec::with_capacity(flat.instances.len());
        for (index, instance) in flat.instances.iter().enumerate() {
            let is_inside = index == waves.root
                || instance.parent.is_some_and(|parent| scopes.get(parent).is_some_and(Option::is_some));
            if !is_inside {
                scopes.push(None);
                continue;
            }
            let mut scope = Scope { name: instance.name.clone(), vars: Vec::new(), scopes: Vec::new() };
            if index == waves.root
                && let Some(name) = &waves.name
            {
                scope.name.clone_from(name);
            }
            for (local, &net) in design.module(instance.module).nets.iter().zip(&*instance.nets) {
                if waves.hidden.contains(&net) {
                    continue;
                }
                recorder.add_net(&mut scope, &local.name, net, &local.ty, &design.types, waves.longest_array);
                state.watch(net);
            }
            scopes.push(Some(scope));
        }
        // Instances stand after the one that they are in, so that from the end on each is whole when it is put there.
        let mut inner: Vec<Vec<Scope>> = scopes.iter().map(|_| Vec::new()).collect();
        for index in (0..scopes.len()).rev() {
            let Some(mut scope) = scopes[index].take() else { continue };
            scope.scopes.extend(std::mem::take(&mut inner[index]).into_iter().rev());
            match flat.instances[index].parent {
                Some(parent) if index != waves.root => inner[parent].push(scope),
                Some(_) | None => recorder.root = Some(scope),
            }
        }
        recorder
    }

    fn add_net(
        &mut self,
        scope: &mut Scope,
        name: &str,
        net: NetIndex,
        ty: &Type,
        types: &Types,
        longest: u32,
    ) {
        let known = self.of_net[net as usize];
        let start = known.map_or(self.leaves.len(), |(start, _, _)| start);
        let mut expansion = Expansion { types, longest, path: Vec::new(), next: start, paths: Vec::new() };
        expansion.add(scope, name, ty);
        if known.is_none() {
            let elements = match ty {
                Type::Array(_, length) => *length as usize,
                _ => 0,
            };
            self.leaves.extend(expansion.paths.into_iter().map(|path| Leaf { net, path, last: None }));
            self.of_net[net as usize] = Some((start, self.leaves.len(), elements));
        }
    }

    /// Tells the sink what changed at the time of the state: these nets, and these elements of arrays.
    pub fn record(&mut self, state: &State, changed: &Changed, opaques: &mut dyn Opaques) -> io::Result<()> {
        let (nets, elements) = changed;
        let mut at_time = false;
        if let Some(root) = self.root.take() {
            self.sink.begin(&root)?;
            self.show(state, opaques, 0, self.leaves.len(), &mut at_time)?;
            return self.sink.flush();
        }
        for &net in nets {
            if let Some((start, end, _)) = self.leaves_of(net) {
                self.show(state, opaques, start, end, &mut at_time)?;
            }
        }
        for &(net, element) in elements {
            if let Some((start, end, count)) = self.leaves_of(net)
                && end > start
            {
                let each = (end - start) / count.max(1);
                let first = start + each * element as usize;
                self.show(state, opaques, first, (first + each).min(end), &mut at_time)?;
            }
        }
        Ok(())
    }

    fn leaves_of(&self, net: NetIndex) -> Option<(usize, usize, usize)> {
        self.of_net.get(net as usize).copied().flatten()
    }

    fn show(
        &mut self,
        state: &State,
        opaques: &mut dyn Opaques,
        start: usize,
        end: usize,
        at_time: &mut bool,
    ) -> io::Result<()> {
        for id in start..end {
            let leaf = &mut self.leaves[id];
            let whole = state.value(leaf.net);
            let mut value = &whole;
            for &at in &leaf.path {
                if let Value::Array(parts) | Value::Struct(parts) = value
                    && let Some(part) = parts.get(at as usize)
                {
                    value = part;
                }
            }
            if leaf.last.as_ref() == Some(value) {
                continue;
            }
            leaf.last = Some(value.clone());
            if !std::mem::replace(at_time, true) {
                self.sink.time(state.now())?;
            }
            let shown = match value {
                Value::Bool(bit) => Shown::Bit(*bit),
                Value::Int(int) => Shown::Int(int),
                Value::Enum(member) => Shown::Member(*member),
                Value::Text(text) => Shown::Text(text),
                Value::Opaque(object) => {
                    self.text = opaques.text(*object);
                    Shown::Text(&self.text)
                }
                Value::Array(_) | Value::Struct(_) | Value::Z => Shown::Z,
            };
            self.sink.change(id, shown)?;
        }
        Ok(())
    }

    pub fn finish(&mut self, time: u64) -> io::Result<()> {
        self.sink.finish(time)
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// Adds the variables of a net, or of a part of it, to scopes.
struct Expansion<'a> {
    types: &'a Types,
    longest: u32,
    path: Vec<u32>,
    next: usize,
    paths: Vec<Box<[u32]>>,
}

impl Expansion<'_> {
    fn add(&mut self, scope: &mut Scope, name: &str, ty: &Type) {
        let kind = match ty {
            Type::Bool => VarKind::Bit,
            Type::Int(range) => range.width_bits().map_or(VarKind::Integer, VarKind::Bits),
            Type::Enum(id) => match self.types.enums.get(id.index()) {
                Some(of) => VarKind::Member(of.clone()),
                None => return,
            },
            Type::Text | Type::Opaque => VarKind::Text,
            Type::Array(element, length) => {
                if *length <= self.longest {
                    let parts = (0..*length).map(|index| (format!("{name}({index})"), &**element));
                    self.parts(scope, name, parts);
                }
                return;
            }
            Type::Struct(id) => {
                if let Some(of) = self.types.structs.get(id.index()) {
                    self.parts(scope, name, of.fields.iter().map(|(name, ty)| (name.clone(), ty)));
                }
                return;
            }
        };
        scope.vars.push(Var { name: name.to_owned(), id: self.next, kind });
        self.next += 1;
        self.paths.push(self.path.as_slice().into());
    }

    fn parts<'t>(&mut self, scope: &mut Scope, name: &str, parts: impl Iterator<Item = (String, &'t Type)>) {
        let mut inner = Scope { name: name.to_owned(), vars: Vec::new(), scopes: Vec::new() };
        for (index, (name, ty)) in parts.enumerate() {
            self.path.push(index as u32);
            self.add(&mut inner, &name, ty);
            self.path.pop();
        }
        scope.scopes.push(inner);
    }
}

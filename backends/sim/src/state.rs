//! The nets of a running simulation, its time, and where its texts go.

use crate::flat::{FlatKind, FlatNet, NetIndex};
use crate::host::TextSink;
use pyhw_ir::eval::{Environment, Fault, FaultKind, from_small, is_small, to_small};
use pyhw_ir::{Edge, Int, NetId, Type, Types, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A store waits for the next delta.
const DIRTY: u8 = 1;
/// Kept as a [`Value`], not as an `i64`.
const BIG: u8 = 2;
/// Takes its values later.
const DELAYED: u8 = 4;
/// Seen by a wave or by the host.
const WATCHED: u8 = 8;
/// Changed since the watcher last looked.
const CHANGED: u8 = 16;
/// Has edges: a boolean or an integer.
const EDGES: u8 = 32;

/// Nets that changed, and elements of arrays.
pub type Changed = (Vec<NetIndex>, Vec<(NetIndex, u32)>);

/// A net that is kept as an `i64`: current and next value.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    now: i64,
    next: i64,
}

/// A net that is kept as a value.
#[derive(Clone, Debug)]
struct Big {
    now: Value,
    next: Value,
    /// Elements of an array that were stored into, so that an update need not look at the rest.
    touched: Vec<u32>,
    /// Whether something else than elements was stored.
    whole: bool,
}

/// A delayed net's memory.
#[derive(Clone, Debug)]
struct Delayed {
    steps: u64,
    /// What was last stored, and when it became another value.
    last: Value,
    stamp: u64,
    /// Whether every store that becomes due takes what is stored by then.
    is_buffer: bool,
}

/// A change of a net that an update made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Update {
    /// It kept its value.
    Same,
    /// It changed; whether that was an edge.
    Changed(Option<Edge>),
    /// It will take the value at this time, unless another one is stored.
    Later { time: u64, stamp: u64 },
}

/// What a net, or an element of one, asks of values.
#[derive(Clone, Copy)]
struct Place<'a> {
    name: &'a str,
    ty: &'a Type,
    wraps: bool,
    is_tristate: bool,
}

impl Place<'_> {
    fn of(net: &FlatNet) -> Place<'_> {
        Place { name: &net.name, ty: &net.ty, wraps: net.wraps, is_tristate: net.is_tristate() }
    }
}

/// Nets, time and texts: all that a running process sees.
pub struct State {
    cells: Vec<Cell>,
    flags: Vec<u8>,
    /// Where a net that is not small stands in `bigs`.
    slots: Vec<u32>,
    bigs: Vec<Big>,
    delayed: BTreeMap<NetIndex, Delayed>,
    nets: Vec<FlatNet>,
    dirty: Vec<NetIndex>,
    changed: Vec<NetIndex>,
    changed_elements: Vec<(NetIndex, u32)>,
    types: Arc<Types>,
    pub(crate) now: u64,
    pub(crate) text: Box<dyn TextSink>,
    interrupt: Arc<AtomicBool>,
    observer: Option<Box<dyn FnMut(u64) + Send>>,
}

impl State {
    pub(crate) fn new(
        types: Arc<Types>,
        text: Box<dyn TextSink>,
        interrupt: Arc<AtomicBool>,
        observer: Option<Box<dyn FnMut(u64) + Send>>,
    ) -> State {
        State {
            cells: Vec::new(),
            flags: Vec::new(),
            slots: Vec::new(),
            bigs: Vec::new(),
            delayed: BTreeMap::new(),
            nets: Vec::new(),
            dirty: Vec::new(),
            changed: Vec::new(),
            changed_elements: Vec::new(),
            types,
            now: 0,
            text,
            interrupt,
            observer,
        }
    }

    /// Adds a net with its initial value as current and next one.
    pub(crate) fn add_net(&mut self, net: FlatNet) -> Result<NetIndex, Fault> {
        let index = self.nets.len() as NetIndex;
        let mut flags = if has_edges(&net.ty) { EDGES } else { 0 };
        let mut cell = Cell::default();
        let mut slot = u32::MAX;
        let init = self.fitted(Place::of(&net), net.init.clone(), true)?;
        match to_small(&init) {
            Some(value) if is_small(&net.ty) && !net.is_tristate() => cell = Cell { now: value, next: value },
            Some(_) | None => {
                flags |= BIG;
                slot = self.bigs.len() as u32;
                self.bigs.push(Big {
                    now: init.clone(),
                    next: init.clone(),
                    touched: Vec::new(),
                    whole: false,
                });
            }
        }
        if let FlatKind::Delayed(steps) = net.kind {
            flags |= DELAYED;
            self.delayed
                .insert(index, Delayed { steps, last: init, stamp: 0, is_buffer: net.ty.is_buffered() });
        }
        self.cells.push(cell);
        self.flags.push(flags);
        self.slots.push(slot);
        self.nets.push(net);
        Ok(index)
    }

    /// The nets.
    pub fn nets(&self) -> &[FlatNet] {
        &self.nets
    }

    /// The named types of the design.
    pub fn types(&self) -> &Types {
        &self.types
    }

    /// The current value of a net; `Z` for one that is not there.
    pub fn value(&self, net: NetIndex) -> Value {
        match self.flags.get(net as usize) {
            None => Value::Z,
            Some(flags) if flags & BIG != 0 => self.bigs[self.slots[net as usize] as usize].now.clone(),
            Some(_) => from_small(self.cells[net as usize].now, &self.nets[net as usize].ty),
        }
    }

    /// The next value of a net; `Z` for one that is not there.
    pub fn next_value(&self, net: NetIndex) -> Value {
        match self.flags.get(net as usize) {
            None => Value::Z,
            Some(flags) if flags & BIG != 0 => self.bigs[self.slots[net as usize] as usize].next.clone(),
            Some(_) => from_small(self.cells[net as usize].next, &self.nets[net as usize].ty),
        }
    }

    /// Stores into the next value of a net.
    ///
    /// # Errors
    /// [`FaultKind::Range`] for a value that the net does not hold (one that wraps takes any); [`FaultKind::Internal`] for one of
    /// another kind, or a net that is not there.
    pub fn set_next(&mut self, net: NetIndex, value: Value) -> Result<(), Fault> {
        let value = self.checked(net, value)?;
        self.put(net, value);
        Ok(())
    }

    /// The current value of an element of an array net; `None` for one that is not there.
    pub fn element(&self, net: NetIndex, element: usize) -> Option<&Value> {
        element_of(&self.bigs.get(*self.slots.get(net as usize)? as usize)?.now, element)
    }

    /// The next value of an element of an array net; `None` for one that is not there.
    pub fn next_element(&self, net: NetIndex, element: usize) -> Option<&Value> {
        element_of(&self.bigs.get(*self.slots.get(net as usize)? as usize)?.next, element)
    }

    /// Stores into one element of the next value of an array net, without looking at the others.
    ///
    /// # Errors
    /// As of [`State::set_next`], by the interval of the element; [`FaultKind::Index`] for an element that is not there.
    pub fn set_next_element(&mut self, net: NetIndex, element: usize, value: Value) -> Result<(), Fault> {
        let missing = || Fault::internal("a store into an element of what is no array");
        let info = self.nets.get(net as usize).ok_or_else(missing)?;
        let Type::Array(inner, length) = &info.ty else { return Err(missing()) };
        if element >= *length as usize {
            let (length, index) = (*length as usize, Int::from(element));
            return Err(Fault::new(FaultKind::Index { length, index }));
        }
        let value = self.fitted(Place { ty: inner, ..Place::of(info) }, value, false)?;
        self.mark(net);
        let big = &mut self.bigs[self.slots[net as usize] as usize];
        if !big.whole {
            big.touched.push(element as u32);
        }
        if let Value::Array(elements) = &mut big.next
            && let Some(place) = Arc::make_mut(elements).get_mut(element)
        {
            *place = value;
        }
        Ok(())
    }

    /// Sets both values of a net at once, without an event: for the start of a simulation.
    ///
    /// # Errors
    /// As of [`State::set_next`].
    pub fn force(&mut self, net: NetIndex, value: Value) -> Result<(), Fault> {
        let value = self.checked(net, value)?;
        match self.slots[net as usize] {
            u32::MAX => {
                let value = to_small(&value).ok_or_else(|| Fault::new(FaultKind::Undriven))?;
                self.cells[net as usize] = Cell { now: value, next: value };
            }
            slot => {
                let big = &mut self.bigs[slot as usize];
                (big.now, big.next) = (value.clone(), value.clone());
            }
        }
        if let Some(delayed) = self.delayed.get_mut(&net) {
            delayed.last = value;
        }
        Ok(())
    }

    fn checked(&self, net: NetIndex, value: Value) -> Result<Value, Fault> {
        let info = self
            .nets
            .get(net as usize)
            .ok_or_else(|| Fault::internal("a store into a net that is not there"))?;
        self.fitted(Place::of(info), value, false)
    }

    /// The value as the place takes it.
    fn fitted(&self, net: Place<'_>, value: Value, is_init: bool) -> Result<Value, Fault> {
        let wrong = || Fault::internal(format!("a value of a wrong kind for `{}`", net.name));
        match (value, net.ty) {
            (Value::Z, _) if net.is_tristate => Ok(Value::Z),
            (Value::Z, _) => Err(Fault::new(FaultKind::Undriven)),
            (Value::Int(int), Type::Int(range)) if !range.contains(&int) => {
                if net.wraps && range.is_bounded() && !is_init {
                    return Ok(Value::Int(range.wrap(&int)));
                }
                let (target, range) = (Some(net.name.to_owned()), range.clone());
                Err(Fault::new(FaultKind::Range { target, range, value: int }))
            }
            (value, ty) if self.is_of(&value, ty) => Ok(value),
            _ => Err(wrong()),
        }
    }

    fn is_of(&self, value: &Value, ty: &Type) -> bool {
        match (value, ty) {
            (Value::Bool(_), Type::Bool)
            | (Value::Text(_), Type::Text)
            | (Value::Opaque(_), Type::Opaque) => true,
            (Value::Int(int), Type::Int(range)) => range.contains(int),
            (Value::Enum(member), Type::Enum(id)) => {
                self.types.enums.get(id.index()).is_some_and(|of| (*member as usize) < of.members.len())
            }
            (Value::Array(elements), Type::Array(element, length)) => {
                elements.len() == *length as usize && elements.iter().all(|value| self.is_of(value, element))
            }
            (Value::Struct(fields), Type::Struct(id)) => {
                self.types.structs.get(id.index()).is_some_and(|of| {
                    fields.len() == of.fields.len()
                        && fields.iter().zip(&of.fields).all(|(value, (_, ty))| self.is_of(value, ty))
                })
            }
            _ => false,
        }
    }

    /// Stores a value that fits.
    pub(crate) fn put(&mut self, net: NetIndex, value: Value) {
        match (self.slots[net as usize], to_small(&value)) {
            (u32::MAX, value) => self.store_small(net, value.unwrap_or(0)),
            (slot, _) => self.store_big(net, slot, value),
        }
    }

    fn mark(&mut self, net: NetIndex) {
        let flags = &mut self.flags[net as usize];
        if *flags & DIRTY == 0 {
            *flags |= DIRTY;
            self.dirty.push(net);
        }
    }

    fn store_small(&mut self, net: NetIndex, value: i64) {
        self.cells[net as usize].next = value;
        self.mark(net);
    }

    fn store_big(&mut self, net: NetIndex, slot: u32, value: Value) {
        let big = &mut self.bigs[slot as usize];
        big.next = value;
        big.whole = true;
        self.mark(net);
    }

    /// Whether a store waits for the next delta.
    pub fn has_stores(&self) -> bool {
        !self.dirty.is_empty()
    }

    /// The nets that were stored into, in the order of the first store. Give the list back with [`State::recycle`].
    pub(crate) fn take_dirty(&mut self) -> Vec<NetIndex> {
        std::mem::take(&mut self.dirty)
    }

    pub(crate) fn recycle(&mut self, mut list: Vec<NetIndex>) {
        list.clear();
        if self.dirty.is_empty() {
            self.dirty = list;
        }
    }

    /// Lets a net take its next value. `equal` compares objects of the host.
    pub(crate) fn update(&mut self, net: NetIndex, equal: &mut dyn FnMut(u32, u32) -> bool) -> Update {
        let flags = &mut self.flags[net as usize];
        *flags &= !DIRTY;
        let flags = *flags;
        if flags & (BIG | DELAYED) == 0 {
            let cell = &mut self.cells[net as usize];
            let (old, new) = (cell.now, cell.next);
            if old == new {
                return Update::Same;
            }
            cell.now = new;
            if flags & WATCHED != 0 {
                self.note(net);
            }
            return Update::Changed(edge_of(flags, old != 0, new != 0));
        }
        if flags & DELAYED != 0 {
            let next = self.next_value(net);
            let now = self.now;
            if let Some(big) = self.bigs.get_mut(self.slots[net as usize] as usize) {
                big.touched.clear();
            }
            if let Some(delayed) = self.delayed.get_mut(&net) {
                if delayed.last != next {
                    (delayed.last, delayed.stamp) = (next, now);
                }
                return Update::Later { time: now.saturating_add(delayed.steps), stamp: delayed.stamp };
            }
        }
        self.update_big(net, equal)
    }

    fn update_big(&mut self, net: NetIndex, equal: &mut dyn FnMut(u32, u32) -> bool) -> Update {
        let watched = self.flags[net as usize] & WATCHED != 0;
        let big = &mut self.bigs[self.slots[net as usize] as usize];
        if !big.whole {
            // Only elements: the rest is as it was.
            let mut touched = std::mem::take(&mut big.touched);
            let mut changed = false;
            if let (Value::Array(now), Value::Array(next)) = (&mut big.now, &big.next) {
                for &element in &touched {
                    let at = element as usize;
                    if now.get(at) != next.get(at)
                        && let (Some(place), Some(value)) = (Arc::make_mut(now).get_mut(at), next.get(at))
                    {
                        *place = value.clone();
                        changed = true;
                        if watched {
                            self.changed_elements.push((net, element));
                        }
                    }
                }
            }
            touched.clear();
            big.touched = touched;
            return if changed { Update::Changed(None) } else { Update::Same };
        }
        big.whole = false;
        big.touched.clear();
        let same = match (&big.now, &big.next) {
            (Value::Opaque(now), Value::Opaque(next)) => now == next || equal(*now, *next),
            (now, next) => now == next,
        };
        if same {
            return Update::Same;
        }
        let next = big.next.clone();
        let old = std::mem::replace(&mut big.now, next);
        let edge = edge_of(self.flags[net as usize], old.is_truthy(), big.now.is_truthy());
        if watched {
            self.note(net);
        }
        Update::Changed(edge)
    }

    /// Changes the delay of a delayed net, for what is stored from now on; that of any other net stays none.
    pub fn set_delay(&mut self, net: NetIndex, steps: u64) {
        if let Some(delayed) = self.delayed.get_mut(&net) {
            delayed.steps = steps;
        }
    }

    /// Lets a delayed net take the value of a store that is due now, or, of a buffer, what was stored last.
    pub(crate) fn apply(&mut self, net: NetIndex, value: Value, stamp: u64) -> Update {
        let Some(delayed) = self.delayed.get(&net) else { return Update::Same };
        let (current, value) = match delayed.is_buffer {
            true => (true, self.next_value(net)),
            false => (delayed.stamp == stamp, value),
        };
        let old = self.value(net);
        if !current || old == value {
            return Update::Same;
        }
        let edge = edge_of(self.flags[net as usize], old.is_truthy(), value.is_truthy());
        match (self.slots[net as usize], to_small(&value)) {
            (u32::MAX, value) => self.cells[net as usize].now = value.unwrap_or(0),
            (slot, _) => self.bigs[slot as usize].now = value,
        }
        if self.flags[net as usize] & WATCHED != 0 {
            self.note(net);
        }
        Update::Changed(edge)
    }

    /// Notes the changes of a net for [`State::take_changed`].
    pub fn watch(&mut self, net: NetIndex) {
        if let Some(flags) = self.flags.get_mut(net as usize) {
            *flags |= WATCHED;
        }
    }

    fn note(&mut self, net: NetIndex) {
        let flags = &mut self.flags[net as usize];
        if *flags & CHANGED == 0 {
            *flags |= CHANGED;
            self.changed.push(net);
        }
    }

    /// What changed since the last call among the nets that are watched: whole nets, each once, and elements of arrays (which may
    /// repeat).
    pub fn take_changed(&mut self) -> Changed {
        for &net in &self.changed {
            self.flags[net as usize] &= !CHANGED;
        }
        (std::mem::take(&mut self.changed), std::mem::take(&mut self.changed_elements))
    }

    /// Whether to stop.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }

    /// Tells the observer the time.
    pub(crate) fn report(&mut self) {
        if let Some(observer) = &mut self.observer {
            observer(self.now);
        }
    }

    /// The time in steps.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Takes a text that a process prints.
    pub fn print(&mut self, text: &str) {
        self.text.print(text);
    }

    /// The value of a boolean net; of others, whether it is not zero.
    pub(crate) fn truth(&self, net: NetIndex) -> bool {
        match self.slots[net as usize] {
            u32::MAX => self.cells[net as usize].now != 0,
            slot => self.bigs[slot as usize].now.is_truthy(),
        }
    }

    /// The current value of a net that is kept as a value.
    pub(crate) fn big(&self, net: NetIndex) -> &Value {
        match self.slots[net as usize] {
            u32::MAX => &Value::Z,
            slot => &self.bigs[slot as usize].now,
        }
    }
}

fn element_of(value: &Value, element: usize) -> Option<&Value> {
    match value {
        Value::Array(elements) => elements.get(element),
        _ => None,
    }
}

fn edge_of(flags: u8, old: bool, new: bool) -> Option<Edge> {
    match (old, new) {
        (false, true) if flags & EDGES != 0 => Some(Edge::Rising),
        (true, false) if flags & EDGES != 0 => Some(Edge::Falling),
        (false, _) | (true, _) => None,
    }
}

fn has_edges(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Int(_) | Type::Text | Type::Opaque => true,
        Type::Enum(_) | Type::Array(..) | Type::Struct(_) => false,
    }
}

/// The state as a process of an instance sees it.
pub(crate) struct View<'a> {
    pub state: &'a mut State,
    /// Where each net of the module is.
    pub map: &'a [NetIndex],
}

impl View<'_> {
    fn at(&self, net: NetId) -> usize {
        self.map[net.index()] as usize
    }
}

impl Environment for View<'_> {
    fn small(&self, net: NetId) -> i64 {
        self.state.cells[self.at(net)].now
    }

    fn next_small(&self, net: NetId) -> i64 {
        self.state.cells[self.at(net)].next
    }

    fn store_small(&mut self, net: NetId, value: i64) {
        let net = self.at(net);
        self.state.store_small(net as NetIndex, value);
    }

    fn value(&self, net: NetId) -> &Value {
        self.state.big(self.at(net) as NetIndex)
    }

    fn store(&mut self, net: NetId, value: Value) {
        let net = self.at(net);
        let slot = self.state.slots[net];
        if slot != u32::MAX {
            self.state.store_big(net as NetIndex, slot, value);
        }
    }

    fn next_mut(&mut self, net: NetId, element: Option<usize>) -> &mut Value {
        let net = self.at(net);
        self.state.mark(net as NetIndex);
        let slot = self.state.slots[net] as usize;
        let big = &mut self.state.bigs[slot];
        match element {
            Some(element) => {
                if !big.whole {
                    big.touched.push(element as u32);
                }
            }
            None => big.whole = true,
        }
        &mut big.next
    }

    fn now(&self) -> u64 {
        self.state.now
    }

    fn print(&mut self, text: &str) {
        self.state.text.print(text);
    }

    fn interrupted(&mut self) -> bool {
        self.state.report();
        self.state.is_interrupted()
    }
}

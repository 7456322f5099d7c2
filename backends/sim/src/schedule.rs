//! Who waits for what, who is due, and what the future holds: MyHDL's scheduling, without the nets.
//!
//! Every waiter has a number and a *generation*. An [`Entry`] in a list of waiters names both; it is stale, and ignored, once the
//! waiter was activated, which moves it to its next generation. So a process that waits for one of several things has an
//! entry for each, of which the first one to come due activates it. Within one delta the last entry that became due is run
//! first, as MyHDL does.

use pyhw_ir::{Edge, Value};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A waiter by its number.
pub(crate) type WaiterId = u32;

/// A waiter in a certain generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    generation: u64,
    waiter: WaiterId,
}

/// Something that is waited for, in a flat list: the parts of a join follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A change of a net.
    Event(u32, Edge),
    /// So many steps.
    Delay(u64),
    /// All of the next so many (each of which may be a join with its parts).
    Join(u32),
    /// The end of a process that the host started.
    Child(u32),
    /// Nothing: due in the same delta.
    Now,
}

/// What a waiter is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A process by its number.
    Process(u32),
    /// The resolution of a tri-state net by its number.
    Resolver(u32),
    /// A process that the host started.
    Child(u32),
    /// A join within other waits, not yet begun.
    Join(Box<[Trigger]>),
    /// A join that has begun.
    Joining,
    /// Not in use.
    Free,
}

#[derive(Debug)]
struct Waiter {
    generation: u64,
    /// How many entries must still come due before the one that activates.
    remaining: u32,
    kind: Kind,
    /// Comes due when this one is over.
    caller: Option<Entry>,
}

#[derive(Debug, Default)]
struct WaiterList {
    entries: Vec<Entry>,
    /// The length at which stale entries are dropped.
    limit: usize,
}

/// Something that will happen.
#[derive(Debug)]
pub(crate) enum Future {
    /// A delay is over.
    Wake(Entry),
    /// A delayed net takes a value, unless another one was stored since.
    Apply(Box<Apply>),
    /// A run was to last until then. It keeps time going.
    Stop,
}

/// A store into a delayed net on its way.
#[derive(Debug)]
pub(crate) struct Apply {
    pub net: u32,
    pub value: Value,
    /// When this value was first stored.
    pub stamp: u64,
}

#[derive(Debug)]
struct Timed {
    time: u64,
    /// What was scheduled first happens first.
    order: u64,
    event: Future,
}

impl PartialEq for Timed {
    fn eq(&self, other: &Timed) -> bool {
        (self.time, self.order) == (other.time, other.order)
    }
}

impl Eq for Timed {}

impl PartialOrd for Timed {
    fn partial_cmp(&self, other: &Timed) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timed {
    fn cmp(&self, other: &Timed) -> std::cmp::Ordering {
        (self.time, self.order).cmp(&(other.time, other.order))
    }
}

/// What to do for an entry that came due.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Run the process.
    Process(WaiterId, u32),
    /// Resolve the tri-state net.
    Resolver(WaiterId, u32),
    /// Resume the host's process.
    Child(WaiterId, u32),
}

/// The schedule of a simulation.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    waiters: Vec<Waiter>,
    free: Vec<WaiterId>,
    /// Three lists for each net, in the order of [`list_of`].
    lists: Vec<WaiterList>,
    ready: Vec<Entry>,
    future: BinaryHeap<Reverse<Timed>>,
    order: u64,
}

const SHORTEST_LIMIT: usize = 16;

/// The list of waiters for a change of a net.
pub(crate) fn list_of(net: u32, edge: Edge) -> u32 {
    net * 3
        + match edge {
            Edge::Any => 0,
            Edge::Rising => 1,
            Edge::Falling => 2,
        }
}

impl Schedule {
    /// Makes room for the waiters of one more net.
    pub fn add_net(&mut self) {
        let empty = || WaiterList { entries: Vec::new(), limit: SHORTEST_LIMIT };
        self.lists.extend([empty(), empty(), empty()]);
    }

    /// A new waiter, not due.
    pub fn add_waiter(&mut self, kind: Kind, caller: Option<Entry>) -> WaiterId {
        if let Some(id) = self.free.pop() {
            let waiter = &mut self.waiters[id as usize];
            (waiter.kind, waiter.caller, waiter.remaining) = (kind, caller, 0);
            return id;
        }
        self.waiters.push(Waiter { generation: 0, remaining: 0, kind, caller });
        self.waiters.len() as WaiterId - 1
    }

    fn entry(&self, waiter: WaiterId) -> Entry {
        Entry { generation: self.waiters[waiter as usize].generation, waiter }
    }

    /// Makes the waiter due in this delta.
    pub fn make_due(&mut self, waiter: WaiterId) {
        self.ready.push(self.entry(waiter));
    }

    /// Makes everything due that waits for a change of a net.
    pub fn wake(&mut self, net: u32, edge: Option<Edge>) {
        let any = list_of(net, Edge::Any) as usize;
        self.ready.append(&mut self.lists[any].entries);
        match edge {
            Some(Edge::Rising) => self.ready.append(&mut self.lists[any + 1].entries),
            Some(Edge::Falling) => self.ready.append(&mut self.lists[any + 2].entries),
            Some(Edge::Any) | None => {}
        }
    }

    /// The next one that is due in this delta. A join within other waits begins only here, after them, as MyHDL has it.
    pub fn next_due(&mut self, now: u64) -> Option<Due> {
        while let Some(Entry { generation, waiter: id }) = self.ready.pop() {
            let waiter = &mut self.waiters[id as usize];
            if waiter.generation != generation {
                continue;
            }
            if waiter.remaining > 0 {
                waiter.remaining -= 1;
                continue;
            }
            waiter.generation += 1;
            match &mut waiter.kind {
                Kind::Process(process) => return Some(Due::Process(id, *process)),
                Kind::Resolver(resolver) => return Some(Due::Resolver(id, *resolver)),
                Kind::Child(handle) => return Some(Due::Child(id, *handle)),
                Kind::Join(parts) => {
                    let parts = std::mem::take(parts);
                    waiter.kind = Kind::Joining;
                    self.count(id, &parts);
                    self.each(id, parts.get(1..).unwrap_or_default(), now);
                }
                Kind::Joining => self.end(id),
                Kind::Free => {}
            }
        }
        None
    }

    /// Ends a waiter: its caller comes due. Its number may be given to another one.
    pub fn end(&mut self, id: WaiterId) {
        let waiter = &mut self.waiters[id as usize];
        waiter.generation += 1;
        waiter.kind = Kind::Free;
        if let Some(caller) = waiter.caller.take() {
            self.ready.push(caller);
        }
        self.free.push(id);
    }

    /// Lets the waiter wait for a change of a net: one of the numbers of [`list_of`].
    pub fn subscribe(&mut self, waiter: WaiterId, lists: &[u32]) {
        let entry = self.entry(waiter);
        match lists {
            // Alone in its generation, the entry is gone when it is due.
            [list] => self.lists[*list as usize].entries.push(entry),
            lists => lists.iter().for_each(|&list| self.listen(list, entry)),
        }
    }

    fn listen(&mut self, list: u32, entry: Entry) {
        let list = &mut self.lists[list as usize];
        if list.entries.len() >= list.limit {
            let waiters = &self.waiters;
            list.entries.retain(|entry| waiters[entry.waiter as usize].generation == entry.generation);
            list.limit = (2 * list.entries.len()).max(SHORTEST_LIMIT);
        }
        list.entries.push(entry);
    }

    /// Lets the waiter wait for one of several things; a join alone is one thing in several parts. `now` is the time.
    pub fn wait(&mut self, waiter: WaiterId, triggers: &[Trigger], now: u64) {
        match triggers {
            [Trigger::Join(_), parts @ ..] if skip(triggers, 0) == triggers.len() => {
                self.count(waiter, triggers);
                self.each(waiter, parts, now);
            }
            _ => self.each(waiter, triggers, now),
        }
    }

    fn count(&mut self, waiter: WaiterId, join: &[Trigger]) {
        if let Some(Trigger::Join(count)) = join.first() {
            // A join of nothing never comes due; it has no entries.
            self.waiters[waiter as usize].remaining = count.saturating_sub(1);
        }
    }

    fn each(&mut self, waiter: WaiterId, triggers: &[Trigger], now: u64) {
        let entry = self.entry(waiter);
        let mut at = 0;
        while let Some(&trigger) = triggers.get(at) {
            let end = skip(triggers, at);
            match trigger {
                Trigger::Event(net, edge) => self.listen(list_of(net, edge), entry),
                Trigger::Delay(steps) => self.schedule(now.saturating_add(steps), Future::Wake(entry)),
                Trigger::Now => self.ready.push(entry),
                Trigger::Child(handle) => {
                    let child = self.add_waiter(Kind::Child(handle), Some(entry));
                    self.make_due(child);
                }
                Trigger::Join(_) => {
                    let join = self.add_waiter(Kind::Join(triggers[at..end].into()), Some(entry));
                    self.make_due(join);
                }
            }
            at = end;
        }
    }

    /// Lets something happen at a time.
    pub fn schedule(&mut self, time: u64, event: Future) {
        self.order += 1;
        self.future.push(Reverse(Timed { time, order: self.order, event }));
    }

    /// When the next thing happens.
    pub fn next_time(&self) -> Option<u64> {
        self.future.peek().map(|Reverse(timed)| timed.time)
    }

    /// The next thing that happens at this time.
    pub fn next_at(&mut self, time: u64) -> Option<Future> {
        if self.next_time() != Some(time) {
            return None;
        }
        self.future.pop().map(|Reverse(timed)| timed.event)
    }

    /// Makes the waiter of a delay due.
    pub fn fire(&mut self, entry: Entry) {
        self.ready.push(entry);
    }
}

/// Where what stands at `at` ends, the parts of a join included.
fn skip(triggers: &[Trigger], at: usize) -> usize {
    let mut missing = 1u64;
    let mut end = at;
    while missing > 0 && end < triggers.len() {
        missing -= 1;
        if let Trigger::Join(parts) = triggers[end] {
            missing += u64::from(parts);
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn processes(schedule: &mut Schedule, count: u32) -> Vec<WaiterId> {
        (0..count).map(|process| schedule.add_waiter(Kind::Process(process), None)).collect()
    }

    fn due(schedule: &mut Schedule) -> Vec<u32> {
        let mut order = Vec::new();
        while let Some(due) = schedule.next_due(0) {
            match due {
                Due::Process(_, process) => order.push(process),
                other => panic!("{other:?}"),
            }
        }
        order
    }

    #[test]
    fn a_list_that_never_fires_does_not_grow() {
        // A process waits for a clock or a reset, again and again; the reset never comes.
        let mut schedule = Schedule::default();
        schedule.add_net();
        schedule.add_net();
        let waiter = processes(&mut schedule, 1)[0];
        let lists = [list_of(0, Edge::Rising), list_of(1, Edge::Rising)];
        for _ in 0..1000 {
            schedule.subscribe(waiter, &lists);
            schedule.wake(0, Some(Edge::Rising));
            assert_eq!(due(&mut schedule), [0]);
        }
        assert!(schedule.lists[lists[1] as usize].entries.len() <= SHORTEST_LIMIT);
    }

    #[test]
    fn dropping_stale_entries_keeps_the_live_ones_in_order() {
        let mut schedule = Schedule::default();
        schedule.add_net();
        schedule.add_net();
        let waiters = processes(&mut schedule, 40);
        let lists = [list_of(0, Edge::Any), list_of(1, Edge::Any)];
        for waiter in &waiters {
            schedule.subscribe(*waiter, &lists);
        }
        // Every second one is activated otherwise, and waits for one net only.
        for waiter in waiters.iter().step_by(2) {
            schedule.make_due(*waiter);
        }
        due(&mut schedule);
        for waiter in waiters.iter().step_by(2) {
            schedule.subscribe(*waiter, &lists[..1]);
        }
        schedule.wake(0, None);
        let expected: Vec<u32> =
            (0..40).step_by(2).rev().chain((0..40).rev().filter(|process| process % 2 == 1)).collect();
        assert_eq!(due(&mut schedule), expected);
    }

    #[test]
    fn numbers_of_ended_waiters_are_used_again_without_their_entries() {
        let mut schedule = Schedule::default();
        schedule.add_net();
        let old = processes(&mut schedule, 1)[0];
        schedule.subscribe(old, &[0]);
        schedule.end(old);
        let new = schedule.add_waiter(Kind::Process(7), None);
        assert_eq!(new, old);
        schedule.wake(0, None);
        assert_eq!(due(&mut schedule), []);
        schedule.make_due(new);
        assert_eq!(due(&mut schedule), [7]);
    }

    #[test]
    fn what_was_scheduled_first_for_a_time_happens_first() {
        let mut schedule = Schedule::default();
        let waiters = processes(&mut schedule, 3);
        for (waiter, steps) in waiters.iter().zip([5u64, 3, 5]) {
            schedule.wait(*waiter, &[Trigger::Delay(steps)], 0);
        }
        let mut times = Vec::new();
        while let Some(time) = schedule.next_time() {
            while let Some(event) = schedule.next_at(time) {
                match event {
                    Future::Wake(entry) => times.push((time, entry.waiter)),
                    other => panic!("{other:?}"),
                }
            }
        }
        assert_eq!(times, [(3, 1), (5, 0), (5, 2)]);
    }
}

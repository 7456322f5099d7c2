//! Random programs: as data, and as Python for MyHDL.

use std::fmt::Write;

/// How many programs there are.
pub const SEEDS: u64 = 150;

/// A boolean signal, by its number.
pub type Sig = usize;

#[derive(Clone, Debug)]
pub enum Source {
    Is(bool),
    Not(Sig),
    Copy(Sig),
}

#[derive(Clone, Debug)]
pub enum Trigger {
    Any(Sig),
    Rise(Sig),
    Fall(Sig),
    Delay(u64),
    Join(Vec<Trigger>),
}

#[derive(Clone, Debug)]
pub enum Action {
    Print(Vec<Sig>),
    Set(Sig, Source),
    Wait(Vec<Trigger>),
    Stop,
}

#[derive(Clone, Debug)]
pub enum When {
    /// `@always_comb`
    Comb(Vec<Sig>),
    /// `@always(…)`
    Always(Vec<Trigger>),
    /// `@instance` whose body is repeated so often.
    Instance(u64),
}

#[derive(Clone, Debug)]
pub struct Process {
    pub when: When,
    pub body: Vec<Action>,
    /// Whether it stands in an inner block.
    pub is_inner: bool,
}

#[derive(Clone, Debug)]
pub struct Program {
    pub seed: u64,
    /// The delay of each signal; 0 for none.
    pub signals: Vec<u64>,
    pub processes: Vec<Process>,
    /// The inner block's processes stand before this one of the outer ones.
    pub inner_at: usize,
    /// Runs of so many steps.
    pub runs: Vec<u64>,
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % limit
    }

    fn sig(&mut self, count: usize) -> Sig {
        self.below(count as u64) as usize
    }
}

impl Program {
    pub fn random(seed: u64) -> Program {
        let mut r = Random(seed * 7919 + 1);
        let count = 4 + r.sig(3);
        let signals = (0..count).map(|_| if r.below(6) == 0 { 1 + r.below(4) } else { 0 }).collect();
        let mut processes = Vec::new();
        // Something that keeps the others busy.
        let tick = vec![Action::Wait(vec![Trigger::Delay(1 + r.below(3))]), Action::Set(0, Source::Not(0))];
        let is_inner = r.below(3) == 0;
        processes.push(Process { when: When::Instance(20), body: tick, is_inner });
        for _ in 0..4 + r.below(6) {
            let is_inner = r.below(3) == 0;
            processes.push(Process { is_inner, ..process(&mut r, count) });
        }
        let outer = processes.iter().filter(|process| !process.is_inner).count();
        let inner_at = r.sig(outer + 1);
        let runs = if r.below(2) == 0 { vec![40] } else { vec![7, 1, 15] };
        Program { seed, signals, processes, inner_at, runs }
    }

    /// The processes in the order of the source, with their numbers.
    pub fn ordered(&self) -> (Vec<usize>, Vec<usize>) {
        (0..self.processes.len()).partition(|&index| !self.processes[index].is_inner)
    }

    pub fn python(&self) -> String {
        let mut text = format!("@block\ndef top{}():\n", self.seed);
        for (signal, delay) in self.signals.iter().enumerate() {
            let delay = if *delay > 0 { format!(", delay={delay}") } else { String::new() };
            writeln!(text, "    s{signal} = Signal(bool(0){delay})").unwrap();
        }
        let (outer, inner) = self.ordered();
        let names = |list: &[usize]| list.iter().map(|at| format!("p{at}, ")).collect::<String>();
        text.push_str("    @block\n    def inner():\n");
        for &at in &inner {
            self.processes[at].python(at, "        ", &mut text);
        }
        writeln!(text, "        return [{}]", names(&inner)).unwrap();
        for &at in &outer {
            self.processes[at].python(at, "    ", &mut text);
        }
        let (before, after) = outer.split_at(self.inner_at);
        writeln!(text, "    i = inner()\n    return [{}i, {}]", names(before), names(after)).unwrap();
        writeln!(text, "print('== {}')\nx = top{}()", self.seed, self.seed).unwrap();
        for steps in &self.runs {
            writeln!(
                text,
                "try:\n    x.run_sim({steps}, quiet=1)\nexcept StopSimulation: pass\nprint('run', now())"
            )
            .unwrap();
        }
        text.push_str("x.quit_sim()\n");
        text
    }
}

impl Process {
    fn python(&self, number: usize, indent: &str, text: &mut String) {
        let list = |triggers: &[Trigger]| triggers.iter().map(Trigger::python).collect::<Vec<_>>().join(", ");
        let mut inside = format!("{indent}    ");
        match &self.when {
            When::Comb(_) => writeln!(text, "{indent}@always_comb\n{indent}def p{number}():").unwrap(),
            When::Always(events) => {
                writeln!(text, "{indent}@always({})\n{indent}def p{number}():", list(events)).unwrap();
            }
            When::Instance(turns) => {
                let head = format!("{indent}@instance\n{indent}def p{number}():");
                writeln!(text, "{head}\n{inside}for turn in range({turns}):").unwrap();
                inside.push_str("    ");
            }
        }
        for action in &self.body {
            text.push_str(&inside);
            match action {
                Action::Print(sigs) => {
                    let values: String = sigs.iter().map(|sig| format!(", int(s{sig})")).collect();
                    writeln!(text, "print('p{number}', now(){values})").unwrap();
                }
                Action::Set(sig, Source::Is(true)) => writeln!(text, "s{sig}.next = True").unwrap(),
                Action::Set(sig, Source::Is(false)) => writeln!(text, "s{sig}.next = False").unwrap(),
                Action::Set(sig, Source::Not(from)) => writeln!(text, "s{sig}.next = not s{from}").unwrap(),
                Action::Set(sig, Source::Copy(from)) => writeln!(text, "s{sig}.next = s{from}").unwrap(),
                Action::Wait(triggers) => writeln!(text, "yield {}", list(triggers)).unwrap(),
                Action::Stop => writeln!(text, "raise StopSimulation('enough')").unwrap(),
            }
        }
    }
}

impl Trigger {
    fn python(&self) -> String {
        match self {
            Trigger::Any(sig) => format!("s{sig}"),
            Trigger::Rise(sig) => format!("s{sig}.posedge"),
            Trigger::Fall(sig) => format!("s{sig}.negedge"),
            Trigger::Delay(steps) => format!("delay({steps})"),
            Trigger::Join(parts) => {
                format!("join({})", parts.iter().map(Trigger::python).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn event(r: &mut Random, sig: Sig) -> Trigger {
    match r.below(3) {
        0 => Trigger::Any(sig),
        1 => Trigger::Rise(sig),
        _ => Trigger::Fall(sig),
    }
}

fn trigger(r: &mut Random, count: usize, depth: u64) -> Trigger {
    match r.below(10) {
        0..=4 => {
            let sig = r.sig(count);
            event(r, sig)
        }
        5..=7 => Trigger::Delay(r.below(5)),
        _ if depth == 0 => Trigger::Delay(1 + r.below(3)),
        _ => Trigger::Join((0..1 + r.below(3)).map(|_| trigger(r, count, depth - 1)).collect()),
    }
}

fn source(r: &mut Random, from: impl Fn(&mut Random) -> Sig) -> Source {
    match r.below(6) {
        0 => Source::Is(true),
        1 => Source::Is(false),
        2 => Source::Copy(from(r)),
        _ => Source::Not(from(r)),
    }
}

/// A process that cannot keep a delta going for ever: one that is not an instance stores only into later signals than it waits for.
fn process(r: &mut Random, count: usize) -> Process {
    let mut body = Vec::new();
    let when = match r.below(6) {
        0 => {
            let from = r.sig(count - 1);
            let to = from + 1 + r.sig(count - from - 1);
            let mut sensitivity = vec![from];
            if from > 0 && r.below(2) == 0 {
                sensitivity.push(from - 1);
            }
            body.push(Action::Print(sensitivity.clone()));
            let read = sensitivity.clone();
            let at = move |r: &mut Random| read[r.sig(read.len())];
            body.push(Action::Set(to, source(r, at)));
            When::Comb(sensitivity)
        }
        1 | 2 => {
            let from = r.sig(count - 1);
            let mut events = vec![event(r, from)];
            if from > 0 && r.below(2) == 0 {
                events.push(event(r, from - 1));
            }
            let shown = r.sig(count);
            body.push(Action::Print(vec![from, shown]));
            for _ in 0..1 + r.below(2) {
                let to = from + 1 + r.sig(count - from - 1);
                body.push(Action::Set(to, source(r, |r| r.sig(count))));
            }
            When::Always(events)
        }
        _ => {
            for _ in 0..2 + r.below(4) {
                body.push(match r.below(3) {
                    0 => {
                        let to = r.sig(count);
                        Action::Set(to, source(r, |r| r.sig(count)))
                    }
                    1 => Action::Print((0..1 + r.below(3)).map(|_| r.sig(count)).collect()),
                    _ => Action::Wait(
                        (0..if r.below(2) == 0 { 1 } else { 2 + r.below(2) })
                            .map(|_| trigger(r, count, 2))
                            .collect(),
                    ),
                });
            }
            body.push(Action::Print(vec![r.sig(count)]));
            body.push(Action::Wait(vec![trigger(r, count, 1)]));
            if r.below(12) == 0 {
                body.push(Action::Stop);
            }
            When::Instance(1 + r.below(8))
        }
    };
    Process { when, body, is_inner: false }
}

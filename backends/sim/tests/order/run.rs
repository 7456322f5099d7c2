//! Random programs run by the kernel: their processes evaluated, or resumed by a host that knows their scripts.

use crate::program::{Action, Process, Program, Sig, Source, Trigger, When};
use pyhw_diagnostics::Span;
use pyhw_ir::{
    Body, Conversion, Design, Edge, Event, ExprId, HostBody, Instance, Int, Module, ModuleId, Net, NetId,
    NetKind, Op, Piece, Place, Process as IrProcess, ProcessBody, ProcessKind, Stmt, StmtKind, Template,
    Type, Types, Value, Var, Wait,
};
use pyhw_sim::{Activation, Host, HostFault, HostStep, HostWait, Options, Outcome, Simulation, TextSink};
use std::sync::{Arc, Mutex};

struct Text(Arc<Mutex<String>>);

impl TextSink for Text {
    fn print(&mut self, text: &str) {
        self.0.lock().unwrap().push_str(text);
    }
}

/// What the program prints. `by_host` tells which processes the host resumes.
pub fn trace(program: &Program, by_host: &dyn Fn(usize) -> bool) -> String {
    let text = Arc::new(Mutex::new(String::new()));
    let options = Options { text: Box::new(Text(text.clone())), ..Options::default() };
    let mut simulation = Simulation::new(&design(program, by_host), options).unwrap();
    let mut host = Scripts { program, at: vec![(0, 0); program.processes.len()] };
    let mut until = 0;
    for steps in &program.runs {
        let outcome = simulation.run(Some(until + steps), &mut host);
        until = simulation.now();
        assert!(
            matches!(
                outcome,
                Outcome::Suspended(_) | Outcome::NoMoreEvents | Outcome::Finished(_) | Outcome::Over
            ),
            "{outcome:?}"
        );
        text.lock().unwrap().push_str(&format!("run {until}\n"));
    }
    std::mem::take(&mut *text.lock().unwrap())
}

fn design(program: &Program, by_host: &dyn Fn(usize) -> bool) -> Design {
    let mut outer = Module::new("top", Span::NONE);
    let mut inner = Module::new("inner", Span::NONE);
    for (signal, delay) in program.signals.iter().enumerate() {
        let mut net = Net::new(format!("s{signal}"), Type::Bool, Value::Bool(false), Span::NONE);
        inner.add_port(net.clone(), pyhw_ir::Direction::InOut);
        if *delay > 0 {
            net.kind = NetKind::Delayed(*delay);
        }
        outer.add_net(net);
    }
    let (outside, inside) = program.ordered();
    for &at in &inside {
        inner.add_process(process(program, at, by_host(at)));
    }
    let instance = Instance {
        name: "i".into(),
        module: ModuleId::new(0),
        connections: (0..program.signals.len()).map(NetId::new).collect(),
        span: Span::NONE,
    };
    let (before, after) = outside.split_at(program.inner_at);
    before.iter().for_each(|&at| {
        outer.add_process(process(program, at, by_host(at)));
    });
    outer.add_instance(instance);
    after.iter().for_each(|&at| {
        outer.add_process(process(program, at, by_host(at)));
    });
    Design { modules: vec![inner, outer], top: Some(ModuleId::new(1)), ..Design::default() }
}

fn process(program: &Program, number: usize, by_host: bool) -> IrProcess {
    let process = &program.processes[number];
    let kind = match &process.when {
        When::Comb(sensitivity) => {
            ProcessKind::Comb { sensitivity: sensitivity.iter().map(|&sig| NetId::new(sig)).collect() }
        }
        When::Always(events) => ProcessKind::Clocked {
            events: events
                .iter()
                .map(|trigger| match wait(trigger, &mut Body::default()) {
                    Wait::Event(event) => event,
                    other => panic!("{other:?} is no event"),
                })
                .collect(),
            reset: None,
        },
        When::Instance(_) => ProcessKind::Timed,
    };
    let body = if by_host {
        ProcessBody::Host(HostBody { handle: number as u32, reason: vec![] })
    } else {
        ProcessBody::Ir(body(process, number))
    };
    IrProcess { name: format!("p{number}"), kind, body, doc: None, span: Span::NONE }
}

fn stmt(kind: StmtKind) -> Stmt {
    Stmt::new(kind, Span::NONE)
}

fn read(body: &mut Body, sig: Sig) -> ExprId {
    body.exprs.net(NetId::new(sig), &Type::Bool, Span::NONE)
}

fn op(body: &mut Body, op: Op, args: &[ExprId]) -> ExprId {
    body.exprs.op(op, args, &Types::default(), Span::NONE).unwrap()
}

fn body(process: &Process, number: usize) -> Body {
    let mut body = Body::default();
    let mut stmts = Vec::new();
    for action in &process.body {
        let kind = match action {
            Action::Print(sigs) => {
                let mut args = vec![op(&mut body, Op::Now, &[])];
                for &sig in sigs {
                    let bit = read(&mut body, sig);
                    args.push(op(&mut body, Op::ToInt, &[bit]));
                }
                let mut pieces = vec![Piece::Text(format!("p{number}"))];
                for _ in &args {
                    pieces.push(Piece::Text(" ".into()));
                    pieces.push(Piece::Operand { conversion: Conversion::Format, spec: String::new() });
                }
                pieces.push(Piece::Text("\n".into()));
                let template = Box::new(Template { pieces });
                StmtKind::Print { text: op(&mut body, Op::Format { template }, &args) }
            }
            Action::Set(sig, source) => {
                let value = match source {
                    Source::Is(value) => body.exprs.bool(*value, Span::NONE),
                    Source::Copy(from) => read(&mut body, *from),
                    Source::Not(from) => {
                        let bit = read(&mut body, *from);
                        op(&mut body, Op::Not, &[bit])
                    }
                };
                StmtKind::Next { place: Place::net(NetId::new(*sig)), value }
            }
            Action::Wait(triggers) => {
                StmtKind::Wait(triggers.iter().map(|trigger| wait(trigger, &mut body)).collect())
            }
            Action::Stop => StmtKind::Finish { message: None },
        };
        stmts.push(stmt(kind));
    }
    if let When::Instance(turns) = process.when {
        let label = body.add_label("turns");
        let ty = Type::unsigned(8);
        let var = body.add_var(Var { name: "turn".into(), ty, wraps: false, span: Span::NONE });
        let (start, stop, step) = (Int::ZERO, Int::from(turns), Int::ONE);
        stmts = vec![stmt(StmtKind::For { label, var, start, stop, step, body: stmts })];
    }
    body.stmts = stmts;
    body
}

fn wait(trigger: &Trigger, body: &mut Body) -> Wait {
    let event = |sig: &Sig, edge| Wait::Event(Event { net: NetId::new(*sig), edge });
    match trigger {
        Trigger::Any(sig) => event(sig, Edge::Any),
        Trigger::Rise(sig) => event(sig, Edge::Rising),
        Trigger::Fall(sig) => event(sig, Edge::Falling),
        Trigger::Delay(steps) => Wait::Delay(body.exprs.int(*steps, Span::NONE)),
        Trigger::Join(parts) => Wait::Join(parts.iter().map(|part| wait(part, body)).collect()),
    }
}

/// Runs processes by their scripts.
struct Scripts<'a> {
    program: &'a Program,
    /// The turn and the next action of each process.
    at: Vec<(u64, usize)>,
}

impl Host for Scripts<'_> {
    fn resume(
        &mut self,
        handle: u32,
        activation: Activation,
        simulation: &mut Simulation,
    ) -> Result<HostStep, HostFault> {
        assert_eq!(activation, Activation::Run);
        let number = handle as usize;
        let process = &self.program.processes[number];
        let turns = match process.when {
            When::Instance(turns) => turns,
            When::Comb(_) | When::Always(_) => 1,
        };
        let (turn, at) = &mut self.at[number];
        loop {
            let Some(action) = process.body.get(*at) else {
                (*turn, *at) = (*turn + 1, 0);
                if *turn < turns {
                    continue;
                }
                *turn = 0;
                return Ok(HostStep::Done);
            };
            *at += 1;
            // In the simulation the outer module's nets come first, in order.
            let bit = |sig: Sig| simulation.peek(sig as u32).as_bool().unwrap();
            match action {
                Action::Print(sigs) => {
                    let values: String = sigs.iter().map(|&sig| format!(" {}", u8::from(bit(sig)))).collect();
                    let text = format!("p{number} {}{values}\n", simulation.now());
                    simulation.state_mut().print(&text);
                }
                Action::Set(sig, source) => {
                    let value = match source {
                        Source::Is(value) => *value,
                        Source::Copy(from) => bit(*from),
                        Source::Not(from) => !bit(*from),
                    };
                    simulation.poke(*sig as u32, Value::Bool(value)).unwrap();
                }
                Action::Wait(triggers) => {
                    return Ok(HostStep::Wait(triggers.iter().map(host_wait).collect()));
                }
                Action::Stop => return Err(HostFault::Stop { message: "enough".into() }),
            }
        }
    }
}

fn host_wait(trigger: &Trigger) -> HostWait {
    match trigger {
        Trigger::Any(sig) => HostWait::Event(*sig as u32, Edge::Any),
        Trigger::Rise(sig) => HostWait::Event(*sig as u32, Edge::Rising),
        Trigger::Fall(sig) => HostWait::Event(*sig as u32, Edge::Falling),
        Trigger::Delay(steps) => HostWait::Delay(*steps),
        Trigger::Join(parts) => HostWait::Join(parts.iter().map(host_wait).collect()),
    }
}

//! Designs at random: whatever a verified design does, running it is no panic and no fault of pyhw itself.

#![allow(clippy::unwrap_used)]

#[path = "../../../ir/core/tests/support/mod.rs"]
mod support;

use pyhw_ir::eval::FaultKind;
use pyhw_ir::{Op, Value, verify};
use pyhw_sim::{Activation, Host, HostFault, HostStep, HostWait, Options, Outcome, Simulation, TextSink};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

struct Text(Arc<Mutex<String>>);

impl TextSink for Text {
    fn print(&mut self, text: &str) {
        self.0.lock().unwrap().push_str(text);
    }
}

/// Wakes up every seven steps and does nothing.
struct Idle;

impl Host for Idle {
    fn resume(&mut self, _: u32, _: Activation, _: &mut Simulation) -> Result<HostStep, HostFault> {
        Ok(HostStep::Wait(vec![HostWait::Delay(7)]))
    }
}

/// Everything that can be seen of a run: how it ended, what it printed, and the values at its end.
fn run(design: &pyhw_ir::Design) -> (Outcome, u64, String, Vec<Value>) {
    let text = Arc::new(Mutex::new(String::new()));
    let interrupt = Arc::new(AtomicBool::new(false));
    let (flag, mut patience) = (interrupt.clone(), 4);
    let options = Options {
        text: Box::new(Text(text.clone())),
        interrupt,
        observer: Some(Box::new(move |_| {
            patience -= 1;
            if patience == 0 {
                flag.store(true, Ordering::Relaxed);
            }
        })),
        ..Options::default()
    };
    let mut simulation = Simulation::new(design, options).unwrap();
    let outcome = simulation.run(Some(50), &mut Idle);
    let values = (0..simulation.flat().nets.len()).map(|net| simulation.peek(net as u32)).collect();
    let text = text.lock().unwrap().clone();
    (outcome, simulation.now(), text, values)
}

/// A `refine` that does not hold is what a random design may well contain, and pyhw's own fault by definition.
fn is_refine(message: &str) -> bool {
    message.contains("was thought to lie in")
}

#[test]
fn random_designs_run_and_repeat() {
    let (mut ended, mut faults) = (0, 0);
    for seed in 0..300 {
        let design = support::random::random_design(seed);
        if verify::verify(&design).iter().any(pyhw_diagnostics::Diagnostic::is_error) {
            continue;
        }
        let first = run(&design);
        assert_eq!(first, run(&design), "seed {seed}");
        match &first.0 {
            Outcome::Fault(fault) => {
                faults += 1;
                if let FaultKind::Internal { message } = &*fault.fault.kind {
                    assert!(is_refine(message), "seed {seed}: {fault}");
                }
            }
            _ => ended += 1,
        }
    }
    assert!(ended > 20 && faults > 20, "{ended} ended in order and {faults} with a fault");
}

#[test]
fn every_operator_is_compiled() {
    let design = support::random::every_operator();
    let outcome = run(&design).0;
    if let Outcome::Fault(fault) = &outcome
        && let FaultKind::Internal { message } = &*fault.fault.kind
    {
        assert!(is_refine(message), "{fault}");
    }
    let mut used = Vec::new();
    for module in &design.modules {
        for process in &module.processes {
            if let pyhw_ir::ProcessBody::Ir(body) = &process.body {
                used.extend(body.exprs.ids().filter_map(|id| match body.exprs.kind(id) {
                    pyhw_ir::ExprKind::Op(op, _) => Some(Op::info(op).mnemonic),
                    _ => None,
                }));
            }
        }
    }
    assert!(pyhw_ir::op::TABLE.iter().all(|row| used.contains(&row.mnemonic)));
}

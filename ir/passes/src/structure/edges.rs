//! PH0409: clocked processes of several edges that are no flip-flops with asynchronous resets.

use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_ir::{Body, Edge, Event, Module, Process, ProcessBody, ProcessKind, Stmt, StmtKind};

/// Processes that wait for edges of several nets, and whose text is not that of a flip-flop with an asynchronous reset (IEEE 1364.1, 5.2.2):
/// one `if` whose first arms each test for the level that an edge leads to, and store constants; the clock comes in the rest.
pub(super) fn unclear(used: &[&Module]) -> Vec<Diagnostic> {
    if used.iter().flat_map(|module| &module.processes).any(super::waiting::only_simulates) {
        return Vec::new();
    }
    let all = used.iter().flat_map(|module| module.processes.iter().map(|process| (*module, process)));
    all.filter_map(|(module, process)| told(module, process)).collect()
}

fn told(module: &Module, process: &Process) -> Option<Diagnostic> {
    let (ProcessKind::Clocked { events, reset: None }, ProcessBody::Ir(body)) =
        (&process.kind, &process.body)
    else {
        return None;
    };
    let has_edges = events.iter().all(|event| event.edge != Edge::Any);
    if !has_edges || events.iter().all(|event| event.net == events[0].net) {
        return None;
    }
    let name = |event: &Event| module.net(event.net).name.as_str();
    match Form::of(body, events) {
        Form::FlipFlop => None,
        Form::Contradiction(event, at) => {
            let (edge, level) = match event.edge {
                Edge::Falling => ("falling", "high"),
                Edge::Rising | Edge::Any => ("rising", "low"),
            };
            let reset = name(&event);
            let message = format!(
                "`{}` runs at the {edge} edge of `{reset}`, and tests first whether it is {level}",
                process.name
            );
            let mended = if level == "high" { format!("not {reset}") } else { reset.to_owned() };
            Some(
                Diagnostic::new(Code::PH0409, at.span, message)
                    .note("hardware has no register that takes data at the edge of a reset")
                    .help(format!("test for the level that the edge leads to: `if {mended}:`, or wait for the other edge; `@always_seq` takes both from a reset signal")),
            )
        }
        Form::Other => {
            let nets: Vec<String> = events.iter().map(|event| format!("`{}`", name(event))).collect();
            let message = format!(
                "`{}` runs at edges of {}, and is no flip-flop with an asynchronous reset",
                process.name,
                nets.join(" and ")
            );
            Some(
                Diagnostic::new(Code::PH0409, process.span, message)
                    .help("begin with `if RESET:` and store constants there only, and put the rest under `else:`; or wait for one edge"),
            )
        }
    }
}

/// What a process of several edges is.
enum Form<'a> {
    FlipFlop,
    /// It tests for the level that the edge leaves.
    Contradiction(Event, &'a Stmt),
    Other,
}

impl Form<'_> {
    fn of<'a>(body: &'a Body, events: &[Event]) -> Form<'a> {
        let [stmt @ Stmt { kind: StmtKind::If { arms, .. }, .. }] = &body.stmts[..] else {
            return Form::Other;
        };
        // Of several asynchronous resets synthesisers make what each of them likes.
        if events.len() > 2 {
            return Form::Other;
        }
        let mut left = events.to_vec();
        for (cond, stores) in arms {
            if left.len() == 1 {
                break;
            }
            let Some((net, level)) = crate::tested_level(body, *cond) else { return Form::Other };
            let Some(at) = left.iter().position(|event| event.net == net) else { return Form::Other };
            let event = left.remove(at);
            if (event.edge == Edge::Rising) != level {
                return Form::Contradiction(event, stmt);
            }
            let is_constant = |stmt: &Stmt| matches!(&stmt.kind, StmtKind::Next { place, value } if place.path.is_empty() && body.exprs.as_const(*value).is_some());
            if !stores.iter().all(is_constant) {
                return Form::Other;
            }
        }
        if left.len() == 1 { Form::FlipFlop } else { Form::Other }
    }
}

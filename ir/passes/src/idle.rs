//! Processes that do nothing: what a parameter turns off, or what only a simulation in Python would do. Text for hardware leaves them out.
//!
//! No pass of a pipeline, since C has its step function for the clock of each process, whether that does anything or not.

use pyhw_ir::{Design, Item, Module, Process, ProcessBody, ProcessId};
use std::borrow::Cow;

/// The design without processes that have no statements. Such a process drives nothing, so that its reset restores nothing either.
pub fn without_idle(design: &Design) -> Cow<'_, Design> {
    if !design.modules.iter().any(|module| module.processes.iter().any(is_idle)) {
        return Cow::Borrowed(design);
    }
    let mut design = design.clone();
    design.modules.iter_mut().for_each(leave_out);
    Cow::Owned(design)
}

fn is_idle(process: &Process) -> bool {
    match &process.body {
        ProcessBody::Ir(body) => body.stmts.is_empty(),
        ProcessBody::Host(_) => false,
    }
}

fn leave_out(module: &mut Module) {
    let mut kept = 0;
    let places: Vec<Option<ProcessId>> = module
        .processes
        .iter()
        .map(|process| {
            let place = (!is_idle(process)).then(|| ProcessId::new(kept));
            kept += usize::from(place.is_some());
            place
        })
        .collect();
    module.processes.retain(|process| !is_idle(process));
    let items = module.items.iter().filter_map(|item| match item {
        Item::Process(id) => places[id.index()].map(Item::Process),
        Item::Instance(_) => Some(*item),
    });
    module.items = items.collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_without_statements_is_left_out_and_the_others_keep_their_order() {
        let text = "hwir 1\nmodule m {\nin %clk: bool = false\nin %rst: bool = false\nout %q: bool = false\n\
            process a clocked(rising %clk) reset(%rst, high, sync) {\n}\n\
            process b clocked(rising %clk) {\n%q <= true\n}\nprocess c timed {\n}\n}\ntop m\n";
        let design = pyhw_ir::parse::parse(text).expect("it is IR");
        let awake = without_idle(&design);
        let module = awake.top_module().expect("a top");
        let names: Vec<&str> = module.processes.iter().map(|process| process.name.as_str()).collect();
        assert_eq!((names, &module.items[..]), (vec!["b"], &[Item::Process(ProcessId::new(0))][..]));
        assert!(pyhw_ir::verify::verify(&awake).is_empty());
        assert!(matches!(without_idle(&awake), Cow::Borrowed(_)));
    }
}

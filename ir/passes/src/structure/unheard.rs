//! PH0405 for targets whose combinational processes run whenever anything that they read changes.

use crate::facts::ModuleFacts;
use pyhw_diagnostics::{Code, Diagnostic, Severity};
use pyhw_ir::{Module, NetId, NetKind, ProcessId, ProcessKind};

/// Errors for what a combinational process reads and is not woken by: simulation of the design goes on with the old value there, and
/// `always @*`, or what synthesis makes of a process of VHDL, does not.
pub fn unheard(module: &Module, facts: &ModuleFacts, id: ProcessId) -> Vec<Diagnostic> {
    let process = &module.processes[id.index()];
    let ProcessKind::Comb { sensitivity } = &process.kind else { return Vec::new() };
    // What nothing drives does not change; what drives a bus are nets of their own.
    let changes = |net: NetId| module.net(net).kind == NetKind::TriState || !facts.drivers(net).is_empty();
    let unheard = facts.reads(id).iter().filter(|net| !sensitivity.contains(net) && changes(**net));
    let told = |net: &NetId| {
        let message =
            format!("a change of `{}` does not wake the process that reads it", module.net(*net).name);
        Diagnostic::new(Code::PH0405, process.span, message).severity(Severity::Error)
    };
    unheard.map(told).collect()
}

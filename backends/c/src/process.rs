//! The functions that come from processes.

use crate::func::{Func, Unit};
use crate::layout::Storage;
use crate::plan::deferrable;
use crate::stmt::{Stmts, Waiting};
use crate::tokens;
use crate::vars::Declarations;
use pyhw_ir::{Body, NetId, ProcessBody, ProcessId, Type, VarId};
use pyhw_text::{Namer, Text, Writer};
use std::collections::{BTreeMap, BTreeSet};

/// A function, or a part of one, that was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The lines of its body.
    pub text: Text,
    /// Which of the old values that it was given it uses, with their names.
    pub given: BTreeMap<NetId, String>,
}

/// The reset of a clocked process: the condition, and the call that does it.
#[derive(Clone, Debug)]
pub struct ResetBranch {
    /// The net.
    pub net: NetId,
    /// Whether it is active when true.
    pub active_high: bool,
    /// The statement that restores; none where it restores nothing.
    pub call: Option<String>,
}

/// Writes the body of a process.
pub fn write_process(
    unit: &mut Unit<'_>,
    id: ProcessId,
    names: &Namer,
    given: &BTreeMap<NetId, String>,
    reset: Option<&ResetBranch>,
) -> Written {
    let module = unit.layout.module;
    let ProcessBody::Ir(body) = &module.processes[id.index()].body else {
        return Written { text: Text::default(), given: BTreeMap::new() };
    };
    let mut declarations = Declarations::new(body);
    let mut deferred: BTreeSet<NetId> = BTreeSet::new();
    // Written anew because of what the last attempt showed. Each time, a store more waits or a variable less is there.
    loop {
        let written =
            Attempt { id, body, names, given, reset, declarations: &declarations }.run(unit, &deferred);
        // Keeping a whole memory is dear: better its stores wait.
        let memories: Vec<NetId> = written
            .kept
            .iter()
            .copied()
            .filter(|net| matches!(module.net(*net).ty, Type::Array(..)))
            .filter(|net| !deferred.contains(net) && deferrable(&body.stmts, *net))
            .collect();
        if memories.is_empty() && written.unused.is_empty() {
            return written.result;
        }
        deferred.extend(memories);
        for var in written.unused {
            declarations.drop_var(var);
        }
    }
}

struct Attempt<'s, 'a> {
    id: ProcessId,
    body: &'a Body,
    names: &'s Namer,
    given: &'s BTreeMap<NetId, String>,
    reset: Option<&'s ResetBranch>,
    declarations: &'s Declarations,
}

struct Outcome {
    result: Written,
    /// Nets whose old values it keeps.
    kept: Vec<NetId>,
    /// Variables that are set and never used.
    unused: Vec<VarId>,
}

impl<'a> Attempt<'_, 'a> {
    fn run(&self, unit: &mut Unit<'a>, deferred: &BTreeSet<NetId>) -> Outcome {
        let mut names = self.names.clone();
        for name in self.given.values() {
            names.reserve(name);
        }
        let mut func = Func::new(unit, self.id.index(), self.body, names);
        func.given.clone_from(self.given);
        let mut stmts = Stmts::new(&mut func, self.declarations, deferred.clone());
        stmts.body(&self.body.stmts, self.reset);
        let (waiting, end) = (std::mem::take(&mut stmts.waiting), stmts.end.take());
        let Func { out, mut kept, vars, .. } = func;
        let body_text = out.finish_with_origins();
        // An operator that was folded away may have asked for an old value.
        kept.retain(|_, name| tokens::count(&body_text.text, name) > 0);
        let mut out = Writer::new("    ");
        write_beginning(unit, &mut out, &kept, &waiting);
        out.append(&body_text);
        if let Some(end) = end {
            out.line(format!("{end}: ;"));
        }
        for line in waiting.iter().flat_map(|store| &store.commit) {
            out.line(line);
        }
        let text = out.finish_with_origins();
        let unused = (0..vars.len())
            .map(VarId::new)
            .filter(|var| !self.declarations.is_dead(*var) && !self.declarations.is_counter(*var))
            .filter(|var| tokens::is_only_set(&text.text, &vars[var.index()].0))
            .collect();
        let given = self
            .given
            .iter()
            .filter(|(_, name)| tokens::count(&text.text, name) > 0)
            .map(|(net, name)| (*net, name.clone()))
            .collect();
        Outcome { result: Written { text, given }, kept: kept.into_keys().collect(), unused }
    }
}

/// What stores wait in, and the old values that later reads need.
fn write_beginning(
    unit: &mut Unit<'_>,
    out: &mut Writer,
    kept: &BTreeMap<NetId, String>,
    waiting: &[Waiting],
) {
    for line in waiting.iter().flat_map(|store| &store.declarations) {
        out.line(line);
    }
    for (net, name) in kept {
        for line in keep_lines(unit, *net, name) {
            out.line(line);
        }
    }
}

/// Lines that keep the present value of a net under a name.
pub fn keep_lines(unit: &mut Unit<'_>, net: NetId, name: &str) -> Vec<String> {
    let Some(storage) = crate::layout::storage(&unit.layout.design.types, &unit.layout.module.net(net).ty)
    else {
        return Vec::new();
    };
    let declaration = unit.layout.declare(&storage, name);
    let from = format!("self->{}", unit.layout.nets[net.index()]);
    match storage {
        Storage::Bool | Storage::Scalar { .. } | Storage::Enum(..) | Storage::Struct(_) => {
            vec![format!("const {declaration} = {from};")]
        }
        Storage::Wide { .. } | Storage::Array(..) => {
            let mut lines = vec![format!("{declaration};")];
            let names = unit.locals.clone();
            lines.extend(unit.copy_lines(&names, &storage, name, &from));
            lines
        }
    }
}

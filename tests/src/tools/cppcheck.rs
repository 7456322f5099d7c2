//! cppcheck on emitted C.

use std::process::Command;

use super::dut::Dut;
use super::find::{Tool, Tools};
use super::process::{Fault, ToolError, ToolErrorKind, WorkDir, run};
use super::share::{Group, GroupSize, Item, Verdict, lint_requests, share};
use super::stimulus::Stimulus;
use super::verilog::{is_source, messages_about};

/// What cppcheck looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// All that looks at one file.
    All,
    /// Errors, and what is slow or not portable; not what is done without need.
    OfUse,
}

impl Checks {
    fn enabled(self) -> &'static str {
        match self {
            Checks::All => "--enable=warning,style,performance,portability",
            Checks::OfUse => "--enable=performance,portability",
        }
    }
}

/// Checks the C files of each design, each with the checks that stand at its place; any message is an error.
///
/// # Errors
/// One [`ToolError`] for each design about which cppcheck has something to say.
pub fn cppcheck(tools: &Tools, duts: &[Dut], checks: &[Checks]) -> Vec<Result<(), ToolError>> {
    let nothing = Stimulus::default();
    let size = GroupSize { least: 8, most: 100 };
    let mut results: Vec<Result<(), ToolError>> = duts.iter().map(|_| Ok(())).collect();
    for wanted in [Checks::All, Checks::OfUse] {
        let places: Vec<usize> =
            (0..duts.len()).filter(|&place| checks.get(place) == Some(&wanted)).collect();
        let group: Vec<Dut> = places.iter().map(|&place| duts[place].clone()).collect();
        let requests = lint_requests(Tool::Cppcheck, &group, &nothing);
        let found =
            share(tools, Tool::Cppcheck, size, requests, |work, items| run_group(tools, work, items, wanted));
        for (place, result) in places.into_iter().zip(found) {
            results[place] = result;
        }
    }
    results
}

fn run_group(tools: &Tools, work: &WorkDir, items: &[Item<'_>], checks: Checks) -> Result<Group<()>, Fault> {
    let mut files = Vec::new();
    for (position, item) in items.iter().enumerate() {
        for (name, text) in &item.dut.sources {
            let path = format!("d{position}/{name}");
            work.write(&path, text)?;
            if is_source(name, &["c"]) {
                files.push(path);
            }
        }
    }
    let mut command = Command::new("cppcheck");
    command.args(["--quiet", "--std=c99", checks.enabled(), "--error-exitcode=9"]);
    // Which members a struct's other users read is not seen from one file.
    command.args([
        "--suppress=missingIncludeSystem",
        "--suppress=unusedStructMember",
        "--suppress=unmatchedSuppression",
    ]);
    command.args([
        "--template={file}:{line}: {severity} {id}: {message}",
        "--template-location={file}:{line}: {info}",
    ]);
    let finished = run(command.args(&files), work.path(), "cppcheck", tools.timeout)?;
    let fault = |output: String| Fault { output, ..finished.fault(ToolErrorKind::Rejected) };
    let clean = finished.success && finished.output().trim().is_empty();
    let verdict = |position| match messages_about(position, &finished.output()) {
        Some(messages) => Verdict::Failed(fault(messages)),
        None if clean || !finished.timed_out => Verdict::Done(()),
        None => Verdict::Unknown,
    };
    let verdicts: Vec<Verdict<()>> = (0..items.len()).map(verdict).collect();
    let attributed = verdicts.iter().any(|verdict| matches!(verdict, Verdict::Failed(_)));
    if !clean && !attributed {
        // Something is wrong, and it is not said with which design.
        let verdicts = items.iter().map(|_| Verdict::Unknown).collect();
        return Ok(Group { verdicts, fault: Some(fault(finished.output())) });
    }
    Ok(Group { verdicts, fault: None })
}

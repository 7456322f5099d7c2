//! cppcheck on emitted C.

use std::process::Command;

use super::dut::Dut;
use super::find::{Tool, Tools};
use super::process::{Fault, ToolError, ToolErrorKind, WorkDir, run};
use super::share::{Group, GroupSize, Item, Verdict, lint_requests, share};
use super::stimulus::Stimulus;
use super::verilog::{is_source, messages_about};

/// Checks the C files of each design with all of cppcheck's checks that look at one file; any message is an error.
///
/// # Errors
/// One [`ToolError`] for each design about which cppcheck has something to say.
pub fn cppcheck(tools: &Tools, duts: &[Dut]) -> Vec<Result<(), ToolError>> {
    let nothing = Stimulus::default();
    let requests = lint_requests(Tool::Cppcheck, duts, &nothing);
    let size = GroupSize { least: 8, most: 100 };
    share(tools, Tool::Cppcheck, size, requests, |work, items| run_group(tools, work, items))
}

fn run_group(tools: &Tools, work: &WorkDir, items: &[Item<'_>]) -> Result<Group<()>, Fault> {
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
    command.args([
        "--quiet",
        "--std=c99",
        "--enable=warning,style,performance,portability",
        "--error-exitcode=9",
    ]);
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

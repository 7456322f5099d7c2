//! Yosys: check and synthesis of every design, many in one process.

use std::process::Command;

use super::dut::Dut;
use super::find::{Tool, Tools};
use super::process::{Fault, ToolError, ToolErrorKind, WorkDir, run};
use super::share::{Group, GroupSize, Item, Verdict, lint_requests, share};
use super::stimulus::Stimulus;
use super::verilog::is_source;

/// Reads, checks and synthesises (`synth`) each Verilog design. An error, a warning, or anything that `check` reports
/// before or after synthesis (several drivers, loops, undriven nets) is an error.
///
/// # Errors
/// One [`ToolError`] for each design that Yosys does not take.
pub fn yosys_synth(tools: &Tools, duts: &[Dut]) -> Vec<Result<(), ToolError>> {
    let nothing = Stimulus::default();
    let requests = lint_requests(Tool::Yosys, duts, &nothing);
    share(tools, Tool::Yosys, GroupSize { least: 1, most: 50 }, requests, |work, items| {
        run_group(tools, work, items)
    })
}

fn run_group(tools: &Tools, work: &WorkDir, items: &[Item<'_>]) -> Result<Group<()>, Fault> {
    let mut script = String::new();
    for (position, item) in items.iter().enumerate() {
        for (name, text) in &item.dut.sources {
            work.write(&format!("d{position}/{name}"), text)?;
        }
        script += &format!("log -stderr @B {position}\ndesign -reset\n");
        for (name, _) in item.dut.sources.iter().filter(|(name, _)| is_source(name, &["v", "sv"])) {
            let sv = if is_source(name, &["sv"]) { "-sv " } else { "" };
            script += &format!("read_verilog {sv}d{position}/{name}\n");
        }
        let top = &item.dut.name;
        script +=
            &format!("hierarchy -check -top {top}\nproc\ncheck -assert\nsynth -top {top}\ncheck -assert\n");
        script += &format!("log -stderr @E {position}\n");
    }
    work.write("harness.ys", &script)?;
    let finished =
        run(Command::new("yosys").args(["-q", "-s", "harness.ys"]), work.path(), "yosys", tools.timeout)?;
    let all = format!("{}{}", finished.stdout, finished.stderr);
    let kind = if finished.timed_out { ToolErrorKind::TimedOut } else { ToolErrorKind::Rejected };
    let verdict = |position: usize| {
        let Some(begin) = all.find(&format!("@B {position}\n")) else { return Verdict::Unknown };
        let end = all.find(&format!("@E {position}\n"));
        let said = &all[begin..end.unwrap_or(all.len())];
        let said = said.split_once('\n').map_or("", |(_, rest)| rest).trim();
        if end.is_some() && said.is_empty() {
            return Verdict::Done(());
        }
        Verdict::Failed(Fault { output: said.to_owned(), ..finished.fault(kind.clone()) })
    };
    let verdicts = (0..items.len()).map(verdict).collect();
    Ok(Group { verdicts, fault: Some(finished.fault(kind.clone())) })
}

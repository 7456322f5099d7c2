//! Yosys: check and synthesis of every design, many in one process.

use std::process::Command;

use super::dut::Dut;
use super::find::{Tool, Tools};
use super::process::{Fault, ToolError, ToolErrorKind, WorkDir, run};
use super::share::{Group, GroupSize, Item, Verdict, lint_requests, share};
use super::stimulus::Stimulus;
use super::verilog::is_source;

/// Operators whose gates take Yosys minutes, and say nothing about the text that they come from: they are left as they are.
const LARGE: &str = "t:$div t:$mod t:$pow %u %u r:A_WIDTH>=9 %i t:$mul r:Y_WIDTH>=49 %i %u";

/// Yosys' `proc` but for `proc_rmdead`, which takes away the assignments of branches that are never taken and leaves the
/// cells that read what was assigned there: `check` then calls a wire undriven that the text drives on every path. Example:
/// `case (a) 1'b0, 1'b1: y = 0; default: y = f(x); endcase` and a function `f` that reads its own result.
const PROC: &str = "proc_clean\nproc_prune\nproc_init\nproc_arst\nproc_rom\nproc_mux\nproc_dlatch\nproc_dff\n\
    proc_memwr\nproc_clean";

/// Drives what optimisation left without a driver; nets that the text does not drive were found before, and loops and several
/// drivers still are. Yosys 0.23 leaves nets so where no value matters. `share` removes a read of a memory that it proves
/// never to be needed: `w` of `wire w = m[x]; always @* begin y = v; if (a) if (a - 1'b1 == 1'b1) y = w; end`. `memory_dff`
/// moves some bits of a register into a memory's port, and the register goes on to read their nets, for no output:
/// `always @(posedge clk) y <= {a, m[x]};`.
const DRIVE: &str = "setundef -undriven -undef";

/// What Yosys says of itself at each `z`, whatever the text around it.
const SAYS_OF_ITSELF: &str = "Yosys has only limited support for tri-state logic at the moment";

/// Reads, checks and synthesises (`synth`) each Verilog design; one with wide dividers or multipliers up to its cells, others
/// down to gates. An error, a warning, or anything that `check` reports before or after synthesis (several drivers, loops;
/// before it also undriven nets) is an error.
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
    let mut cells = String::new();
    for (position, item) in items.iter().enumerate() {
        for (name, text) in &item.dut.sources {
            work.write(&format!("d{position}/{name}"), text)?;
        }
        cells += &begin(position);
        for (name, _) in item.dut.sources.iter().filter(|(name, _)| is_source(name, &["v", "sv"])) {
            let sv = if is_source(name, &["sv"]) { "-sv " } else { "" };
            cells += &format!("read_verilog {sv}d{position}/{name}\n");
        }
        let top = &item.dut.name;
        cells +=
            &format!("hierarchy -check -top {top}\ndesign -push-copy\n{PROC}\ncheck -assert\ndesign -pop\n");
        cells += &format!("synth -top {top} -run begin:fine\n{DRIVE}\ncheck -assert\n");
        cells += &format!("write_rtlil d{position}/cells.il\n");
        cells += &format!("tee -q -o d{position}/large select -list {LARGE}\n");
        cells += &end(position);
    }
    let (mut verdicts, fault) = run_script(tools, work, "cells", &cells, items.len())?;
    let mut gates = String::new();
    let mut mapped = Vec::new();
    for (position, item) in items.iter().enumerate() {
        let large =
            std::fs::read_to_string(work.path().join(format!("d{position}/large"))).unwrap_or_default();
        if matches!(verdicts[position], Verdict::Done(())) && large.trim().is_empty() {
            gates += &begin(mapped.len());
            gates += &format!("read_rtlil d{position}/cells.il\n");
            gates += &format!("synth -top {} -run fine:\ncheck -assert\n", item.dut.name);
            gates += &end(mapped.len());
            mapped.push(position);
        }
    }
    let (gate_verdicts, gate_fault) = run_script(tools, work, "gates", &gates, mapped.len())?;
    let is_known = gate_verdicts.iter().all(|verdict| !matches!(verdict, Verdict::Unknown));
    for (position, verdict) in mapped.into_iter().zip(gate_verdicts) {
        verdicts[position] = verdict;
    }
    Ok(Group { verdicts, fault: Some(if is_known { fault } else { gate_fault }) })
}

fn begin(position: usize) -> String {
    format!("log -stderr @B {position}\ndesign -reset\n")
}

fn end(position: usize) -> String {
    format!("log -stderr @E {position}\n")
}

/// What one process says about each design, and how it ended.
fn run_script(
    tools: &Tools,
    work: &WorkDir,
    name: &str,
    script: &str,
    count: usize,
) -> Result<(Vec<Verdict<()>>, Fault), Fault> {
    let file = format!("{name}.ys");
    work.write(&file, script)?;
    let finished = run(
        Command::new("yosys").args(["-q", "-w", SAYS_OF_ITSELF, "-s", &file]),
        work.path(),
        name,
        tools.timeout,
    )?;
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
    Ok(((0..count).map(verdict).collect(), finished.fault(kind.clone())))
}

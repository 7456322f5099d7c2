//! Verilator: one model that holds all designs, driven by one C++ program; and its lint.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::dut::Dut;
use super::find::{Tool, Tools};
use super::process::{Fault, ToolError, ToolErrorKind, WorkDir, run};
use super::share::{
    Group, GroupSize, Item, Notation, Verdict, lint_requests, parallel_map, read_traces, requests, share,
};
use super::stimulus::{Stimulus, Trace};
use super::verilog::{StimulusShape, VerilogFiles, connections, is_source, stimulus_file};

/// Simulates Verilog designs with Verilator, which knows two states only: registers without an initial value start at
/// random (with a fixed seed), so that a design that depends on them shows it.
///
/// # Errors
/// One [`ToolError`] for each design that has no complete trace.
pub fn verilator(tools: &Tools, duts: &[Dut], stimuli: &[Stimulus]) -> Vec<Result<Trace, ToolError>> {
    let size = GroupSize { least: 40, most: 150 };
    let requests = requests(Tool::Verilator, duts, stimuli);
    share(tools, Tool::Verilator, size, requests, |work, items| run_group(tools, work, items))
}

/// `verilator --lint-only -Wall` on each design; `.v` files are read as Verilog-2005. Any message is an error.
///
/// # Errors
/// One [`ToolError`] for each design about which Verilator has something to say.
pub fn verilator_lint(tools: &Tools, duts: &[Dut]) -> Vec<Result<(), ToolError>> {
    let nothing = Stimulus::default();
    let size = GroupSize { least: 1, most: usize::MAX };
    let requests = lint_requests(Tool::Verilator, duts, &nothing);
    share(tools, Tool::Verilator, size, requests, |work, items| {
        let verdicts = items.iter().enumerate().map(|(position, item)| lint(tools, work, position, item));
        Ok(Group { verdicts: verdicts.collect::<Result<_, _>>()?, fault: None })
    })
}

fn lint(tools: &Tools, work: &WorkDir, position: usize, item: &Item<'_>) -> Result<Verdict<()>, Fault> {
    for (name, text) in &item.dut.sources {
        work.write(&format!("d{position}/{name}"), text)?;
    }
    let names: Vec<&str> = item.dut.sources.iter().map(|(name, _)| name.as_str()).collect();
    let files: Vec<&str> = names.iter().copied().filter(|name| is_source(name, &["v", "sv"])).collect();
    let mut command = Command::new("verilator");
    command.args(["--lint-only", "-Wall", "--top-module", &item.dut.name]);
    if files.iter().all(|name| is_source(name, &["v"])) {
        command.args(["--language", "1364-2005"]);
    }
    let folder = work.path().join(format!("d{position}"));
    let finished = run(command.args(files), &folder, "lint", tools.timeout)?;
    let silent = finished.output().trim().is_empty();
    Ok(match finished.succeeded(ToolErrorKind::Rejected) {
        Err(fault) => Verdict::Failed(fault),
        Ok(finished) if !silent => Verdict::Failed(finished.fault(ToolErrorKind::Rejected)),
        Ok(_) => Verdict::Done(()),
    })
}

fn run_group(tools: &Tools, work: &WorkDir, items: &[Item<'_>]) -> Result<Group<Trace>, Fault> {
    let files = VerilogFiles::write(work, items)?;
    for (position, item) in items.iter().enumerate() {
        work.write(&format!("d{position}.stim"), &stimulus_file(item.dut, item.stimulus))?;
    }
    work.write("harness.v", &wrapper(items, &files))?;
    work.write("main.cpp", &main_program(items))?;
    if items.len() > 1
        && let Some(group) = refused_alone(tools, work, items, &files)
    {
        return Ok(group);
    }
    let mut command = Command::new("verilator");
    command.args(["--cc", "--exe", "-Wno-fatal", "-Wno-lint", "-Wno-style", "--top-module", "harness"]);
    command.args(["--x-assign", "unique", "--x-initial", "unique", "--Mdir", "model"]);
    command.args(files.paths.iter().flatten()).args(["harness.v", "main.cpp"]);
    run(&mut command, work.path(), "verilate", tools.timeout)?.succeeded(ToolErrorKind::Rejected)?;

    let model = work.path().join("model");
    let cached = runtime_cache(tools)?;
    copy_runtime(&cached, &model)?;
    let mut command = Command::new("make");
    command.args(["-C", "model", "-f", "Vharness.mk", "OPT_FAST=-O0", "OPT_SLOW=-O0", "OPT_GLOBAL=-O1"]);
    run(&mut command, work.path(), "make", tools.timeout)?.succeeded(ToolErrorKind::Rejected)?;
    save_runtime(&model, &cached)?;

    let mut command = Command::new("model/Vharness");
    command.args(["+verilator+seed+1", "+verilator+rand+reset+2"]);
    let simulation = run(&mut command, work.path(), "run", tools.timeout)?;
    Ok(read_traces(items, &simulation, Notation::Binary))
}

/// A model is slow to build, so a design that Verilator refuses is found before that: None if there is none.
fn refused_alone(
    tools: &Tools,
    work: &WorkDir,
    items: &[Item<'_>],
    files: &VerilogFiles,
) -> Option<Group<Trace>> {
    let positions: Vec<usize> = (0..items.len()).collect();
    let verdicts = parallel_map(2, &positions, |&position| {
        let mut command = Command::new("verilator");
        command.args(["--lint-only", "-Wno-fatal", "-Wno-lint", "-Wno-style", "--top-module"]);
        command.arg(files.name(position, &items[position].dut.name)).args(&files.paths[position]);
        let finished = run(&mut command, work.path(), &format!("check{position}"), tools.timeout);
        match finished.and_then(|finished| finished.succeeded(ToolErrorKind::Rejected)) {
            Ok(_) => Verdict::Unknown,
            Err(fault) => Verdict::Failed(fault),
        }
    });
    let refused = verdicts.iter().any(|verdict| matches!(verdict, Verdict::Failed(_)));
    refused.then_some(Group { verdicts, fault: None })
}

/// The files of Verilator's own library in a model's folder.
const RUNTIME_FILES: [&str; 4] = ["verilated.o", "verilated.d", "verilated_threads.o", "verilated_threads.d"];

/// Where the compiled library of this Verilator is kept: compiling it costs more than most models.
fn runtime_cache(tools: &Tools) -> Result<PathBuf, Fault> {
    let work = WorkDir::new(&tools.work, "version")?;
    let version = run(Command::new("verilator").arg("--version"), work.path(), "version", tools.timeout)?;
    let name: String =
        version.stdout.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Ok(tools.cache.join("verilator-runtime").join(name))
}

/// Copies the library into a model's folder; make then takes it as up to date.
fn copy_runtime(cached: &Path, model: &Path) -> Result<(), Fault> {
    if RUNTIME_FILES.iter().all(|name| cached.join(name).is_file()) {
        for name in RUNTIME_FILES {
            fs::copy(cached.join(name), model.join(name))?;
        }
    }
    Ok(())
}

/// Keeps the library for the next model. Another process may do the same: the folder appears whole or not at all.
fn save_runtime(model: &Path, cached: &Path) -> Result<(), Fault> {
    if cached.exists() || !RUNTIME_FILES.iter().all(|name| model.join(name).is_file()) {
        return Ok(());
    }
    let Some(parent) = cached.parent() else { return Ok(()) };
    let mut fresh = WorkDir::new(parent, "fresh")?;
    for name in RUNTIME_FILES {
        fs::copy(model.join(name), fresh.path().join(name))?;
    }
    if fs::rename(fresh.path(), cached).is_ok() {
        fresh.keep();
    }
    Ok(())
}

/// A module that holds all designs and has all their ports, under names that are safe in C++.
fn wrapper(items: &[Item<'_>], files: &VerilogFiles) -> String {
    let (mut ports, mut instances) = (Vec::new(), String::new());
    for (position, item) in items.iter().enumerate() {
        let mut add = |direction: &str, width: u32, letter: char, index: usize| {
            let net = format!("d{position}_{letter}{index}");
            ports.push(format!("    {direction} wire [{}:0] {net}", width - 1));
            net
        };
        let connection = |name: &str, net: String| format!(".{}({net})", files.name(position, name));
        let mut connected = Vec::new();
        for (index, clock) in item.dut.clocks.iter().enumerate() {
            connected.push(connection(&clock.name, add("input ", 1, 'c', index)));
        }
        let mut nets = Vec::new();
        for (index, port) in item.dut.inputs.iter().enumerate() {
            nets.push((port, add("input ", port.width, 'i', index)));
        }
        for (index, port) in item.dut.outputs.iter().enumerate() {
            nets.push((port, add("output", port.width, 'o', index)));
        }
        connected.extend(connections(nets).into_iter().map(|(name, net)| connection(name, net)));
        let module = files.name(position, &item.dut.name);
        instances += &format!("    {module} d{position} ({});\n", connected.join(", "));
    }
    format!("module harness (\n{}\n);\n{instances}endmodule\n", ports.join(",\n"))
}

/// The driver: a table of ports, and all designs stepped side by side.
fn main_program(items: &[Item<'_>]) -> String {
    let mut text = MAIN_HEAD.to_owned();
    for (position, item) in items.iter().enumerate() {
        let shape = StimulusShape::of(item.dut, item.stimulus);
        let ports = |letter: char, widths: Vec<(u32, String)>| -> String {
            let port = |(index, (width, init)): (usize, (u32, String))| {
                format!("{{&m->d{position}_{letter}{index}, {width}, \"{init}\"}}, ")
            };
            widths.into_iter().enumerate().map(port).collect()
        };
        let dut = item.dut;
        let clocks = dut.clocks.iter().map(|clock| (1, u8::from(clock.idle).to_string())).collect();
        let inputs = dut.inputs.iter().map(|port| {
            (port.width, format!("{:0>width$}", port.init.to_str_radix(2), width = port.width as usize))
        });
        let outputs = dut.outputs.iter().map(|port| (port.width, String::new())).collect();
        text += &format!(
            "    designs.push_back(Design{{{}, {}, {{{}}}, {{{}}}, {{{}}}, {{}}}});\n",
            shape.slots,
            shape.clock_bits,
            ports('c', clocks),
            ports('i', inputs.collect()),
            ports('o', outputs)
        );
    }
    text + MAIN_TAIL
}

const MAIN_HEAD: &str = r#"#include "Vharness.h"
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

struct Port { void *place; unsigned width; const char *init; };
struct Design {
    size_t slots, clock_bits;
    std::vector<Port> clocks, inputs, outputs;
    std::vector<std::string> steps;
};

/* Verilator holds a port in 1, 2, 4 or 8 bytes, and a wider one in 32-bit words, lowest first. */
static size_t bytes_of(unsigned width)
{
    return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : width <= 64 ? 8 : (width + 31) / 32 * 4;
}

static void write(const Port &port, const char *digits)
{
    std::vector<uint8_t> bytes(bytes_of(port.width), 0);
    for (unsigned bit = 0; bit < port.width; ++bit)
        if (digits[port.width - 1 - bit] == '1') bytes[bit / 8] |= uint8_t(1u << (bit % 8));
    std::memcpy(port.place, bytes.data(), bytes.size());
}

static std::string read(const Port &port)
{
    const uint8_t *bytes = static_cast<const uint8_t *>(port.place);
    std::string digits(port.width, '0');
    for (unsigned bit = 0; bit < port.width; ++bit)
        if (bytes[bit / 8] >> (bit % 8) & 1) digits[port.width - 1 - bit] = '1';
    return digits;
}

int main(int argc, char **argv)
{
    VerilatedContext context;
    context.commandArgs(argc, argv);
    Vharness *m = new Vharness{&context};
    std::vector<Design> designs;
"#;

const MAIN_TAIL: &str = r#"
    size_t steps = 0;
    for (size_t d = 0; d < designs.size(); ++d) {
        std::ifstream file("d" + std::to_string(d) + ".stim");
        for (std::string line; std::getline(file, line);) designs[d].steps.push_back(line);
        if (designs[d].steps.size() > steps) steps = designs[d].steps.size();
        for (const Port &port : designs[d].clocks) write(port, port.init);
        for (const Port &port : designs[d].inputs) write(port, port.init);
    }
    m->eval();
    for (size_t step = 0; step < steps; ++step) {
        size_t slots = 0;
        for (const Design &design : designs) {
            if (step >= design.steps.size()) continue;
            if (design.slots > slots) slots = design.slots;
            const char *digits = design.steps[step].c_str() + design.slots * (design.clock_bits + 2);
            for (const Port &port : design.inputs) { write(port, digits); digits += port.width; }
        }
        m->eval();
        for (size_t slot = 0; slot < slots; ++slot) {
            for (const Design &design : designs) {
                if (step >= design.steps.size() || slot >= design.slots) continue;
                const char *digits = design.steps[step].c_str() + slot * (design.clock_bits + 2);
                if (digits[0] != '1') continue;
                size_t clock = 0;
                for (size_t bit = 1; bit <= design.clock_bits; ++bit) clock = clock * 2 + size_t(digits[bit] == '1');
                write(design.clocks[clock], digits + 1 + design.clock_bits);
            }
            m->eval();
        }
        for (size_t d = 0; d < designs.size(); ++d) {
            if (step >= designs[d].steps.size()) continue;
            std::printf("@T %zu %zu", d, step);
            for (const Port &port : designs[d].outputs) std::printf(" %s", read(port).c_str());
            std::printf("\n");
        }
    }
    for (size_t d = 0; d < designs.size(); ++d) std::printf("@E %zu\n", d);
    std::fflush(stdout);
    m->final();
    return 0;
}
"#;

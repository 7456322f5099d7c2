//! Icarus Verilog: a test bench for each design, all of them in one simulation.

use std::process::Command;

use super::dut::{Dut, Port, PortKind};
use super::find::{Tool, Tools};
use super::process::{Fault, ToolError, ToolErrorKind, WorkDir, run};
use super::share::{Group, GroupSize, Item, Notation, Verdict, read_traces, requests, share};
use super::stimulus::{Stimulus, Trace};
use super::verilog::{StimulusShape, VerilogFiles, connections, messages_about, stimulus_file};

/// Simulates Verilog designs with Icarus.
///
/// Files are compiled with `-Wall`, and `.v` files once more as Verilog-2005; any message about an emitted file is an
/// error. The simulation itself runs in SystemVerilog mode, where initial values in declarations stand before time
/// zero (in Verilog-2005 mode they race with the processes).
///
/// # Errors
/// One [`ToolError`] for each design that has no complete trace.
pub fn icarus(tools: &Tools, duts: &[Dut], stimuli: &[Stimulus]) -> Vec<Result<Trace, ToolError>> {
    let size = GroupSize { least: 16, most: 128 };
    share(tools, Tool::Icarus, size, requests(Tool::Icarus, duts, stimuli), |work, items| {
        run_group(tools, work, items)
    })
}

fn run_group(tools: &Tools, work: &WorkDir, items: &[Item<'_>]) -> Result<Group<Trace>, Fault> {
    let files = VerilogFiles::write(work, items)?;
    let mut bench = "`timescale 1ns/1ns\n".to_owned();
    for (position, item) in items.iter().enumerate() {
        work.write(&format!("d{position}.stim"), &stimulus_file(item.dut, item.stimulus))?;
        bench += &bench_module(position, item, &files);
    }
    bench += &top_module(items.len());
    work.write("harness.v", &bench)?;

    let old: Vec<&String> = files.paths.iter().flatten().filter(|path| path.ends_with(".v")).collect();
    let mut compiles = Vec::new();
    if !old.is_empty() {
        let mut command = Command::new("iverilog");
        command.args(["-g2005", "-Wall", "-Wno-timescale", "-tnull"]).args(old);
        compiles.push(run(&mut command, work.path(), "lint", tools.timeout)?);
    }
    let mut command = Command::new("iverilog");
    command.args(["-g2012", "-Wall", "-Wno-timescale", "-s", "harness", "-o", "harness.vvp"]);
    command.args(files.paths.iter().flatten()).arg("harness.v");
    compiles.push(run(&mut command, work.path(), "compile", tools.timeout)?);

    let refused = |position| {
        compiles.iter().find_map(|compile| {
            messages_about(position, &compile.output())
                .map(|output| Fault { output, ..compile.fault(ToolErrorKind::Rejected) })
        })
    };
    let refused: Vec<Option<Fault>> = (0..items.len()).map(refused).collect();
    let mut group = match compiles
        .into_iter()
        .try_fold((), |(), compile| compile.succeeded(ToolErrorKind::Rejected).map(|_| ()))
    {
        Err(fault) => Group { verdicts: vec![Verdict::Unknown; items.len()], fault: Some(fault) },
        Ok(()) => {
            let simulation =
                run(Command::new("vvp").args(["-n", "harness.vvp"]), work.path(), "run", tools.timeout)?;
            read_traces(items, &simulation, Notation::Binary)
        }
    };
    for (verdict, fault) in group.verdicts.iter_mut().zip(refused) {
        if let Some(fault) = fault {
            *verdict = Verdict::Failed(fault);
        }
    }
    Ok(group)
}

fn range(port: &Port) -> String {
    if port.kind == PortKind::Bool { String::new() } else { format!(" [{}:0]", port.width - 1) }
}

/// The test bench of one item. Its design settles for a microsecond after each change.
fn bench_module(position: usize, item: &Item<'_>, files: &VerilogFiles) -> String {
    let (dut, shape) = (item.dut, StimulusShape::of(item.dut, item.stimulus));
    let (steps, slot) = (item.stimulus.steps.len(), shape.slot_bits());
    let mut text = format!("\nmodule harness_{position} (output reg done);\n    initial done = 1'b0;\n");
    let mut connected = Vec::new();
    let mut connect =
        |port: &str, net: String| connected.push(format!(".{}({net})", files.name(position, port)));
    for (index, clock) in dut.clocks.iter().enumerate() {
        text += &format!("    reg c{index} = 1'b{};\n", u8::from(clock.idle));
        connect(&clock.name, format!("c{index}"));
    }
    let mut nets = Vec::new();
    for (index, port) in dut.inputs.iter().enumerate() {
        let (range, init) = (range(port), format!("{}'h{:x}", port.width, port.init));
        text += &if port.edge_sensitive {
            format!("    reg{range} i{index} = {init};\n")
        } else {
            format!("    reg{range} i{index};\n    initial #0 i{index} = {init};\n")
        };
        nets.push((port, format!("i{index}")));
    }
    for (index, port) in dut.outputs.iter().enumerate() {
        text += &format!("    wire{} o{index};\n", range(port));
        nets.push((port, format!("o{index}")));
    }
    connections(nets).into_iter().for_each(|(port, net)| connect(port, net));
    text += &format!("    {} dut ({});\n", files.name(position, &dut.name), connected.join(", "));
    if steps == 0 {
        return text
            + &format!("    initial #1000 begin $display(\"@E {position}\"); done = 1'b1; end\nendmodule\n");
    }
    text += &format!("    reg [{}:0] stimulus [0:{}];\n", shape.line_bits() - 1, steps - 1);
    text += &format!("    reg [{}:0] row;\n    reg [{}:0] slot;\n", shape.line_bits() - 1, slot - 1);
    text += "    integer step, edges;\n    initial begin\n";
    text += &format!("        $readmemb(\"d{position}.stim\", stimulus);\n        #1000;\n");
    text += &format!("        for (step = 0; step < {steps}; step = step + 1) begin\n");
    text += "            row = stimulus[step];\n";
    let mut low = shape.input_bits;
    for (index, port) in dut.inputs.iter().enumerate() {
        low -= port.width as usize;
        text += &format!("            i{index} <= row[{}:{low}];\n", low + port.width as usize - 1);
    }
    text += "            #1000;\n";
    text += &format!("            for (edges = 0; edges < {}; edges = edges + 1) begin\n", shape.slots);
    text += &format!(
        "                slot = row >> ({} + ({} - edges) * {slot});\n",
        shape.input_bits,
        shape.slots.saturating_sub(1)
    );
    text += &format!("                if (slot[{}]) begin\n", slot - 1);
    text += &format!("                    case (slot[{}:1])\n", slot - 2);
    for index in 0..dut.clocks.len() {
        text += &format!("                        {index}: c{index} = slot[0];\n");
    }
    text += "                        default: ;\n                    endcase\n";
    text += "                    #1000;\n                end\n            end\n";
    let (format, values): (String, String) = (
        dut.outputs.iter().map(|_| " %b").collect(),
        (0..dut.outputs.len()).map(|index| format!(", o{index}")).collect(),
    );
    text += &format!("            $display(\"@T {position} %0d{format}\", step{values});\n        end\n");
    text + &format!("        $display(\"@E {position}\");\n        done = 1'b1;\n    end\nendmodule\n")
}

fn top_module(count: usize) -> String {
    let mut text = format!("\nmodule harness;\n    wire [{}:0] done;\n", count.max(1) - 1);
    for position in 0..count {
        text += &format!("    harness_{position} h{position} (.done(done[{position}]));\n");
    }
    text + "    initial begin\n        wait (&done);\n        $finish;\n    end\nendmodule\n"
}

//! The test bench through which a co-simulator drives a module.
//!
//! The system tasks `$from_myhdl` and `$to_myhdl` are those of MyHDL's VPI module: signals that the other side drives, and signals
//! that it reads.

use crate::Cosimulation;
use crate::context::ModuleCx;
use crate::helper::range_text;
use pyhw_ir::Direction;
use pyhw_text::{Namer, OutputFile, Row, Writer};

/// `tb_NAME.v` for the module `name`; a module without ports has none.
pub fn bench(cx: &ModuleCx<'_>, name: &str, wanted: Cosimulation) -> Option<OutputFile> {
    if cx.module.ports.is_empty() {
        return None;
    }
    let mut w = Writer::new("    ");
    if let Some(timescale) = &cx.options.timescale {
        w.line(format!("`timescale {timescale}"));
        w.blank();
    }
    let mut names = Namer::hdl();
    cx.module.ports.iter().for_each(|port| names.reserve(&cx.form(port.net).name));
    let dut = names.fresh("dut");
    w.line(format!("module tb_{name};"));
    w.indent();
    let mut rows = Vec::new();
    let (mut inputs, mut outputs, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for port in &cx.module.ports {
        let form = cx.form(port.net);
        let (keyword, list) = match port.direction {
            Direction::In => ("reg", &mut inputs),
            Direction::Out | Direction::InOut => ("wire", &mut outputs),
        };
        rows.push(Row::new([keyword.to_owned(), range_text(form.width), format!("{};", form.name)]));
        list.push(form.name.clone());
        all.push(form.name.clone());
    }
    w.table(&rows);
    w.blank();
    w.line("initial begin");
    w.indent();
    if wanted.trace {
        w.line(format!("$dumpfile(\"{name}.vcd\");"));
        w.line(format!("$dumpvars(0, {dut});"));
    }
    for (task, names) in [("$from_myhdl", inputs), ("$to_myhdl", outputs)] {
        if !names.is_empty() {
            w.line(format!("{task}("));
            listed(&names, &mut w);
            w.line(");");
        }
    }
    w.dedent();
    w.line("end");
    w.blank();
    w.line(format!("{name} {dut} ("));
    listed(&all.iter().map(|port| format!(".{port}({port})")).collect::<Vec<_>>(), &mut w);
    w.line(");");
    w.dedent();
    w.line("endmodule");
    Some(OutputFile { name: format!("tb_{name}.v"), text: w.finish() })
}

/// One on each line, with commas between.
fn listed(items: &[String], w: &mut Writer) {
    w.indent();
    for (at, item) in items.iter().enumerate() {
        w.line(format!("{item}{}", if at + 1 < items.len() { "," } else { "" }));
    }
    w.dedent();
}

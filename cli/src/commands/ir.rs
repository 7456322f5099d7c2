//! `pyhw ir`.

use super::{Done, only_printed, parse, read, run_ir, text_after, told};
use crate::args::Ir;
use crate::pipeline::{self, LOWER};
use crate::report::Reporter;
use crate::stdout;
use pyhw_ir::Design;
use pyhw_passes::Pipeline;

pub fn run(args: &Ir, reporter: &mut Reporter) -> Done<()> {
    let pipeline = only_printed(&Pipeline::default(), &args.print_after, reporter)?;
    let source = read_ir(args, reporter)?;
    let design = parse(&source, reporter)?;
    let mut printed = String::new();
    let mut after = |name: &'static str, design: &Design| {
        if args.print_after.iter().any(|wanted| wanted == name) {
            printed.push_str(&text_after(name, design));
        } else if args.print_after.is_empty() && name == LOWER && !args.run {
            printed = pyhw_ir::print::print(design);
        }
    };
    let built = pipeline::build_read(design, &source, &pipeline, &mut after);
    reporter.report(&built.findings());
    stdout::write(&printed)?;
    if args.run && !built.findings().has_errors() {
        let run = run_ir::Run { until: args.until, wave: args.wave.as_deref(), show_nets: true };
        run_ir::run(&built.design, &run, reporter)?;
    }
    Ok(())
}

/// The file is IR text whatever its name is.
fn read_ir(args: &Ir, reporter: &mut Reporter) -> Done<crate::source::Source> {
    if args.file.as_os_str() == "-" {
        return told(crate::source::read_stdin(), reporter);
    }
    if !crate::source::is_ir_text(&args.file) {
        return Err(reporter.usage(&format!("`{}` is not a .hwir file", args.file.display())));
    }
    read(&args.file, reporter)
}

//! Prints the Verilog of a design in IR text: `cargo run -p pyhw-verilog --example hwir_to_verilog FILE.hwir [OUT.v]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(file) = args.next() else {
        eprintln!("usage: hwir_to_verilog FILE.hwir [OUT.v]");
        return ExitCode::from(2);
    };
    let result = std::fs::read_to_string(&file).map_err(|error| error.to_string()).and_then(|text| {
        let list = |diagnostics: Vec<pyhw_diagnostics::Diagnostic>| {
            diagnostics
                .iter()
                .map(|d| {
                    let labels: Vec<&str> = d.labels.iter().map(|label| &*label.text).collect();
                    format!("{} {}: {} {labels:?}", d.code, d.primary.span, d.message)
                })
                .collect::<Vec<_>>()
                .join("\n")
        };
        let design = pyhw_ir::parse::parse(&text).map_err(list)?;
        let faults = pyhw_ir::verify::verify(&design);
        if !faults.is_empty() {
            return Err(list(faults));
        }
        pyhw_verilog::emit(&design, &pyhw_verilog::Options::default()).map_err(list)
    });
    match result {
        Ok(files) => match args.next() {
            Some(out) => match std::fs::write(&out, &files[0].text) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("{out}: {error}");
                    ExitCode::FAILURE
                }
            },
            None => {
                print!("{}", files[0].text);
                ExitCode::SUCCESS
            }
        },
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

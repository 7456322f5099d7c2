//! Prints a random design, or one of a file of IR text, as IR or as it is emitted:
//! `cargo run -p pyhw-tests --example generate -- SEED|FILE [verilog|vhdl|c]`.

use pyhw_tests::differential::{Subject, dut};
use pyhw_tests::tools::{Language, Std};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(|what| run(what, arguments.get(1).map(String::as_str))) {
        Some(Ok(text)) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Some(Err(text)) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
        None => {
            eprintln!("usage: generate SEED|FILE [verilog|vhdl|c]");
            ExitCode::from(2)
        }
    }
}

fn run(what: &str, language: Option<&str>) -> Result<String, String> {
    let subject = match what.parse() {
        Ok(seed) => Subject::random(seed)?,
        Err(_) => {
            let text = std::fs::read_to_string(what).map_err(|error| format!("{what}: {error}"))?;
            Subject::from_text("design", &text)?
        }
    };
    let language = match language {
        None => return Ok(pyhw_ir::print::print_pretty(&subject.design)),
        Some("verilog") => Language::Verilog,
        Some("vhdl") => Language::Vhdl,
        Some("c") => Language::C,
        Some(other) => return Err(format!("there is no language `{other}`")),
    };
    let dut = dut(&subject, language, Std::V08)?;
    Ok(dut.sources.iter().map(|(_, text)| text.as_str()).collect::<Vec<&str>>().join("\n"))
}

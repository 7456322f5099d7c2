//! Prints the IR of a random design: `cargo run -p pyhw-tests --example generate -- SEED`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(seed) = std::env::args().nth(1).and_then(|text| text.parse().ok()) else {
        eprintln!("usage: generate SEED");
        return ExitCode::from(2);
    };
    print!("{}", pyhw_ir::print::print_pretty(&pyhw_tests::generate::design(seed)));
    ExitCode::SUCCESS
}

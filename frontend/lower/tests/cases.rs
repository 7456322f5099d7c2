//! Processes lowered to IR: each `cases/NAME.py` is one process with its signals in the first comment lines ([`case`]), and
//! `NAME.hwir` beside it is the IR that it must become. `cargo test -p pyhw-lower --test cases -- --ignored` writes these
//! files anew.

#[path = "support/case.rs"]
mod case;

use case::Case;
use pyhw_ir::ProcessBody;
use std::path::{Path, PathBuf};

/// What a case becomes: the IR, or the reasons why it is left to the host.
fn lowered(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a readable case");
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    let elaborated = Case::read(&name, &text).expect("a process");
    let lowered = pyhw_lower::lower(&elaborated);
    let faults = pyhw_ir::verify::verify(&lowered.design);
    assert!(faults.is_empty(), "{name}: {faults:#?}");
    let mut out = String::new();
    for module in &lowered.design.modules {
        for process in &module.processes {
            if let ProcessBody::Host(host) = &process.body {
                for reason in &host.reason {
                    let place = reason.primary.span.start;
                    out.push_str(&format!(
                        "{}: {}:{}: {}\n",
                        reason.code, place.line, place.column, reason.message
                    ));
                }
            }
        }
    }
    if out.is_empty() { pyhw_ir::print::print_pretty(&lowered.design) } else { out }
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    found.sort();
    found
}

#[test]
fn processes_become_the_ir_that_is_written_beside_them() {
    let mut different = Vec::new();
    for path in cases() {
        let golden = std::fs::read_to_string(path.with_extension("hwir")).unwrap_or_default();
        let now = lowered(&path);
        if now != golden {
            different.push(format!("{}:\n{now}", path.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
#[ignore = "writes the expected files anew"]
fn write_expected_files() {
    for path in cases() {
        std::fs::write(path.with_extension("hwir"), lowered(&path)).expect("a writable file");
    }
}

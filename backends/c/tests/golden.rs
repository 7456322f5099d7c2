//! Whole designs against files that are read by people and by compilers.
//!
//! `cargo test -p pyhw-c --test golden -- --ignored bless` writes them anew.

mod common;
mod designs;

use std::path::{Path, PathBuf};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

#[test]
fn emitted_files_are_the_golden_ones() {
    for (_, design) in designs::all() {
        for file in common::emitted(&design) {
            let expected = std::fs::read_to_string(golden(&file.name)).unwrap_or_default();
            assert!(
                file.text == expected,
                "{} differs from its golden file; it is now:\n{}",
                file.name,
                file.text
            );
        }
    }
}

#[test]
#[ignore = "writes the golden files anew"]
fn bless() {
    for (_, design) in designs::all() {
        for file in common::emitted(&design) {
            std::fs::write(golden(&file.name), file.text).unwrap();
        }
    }
}

#[test]
fn golden_files_compile_without_a_warning_everywhere() {
    let dir = common::folder("golden");
    let mut sources = Vec::new();
    for (name, design) in designs::all() {
        common::write(&dir, &common::emitted(&design));
        sources.push(format!("{name}.c"));
    }
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    common::compile_everywhere(&dir, &sources);
    common::cppcheck(&dir, &sources, "warning,style,performance,portability");
}

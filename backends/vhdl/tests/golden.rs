//! Every `tests/hwir/*.hwir` gives the VHDL of the same name in `tests/golden`, and GHDL takes it.
//!
//! `cargo test -p pyhw-vhdl --test golden -- --ignored bless` writes the golden files anew.

#![allow(clippy::unwrap_used)]

mod support;

use pyhw_vhdl::{Options, Standard, emit};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The names of the designs, in order.
fn designs() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder("hwir"))
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".hwir").map(str::to_owned)
        })
        .collect();
    names.sort();
    assert!(!names.is_empty());
    names
}

fn design(name: &str) -> pyhw_ir::Design {
    let text = fs::read_to_string(folder("hwir").join(format!("{name}.hwir"))).unwrap();
    let design =
        pyhw_ir::parse::parse(&text).unwrap_or_else(|errors| panic!("{name}: {}", support::told(&errors)));
    let faults = pyhw_ir::verify::verify(&design);
    assert!(faults.is_empty(), "{name}: {}", support::told(&faults));
    design
}

fn emitted(name: &str, standard: Standard) -> String {
    let options = Options { standard, ..Options::default() };
    let files =
        emit(&design(name), &options).unwrap_or_else(|errors| panic!("{name}: {}", support::told(&errors)));
    files[0].text.clone()
}

#[test]
fn emitted_text_is_the_golden_one() {
    for name in designs() {
        let golden = fs::read_to_string(folder("golden").join(format!("{name}.vhd"))).unwrap_or_default();
        assert!(emitted(&name, Standard::V2008) == golden, "{name}.vhd differs; bless it if it should");
    }
}

#[test]
#[ignore = "writes the golden files"]
fn bless() {
    for name in designs() {
        fs::write(folder("golden").join(format!("{name}.vhd")), emitted(&name, Standard::V2008)).unwrap();
    }
}

/// Runs GHDL in a folder; its output, everything that it says, and whether it was content.
fn ghdl(args: &[&str], work: &Path) -> (String, String, bool) {
    let output = Command::new("ghdl").args(args).current_dir(work).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = format!("{printed}{}", String::from_utf8_lossy(&output.stderr));
    (printed, said, output.status.success())
}

#[test]
fn ghdl_takes_the_golden_designs_under_both_standards_without_a_word() {
    if !support::has_ghdl() {
        return;
    }
    for (std, standard) in [("--std=93", Standard::V93), ("--std=08", Standard::V2008)] {
        for name in designs() {
            let work = support::WorkDir::new(&format!("golden-{name}{std}"));
            fs::write(work.path().join("design.vhd"), emitted(&name, standard)).unwrap();
            let (_, said, fine) = ghdl(&["-a", std, "design.vhd"], work.path());
            assert!(fine && said.is_empty(), "{name} {std}: {said}");
            let design = design(&name);
            let top = &design.top_module().unwrap().name;
            let (_, said, fine) = ghdl(&["-e", std, top], work.path());
            assert!(fine && said.is_empty(), "{name} {std}: {said}");
            // Designs that run by themselves run to their end, and nothing is unknown at any time.
            if !design.top_module().unwrap().ports.is_empty() {
                continue;
            }
            let (printed, said, _) = ghdl(&["-r", std, top, "--stop-time=100us"], work.path());
            assert!(!said.contains("warning") && !said.contains("metavalue"), "{name} {std}: {said}");
            // Reports begin with their place, and the end of a simulation is told last; what is left was printed.
            let printed: Vec<&str> = printed
                .lines()
                .take_while(|line| !line.contains("ghdl") && !line.starts_with("simulation "))
                .filter(|line| !line.starts_with("design.vhd:"))
                .collect();
            let expected =
                fs::read_to_string(folder("golden").join(format!("{name}.out"))).unwrap_or_default();
            assert_eq!(printed, expected.lines().collect::<Vec<_>>(), "{name} {std}: {said}");
        }
    }
}

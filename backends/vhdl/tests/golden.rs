//! Every `tests/hwir/*.hwir` gives the VHDL of the same name in `tests/golden`, and GHDL takes it.
//!
//! `cargo test -p pyhw-vhdl --test golden -- --ignored bless` writes the golden files anew.

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
    let design = pyhw_ir::parse::parse(&text).unwrap_or_else(|errors| panic!("{name}: {errors:#?}"));
    let faults = pyhw_ir::verify::verify(&design);
    assert!(faults.is_empty(), "{name}: {faults:#?}");
    design
}

fn emitted(name: &str, standard: Standard) -> String {
    let options = Options { standard, ..Options::default() };
    let files = emit(&design(name), &options).unwrap_or_else(|errors| panic!("{name}: {errors:#?}"));
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

/// Runs GHDL in a folder; what it says, and whether it was content.
fn ghdl(args: &[&str], work: &Path) -> (String, bool) {
    let output = Command::new("ghdl").args(args).current_dir(work).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), output.status.success())
}

#[test]
fn ghdl_takes_the_golden_designs_under_both_standards_without_a_word() {
    if Command::new("ghdl").arg("--version").output().is_err() {
        eprintln!("skipped: ghdl is not installed");
        return;
    }
    for (std, standard) in [("--std=93", Standard::V93), ("--std=08", Standard::V2008)] {
        for name in designs() {
            let work = std::env::temp_dir().join(format!("pyhw-vhdl-{name}{std}-{}", std::process::id()));
            fs::create_dir_all(&work).unwrap();
            fs::write(work.join("design.vhd"), emitted(&name, standard)).unwrap();
            let (said, fine) = ghdl(&["-a", std, "design.vhd"], &work);
            assert!(fine && said.is_empty(), "{name} {std}: {said}");
            let design = design(&name);
            let top = design.top_module().unwrap();
            let (said, fine) = ghdl(&["-e", std, &top.name], &work);
            assert!(fine && said.is_empty(), "{name} {std}: {said}");
            // At time zero nothing is unknown; designs that run by themselves run to their end.
            let (said, _) = ghdl(&["-r", std, &top.name, "--stop-time=100us"], &work);
            assert!(!said.contains("warning") && !said.contains("metavalue"), "{name} {std}: {said}");
            let expected = fs::read_to_string(folder("golden").join(format!("{name}.out"))).unwrap_or_default();
            let printed: Vec<&str> =
                said.lines().filter(|line| !line.starts_with("simulation ") && !line.contains("design.vhd:") && !line.contains("ghdl:")).collect();
            assert_eq!(printed, expected.lines().collect::<Vec<_>>(), "{name} {std}");
            fs::remove_dir_all(&work).unwrap();
        }
    }
}

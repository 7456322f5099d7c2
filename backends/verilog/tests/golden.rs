//! One input, one golden file: what comes out for whole designs, how it looks, and what the tools say to it.

mod support;

use pyhw_verilog::{Options, emit};
use std::path::{Path, PathBuf};
use support::{has, icarus, run, scratch, verilator, yosys};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// Every design, in the order of the names, with the files that are emitted for it.
fn designs() -> Vec<(String, Vec<pyhw_text::OutputFile>)> {
    let mut names: Vec<String> = std::fs::read_dir(folder("hwir"))
        .expect("the folder of designs")
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".hwir")?.to_owned()))
        .collect();
    names.sort();
    let emitted = |name: &String| {
        let text = std::fs::read_to_string(folder("hwir").join(format!("{name}.hwir"))).expect("readable");
        let design = pyhw_ir::parse::parse(&text).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
        let faults = pyhw_ir::verify::verify(&design);
        assert!(faults.is_empty(), "{name}: {faults:?}");
        emit(&design, &Options::default()).unwrap_or_else(|faults| panic!("{name}: {faults:?}"))
    };
    names.iter().map(|name| (name.clone(), emitted(name))).collect()
}

#[test]
fn every_design_comes_out_as_its_golden_file_says() {
    for (name, files) in designs() {
        for file in files {
            let golden = std::fs::read_to_string(folder("golden").join(&file.name)).unwrap_or_default();
            assert!(
                golden == file.text,
                "{name}: {} differs; bless it if that is right:\n{}",
                file.name,
                file.text
            );
        }
    }
}

/// Writes the golden files anew: `cargo test -p pyhw-verilog --test golden -- --ignored bless`.
#[test]
#[ignore = "writes the golden files"]
fn bless() {
    std::fs::create_dir_all(folder("golden")).expect("writable");
    for (_, files) in designs() {
        for file in files {
            std::fs::write(folder("golden").join(file.name), file.text).expect("writable");
        }
    }
}

#[test]
fn the_tools_have_nothing_to_say() {
    let dir = scratch("golden");
    for (name, files) in designs() {
        let file = dir.join(&files[0].name);
        std::fs::write(&file, &files[0].text).expect("written");
        let file = [file];
        if has("iverilog", "-V") {
            let out = dir.join("a.out");
            let (ok, said) = run(std::process::Command::new("iverilog")
                .args(["-g2005", "-Wall", "-s", &name, "-o"])
                .arg(&out)
                .args(&file));
            assert!(ok && said.is_empty(), "{name}: {said}");
        }
        if name != "bench" {
            verilator(&file, &name, &[]);
            yosys(&file, &name, true);
        }
    }
}

#[test]
fn a_test_bench_prints_what_it_waits_for() {
    if !has("iverilog", "-V") {
        return;
    }
    let dir = scratch("bench");
    let (_, files) = designs().into_iter().find(|(name, _)| name == "bench").expect("the bench");
    let file = dir.join("bench.v");
    std::fs::write(&file, &files[0].text).expect("written");
    let printed = icarus(&dir, &[file], "bench");
    assert_eq!(
        printed,
        "0    0 00 False 10\n1    1 01 True 30\n3    7 07 True 70\ntotal 10\njoined at 80\nfirst at 87\n\
         done at 210, \"True\" 100 %\nend\n"
    );
}

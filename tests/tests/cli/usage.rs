//! The command line itself: help, codes, files and outputs that cannot be used.

use crate::support::{COUNTER, folder, names, run, with};
use pyhw_tests::program::program;
use std::fs;
use std::process::{Command, Stdio};

#[test]
fn help_shows_exit_codes_and_an_example_for_each_command() {
    let folder = folder("help");
    let (code, help, _) = run(&folder, "--help");
    assert_eq!(code, 0);
    assert!(help.contains("130  interrupted"), "{help}");
    for command in ["sim", "emit", "check", "ir", "explain", "passes", "completions"] {
        let (code, text, _) = run(&folder, &format!("{command} --help"));
        assert!(code == 0 && text.contains(&format!("Example:\n  pyhw {command}")), "{text}");
        assert!(help.contains(command), "{help}");
    }
}

#[test]
fn bad_usage_has_a_code_of_its_own() {
    let folder = folder("usage");
    for words in [
        "",
        "check x.py --top t -p n=1 -p n=2",
        "simulate x.py",
        "sim",
        "emit x.py",
        "explain PH0000",
        "ir x.py",
    ] {
        let (code, out, err) = run(&folder, words);
        assert!(code == 2 && out.is_empty() && !err.is_empty(), "{words}: {code} {out} {err}");
    }
}

#[test]
fn codes_are_explained_and_listed() {
    let folder = folder("explain");
    let (code, text, _) = run(&folder, "explain ph0312");
    assert!(code == 0 && text.starts_with("error[PH0312]: value cannot fit"), "{text}");
    let (_, list, _) = run(&folder, "explain");
    assert!(list.contains("PH0102") && list.lines().count() > 20, "{list}");
}

#[test]
fn completions_are_scripts() {
    let folder = folder("completions");
    for shell in ["bash", "zsh", "fish"] {
        let (code, script, _) = run(&folder, &format!("completions {shell}"));
        assert!(code == 0 && script.contains("pyhw") && script.contains("deny-warnings"), "{script}");
    }
}

#[test]
fn files_that_are_no_designs_are_told_and_nothing_is_written() {
    let folder = folder("unreadable");
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("empty.py", Vec::new(), "PH0101"),
        ("nul.py", b"x = 1\ny = \0\n".to_vec(), "nul.py:2:5"),
        ("latin.py", b"x = '\xe4'\n".to_vec(), "PH0101"),
        ("long.py", b"x = 1\n".repeat(10_000_000 / 6 + 1), "PH0101"),
        ("deep.py", b"(".repeat(100_000), "PH0102"),
        ("nul.py", b"x = 1\0\n".to_vec(), "PH0102"),
        ("junk.hwir", b"module (".to_vec(), "PH0701"),
    ];
    for (name, bytes, expected) in cases {
        fs::write(folder.join(name), bytes).expect("written");
        for command in ["sim", "check", "emit --verilog -o out"] {
            let (code, _, err) = run(&folder, &format!("{command} {name}"));
            assert!(code == 3 && err.contains(expected), "{command} {name}: {code} {err}");
        }
        fs::remove_file(folder.join(name)).expect("removed");
    }
    for command in ["sim", "check", "emit --verilog -o out"] {
        let (code, _, err) = run(&folder, &format!("{command} missing.py"));
        assert!(code == 2 && err.contains("`missing.py` cannot be read: no such file"), "{code} {err}");
    }
    assert!(names(&folder).is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn an_output_that_takes_no_more_ends_the_run() {
    let text = "from pyhw import *\n\n\n@block\ndef bench():\n    n = Signal(Mod[256])\n\n    @instance\n    def go():\n        \
                while True:\n            yield delay(5)\n            n.next = n + 1\n            print(n)\n\n    return go\n";
    let folder = with("full", "endless.py", text);
    let ir = "hwir 1\nmodule top { process p timed { while 'l true { wait delay(5) print \"x\\n\" } } }\ntop top\n";
    fs::write(folder.join("endless.hwir"), ir).expect("written");
    for words in ["sim endless.py", "sim endless.hwir", "ir --run endless.hwir"] {
        let mut command = Command::new(program(env!("CARGO_TARGET_TMPDIR")));
        let full = fs::File::options().write(true).open("/dev/full").expect("it is there");
        let output =
            command.args(words.split(' ')).current_dir(&folder).stdin(Stdio::null()).stdout(full).output();
        let output = output.expect("pyhw runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words}: {said}");
        assert!(said.contains("stdout: no space left on device"), "{words}: {said}");
    }
    let (code, _, err) = run(&folder, "sim endless.py --until 100 --wave waves.vcd");
    assert_eq!(code, 0, "{err}");
    fs::remove_file(folder.join("waves.vcd")).expect("it was written");
    std::os::unix::fs::symlink("/dev/full", folder.join("waves.vcd")).expect("a link can be made");
    let (code, _, err) = run(&folder, "sim endless.py --until 100000 --wave waves.vcd");
    assert!(code == 2 && err.contains("the waves cannot be written: no space left on device"), "{err}");
}

#[test]
fn an_edition_of_a_language_that_is_not_written_is_bad_usage() {
    let folder = with("edition", "counter.py", COUNTER);
    let (code, _, err) = run(&folder, "emit --verilog counter.py --top counter --std 93 -o out");
    assert!(code == 2 && err.starts_with("error: --std is for --vhdl"), "{err}");
    let (code, _, err) = run(&folder, "emit --verilog --vhdl counter.py --top counter --std 93 -o out");
    assert_eq!(code, 0, "{err}");
}

//! The examples of `pyhw explain`: each failing one gives its code and nothing else, each mended one gives nothing.

use pyhw_diagnostics::{Code, Example};
use pyhw_tests::program::program;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a design gives: the codes that are told, the exit code, and the text as a person reads it.
struct Told {
    codes: BTreeSet<String>,
    exit: i32,
    text: String,
}

fn run(program: &Path, folder: &Path, example: &Example, text: &str) -> Told {
    fs::create_dir_all(folder).expect("the folder can be made");
    let mut words: Vec<&str> = example.command.split_whitespace().collect();
    let name = words.iter().find(|word| word.starts_with("design.")).expect("the command names the file");
    fs::write(folder.join(name), text).expect("the design can be written");
    if words[0] == "emit" {
        words.extend(["-o", "out"]);
    }
    let output = Command::new(program)
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("pyhw runs");
    let text = String::from_utf8(output.stderr).expect("pyhw writes UTF-8");
    Told { codes: codes(&text), exit: output.status.code().unwrap_or(-1), text }
}

/// The codes of findings, each of which begins with its severity and `[PH…]`.
fn codes(text: &str) -> BTreeSet<String> {
    let heads = ["note[", "warning[", "error[", "bug["];
    let of_line = |line: &str| {
        let rest = heads.iter().find_map(|head| line.strip_prefix(head))?;
        rest.split_once(']').map(|(code, _)| code.to_owned())
    };
    text.lines().filter_map(of_line).collect()
}

/// What is wrong with the example of a code; empty if nothing is.
fn faults(program: &Path, folder: &Path, code: Code, example: &Example) -> String {
    let mut faults = String::new();
    let failing = run(program, &folder.join("failing"), example, example.failing);
    if failing.codes != BTreeSet::from([code.to_string()]) {
        faults += &format!("{code}: the failing example gives {:?}\n{}\n", failing.codes, failing.text);
    }
    let is_refused = failing.text.lines().any(|line| line.starts_with("error["));
    if is_refused != (failing.exit != 0) {
        faults += &format!("{code}: the failing example ends with {}\n{}\n", failing.exit, failing.text);
    }
    let mended = run(program, &folder.join("mended"), example, example.mended);
    if !mended.codes.is_empty() || mended.exit != 0 {
        faults += &format!("{code}: the mended example gives {:?}\n{}\n", mended.codes, mended.text);
    }
    faults
}

#[test]
fn each_failing_example_gives_its_code_alone_and_each_mended_one_nothing() {
    let program = program(env!("CARGO_TARGET_TMPDIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("explain");
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an earlier run's folder can be removed");
    }
    let examples: Vec<(Code, &Example)> =
        Code::ALL.iter().filter_map(|code| Some((*code, code.info().example.as_ref()?))).collect();
    assert_eq!(examples.len(), Code::ALL.len() - 1, "only faults of pyhw itself have no example");
    // Nearly all of the time is the start of Python, once for each design.
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let (program, folder) = (&program, &folder);
    let found: String = std::thread::scope(|scope| {
        let workers: Vec<_> = examples
            .chunks(examples.len().div_ceil(threads))
            .map(|part| {
                scope.spawn(move || {
                    let one = |(code, example): &(Code, &Example)| {
                        faults(program, &folder.join(code.name()), *code, example)
                    };
                    part.iter().map(one).collect::<String>()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker ends")).collect()
    });
    assert!(found.is_empty(), "{found}");
}

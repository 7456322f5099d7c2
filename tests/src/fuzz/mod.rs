//! Inputs that nobody would write: no front door of pyhw may panic on one, and what is accepted must be sound.
//!
//! *Input*: a number of inputs and a seed. *Output*: how many of them were accepted, or the first that does harm
//! ([`run`]). *Guarantees*: the same numbers give the same inputs on every machine. *Deliberately not here*: guidance by
//! coverage; the inputs are right texts with a few places changed, so that most get past the parser.

#[path = "../../../frontend/lower/tests/support/case.rs"]
mod case;
pub mod mutate;

use crate::generate::{self, rng::Rng};
use case::Case;
use mutate::Mutator;
use pyhw_diagnostics::Sources;
use pyhw_ir::{Design, parse, print, verify};
use pyhw_passes::{NarrowOptions, narrow};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A way into pyhw that takes a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The IR's own text: read, verified, printed, read again.
    IrText,
    /// A process in Python: parsed, lowered, verified, narrowed.
    PythonToIr,
}

const IR_WORDS: &[&str] = &[
    "%a",
    "$x",
    "'loop",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "=",
    "<=",
    ".",
    "-",
    "\"",
    "@0:1:2-3",
    "# c\n",
    ";",
    "\n",
    "module m {",
    "process p timed {",
    "let e0 =",
    "e0",
    "if",
    "elif",
    "else {",
    "switch",
    "case",
    "default {",
    "z: u8",
    "0",
    "1",
    "-1",
    "18446744073709551616",
    "true",
    "inf",
    "wait",
    "x 3",
    "tristate",
    "member(1)",
    "host(1)",
    "items(",
    "ports(",
    "\u{0}",
    "é",
];

const PYTHON_WORDS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ".",
    "=",
    ":=",
    "==",
    "+=",
    "\n",
    "\n    ",
    "\n        ",
    "\t",
    "\\\n",
    "#",
    "'",
    "\"\"\"",
    "f'{",
    "if",
    "elif",
    "else:",
    "for i in range(3):",
    "while True:",
    "match a:",
    "case _:",
    "return",
    "break",
    "continue",
    "yield",
    "yield from",
    "lambda x:",
    "not",
    "and",
    "or",
    "in",
    "is None",
    "None",
    "True",
    "self",
    "next",
    "posedge",
    "delay(10)",
    "len(",
    "int(",
    "intbv(3)[4:]",
    "intbv(0, min=-3, max=9)",
    "concat(",
    "-1",
    "0",
    "1 << 4096",
    "** 70",
    "// 0",
    "% 0",
    "<< -1",
    ">> 9999",
    "[::-1]",
    "[4:]",
    "[a:b]",
    "18446744073709551616",
    "1.5",
    "1j",
    "...",
    "*",
    "**",
    "@",
    "~",
    "\u{0}",
    "é",
];

impl Target {
    /// Both of them.
    pub const ALL: [Target; 2] = [Target::IrText, Target::PythonToIr];

    /// The name in test names.
    pub fn name(self) -> &'static str {
        match self {
            Target::IrText => "ir text",
            Target::PythonToIr => "python to ir",
        }
    }

    /// Right texts to begin with.
    fn mutator(self) -> Mutator {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        match self {
            Target::IrText => {
                // Small ones come often: a change in a long text is more likely to be one in a part like the others.
                let mut texts = texts_in(&root.join("corpus/hwir"), "hwir");
                texts = texts.iter().cycle().take(3 * texts.len()).cloned().collect();
                texts.extend((0..4).map(|seed| print::print(&generate::design(seed))));
                let small = print::print(&small_design());
                texts.extend(std::iter::repeat_n(small, 8 * texts.len()));
                Mutator { texts, words: IR_WORDS }
            }
            Target::PythonToIr => {
                let texts = texts_in(&root.join("../frontend/lower/tests/cases"), "py");
                Mutator { texts, words: PYTHON_WORDS }
            }
        }
    }

    /// How much of a text stays: what declares the signals of a process is not Python.
    fn kept(self, text: &str) -> usize {
        match self {
            Target::IrText => 0,
            Target::PythonToIr => {
                text.split_inclusive('\n').take_while(|line| line.starts_with("#: ")).map(str::len).sum()
            }
        }
    }

    /// Takes one input as far as it goes; tells whether it was accepted.
    ///
    /// # Panics
    /// If it does harm.
    fn take(self, bytes: &[u8]) -> bool {
        let text = String::from_utf8_lossy(bytes);
        match self {
            Target::IrText => {
                let Ok(design) = parse::parse(&text) else { return false };
                assert_is_read_back(&design);
                // What is not valid is told; only what is valid may be asked for more.
                if verify::verify(&design).is_empty() {
                    assert_narrows(design);
                }
            }
            Target::PythonToIr => {
                let Some(elaborated) = Case::read("fuzz", &text) else { return false };
                let lowered = pyhw_lower::lower(&elaborated);
                let faults = verify::verify(&lowered.design);
                assert!(faults.is_empty(), "the design is not valid: {}", faults[0].message);
                let is_compiled = lowered.design.modules.iter().all(|module| {
                    module.processes.iter().all(|process| matches!(process.body, pyhw_ir::ProcessBody::Ir(_)))
                });
                if !is_compiled {
                    return false;
                }
                assert_is_read_back(&lowered.design);
                assert_narrows(lowered.design);
            }
        }
        true
    }
}

fn assert_is_read_back(design: &Design) {
    let text = print::print(design);
    let mut expected = design.compact();
    // The text form keeps the names of the source files, not what stands in them.
    expected.sources = Sources::new();
    design.sources.files().iter().for_each(|file| {
        expected.sources.add(&file.name, "");
    });
    match parse::parse(&text) {
        Ok(again) => assert!(again == expected, "printed and parsed it is another design:\n{text}"),
        Err(faults) => {
            let first = faults.first().map_or("", |fault| &fault.message);
            panic!("what was printed does not parse: {first}\n{text}");
        }
    }
}

fn assert_narrows(mut design: Design) {
    narrow(&mut design, NarrowOptions { bound_locals: true });
    let faults = verify::verify(&design);
    assert!(faults.is_empty(), "narrowed it is not valid: {}", faults[0].message);
}

fn small_design() -> Design {
    let text = "hwir 1\nenum E: u1 {\n A = 0\n B = 1\n}\nstruct S {\n x: u8\n}\nmodule m {\nnet %a: u8 = 0\nnet %s: S = {1}\n\
                process p timed {\nvar $x: u8\n$x = 1\n%a <= add($x, 1)\n%s.x <= $x\nwhile 'l true {\nbreak 'l\n}\n}\n}\ntop m\n";
    parse::parse(text).expect("invariant: the text is a design")
}

/// The texts of a folder's files of one kind, in the order of their names.
fn texts_in(folder: &Path, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder of samples is there");
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("a sample is readable")).collect()
}

/// Gives a target `count` inputs of a seed. Returns how many were accepted.
///
/// # Errors
/// The first input that does harm, and which harm.
pub fn run(target: Target, seed: u64, count: usize) -> Result<usize, String> {
    let mutator = target.mutator();
    let mut rng = Rng::new(seed);
    let mut accepted = 0;
    for number in 0..count {
        let input = mutator.input(&mut rng, |text| target.kept(text));
        match catch_unwind(AssertUnwindSafe(|| target.take(&input))) {
            Ok(taken) => accepted += usize::from(taken),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                let harm = text.unwrap_or_default();
                let input = String::from_utf8_lossy(&input);
                return Err(format!("input {number} of seed {seed}: {harm}\n--- the input:\n{input}"));
            }
        }
    }
    Ok(accepted)
}

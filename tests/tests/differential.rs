//! The same designs in the kernel and in every target: random ones, the corpus of IR texts, every operator on small operands.
//!
//! A test is named `JUDGE SUBJECT`. The subjects of one judge share the runs of its tool: the first test of a judge runs all of
//! its subjects that were asked for, the others look their result up. A random design that disagrees is made smaller, and its
//! text is part of the message.

use libtest_mimic::{Arguments, Failed, Trial};
use pyhw_tests::differential::{Failure, Judge, Limit, Subject, exhaustive, python, reduce};
use pyhw_tests::selection::Selection;
use pyhw_tests::tools::{HostMode, MissingTools, Runner, Std, Tool, Tools, trial};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// Random designs of every run: these seeds, and as many as [`ROTATING`] says from those behind them.
const FIXED: u64 = 100;
/// Random designs of one shard.
const ROTATING: u64 = 200;
/// How many shards there are: so many commits see different designs, and `all` is all of them.
const SHARDS: u64 = 5;
/// Random designs of the fast set.
const FAST: u64 = 15;
/// For how many failures of a judge a smaller design is looked for.
const REDUCED: usize = 2;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Results come from shared runs, which use every processor themselves.
    arguments.test_threads = Some(1);
    let selection = Selection::read(std::env::var_os("PYHW_TEST_SET").as_deref());
    let missing = MissingTools::for_ci(std::env::var_os("CI").as_deref());
    let mut tools = Tools::find(env!("CARGO_TARGET_TMPDIR"));
    tools.timeout = Duration::from_secs(600);
    let tools = Arc::new(tools);
    let subjects = Subjects::default();
    let mut trials = Vec::new();
    for judge in Judge::ALL {
        let names = chosen(judge, &selection);
        let wanted: Vec<String> =
            names.iter().filter(|name| is_wanted(&arguments, &test_name(judge, name))).cloned().collect();
        let group = Arc::new(Group {
            judge,
            names: wanted,
            tools: Arc::clone(&tools),
            subjects: subjects.clone(),
            results: OnceLock::new(),
        });
        let needed: Vec<Tool> = judge.tool().into_iter().collect();
        for name in names {
            let (test, group) = (test_name(judge, &name), Arc::clone(&group));
            trials.push(trial(&tools, missing, &needed, test, move || group.result(&name)));
        }
    }
    trials.push(Trial::test("every subject of the corpus has a name of its own", corpus_names_are_distinct));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn test_name(judge: Judge, subject: &str) -> String {
    format!("{} {subject}", judge.name())
}

/// Whether the test runs, as far as the command line says it.
fn is_wanted(arguments: &Arguments, test: &str) -> bool {
    let matches =
        |pattern: &String| if arguments.exact { test == pattern } else { test.contains(pattern.as_str()) };
    !arguments.list && arguments.filter.as_ref().is_none_or(matches) && !arguments.skip.iter().any(matches)
}

/// The subjects that a judge gets.
fn chosen(judge: Judge, selection: &Selection) -> Vec<String> {
    // One of so many random designs, and of the corpus: what costs a tool more is asked less often.
    let (random, others) = match (judge, selection) {
        (Judge::Passes | Judge::Runner(Runner::Icarus | Runner::Host(HostMode::Plain)), _) => (1, 1),
        (_, Selection::Seeds(_)) => (1, 1),
        (_, Selection::Fast) => return Vec::new(),
        (Judge::Runner(Runner::Ghdl(Std::V08) | Runner::Host(HostMode::Sanitized)), _) => (1, 1),
        (Judge::Runner(Runner::Ghdl(Std::V93)), _) => (2, 1),
        (Judge::VerilatorLint | Judge::Cppcheck, _) => (5, 1),
        (Judge::Runner(Runner::Verilator), _) => (5, 1),
        (Judge::Runner(Runner::Riscv | Runner::CortexM0 | Runner::Avr), _) => (10, 1),
        (Judge::Yosys, _) => (10, 1),
    };
    let seeds: Vec<u64> = match selection {
        Selection::Fast => (0..FAST).collect(),
        Selection::Shard(number) => {
            let first = FIXED + number % SHARDS * ROTATING;
            (0..FIXED).chain(first..first + ROTATING).collect()
        }
        Selection::All => (0..FIXED + SHARDS * ROTATING).collect(),
        Selection::Seeds(seeds) => seeds.clone().collect(),
    };
    // Which ones differs from judge to judge.
    let offset = Judge::ALL.iter().position(|known| *known == judge).unwrap_or(0) as u64;
    let seeds = seeds
        .into_iter()
        .filter(|seed| (seed + offset).is_multiple_of(random))
        .map(|seed| format!("r{seed}"));
    if matches!(selection, Selection::Seeds(_)) {
        return seeds.collect();
    }
    let files = corpus().into_iter().map(|path| file_name(&path));
    let exhaustive = if *selection == Selection::Fast { Vec::new() } else { exhaustive::names() };
    let exhaustive = exhaustive.into_iter().filter(|_| judge != Judge::Passes && takes_exhaustive(judge));
    files.chain(exhaustive).step_by(others).chain(seeds).collect()
}

/// Small processors compute what the host does: the operators would take them long, and show nothing new on lint.
fn takes_exhaustive(judge: Judge) -> bool {
    match judge {
        Judge::Runner(runner) => match runner {
            Runner::Icarus | Runner::Verilator | Runner::Ghdl(_) | Runner::Host(_) => true,
            Runner::Avr | Runner::CortexM0 | Runner::Riscv => false,
        },
        Judge::Passes | Judge::VerilatorLint | Judge::Yosys | Judge::Cppcheck => false,
    }
}

/// The files of the corpus: IR texts, and designs in Python, which need the program that makes them IR.
fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let entries = |name: &str| std::fs::read_dir(folder.join(name)).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries("hwir")
        .chain(entries("python"))
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "hwir" || ending == "py"))
        .collect();
    files.sort();
    files
}

fn file_name(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn corpus_names_are_distinct() -> Result<(), Failed> {
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    let files = corpus();
    if files.is_empty() {
        return Err("the corpus is empty".into());
    }
    for path in files {
        let name = file_name(&path).to_lowercase();
        let is_generated = |letter| name.strip_prefix(letter).is_some_and(|rest| rest.parse::<u64>().is_ok());
        if is_generated('r') || name.starts_with("x_") || seen.contains_key(&name) {
            return Err(format!("{}: the name is one of another subject", path.display()).into());
        }
        seen.insert(name, path);
    }
    Ok(())
}

type Made = Result<Arc<Subject>, String>;

/// Subjects by name, each made when it is first asked for.
#[derive(Clone, Default)]
struct Subjects(Arc<Mutex<HashMap<String, Made>>>);

impl Subjects {
    fn get(&self, name: &str) -> Made {
        let mut made = self.0.lock().map_err(|_| "a test panicked while it made a subject".to_owned())?;
        made.entry(name.to_owned()).or_insert_with(|| make(name).map(Arc::new)).clone()
    }
}

fn make(name: &str) -> Result<Subject, String> {
    if let Some(seed) = name.strip_prefix('r').and_then(|digits| digits.parse().ok()) {
        return Subject::random(seed);
    }
    if name.starts_with("x_") {
        return exhaustive::subject(name);
    }
    let path = corpus().into_iter().find(|path| file_name(path) == name);
    let path = path.ok_or_else(|| format!("there is no subject {name}"))?;
    let text = if path.extension().is_some_and(|ending| ending == "py") {
        let scratch = env!("CARGO_TARGET_TMPDIR");
        python::ir_text(&python::program(scratch), &path, scratch)?
    } else {
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?
    };
    Subject::from_text(name, &text)
}

/// The subjects of one judge.
struct Group {
    judge: Judge,
    names: Vec<String>,
    tools: Arc<Tools>,
    subjects: Subjects,
    results: OnceLock<HashMap<String, Result<(), String>>>,
}

impl Group {
    fn result(&self, name: &str) -> Result<(), Failed> {
        match self.results.get_or_init(|| self.run()).get(name) {
            Some(Ok(())) => Ok(()),
            Some(Err(text)) => Err(text.into()),
            None => Err("it was not among those that were asked for".into()),
        }
    }

    fn run(&self) -> HashMap<String, Result<(), String>> {
        let mut results = HashMap::new();
        let mut subjects = Vec::new();
        for name in &self.names {
            match self.subjects.get(name) {
                Ok(subject) => subjects.push(subject),
                Err(text) => {
                    results.insert(name.clone(), Err(text));
                }
            }
        }
        let list: Vec<&Subject> = subjects.iter().map(Arc::as_ref).collect();
        let mut reduced = 0;
        for (subject, verdict) in subjects.iter().zip(self.judge.judge(&self.tools, &list)) {
            let result = verdict.map_err(|failure| {
                reduced += 1;
                if reduced > REDUCED { failure.text } else { self.reduce(subject, &failure) }
            });
            results.insert(subject.name.clone(), result);
        }
        results
    }

    fn reduce(&self, subject: &Subject, failure: &Failure) -> String {
        let limit = Limit { time: Duration::from_secs(40) };
        let (small, smaller) = reduce(&self.tools, self.judge, subject, failure, limit);
        let about = format!("Found from {} by {}.", subject.name, self.judge.name());
        format!("{failure}\n\nas small as it became:\n{}\n{smaller}", small.to_text(&about))
    }
}

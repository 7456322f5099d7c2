//! The program `pyhw` from outside: what its commands print and write, and how they end.

use pyhw_tests::program::program;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// A folder of its own for a test, empty.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(test);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an earlier run's folder can be removed");
    }
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// A folder that holds one design.
fn with(test: &str, name: &str, text: &str) -> PathBuf {
    let folder = folder(test);
    fs::write(folder.join(name), text).expect("the design can be written");
    folder
}

fn command(folder: &Path, words: &str) -> Command {
    let mut command = Command::new(program(env!("CARGO_TARGET_TMPDIR")));
    command.args(words.split_whitespace()).current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, words: &str) -> (i32, String, String) {
    let output = command(folder, words).output().expect("pyhw runs");
    told(output)
}

fn told(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("pyhw writes UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "__pycache__");
    names.sort();
    names
}

const COUNTER: &str = "\
from pyhw import *


@block
def counter(clk: Clock, rst: Reset, en: In[bool], q: Out[uint[4]], limit: int = 10):
    \"\"\"counts to a limit.\"\"\"
    n = Signal(Mod[16])

    @always_seq(clk.posedge, reset=rst)
    def count():
        if en:
            if n == limit - 1:
                n.next = 0
            else:
                n.next = n + 1

    @always_comb
    def show():
        q.next = n

    return count, show


@block
def bench(ticks: int = 4):
    clk = Signal(bool(0))
    n = Signal(uint[8])

    @always(delay(5))
    def drive():
        clk.next = not clk

    @instance
    def look():
        for i in range(ticks):
            yield clk.posedge
            n.next = n + 1
            yield delay(1)
            print(now(), int(n))
        raise StopSimulation

    return drive, look
";

const CONVERTS: &str = "\
from myhdl import *


@block
def inc(a, q):
    @always_comb
    def add():
        q.next = (a + 1) % 16

    return add


a, q = [Signal(intbv(0)[4:]) for i in range(2)]
inc(a, q).convert(hdl='Verilog', name='first')
toVHDL.name = 'second'
toVHDL(inc(a, q))
print('converted')
";

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
    for words in ["", "simulate x.py", "sim", "emit x.py", "explain PH0000", "ir x.py"] {
        let (code, out, err) = run(&folder, words);
        assert!(code == 2 && out.is_empty() && !err.is_empty(), "{words}: {code} {out} {err}");
    }
}

#[test]
fn an_edition_of_a_language_that_is_not_written_is_bad_usage() {
    let folder = with("edition", "counter.py", COUNTER);
    let (code, _, err) = run(&folder, "emit --verilog counter.py --top counter --std 93 -o out");
    assert!(code == 2 && err.starts_with("error: --std is for --vhdl"), "{err}");
    let (code, _, err) = run(&folder, "emit --verilog --vhdl counter.py --top counter --std 93 -o out");
    assert_eq!(code, 0, "{err}");
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
fn a_script_sees_what_python_would_show_it() {
    let script = "\
import sys, os, helper
print(__name__, sys.argv[1:], os.path.basename(__file__), helper.value, sys.path[0] == os.path.dirname(__file__))
import __main__
print(__main__.__file__ == __file__)
";
    let folder = with("script", "script.py", script);
    fs::write(folder.join("helper.py"), "value = 42\n").expect("written");
    let (code, out, err) = run(&folder, "sim script.py -- -x 1");
    assert_eq!(code, 0, "{err}");
    assert_eq!(out, "__main__ ['-x', '1'] script.py 42 True\nTrue\n");
}

#[test]
fn a_file_that_ends_itself_gives_its_own_code() {
    let folder = with("exit", "ends.py", "import sys\nprint('bye')\nsys.exit(7)\n");
    assert_eq!(run(&folder, "sim ends.py"), (7, "bye\n".to_owned(), String::new()));
    fs::write(folder.join("ends.py"), "import sys\nsys.exit('no')\n").expect("written");
    assert_eq!(run(&folder, "sim ends.py"), (1, String::new(), "no\n".to_owned()));
}

#[test]
fn the_only_block_without_arguments_is_the_test_bench() {
    let folder = with("bench", "counter.py", COUNTER);
    let (code, out, err) = run(&folder, "sim counter.py");
    assert_eq!((code, out.as_str()), (0, "6 1\n16 2\n26 3\n36 4\n"), "{err}");
    let (_, out, _) = run(&folder, "sim counter.py --top bench -p ticks=1");
    assert_eq!(out, "6 1\n");
    let (_, out, _) = run(&folder, "sim counter.py --until 20");
    assert_eq!(out, "6 1\n16 2\n");
}

#[test]
fn several_test_benches_are_an_error_that_shows_them() {
    let text =
        COUNTER.replace("def counter(", "def counter(x=1, *, y=2):\n    return []\n\n\n@block\ndef other(");
    let folder = with("benches", "counter.py", &text);
    let (code, _, err) = run(&folder, "sim counter.py");
    assert!(code == 3 && err.contains("PH0104") && err.contains("name one with --top"), "{err}");
}

#[test]
fn a_file_in_which_nothing_can_be_run_is_told_of() {
    let (counter, _) = COUNTER.split_once("@block\ndef bench").expect("the bench comes last");
    let folder = with("nothing", "counter.py", counter.trim_end());
    let (code, out, err) = run(&folder, "sim counter.py");
    assert!(
        code == 0 && out.is_empty() && err.starts_with("note[PH0104]") && err.contains("`counter`"),
        "{err}"
    );
    // What converts has done what it is for, and a file without blocks is a script.
    fs::write(folder.join("converts.py"), CONVERTS).expect("written");
    assert_eq!(run(&folder, "sim converts.py").0, 0);
    fs::write(folder.join("script.py"), "x = 1\n").expect("written");
    let built = format!(
        "{}\n\n\nen, q = Signal(False), Signal(uint[4])\nprint(counter(Signal(False), ResetSignal(0, active=1, isasync=False), en, q).name)\n",
        counter.trim_end()
    );
    fs::write(folder.join("built.py"), built).expect("written");
    assert_eq!(run(&folder, "sim built.py").1, "counter0\n");
    assert_eq!(run(&folder, "sim script.py"), (0, String::new(), String::new()));
}

#[test]
fn a_forgotten_next_is_told_before_a_simulation_begins() {
    let text = COUNTER
        .replace("            n.next = n + 1\n            yield", "            n = 1\n            yield");
    let text = text.replace("print(now(), int(n))", "print(now())");
    let folder = with("forgotten", "counter.py", &text);
    let (code, out, err) = run(&folder, "sim counter.py --json");
    assert_eq!((code, out.lines().count()), (0, 4));
    let finding: serde_json::Value = serde_json::from_str(&err).expect("one object");
    assert_eq!((&finding["code"], &finding["line"]), (&"PH0207".into(), &37.into()), "{err}");
    assert_eq!(finding["help"][0], "`n.next = …` stores into the signal");
    assert_eq!(run(&folder, "sim counter.py --deny-warnings").0, 3);
}

#[test]
fn what_a_forgotten_next_leaves_undriven_is_told_once() {
    let text = "\
from pyhw import *


@block
def top(clk: Clock, a: In[bool], q: Out[bool], r: Out[bool]):
    x, y = Signal(bool), Signal(bool)

    @always(clk.posedge)
    def keep():
        x = a

    @always_comb
    def show():
        q.next = x ^ y
        r = x

    return keep, show
";
    let folder = with("consequences", "top.py", text);
    let (code, _, err) = run(&folder, "check top.py --top top");
    assert_eq!((code, err.matches("PH0207").count()), (0, 2), "{err}");
    assert_eq!(err.matches("PH0402").count(), 1, "{err}");
    assert!(err.contains("`y` is used, and nothing drives it"), "{err}");
}

#[test]
fn a_name_that_is_not_found_is_told_once_with_the_near_one() {
    let text = "\
from pyhw import *


@block
def leaf(a: In[uint[8]], q: Out[uint[8]]):
    count = Signal(uint[8])

    @always_comb
    def show():
        q.next = coutn

    @always_comb
    def follow():
        count.next = a

    return show, follow


@block
def top(a: In[uint[8]], q: Out[uint[8]], r: Out[uint[8]]):
    return leaf(a, q), leaf(a, r)
";
    let folder = with("typo", "typo.py", text);
    for command in ["emit --verilog --vhdl --c typo.py --top top -o out", "check typo.py --top top"] {
        let (_, _, err) = run(&folder, command);
        let heads: Vec<&str> = err.lines().filter(|line| line.contains("[PH")).collect();
        assert!(
            heads.len() == 1 && heads[0].ends_with("[PH0202]: `coutn` is not defined"),
            "{command}: {err}"
        );
        assert!(err.contains("did you mean `count`?"), "{err}");
    }
    assert_eq!(names(&folder), ["typo.py"], "nothing is written");
}

#[test]
fn a_process_outside_the_subset_is_told_once_whatever_is_emitted() {
    let text = COUNTER.replace("            if n == limit - 1:", "            if n in set():");
    let folder = with("outside", "counter.py", &text);
    let (code, _, err) = run(&folder, "emit --verilog --vhdl --c counter.py --top counter -o out");
    assert!(code == 3 && err.matches("[PH").count() == 1, "{err}");
    assert!(err.contains("`count` is left to Python, which simulates it and does not emit it"), "{err}");
}

#[test]
fn waves_are_written() {
    let folder = with("waves", "counter.py", COUNTER);
    let (code, _, err) = run(&folder, "sim counter.py --wave out.vcd");
    assert_eq!(code, 0, "{err}");
    let vcd = fs::read_to_string(folder.join("out.vcd")).expect("there are waves");
    assert!(vcd.contains("$var wire 1 ! clk $end") && vcd.contains("#35"), "{vcd}");
    assert_eq!(run(&folder, "sim counter.py --wave out.fst --until 12").0, 0);
    assert!(fs::read(folder.join("out.fst")).expect("there are waves").len() > 100);
    let (code, _, err) = run(&folder, "sim counter.py --wave none/out.vcd");
    assert!(code == 2 && err.contains("no such folder"), "{err}");
}

#[test]
fn a_failed_assertion_tells_line_time_and_process() {
    let text = COUNTER.replace("print(now(), int(n))", "assert n < 3, 'too many'");
    let folder = with("assertion", "counter.py", &text);
    let (code, _, err) = run(&folder, "sim counter.py");
    assert_eq!(code, 1);
    for part in ["error[PH0602]", "too many", "counter.py:39", "at time 26 in process `bench.look`"] {
        assert!(err.contains(part), "{part}: {err}");
    }
}

#[test]
fn a_store_out_of_range_names_the_values() {
    let text = COUNTER.replace("n = Signal(uint[8])", "n = Signal(Int[0, 3])");
    let folder = with("range", "counter.py", &text);
    let (code, _, err) = run(&folder, "sim counter.py");
    assert!(code == 1 && err.contains("error[PH0601]: 3 does not fit into `n`, which holds 0 to 2"), "{err}");
}

#[test]
fn an_exception_of_elaboration_shows_the_users_lines_only() {
    let text = "\
from pyhw import *


def start(x):
    return intbv(x, min=0, max=8)


@block
def bench():
    n = Signal(start(9))
    return []


bench()
";
    let folder = with("elaboration", "wrong.py", text);
    let (code, _, err) = run(&folder, "sim wrong.py");
    assert_eq!(code, 3);
    for part in ["error[PH0103]: ValueError", "wrong.py:5", "`start` called here", "`bench` called here"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    assert!(!err.contains("_intbv.py") && !err.contains("_block.py") && !err.contains("Traceback"), "{err}");
}

#[test]
fn every_syntax_error_is_told_in_one_run() {
    let folder = with("syntax", "wrong.py", "x = = 1\ny = 2\nz = * 3 +\n");
    let (code, _, err) = run(&folder, "check wrong.py");
    assert!(code == 3 && err.contains("wrong.py:1:5") && err.contains("wrong.py:3"), "{err}");
    fs::write(folder.join("outer.py"), "import wrong\n").expect("written");
    let (code, _, err) = run(&folder, "sim outer.py");
    assert!(code == 3 && err.contains("PH0102") && err.contains("wrong.py:1"), "{err}");
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
fn a_block_is_emitted_in_every_language_at_once() {
    let folder = with("emit", "counter.py", COUNTER);
    let (code, out, err) =
        run(&folder, "emit --verilog --vhdl --c --ir counter.py --top counter -p limit=7 -o out");
    assert_eq!(code, 0, "{err}");
    for name in ["counter.v", "counter.vhd", "counter.h", "counter.c", "counter.hwir"] {
        assert!(out.contains(&format!("out/{name}\n")), "{out}");
        let text = fs::read_to_string(folder.join("out").join(name)).expect("the file is there");
        assert!(
            name.ends_with(".c") || name.ends_with(".hwir") || text.contains("limit = 7"),
            "{name}: {text}"
        );
    }
}

#[test]
fn without_a_top_the_conversions_of_the_file_are_emitted() {
    let folder = with("conversions", "inc.py", CONVERTS);
    let (code, out, err) = run(&folder, "emit --verilog inc.py");
    assert_eq!((code, out.as_str()), (0, "converted\nfirst.v\nfirst.v.map\n"), "{err}");
    assert!(!folder.join("second.vhd").exists());
    let (code, out, err) = run(&folder, "emit --vhdl --c inc.py -o out");
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("out/second.vhd") && out.contains("out/first.c"), "{out}");
    // Run as a script, the file writes what it asks for itself.
    assert_eq!(run(&folder, "sim inc.py").0, 0);
    assert!(names(&folder).contains(&"second.vhd".to_owned()));
}

#[test]
fn faults_of_ir_text_point_into_it_and_not_into_what_it_was_made_from() {
    let text =
        "hwir 1\n\nfile 0 \"a.py\"\n\nmodule top @0:4:4-10 {\n  out %q: bool = 7 @0:5:4-9\n}\n\ntop top\n";
    let folder = with("ir-places", "bad.hwir", text);
    for command in ["ir", "check", "sim"] {
        let (code, _, err) = run(&folder, &format!("{command} bad.hwir"));
        assert!(code == 3 && err.contains(" bad.hwir:6:3\n") && !err.contains("a.py"), "{command}: {err}");
    }
}

#[test]
fn a_top_that_is_not_there_is_guessed_at() {
    let folder = with("top", "counter.py", COUNTER);
    let (code, _, err) = run(&folder, "emit --c counter.py --top conter");
    assert!(code == 3 && err.contains("PH0104") && err.contains("there is a block `counter`"), "{err}");
    let (_, _, err) = run(&folder, "emit --c counter.py --top x");
    assert!(err.contains("its blocks are `counter`, `bench`"), "{err}");
    let (_, _, err) = run(&folder, "emit --c counter.py --top now");
    assert!(err.contains("`now` in `counter.py` is not a block"), "{err}");
    let (code, _, err) = run(&folder, "emit --c counter.py");
    assert!(code == 3 && err.contains("no block is named with --top"), "{err}");
    assert_eq!(names(&folder), ["counter.py"]);
}

#[test]
fn blocks_and_processes_of_a_wrong_form_are_told_with_their_place() {
    let wrong = [
        ("    @always_comb\n    def c():\n        q.next = d\n", "e.py:2:1", "return instances()"),
        ("    def c():\n        q.next = d\n    return c\n", "e.py:2:1", "is a decorator missing?"),
        ("    @instance\n    def c():\n        q.next = d\n    return c\n", "e.py:4:6", "`c` has no `yield`"),
    ];
    for (body, place, advice) in wrong {
        let head = "from pyhw import *\n@block\ndef top(d: In[bool], q: Out[bool]):\n";
        let folder = with("wrong forms", "e.py", &format!("{head}{body}"));
        let (code, _, err) = run(&folder, "check e.py");
        assert!(code == 3 && err.contains(place) && err.contains(advice), "{err}");
    }
}

#[test]
fn parameters_and_ports_that_do_not_fit_are_told() {
    let folder = with("parameters", "counter.py", &COUNTER.replace("en: In[bool]", "en"));
    let (code, _, err) = run(&folder, "emit --c counter.py --top counter");
    assert!(code == 3 && err.contains("error[PH0105]") && err.contains("counter.py:5:37"), "{err}");
    fs::write(folder.join("counter.py"), COUNTER).expect("written");
    for (given, place, what) in [
        ("depth=3", "counter.py:5:5", "no parameter `depth`"),
        (
            "limit=many",
            "counter.py:5:68",
            "parameter `limit` of block `counter`: expected an integer, got 'many'",
        ),
        ("clk=1", "counter.py:5:13", "is a port"),
    ] {
        let (code, _, err) = run(&folder, &format!("emit --c counter.py --top counter -p {given}"));
        assert!(code == 3 && err.contains("PH0206") && err.contains(what), "{given}: {err}");
        assert!(err.contains(place), "{given}: {err}");
    }
    fs::write(folder.join("counter.py"), COUNTER.replace("limit: int = 10", "taps=(1, 2)")).expect("written");
    let (code, _, err) = run(&folder, "check counter.py --top counter -p taps=1");
    assert!(code == 3 && err.contains("expected a tuple, as in (1, 2), got '1'"), "{err}");
    fs::write(folder.join("counter.py"), COUNTER).expect("written");
    let (code, _, err) = run(&folder, "emit --c counter.py -p limit=3");
    assert!(code == 2 && err.contains("--top"), "{err}");
}

#[test]
fn nothing_is_written_unless_all_of_it_could_be() {
    let text = "\
from pyhw import *


@block
def bus(clk: Clock, q: Out[uint[4]], io: InOut[bool]):
    driver = io.driver()

    @always(clk.posedge)
    def count():
        q.next = (q + 1) % 16
        driver.next = None

    return count
";
    let folder = with("all-or-none", "bus.py", text);
    let (code, out, err) = run(&folder, "emit --verilog --c bus.py --top bus -o out");
    assert!(code == 3 && err.contains("bus.py"), "{out}{err}");
    assert_eq!(names(&folder), ["bus.py"]);
    assert_eq!(out, "");
}

#[test]
fn check_writes_nothing_and_runs_no_simulation() {
    let script = format!(
        "{COUNTER}\n\nb = bench()\nb.config_sim(trace=True)\nb.run_sim()\nassert False, 'nothing ran'\n"
    );
    let folder = with("check", "counter.py", &script);
    let (code, out, err) = run(&folder, "check counter.py");
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    fs::write(folder.join("counter.py"), COUNTER).expect("written");
    let (code, _, err) = run(&folder, "check counter.py");
    assert_eq!(code, 0, "{err}");
    assert!(err.ends_with("warnings\n") || err.ends_with("warning\n"), "{err}");
    assert_eq!(names(&folder), ["counter.py"]);
}

#[test]
fn a_warning_can_be_silenced_on_its_line_and_denied() {
    let text = COUNTER.replace("Signal(Mod[16])", "Signal(Int[0, 16])");
    let folder = with("warning", "counter.py", &text);
    let (code, _, err) = run(&folder, "check counter.py --top counter");
    assert!(code == 0 && err.contains("warning[PH0313]"), "{err}");
    let (code, _, err) = run(&folder, "check counter.py --top counter --deny-warnings");
    assert!(code == 3 && err.contains("error[PH0313]"), "{err}");
    let (_, _, err) = run(&folder, "check counter.py --top counter --json");
    assert!(err.lines().all(|line| line.starts_with('{') && line.ends_with('}')), "{err}");
    assert!(err.contains("\"code\":\"PH0313\""), "{err}");
    let silenced = text.replace(
        "n.next = n + 1\n\n    @always_comb",
        "n.next = n + 1  # pyhw: ignore[PH0313]\n\n    @always_comb",
    );
    fs::write(folder.join("counter.py"), silenced).expect("written");
    let (code, _, err) = run(&folder, "check counter.py --top counter --deny-warnings");
    assert_eq!((code, err.contains("PH0313")), (0, false), "{err}");
}

#[test]
fn ir_text_stands_for_the_file_it_was_made_of_and_needs_no_python() {
    let folder = with("hwir", "counter.py", COUNTER);
    let (code, _, err) = run(&folder, "emit --ir --verilog counter.py --top counter");
    assert_eq!(code, 0, "{err}");
    let without_python =
        |words: &str| told(command(&folder, words).env("PATH", "").output().expect("pyhw runs"));
    let (code, text, err) = without_python("ir counter.hwir");
    assert_eq!(code, 0, "{err}");
    assert_eq!(text, fs::read_to_string(folder.join("counter.hwir")).expect("it is there"));
    let (code, _, err) = without_python("emit --verilog counter.hwir -o again");
    assert_eq!(code, 0, "{err}");
    let read = |path: &str| fs::read_to_string(folder.join(path)).expect("it is there");
    assert_eq!(read("again/counter.v"), read("counter.v"));
    assert_eq!(without_python("check counter.hwir").0, 0);
    let (code, out, err) = without_python("ir counter.hwir --run --until 10");
    assert!(code == 0 && out.contains("rst = false"), "{out}{err}");
    let (code, _, err) = without_python("sim counter.py");
    assert!(code == 2 && err.contains("Python 3.10 or later is needed"), "{err}");
}

#[test]
fn the_ir_is_printed_after_a_pass() {
    let folder = with("passes", "counter.py", COUNTER);
    let (code, passes, _) = run(&folder, "passes");
    assert!(code == 0 && passes.contains("narrow") && passes.contains("flatten"), "{passes}");
    let (code, out, err) =
        run(&folder, "emit --ir counter.py --top counter --print-after lower --print-after narrow");
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("; after lower\n") && out.contains("\n; after narrow\n"), "{out}");
    let (code, _, err) = run(&folder, "check counter.py --print-after nothing");
    assert!(code == 2 && err.contains("there is no pass `nothing`"), "{err}");
}

#[test]
fn what_is_printed_after_a_pass_can_be_piped() {
    let folder = with("piped", "counter.py", COUNTER);
    let (code, out, err) =
        run(&folder, "emit --verilog counter.py --top counter -o out --print-after narrow");
    assert_eq!(code, 0, "{err}");
    assert!(err.starts_with("note: wrote `out/counter.v`\n"), "{err}");
    let mut child = command(&folder, "ir -")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    child.stdin.take().expect("it has one").write_all(out.as_bytes()).expect("it is read");
    let (code, read, err) = told(child.wait_with_output().expect("it ends"));
    assert_eq!((code, &*err), (0, ""));
    assert!(read.starts_with("hwir 1\n") && read.contains("module counter"), "{read}");
}

#[test]
fn options_of_passes_are_listed_as_pipelines_name_them() {
    let (code, passes, _) = run(&folder("listed"), "passes");
    let option = passes.lines().find(|line| line.starts_with("  ")).expect("a pass has an option");
    let name = option.split_whitespace().next().expect("it has a name");
    let shown = passes.lines().any(|line| line.starts_with("pyhw check ") && line.contains(name));
    assert!(code == 0 && name.contains('[') && shown, "{passes}");
}

#[test]
fn every_pass_can_be_printed_after_and_changes_nothing_that_is_emitted() {
    let folder = with("printed", "counter.py", COUNTER);
    assert_eq!(run(&folder, "emit --ir counter.py --top counter -o plain").0, 0);
    let plain = fs::read_to_string(folder.join("plain/counter.hwir")).expect("it was written");
    fs::write(folder.join("text.hwir"), &plain).expect("it can be written");
    for pass in pyhw_passes::PASSES {
        for file in ["counter.py --top counter", "text.hwir"] {
            let words = format!("emit --ir {file} -o printed --print-after {}", pass.name);
            let (code, out, err) = run(&folder, &words);
            assert_eq!(code, 0, "{words}: {err}");
            assert!(out.starts_with(&format!("; after {}\nhwir 1\n", pass.name)), "{words}: {out}");
            let emitted = fs::read_to_string(folder.join("printed/counter.hwir")).expect("it was written");
            assert_eq!(emitted, plain, "{words}");
            let (code, out, _) = run(&folder, &format!("check {file} --print-after {}", pass.name));
            assert!(code == 0 && out.starts_with("; after "), "{out}");
        }
        let (code, out, _) = run(&folder, &format!("ir text.hwir --print-after {}", pass.name));
        assert!(code == 0 && out.starts_with(&format!("; after {}\n", pass.name)), "{out}");
    }
}

#[test]
fn verbose_tells_why_python_runs_a_process() {
    let text = COUNTER.replace("print(now(), int(n))", "print(now(), int(n), open)");
    let folder = with("verbose", "counter.py", &text);
    let (code, _, err) = run(&folder, "sim counter.py -v");
    assert!(code == 0 && err.contains("look") && err.contains("counter.py:"), "{err}");
    let (_, _, err) = run(&folder, "sim counter.py -v --json");
    let note: serde_json::Value = serde_json::from_str(&err).expect("one object");
    assert_eq!((&note["severity"], &note["line"]), (&"note".into(), &39.into()), "{err}");
    assert_eq!(run(&folder, "sim counter.py").2, "");
}

#[test]
fn a_seed_repeats_what_is_drawn() {
    let folder = with("seed", "draw.py", "import random\nprint(random.random())\n");
    let (_, first, _) = run(&folder, "sim draw.py --seed 3");
    assert_eq!(run(&folder, "sim draw.py --seed 3").1, first);
    assert_ne!(run(&folder, "sim draw.py --seed 4").1, first);
}

#[cfg(unix)]
const SIM: &str = "sim counter.py --wave out.vcd";

/// A command, begun. What is started in the background may ignore interrupts, and its children with it, so
/// that a Python in between takes them up again and says when it has.
#[cfg(unix)]
fn begun(folder: &Path, words: &str) -> Child {
    const LISTENING: &str = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.write(1, b'!'); os.execv(sys.argv[1], sys.argv[1:])";
    let run = command(folder, words);
    let mut command = Command::new("python3");
    command.args(["-c", LISTENING]).arg(run.get_program()).args(run.get_args()).current_dir(folder);
    for (name, value) in run.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("pyhw runs");
    let said = child.stdout.as_mut().expect("it is piped").read_exact(&mut [0]);
    said.expect("it listens");
    child
}

/// Sends Ctrl-C to what was begun.
#[cfg(unix)]
fn interrupt(child: &Child) {
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
}

/// Simulates `counter.py` and interrupts it once it runs.
#[cfg(unix)]
fn interrupted(folder: &Path) -> (i32, String) {
    let child = begun(folder, SIM);
    // Until it runs: the waves have begun.
    for _ in 0..600 {
        std::thread::sleep(Duration::from_millis(50));
        if fs::metadata(folder.join("out.vcd")).is_ok() {
            break;
        }
    }
    std::thread::sleep(Duration::from_secs(1));
    interrupt(&child);
    let (code, _, err) = told(child.wait_with_output().expect("it ends"));
    (code, err)
}

/// The operating system ends what has not begun to listen (-1 here); what listens ends with 130; what was done before, with 0. Whichever
/// it is, nothing is left to Python, whose answer is a traceback.
#[cfg(unix)]
#[test]
fn interrupts_while_it_starts_show_no_traceback() {
    let folder = with("interrupt-early", "counter.py", COUNTER);
    let mut codes = Vec::new();
    for after in (0..180).step_by(15) {
        let child = begun(&folder, SIM);
        std::thread::sleep(Duration::from_millis(after));
        interrupt(&child);
        let (code, _, err) = told(child.wait_with_output().expect("it ends"));
        assert!([-1, 0, 130].contains(&code) && !err.contains("Traceback"), "after {after} ms: {code} {err}");
        codes.push(code);
    }
    assert!(codes.iter().any(|code| *code != 0), "each was done before it was interrupted: {codes:?}");
}

/// A design with a warning on each of so many lines.
fn doubtful(lines: usize) -> String {
    let head = "from pyhw import *\n\n\n@block\ndef top(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):\n    @always(clk.posedge)\n    def p():\n";
    let stores: String = (0..lines).map(|at| format!("        q.next = d + {}\n", at % 200 + 1)).collect();
    format!("{head}{stores}\n    return p\n")
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_writing_of_many_warnings_at_once() {
    let folder = with("many_warnings", "top.py", &doubtful(2_000));
    let mut child = begun(&folder, "check top.py --top top");
    // It writes more than the pipe takes, and nobody reads.
    let mut first = [0; 8];
    child.stderr.as_mut().expect("a pipe").read_exact(&mut first).expect("it writes");
    assert_eq!(&first, b"warning[");
    interrupt(&child);
    for _ in 0..200 {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            assert_eq!(status.code(), Some(130));
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().expect("it can be ended");
    panic!("it goes on writing");
}

#[cfg(unix)]
#[test]
fn interrupts_end_a_run_in_order() {
    let endless = COUNTER
        .replace("for i in range(ticks):", "while True:")
        .replace("            print(now(), int(n))\n", "");
    let endless =
        endless.replace("n.next = n + 1\n            yield", "n.next = (n + 1) % 200\n            yield");
    let spinning = COUNTER.replace("print(now(), int(n))", "while True:\n                i = (i + 1) % 7");
    for (name, text) in [("endless", endless), ("spinning", spinning)] {
        let folder = with(&format!("interrupt-{name}"), "counter.py", &text);
        let (code, err) = interrupted(&folder);
        assert!(code == 130 && err.contains("stopped at time"), "{name}: {code} {err}");
        let vcd = fs::read_to_string(folder.join("out.vcd")).expect("there are waves");
        assert!(vcd.ends_with('\n') && vcd.contains("$enddefinitions"), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_names_the_process_that_does_not_end() {
    let native = "            yield delay(1)\n            while True:\n                pass\n";
    let hosted = native.replace("pass", "x = set()");
    for (name, lines) in [("native", native), ("hosted", hosted.as_str())] {
        let (before, after) = COUNTER.split_once("            yield delay(1)\n").expect("the bench waits");
        let folder = with(&format!("endless_{name}"), "counter.py", &format!("{before}{lines}{after}"));
        let (code, err) = interrupted(&folder);
        assert!(
            code == 130 && err.contains("stopped at time 6 in process `bench.look` (counter.py:"),
            "{name}: {err}"
        );
    }
}

#[test]
fn deltas_without_an_end_are_an_error_that_names_what_turns() {
    let text = "\
from pyhw import *


@block
def bench():
    a = Signal(bool(0))
    b = Signal(bool(0))
    start = Signal(bool(0))

    @always_comb
    def forth():
        a.next = start and not b

    @always_comb
    def back():
        b.next = a

    @instance
    def begin():
        yield delay(7)
        start.next = True

    return forth, back, begin
";
    let folder = with("deltas", "ring.py", text);
    let (code, _, err) = run(&folder, "sim ring.py");
    assert_eq!(code, 1);
    for part in [
        "error[PH0604]: time stands still: `a`, `b` keep changing",
        "`bench.forth` runs again and again",
        "`bench.back` runs again and again",
        "at time 7",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
    assert!(!err.contains("bench.begin"), "{err}");
}

#[test]
fn what_a_target_cannot_mean_is_an_error_there_and_a_warning_elsewhere() {
    let text = "\
from pyhw import *


@block
def keeper(a: In[bool], b: In[bool], q: Out[bool], r: Out[bool]):
    def other():
        return b

    @always_comb
    def keep():
        if a:
            q.next = True

    @always_comb
    def call():
        r.next = a and other()

    return keep, call
";
    let folder = with("weights", "keeper.py", text);
    let (code, _, err) = run(&folder, "check keeper.py");
    assert!(code == 0 && err.contains("warning[PH0404]") && err.contains("warning[PH0405]"), "{err}");
    for target in ["verilog", "vhdl"] {
        let (code, _, err) = run(&folder, &format!("emit --{target} keeper.py --top keeper -o out"));
        assert!(
            code == 3 && err.contains("error[PH0404]") && err.contains("error[PH0405]"),
            "{target}: {err}"
        );
    }
    let (code, _, err) = run(&folder, "emit --c keeper.py --top keeper -o out");
    assert!(code == 3 && err.contains("warning[PH0404]") && err.contains("error[PH0405]"), "{err}");
    // A finding is said once, as the heaviest of what the targets make of it.
    let (code, _, err) = run(&folder, "emit --verilog --vhdl --c --ir keeper.py --top keeper -o out");
    assert!(code == 3 && err.matches("PH0404").count() == 1 && err.matches("PH0405").count() == 1, "{err}");
    assert_eq!(names(&folder), ["keeper.py"]);
    assert_eq!(run(&folder, "emit --ir keeper.py --top keeper -o out").0, 0);
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
fn modules_have_the_same_names_in_every_language() {
    let text = "from pyhw import *\n\n\n@block\ndef sub(a, b, q):\n    @always_comb\n    def add():\n        q.next = a ^ b\n\n    \
                return add\n\n\n@block\ndef top(d: In[uint[4]], e: In[uint[4]], q: Out[uint[4]], r: Out[uint[4]]):\n    \
                one = sub(d, d, q)\n    two = sub(d, e, r)\n    return one, two\n";
    let folder = with("alike", "alike.py", text);
    let (code, _, err) = run(&folder, "emit --verilog --vhdl alike.py --top top");
    assert_eq!(code, 0, "{err}");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("it was written");
    let (verilog, vhdl) = (read("top.v"), read("top.vhd"));
    assert!(verilog.contains("sub one (") && verilog.contains("sub_1 two ("), "{verilog}");
    assert!(vhdl.contains("one : entity work.sub\n") && vhdl.contains("two : entity work.sub_1\n"), "{vhdl}");
    assert!(verilog.find("module sub (") < verilog.find("module sub_1 ("), "{verilog}");
}

#[test]
fn a_port_that_only_a_branch_out_of_reach_stores_into_is_an_output() {
    let text = "from myhdl import *\n\n\n@block\ndef top(clk, a, q, m, mode=1):\n    @always(clk.posedge)\n    def p():\n        \
                q.next = a\n        if mode == 2:\n            m.next = a\n\n    return p\n\n\n\
                s = [Signal(intbv(v)[4:]) for v in (0, 3, 5)]\ntop(Signal(bool(0)), *s).convert(hdl='Verilog')\n";
    let folder = with("named", "named.py", text);
    let (code, _, err) = run(&folder, "emit --verilog named.py");
    assert_eq!(code, 0, "{err}");
    let verilog = fs::read_to_string(folder.join("top.v")).expect("it was written");
    assert!(verilog.contains("output reg  [3:0] m") || verilog.contains("output wire [3:0] m"), "{verilog}");
    assert!(err.contains("PH0402"), "{err}");
}

//! `pyhw sim`: what is run, what it prints, and how it ends.

use crate::support::{CONVERTS, COUNTER, run, with};
use std::fs;

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
fn warnings_of_python_and_of_the_kernel_are_json_among_json() {
    let text = "\
import warnings
from pyhw import *


@block
def bench():
    bus = TristateSignal(intbv(0)[4:])
    first, second = bus.driver(), bus.driver()

    @instance
    def drive():
        for value in range(3):
            yield delay(3)
            first.next = value
            second.next = 3

    return drive


warnings.warn('mind the gap')
bench().run_sim(quiet=1)
";
    let folder = with("contention", "bus.py", text);
    let (code, _, err) = run(&folder, "sim bus.py --json");
    let told: Vec<String> = err
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an object on each line"))
        .map(|one| format!("{} {} {}", one["severity"], one["line"], one["message"]))
        .collect();
    let expected = [
        r#""warning" 20 "UserWarning: mind the gap""#,
        r#""warning" 7 "BusContentionWarning: Bus contention on `bench.bus`, first at time 3""#,
    ];
    assert_eq!((code, told), (0, expected.map(str::to_owned).to_vec()), "{err}");
    let (_, _, err) = run(&folder, "sim bus.py");
    assert!(err.contains("bus.py:7: BusContentionWarning: Bus contention on `bench.bus`"), "{err}");
}

#[test]
fn a_seed_repeats_what_is_drawn() {
    let folder = with("seed", "draw.py", "import random\nprint(random.random())\n");
    let (_, first, _) = run(&folder, "sim draw.py --seed 3");
    assert_eq!(run(&folder, "sim draw.py --seed 3").1, first);
    assert_ne!(run(&folder, "sim draw.py --seed 4").1, first);
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

//! Errors and warnings of designs: each told once, at its place.

use crate::support::{COUNTER, names, run, with};
use std::fs;

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
fn errors_of_values_keep_back_none_of_what_is_left_to_python() {
    let text = "\
from pyhw import *


@block
def top(clk: Clock, a: In[uint[4]], q: Out[uint[4]], r: Out[uint[4]]):
    def ones(x):
        return 0 if x == 0 else ones(x >> 1) + (x & 1)

    @always(clk.posedge)
    def count():
        r.next = ones(a)
        r.next = undefined

    @always(clk.posedge)
    def constant():
        q.next = 99

    return count, constant
";
    let folder = with("every-error", "top.py", text);
    for languages in ["--verilog", "--vhdl", "--c", "--verilog --vhdl --c"] {
        let (code, _, err) = run(&folder, &format!("emit {languages} top.py --top top -o out"));
        let mut codes: Vec<&str> = err.lines().filter_map(|line| line.strip_prefix("error[")).collect();
        codes.iter_mut().for_each(|line| *line = &line[..6]);
        codes.sort_unstable();
        assert_eq!((code, &codes[..]), (3, &["PH0202", "PH0203", "PH0312"][..]), "{languages}: {err}");
    }
    let (_, out, err) = run(&folder, "emit --ir top.py --top top -o out");
    assert!(err.contains("PH0312") && !err.contains("PH0203"), "{out}{err}");
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

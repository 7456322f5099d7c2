//! What commands and conversion calls are asked for, and what they leave out.

use super::{REGISTER, assert_told, clocked, design, run};
use pyhw_tests::program::program;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn what_a_conversion_call_is_refused_for_is_the_same_in_both_languages() {
    let text = |body: &str, language: &str| {
        format!(
            "@block\ndef top(a, b, q):\n    def other():\n        return b\n\n{body}\n    return logic\n\n\n\
             a, b, q = [Signal(bool(0)) for _ in range(3)]\ntop(a, b, q).convert(hdl='{language}')\n"
        )
    };
    let hidden = "    @always_comb\n    def logic():\n        q.next = a and other()\n";
    let listed = "    @always(a)\n    def logic():\n        q.next = a and b\n";
    for (language, option) in [("Verilog", "verilog"), ("VHDL", "vhdl")] {
        let folder = design(&format!("hidden-{option}"), &text(hidden, language));
        let words = format!("emit --{option} design.py -o out");
        let (exit, said) = run(&folder, &words);
        assert_told(
            &said,
            &["error[PH0405]: `logic` reads `b` without being sensitive to it", "1 error, 0 warnings"],
        );
        assert_eq!(exit, 3);
        assert!(!folder.join("out").exists());
        let (exit, said) = run(&folder, "sim design.py");
        assert_told(&said, &["error[PH0405]"]);
        assert_eq!(exit, 3);
        // A list of its own is one in both, and simulates as it is written.
        let (exit, said) = run(&design(&format!("listed-{option}"), &text(listed, language)), &words);
        assert_told(&said, &["warning[PH0405]", "0 errors, 1 warning"]);
        assert_eq!(exit, 0);
    }
}

#[test]
fn blocks_that_nothing_builds_are_told_beside_those_that_are_checked() {
    let block = |name: &str, ports: &str, value: &str| {
        format!(
            "@block\ndef {name}({ports}):\n    @always(clk.posedge)\n    def logic():\n        q.next = {value}\n\n    \
             return logic\n\n\n"
        )
    };
    let typed = block("typed", "clk: Clock, q: Out[bool]", "not q");
    let untyped = block("untyped", "clk, q", "missing");
    let built = block("built", "clk, q", "not q");
    let bench = "@block\ndef bench():\n    clk, q = [Signal(bool(0)) for _ in range(2)]\n    return built(clk, q)\n\n\n";
    let text = format!("{typed}{untyped}{built}{bench}");
    let left = "note[PH0105]: `untyped` is not checked: nothing here builds it, and parameter `clk` of block `untyped` has no port type";
    let (exit, said) = run(&design("unbuilt", &text), "check design.py");
    assert_told(&said, &[left, "design.py:13:5"]);
    assert_eq!((exit, said.matches("not checked").count()), (0, 1), "{said}");
    // What the file simulates is not all there is in it.
    let typo = block("typed", "clk: Clock, q: Out[bool]", "wrong");
    let (exit, said) = run(
        &design("unbuilt-run", &format!("{typo}{untyped}{built}{bench}bench().run_sim(10)\n")),
        "check design.py",
    );
    assert_told(&said, &[left, "PH0202", "`wrong`"]);
    assert_eq!(exit, 0, "{said}");
    // Alone it is all that is wrong.
    let (exit, said) = run(&design("unbuilt-alone", &untyped), "check design.py");
    assert_told(&said, &["error[PH0105]: parameter `clk` of block `untyped` has no port type and no value"]);
    assert_eq!(exit, 3, "{said}");
    // One that fails as it is built keeps nobody from the others.
    let fails = "@block\ndef fails(clk: Clock):\n    return 1 // 0\n\n\n";
    let wide = block("wide", "clk: Clock, q: Out[uint[4]]", "q + 1");
    let (exit, said) = run(&design("unbuilt-fails", &format!("{fails}{wide}")), "check design.py");
    assert_told(&said, &["error[PH0103]", "design.py:5:12", "warning[PH0313]"]);
    assert_eq!(exit, 3, "{said}");
}

#[test]
fn what_fails_in_a_bench_in_python_too_is_a_warning_of_check() {
    let text = "\
@block
def bench():
    a = Signal(uint[4])

    @instance
    def drive():
        a.nxt = 3
        prnt(a)
        yield a.posdge
        yield dely(3)
        print({1: 2})

    return drive
";
    let (exit, text) = run(&design("bench", text), "check design.py");
    let told = [
        "warning[PH0202]: `nxt` of a signal",
        "warning[PH0202]: `prnt` is not defined",
        "warning[PH0202]: a signal has no attribute `posdge`",
        "did you mean `posedge`?",
        "warning[PH0202]: `dely` is not defined",
        "note[PH0201]",
        "0 errors, 4 warnings",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 0);
}

#[test]
fn a_folder_that_is_not_there_is_told_by_the_file_that_was_asked_for() {
    let script = "\
clk, d, q = Signal(bool(0)), Signal(uint[8]), Signal(uint[8])
register(clk, d, q).convert(hdl='VHDL', path='nowhere')
";
    let folder = design("nowhere", &(REGISTER.to_owned() + script));
    let (exit, text) = run(&folder, "sim design.py");
    assert_told(&text, &["No such file or directory: 'nowhere/register_1.vhd'\n", "design.py:12:"]);
    assert_eq!(exit, 3);
}

#[test]
fn an_output_that_takes_no_more_is_no_fault_of_the_design() {
    let text = "\
@block
def bench():
    @instance
    def talk():
        for i in range(20000):
            yield delay(1)
            print('a line of text', i)

    return talk
";
    let in_python = text.replace("print(", "print({1: 2}); print(");
    for (name, text) in [("output", text), ("output-python", &in_python)] {
        takes_no_more(&design(name, text), name == "output");
    }
}

fn takes_no_more(folder: &Path, is_compiled: bool) {
    let command = || {
        let mut command = Command::new(program(env!("CARGO_TARGET_TMPDIR")));
        command.args(["sim", "design.py"]).current_dir(folder).stdin(Stdio::null()).stderr(Stdio::piped());
        command
    };
    let mut child = command().stdout(Stdio::piped()).spawn().expect("pyhw starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("pyhw ends");
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
    // What Python's own `print` could not write, it does not tell apart from other files.
    if is_compiled && let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let output = command().stdout(full).output().expect("pyhw runs");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), &*text), (Some(2), "error: stdout: no space left on device\n"));
    }
}

#[test]
fn a_comment_that_silences_nothing_is_told_in_every_file_that_is_lowered_and_prose_is_none() {
    let text = "\
from helper import low

@block
def top(clk: Clock, a: In[uint[8]], q: Out[uint[4]]):
    # pyhw: ignores what is above; see `# pyhw: ignore`
    @always(clk.posedge)
    def work():
        q.next = low(a)

    return work
";
    let folder = design("silences_nothing", text);
    let helper = "TEXT = '# pyhw: ignore[PH1]'\n\n\ndef low(a):\n    return a & 15  # pyhw: ignore[PH7]\n";
    fs::write(folder.join("helper.py"), helper).expect("the helper can be written");
    let (_, text) = run(&folder, "check design.py");
    assert_told(&text, &["[PH0107]: there is no code `PH7`", " helper.py:5:35\n", "0 errors, 1 warning\n"]);
}

#[test]
fn what_is_found_beside_something_that_is_refused_is_told_as_well() {
    let body = "q.next = sorted([a, b])[0]\nif a == 256 or a[9]:\n    q.next = 1";
    let (_, text) = run(&design("beside_refused", &clocked(body)), "check design.py");
    for told in ["PH0201", "PH0320", "PH0315"] {
        assert_told(&text, &[told]);
    }
    assert_told(&text, &["0 errors, 3 warnings\n"]);
}

#[test]
fn parameters_for_a_file_that_builds_its_blocks_itself_are_told_to_have_no_effect() {
    let text = "@block\ndef bench(n=2):\n    @instance\n    def go():\n        yield delay(n)\n        print(n)\n    return go\n\n\n";
    let folder = design("own-simulation", &format!("{text}bench().run_sim()\n"));
    let (exit, said) = run(&folder, "sim design.py -p n=4");
    assert_told(&said, &["note: -p has no effect: the file builds its blocks itself"]);
    assert_eq!(exit, 0);
    let (exit, said) = run(&folder, "sim design.py -p n=4 --top bench");
    assert!(exit == 0 && !said.contains("no effect"), "{said}");
    // It would mean another block each time.
    for command in ["check design.py -p n=4", "emit --c design.py -p n=4"] {
        let (exit, said) = run(&folder, command);
        assert_told(&said, &["error: -p gives parameters to the block that --top names"]);
        assert_eq!(exit, 2);
    }
}

#[test]
fn bad_usage_is_json_where_messages_are() {
    let folder = design("json-usage", REGISTER);
    let (exit, said) = run(&folder, "emit --json --nonsense design.py");
    assert_eq!((exit, said.lines().count()), (2, 1), "{said}");
    assert_told(&said, &["{\"message\":\"unexpected argument '--nonsense' found\",\"severity\":\"error\"}"]);
    // What follows `--` is for the file.
    let (exit, said) = run(&folder, "sim --nonsense design.py -- --json");
    assert_eq!(exit, 2);
    assert_told(&said, &["error: unexpected argument '--nonsense' found"]);
}

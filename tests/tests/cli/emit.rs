//! `pyhw emit` and `pyhw ir`: which files are written, and what they are called.

use crate::support::{CONVERTS, COUNTER, command, folder, names, run, told, with};
use std::fs;
use std::io::Write;
use std::process::Stdio;

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
fn a_process_that_does_nothing_is_no_hardware() {
    let text = "\
from pyhw import *


@block
def held(clk: Clock, rst: Reset, a: In[uint[8]], q: Out[uint[8]], r: Out[uint[8]], debug: bool = False):
    @always_seq(clk.posedge, reset=rst)
    def probe():
        if debug:
            q.next = a

    @always_comb
    def nothing():
        pass

    @always(clk.posedge)
    def keep():
        r.next = a

    return probe, nothing, keep
";
    let folder = with("idle", "held.py", text);
    let (code, _, err) = run(&folder, "emit --verilog --vhdl --c held.py --top held -o out");
    assert_eq!(code, 0, "{err}");
    for name in ["held.v", "held.vhd"] {
        let text = fs::read_to_string(folder.join("out").join(name)).expect("the file is there");
        let has = |word: &str| text.contains(word);
        assert!(has("keep") && !has("probe") && !has("nothing"), "{text}");
    }
    // The functions of a program in C do not hang on what is turned off.
    let text = text.replace("    @always(clk.posedge)\n    def keep():\n        r.next = a\n\n", "");
    fs::write(folder.join("held.py"), text.replace("nothing, keep", "nothing")).expect("writable");
    let (code, _, err) = run(&folder, "emit --c held.py --top held -o out");
    let text = fs::read_to_string(folder.join("out/held.h")).expect("the file is there");
    assert!(code == 0 && text.contains("void held_step("), "{err}{text}");
}

#[test]
fn a_signal_that_two_parameters_are_given_has_a_port_for_each() {
    let text = "\
from pyhw import *


@block
def sub(a, b, q):
    @always_comb
    def add():
        q.next = a + b

    return add


@block
def top(d: In[uint[8]], q: Out[uint[9]]):
    return sub(d, d, q)
";
    let folder = with("repeated", "top.py", text);
    let (code, _, err) = run(&folder, "emit --verilog --vhdl top.py --top top -o out");
    assert_eq!(code, 0, "{err}");
    for (name, connections) in [("top.v", [".a (d)", ".b (d)"]), ("top.vhd", ["a => d", "b => d"])] {
        let text = fs::read_to_string(folder.join("out").join(name)).expect("the file is there");
        assert!(connections.iter().all(|one| text.contains(one)), "{text}");
        assert!(text.contains("the same signal as a"), "{text}");
    }
}

#[test]
fn a_bit_that_a_shift_brings_down_and_a_mask_of_all_that_is_left_are_written_as_such() {
    let text = "\
from pyhw import *


@block
def top(a: In[uint[8]], n: In[uint[4]], near: In[uint[3]], q: Out[bool], r: Out[bool], t: Out[uint[4]]):
    @always_comb
    def shift():
        q.next = (a >> n) & 1
        r.next = (a >> near) & 1
        t.next = (a >> n) & 15

    return shift
";
    let folder = with("shifts", "top.py", text);
    let (code, _, err) = run(&folder, "emit --verilog --vhdl top.py --top top -o out");
    assert_eq!(code, 0, "{err}");
    let read = |name: &str| fs::read_to_string(folder.join("out").join(name)).expect("the file is there");
    let (verilog, vhdl) = (read("top.v"), read("top.vhd"));
    assert!(!verilog.contains('&'), "{verilog}");
    for part in ["bit_at(a, to_integer(n));", "a(to_integer(near));"] {
        assert!(vhdl.contains(part), "{part}: {vhdl}");
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
fn a_file_may_have_dots_in_its_name() {
    let folder = with("dots", "counter.v2.py", COUNTER);
    for command in ["emit --verilog counter.v2.py --top counter -o out", "check counter.v2.py --top counter"]
    {
        let (code, _, err) = run(&folder, command);
        assert_eq!(code, 0, "{command}: {err}");
    }
    // In a package it is found beside the other modules, and imports them as these do.
    fs::create_dir(folder.join("parts")).expect("made");
    fs::write(folder.join("parts/__init__.py"), "").expect("written");
    fs::write(folder.join("parts/widths.py"), "WIDTH = 5\n").expect("written");
    let text = "\
from pyhw import *
from .widths import WIDTH


@block
def inc(a: In[uint[WIDTH]], q: Out[uint[6]]):
    @always_comb
    def logic():
        q.next = a + 1

    return logic


@block
def bench():
    @instance
    def say():
        yield delay(1)
        print(WIDTH, __name__)

    return say
";
    fs::write(folder.join("parts/inc.v2.py"), text).expect("written");
    let (code, _, err) = run(&folder, "emit --verilog parts/inc.v2.py --top inc -o out");
    assert_eq!(code, 0, "{err}");
    let (code, out, err) = run(&folder, "sim parts/inc.v2.py --top bench");
    assert_eq!((code, out.as_str()), (0, "5 parts.inc_v2\n"), "{err}");
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

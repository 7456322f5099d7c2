//! What users get wrong, and what they are told: each a small file, run by a command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The program, built once.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .parent()
            .expect("the folder of scratch files has a parent");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--workspace", "--target-dir"])
            .arg(target)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .status()
            .expect("cargo runs");
        assert!(built.success(), "`cargo build` failed");
        target.join("debug/pyhw")
    })
}

/// A file of this text in a folder of its own.
fn design(test: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes").join(test);
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join("design.py"), format!("from pyhw import *\n\n{text}"))
        .expect("the design can be written");
    folder
}

/// The exit code, and what a person reads.
fn run(folder: &Path, words: &str) -> (i32, String) {
    let output = Command::new(program())
        .args(words.split_whitespace())
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("pyhw runs");
    let text = String::from_utf8(output.stderr).expect("pyhw writes UTF-8");
    (output.status.code().unwrap_or(-1), text)
}

/// What stands in `text`, in this order.
#[track_caller]
fn assert_told(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => panic!("`{part}` is missing, or not in its place:\n{text}"),
        }
    }
}

const REGISTER: &str = "\
@block
def register(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):
    @always(clk.posedge)
    def keep():
        q.next = d

    return keep

";

#[test]
fn a_signal_that_is_not_what_the_port_says_is_told_at_the_call_and_at_the_annotation() {
    let top = "\
@block
def top(clk: Clock, q: Out[uint[8]]):
    wide = Signal(intbv(0)[16:])

    @always(clk.posedge)
    def count():
        wide.next = (wide + 1) % 65536

    return count, register(clk, wide, q)
";
    let folder = design("wide", &(REGISTER.to_owned() + top));
    let parts = [
        "[PH0319]: `d` of `register` takes uint[8], and `wide` is uint[16]\n",
        " --> design.py:19:",
        "----------- `d` takes uint[8]",
        "---- `wide` is uint[16]",
    ];
    let (exit, text) = run(&folder, "check design.py --top top");
    assert_told(&text, &parts);
    assert_eq!(exit, 0);
    // The text is what is simulated.
    let (exit, text) = run(&folder, "emit --verilog design.py --top top -o out");
    assert_told(&text, &parts);
    assert_eq!(exit, 0);
    let (exit, text) = run(&folder, "sim design.py --top top --until 10");
    assert_told(&text, &["note[PH0319]"]);
    assert_eq!(exit, 0);
}

#[test]
fn a_conversion_call_is_held_to_the_annotations_as_well() {
    let script = "\
clk, d, q = Signal(bool(0)), Signal(bool(0)), Signal(uint[8])
register(clk, d, q).convert(hdl='VHDL')
";
    let folder = design("conversion", &(REGISTER.to_owned() + script));
    let (_, text) = run(&folder, "check design.py");
    assert_told(&text, &["PH0319]: `d` of `register` takes uint[8], and `d` is bool\n", "design.py:12:"]);
}

#[test]
fn ports_of_every_kind_are_compared() {
    let told = |name: &str, annotation: &str, given: &str| {
        let text = format!(
            "S = enum('A', 'B')\nT = enum('C', 'D')\n\n@block\ndef sub(p: {annotation}):\n    x = Signal(bool(0))\n\n    \
             @always_comb\n    def keep():\n        x.next = 1\n\n    return keep\n\n@block\ndef top():\n    \
             return sub({given})\n"
        );
        let (_, text) = run(&design(&format!("kinds-{name}"), &text), "check design.py --top top");
        text.lines().filter(|line| line.contains("PH0319")).map(str::to_owned).collect::<Vec<_>>()
    };
    let wrong = [
        ("clock", "Clock", "Signal(uint[4])", "takes a clock, which is bool, and `p` is uint[4]"),
        ("constant", "In[uint[4]]", "16", "takes uint[4], and 16 is given"),
        ("driven", "Out[uint[4]]", "3", "drives a signal, and 3 is given"),
        ("list", "In[Array[uint[4], 2]]", "[Signal(uint[4])]", "takes a list of 2, and a list of 1 is given"),
        ("element", "In[Array[bool, 1]]", "[Signal(uint[4])]", "takes bool, and `p_0` is uint[4]"),
        ("enum", "In[S]", "Signal(T.C)", "takes enum('A','B'), and `p` is enum('C','D')"),
        ("init", "Out[bool, 1]", "Signal(bool(0))", "starts with 1, and `p` starts with 0"),
        ("wraps", "Out[Mod[16]]", "Signal(uint[4])", "takes Mod[16], and `p` is uint[4]"),
        ("values", "In[Int[0, 10]]", "Signal(uint[4])", "takes Int[0, 10], and `p` is uint[4]"),
        (
            "reset",
            "Reset[0, True]",
            "ResetSignal(0, active=1, isasync=True)",
            "takes a reset, and `p` is active high and asynchronous: the port says active low and asynchronous",
        ),
    ];
    for (name, annotation, given, expected) in wrong {
        let found = told(name, annotation, given);
        assert_eq!(found, [format!("warning[PH0319]: `p` of `sub` {expected}")], "{name}");
    }
    let right = [
        ("narrower", "In[uint[4]]", "Signal(intbv(0, min=0, max=10))"),
        ("wrapping", "In[uint[4]]", "Signal(modbv(0)[4:])"),
        ("value", "In[uint[4]]", "15"),
        ("nothing", "Reset", "None"),
        ("any-reset", "Reset", "ResetSignal(1, active=0, isasync=True)"),
        ("open", "Out[uint[4]]", "OpenPort()"),
        ("elements", "In[Array[uint[4], 2]]", "[Signal(uint[4]), Signal(uint[4])]"),
        ("same-enum", "In[S]", "Signal(S.A)"),
    ];
    for (name, annotation, given) in right {
        assert_eq!(told(name, annotation, given), [""; 0], "{name}");
    }
}

#[test]
fn a_block_that_asks_for_the_type_of_a_port_takes_any() {
    let text = "\
@block
def register(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):
    kept = Signal(intbv(0)[len(d):])

    @always(clk.posedge)
    def keep():
        kept.next = d

    @always_comb
    def show():
        q.next = kept

    return keep, show


@block
def top(clk: Clock, d: In[uint[16]], q: Out[uint[16]]):
    return register(clk, d, q)
";
    let (_, text) = run(&design("generic", text), "check design.py --top top");
    assert_eq!(text, "0 errors, 0 warnings\n");
}

#[test]
fn the_default_of_an_output_is_told() {
    let text = "\
@block
def top(d: In[bool] = True, q: Out[bool] = True):
    @always_comb
    def follow():
        q.next = d

    return follow
";
    let (exit, text) = run(&design("default", text), "emit --verilog design.py --top top -o out");
    assert_told(&text, &["warning[PH0319]: the default of the output `q`", "design.py:4:44", "Out[bool, 1]"]);
    assert_eq!((exit, text.matches("PH0319").count()), (0, 1));
}

#[test]
fn what_is_made_and_not_returned_is_told() {
    let top = "\
@block
def top(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):
    spare = [Signal(uint[8]) for _ in range(3)]
    rows = [register(clk, d, s) for s in spare]
    mine = register(clk, d, q)

    @always(clk.posedge)
    def watch():
        assert d != 1

    @always(clk.posedge)
    def watch():
        assert d != 2

    @always_comb
    def unwanted():
        spare[0].next = 1

    return mine, watch
";
    let folder = design("lost", &(REGISTER.to_owned() + top));
    let (exit, text) = run(&folder, "check design.py --top top");
    assert_told(
        &text,
        &[
            "warning[PH0407]: 3 instances of `register` that `top` makes are not returned",
            "design.py:14:",
            "warning[PH0407]: the process `watch` that `top` makes is not returned",
            "design.py:17:",
            "this `watch` is returned in its place",
            "warning[PH0407]: the process `unwanted` that `top` makes is not returned",
            "return it with the others",
        ],
    );
    assert_eq!((exit, text.matches("PH0407").count()), (0, 3));
    let (exit, text) = run(&folder, "sim design.py --top top --until 5");
    assert_eq!((exit, text.matches("note[PH0407]").count()), (0, 3));
}

#[test]
fn parts_that_reach_the_design_by_another_way_are_not_lost() {
    let text = "\
def helper(clk, q):
    return [register(clk, q) for _ in range(1)]


@block
def register(clk, q):
    @always(clk.posedge)
    def keep():
        q.next = not q

    return keep


@block
def both(*parts):
    return parts


@block
def bench(extra=False):
    clk, p, q, r = [Signal(bool(0)) for _ in range(4)]
    parts = []
    first = register(clk, p)
    parts.append(first)
    nested = [[register(clk, q)], ()]

    @always(delay(1))
    def tick():
        clk.next = not clk

    if extra:

        @always_comb
        def more():
            r.next = p

        parts.append(more)
    alone = register(clk, r)
    alone.convert(hdl='Verilog')
    return parts, both(nested[0][0]), instances()[:0], tick
";
    let (_, text) = run(&design("found", text), "check design.py --top bench");
    assert!(!text.contains("PH0407"), "{text}");
}

#[test]
fn a_call_that_does_not_fit_is_told_at_the_call() {
    let told = |name: &str, arguments: &str| {
        let top = format!(
            "@block\ndef top(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):\n    return register({arguments})\n"
        );
        let (exit, text) =
            run(&design(&format!("call-{name}"), &(REGISTER.to_owned() + &top)), "check design.py --top top");
        assert_eq!(exit, 3, "{text}");
        assert_told(&text, &["error[PH0103]", "design.py:13:"]);
        text
    };
    assert_told(
        &told("clock", "3, d, q"),
        &[
            "'int' object has no attribute 'posedge'",
            "a signal is expected",
            "used here",
            "3 is given to `clk`",
        ],
    );
    assert_told(&told("missing", "clk, d"), &["missing 1 required positional argument: 'q'", "- `q`"]);
    assert_told(
        &told("many", "clk, d, q, 4"),
        &["takes 3 positional arguments but 4 were given", "`register` begins here"],
    );
    assert_told(
        &told("keyword", "clk, d, q=q, dd=d"),
        &["unexpected keyword argument 'dd'", "did you mean `d`?"],
    );
}

#[test]
fn a_name_that_is_not_found_while_elaborating_is_told_with_a_near_one() {
    let told = |name: &str, text: &str, near: &str| {
        let folder = design(&format!("near-{name}"), "");
        fs::write(folder.join("design.py"), text).expect("the design can be written");
        let (exit, text) = run(&folder, "check design.py");
        assert_eq!(exit, 3, "{text}");
        assert_told(&text, &["error[PH0103]", near]);
    };
    let top = |decorator: &str| {
        format!(
            "@block\ndef top(clk: Clock, q: Out[bool]):\n    @{decorator}\n    def p():\n        q.next = 1\n    return p\n"
        )
    };
    let all = |decorator: &str| format!("from pyhw import *\n{}", top(decorator));
    told("edge", &all("always(clk.posdge)"), "did you mean `posedge`?");
    told("decorator", &all("always_sec(clk.posedge)"), "did you mean `always_seq`?");
    told("import", "from myhdl import Singal\n", "did you mean `Signal`?");
    told("module", "from myhld import *\n", "did you mean `myhdl`?");
    told("keyword", "from myhdl import *\nimport math\nprint(math.foor(2))\n", "did you mean `floor`?");
    let bare = format!("from pyhw import block, Clock, Out\n{}", top("always(clk.posedge)"));
    told("library", &bare, "`always` is of the library: `from pyhw import always`");
}

#[test]
fn an_error_in_a_block_itself_is_no_fault_of_its_call() {
    let top = "@block\ndef top(clk: Clock):\n    x = 1 + 'a'\n    return ()\n";
    let (exit, text) = run(&design("own", top), "check design.py --top top");
    assert_told(&text, &["error[PH0103]: TypeError: unsupported operand", "design.py:5:"]);
    assert_eq!(exit, 3);
}

#[test]
fn bits_beyond_the_width_are_told_and_are_what_they_are_in_python() {
    let text = "\
@block
def top(a: In[uint[8]], s: In[sint[4]], i: In[uint[4]], q: Out[bool], r: Out[uint[16]], t: Out[bool], u: Out[bool]):
    @always_comb
    def logic():
        q.next = a[8]
        r.next = a[12:4]
        t.next = s[7]
        u.next = a[7] and a[8:0] == 3 and a[i] and intbv(a[4:])[8:] == 3

    return logic
";
    let folder = design("beyond", text);
    let told = [
        "warning[PH0315]: bit 8 lies beyond the 8 bits of `a`, and is always 0",
        "design.py:7:20",
        "warning[PH0315]: bits 8 to 11 lie beyond the 8 bits of `a`, and are always 0",
        "design.py:8:18",
        "warning[PH0315]: bit 7 lies beyond the 4 bits of `s`, and is its sign",
        "design.py:9:20",
    ];
    for words in ["check design.py", "emit --verilog --vhdl design.py --top top -o out"] {
        let (exit, text) = run(&folder, words);
        assert_told(&text, &told);
        assert_eq!((exit, text.matches("PH0315").count()), (0, 3), "{text}");
    }
}

#[test]
fn a_number_that_no_boolean_holds_is_an_error_like_any_other_that_does_not_fit() {
    let text = "\
@block
def top(clk: Clock, a: In[uint[8]], o: Out[bool], w: Out[uint[4]]):
    @always(clk.posedge)
    def keep():
        if a > 2:
            o.next = 2
            w.next = 16

    return keep
";
    let folder = design("boolean", text);
    for words in ["check design.py", "emit --verilog design.py --top top -o out"] {
        let (exit, text) = run(&folder, words);
        let told =
            ["error[PH0312]: 2 does not fit into the boolean `o`", "error[PH0312]: 16 does not fit into `w`"];
        assert_told(&text, &told);
        assert_eq!(exit, 3);
    }
    // Where it is not reached nothing happens.
    assert_eq!(run(&folder, "sim design.py --top top --until 10"), (0, String::new()));
}

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
fn stores_that_are_written_as_in_other_languages_are_told_with_what_is_meant() {
    let text = "\
@block
def top(clk: Clock, p: In[bool], q: Out[uint[8]], r: Out[bool]):
    @always(clk.posedge)
    def keep():
        q[3].next = p
        r.next <= p
        r.next == p

    return keep
";
    let (exit, text) = run(&design("stores", text), "emit --verilog design.py --top top -o out");
    let told = [
        "design.py:7:",
        "`s.next[…] = …`",
        "`<=` compares, and stores nothing",
        "design.py:8:",
        "`s.next = …`",
        "`==` compares, and stores nothing",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 3);
}

#[test]
fn what_a_process_cannot_wait_for_is_told_at_its_yield() {
    let text = "\
def pause():
    yield delay(1)
    yield 5


@block
def top():
    q = Signal(bool(0))

    @instance
    def drive():
        q.next = 1
        yield from pause()

    return drive
";
    let (exit, text) = run(&design("waits", text), "sim design.py");
    let told = [
        "error[PH0603]: TypeError: yield clause 5 has type <class 'int'>\n",
        " --> design.py:5:5",
        "at time 1 in process `top.drive`",
        "help: a process waits for edges, signals, `delay(…)`, or a tuple of these",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 1);
}

#[test]
fn a_generator_that_is_waited_for_and_bounds_the_wrong_way_round_are_told_with_what_is_meant() {
    let text = "\
@block
def top(clk: Clock, p: In[uint[8]], q: Out[uint[4]]):
    def tick(times):
        for i in range(times):
            yield clk.posedge

    @instance
    def drive():
        while True:
            yield tick(2)
            q.next = p[0:4]

    return drive
";
    let (exit, text) = run(&design("meant", text), "emit --verilog design.py --top top -o out");
    let told = [
        "a process that waits until `tick` has ended is simulated by Python",
        "help: let it run here instead: `yield from tick(…)`",
        "the left bound of a slice must be greater than the right one",
        "help: the highest bit comes first: `[4:0]`",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 3);
}

#[test]
fn values_that_are_none_at_all_are_told_of() {
    let text = "\
def double(x):
    y = 2 * x

def half(x, places):
    return x >> places

@block
def top(clk: Clock, p: In[uint[8]], q: Out[uint[8]], r: Out[uint[8]]):
    state = Signal(enum('idle', 'busy').idle)

    @always(clk.posedge)
    def keep():
        q.next = double(p)
        q.next = double(p) + 1
        r.next = half(p, 1, x=p)
        state.next = p

    return keep
";
    let (exit, text) = run(&design("nothing", text), "emit --verilog design.py --top top -o out");
    let told = [
        "`None` is a value of tri-state drivers only",
        "help: a function that ends without `return VALUE` gives `None`",
        "`None` cannot be used as a value here",
        "help: a function that ends without `return VALUE` gives `None`",
        "`half` gets `x` twice: by its place, and by its name",
        "the signal holds members of `enum(idle, busy)`, and this is an integer",
    ];
    assert_told(&text, &told);
    assert_eq!(exit, 3);
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
        let mut command = Command::new(program());
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

/// A top of two bytes and a bit, with this body of a clocked process.
fn clocked(body: &str) -> String {
    let body: String = body.lines().map(|line| format!("        {line}\n")).collect();
    format!(
        "LIMIT = 256\n\n@block\ndef top(clk: Clock, a: In[uint[8]], b: In[uint[8]], c: In[bool], q: Out[uint[8]], depth: int = 4):\n    \
         @always(clk.posedge)\n    def work():\n        q.next = 0\n{body}\n    return work\n"
    )
}

#[test]
fn a_comparison_with_one_answer_is_told_with_what_it_compares() {
    let told = |name: &str, body: &str| {
        let folder = design(&format!("decided_{name}"), &clocked(body));
        run(&folder, "check design.py").1
    };
    let never = "[PH0320]: `a` is 0 to 255, so that this comparison never holds\n";
    let always = "[PH0320]: `a` is 0 to 255, so that this comparison always holds\n";
    for (name, body, what) in [
        ("below", "if a < 0:\n    q.next = 1", never),
        ("not_below", "if a >= 0:\n    q.next = 1", always),
        ("equal", "if a == 256:\n    q.next = 1", never),
        ("named", "if LIMIT == a:\n    q.next = 1", never),
        ("unequal", "if c and a != -1:\n    q.next = 1", always),
        ("chained", "if 300 < a < 310:\n    q.next = 1", never),
        ("slice", "if a[4:] == 16:\n    q.next = 1", "[PH0320]: this value is 0 to 15, so that"),
        ("case", "match a:\n    case 1 | 256:\n        q.next = 1", "so that this case is never met\n"),
    ] {
        let text = told(name, body);
        let line = if name == "case" { " design.py:11:" } else { " design.py:10:" };
        assert_told(&text, &[what, line]);
        assert_told(&text, &["0 errors, 1 warning\n"]);
    }
    for (name, body) in [
        ("asserted", "assert a >= 0\nif a != b:\n    q.next = 1"),
        ("guarded", "if a < LIMIT:\n    q.next = 1"),
        ("computed", "if a < depth * 64:\n    q.next = 1"),
        ("dead", "if depth > 8 and a == 256:\n    q.next = 1"),
        ("readable", "if 0 <= a < 10:\n    q.next = 1"),
    ] {
        assert_told(&told(&format!("open_{name}"), body), &["0 errors, 0 warnings\n"]);
    }
}

#[test]
fn a_comparison_that_only_some_instances_or_calls_decide_is_not_told_of() {
    let text = "\
@block
def marks(clk, a, q):
    def is_high(x):
        return x > 255

    @always(clk.posedge)
    def mark():
        q.next = is_high(a) or a == 300

    return mark

@block
def top(clk: Clock, a: In[uint[8]], b: In[uint[WIDTH]], q: Out[bool], r: Out[bool]):
    return marks(clk, a, q), marks(clk, b, r)
";
    let folder = design("decided_some", &format!("WIDTH = 9\n\n{text}"));
    assert_told(&run(&folder, "check design.py --top top").1, &["0 errors, 0 warnings\n"]);
    let folder = design("decided_all", &format!("WIDTH = 7\n\n{text}"));
    let (_, text) = run(&folder, "check design.py --top top");
    assert_told(&text, &["[PH0320]: `x` is 0 to", "[PH0320]: `a` is 0 to", "0 errors, 2 warnings\n"]);
}

#[test]
fn a_bit_that_may_lie_beyond_the_width_is_told_where_it_is_read() {
    let told = |name: &str, body: &str| {
        let folder = design(&format!("bit_{name}"), &clocked(body));
        run(&folder, "check design.py").1
    };
    let text = told("beyond", "q.next = a[b[3:] + 1]");
    assert_told(
        &text,
        &["warning[PH0316]: `a` has 8 bits, and the index may be 8\n", "note: 0 is read there\n"],
    );
    assert_told(&told("within", "if b < 8:\n    q.next = a[b]"), &["0 errors, 0 warnings\n"]);
}

#[test]
fn what_a_process_cannot_do_is_told_by_its_name() {
    let around = "\
@block
def sub(a, q):
    @always_comb
    def follow():
        q.next = a

    return follow

";
    let told = |name: &str, body: &str| {
        let folder = design(&format!("named_{name}"), &(around.to_owned() + &clocked(body)));
        run(&folder, "check design.py --top top").1
    };
    for (name, body, parts) in [
        ("sorted", "q.next = sorted([a, b])[0]", &["[PH0201]: Python's `sorted` cannot be used"][..]),
        (
            "block",
            "x = sub(a, q)",
            &["[PH0201]: the block `sub` cannot be used", "help: a block is called in"],
        ),
        ("float", "q.next = a * 0.5", &["[PH0201]: the float `0.5` cannot be", "help: scale it"]),
        (
            "outer",
            "depth += 1\nq.next = depth",
            &[
                "[PH0202]: `depth` is read before",
                "note: a store into `depth` makes it a local",
                "1 warning\n",
            ],
        ),
        (
            "zip",
            "for x, y in zip((1, 2), (1,), strict=True):\n    pass",
            &["[PH0206]: `zip` is to be strict"],
        ),
        (
            "zipped",
            "for x, y in zip((1, 2), (3, 4), strict=True):\n    q.next = x + y",
            &["0 errors, 0 warn"],
        ),
        ("now", "print(now(5))", &["[PH0206]: `now` takes no argument\n"]),
        ("grouped", "print(f'{a:,}')", &["[PH0501]: the format `,`", "no form for digits in groups\n"]),
        ("signed", "print(f'{a - b:x}')", &["[PH0501]: the format `x`", "and this one may be negative\n"]),
        ("shift", "q.next = a << (b << 20)", &["[PH0303]: the result of `<<` needs more than 4,096 bits\n"]),
    ] {
        assert_told(&told(name, body), parts);
    }
}

#[test]
fn a_call_that_may_end_without_a_value_and_a_boolean_that_may_not_fit_are_told_with_what_they_are() {
    let text = "\
@block
def top(clk: Clock, a: In[uint[8]], q: Out[uint[8]], r: Out[bool]):
    def result(x):
        if x > 3:
            return 1

    @always(clk.posedge)
    def work():
        q.next = result(a)
        r.next = a

    return work
";
    let folder = design("nothing_returned", text);
    let (_, text) = run(&folder, "check design.py");
    assert_told(&text, &["[PH0313]: the boolean `r` holds 0 and 1, and 2 to 255 may be stored into it\n"]);
    assert_told(
        &text,
        &["[PH0318]: on some path this call ends without a value\n", "returned on other paths\n"],
    );
    let text = "\
from pyhw import *

@block
def design(a: In[uint[8]], q: Out[uint[8]]):
    @always_comb
    def work():
        if a > 3:
            result = 15
        q.next = result

    return work
";
    let folder = design("nothing_assigned", text);
    let (_, text) = run(&folder, "check design.py");
    assert_told(&text, &["[PH0318]: `result` may be read before anything is assigned to it\n"]);
}

#[test]
fn what_a_port_or_a_reset_is_given_instead_is_told_with_what_is_meant() {
    let told = |name: &str, ports: &str, decorator: &str| {
        let text = format!(
            "class Bus:\n    pass\n\n@block\ndef top(clk: Clock, rst: In[bool], {ports}):\n    @{decorator}\n    \
             def work():\n        q.next = 1\n\n    return work\n"
        );
        run(&design(&format!("instead_{name}"), &text), "check design.py").1
    };
    let seq = "always_seq(clk.posedge, reset=None)";
    for (name, ports, decorator, parts) in [
        ("uint", "q: Out[uint]", seq, &["uint alone says no range: Out[uint[8]]\n"][..]),
        ("bus", "q: Out[Bus]", seq, &["Bus is a class: an interface has no direction as a whole"]),
        (
            "plain",
            "q: Out[bool]",
            "always_seq(clk.posedge, reset=rst)",
            &["help: a `ResetSignal` says at which"],
        ),
        (
            "none",
            "q: Out[bool]",
            "always_seq(clk.posedge)",
            &["help: a process without a reset has `reset=None`"],
        ),
    ] {
        let text = told(name, ports, decorator);
        assert_told(&text, &["error[PH0103]"]);
        assert_told(&text, parts);
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
fn blocks_of_which_none_is_named_are_told_with_their_places() {
    let text = "@block\ndef one(clk: Clock):\n    pass\n\n@block\ndef two(clk: Clock):\n    pass\n";
    let folder = design("none_named", text);
    let (_, text) = run(&folder, "emit --verilog design.py -o out");
    assert_told(
        &text,
        &["error[PH0104]: `design.py` converts nothing", "--> design.py:3:1\n", "7 | @block\n"],
    );
    let (_, text) = run(&folder, "emit --verilog design.py --top twoo -o out");
    assert_told(
        &text,
        &["error[PH0104]: there is no block `twoo`", "--> design.py:7:1\n", "a block `two`\n"],
    );
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

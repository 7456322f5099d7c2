//! Folders with designs, and runs of the program in them.

use pyhw_tests::program::program;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for a test, empty.
pub fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(test);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an earlier run's folder can be removed");
    }
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// A folder that holds one design.
pub fn with(test: &str, name: &str, text: &str) -> PathBuf {
    let folder = folder(test);
    fs::write(folder.join(name), text).expect("the design can be written");
    folder
}

/// The program with these words, to be run in a folder, with nothing on its standard input.
pub fn command(folder: &Path, words: &str) -> Command {
    let mut command = Command::new(program(env!("CARGO_TARGET_TMPDIR")));
    command.args(words.split_whitespace()).current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs the program with these words in a folder; gives its exit code, its results and its messages.
pub fn run(folder: &Path, words: &str) -> (i32, String, String) {
    let output = command(folder, words).output().expect("pyhw runs");
    told(output)
}

/// The exit code, stdout and stderr of a run; −1 for one that a signal ended.
pub fn told(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("pyhw writes UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// The names in a folder, in order.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name != "__pycache__");
    names.sort();
    names
}

/// A design with a clocked process, and a test bench that prints four times.
pub const COUNTER: &str = "\
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

/// A script that converts one block to Verilog and to VHDL itself, and prints when it has.
pub const CONVERTS: &str = "\
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

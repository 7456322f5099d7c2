//! Ctrl-C: a run ends in order, and without a traceback.

use crate::support::{COUNTER, command, told, with};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const SIM: &str = "sim counter.py --wave out.vcd";

/// A command, begun. What is started in the background may ignore interrupts, and its children with it, so
/// that a Python in between takes them up again and says when it has.
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
fn interrupt(child: &Child) {
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
}

/// Simulates `counter.py` and interrupts it once it runs.
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

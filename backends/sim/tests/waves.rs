//! Waves as a reader sees them: the same design in both formats, and what the kernel held.

#![allow(clippy::unwrap_used)]

use pyhw_ir::{Design, parse, verify};
use pyhw_sim::wave::{Fst, Vcd, WaveSink, Waves};
use pyhw_sim::{NoHost, Options, Outcome, Simulation};
use std::collections::BTreeMap;
use std::io::{self, Cursor, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex};

/// A file in memory that the test can look at while a sink owns it.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Cursor<Vec<u8>>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Memory {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.lock().unwrap().seek(to)
    }
}

impl Memory {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().get_ref().clone()
    }
}

const TEXT: &str = "hwir 1
    enum State: u2 {
      IDLE = 1
      RUN = 2
    }
    struct Point {
      x: s4
      on: bool
    }
    module inner {
      in %clk: bool = false
      out %q: s8 = -1
      net %total: int[-inf, inf] = 0
      process count clocked(rising %clk) {
        %q <= sub(refine[-100, 100](%q), 1)
        %total <= sub(%total, 5)
      }
    }
    module top {
      net %clk: bool = false
      net %q: s8 = -1
      net %state: State = State.IDLE
      net %wide: u70 = 0
      net %ram: array[u4, 3] = [0, 1, 2]
      net %at: Point = {-1, true}
      net %bus: u8 = z tristate
      net %drive: u8 = z driver(%bus)
      net %line: text = \"a b\"
      net %\"odd name\": bool = false
      instance u of inner(clk = %clk, q = %q)
      process stimulus timed {
        wait delay(5)
        %clk <= true
        %clk <= false
        %ram[2] <= 15
        wait delay(5)
        %clk <= true
        %state <= State.RUN
        %drive <= 5
        %ram[1] <= 9
        %at.x <= 3
        wait delay(5)
        %clk <= false
        %wide <= 1180591620717411303423: u70
        %line <= format[\"\"]()
        %drive <= z: u8
        wait delay(5)
        %clk <= true
        wait delay(0)
        %clk <= false
        wait delay(20)
        return
      }
    }
    top top
    ";

fn design() -> Design {
    let design = parse::parse(TEXT).unwrap();
    assert_eq!(verify::verify(&design), []);
    design
}

fn write(sink: Box<dyn WaveSink>) {
    let options = Options { waves: vec![Waves::new(sink)], ..Options::default() };
    let mut simulation = Simulation::new(&design(), options).unwrap();
    assert_eq!(simulation.run(Some(12), &mut NoHost), Outcome::Suspended(None));
    assert_eq!(simulation.run(None, &mut NoHost), Outcome::NoMoreEvents);
}

/// The values of each variable, by full name: times with values.
fn read(bytes: Vec<u8>) -> BTreeMap<String, Vec<(u64, String)>> {
    let mut waves = wellen::simple::read_from_reader(Cursor::new(bytes)).unwrap();
    let vars: Vec<(String, wellen::SignalRef)> = {
        let hierarchy = waves.hierarchy();
        hierarchy
            .all_vars()
            .map(|var| (hierarchy[var].full_name(hierarchy), hierarchy[var].signal_ref()))
            .collect()
    };
    waves.load_signals(&vars.iter().map(|(_, signal)| *signal).collect::<Vec<_>>());
    let times = waves.time_table().to_vec();
    vars.into_iter()
        .map(|(name, signal)| {
            let changes = waves.get_signal(signal).unwrap().iter_changes();
            (name, changes.map(|(at, value)| (times[at as usize], value.to_string())).collect())
        })
        .collect()
}

#[test]
fn a_dump_is_read_as_what_the_nets_held() {
    let file = Memory::default();
    write(Box::new(Vcd::new(file.clone(), "1ns")));
    let found = read(file.bytes());
    let expect = |name: &str, values: &[(u64, &str)]| {
        let values: Vec<(u64, String)> =
            values.iter().map(|(time, value)| (*time, (*value).to_owned())).collect();
        assert_eq!(found.get(name), Some(&values), "{name} of {:?}", found.keys());
    };
    // At 5 the clock's two stores cancel; at 20 it rises and falls within two deltas, and ends low.
    expect("top.clk", &[(0, "0"), (10, "1"), (15, "0")]);
    expect("top.u.clk", &[(0, "0"), (10, "1"), (15, "0")]);
    expect("top.q", &[(0, "11111111"), (10, "11111110"), (20, "11111101")]);
    expect("top.u.q", &[(0, "11111111"), (10, "11111110"), (20, "11111101")]);
    expect("top.u.total", &[(0, "0"), (10, "-5"), (20, "-10")]);
    expect("top.state", &[(0, "IDLE"), (10, "RUN")]);
    expect("top.wide", &[(0, &"0".repeat(70)), (15, &"1".repeat(70))]);
    expect("top.ram.ram(0)", &[(0, "0000")]);
    expect("top.ram.ram(1)", &[(0, "0001"), (10, "1001")]);
    expect("top.ram.ram(2)", &[(0, "0010"), (5, "1111")]);
    expect("top.at.x", &[(0, "1111"), (10, "0011")]);
    expect("top.at.on", &[(0, "1")]);
    expect("top.bus", &[(0, "zzzzzzzz"), (10, "00000101"), (15, "zzzzzzzz")]);
    expect("top.line", &[(0, "a b"), (15, " ")]);
    expect("top.odd_name", &[(0, "0")]);
    assert_eq!(found.len(), 16);
}

#[test]
fn a_dump_is_the_text_that_the_standard_asks_for() {
    let file = Memory::default();
    write(Box::new(Vcd::new(file.clone(), "1ps")));
    let text = String::from_utf8(file.bytes()).unwrap();
    let expected = "$version
  pyhw
$end
$timescale
  1ps
$end
$scope module top $end
  $var wire 1 ! clk $end
  $var wire 8 \" q $end
  $var string 2 # state $end
";
    assert!(text.starts_with(expected), "{text}");
    let (_, changes) = text.split_once("$enddefinitions $end\n").unwrap();
    let expected = "#0
$dumpvars
0!
b11111111 \"
sIDLE #
b0 $
b0 %
b1 &
b10 '
b1111 (
1)
bz *
bz +
sa\\x20b ,
0-
s0 .
$end
#5
b1111 '
#10
1!
sRUN #
b101 +
b1001 &
b11 (
b11111110 \"
s-5 .
b101 *
#15
";
    // The order within a time is that of the updates.
    fn sorted(text: &str) -> Vec<Vec<&str>> {
        let mut blocks: Vec<Vec<&str>> = text.split("\n#").map(|block| block.lines().collect()).collect();
        blocks.iter_mut().for_each(|block| block.sort_unstable());
        blocks
    }
    let end = changes.find("#15\n").unwrap() + 4;
    assert_eq!(sorted(&changes[..end]), sorted(expected), "{changes}");
    assert!(text.ends_with("\n#40\n"), "the end is marked: {text}");
}

#[test]
fn waves_that_end_where_they_begin_are_whole() {
    let stopped = |sink: Box<dyn WaveSink>| {
        let options = Options { waves: vec![Waves::new(sink)], ..Options::default() };
        let mut simulation = Simulation::new(&design(), options).unwrap();
        assert_eq!(simulation.run(Some(0), &mut NoHost), Outcome::Suspended(None));
        simulation.finish().unwrap();
    };
    let (vcd, fst) = (Memory::default(), Memory::default());
    stopped(Box::new(Vcd::new(vcd.clone(), "1ns")));
    stopped(Box::new(Fst::new(fst.clone(), -9)));
    let text = String::from_utf8(vcd.bytes()).unwrap();
    let (_, changes) = text.split_once("$dumpvars\n").unwrap();
    assert!(changes.ends_with("\n$end\n"), "{changes}");
    assert_eq!(read(vcd.bytes()).get("top.q"), Some(&vec![(0, "11111111".to_owned())]));
    assert_eq!(read(fst.bytes()).get("top.q"), Some(&vec![(0, "11111111".to_owned())]));
}

#[test]
fn both_formats_hold_the_same_waves() {
    let (vcd, fst) = (Memory::default(), Memory::default());
    write(Box::new(Vcd::new(vcd.clone(), "1ns")));
    write(Box::new(Fst::new(fst.clone(), -9)));
    let (vcd, fst) = (read(vcd.bytes()), read(fst.bytes()));
    let codes = |name: &str| match name {
        "IDLE" => "01".to_owned(),
        "RUN" => "10".to_owned(),
        number => format!("{:064b}", number.parse::<i64>().unwrap()),
    };
    for (name, values) in &vcd {
        let theirs = fst.get(name).or_else(|| fst.get(&name.replace("odd_name", "odd name")));
        match &name[..] {
            "top.line" => assert_eq!(theirs, None, "a text has no place there"),
            "top.state" | "top.u.total" => {
                let values: Vec<(u64, String)> =
                    values.iter().map(|(time, value)| (*time, codes(value))).collect();
                assert_eq!(theirs, Some(&values), "{name}");
            }
            _ => assert_eq!(theirs, Some(values), "{name}"),
        }
    }
}

#[test]
fn an_inner_instance_can_be_the_root_and_long_arrays_stay_out() {
    let file = Memory::default();
    let sink = Box::new(Vcd::new(file.clone(), "1ns"));
    let waves = Waves { root: 1, name: Some("dut".into()), ..Waves::new(sink) };
    let options = Options { waves: vec![waves], ..Options::default() };
    let mut simulation = Simulation::new(&design(), options).unwrap();
    simulation.run(None, &mut NoHost);
    let names: Vec<String> = read(file.bytes()).into_keys().collect();
    assert_eq!(names, ["dut.clk", "dut.q", "dut.total"]);
    let file = Memory::default();
    let waves = Waves { longest_array: 2, ..Waves::new(Box::new(Vcd::new(file.clone(), "1ns"))) };
    let options = Options { waves: vec![waves], ..Options::default() };
    let mut simulation = Simulation::new(&design(), options).unwrap();
    simulation.run(None, &mut NoHost);
    assert!(read(file.bytes()).into_keys().all(|name| !name.contains("ram")));
}

/// A file on a full disk.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.checked_sub(bytes.len()) {
            Some(rest) => {
                self.0 = rest;
                Ok(bytes.len())
            }
            None => Err(io::Error::other("the disk is full")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn waves_that_cannot_be_written_end_the_run() {
    for space in [0, 900] {
        let waves = Waves::new(Box::new(Vcd::new(Full(space), "1ns")));
        let options = Options { waves: vec![waves], ..Options::default() };
        let mut simulation = Simulation::new(&design(), options).unwrap();
        let full = Outcome::Unwritten(io::Error::other("the disk is full").into());
        assert_eq!(simulation.run(None, &mut NoHost), full);
        assert_eq!(simulation.run(None, &mut NoHost), Outcome::Over);
    }
}

#[test]
fn codes_of_many_variables_are_distinct() {
    let file = Memory::default();
    let nets: String = (0..9200).map(|net| format!("net %n{net}: bool = false\n")).collect();
    let design = parse::parse(&format!("hwir 1\nmodule top {{\n{nets}\n}}\ntop top\n")).unwrap();
    let waves = Waves::new(Box::new(Vcd::new(file.clone(), "1ns")));
    let mut simulation =
        Simulation::new(&design, Options { waves: vec![waves], ..Options::default() }).unwrap();
    simulation.run(None, &mut NoHost);
    let text = String::from_utf8(file.bytes()).unwrap();
    let mut codes: Vec<&str> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("$var wire 1 "))
        .filter_map(|rest| rest.split(' ').next())
        .collect();
    assert_eq!(codes.len(), 9200);
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 9200);
}

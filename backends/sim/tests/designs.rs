//! Whole designs, written in IR text, run by the kernel.

#![allow(clippy::unwrap_used)]

use pyhw_diagnostics::Code;
use pyhw_ir::eval::FaultKind;
use pyhw_ir::{Design, Edge, Int, Value, parse, verify};
use pyhw_sim::{
    Activation, Contention, Cycles, FlatKind, FlatNet, Host, HostFault, HostStep, HostWait, NoHost, Options,
    Outcome, SimFault, Simulation, TextSink,
};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

fn design(text: &str) -> Design {
    let design = parse::parse(&format!("hwir 1\n{text}\ntop top")).unwrap();
    // MyHDL has edges of integers, too: from zero to anything else, and back. Hardware has not.
    let mut found = verify::verify(&design);
    found.retain(|finding| !finding.message.ends_with("has no rising and falling edges"));
    assert_eq!(found, []);
    design
}

#[derive(Clone, Default)]
struct Text(Arc<Mutex<String>>);

impl TextSink for Text {
    fn print(&mut self, text: &str) {
        self.0.lock().unwrap().push_str(text);
    }

    fn contention(&mut self, contention: &Contention<'_>) {
        self.print(&format!("contention: {} at {}\n", contention.path, contention.time));
    }
}

impl Text {
    fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn start(text: &str) -> (Simulation, Text) {
    let out = Text::default();
    let options = Options { text: Box::new(out.clone()), ..Options::default() };
    (Simulation::new(&design(text), options).unwrap(), out)
}

/// What the design prints in so many steps.
fn prints(text: &str, steps: u64) -> String {
    let (mut simulation, out) = start(text);
    let outcome = simulation.run(Some(steps), &mut NoHost);
    assert!(matches!(outcome, Outcome::Suspended(_) | Outcome::NoMoreEvents), "{outcome:?}");
    out.take()
}

#[test]
fn a_counter_counts_and_is_reset() {
    let mut bench = Cycles::new(&design(
        "module top {
          in %clk: bool = false
          in %rst: bool = false
          out %count: int[0, 9] = 3
          process count clocked(rising %clk) reset(%rst, high, sync) {
            if eq(%count, 9) {
              %count <= 0
            } else {
              %count <= add(%count, 1)
            }
          }
        }",
    ))
    .unwrap();
    let mut seen = Vec::new();
    for cycle in 0i64..12 {
        bench.set("rst", i64::from(cycle == 9)).unwrap();
        bench.tick("clk").unwrap();
        seen.push(bench.get("count").unwrap().to_i64().unwrap());
    }
    assert_eq!(seen, [4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5]);
}

#[test]
fn an_asynchronous_reset_needs_no_clock_edge() {
    for events in ["rising %clk", "rising %clk, falling %rst_n"] {
        let mut bench = Cycles::new(&design(&format!(
            "module top {{
              in %clk: bool = false
              in %rst_n: bool = true
              out %on: bool = false
              process set clocked({events}) reset(%rst_n, low, async) {{
                %on <= true
              }}
            }}"
        )))
        .unwrap();
        bench.tick("clk").unwrap();
        assert_eq!(bench.get("on"), Ok(Int::ONE));
        bench.set("rst_n", 0i64).unwrap();
        bench.settle().unwrap();
        assert_eq!(bench.get("on"), Ok(Int::ZERO), "{events}");
    }
}

/// ```python
/// rst = ResetSignal(not active, active=active, isasync=isasync)
/// @always_seq(clk.posedge, reset=rst)
/// def count(): c.next = c + 1
/// ```
/// with a clock of 10 steps, the reset active from 12 to 33, and a process that prints each change of `c`, which begins at 3.
#[test]
fn resets_of_each_style_act_as_in_myhdl() {
    let sync = "5 4\n15 3\n35 4\n45 5\n55 6\n";
    let asynchronous = "5 4\n12 3\n35 4\n45 5\n55 6\n";
    for (level, active, edge) in [("high", "true", "rising"), ("low", "false", "falling")] {
        for (style, expected) in [("sync", sync), ("async", asynchronous)] {
            let idle = if active == "true" { "false" } else { "true" };
            let events = if style == "async" { format!(", {edge} %rst") } else { String::new() };
            let text = format!(
                "module top {{
                  net %clk: bool = false
                  net %rst: bool = {idle}
                  net %c: u8 = 3 wraps
                  process count clocked(rising %clk{events}) reset(%rst, {level}, {style}) {{
                    %c <= add(%c, 1)
                  }}
                  process clock timed {{
                    while 'loop true {{
                      wait delay(5)
                      %clk <= not(%clk)
                    }}
                  }}
                  process stimulus timed {{
                    wait delay(12)
                    %rst <= {active}
                    wait delay(21)
                    %rst <= {idle}
                  }}
                  process watch timed {{
                    while 'loop true {{
                      wait change %c
                      print format[\"{{}} {{}}\\n\"](now(), %c)
                    }}
                  }}
                }}"
            );
            assert_eq!(prints(&text, 60), expected, "{style} {level}");
        }
    }
}

#[test]
fn two_clocks_run_side_by_side_and_share_a_signal() {
    // The slow side samples what the fast side had before the common edge.
    let text = "module top {
          net %fast: bool = false
          net %slow: bool = false
          net %a: u8 = 0
          net %b: u8 = 0
          process fast timed {
            while 'loop true {
              wait delay(1)
              %fast <= not(%fast)
            }
          }
          process slow timed {
            while 'loop true {
              wait delay(3)
              %slow <= not(%slow)
            }
          }
          process count clocked(rising %fast) {
            %a <= add(refine[0, 254](%a), 1)
          }
          process sample clocked(rising %slow) {
            %b <= %a
            print format[\"{} {}\\n\"](now(), %a)
          }
        }";
    assert_eq!(prints(text, 30), "3 1\n9 4\n15 7\n21 10\n27 13\n");
}

#[test]
fn combinational_processes_settle_through_the_hierarchy() {
    let mut bench = Cycles::new(&design(
        "module add {
          in %a: u8 = 0
          in %b: u8 = 0
          out %sum: u9 = 0
          process add comb(%a, %b) {
            %sum <= add(%a, %b)
          }
        }
        module top {
          in %a: u8 = 5
          in %b: s8 = 0
          out %y: s10 = 0
          net %c: u8 = 0
          net %sum: u9 = 0
          instance adder of add(a = %a, b = %c, sum = %sum)
          process drop comb(%sum) {
            %y <= sub(%sum, 20)
          }
          process invert comb(%b) {
            %c <= slice[0, 8](inv(%b))
          }
        }",
    ))
    .unwrap();
    // At time zero: 5 + (~0 & 255) - 20.
    assert_eq!(bench.get("y").unwrap(), Int::from(240i64));
    for (a, b) in [(0i64, -1i64), (255, 127), (7, -128)] {
        bench.set("a", a).unwrap();
        bench.set("b", b).unwrap();
        bench.settle().unwrap();
        let expected = a + (!b & 255) - 20;
        assert_eq!(bench.get("y").unwrap(), Int::from(expected).low_bits(10));
    }
    // A signed port takes its bits as well as its number.
    bench.set("b", 0xffi64).unwrap();
    bench.settle().unwrap();
    assert_eq!(bench.simulation().peek(1), Value::int(-1i64));
    assert!(bench.set("b", 256i64).is_ok(), "its low bits count");
    assert!(bench.set("a", 256i64).is_err());
    assert!(bench.set("nothing", 1i64).is_err());
}

#[test]
fn a_memory_keeps_what_was_written_and_reads_the_old_value_at_the_edge() {
    let mut bench = Cycles::new(&design(
        "module top {
          in %clk: bool = false
          in %we: bool = false
          in %address: u4 = 0
          in %data: u8 = 0
          out %q: u8 = 0
          out %first: u8 = 0
          out %copy: array[u8, 16] = [0 x 16]
          net %ram: array[u8, 16] = [7 x 16]
          process write clocked(rising %clk) {
            if %we {
              %ram[%address] <= %data
            }
            %q <= index(%ram, %address)
          }
          process look comb(%ram) {
            %first <= index(%ram, 0)
            %copy <= %ram
          }
        }",
    ))
    .unwrap();
    assert_eq!(bench.get("first").unwrap(), Int::from(7i64));
    let mut model = [7i64; 16];
    let mut state = 1u64;
    for _ in 0..200 {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let [address, data, we] = [state >> 60, state >> 40 & 255, state >> 33 & 1].map(|bits| bits as i64);
        bench.set("we", we).unwrap();
        bench.set("address", address).unwrap();
        bench.set("data", data).unwrap();
        bench.tick("clk").unwrap();
        assert_eq!(bench.get("q").unwrap(), Int::from(model[address as usize]));
        if we == 1 {
            model[address as usize] = data;
        }
        assert_eq!(bench.get("first").unwrap(), Int::from(model[0]));
        let whole = model.iter().rev().fold(Int::ZERO, |whole, &word| whole.shl(8).or(&Int::from(word)));
        assert_eq!(bench.get("copy").unwrap(), whole);
    }
}

#[test]
fn writing_what_a_memory_holds_already_is_no_event() {
    let text = "module top {
          net %ram: array[u8, 4] = [0 x 4]
          process write timed {
            wait delay(1)
            %ram[2] <= 5
            wait delay(1)
            %ram[2] <= 5
            wait delay(1)
            %ram[2] <= 6
            %ram[2] <= 5
            wait delay(1)
            %ram <= [5, 5, 5, 5]: array[u8, 4]
            %ram[1] <= 6
          }
          process watch timed {
            while 'loop true {
              wait change %ram
              print format[\"{} {}\\n\"](now(), %ram)
            }
          }
        }";
    assert_eq!(prints(text, 9), "1 [0, 0, 5, 0]\n4 [5, 6, 5, 5]\n");
}

#[test]
fn a_state_machine_of_an_enum_goes_round() {
    let mut bench = Cycles::new(&design(
        "enum Light: u3 {
          RED = 1
          GREEN = 2
          AMBER = 4
        }
        module top {
          in %clk: bool = false
          out %light: Light = Light.RED
          net %left: int[0, 3] = 0
          process change clocked(rising %clk) {
            if eq(%left, 0) {
              switch %light {
                case Light.RED {
                  %light <= Light.GREEN
                  %left <= 2
                }
                case Light.GREEN {
                  %light <= Light.AMBER
                }
                default {
                  %light <= Light.RED
                  %left <= 1
                }
              }
            } else {
              %left <= sub(refine[1, 3](%left), 1)
            }
          }
        }",
    ))
    .unwrap();
    let mut seen = vec![bench.get("light").unwrap().to_i64().unwrap()];
    for _ in 0..8 {
        bench.tick("clk").unwrap();
        seen.push(bench.get("light").unwrap().to_i64().unwrap());
    }
    assert_eq!(seen, [1, 2, 2, 2, 4, 1, 1, 2, 2]);
}

/// ```python
/// d = Signal(bool(0), delay=10)
/// @instance
/// def stim():
///     d.next = 1; yield delay(4); d.next = 0; yield delay(3); d.next = 1; yield delay(30)
///     d.next = 0; yield delay(12); d.next = 1; yield delay(10); d.next = 0; d.next = 1
/// ```
/// MyHDL prints 17 1, 47 0, 59 1: of a bool, what was replaced within the delay never comes. `w = Signal(intbv(0)[100:], delay=10)`,
/// which is stored into alike, rises at 10 already: an intbv is one buffer, which later stores reach.
#[test]
fn a_delayed_signal_forgets_what_was_replaced_too_soon() {
    let text = "module top {
          net %d: bool = false delayed(10)
          net %w: u100 = 0 delayed(10)
          process stimulus timed {
            %d <= true
            %w <= 1
            wait delay(4)
            %d <= false
            %w <= 0
            wait delay(3)
            %d <= true
            %w <= 1
            wait delay(30)
            %d <= false
            %w <= 0
            wait delay(12)
            %d <= true
            %w <= 1
            wait delay(10)
            %d <= false
            %d <= true
          }
          process watch timed {
            while 'loop true {
              wait change %d
              print format[\"{} {}\\n\"](now(), to_int(%d))
            }
          }
          process edges timed {
            while 'loop true {
              wait rising %w
              print format[\"{} rise\\n\"](now())
              wait falling %w
              print format[\"{} fall\\n\"](now())
            }
          }
        }";
    assert_eq!(prints(text, 200), "10 rise\n17 1\n47 fall\n47 0\n59 rise\n59 1\n");
}

/// ```python
/// bus = TristateSignal(intbv(0)[8:]); a, b = bus.driver(), bus.driver()
/// @instance
/// def stim():
///     print(bus.val); a.next = 5; yield delay(1); print(bus.val); b.next = 7; yield delay(1); print(bus.val)
///     a.next = None; yield delay(1); print(bus.val); b.next = None; yield bus; print(now(), bus.val)
///     yield delay(1); a.next = 1; yield bus.posedge; print(now(), bus.val)
///     a.next = None; yield bus.negedge; print(now(), bus.val)
/// ```
#[test]
fn a_bus_has_the_value_of_its_one_driver() {
    let text = "module other {
          inout %bus: u8 = z tristate
          in %on: bool = false
          net %drive: u8 = z driver(%bus)
          process drive comb(%on) {
            %drive <= mux(%on, 7: u8, z: u8)
          }
        }
        module top {
          net %bus: u8 = z tristate
          net %a: u8 = z driver(%bus)
          net %b_on: bool = false
          instance b of other(bus = %bus, on = %b_on)
          process stimulus timed {
            print format[\"{}\\n\"](%bus)
            %a <= 5
            wait delay(1)
            print format[\"{}\\n\"](%bus)
            %b_on <= true
            wait delay(1)
            print format[\"{}\\n\"](%bus)
            %a <= z: u8
            wait delay(1)
            print format[\"{}\\n\"](%bus)
            %b_on <= false
            wait change %bus
            print format[\"{} {}\\n\"](now(), %bus)
            wait delay(1)
            %a <= 1
            wait rising %bus
            print format[\"{} {}\\n\"](now(), %bus)
            %a <= z: u8
            wait falling %bus
            print format[\"{} {}\\n\"](now(), %bus)
          }
        }";
    let expected = "None\n5\ncontention: top.bus at 1\nNone\n7\n3 None\n4 1\n4 None\n";
    assert_eq!(prints(text, 20), expected);
}

const PRINTERS: &str = "module top {
      net %n: u8 = 0
      process first timed {
        while 'loop true {
          wait delay(10)
          print format[\"first {}\\n\"](now())
        }
      }
      process stop timed {
        wait delay(10)
        wait delay(10)
        print \"stop\\n\"
        finish(\"enough\")
      }
      process last timed {
        while 'loop true {
          wait delay(10)
          print format[\"last {}\\n\"](now())
        }
      }
    }";

#[test]
fn a_finish_ends_the_run_at_once_as_stop_simulation_does() {
    // At time 20 the last one runs first, and the first one no more, as in MyHDL.
    let (mut simulation, out) = start(PRINTERS);
    assert_eq!(simulation.run(None, &mut NoHost), Outcome::Finished("enough".into()));
    assert_eq!(out.take(), "first 10\nlast 10\nlast 20\nstop\n");
    assert!(simulation.is_over());
    assert_eq!(simulation.run(Some(5), &mut NoHost), Outcome::Over);
}

#[test]
fn runs_in_steps_are_one_run() {
    let (mut simulation, out) = start(PRINTERS);
    for until in [3u64, 9, 10, 11, 19] {
        assert_eq!(simulation.run(Some(until), &mut NoHost), Outcome::Suspended(None));
        assert_eq!(simulation.now(), until);
        assert_eq!(out.take(), if until == 10 { "first 10\nlast 10\n" } else { "" });
    }
    assert_eq!(simulation.run(None, &mut NoHost), Outcome::Finished("enough".into()));
}

#[test]
fn a_run_without_events_moves_time_on_and_says_so() {
    let text = "module top {
          net %n: u8 = 0
          process once timed {
            wait delay(3)
            %n <= 1
          }
        }";
    let (mut simulation, _) = start(text);
    assert_eq!(simulation.run(Some(100), &mut NoHost), Outcome::NoMoreEvents);
    assert_eq!(simulation.now(), 100);
    assert_eq!(simulation.peek(0), Value::int(1i64));
}

#[test]
fn stores_between_runs_take_effect_in_the_next_one() {
    let text = "module top {
          net %a: u8 = 0
          process watch comb(%a) {
            print format[\"{} {}\\n\"](now(), %a)
          }
          process clock timed {
            while 'loop true {
              wait delay(10)
            }
          }
        }";
    let (mut simulation, out) = start(text);
    simulation.state_mut().force(0, Value::int(2i64)).unwrap();
    simulation.run(Some(5), &mut NoHost);
    simulation.poke(0, Value::int(9i64)).unwrap();
    assert_eq!(simulation.peek(0), Value::int(2i64));
    simulation.run(Some(6), &mut NoHost);
    assert_eq!(out.take(), "0 2\n5 9\n");
    let fault = simulation.poke(0, Value::int(256i64)).unwrap_err();
    assert_eq!(fault.to_string(), "256 does not fit into `a`, which holds 0 to 255");
    assert!(simulation.poke(0, Value::Bool(true)).is_err());
    assert!(simulation.poke(77, Value::Bool(true)).is_err());
}

#[test]
fn a_fault_tells_time_process_line_and_values() {
    let text = "file 0 \"src/bench.py\"
        module inner @0:1:0-9 {
          in %clk: bool = false @0:2:4-9
          net %n: int[0, 2] = 0 @0:3:4-9
          process count clocked(rising %clk) @0:4:4-9 {
            %n <= add(%n, 1) @0:5:4-22
          }
        }
        module top @0:11:0-9 {
          net %clk: bool = false @0:12:4-9
          instance u of inner(clk = %clk) @0:13:4-9
          process clock timed @0:14:4-9 {
            while 'loop true {
              wait delay(5)
              %clk <= not(%clk)
            }
          }
        }";
    let (mut simulation, _) = start(text);
    let Outcome::Fault(fault) = simulation.run(None, &mut NoHost) else { panic!() };
    assert_eq!((fault.time, &fault.process[..]), (25, "top.u.count"));
    assert_eq!(fault.fault.span.start.line, 5);
    assert_eq!(fault.fault.exception(), ("ValueError", "intbv value 3 >= maximum 3".to_owned()));
    let diagnostic = fault.diagnostic();
    assert_eq!(diagnostic.code, Code::PH0601);
    assert_eq!(diagnostic.message, "3 does not fit into `n`, which holds 0 to 2");
    assert_eq!(diagnostic.notes, ["at time 25 in process `top.u.count`"]);
    assert_eq!(simulation.run(None, &mut NoHost), Outcome::Over);
}

#[test]
fn an_interrupt_stops_deltas_and_loops_that_never_end() {
    let deltas = "module top {
          net %a: bool = false
          process around comb(%a) {
            %a <= not(%a)
          }
        }";
    let spin = "module top {
          process spin timed {
            while 'loop true {
            }
          }
        }";
    for text in [deltas, spin] {
        let interrupt = Arc::new(AtomicBool::new(false));
        let (flag, calls) = (interrupt.clone(), Arc::new(Mutex::new(0)));
        let counted = calls.clone();
        let options = Options {
            interrupt,
            observer: Some(Box::new(move |time| {
                assert_eq!(time, 0);
                *counted.lock().unwrap() += 1;
                flag.store(true, Ordering::Relaxed);
            })),
            ..Options::default()
        };
        let mut simulation = Simulation::new(&design(text), options).unwrap();
        assert_eq!(simulation.run(None, &mut NoHost), Outcome::Interrupted);
        assert_eq!(*calls.lock().unwrap(), 1);
        assert!(!simulation.is_over());
    }
}

/// A host whose processes are closures over a step counter.
struct Steps<F: FnMut(u32, usize, &mut Simulation) -> Result<HostStep, HostFault>> {
    step: F,
    counts: Vec<usize>,
}

impl<F: FnMut(u32, usize, &mut Simulation) -> Result<HostStep, HostFault>> Host for Steps<F> {
    fn resume(
        &mut self,
        handle: u32,
        activation: Activation,
        simulation: &mut Simulation,
    ) -> Result<HostStep, HostFault> {
        let count = &mut self.counts[handle as usize];
        *count += 1;
        let step = if activation == Activation::Reset { 1000 } else { *count - 1 };
        (self.step)(handle, step, simulation)
    }
}

fn host<F: FnMut(u32, usize, &mut Simulation) -> Result<HostStep, HostFault>>(step: F) -> Steps<F> {
    Steps { step, counts: vec![0; 8] }
}

const ONE_HOST: &str = "module top {
      net %a: bool = false
      process main timed host(0) { }
    }";

/// ```python
/// def child(n): print('child', n, now()); yield delay(n); print('done', n, now())
/// @instance
/// def main():
///     yield join(child(3), child(5)); print('joined', now())
///     yield child(2), child(9); print('first', now())
///     yield child(1); print('end', now())
/// ```
/// MyHDL starts the last child first, and lets those go on for which nobody waits any more.
#[test]
fn a_process_waits_for_processes_that_it_starts() {
    let (mut simulation, out) = start(ONE_HOST);
    let delays = [0, 3, 5, 2, 6, 1];
    let mut host = host(|handle, step, simulation: &mut Simulation| {
        let now = simulation.now();
        let mut print = |text: String| simulation.state_mut().print(&text);
        let child = HostWait::Child;
        Ok(match (handle, step) {
            (0, 0) => HostStep::Wait(vec![HostWait::Join(vec![child(1), child(2)])]),
            (0, 1) => {
                print(format!("joined {now}\n"));
                HostStep::Wait(vec![child(3), child(4)])
            }
            (0, 2) => {
                print(format!("first {now}\n"));
                HostStep::Wait(vec![child(5)])
            }
            (0, _) => {
                print(format!("end {now}\n"));
                HostStep::Done
            }
            (child, 0) => {
                print(format!("child {child} {now}\n"));
                HostStep::Wait(vec![HostWait::Delay(delays[child as usize])])
            }
            (child, _) => {
                print(format!("done {child} {now}\n"));
                HostStep::Done
            }
        })
    });
    assert_eq!(simulation.run(None, &mut host), Outcome::NoMoreEvents);
    assert_eq!(
        out.take(),
        "child 2 0\nchild 1 0\ndone 1 3\ndone 2 5\njoined 5\nchild 4 5\nchild 3 5\ndone 3 7\nfirst 7\nchild 5 7\n\
         done 5 8\nend 8\ndone 4 11\n"
    );
}

#[test]
fn an_exception_that_is_yielded_stops_the_run_and_can_be_passed_over() {
    let (mut simulation, out) = start(ONE_HOST);
    let error = HostFault::Error { class: "ValueError".into(), message: "x".into(), handle: 3 };
    let handed = error.clone();
    let mut host = host(move |_, step, simulation: &mut Simulation| {
        Ok(match step {
            0 => HostStep::Wait(vec![HostWait::Delay(4)]),
            1 => HostStep::Hand(handed.clone()),
            2 => {
                // It goes on in the same delta, before the run ends.
                simulation.state_mut().print("on\n");
                HostStep::Wait(vec![])
            }
            3 => HostStep::Wait(vec![HostWait::Delay(4)]),
            _ => HostStep::Done,
        })
    });
    assert_eq!(simulation.run(None, &mut host), Outcome::Raised(error));
    assert_eq!((simulation.now(), &out.take()[..]), (4, "on\n"));
    assert_eq!(simulation.run(None, &mut host), Outcome::NoMoreEvents);
    assert_eq!(simulation.now(), 8);
}

#[test]
fn exceptions_of_the_host_end_or_suspend_the_run() {
    let error = HostFault::Error { class: "KeyError".into(), message: "k".into(), handle: 0 };
    let suspend = HostFault::Suspend { message: "later".into() };
    let stop = HostFault::Stop { message: "enough".into() };
    for (fault, outcome, again) in [
        (error.clone(), Outcome::Raised(error), Outcome::Over),
        (suspend, Outcome::Suspended(Some("later".into())), Outcome::NoMoreEvents),
        (stop, Outcome::Finished("enough".into()), Outcome::Over),
    ] {
        let (mut simulation, _) = start(ONE_HOST);
        let mut host = host(move |_, _, _: &mut Simulation| Err(fault.clone()));
        assert_eq!(simulation.run(None, &mut host), outcome);
        assert_eq!(simulation.run(None, &mut host), again);
    }
}

#[test]
fn the_kernel_activates_clocked_processes_of_the_host_and_tells_of_their_reset() {
    let text = "module top {
          net %clk: bool = false
          net %rst: bool = false
          net %n: u8 = 0
          process count clocked(rising %clk) reset(%rst, high, sync) host(0) { }
          process show comb(%n) host(1) { }
          process clock timed {
            while 'loop true {
              wait delay(1)
              %clk <= not(%clk)
            }
          }
          process stimulus timed {
            wait delay(4)
            %rst <= true
            wait delay(2)
            %rst <= false
          }
        }";
    let (mut simulation, out) = start(text);
    let mut host = host(|handle, step, simulation: &mut Simulation| {
        let n = simulation.peek(2).as_int().cloned().unwrap();
        match (handle, step) {
            (0, 1000) => simulation.poke(2, Value::int(0i64)).unwrap(),
            (0, _) => simulation.poke(2, Value::Int(n.add(&Int::ONE))).unwrap(),
            _ => {
                let text = format!("{} {n}\n", simulation.now());
                simulation.state_mut().print(&text);
            }
        }
        Ok(HostStep::Done)
    });
    assert_eq!(simulation.run(Some(8), &mut host), Outcome::Suspended(None));
    assert_eq!(out.take(), "0 0\n1 1\n3 2\n5 0\n7 1\n");
}

#[test]
fn nets_can_be_made_during_a_run() {
    let (mut simulation, out) = start(ONE_HOST);
    let mut made = 0;
    let mut host = host(|_, step, simulation: &mut Simulation| {
        Ok(match step {
            0 => {
                let ty = pyhw_ir::Type::unsigned(8);
                let (name, init, kind) = ("late".to_owned(), Value::int(1i64), FlatKind::Delayed(5));
                made = simulation.add_net(FlatNet { name, ty, init, kind, wraps: true }).unwrap();
                simulation.poke(made, Value::int(258i64)).unwrap();
                HostStep::Wait(vec![HostWait::Event(made, Edge::Any)])
            }
            _ => {
                let text = format!("{} {:?}\n", simulation.now(), simulation.peek(made));
                simulation.state_mut().print(&text);
                HostStep::Done
            }
        })
    });
    assert_eq!(simulation.run(None, &mut host), Outcome::NoMoreEvents);
    assert_eq!(out.take(), "5 Int(2)\n");
}

#[test]
fn watched_nets_tell_their_changes() {
    let text = "module top {
          net %a: u8 = 0
          net %ram: array[u8, 4] = [0 x 4]
          net %b: u8 = 0
          process stimulus timed {
            %b <= 1
            %ram[3] <= 1
            %a <= 1
            wait delay(1)
            %a <= 1
            %ram <= [1, 0, 0, 0]: array[u8, 4]
          }
        }";
    let (mut simulation, _) = start(text);
    simulation.state_mut().watch(0);
    simulation.state_mut().watch(1);
    simulation.run(Some(0), &mut NoHost);
    assert_eq!(simulation.state_mut().take_changed(), (vec![0], vec![(1, 3)]));
    simulation.run(None, &mut NoHost);
    assert_eq!(simulation.state_mut().take_changed(), (vec![1], vec![]));
}

#[test]
fn elements_are_stored_from_outside_one_by_one() {
    let text = "module top {
          net %ram: array[u8, 4] = [0 x 4]
          process watch timed {
            while 'loop true {
              wait change %ram
              print format[\"{}\\n\"](%ram)
            }
          }
        }";
    let (mut simulation, out) = start(text);
    simulation.settle(&mut NoHost);
    let state = simulation.state_mut();
    state.watch(0);
    state.set_next_element(0, 2, Value::int(7i64)).unwrap();
    state.set_next_element(0, 1, Value::int(0i64)).unwrap();
    assert_eq!(state.element(0, 2), Some(&Value::int(0i64)));
    assert_eq!(state.next_element(0, 2), Some(&Value::int(7i64)));
    let faults = [(4, 1i64), (0, 256)].map(|(element, value)| {
        state.set_next_element(0, element, Value::int(value)).unwrap_err().to_string()
    });
    assert_eq!(
        faults,
        [
            "index 4 is out of range: there are 4 elements",
            "256 does not fit into `ram`, which holds 0 to 255"
        ]
    );
    simulation.settle(&mut NoHost);
    assert_eq!(simulation.state_mut().take_changed(), (vec![], vec![(0, 2)]));
    assert_eq!(out.take(), "[0, 0, 7, 0]\n");
}

#[test]
fn paths_and_names_find_nets() {
    let text = "module leaf {
          in %x: bool = false
          net %y: bool = false
        }
        module middle {
          in %p: bool = false
          instance a of leaf(x = %p)
          instance b of leaf(x = %p)
        }
        module top {
          net %clk: bool = false
          instance m of middle(p = %clk)
        }";
    let design = design(text);
    let simulation = Simulation::new(&design, Options::default()).unwrap();
    let flat = simulation.flat();
    assert_eq!(flat.nets.len(), 3);
    let b = flat.instance(&["m", "b"]).unwrap();
    assert_eq!(flat.path(b), "top.m.b");
    assert_eq!(flat.net_named(&design, b, "x"), Some(0));
    assert_ne!(
        flat.net_named(&design, b, "y"),
        flat.net_named(&design, flat.instance(&["m", "a"]).unwrap(), "y")
    );
    assert_eq!(flat.instance(&["m", "c"]), None);
    assert_eq!(flat.net_named(&design, b, "z"), None);
}

#[test]
fn designs_that_no_verifier_passed_are_faults() {
    let none = Simulation::new(&Design::default(), Options::default()).err().unwrap();
    assert!(matches!(*none.fault.kind, FaultKind::Internal { .. }));
    let good = "module leaf {
          in %x: bool = false
        }
        module top {
          net %clk: bool = false
          net %n: u8 = 0
          instance m of leaf(x = %clk)
          process p comb(%clk) {
            %n <= 1
          }
        }";
    type Break = fn(&mut Design);
    let broken: [Break; 6] = [
        |design| design.modules[1].instances[0].module = pyhw_ir::ModuleId::new(1),
        |design| design.modules[1].instances[0].module = pyhw_ir::ModuleId::new(7),
        |design| design.modules[1].instances[0].connections.clear(),
        |design| design.modules[1].instances[0].connections[0] = pyhw_ir::NetId::new(1),
        |design| design.modules[1].nets[1].init = Value::int(300i64),
        |design| {
            let sensitivity = vec![pyhw_ir::NetId::new(9)];
            design.modules[1].processes[0].kind = pyhw_ir::ProcessKind::Comb { sensitivity };
        },
    ];
    for (index, break_it) in broken.iter().enumerate() {
        let mut design = design(good);
        break_it(&mut design);
        let fault: Option<SimFault> = Simulation::new(&design, Options::default()).err();
        assert!(fault.is_some(), "{index}");
    }
}

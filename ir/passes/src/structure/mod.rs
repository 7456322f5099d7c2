//! Findings about how a design hangs together: what drives each net, what remembers, what depends on itself, what turns for ever.
//!
//! None of it is wrong in simulation, where it has one meaning; tools that read an emitted design may see another. So all of it is a
//! warning here, and who emits decides what a target cannot take.

mod drivers;
mod edges;
mod latches;
mod loops;
mod paths;
mod unbounded;
mod unheard;
mod unlimited;
mod waiting;

pub use drivers::{drive_apart, has_write_ports};
pub(crate) use paths::in_every_turn;
pub use paths::{on_every_path, touched_on_every_path};
pub use unheard::unheard;

use crate::facts::ModuleFacts;
use pyhw_diagnostics::{Diagnostic, Span};
use pyhw_ir::{
    Design, Module, ModuleId, NetId, Process, ProcessBody, ProcessKind, Root, StmtKind, walk_stmts,
};

/// PH0401 or PH0410, PH0402, PH0404, PH0204 and PH0303 of a design, in this order within each module; then PH0406, PH0409, and PH0403, combinational
/// loops, which may lead through several modules.
pub fn structure(design: &Design) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let facts: Vec<ModuleFacts> =
        design.modules.iter().map(|module| ModuleFacts::new(design, module)).collect();
    let used = drivers::used(design, &facts);
    for module in used_modules(design) {
        let facts = &facts[module.index()];
        let module = design.module(module);
        if !module.foreign.is_empty() {
            // What is inside is the user's own text.
            continue;
        }
        found.extend(drivers::several(module, facts));
        found.extend(drivers::none(design, module, facts, &used));
        found.extend(latches::latches(module, facts));
        found.extend(unbounded::loops(module));
        found.extend(unlimited::results(module));
    }
    let used: Vec<&Module> = used_modules(design).into_iter().map(|module| design.module(module)).collect();
    found.extend(waiting::waits(&used));
    found.extend(edges::unclear(&used));
    found.extend(loops::loops(design));
    found
}

/// The modules that the top is made of, in the order of the design.
fn used_modules(design: &Design) -> Vec<ModuleId> {
    let Some(top) = design.top else { return Vec::new() };
    let mut used = vec![false; design.modules.len()];
    used[top.index()] = true;
    // A module stands after those that it instantiates.
    for index in (0..=top.index()).rev().filter(|index| *index < design.modules.len()) {
        if used[index] {
            for instance in &design.modules[index].instances {
                used[instance.module.index()] = true;
            }
        }
    }
    (0..used.len()).filter(|index| used[*index]).map(ModuleId::new).collect()
}

/// Whether the module holds processes that only simulate: such a module is a test bench.
fn is_test_bench(module: &Module) -> bool {
    module.processes.iter().any(|process| match (&process.kind, &process.body) {
        (ProcessKind::Timed, _) | (_, ProcessBody::Host(_)) => true,
        (ProcessKind::Comb { .. } | ProcessKind::Clocked { .. }, ProcessBody::Ir(_)) => false,
    })
}

/// The first store of a process into a net; the process itself if there is none that is known.
fn first_store(process: &Process, net: NetId) -> Span {
    let mut first = Span::NONE;
    if let ProcessBody::Ir(body) = &process.body {
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::Next { place, .. } = &stmt.kind
                && place.root == Root::Net(net)
                && !first.is_known()
            {
                first = stmt.span;
            }
        });
    }
    if first.is_known() { first } else { process.span }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes and messages of what is found in the modules of a design.
    fn found(modules: &str) -> Vec<String> {
        let text = format!("hwir 1\n\n{modules}\ntop top\n");
        let design = pyhw_ir::parse::parse(&text).unwrap();
        assert_eq!(pyhw_ir::verify::verify(&design), []);
        structure(&design).iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
    }

    fn inside(nets: &str) -> Vec<String> {
        found(&format!("module top {{\n{nets}\n}}\n"))
    }

    const PORTS: &str = "in %clk: bool = false\nin %rst: bool = false\nin %a: bool = false\nin %at: int[0, 3] = 0\nout %q: u4 = 0\n";

    fn with_ports(processes: &str) -> Vec<String> {
        inside(&format!("{PORTS}{processes}"))
    }

    #[test]
    fn a_memory_may_have_several_ports_to_write() {
        let memory = "net %m: array[u4, 4] = [0 x 4]\nnet %n: array[u4, 4] = [0 x 4]\n";
        let told = ["PH0410: 2 processes store into the memory `m`"];
        let port = |place: &str| {
            format!(
                "process a clocked(rising %clk) {{ %m[%at] <= 1 }}\nprocess b clocked(falling %clk) {{ {place} %q <= index(%m, %at) }}"
            )
        };
        let with_memory = |processes: &str| with_ports(&format!("{memory}{processes}"));
        assert_eq!(with_memory(&port("%m[sub(3, %at)] <= 2")), told);
        assert_eq!(with_memory(&port("%m[%at].bit(1) <= true")), told);
        assert_eq!(with_memory(&port("")), [""; 0]);
        // What sets the whole is no port, nor is what has no clock.
        let driven = ["PH0401: `m` is driven from 2 places"];
        assert_eq!(with_memory(&port("%m <= %n"))[..1], driven);
        let resets = port("%m[0] <= 2").replace("falling %clk)", "falling %clk) reset(%rst, high, sync)");
        assert_eq!(with_memory(&resets), driven);
        assert_eq!(with_memory(&resets.replace("sync)", "sync) spares(%m)")), told);
        let settles = port("%m[%at] <= 2").replace("clocked(falling %clk)", "comb(%at)");
        assert_eq!(with_memory(&settles)[0], driven[0]);
    }

    #[test]
    fn two_processes_that_store_into_one_net_are_told() {
        let two = "process a comb(%a) { %q <= 1 }\nprocess b clocked(rising %clk) { %q <= 2 }";
        assert_eq!(with_ports(two), ["PH0401: `q` is driven from 2 places"]);
    }

    #[test]
    fn parts_that_have_nothing_in_common_may_have_a_driver_each() {
        let apart =
            "process a comb(%a) { %q.bit(0) <= %a }\nprocess b comb(%a) { %q.slice[3](1) <= mux(%a, 5, 2) }";
        assert_eq!(with_ports(apart), Vec::<String>::new());
        let meeting = apart.replace("(1)", "(0)").replace("bit(0)", "bit(2)");
        assert_eq!(with_ports(&meeting), ["PH0401: `q` is driven from 2 places"]);
        let anywhere = apart.replace("bit(0)", "bit(%at)");
        assert_eq!(with_ports(&anywhere), ["PH0401: `q` is driven from 2 places"]);
    }

    #[test]
    fn timed_processes_may_share_a_net() {
        let timed = "process a timed { %q <= 1 wait delay(5) }\nprocess b timed { wait delay(3) %q <= 2 }";
        assert_eq!(with_ports(timed), Vec::<String>::new());
    }

    #[test]
    fn a_net_without_a_driver_is_told_where_it_is_used() {
        let nets =
            "net %x: bool = false\nnet %unused: bool = false\nprocess a comb(%x) { %q <= mux(%x, 1, 2) }";
        assert_eq!(with_ports(nets), ["PH0402: `x` is used, and nothing drives it"]);
        assert_eq!(with_ports(""), ["PH0402: nothing drives the output `q`"]);
    }

    #[test]
    fn what_an_instance_takes_and_does_not_look_at_is_not_used() {
        let inner = "module part {\nin %a: bool = false\nin %b: bool = false\nout %y: bool = false\n\
            process p comb(%a) { %y <= not(%a) }\n}\n\n\
            module around {\nin %a: bool = false\nin %b: bool = false\nout %y: bool = false\n\
            instance inside of part(a = %a, b = %b, y = %y)\n}\n\n";
        let top = "module top {\nnet %x: bool = false\nnet %z: bool = false\nout %q: bool = false\n\
            instance one of around(a = %x, b = %z, y = %q)\n}\n";
        let told = "PH0402: `x` is used, and nothing drives it";
        assert_eq!(found(&format!("{inner}{top}")), [told]);
        let looked_at = inner.replace("%y <= not(%a)", "%y <= and(%a, %b)");
        assert_eq!(found(&format!("{looked_at}{top}")), [told, &told.replace('x', "z")]);
        let waits = inner.replace("comb(%a) {", "clocked(rising %b) {");
        assert_eq!(found(&format!("{waits}{top}")), [told, &told.replace('x', "z")]);
    }

    #[test]
    fn inputs_of_a_test_bench_may_stand_still() {
        let nets = "net %x: bool = false\nprocess a comb(%x) { %q <= mux(%x, 1, 2) }\nprocess b timed { wait delay(1) }";
        assert_eq!(with_ports(nets), Vec::<String>::new());
    }

    #[test]
    fn a_path_without_a_store_is_a_latch() {
        let latch = "process a comb(%a) { if %a { %q <= 3 } }";
        let told = "PH0404: `a` gives `q` no value on some paths, so that it must remember the old one";
        assert_eq!(with_ports(latch), [told]);
        assert_eq!(with_ports(&latch.replace("{ if", "{ %q <= 0 if")), Vec::<String>::new());
        assert_eq!(with_ports(&latch.replace("%q", "%q.slice[4](0)")), [told]);
        // Whether it lists what wakes it or not.
        assert_eq!(with_ports(&latch.replace("comb(%a)", "clocked(change %a)")), [told]);
        // A register is meant to remember.
        assert_eq!(with_ports(&latch.replace("comb(%a)", "clocked(rising %clk)")), Vec::<String>::new());
    }

    #[test]
    fn a_loop_through_two_modules_is_told_with_its_path() {
        let inverter = "module inv {\nin %a: bool = false\nout %y: bool = false\n\
            process not comb(%a) { %y <= not(%a) }\n}\n\n";
        let ring = "module top {\nnet %x: bool = false\nnet %z: bool = false\n\
            instance one of inv(a = %x, y = %z)\ninstance two of inv(a = %z, y = %x)\n}\n";
        let told = found(&format!("{inverter}{ring}"));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].starts_with("PH0403: ")
                && told[0].ends_with("depends on itself without a register between")
        );
    }

    #[test]
    fn a_process_at_both_edges_of_a_clock_is_told() {
        let both = "process p clocked(rising %clk, falling %clk) { %q <= 1 }";
        assert_eq!(
            with_ports(both),
            ["PH0406: synthesis takes no process that runs at both edges of `clk`, as `p` does"]
        );
        assert_eq!(with_ports(&both.replace(", falling %clk", "")), Vec::<String>::new());
    }

    #[test]
    fn a_loop_that_nothing_ends_is_no_matter_of_how_often() {
        let endless = "process p clocked(rising %clk) { while 'l true { %q <= 1 } }";
        assert_eq!(with_ports(endless), ["PH0204: nothing ends this loop of `p`, and nothing in it waits"]);
        let left = endless.replace("%q <= 1", "%q <= 1 if %a { break 'l }");
        assert_eq!(with_ports(&left), ["PH0204: no constant says how often this loop of `p` turns"]);
    }

    #[test]
    fn a_reset_whose_edge_and_level_contradict_each_other_is_told() {
        let told = |events: &str, cond: &str, store: &str| {
            let head = format!("process p clocked({events})");
            with_ports(&format!("{head} {{ if {cond} {{ %q <= {store} }} else {{ %q <= 2 }} }}"))
        };
        let none: [String; 0] = [];
        assert_eq!(told("rising %clk, rising %rst", "%rst", "1"), none);
        assert_eq!(told("falling %rst, rising %clk", "not(%rst)", "1"), none);
        assert_eq!(
            told("rising %clk, falling %rst", "%rst", "1"),
            ["PH0409: `p` runs at the falling edge of `rst`, and tests first whether it is high"]
        );
        assert_eq!(
            told("rising %clk, rising %rst", "not(%rst)", "1"),
            ["PH0409: `p` runs at the rising edge of `rst`, and tests first whether it is low"]
        );
        let other =
            ["PH0409: `p` runs at edges of `clk` and `rst`, and is no flip-flop with an asynchronous reset"];
        assert_eq!(told("rising %clk, rising %rst", "%rst", "%q"), other);
    }

    #[test]
    fn hardware_that_waits_elsewhere_than_at_the_head_of_a_loop_is_told() {
        let waits = "process p timed { while 'l true { wait rising %clk %q <= 1 wait rising %clk %q <= 2 } }";
        assert_eq!(with_ports(waits), ["PH0406: synthesis takes no process that waits as `p` does"]);
        for bench in [
            "process c timed { while 'l true { wait delay(5) } }",
            "process c timed { wait rising %clk finish }",
            "process c clocked(rising %clk) { print \"x\" }",
        ] {
            assert_eq!(with_ports(&format!("{waits}\n{bench}")), Vec::<String>::new(), "{bench}");
        }
        let delayed = "process p timed { while 'l true { wait rising %clk wait delay(3) %q <= 1 } }";
        assert_eq!(with_ports(delayed), ["PH0406: synthesis takes no process that waits as `p` does"]);
        let start = "process p timed { %q <= 3 wait rising %clk %q <= 2 }";
        assert_eq!(with_ports(start), Vec::<String>::new());
    }

    #[test]
    fn a_loop_that_counts_is_bounded_and_another_is_not() {
        let counts = "process a comb(%a, %at) { var $n: int[0, 3] $n = 0\n\
            while 'l lt($n, %at) { $n = add(refine[0, 2]($n), 1) } %q <= $n }";
        assert_eq!(with_ports(counts), Vec::<String>::new());
        let waits = counts.replace("add(refine[0, 2]($n), 1)", "xor($n, 1)");
        assert_eq!(with_ports(&waits), ["PH0204: no constant says how often this loop of `a` turns"]);
    }

    #[test]
    fn a_shift_without_a_bound_is_told_where_all_bits_of_it_are_asked_for() {
        let shift = "in %by: u16 = 0\nprocess a comb(%at, %by) { %q <= to_int(gt(shl(%at, %by), 9)) }";
        assert_eq!(with_ports(shift), ["PH0303: the result of `<<` needs more than 4,096 bits"]);
        let low = "in %by: u16 = 0\nprocess a comb(%at, %by) { %q <= slice[0, 4](add(shl(%at, %by), 9)) }";
        assert_eq!(with_ports(low), Vec::<String>::new());
        let rest = "in %by: u16 = 0\nprocess a comb(%at, %by) { %q <= mod(shl(%at, %by), 16) }";
        assert_eq!(with_ports(rest), Vec::<String>::new());
    }
}

//! Orders of small modules, and the loops of those that have none.

use super::*;
use pyhw_ir::{Body, Direction, Net, Op, Place, Reset, Stmt, StmtKind, Type, Types, Value};

fn bit(module: &mut Module, name: &str) -> NetId {
    module.add_net(Net::new(name, Type::Bool, Value::Bool(false), Span::NONE))
}

/// A process that stores into each first net the second one inverted.
fn inverters(name: &str, kind: ProcessKind, stores: &[(NetId, NetId)]) -> Process {
    let mut body = Body::default();
    for (line, &(to, from)) in stores.iter().enumerate() {
        let read = body.exprs.net(from, &Type::Bool, Span::NONE);
        let value = body.exprs.op(Op::Not, &[read], &Types::default(), Span::NONE).unwrap();
        let line = line as u32 + 1;
        let span = Span::new(pyhw_diagnostics::FileId(0), (line, 0), (line, 1));
        body.stmts.push(Stmt::new(StmtKind::Next { place: Place::net(to), value }, span));
    }
    Process { name: name.into(), kind, body: ProcessBody::Ir(body), doc: None, span: Span::NONE }
}

fn comb(name: &str, stores: &[(NetId, NetId)]) -> Process {
    let sensitivity = stores.iter().map(|(_, from)| *from).collect();
    inverters(name, ProcessKind::Comb { sensitivity }, stores)
}

fn names(module: &Module, settle: &[Settle]) -> Vec<String> {
    settle.iter().map(|step| module.processes[step.process().index()].name.clone()).collect()
}

#[test]
fn a_process_comes_after_those_that_feed_it_and_else_where_it_stood() {
    let mut module = Module::new("m", Span::NONE);
    let [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map(|name| bit(&mut module, name));
    module.add_process(comb("last", &[(d, c)]));
    module.add_process(comb("free", &[(e, a)]));
    module.add_process(comb("first", &[(b, a)]));
    module.add_process(comb("middle", &[(c, b)]));
    let order = schedule(&module).unwrap();
    assert_eq!(names(&module, &order.settle), ["free", "first", "middle", "last"]);
}

#[test]
fn processes_that_feed_each_other_through_different_nets_run_until_settled() {
    let mut module = Module::new("m", Span::NONE);
    let [a, x, y, z] = ["a", "x", "y", "z"].map(|name| bit(&mut module, name));
    module.add_process(comb("outer", &[(z, y), (x, a)]));
    module.add_process(comb("inner", &[(y, x)]));
    let order = schedule(&module).unwrap();
    assert_eq!(names(&module, &order.settle), ["outer", "inner", "outer"]);
}

#[test]
fn a_process_that_reads_what_it_writes_runs_again() {
    let mut module = Module::new("m", Span::NONE);
    let [a, x, y] = ["a", "x", "y"].map(|name| bit(&mut module, name));
    module.add_process(comb("chain", &[(y, x), (x, a)]));
    let order = schedule(&module).unwrap();
    assert_eq!(names(&module, &order.settle), ["chain", "chain"]);
}

#[test]
fn a_loop_is_told_with_its_whole_path() {
    let mut module = Module::new("m", Span::NONE);
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| bit(&mut module, name));
    module.add_process(comb("p", &[(d, a), (b, a)]));
    module.add_process(comb("q", &[(c, b)]));
    module.add_process(comb("r", &[(a, c)]));
    let loops = schedule(&module).unwrap_err();
    assert_eq!(loops.len(), 1);
    let path: Vec<(NetId, NetId)> = loops[0].steps.iter().map(|step| (step.from, step.net)).collect();
    assert_eq!(path.len(), 3);
    for (step, next) in path.iter().zip(path.iter().cycle().skip(1)) {
        assert_eq!(step.1, next.0);
    }
    let diagnostic = loops[0].diagnostic(&module);
    assert_eq!(diagnostic.code, Code::PH0403);
    assert_eq!(diagnostic.labels.len(), 2);
    assert!(diagnostic.notes[0].matches('→').count() == 3, "{diagnostic:?}");
    // The store into `b` is the second one of its process.
    assert!(loops[0].steps.iter().any(|step| step.net == b && step.span.start.line == 2));
}

#[test]
fn clocks_and_asynchronous_resets_are_told_apart() {
    let mut module = Module::new("m", Span::NONE);
    let port = |module: &mut Module, name: &str| {
        module.add_port(Net::new(name, Type::Bool, Value::Bool(false), Span::NONE), Direction::In)
    };
    let clk = port(&mut module, "clk");
    let rst = port(&mut module, "rst");
    let [a, b, c] = ["a", "b", "c"].map(|name| bit(&mut module, name));
    let rise = Event { net: clk, edge: Edge::Rising };
    let fall = Event { net: rst, edge: Edge::Falling };
    let declared =
        ProcessKind::Clocked { events: vec![rise, fall], reset: Some(Reset::new(rst, false, true)) };
    module.add_process(inverters("declared", declared, &[(a, b)]));
    let tested = ProcessKind::Clocked { events: vec![fall, rise], reset: None };
    module.add_process(inverters("tested", tested, &[(b, rst)]));
    let unclear = ProcessKind::Clocked { events: vec![fall, rise], reset: None };
    module.add_process(inverters("unclear", unclear, &[(c, a)]));
    let order = schedule(&module).unwrap();
    assert_eq!(order.settle, [Settle::Reset(ProcessId::new(0)), Settle::Reset(ProcessId::new(1))]);
    assert_eq!(order.domains.len(), 1);
    assert_eq!(order.domains[0].processes, [ProcessId::new(0), ProcessId::new(1)]);
    let found = clocking(&module.processes[1]).unwrap();
    assert_eq!(found.clock, rise);
    assert_eq!(found.reset, Some(AsyncReset { net: rst, active_high: false, is_declared: false }));
    assert_eq!(clocking(&module.processes[2]), None);
}

#[test]
fn a_register_breaks_a_loop_and_a_combinational_reset_of_it_does_not() {
    let mut module = Module::new("m", Span::NONE);
    let [clk, a, rst] = ["clk", "a", "rst"].map(|name| bit(&mut module, name));
    let rise = Event { net: clk, edge: Edge::Rising };
    let plain = ProcessKind::Clocked { events: vec![rise], reset: None };
    let reset = Reset::new(rst, true, true);
    let events = vec![rise, Event { net: rst, edge: Edge::Rising }];
    let with_reset = ProcessKind::Clocked { events, reset: Some(reset) };
    for (kind, is_loop) in [(plain, false), (with_reset, true)] {
        let mut module = module.clone();
        module.add_process(inverters("register", kind, &[(a, a)]));
        module.add_process(comb("back", &[(rst, a)]));
        assert_eq!(schedule(&module).is_err(), is_loop);
    }
}

/// The order of the processes of a text: `nets` declares, `processes` are combinational.
fn settled(processes: &str) -> Result<Vec<String>, Vec<CombLoop>> {
    let text = format!(
        "hwir 1\n\nmodule m {{\n in %a: u8 = 0\n out %c: u8 = 0\n out %d: u8 = 0\n out %w: int[0, 9] = 0 wraps\n net %m: array[u8, 4] = [0 x 4]\n{processes}\n}}\n\ntop m\n"
    );
    let design = pyhw_ir::parse::parse(&text).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let module = design.top_module().unwrap();
    schedule(module).map(|order| names(module, &order.settle))
}

#[test]
fn bits_of_one_net_that_follow_from_each_other_are_no_loop() {
    let order = settled(
        "process last comb(%c) { %c.slice[2](4) <= slice[2, 2](%c) }
         process middle comb(%c) { %c.slice[2](2) <= slice[0, 2](%c) }
         process first comb(%a) { %c.slice[2](0) <= slice[0, 2](%a) }",
    );
    assert_eq!(order.unwrap(), ["first", "middle", "last"]);
}

#[test]
fn a_carry_in_a_loop_settles_bit_by_bit() {
    let carry = |from: &str| {
        settled(&format!(
            "process carry comb(%a, %c) {{
                var $i: int[0, 6]
                %c.bit(0) <= bit(%a, 0)
                for 'bits $i in range(0, 3, 1) {{ %c.bit(add($i, 1)) <= and(bit(%c, {from}), bit(%a, $i)) }}
            }}"
        ))
    };
    assert_eq!(carry("$i").unwrap(), ["carry"; 4]);
    // The bit itself, and a bit that follows from it.
    assert!(carry("add($i, 1)").is_err());
    assert!(carry("sub(3, $i)").is_err());
}

#[test]
fn a_copy_of_all_bits_passes_each_on() {
    let through = |stored: &str, copied: &str| {
        settled(&format!(
            "process chain comb(%a, %d) {{ {stored} }}
            process copy comb(%a, %c) {{ %d <= {copied} }}"
        ))
    };
    let chain = "%c.bit(2) <= bit(%a, 2) %c.bit(1) <= bit(%d, 2) %c.bit(0) <= bit(%d, 1)";
    for copied in [
        "%c",
        "refine[0, 255](%c)",
        "concat[4, 4](slice[4, 4](%c), slice[0, 4](%c))",
        "slice[0, 8](signed[8](%c))",
        "slice[1, 8](concat[4, 4, 1](slice[4, 4](%c), slice[0, 4](%c), slice[0, 1](%a)))",
    ] {
        // Each bit of the chain after the copy of the one before.
        let order = through(chain, copied).unwrap();
        assert!(order.join(" ").contains("chain copy chain copy chain"), "{copied}: {order:?}");
    }
    for copied in
        ["and(%c, 7)", "mux(bit(%a, 0), %c, %a)", "slice[0, 8](add(%c, 1))", "slice[0, 8](shl(%c, 1))"]
    {
        assert!(through(chain, copied).is_err(), "{copied}");
    }
    let rotated = "concat[7, 1](slice[0, 7](%c), slice[7, 1](%c))";
    assert!(through(chain, rotated).is_err());
    assert!(through("%c.bit(7) <= bit(%d, 7) %c.bit(6) <= bit(%a, 6)", rotated).is_ok());
    // A slice of what is put together, and a store into a slice.
    let part = "%c.slice[3](0) <= concat[1, 2](slice[0, 1](%a), slice[1, 2](%d))";
    assert!(through(part, "%c").is_ok());
    assert!(through(&part.replace("[1, 2](%d)", "[0, 2](%d)"), "%c").is_err());
}

#[test]
fn elements_follow_from_each_other_and_a_local_carries_what_it_holds_then() {
    let order = settled(
        "process p comb(%a, %m) {
            var $kept: u8
            $kept = index(%m, 1)
            %m[2] <= $kept
            $kept = index(%m, 0)
            %m[1] <= $kept
            %m[0] <= %a
        }",
    );
    assert_eq!(order.unwrap(), ["p"; 3]);
}

#[test]
fn bits_that_meet_are_a_loop() {
    for (store, read) in [
        ("%c.slice[3](0)", "slice[2, 3](%c)"),
        ("%c.bit(0)", "slice[0, 1](wrap[0, 255](add(%c, 1)))"),
        ("%c.slice[3](slice[0, 3](%a))", "slice[7, 1](%c)"),
        ("%c", "slice[7, 1](%c)"),
        // What wraps at no power of two changes as a whole.
        ("%w.bit(0)", "slice[3, 1](%w)"),
    ] {
        let value = if store.contains(".bit") { format!("ne({read}, 0)") } else { read.to_owned() };
        let found = settled(&format!("process p comb(%a, %c, %w) {{ {store} <= {value} }}"));
        assert!(found.is_err(), "{store} <= {value}");
    }
}

/// Whether the first process of the only module reads what it drives, `q`, behind its stores.
fn reads_behind(body: &str) -> bool {
    let text = format!(
        "hwir 1 module m {{ in %a: u4 = 0 out %q: u4 = 0 net %rows: array[u2, 3] = [0 x 3] process p comb(%a, %q, %rows) {{ {body} }} }} top m"
    );
    let design = pyhw_ir::parse::parse(&text).unwrap();
    let module = &design.modules[0];
    let process = &module.processes[0];
    let ProcessBody::Ir(body) = &process.body else { panic!("a host process") };
    process_nets(process).into_iter().all(|net| reads_behind_its_stores(module, body, net))
}

fn process_nets(process: &Process) -> Vec<NetId> {
    let reads = read_nets(process);
    written_nets(process).into_iter().filter(|net| reads.contains(net)).collect()
}

#[test]
fn what_is_stored_before_it_is_read_settles_in_one_run() {
    for body in [
        "%q.bit(0) <= bit(%a, 0) %q.bit(1) <= bit(%q, 0)",
        "%q <= 0 %q.bit(2) <= bit(%a, 2) %q.bit(3) <= bit(%q, 2)",
        "var $i: int[0, 2] %q.bit(0) <= true for 'l $i in range(0, 3, 1) { %q.bit(add($i, 1)) <= bit(%q, $i) }",
        "if bit(%a, 0) { %q.bit(0) <= true } else { %q.bit(0) <= false } %q.bit(1) <= bit(%q, 0)",
        "%q.bit(0) <= bit(%q, 3)",
        "%rows[0] <= slice[0, 2](%a) %rows[1] <= index(%rows, 0) %rows[2] <= index(%rows, 1)",
    ] {
        assert!(reads_behind(body), "{body}");
    }
}

#[test]
fn what_is_read_before_it_is_stored_does_not_settle_in_one_run() {
    for body in [
        "%q.bit(1) <= bit(%q, 0) %q.bit(0) <= bit(%a, 0)",
        "%q <= 0 if bit(%q, 0) { %q.bit(0) <= true }",
        "if bit(%a, 0) { %q.bit(0) <= true } %q.bit(1) <= bit(%q, 0)",
        "%q.bit(slice[0, 2](%a)) <= true %q.bit(3) <= bit(%q, 0)",
        "var $i: int[0, 2] %q.bit(3) <= true for 'l $i in range(2, -1, -1) { %q.bit($i) <= bit(%q, $i) }",
        "block 'b { if bit(%a, 0) { break 'b } %q.bit(0) <= true } %q.bit(1) <= bit(%q, 0)",
        "%q.bit(0) <= true print format[\"{}\"](%a) %q.bit(1) <= bit(%q, 0)",
        "%rows[1] <= index(%rows, 0) %rows[0] <= slice[0, 2](%a)",
    ] {
        assert!(!reads_behind(body), "{body}");
    }
}

//! Every rule of the verifier has a design that breaks it and nothing else.

mod support;

use pyhw_diagnostics::{Code, Span};
use pyhw_ir::parse::parse;
use pyhw_ir::rewrite::{Rewrite, rewrite_stmts};
use pyhw_ir::verify::{MAX_EXPR_DEPTH, MAX_NESTING, verify};
use pyhw_ir::*;
use support::Rng;
use support::random::random_design;
use support::sample::sample;

const TYPES: &str = "enum State: u2 { IDLE = 0 RUN = 1 }
enum Other: u1 { A = 0 }
struct Point { x: u8 on: bool }
module leaf { in %a: u8 = 0 out %b: bool = false }
module pad { inout %t: u8 = z tristate }";

const NETS: &str = "net %clk: bool = false
net %b: bool = false
net %n: u8 = 0
net %one: int[0, 1] = 0
net %s: State = State.IDLE
net %p: Point = {0, true}
net %ram: array[u8, 4] = [0 x 4]
net %t: u8 = z tristate
net %d: u8 = z driver(%t)
net %o: opaque = host(1)
net %w: text = \"\"
net %free: int[-inf, inf] = 0";

fn messages(text: &str) -> Vec<String> {
    let design = parse(text)
        .unwrap_or_else(|faults| panic!("{}: {}\n{text}", faults[0].primary.span, faults[0].message));
    verify(&design)
        .into_iter()
        .map(|fault| {
            assert_eq!(fault.code, Code::PH0702);
            fault.message
        })
        .collect()
}

fn one_fault(text: &str, expected: &str) {
    let found = messages(text);
    assert!(
        found.len() == 1 && found[0].contains(expected),
        "expected {expected:?}, found {found:#?} in\n{text}"
    );
}

fn design(types: &str, items: &str) -> String {
    format!("hwir 1\n{TYPES}\n{types}\nmodule m {{\n{NETS}\n{items}\n}}\ntop m")
}

/// Items of a module, each with what is said of it.
fn items_break(cases: &[(&str, &str)]) {
    for (items, expected) in cases {
        one_fault(&design("", items), expected);
    }
}

/// Bodies of a timed process.
fn timed_break(cases: &[(&str, &str)]) {
    for (body, expected) in cases {
        one_fault(&design("", &format!("process p timed {{\n{body}\n}}")), expected);
    }
}

#[track_caller]
fn timed_keep(bodies: &[&str]) {
    for body in bodies {
        let text = design("", &format!("process p timed {{\n{body}\n}}"));
        assert_eq!(messages(&text), [""; 0], "{body}");
    }
}

/// The design with something changed by hand.
#[track_caller]
fn changed(expected: &str, change: impl FnOnce(&mut Design)) {
    let mut design = sample();
    change(&mut design);
    let found: Vec<String> = verify(&design).into_iter().map(|fault| fault.message).collect();
    assert!(found.len() == 1 && found[0].contains(expected), "expected {expected:?}, found {found:#?}");
}

fn body(process: &mut Process) -> &mut Body {
    match &mut process.body {
        ProcessBody::Ir(body) => body,
        ProcessBody::Host(_) => panic!("a body"),
    }
}

#[test]
fn the_ground_of_the_cases_has_no_faults() {
    let text = design("", "instance u of leaf(%n, %b) instance v of pad(%t) process p timed { %n <= 1 }");
    assert_eq!(messages(&text), [""; 0]);
    assert!(verify(&sample()).is_empty());
}

#[test]
fn types_are_checked() {
    for (types, expected) in [
        ("enum E: u2 { }", "at least one member"),
        ("enum E: u0 { A = 0 }", "1 to 4096 bits"),
        ("enum E: u2 { A = 0 A = 1 }", "member `A` stands twice"),
        ("enum E: u2 { A = 1 B = 1 }", "the code 1 of `B` is used twice"),
        ("enum E: u2 { A = 4 }", "the code 4 of `A` does not fit into 2 bits"),
        ("struct S { }", "at least one field"),
        ("struct S { a: bool a: u8 }", "field `a` stands twice"),
        ("struct S { a: text }", "hardware cannot hold"),
        ("struct S { a: int[0, inf] }", "hardware cannot hold"),
        ("struct S { a: int[3, 2] }", "is empty"),
        ("struct S { a: array[bool, 0] }", "an array has at least one element"),
    ] {
        one_fault(&design(types, ""), expected);
    }
    let wide = Int::power_of_two(4096);
    one_fault(&design(&format!("struct S {{ a: int[0, {wide}] }}"), ""), "4097 bits are more than 4096");
    let nested = (0..34).fold(String::from("struct S0 { a: bool }"), |text, index| {
        format!("{text} struct S{} {{ a: S{index} }}", index + 1)
    });
    assert!(messages(&design(&nested, ""))[0].contains("nests deeper than 32"));
    changed("struct0 does not stand before this struct", |design| {
        design.types.structs[0].fields[0].1 = Type::Struct(StructId::new(0));
        design.modules[1].nets.remove(6);
        design.modules.pop();
        design.top = Some(ModuleId::new(0));
    });
}

#[test]
fn modules_are_checked() {
    items_break(&[
        ("net %n.1: u8 = 0", "a second net has the name `n`"),
        ("process p timed { } process p.1 timed { }", "a second process has the name `p`"),
        ("instance u of leaf(%n, %b) instance u.1 of leaf(%n, %b)", "a second instance has the name `u`"),
        ("ports(in %n, out %n)", "net `n` is a port twice"),
        ("process p timed { } items()", "`p` is 0 times among the items"),
        ("process p timed { } items(process p, process p)", "`p` is 2 times among the items"),
        ("instance u of leaf(%n, %b) items()", "`u` is 0 times among the items"),
        ("foreign c \"\" foreign c \"\"", "a second foreign text"),
        ("foreign verilog drives(reg %n, wire %n) \"\"", "says twice how it drives `n`"),
        ("ports(in %n) foreign verilog drives(reg %n) \"\"", "drives the input `n`"),
        ("foreign c lists(\"n\"(%n)) \"\"", "has a name twice"),
        ("foreign c lists(\"l\"(%n), \"l\"(%n)) \"\"", "has a name twice"),
        ("foreign c lists(\"l\"()) \"\"", "has no elements"),
        ("foreign c lists(\"l\"(%n, %b)) \"\"", "are not alike"),
        ("net %put: u8 = 0 ports(in %n, out %put) foreign c lists(\"l\"(%n, %put)) \"\"", "are not alike"),
        ("instance u of m()", "does not stand before this one"),
        ("instance u of leaf(%n)", "connects 1 nets, `leaf` has 2 ports"),
        ("instance u of leaf(%one, %b)", "connects `one`, which is int[0, 1], to port `a`, which is u8"),
        ("instance u of pad(%n)", "connects `n`, which is not tri-state"),
    ]);
    one_fault("hwir 1", "the design has no top");
    one_fault("hwir 1 module a { instance u of b() } module b { } top b", "m1, which does not stand before");
}

#[test]
fn nets_are_checked() {
    items_break(&[
        ("net %x: u8 = 256", "the initial value of net `x` does not belong to u8"),
        ("net %x: array[u8, 2] = [1]", "does not belong"),
        ("net %x: array[u8, 2] = [1, z]", "does not belong"),
        ("net %x: Point = {1, 2}", "does not belong"),
        ("net %x: State = member(2)", "does not belong to State"),
        ("net %x: int[1, 0] = 0", "net `x`: the interval 1 to 0 is empty"),
        ("net %x: array[opaque, 1] = [host(0)]", "objects of the host"),
        ("net %x: u8 = z", "starts as `z`"),
        ("net %x: u8 = 0 delayed(0)", "delayed by no step"),
        ("net %x: u8 = 0 driver(%n)", "drives `n`, which is not a tri-state net"),
        ("net %x: u9 = 0 driver(%t)", "drives `t`, which has another type"),
    ]);
}

#[test]
fn processes_are_checked() {
    items_break(&[
        ("process p clocked() { }", "at least one event"),
        ("process p clocked(rising %n) { }", "net `n` is u8 and has no rising"),
        ("process p clocked(falling %s) { }", "net `s` is State and has no rising"),
        ("process p clocked(rising %clk) reset(%one, high, sync) { }", "the reset `one` is not a boolean"),
        ("process p comb(%o) { }", "its events wake only the host"),
        ("process p clocked(change %o) { }", "its events wake only the host"),
    ]);
    let fine = "process p clocked(change %n, rising %one, falling %free) { }
        process h clocked(change %o) host(1) { } process c comb(%s, %ram) { }";
    assert_eq!(messages(&design("", fine)), [""; 0]);
}

#[test]
fn expressions_are_checked() {
    timed_break(&[
        ("%n <= 256: u8", "a constant does not belong to its type u8"),
        ("%n <= %one: u8", "net `one` is int[0, 1] and is read as u8"),
        ("var $x: u8\n$x = 0 %n <= $x: u4", "variable `x` is u8 and is read as u4"),
        ("%n <= add(%n, 1): u8", "`add` gives int[1, 256] here and is said to give u8"),
        ("%n <= add(%n, %b): u8", "operand 1 of `add` must be an integer"),
        ("%n <= add(%n): u8", "`add` does not take 1 operands"),
        ("%n <= add(%n, 1: int[2, 1])", "is empty"),
        ("%n <= refine[9, 3](%n): u8", "`refine`: the interval 9 to 3 is empty"),
        ("%n <= wrap[0, inf](%n)", "`wrap`: the interval needs both bounds"),
        ("%n <= index([1, 2]: array[u8, 3], 0)", "a constant does not belong"),
        ("print format[\"{}\"](%o)", "net `o` holds objects of the host"),
        ("print format[\"{}\"](host(1))", "an object of the host is used outside of the host"),
        ("%d <= add(z: u8, 1)", "`add` cannot take `z`"),
        ("%d <= add(mux(%b, z: u8, 1), 1)", "`add` cannot take `z`"),
        ("%b <= is_z(%n)", "`is_z` asks a tri-state net or a driver of one"),
        ("%b <= is_z(add(%d, 1))", "`is_z` asks a tri-state net or a driver of one"),
        ("%b <= is_z(z: u8)", "`is_z` cannot take `z`"),
        ("%n <= z: u8", "`z` is only stored into a whole driver"),
        ("%d.bit(0) <= z: bool", "`z` is only stored into a whole driver"),
        ("print mux(%b, z: text, \"\")", "`z` is only stored into a whole driver"),
    ]);
    timed_keep(&[
        "%d <= mux(%b, mux(%b, z: u8, 1), 300)",
        "%d <= z: u8",
        "%b <= is_z(%d)",
        "print format[\"{!intbv}\"](now())",
    ]);
    let deep = (0..=MAX_EXPR_DEPTH).fold(String::from("let e0 = %b\n"), |text, index| {
        format!("{text}let e{} = not(e{index})\n", index + 1)
    });
    timed_break(&[(&format!("{deep}%b <= e{}", MAX_EXPR_DEPTH + 1), "nests deeper than 1000")]);
    timed_keep(&[&format!("{deep}%b <= e{MAX_EXPR_DEPTH}")]);
    changed("there is no `repr` of `bitvector`", |design| {
        let body = body(&mut design.modules[0].processes[1]);
        let piece = Piece::Operand { conversion: Conversion::ReprNamed("bitvector"), spec: String::new() };
        let op = Op::Format { template: Box::new(Template { pieces: vec![piece] }) };
        let one = body.exprs.int(1i64, Span::NONE);
        body.exprs.op(op, &[one], &Types::default(), Span::NONE).unwrap();
    });
}

#[test]
fn stores_are_checked() {
    timed_break(&[
        ("%n = 1", "`=` stores into a variable"),
        ("var $x: u8\n$x <= 1", "`<=` stores into a net"),
        ("%t <= 1", "only its drivers are stored into"),
        ("%o <= 1", "only processes of the host store into it"),
        ("%n <= true", "bool is stored into u8"),
        ("%s <= Other.A", "Other is stored into State"),
        ("%ram <= [1]: array[u8, 1]", "array[u8, 1] is stored into array[u8, 4]"),
        ("%n[0] <= 1", "u8 has no elements"),
        ("%n.{0} <= 1", "u8 has no fields"),
        ("%p.{2} <= 1", "the struct has no field 2"),
        ("%b.bit(0) <= true", "bool has no bits"),
        ("%ram.bit(0) <= true", "array[u8, 4] has no bits"),
        ("%n.bit(0) <= 1", "int[1, 1] is stored into a bit"),
        ("%n.bit(%b) <= true", "the number of a bit is an integer"),
        ("%n.slice[2](0) <= true", "bool is stored into a slice"),
        ("%n.slice[2](%s) <= 1", "the lowest bit of a slice is an integer"),
        ("%n.slice[0](0) <= 1", "a slice has 1 to 4096 bits"),
        ("%n.slice[2](0).bit(0) <= true", "a bit or a slice has no parts"),
        ("%ram[%b] <= 1", "an index is an integer"),
        ("var $x: opaque", "variable `x` holds an object of the host"),
        ("var $x: int[1, 0]", "variable `x`: the interval"),
    ]);
    timed_keep(&[
        "%ram[%n].slice[2](9) <= -1",
        "%p.x.bit(0) <= %b",
        "%n <= 300",
        "%ram <= [300, 1, 1, 1]: array[u9, 4]",
    ]);
}

#[test]
fn statements_are_checked() {
    timed_break(&[
        ("if %n { }", "a condition is a boolean, and this is u8"),
        ("while 'l %n { }", "a condition is a boolean"),
        ("assert %n", "a condition is a boolean"),
        ("assert %b, %n", "a message is a text, and this is u8"),
        ("print %n", "a message is a text"),
        ("raise E(%n)", "a message is a text"),
        ("finish(%n)", "a message is a text"),
        ("wait delay(%b)", "a delay is an integer"),
        ("wait join()", "a join is of at least one wait"),
        ("wait rising %n", "has no rising and falling edges"),
        ("wait change %o", "its events wake only the host"),
        ("switch %p { default { } }", "a switch cannot be over Point"),
        ("switch %n { case 1 { } case 2, 1 { } default { } }", "stands twice"),
        ("switch %n { case 256 { } default { } }", "does not belong to the subject's type"),
        ("switch %s { case Other.A, member(7) { } default { } }", "does not belong to the subject's type"),
        ("switch %s { case State.IDLE { } }", "leaves values out and has no default"),
        ("switch %b { case true { } }", "leaves values out"),
        ("switch %one { case 0 { } }", "leaves values out"),
        ("var $i: u8\nfor 'l $i in range(0, 9, 0) { }", "the step of a `for` is not zero"),
        ("var $i: u2\nfor 'l $i in range(0, 5, 1) { }", "`for` counts from 0 to 4, and `i` is u2"),
        ("var $i: u2\nfor 'l $i in range(3, -2, -2) { }", "counts from 3 to -1"),
        ("var $i: bool\nfor 'l $i in range(0, 5, 1) { }", "which is not an integer"),
        ("block 'a { } break 'a", "which is not around it"),
        ("block 'a { continue 'a }", "which is not a loop around it"),
        ("while 'a %b { } while 'b %b { continue 'a }", "which is not a loop around it"),
    ]);
    timed_keep(&[
        "switch %s { case State.IDLE { } case State.RUN { } }",
        "switch %one { case 0, 1 { } }",
        "var $i: u2\nfor 'l $i in range(0, 4, 3) { } for 'm $i in range(9, 9, 1) { }",
        "while 'a %b { block 'b { continue 'a } break 'a }",
    ]);
    changed("an `if` has at least one condition", |design| {
        let kind = StmtKind::If { arms: vec![], orelse: vec![] };
        body(&mut design.modules[0].processes[1]).stmts.push(Stmt::new(kind, Span::NONE));
    });
    changed("an arm of a switch has at least one value", |design| {
        let body = body(&mut design.modules[0].processes[1]);
        let subject = body.exprs.bool(true, Span::NONE);
        let arms = vec![SwitchArm { values: vec![], body: vec![] }];
        body.stmts.push(Stmt::new(StmtKind::Switch { subject, arms, default: Some(vec![]) }, Span::NONE));
    });
    changed("label l0 labels a second statement", |design| {
        let body = body(&mut design.modules[0].processes[1]);
        let label = body.add_label("a");
        for _ in 0..2 {
            body.stmts.push(Stmt::new(StmtKind::Block { label, body: vec![] }, Span::NONE));
        }
    });
}

#[test]
fn only_timed_processes_wait_and_use_texts() {
    for kind in ["comb(%n)", "clocked(rising %clk)"] {
        let process = |body: &str| design("", &format!("process p {kind} {{ {body} }}"));
        one_fault(&process("wait delay(1)"), "only a timed process can wait");
        one_fault(&process("if eq(%w, \"a\") { }"), "only timed processes use texts outside of messages");
        one_fault(&process("%w <= \"a\""), "only timed processes use texts");
        assert_eq!(messages(&process("print %w assert %b, format[\"{}\"](%w) finish(\"x\")")), [""; 0]);
        assert_eq!(messages(&process("%free <= add(%free, 1)")), [""; 0]);
    }
    timed_keep(&["if eq(%w, \"a\") { %w <= \"b\" wait delay(1) }"]);
}

#[test]
fn statements_nest_only_so_deep() {
    let nested = |depth: usize| {
        let mut design = sample();
        let mut inner = Stmt::new(StmtKind::Return, Span::NONE);
        let body = body(&mut design.modules[0].processes[1]);
        let cond = body.exprs.bool(true, Span::NONE);
        for _ in 0..depth {
            inner = Stmt::new(StmtKind::If { arms: vec![(cond, vec![inner])], orelse: vec![] }, Span::NONE);
        }
        body.stmts.push(inner);
        verify(&design)
    };
    assert!(nested(MAX_NESTING).is_empty());
    let faults = nested(MAX_NESTING + 10);
    assert!(faults.len() == 1 && faults[0].message.contains("statements nested deeper than 200"));
}

#[test]
fn a_variable_is_not_read_where_nothing_was_assigned() {
    let read = "%n <= $x";
    for body in [
        read,
        "if %b { $x = 1 } else { $x = 2 } %n <= $y",
        "if %b { %n <= $x } else { $x = 1 }",
        "$a[0] = 1",
        "while 'l %b { return $x = 1 } %n <= $x",
        "while 'l true { $x = 1 break 'l } %n <= $y",
        "block 'l { break 'l $x = 1 } %n <= $x",
        "for 'l $x in range(1, 1, 1) { } %n <= $x",
        "%ram[$x] <= 1",
        "$x = add($x, 1)",
        "switch %b { case true { $x = 1 } case false { } } wait delay($y)",
        "$x = 1 unset $x %n <= $x",
    ] {
        let body = format!("var $x: u8 var $y: u8 var $a: array[u8, 2]\n{body}");
        let expects = if body.contains("while 'l %b") { 0 } else { 1 };
        let found = messages(&design("", &format!("process p timed {{ {body} }}")));
        // A loop's head is taken to be reached after any of its statements: no false alarm, some true ones left out.
        assert_eq!(found.len(), expects, "{found:?} {body}");
        assert!(found.iter().all(|message| message.contains("is read before anything is assigned to it")));
    }
    for body in [
        "$x = 1 %n <= $x",
        "$x = 1 if %b { unset $x } %n <= $x",
        "if %b { $x = 1 } %n <= $x",
        "for 'l $x in range(0, 3, 1) { %n <= $x } %n <= $x",
        "while 'l true { if %b { %n <= $x } $x = 1 }",
        "block 'l { $x = 1 break 'l } %n <= $x",
        "while 'l true { $x = 1 break 'l } %n <= $x",
        "return %n <= $x",
        "while 'l true { } %n <= $x",
        "wait forever %n <= $x",
        "switch %b { case true { $x = 1 } case false { } } wait delay($x)",
        "if %b { return } elif %b { $x = 1 } %n <= $x",
    ] {
        timed_keep(&[&format!("var $x: u8\n{body}")]);
    }
}

#[test]
fn every_fault_is_listed_with_its_place() {
    let text = design("", "net %x: u8 = 256 @0:3:1-4 process p timed { %n <= true @0:5:6-7 if %n { } }");
    let faults = verify(&parse(&text).unwrap());
    assert_eq!(faults.len(), 3);
    assert_eq!(faults[0].primary.span.to_string(), "0:3:1-4");
    assert_eq!(faults[1].primary.span.to_string(), "0:5:6-7");
    assert_eq!(faults[1].notes, ["in process `p` of module `m`"]);
}

#[test]
fn ids_out_of_range_are_faults() {
    changed("the top is m9", |design| design.top = Some(ModuleId::new(9)));
    changed("there is no net n99", |design| {
        design.modules[0].processes[1].kind = ProcessKind::Comb { sensitivity: vec![NetId::new(99)] };
    });
    changed("an item is p9", |design| design.modules[0].items.push(Item::Process(ProcessId::new(9))));
    changed("there is no net n99", |design| design.modules[1].instances[0].connections[0] = NetId::new(99));
    changed("there is no expression e99", |design| {
        let body = body(&mut design.modules[0].processes[1]);
        body.stmts.push(Stmt::new(
            StmtKind::Next { place: Place::net(NetId::new(4)), value: ExprId::new(99) },
            Span::NONE,
        ));
    });
    changed("there is no variable v9", |design| {
        let body = body(&mut design.modules[0].processes[1]);
        let value = body.exprs.bool(true, Span::NONE);
        body.stmts.push(Stmt::new(StmtKind::Assign { place: Place::var(VarId::new(9)), value }, Span::NONE));
    });
    changed("there is no label l9", |design| {
        let kind = StmtKind::Block { label: LabelId::new(9), body: vec![] };
        body(&mut design.modules[0].processes[1]).stmts.push(Stmt::new(kind, Span::NONE));
    });
    changed("which does not come before it", |design| {
        let exprs = &mut body(&mut design.modules[0].processes[1]).exprs;
        let own = ExprId::new(exprs.len());
        exprs.intern(ExprKind::Op(Op::Not, vec![own].into()), Type::Bool, Span::NONE);
    });
    changed("there is no enum7", |design| {
        let exprs = &mut body(&mut design.modules[0].processes[1]).exprs;
        exprs.constant(Value::Enum(0), Type::Enum(EnumId::new(7)), Span::NONE);
    });
    changed("a port is n99", |design| {
        design.modules[1].ports.push(Port { net: NetId::new(99), direction: Direction::In });
    });
}

/// Ids at random, most of them out of range.
struct Wild<'a>(&'a mut Rng);

impl Wild<'_> {
    fn id<T: Copy>(&mut self, id: T, wild: fn(usize) -> T) -> T {
        if self.0.chance(4) { wild(self.0.below(300)) } else { id }
    }
}

impl Rewrite for Wild<'_> {
    fn expr(&mut self, id: ExprId) -> ExprId {
        self.id(id, ExprId::new)
    }

    fn net(&mut self, id: NetId) -> NetId {
        self.id(id, NetId::new)
    }

    fn var(&mut self, id: VarId) -> VarId {
        self.id(id, VarId::new)
    }

    fn label(&mut self, id: LabelId) -> LabelId {
        self.id(id, LabelId::new)
    }
}

#[test]
fn nothing_panics_on_wild_ids() {
    for seed in 0..200 {
        let mut design = random_design(seed);
        let rng = &mut Rng(seed ^ 0xabcd);
        let wild_type = |rng: &mut Rng| match rng.below(4) {
            0 => Type::Enum(EnumId::new(rng.below(9))),
            1 => Type::Struct(StructId::new(rng.below(9))),
            2 => Type::Array(Box::new(Type::Struct(StructId::new(rng.below(9)))), u32::MAX),
            _ => Type::int(5i64, rng.below(10) as i64),
        };
        for module in &mut design.modules {
            for process in &mut module.processes {
                let ProcessBody::Ir(body) = &mut process.body else { continue };
                body.stmts = rewrite_stmts(&body.stmts, &mut Wild(rng));
                for _ in 0..30 {
                    let row = rng.pick(op::TABLE);
                    let op = support::random::random_op(row.mnemonic, rng);
                    let args = (0..rng.below(4)).map(|_| ExprId::new(rng.below(300))).collect();
                    let ty = wild_type(rng);
                    body.exprs.intern(ExprKind::Op(op, args), ty, Span::NONE);
                }
                if rng.chance(3) {
                    body.vars.truncate(3);
                }
            }
            if rng.chance(2) {
                module.nets.truncate(10);
            }
            for net in &mut module.nets {
                if rng.chance(4) {
                    net.ty = wild_type(rng);
                }
                if rng.chance(9) {
                    net.kind = NetKind::Driver(NetId::new(rng.below(99)));
                }
            }
            if rng.chance(2) {
                module.processes.pop();
            }
        }
        design.types.structs.truncate(rng.below(3));
        design.types.enums.truncate(rng.below(4));
        if rng.chance(2) {
            design.modules.reverse();
        }
        assert!(!verify(&design).is_empty());
        assert!(!print::print(&design).is_empty());
        design.compact();
    }
}

//! A design built by hand that has every kind of statement, type, net and process.

use pyhw_diagnostics::{Code, Diagnostic, FileId, Span};
use pyhw_ir::*;
use std::sync::Arc;

fn at(line: u32) -> Span {
    Span::new(FileId(0), (line, 4), (line, 30))
}

fn net(name: &str, ty: Type, init: Value, line: u32) -> Net {
    Net::new(name, ty, init, at(line))
}

fn stmt(kind: StmtKind, line: u32) -> Stmt {
    Stmt::new(kind, at(line))
}

/// The transmitter of a serial port: a clocked and a combinational process, as a front end makes them.
fn transmitter(types: &Types) -> Module {
    let state = Type::Enum(EnumId::new(0));
    let mut module = Module::new("uart_tx", at(15));
    module.doc = Some("serial transmitter, 8 data bits, no parity, one stop bit.".into());
    module.params.push(("divisor".into(), "868".into()));
    let clk = module.add_port(net("clk", Type::Bool, Value::Bool(false), 15), Direction::In);
    let rst = module.add_port(net("rst", Type::Bool, Value::Bool(false), 15), Direction::In);
    let data = module.add_port(net("data", Type::unsigned(8), Value::int(0i64), 15), Direction::In);
    let tx = module.add_port(net("tx", Type::Bool, Value::Bool(true), 15), Direction::Out);
    let busy = module.add_port(net("busy", Type::Bool, Value::Bool(false), 15), Direction::Out);
    let st = module.add_net(net("state", state.clone(), Value::Enum(0), 17));
    let mut ticks = net("tick", Type::int(0i64, 867i64), Value::int(0i64), 18);
    ticks.comment = Some("counts one bit".into());
    let tick = module.add_net(ticks);
    let mut shifts = net("shift", Type::unsigned(8), Value::int(0i64), 19);
    shifts.wraps = true;
    let shift = module.add_net(shifts);

    let mut body = Body::default();
    let exprs = &mut body.exprs;
    let none = Span::NONE;
    let st_now = exprs.net(st, &state, none);
    let idle = exprs.constant(Value::Enum(0), state.clone(), none);
    let sending = exprs.constant(Value::Enum(1), state.clone(), none);
    let is_idle = exprs.op(Op::Eq, &[st_now, idle], types, none).unwrap();
    let tick_now = exprs.net(tick, &Type::int(0i64, 867i64), none);
    let last = exprs.int(867i64, none);
    let running = exprs.op(Op::Ne, &[tick_now, last], types, none).unwrap();
    let below = Range { min: None, max: Some(866i64.into()) };
    let known = exprs.op(Op::Refine { range: below }, &[tick_now], types, none).unwrap();
    let one = exprs.int(1i64, none);
    let more = exprs.op(Op::Add, &[known, one], types, none).unwrap();
    let zero = exprs.int(0i64, none);
    let shift_now = exprs.net(shift, &Type::unsigned(8), none);
    let low = exprs.op(Op::Bit, &[shift_now, zero], types, none).unwrap();
    let shifted = exprs.op(Op::Shr, &[shift_now, one], types, none).unwrap();
    let data_now = exprs.net(data, &Type::unsigned(8), none);
    let high = exprs.bool(true, none);
    let next = |net, value, line| stmt(StmtKind::Next { place: Place::net(net), value }, line);
    let mut start = next(shift, data_now, 25);
    start.comments = Comments { leading: vec!["a byte is there".into()], trailing: Some("start bit".into()) };
    let arms = vec![
        SwitchArm { values: vec![Value::Enum(1)], body: vec![next(tx, low, 31), next(shift, shifted, 32)] },
        SwitchArm { values: vec![Value::Enum(0), Value::Enum(2)], body: vec![next(tx, high, 34)] },
    ];
    let done =
        vec![next(tick, zero, 29), stmt(StmtKind::Switch { subject: st_now, arms, default: None }, 30)];
    body.stmts.push(stmt(
        StmtKind::If {
            arms: vec![(is_idle, vec![start, next(st, sending, 26)]), (running, vec![next(tick, more, 28)])],
            orelse: done,
        },
        24,
    ));
    let reset = Some(Reset::new(rst, true, false));
    module.add_process(Process {
        name: "send".into(),
        kind: ProcessKind::Clocked { events: vec![Event { net: clk, edge: Edge::Rising }], reset },
        body: ProcessBody::Ir(body),
        doc: None,
        span: at(22),
    });

    let mut body = Body::default();
    let st_now = body.exprs.net(st, &state, none);
    let idle = body.exprs.constant(Value::Enum(0), state, none);
    let is_busy = body.exprs.op(Op::Ne, &[st_now, idle], types, none).unwrap();
    body.stmts.push(next(busy, is_busy, 41));
    module.add_process(Process {
        name: "status".into(),
        kind: ProcessKind::Comb { sensitivity: vec![st] },
        body: ProcessBody::Ir(body),
        doc: Some("tells whether a byte is under way".into()),
        span: at(40),
    });
    module.foreign.push(Foreign {
        language: Language::Verilog,
        text: "initial ${tx} = 1'b1;\nassign ${busy} = 1'b0;\n".into(),
        lists: vec![ForeignList { name: "lines".into(), elements: vec![tx, busy] }],
        drives: vec![(tx, Assigned::Procedure), (busy, Assigned::Wire)],
        span: at(60),
    });
    module.foreign.push(Foreign {
        language: Language::Vhdl,
        text: "tx <= '1';".into(),
        lists: Vec::new(),
        drives: Vec::new(),
        span: Span::NONE,
    });
    module
}

/// A test bench with a body that has the kinds of statements that the transmitter has not.
fn bench(types: &Types) -> Module {
    let none = Span::NONE;
    let byte = Type::unsigned(8);
    let point = Type::Struct(StructId::new(0));
    let memory = Type::Array(Box::new(byte.clone()), 16);
    let mut module = Module::new("bench", at(70));
    let clk = module.add_net(net("clk", Type::Bool, Value::Bool(false), 71));
    let rst = module.add_net(net("rst", Type::Bool, Value::Bool(true), 71));
    let data = module.add_net(net("data", byte.clone(), Value::int(0i64), 72));
    let tx = module.add_net(net("tx[0]", Type::Bool, Value::Bool(true), 73));
    let mut late = net("busy", Type::Bool, Value::Bool(false), 74);
    late.kind = NetKind::Delayed(10);
    let busy = module.add_net(late);
    let ram_init = Value::Array(Arc::new(vec![Value::int(0i64); 16]));
    let ram = module.add_net(net("ram", memory, ram_init, 75));
    let origin = Value::Struct(Arc::new(vec![Value::int(-1i64), Value::Bool(true)]));
    let at_point = module.add_net(net("at", point, origin, 76));
    let mut bus = net("bus", byte.clone(), Value::Z, 77);
    bus.kind = NetKind::TriState;
    let bus = module.add_net(bus);
    let mut drive = net("drive", byte.clone(), Value::Z, 78);
    drive.kind = NetKind::Driver(bus);
    let drive = module.add_net(drive);
    module.add_net(net("object", Type::Opaque, Value::Opaque(3), 79));
    module.add_net(net("line", Type::Text, Value::Text("a \"b\"".into()), 80));
    module.add_net(net("total", Type::Int(Range::UNBOUNDED), Value::int(0i64), 81));

    let mut body = Body::default();
    let i = body.add_var(Var { name: "i".into(), ty: Type::int(0i64, 15i64), wraps: false, span: at(83) });
    let inner = body.add_var(Var { name: "i".into(), ty: byte.clone(), wraps: true, span: none });
    let outer = body.add_label("loop");
    let turns = body.add_label("loop");
    let block = body.add_label("body of f");
    let exprs = &mut body.exprs;
    let i_now = exprs.var(i, &Type::int(0i64, 15i64), none);
    let inner_now = exprs.var(inner, &byte, none);
    let high = exprs.bool(true, none);
    let five = exprs.constant(Value::int(5i64), byte.clone(), none);
    let clk_now = exprs.net(clk, &Type::Bool, none);
    let not_clk = exprs.op(Op::Not, &[clk_now], types, none).unwrap();
    let template = |form: &str| Op::Format { template: Box::new(form.parse().unwrap()) };
    let text = exprs.op(template("{:02x} of {!r}\n"), &[i_now, inner_now], types, none).unwrap();
    let plain = exprs.constant(Value::Text("done".into()), Type::Text, none);
    let z = exprs.constant(Value::Z, byte.clone(), none);
    let driven = exprs.op(Op::Mux, &[clk_now, five, z], types, none).unwrap();
    let place = |root, path| Place { root, path };
    let on = Event { net: clk, edge: Edge::Rising };
    let next = |place, value, line| stmt(StmtKind::Next { place, value }, line);
    let simple = vec![
        stmt(StmtKind::Assign { place: Place::var(inner), value: five }, 91),
        next(place(Root::Net(ram), vec![Projection::Index(i_now)]), inner_now, 92),
        next(place(Root::Net(ram), vec![Projection::Index(i_now), Projection::Bit(i_now)]), high, 93),
        next(place(Root::Net(at_point), vec![Projection::Field(1)]), clk_now, 94),
        next(place(Root::Net(data), vec![Projection::Slice { low: i_now, width: 3 }]), i_now, 95),
        next(Place::net(drive), driven, 96),
        stmt(StmtKind::Assert { cond: clk_now, message: Some(text) }, 97),
        stmt(StmtKind::Assert { cond: clk_now, message: None }, 98),
        stmt(StmtKind::Print { text }, 99),
        stmt(StmtKind::Wait(vec![Wait::Event(on), Wait::Delay(five)]), 100),
        stmt(
            StmtKind::Wait(vec![Wait::Join(vec![
                Wait::Event(Event { net: rst, edge: Edge::Falling }),
                Wait::Event(Event { net: tx, edge: Edge::Any }),
            ])]),
            101,
        ),
        stmt(
            StmtKind::If {
                arms: vec![(clk_now, vec![stmt(StmtKind::Continue(turns), 103)])],
                orelse: vec![],
            },
            102,
        ),
        stmt(
            StmtKind::If { arms: vec![(not_clk, vec![stmt(StmtKind::Break(outer), 105)])], orelse: vec![] },
            104,
        ),
    ];
    let counted = StmtKind::For {
        label: turns,
        var: i,
        start: 15i64.into(),
        stop: (-1i64).into(),
        step: (-1i64).into(),
        body: simple,
    };
    let mut toggled = next(Place::net(clk), not_clk, 108);
    toggled.comments.leading = vec!["two".into(), "\tlines".into()];
    let ends = vec![
        stmt(StmtKind::Raise { exception: "ValueError".into(), message: Some(plain) }, 111),
        stmt(StmtKind::Raise { exception: "pkg.Error".into(), message: None }, 112),
        stmt(StmtKind::Finish { message: Some(text) }, 113),
        stmt(StmtKind::Finish { message: None }, 114),
        stmt(StmtKind::Wait(vec![]), 115),
        stmt(StmtKind::Return, 116),
        stmt(StmtKind::Break(block), 117),
    ];
    let arms = vec![SwitchArm { values: vec![Value::int(0i64), Value::int(7i64)], body: ends }];
    let switch = StmtKind::Switch { subject: i_now, arms, default: Some(vec![]) };
    body.stmts = vec![
        stmt(StmtKind::While { label: outer, cond: high, body: vec![stmt(counted, 90)] }, 89),
        stmt(StmtKind::Block { label: block, body: vec![toggled, stmt(switch, 110)] }, 107),
    ];
    module.add_instance(Instance {
        name: "dut".into(),
        module: ModuleId::new(0),
        connections: vec![clk, rst, data, tx, busy],
        span: at(120),
    });
    module.add_process(Process {
        name: "stimulus".into(),
        kind: ProcessKind::Timed,
        body: ProcessBody::Ir(body),
        doc: Some("two lines\nof text".into()),
        span: at(85),
    });
    let reason = Diagnostic::new(Code::PH0201, at(130), "a `class` in a process")
        .at("here")
        .label(at(131), "its body")
        .note("the host runs it")
        .help("move it out");
    module.add_process(Process {
        name: "model".into(),
        kind: ProcessKind::Timed,
        body: ProcessBody::Host(HostBody { handle: 4, reason: vec![reason] }),
        doc: None,
        span: at(130),
    });
    module
}

/// A transmitter and its test bench.
pub fn sample() -> Design {
    let mut design = Design::default();
    design.sources.add("examples/uart.py", "");
    design.types.enums.push(EnumType {
        name: "State".into(),
        members: vec![
            ("IDLE".into(), 0i64.into()),
            ("DATA".into(), 1i64.into()),
            ("STOP".into(), 2i64.into()),
        ],
        width_bits: 2,
        span: at(9),
    });
    design.types.structs.push(StructType {
        name: "Point".into(),
        fields: vec![("x".into(), Type::signed(9)), ("visible".into(), Type::Bool)],
        span: at(13),
    });
    design.modules.push(transmitter(&design.types));
    design.modules.push(bench(&design.types));
    design.top = Some(ModuleId::new(1));
    design
}

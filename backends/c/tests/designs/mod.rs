//! Designs for the golden files.

use crate::common::*;
use pyhw_ir::{Design, EnumId, EnumType, Int, Op, ProcessKind, Projection, Type, Value};

/// The serial transmitter of the sample that sets the taste.
pub fn uart_tx() -> Design {
    let mut build = Build::new("uart_tx", "uart.py", 15);
    build.module.doc = Some("serial transmitter, 8 data bits, no parity, one stop bit.".into());
    build.module.params.push(("divisor".into(), "868".into()));
    let member = |name: &str, code: i64| (name.to_owned(), Int::from(code));
    build.design.types.enums.push(EnumType {
        name: "State".into(),
        members: vec![member("IDLE", 0), member("DATA", 1), member("STOP", 2)],
        width_bits: 2,
        span: at(8),
    });
    let state_ty = Type::Enum(EnumId::new(0));
    let clk = build.bit("clk");
    let rst = build.bit("rst");
    let data = build.input("data", Type::unsigned(8), Value::int(0i64));
    let start = build.bit("start");
    let tx = build.output("tx", Type::Bool, Value::Bool(true));
    let busy = build.output("busy", Type::Bool, Value::Bool(false));
    let state = build.net("state", state_ty.clone(), Value::Enum(0));
    let tick = build.net("tick", Type::int(0i64, 867i64), Value::int(0i64));
    let index = build.net("index", Type::int(0i64, 7i64), Value::int(0i64));
    let shift = build.net("shift", Type::unsigned(8), Value::int(0i64));

    let mut code = build.code();
    let (is_state, is_start) = (code.get(state), code.get(start));
    let idle = code.constant(Value::Enum(0), state_ty.clone());
    let to_data = code.constant(Value::Enum(1), state_ty.clone());
    let to_stop = code.constant(Value::Enum(2), state_ty.clone());
    let (zero, no, yes) = (code.int(0), code.bool(false), code.bool(true));
    let is_idle = code.op(Op::Eq, &[is_state, idle]);
    let data_now = code.get(data);
    let mut start_bit = next(tx, no);
    start_bit.comments.trailing = Some("start bit".into());
    let begin = when(
        vec![(
            is_start,
            vec![next(shift, data_now), start_bit, next(tick, zero), next(index, zero), next(state, to_data)],
        )],
        vec![],
    );
    let (tick_now, last, one) = (code.get(tick), code.int(867), code.int(1));
    let waits = code.op(Op::Ne, &[tick_now, last]);
    let tick_on = code.op(Op::Refine { range: pyhw_ir::Range::new(0i64, 866i64) }, &[tick_now]);
    let tick_more = code.op(Op::Add, &[tick_on, one]);
    let shift_now = code.get(shift);
    let low = code.op(Op::Bit, &[shift_now, zero]);
    let shifted = code.op(Op::Shr, &[shift_now, one]);
    let (index_now, seven) = (code.get(index), code.int(7));
    let is_last = code.op(Op::Eq, &[index_now, seven]);
    let index_on = code.op(Op::Refine { range: pyhw_ir::Range::new(0i64, 6i64) }, &[index_now]);
    let index_more = code.op(Op::Add, &[index_on, one]);
    let step = switch(
        is_state,
        vec![(
            vec![Value::Enum(1)],
            vec![
                next(tx, low),
                next(shift, shifted),
                when(vec![(is_last, vec![next(state, to_stop)])], vec![next(index, index_more)]),
            ],
        )],
        Some(vec![next(tx, yes), next(state, idle)]),
    );
    code.push(when(
        vec![(is_idle, vec![begin]), (waits, vec![next(tick, tick_more)])],
        vec![next(tick, zero), step],
    ));
    build.process("send", with_reset(clk, rst, false), code, 23);

    let mut code = build.code();
    let is_state = code.get(state);
    let idle = code.constant(Value::Enum(0), state_ty);
    let is_busy = code.op(Op::Ne, &[is_state, idle]);
    code.push(next(busy, is_busy));
    build.comb("status", code, 48);
    build.finish()
}

/// A memory that is written and read by one process: the read gives the old element.
pub fn fifo() -> Design {
    let mut build = Build::new("fifo", "fifo.py", 5);
    let byte = Type::unsigned(8);
    let clk = build.bit("clk");
    let we = build.bit("we");
    let re = build.bit("re");
    let din = build.input("din", byte.clone(), Value::int(0i64));
    let dout = build.output("dout", byte.clone(), Value::int(0i64));
    let full = build.output("full", Type::Bool, Value::Bool(false));
    let empty = build.output("empty", Type::Bool, Value::Bool(true));
    let zeros = Value::Array(vec![Value::int(0i64); 16].into());
    let mem = build.net("mem", Type::Array(Box::new(byte), 16), zeros);
    let wp = build.net("wp", Type::unsigned(4), Value::int(0i64));
    build.module.nets[wp.index()].wraps = true;
    let rp = build.net("rp", Type::unsigned(4), Value::int(0i64));
    build.module.nets[rp.index()].wraps = true;
    let count = build.net("count", Type::int(0i64, 16i64), Value::int(0i64));

    let mut code = build.code();
    let (write, read, value) = (code.get(we), code.get(re), code.get(din));
    let (at_w, at_r, memory, one, used) =
        (code.get(wp), code.get(rp), code.get(mem), code.int(1), code.get(count));
    let element = code.op(Op::Index, &[memory, at_r]);
    let (w_more, r_more) = (code.op(Op::Add, &[at_w, one]), code.op(Op::Add, &[at_r, one]));
    let more = code.op(Op::Add, &[used, one]);
    let less = code.op(Op::Sub, &[used, one]);
    code.push(when(
        vec![(
            write,
            vec![next_at(mem, vec![Projection::Index(at_w)], value), next(wp, w_more), next(count, more)],
        )],
        vec![],
    ));
    code.push(when(vec![(read, vec![next(dout, element), next(rp, r_more), next(count, less)])], vec![]));
    build.clocked("run", clk, code, 14);

    for (name, net, limit, line) in [("is_full", full, 16, 30), ("is_empty", empty, 0, 34)] {
        let mut code = build.code();
        let (used, limit) = (code.get(count), code.int(limit));
        let value = code.op(Op::Eq, &[used, limit]);
        code.push(next(net, value));
        build.comb(name, code, line);
    }
    build.finish()
}

/// Two processes that exchange their registers, one that swaps two of its own, and one that reads what it stored into.
pub fn exchange() -> Design {
    let mut build = Build::new("exchange", "exchange.py", 3);
    let byte = Type::unsigned(8);
    let clk = build.bit("clk");
    let step = build.input("step", byte.clone(), Value::int(1i64));
    let a = build.output("a", byte.clone(), Value::int(1i64));
    let b = build.output("b", byte.clone(), Value::int(2i64));
    let c = build.output("c", byte.clone(), Value::int(3i64));
    let d = build.output("d", byte.clone(), Value::int(4i64));
    let e = build.output("e", byte, Value::int(5i64));
    for (name, to, from, line) in [("forth", a, b, 8), ("back", b, a, 12)] {
        let mut code = build.code();
        let value = code.get(from);
        code.push(next(to, value));
        build.clocked(name, clk, code, line);
    }
    let mut code = build.code();
    let (old_c, old_d) = (code.get(c), code.get(d));
    code.push(next(c, old_d));
    code.push(next(d, old_c));
    build.clocked("swap", clk, code, 16);
    let mut code = build.code();
    let (old, by) = (code.get(e), code.get(step));
    let sum = code.op(Op::Add, &[old, by]);
    let twice = code.op(Op::Add, &[old, old]);
    let limit = code.int(200);
    let large = code.op(Op::Gt, &[old, limit]);
    code.push(next(e, sum));
    code.push(when(vec![(large, vec![next(e, twice)])], vec![]));
    build.clocked("sum", clk, code, 21);
    build.finish()
}

/// Inputs that reach a register through combinational nets, an asynchronous reset, a wide accumulator, and a loop.
pub fn filter() -> Design {
    let mut build = Build::new("filter", "filter.py", 4);
    let sample = Type::signed(12);
    let clk = build.bit("clk");
    let rst = build.bit("rst");
    let x = build.input("x", sample.clone(), Value::int(0i64));
    let y = build.output("y", Type::signed(40), Value::int(0i64));
    let acc = build.output("acc", Type::unsigned(100), Value::int(0i64));
    let taps = build.net(
        "taps",
        Type::Array(Box::new(sample.clone()), 4),
        Value::Array(vec![Value::int(0i64); 4].into()),
    );
    let product = build.net("product", Type::signed(24), Value::int(0i64));
    build.module.nets[acc.index()].wraps = true;

    let mut code = build.code();
    let now = code.get(x);
    let square = code.op(Op::Mul, &[now, now]);
    code.push(next(product, square));
    build.comb("squared", code, 12);

    let mut code = build.code();
    let label = code.label("shift");
    let (i, zero, one) = (code.var("i", Type::int(1i64, 3i64)), code.int(0), code.int(1));
    let index = code.read(i);
    let before = code.op(Op::Sub, &[index, one]);
    let memory = code.get(taps);
    let element = code.op(Op::Index, &[memory, before]);
    let value = code.get(x);
    code.push(next_at(taps, vec![Projection::Index(zero)], value));
    code.push(count(label, i, [1, 4, 1], vec![next_at(taps, vec![Projection::Index(index)], element)]));
    build.clocked("shift", clk, code, 17);

    let mut code = build.code();
    let (label, j) = (code.label("sum"), code.var("j", Type::int(0i64, 3i64)));
    let total = code.var("total", Type::signed(40));
    let rom: Vec<Value> = [3i64, -7, 11, 5].map(Value::int).to_vec();
    let table = code.constant(Value::Array(rom.into()), Type::Array(Box::new(Type::int(-7i64, 11i64)), 4));
    let (at_j, memory, so_far, start) = (code.read(j), code.get(taps), code.read(total), code.get(product));
    let weight = code.op(Op::Index, &[table, at_j]);
    let tap = code.op(Op::Index, &[memory, at_j]);
    let part = code.op(Op::Mul, &[weight, tap]);
    let sum = code.op(Op::Add, &[so_far, part]);
    code.push(assign(total, start));
    code.push(count(label, j, [0, 4, 1], vec![assign(total, sum)]));
    let (result, wide, shift) = (code.read(total), code.get(acc), code.int(60));
    code.push(next(y, result));
    let high = code.op(Op::Shl, &[result, shift]);
    let more = code.op(Op::Add, &[wide, high]);
    let more = code.op(Op::Add, &[more, result]);
    code.push(next(acc, more));
    build.process("sum", with_reset(clk, rst, true), code, 23);
    build.finish()
}

/// No clock at all.
pub fn decoder() -> Design {
    let mut build = Build::new("decoder", "decoder.py", 2);
    let sel = build.input("sel", Type::unsigned(3), Value::int(0i64));
    let enable = build.bit("enable");
    let lines = build.output("lines", Type::unsigned(8), Value::int(0i64));
    let parity = build.output("parity", Type::Bool, Value::Bool(false));
    let mut code = build.code();
    let (which, on, zero, one) = (code.get(sel), code.get(enable), code.int(0), code.int(1));
    let hot = code.op(Op::Shl, &[one, which]);
    code.push(next(lines, zero));
    code.push(when(vec![(on, vec![next(lines, hot)])], vec![]));
    build.comb("decode", code, 6);
    let mut code = build.code();
    let which = code.get(sel);
    let bits: Vec<_> = (0..3)
        .map(|bit| {
            let bit = code.int(bit);
            code.op(Op::Bit, &[which, bit])
        })
        .collect();
    let two = code.op(Op::Xor, &[bits[0], bits[1]]);
    let odd = code.op(Op::Xor, &[two, bits[2]]);
    code.push(next(parity, odd));
    build.comb("count", code, 12);
    build.finish()
}

/// Two clocks, one of them used on both edges.
pub fn clocks() -> Design {
    let mut build = Build::new("clocks", "clocks.py", 2);
    let byte = Type::unsigned(8);
    let fast = build.bit("fast");
    let slow = build.bit("slow");
    let a = build.output("a", byte.clone(), Value::int(0i64));
    let b = build.output("b", byte.clone(), Value::int(0i64));
    let c = build.output("c", byte, Value::int(0i64));
    for net in [a, b, c] {
        build.module.nets[net.index()].wraps = true;
    }
    let falling = ProcessKind::Clocked {
        events: vec![pyhw_ir::Event { net: fast, edge: pyhw_ir::Edge::Falling }],
        reset: None,
    };
    for (name, net, kind, line) in
        [("rise", a, rising(fast), 5), ("fall", b, falling, 9), ("other", c, rising(slow), 13)]
    {
        let mut code = build.code();
        let (now, one, first) = (code.get(net), code.int(1), code.get(a));
        let more = code.op(Op::Add, &[now, one]);
        let more = if net == a { more } else { code.op(Op::Xor, &[more, first]) };
        code.push(next(net, more));
        build.process(name, kind, code, line);
    }
    build.finish()
}

/// Every design with its name.
pub fn all() -> Vec<(&'static str, Design)> {
    vec![
        ("uart_tx", uart_tx()),
        ("fifo", fifo()),
        ("exchange", exchange()),
        ("filter", filter()),
        ("decoder", decoder()),
        ("clocks", clocks()),
    ]
}

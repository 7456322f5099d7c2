//! Random expressions over every operator, emitted, simulated by GHDL, and compared with the IR's evaluator.

#![allow(clippy::unwrap_used)]

mod support;

use pyhw_diagnostics::Span;
use pyhw_ir::eval::expression;
use pyhw_ir::*;
use pyhw_vhdl::{Options, emit};
use std::fs;
use std::process::Command;
use std::sync::Arc;
use support::Rng;

/// How many modules, outputs of each and sets of input values are compared.
struct Size {
    modules: usize,
    outputs: usize,
    vectors: usize,
}

/// A module of expressions, its inputs, and the expression of each output in the process that stores it.
struct Sample {
    module: Module,
    inputs: Vec<NetId>,
    outputs: Vec<(NetId, ProcessId, ExprId)>,
}

/// Builds the expressions of one process.
struct Builder<'a> {
    rng: &'a mut Rng,
    types: &'a Types,
    exprs: Exprs,
    inputs: &'a [(NetId, Type)],
}

impl Builder<'_> {
    fn op(&mut self, op: Op, args: &[ExprId]) -> Option<ExprId> {
        self.exprs.op(op, args, self.types, Span::NONE).ok()
    }

    fn constant(&mut self) -> ExprId {
        let width = 1 + self.rng.below(8) as u32 * self.rng.below(17) as u32;
        let value = self.rng.bits(width);
        let value = if self.rng.chance(3) { value.neg() } else { value };
        self.exprs.int(value, Span::NONE)
    }

    fn input(&mut self, wanted: impl Fn(&Type) -> bool) -> ExprId {
        let fitting: Vec<(NetId, Type)> = self.inputs.iter().filter(|(_, ty)| wanted(ty)).cloned().collect();
        let (net, ty) = &fitting[self.rng.below(fitting.len())];
        self.exprs.net(*net, ty, Span::NONE)
    }

    fn int_leaf(&mut self) -> ExprId {
        if self.rng.chance(4) { self.constant() } else { self.input(|ty| matches!(ty, Type::Int(_))) }
    }

    /// An integer expression of not too many bits.
    fn int(&mut self, depth: usize) -> ExprId {
        if depth == 0 {
            return self.int_leaf();
        }
        let made = self.int_op(depth - 1);
        let Some(made) = made else { return self.int_leaf() };
        let width = self.exprs.range(made).and_then(Range::width_bits);
        match width {
            Some(width) if width <= 260 => made,
            _ => {
                let width = 1 + self.rng.below(130) as u32;
                let op = if self.rng.chance(2) {
                    Op::Signed { width }
                } else {
                    Op::Slice { low: self.rng.below(40) as u32, width }
                };
                self.op(op, &[made]).unwrap()
            }
        }
    }

    fn natural(&mut self, width: u32, depth: usize) -> ExprId {
        let operand = self.int(depth);
        let low = self.rng.below(3) as u32;
        self.op(Op::Slice { low, width }, &[operand]).unwrap()
    }

    fn int_op(&mut self, depth: usize) -> Option<ExprId> {
        let choice = self.rng.below(27);
        match choice {
            0 => self.unary(Op::Neg, depth),
            1..=3 => self.binary(Op::Add, depth),
            4..=6 => self.binary(Op::Sub, depth),
            7 | 8 => self.binary(Op::Mul, depth),
            9 => self.unary(Op::Inv, depth),
            10 => self.binary(Op::And, depth),
            11 => self.binary(Op::Or, depth),
            12 => self.binary(Op::Xor, depth),
            13 => {
                let operand = self.int(depth);
                let amount = match self.rng.below(2) {
                    0 => {
                        let amount = self.rng.below(40) as i64;
                        self.exprs.int(amount, Span::NONE)
                    }
                    _ => self.natural(5, 0),
                };
                self.op(Op::Shl, &[operand, amount])
            }
            14 | 15 => {
                let operand = self.int(depth);
                let amount = match self.rng.below(4) {
                    0 | 1 => {
                        let amount = self.rng.below(150) as i64;
                        self.exprs.int(amount, Span::NONE)
                    }
                    2 => self.natural(7, depth),
                    // Wider than any integer of VHDL.
                    _ => self.natural(40, 0),
                };
                self.op(Op::Shr, &[operand, amount])
            }
            16 => {
                let cond = self.boolean(depth);
                let (yes, no) = (self.int(depth), self.int(depth));
                self.op(Op::Mux, &[cond, yes, no])
            }
            17 => {
                let (low, width) = (self.rng.below(100) as u32, 1 + self.rng.below(130) as u32);
                self.unary(Op::Slice { low, width }, depth)
            }
            18 => {
                let count = 1 + self.rng.below(3);
                let widths: Box<[u32]> = (0..count).map(|_| 1 + self.rng.below(40) as u32).collect();
                let args: Vec<ExprId> = (0..count).map(|_| self.int(depth)).collect();
                self.op(Op::Concat { widths }, &args)
            }
            19 => {
                let width = 1 + self.rng.below(130) as u32;
                self.unary(Op::Signed { width }, depth)
            }
            20 => {
                let low = self.rng.below(40) as i64 - 30;
                let range = match self.rng.below(4) {
                    0 => Range::unsigned(1 + self.rng.below(70) as u32),
                    1 => Range::signed(1 + self.rng.below(70) as u32),
                    2 => Range::new(0i64, self.rng.below(1000) as i64),
                    _ => Range::new(low, low + self.rng.below(300) as i64),
                };
                self.unary(Op::Wrap { range }, depth)
            }
            21 => {
                let operand = self.boolean(depth);
                self.op(Op::ToInt, &[operand])
            }
            22 => {
                let member = self.enumeration(depth);
                self.op(Op::Encode, &[member])
            }
            23 => self.element(depth),
            24 => self.power(depth),
            _ => self.division(depth),
        }
    }

    fn unary(&mut self, op: Op, depth: usize) -> Option<ExprId> {
        let operand = self.int(depth);
        self.op(op, &[operand])
    }

    fn binary(&mut self, op: Op, depth: usize) -> Option<ExprId> {
        let a = self.int(depth);
        let b = if self.rng.chance(3) { self.constant() } else { self.int(depth) };
        if self.rng.chance(4) { self.op(op, &[b, a]) } else { self.op(op, &[a, b]) }
    }

    /// A quotient or remainder whose divisor cannot be zero, or that is only evaluated where it is not.
    fn division(&mut self, depth: usize) -> Option<ExprId> {
        let op = if self.rng.chance(2) { Op::FloorDiv } else { Op::Mod };
        let a = self.int(depth);
        if self.rng.chance(2) {
            let constant = self.constant();
            let is_zero = self.exprs.range(constant).is_some_and(|range| range.contains(&Int::ZERO));
            let divisor = if is_zero { self.exprs.int(7i64, Span::NONE) } else { constant };
            return self.op(op, &[a, divisor]);
        }
        let b = self.int(depth);
        let zero = self.exprs.int(0i64, Span::NONE);
        let cond = self.op(Op::Ne, &[b, zero])?;
        let quotient = self.op(op, &[a, b])?;
        let other = self.int(0);
        self.op(Op::Mux, &[cond, quotient, other])
    }

    fn power(&mut self, depth: usize) -> Option<ExprId> {
        let base = match self.rng.below(3) {
            0 => self.exprs.int(2i64, Span::NONE),
            1 => self.natural(6, depth),
            _ => {
                let operand = self.int(depth);
                self.op(Op::Signed { width: 5 }, &[operand])?
            }
        };
        let exponent = if self.rng.chance(2) {
            let exponent = self.rng.below(5) as i64;
            self.exprs.int(exponent, Span::NONE)
        } else {
            self.natural(3, 0)
        };
        self.op(Op::Pow, &[base, exponent])
    }

    /// An element of a constant array or of an array of expressions.
    fn element(&mut self, depth: usize) -> Option<ExprId> {
        let length = 1 + self.rng.below(9);
        let array = if self.rng.chance(2) {
            let signed = self.rng.chance(2);
            let width = 1 + self.rng.below(40) as u32;
            let ty = if signed { Type::signed(width) } else { Type::unsigned(width) };
            let values: Vec<Value> = (0..length)
                .map(|_| {
                    let bits = self.rng.bits(width);
                    Value::Int(if signed { bits.signed_bits(width) } else { bits })
                })
                .collect();
            let ty = Type::Array(Box::new(ty), length as u32);
            self.exprs.constant(Value::Array(Arc::new(values)), ty, Span::NONE)
        } else {
            let elements: Vec<ExprId> = (0..length).map(|_| self.int(depth.min(1))).collect();
            self.op(Op::Array, &elements)?
        };
        let last = length as i64 - 1;
        if self.rng.chance(2) {
            let operand = self.int(depth);
            let index = self.op(Op::Wrap { range: Range::new(0i64, last) }, &[operand])?;
            return self.op(Op::Index, &[array, index]);
        }
        // Only a guard keeps this index in range.
        let index = self.natural(5, depth);
        let length = self.exprs.int(length as i64, Span::NONE);
        let cond = self.op(Op::Lt, &[index, length])?;
        let refined = self.op(Op::Refine { range: Range::new(0i64, last) }, &[index])?;
        let element = self.op(Op::Index, &[array, refined])?;
        let other = self.int(0);
        self.op(Op::Mux, &[cond, element, other])
    }

    fn enumeration(&mut self, depth: usize) -> ExprId {
        match self.rng.below(4) {
            0 => {
                let of = self.rng.below(2);
                let ty = Type::Enum(EnumId::new(of));
                let member = self.rng.below(3) as u32;
                self.exprs.constant(Value::Enum(member), ty, Span::NONE)
            }
            1 if depth > 0 => {
                let cond = self.boolean(depth - 1);
                let (yes, no) = (self.enum_leaf(0), self.enum_leaf(0));
                self.op(Op::Mux, &[cond, yes, no]).unwrap()
            }
            2 => {
                // Code 0, 1 or 2 of the plain enum.
                let operand = self.int(depth.min(1));
                let code = self.op(Op::Wrap { range: Range::new(0i64, 2i64) }, &[operand]).unwrap();
                self.op(Op::Decode { of: EnumId::new(1) }, &[code]).unwrap()
            }
            _ => self.enum_leaf(0),
        }
    }

    fn enum_leaf(&mut self, of: usize) -> ExprId {
        let ty = Type::Enum(EnumId::new(of));
        self.input(|other| *other == ty)
    }

    fn boolean(&mut self, depth: usize) -> ExprId {
        if depth == 0 {
            return self.input(|ty| *ty == Type::Bool);
        }
        let depth = depth - 1;
        let made = match self.rng.below(16) {
            0 => self.comparison(Op::Eq, depth),
            1 => self.comparison(Op::Ne, depth),
            2 => self.comparison(Op::Lt, depth),
            3 => self.comparison(Op::Le, depth),
            4 => self.comparison(Op::Gt, depth),
            5 => self.comparison(Op::Ge, depth),
            6 => {
                let operand = self.boolean(depth);
                self.op(Op::Not, &[operand])
            }
            7 | 8 => {
                let ops = [Op::And, Op::Or, Op::Xor, Op::AndThen, Op::OrElse, Op::Eq, Op::Ne];
                let op = ops[self.rng.below(ops.len())].clone();
                let (a, b) = (self.boolean(depth), self.boolean(depth));
                self.op(op, &[a, b])
            }
            9 => {
                let (cond, yes, no) = (self.boolean(depth), self.boolean(depth), self.boolean(depth));
                self.op(Op::Mux, &[cond, yes, no])
            }
            10 | 11 => {
                let operand = self.int(depth);
                let index = if self.rng.chance(2) {
                    let index = self.rng.below(140) as i64;
                    self.exprs.int(index, Span::NONE)
                } else {
                    self.natural(5, 0)
                };
                self.op(Op::Bit, &[operand, index])
            }
            12 => {
                let operand = self.natural(1, depth);
                self.op(Op::ToBool, &[operand])
            }
            13 => {
                let (a, b) = (self.enumeration(0), self.enum_leaf(0));
                if self.exprs.ty(a) == self.exprs.ty(b) { self.op(Op::Eq, &[a, b]) } else { None }
            }
            14 => self.guarded(depth),
            _ => {
                let bit = self.rng.chance(2);
                Some(self.exprs.bool(bit, Span::NONE))
            }
        };
        made.unwrap_or_else(|| self.input(|ty| *ty == Type::Bool))
    }

    fn comparison(&mut self, op: Op, depth: usize) -> Option<ExprId> {
        self.binary(op, depth)
    }

    /// `b != 0 and a // b > c`: the right side must not be evaluated where the left one does not hold.
    fn guarded(&mut self, depth: usize) -> Option<ExprId> {
        let (a, b, c) = (self.int(depth), self.int(depth), self.int(0));
        let zero = self.exprs.int(0i64, Span::NONE);
        let cond = self.op(Op::Ne, &[b, zero])?;
        let quotient = self.op(Op::FloorDiv, &[a, b])?;
        let second = self.op(Op::Gt, &[quotient, c])?;
        self.op(Op::AndThen, &[cond, second])
    }
}

fn types() -> Types {
    let members = |codes: [i64; 3]| {
        ["A", "B", "C"].iter().zip(codes).map(|(name, code)| ((*name).to_owned(), Int::from(code))).collect()
    };
    let of = |name: &str, codes, width_bits| EnumType {
        name: name.to_owned(),
        members: members(codes),
        width_bits,
        span: Span::NONE,
    };
    Types { enums: vec![of("OneHot", [1, 2, 4], 3), of("Plain", [0, 1, 2], 2)], structs: Vec::new() }
}

fn zero(ty: &Type) -> Value {
    match ty {
        Type::Bool => Value::Bool(false),
        Type::Enum(_) => Value::Enum(0),
        _ => {
            let range = ty.range().unwrap();
            let (min, _) = range.bounds().unwrap();
            Value::Int(if range.contains(&Int::ZERO) { Int::ZERO } else { min.clone() })
        }
    }
}

fn sample(name: &str, rng: &mut Rng, types: &Types, size: &Size) -> Sample {
    let mut module = Module::new(name, Span::NONE);
    let mut inputs = Vec::new();
    for index in 0..4 {
        inputs.push((format!("b{index}"), Type::Bool));
    }
    for index in 0..12 {
        let width = match index {
            0..=5 => 1 + rng.below(12) as u32,
            6..=9 => 1 + rng.below(40) as u32,
            _ => 1 + rng.below(130) as u32,
        };
        let ty = match rng.below(3) {
            0 => Type::signed(width),
            1 if width > 3 => Type::int(-(rng.below(5) as i64), 6 + rng.below(5) as i64),
            _ => Type::unsigned(width),
        };
        inputs.push((format!("i{index}"), ty));
    }
    inputs.push(("e0".to_owned(), Type::Enum(EnumId::new(0))));
    let mut nets = Vec::new();
    for (name, ty) in inputs {
        let net = Net::new(name, ty.clone(), zero(&ty), Span::NONE);
        nets.push((module.add_port(net, Direction::In), ty));
    }
    let mut outputs: Vec<(NetId, ProcessId, ExprId)> = Vec::new();
    while outputs.len() < size.outputs {
        // One store makes a concurrent assignment, several make a process.
        let count = if rng.chance(2) { 1 } else { 3 };
        let mut builder = Builder { rng, types, exprs: Exprs::new(), inputs: &nets };
        let mut stored = Vec::new();
        for _ in 0..count {
            let depth = 1 + builder.rng.below(4);
            let value = if builder.rng.chance(4) { builder.boolean(depth) } else { builder.int(depth) };
            let mut ty = builder.exprs.ty(value).clone();
            let mut wraps = false;
            if let Type::Int(_) = ty
                && builder.rng.chance(3)
            {
                wraps = true;
                ty = match builder.rng.below(3) {
                    0 => Type::unsigned(1 + builder.rng.below(40) as u32),
                    1 => Type::signed(1 + builder.rng.below(40) as u32),
                    _ => Type::int(0i64, 1 + builder.rng.below(100) as i64),
                };
            }
            stored.push((value, ty, wraps));
        }
        let exprs = builder.exprs;
        let mut sensitivity: Vec<NetId> = Vec::new();
        let mut stmts = Vec::new();
        let id = ProcessId::new(module.processes.len());
        for (value, ty, wraps) in stored {
            exprs.walk(value, &mut |id| {
                if let ExprKind::Net(net) = exprs.kind(id)
                    && !sensitivity.contains(net)
                {
                    sensitivity.push(*net);
                }
            });
            let mut net = Net::new(format!("y{}", outputs.len()), ty.clone(), zero(&ty), Span::NONE);
            net.wraps = wraps;
            let net = module.add_port(net, Direction::Out);
            outputs.push((net, id, value));
            stmts.push(Stmt::new(StmtKind::Next { place: Place::net(net), value }, Span::NONE));
        }
        module.add_process(Process {
            name: format!("p{}", id.index()),
            kind: ProcessKind::Comb { sensitivity },
            body: ProcessBody::Ir(Body { exprs, stmts, ..Body::default() }),
            doc: None,
            span: Span::NONE,
        });
    }
    let inputs = nets.into_iter().map(|(net, _)| net).collect();
    Sample { module, inputs, outputs }
}

/// A value of the type: often one at an end.
fn any_value(ty: &Type, rng: &mut Rng) -> Value {
    match ty {
        Type::Bool => Value::Bool(rng.chance(2)),
        Type::Enum(_) => Value::Enum(rng.below(3) as u32),
        _ => {
            let range = ty.range().unwrap();
            let (min, max) = range.bounds().unwrap();
            Value::Int(match rng.below(6) {
                0 => min.clone(),
                1 => max.clone(),
                2 => zero(ty).as_int().unwrap().clone(),
                _ => {
                    let offset = rng.bits(range.width_bits().unwrap() + 2);
                    min.add(&offset.floor_mod(&range.size().unwrap()).unwrap())
                }
            })
        }
    }
}

/// The bits of a value at a port; an enum's member stands for its code there.
fn port_bits(value: &Value, ty: &Type, types: &Types) -> String {
    let bits =
        |value: &Int, width: u32| format!("{:0>1$}", value.low_bits(width).to_radix(2), width as usize);
    match (value, ty) {
        (Value::Bool(value), _) => u8::from(*value).to_string(),
        (Value::Int(value), Type::Int(range)) => bits(value, range.width_bits().unwrap()),
        (Value::Enum(member), Type::Enum(id)) => {
            let of = &types.enums[id.index()];
            bits(&of.members[*member as usize].1, of.width_bits)
        }
        _ => panic!("no value of a port: {value:?}"),
    }
}

/// The bench of a module, which writes one line for each output and vector, and the lines that are right.
fn bench(sample: &Sample, types: &Types, rng: &mut Rng, size: &Size) -> (String, Vec<String>) {
    let module = &sample.module;
    let name = &module.name;
    let mut signals = String::new();
    let mut body = String::new();
    let mut expected = Vec::new();
    for port in &module.ports {
        let net = module.net(port.net);
        let of = match &net.ty {
            Type::Bool => "std_logic".to_owned(),
            Type::Enum(id) => format!("unsigned({} downto 0)", types.enums[id.index()].width_bits - 1),
            ty => {
                let range = ty.range().unwrap();
                let sign = if range.is_signed() { "signed" } else { "unsigned" };
                format!("{sign}({} downto 0)", range.width_bits().unwrap() - 1)
            }
        };
        let init = port_bits(&net.init, &net.ty, types);
        let quote = if net.ty == Type::Bool { '\'' } else { '"' };
        signals.push_str(&format!("    signal {} : {of} := {quote}{init}{quote};\n", net.name));
    }
    for vector in 0..size.vectors {
        let values: Vec<Value> =
            sample.inputs.iter().map(|&net| any_value(&module.net(net).ty, rng)).collect();
        for (&id, value) in sample.inputs.iter().zip(&values) {
            let net = module.net(id);
            let quote = if net.ty == Type::Bool { '\'' } else { '"' };
            body.push_str(&format!(
                "        {} <= {quote}{}{quote};\n",
                net.name,
                port_bits(value, &net.ty, types)
            ));
        }
        body.push_str("        wait for 1 ns;\n");
        for &(output, process, value) in &sample.outputs {
            let ProcessBody::Ir(inner) = &module.processes[process.index()].body else { unreachable!() };
            let mut read = |kind: &ExprKind| match kind {
                ExprKind::Net(net) => Ok(values[net.index()].clone()),
                _ => Err(eval::Fault::internal("neither net nor operator")),
            };
            let result = expression(&inner.exprs, value, types, &mut read);
            let result = result.unwrap_or_else(|fault| panic!("{name}.{output}: {fault:?}"));
            let net = module.net(output);
            let result = match (&result, &net.ty) {
                (Value::Int(value), Type::Int(range)) if net.wraps => Value::Int(range.wrap(value)),
                _ => result,
            };
            let shown = if net.ty == Type::Bool {
                format!("std_logic_vector'(0 => {})", net.name)
            } else {
                format!("std_logic_vector({})", net.name)
            };
            body.push_str(&format!("        show(\"{name} {vector} {} \", {shown});\n", net.name));
            expected.push(format!("{name} {vector} {} {}", net.name, port_bits(&result, &net.ty, types)));
        }
    }
    let map: Vec<String> = module
        .ports
        .iter()
        .map(|port| &module.net(port.net).name)
        .map(|name| format!("{name} => {name}"))
        .collect();
    let text = format!(
        "library ieee;\nuse ieee.std_logic_1164.all;\nuse ieee.numeric_std.all;\nuse std.textio.all;\n\n\
         entity {name}_bench is\nend entity {name}_bench;\n\n\
         architecture sim of {name}_bench is\n{signals}\n{SHOW}begin\n    \
         dut : entity work.{name} port map ({});\n\n    process is\n    begin\n{body}        wait;\n    \
         end process;\nend architecture sim;\n",
        map.join(", ")
    );
    (text, expected)
}

const SHOW: &str = "
    procedure show(head : string; value : std_logic_vector) is
        variable bits : string(1 to value'length);
        alias digits : std_logic_vector(1 to value'length) is value;
    begin
        for at in digits'range loop
            case digits(at) is
                when '0' => bits(at) := '0';
                when '1' => bits(at) := '1';
                when others => bits(at) := 'X';
            end case;
        end loop;
        write(output, head & bits & LF);
    end procedure show;
";

fn compare(seed: u64, size: &Size) {
    let mut rng = Rng::new(seed);
    let types = types();
    let mut files = Vec::new();
    let mut expected = Vec::new();
    let mut top = String::from(
        "entity all_benches is\nend entity all_benches;\n\narchitecture sim of all_benches is\nbegin\n",
    );
    for index in 0..size.modules {
        let sample = sample(&format!("dut{index}"), &mut rng, &types, size);
        let mut design = Design { types: types.clone(), ..Design::default() };
        design.modules.push(sample.module.clone());
        design.top = Some(ModuleId::new(0));
        let faults = verify::verify(&design);
        assert!(faults.is_empty(), "seed {seed}: {faults:#?}");
        let emitted =
            emit(&design, &Options::default()).unwrap_or_else(|errors| panic!("seed {seed}: {errors:#?}"));
        // Each module has its types in a package of its own.
        files.push((format!("dut{index}.vhd"), emitted[0].text.clone()));
        let (text, lines) = bench(&sample, &types, &mut rng, size);
        files.push((format!("bench{index}.vhd"), text));
        expected.extend(lines);
        top.push_str(&format!("    u{index} : entity work.dut{index}_bench;\n"));
    }
    top.push_str("end architecture sim;\n");
    files.push(("top.vhd".to_owned(), top));
    for std in ["--std=93", "--std=08"] {
        let work = support::WorkDir::new(&format!("differential-{seed}{std}"));
        for (name, text) in &files {
            fs::write(work.path().join(name), text).unwrap();
        }
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let run = |args: &[&str]| {
            let output = Command::new("ghdl").args(args).current_dir(work.path()).output().unwrap();
            (
                String::from_utf8_lossy(&output.stdout).into_owned(),
                String::from_utf8_lossy(&output.stderr).into_owned(),
            )
        };
        let (said, errors) = run(&[&["-a", std][..], &names].concat());
        assert!(said.is_empty() && errors.is_empty(), "seed {seed} {std}: {said}{errors}");
        let (said, errors) = run(&["--elab-run", std, "all_benches"]);
        let mut lines: Vec<&str> = said.lines().filter(|line| line.starts_with("dut")).collect();
        let mut wanted: Vec<&str> = expected.iter().map(String::as_str).collect();
        lines.sort_unstable();
        wanted.sort_unstable();
        let differ: Vec<String> = wanted
            .iter()
            .filter(|line| lines.binary_search(line).is_err())
            .take(20)
            .map(|line| {
                let head = &line[..line.rfind(' ').unwrap() + 1];
                let given = lines.iter().find(|line| line.starts_with(head)).copied().unwrap_or("nothing");
                format!("wanted {line}\n given {given}\n{}", source_of(&files, head))
            })
            .collect();
        assert!(differ.is_empty(), "seed {seed} {std}:\n{}\n{errors}", differ.join("\n"));
        let noise: Vec<&str> = said
            .lines()
            .chain(errors.lines())
            .filter(|line| line.contains("warning") || line.contains("error"))
            .collect();
        assert!(noise.is_empty(), "seed {seed} {std}: {noise:#?}");
    }
}

/// The emitted line that gives an output its value.
fn source_of(files: &[(String, String)], head: &str) -> String {
    let words: Vec<&str> = head.split_whitespace().collect();
    let file = format!("{}.vhd", words[0]);
    let target = format!("{} <=", words[2]);
    let text = files.iter().find(|(name, _)| *name == file).map_or("", |(_, text)| text);
    let lines: Vec<&str> =
        text.lines().filter(|line| line.trim_start().replace("  ", " ").starts_with(&target)).collect();
    lines.join("\n")
}

#[test]
fn random_expressions_give_the_values_of_the_evaluator() {
    if !support::has_ghdl() {
        return;
    }
    compare(1, &Size { modules: 4, outputs: 60, vectors: 12 });
}

#[test]
#[ignore = "takes minutes"]
fn many_random_expressions_give_the_values_of_the_evaluator() {
    if !support::has_ghdl() {
        return;
    }
    for seed in 100..140 {
        compare(seed, &Size { modules: 4, outputs: 100, vectors: 16 });
    }
}

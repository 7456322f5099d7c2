//! Random expressions over every operator, and C programs that compare what they give with the evaluator.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use super::*;
use pyhw_c::{FieldType, Interface};
use pyhw_ir::{ExprKind, Int, Range, eval};
use std::fmt::Write;

/// A generator of numbers that is the same on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1))
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.bits() % limit
    }

    pub fn chance(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    /// A width as designs have it: mostly small, sometimes at a border.
    pub fn width(&mut self, most: u32) -> u32 {
        const BORDERS: [u32; 14] = [1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96];
        let width = match self.below(4) {
            0 => BORDERS[self.below(BORDERS.len() as u64) as usize],
            1 => 1 + self.below(130) as u32,
            _ => 1 + self.below(20) as u32,
        };
        width.min(most)
    }

    /// An interval of some width.
    pub fn range(&mut self, most: u32) -> Range {
        let width = self.width(most);
        let full = if self.chance(2) { Range::unsigned(width) } else { Range::signed(width) };
        if self.chance(3) && width > 2 {
            let (a, b) = (self.value(&full), self.value(&full));
            return if a < b { Range::new(a, b) } else { Range::new(b, a) };
        }
        full
    }

    /// A value of an interval, with a liking for its ends and for small ones.
    pub fn value(&mut self, range: &Range) -> Int {
        let (min, max) = range.bounds().unwrap();
        let near = |value: Int| if range.contains(&value) { value } else { min.clone() };
        match self.below(8) {
            0 => min.clone(),
            1 => max.clone(),
            2 => near(Int::ZERO),
            3 => near(Int::from(1 - 2 * self.below(2) as i64)),
            4 => near(max.sub(&Int::ONE)),
            _ => {
                let mut value = Int::ZERO;
                for _ in 0..5 {
                    value = value.shl(32).add(&Int::from(self.bits() as u32));
                }
                value.floor_mod(&range.size().unwrap()).unwrap().add(min)
            }
        }
    }
}

/// The widest intermediate result.
const MAX_BITS: u32 = 260;

pub struct Expressions<'r> {
    pub random: &'r mut Random,
    pub code: Code,
    pub ints: Vec<ExprId>,
    pub bools: Vec<ExprId>,
    /// Whether nothing may be a fault.
    pub is_safe: bool,
}

impl Expressions<'_> {
    fn width(&self, id: ExprId) -> u32 {
        self.code.body.exprs.range(id).and_then(Range::width_bits).unwrap_or(u32::MAX)
    }

    fn try_op(&mut self, op: Op, args: &[ExprId]) -> Option<ExprId> {
        let types = Types::default();
        let id = self.code.body.exprs.op(op, args, &types, at(1)).ok()?;
        (self.code.body.exprs.range(id).is_none() || self.width(id) <= MAX_BITS).then_some(id)
    }

    fn leaf(&mut self) -> ExprId {
        if self.random.chance(4) {
            let range = self.random.range(70);
            let value = self.random.value(&range);
            return self.code.body.exprs.int(value, at(1));
        }
        self.ints[self.random.below(self.ints.len() as u64) as usize]
    }

    /// Small and mostly not negative: for amounts and exponents.
    fn amount(&mut self, depth: u32, most: u64) -> ExprId {
        if self.random.chance(3) {
            let value = self.random.below(most) as i64;
            return self.code.int(value);
        }
        let value = self.int(depth);
        let width = 1 + self.random.below(u64::from(most.ilog2())) as u32;
        let amount = self.try_op(Op::Slice { low: 0, width }, &[value]);
        amount.unwrap_or_else(|| self.code.int(1))
    }

    pub fn int(&mut self, depth: u32) -> ExprId {
        if depth == 0 {
            return self.leaf();
        }
        for _ in 0..4 {
            if let Some(id) = self.int_op(depth - 1) {
                if self.random.chance(6) {
                    self.ints.push(id);
                }
                return id;
            }
        }
        self.leaf()
    }

    fn int_op(&mut self, depth: u32) -> Option<ExprId> {
        let binary = [Op::Add, Op::Sub, Op::Mul, Op::And, Op::Or, Op::Xor, Op::FloorDiv, Op::Mod];
        match self.random.below(24) {
            choice @ 0..=11 => {
                let op = binary[(choice % 8) as usize].clone();
                let (a, mut b) = (self.int(depth), self.int(depth));
                if self.is_safe && matches!(op, Op::FloorDiv | Op::Mod) {
                    let one = self.code.int(1);
                    b = self.try_op(Op::Or, &[b, one])?;
                }
                self.try_op(op, &[a, b])
            }
            12 => {
                let a = self.int(depth);
                let op = if self.random.chance(2) { Op::Neg } else { Op::Inv };
                self.try_op(op, &[a])
            }
            13 => {
                let (a, b) = (self.int(depth), self.amount(depth, 70));
                self.try_op(Op::Shl, &[a, b])
            }
            14 => {
                let (a, b) = (self.int(depth), self.amount(depth, 140));
                self.try_op(Op::Shr, &[a, b])
            }
            15 => {
                let (a, b) = (self.int(depth), self.amount(0, 8));
                if self.random.chance(3) {
                    let two = self.code.int(2);
                    return self.try_op(Op::Pow, &[two, b]);
                }
                self.try_op(Op::Pow, &[a, b])
            }
            16 | 17 => {
                let (cond, a, b) = (self.bool(depth), self.int(depth), self.int(depth));
                self.try_op(Op::Mux, &[cond, a, b])
            }
            18 => {
                let a = self.int(depth);
                let (low, width) = (self.random.below(80) as u32, self.random.width(130));
                self.try_op(Op::Slice { low, width }, &[a])
            }
            19 => {
                let count = 1 + self.random.below(4);
                let args: Vec<ExprId> = (0..count).map(|_| self.int(depth)).collect();
                let widths = args.iter().map(|_| self.random.width(70)).collect();
                self.try_op(Op::Concat { widths }, &args)
            }
            20 => {
                let a = self.int(depth);
                let width = self.random.width(130);
                self.try_op(Op::Signed { width }, &[a])
            }
            21 => {
                let a = self.int(depth);
                let range = self.random.range(90);
                self.try_op(Op::Wrap { range }, &[a])
            }
            22 => {
                let a = self.bool(depth);
                self.try_op(Op::ToInt, &[a])
            }
            _ => {
                let count = if self.is_safe { 8 } else { 2 + self.random.below(7) };
                let args: Vec<ExprId> = if self.random.chance(2) {
                    let range = self.random.range(80);
                    (0..count)
                        .map(|_| {
                            let value = self.random.value(&range);
                            self.code.body.exprs.int(value, at(1))
                        })
                        .collect()
                } else {
                    (0..count).map(|_| self.int(depth.min(1))).collect()
                };
                let array = self.try_op(Op::Array, &args)?;
                let index = self.amount(depth, 8);
                self.try_op(Op::Index, &[array, index])
            }
        }
    }

    pub fn bool(&mut self, depth: u32) -> ExprId {
        if depth == 0 || self.random.chance(5) {
            return self.bools[self.random.below(self.bools.len() as u64) as usize];
        }
        let depth = depth - 1;
        let compare = [Op::Eq, Op::Ne, Op::Lt, Op::Le, Op::Gt, Op::Ge];
        let logic = [Op::And, Op::Or, Op::Xor, Op::AndThen, Op::OrElse, Op::Eq, Op::Ne];
        let id = match self.random.below(10) {
            choice @ 0..=5 => {
                let (a, b) = (self.int(depth), self.int(depth));
                self.try_op(compare[choice as usize].clone(), &[a, b])
            }
            6 => {
                let op = logic[self.random.below(logic.len() as u64) as usize].clone();
                let (a, b) = (self.bool(depth), self.bool(depth));
                self.try_op(op, &[a, b])
            }
            7 => {
                let a = self.bool(depth);
                self.try_op(Op::Not, &[a])
            }
            8 => {
                let (cond, a, b) = (self.bool(depth), self.bool(depth), self.bool(depth));
                self.try_op(Op::Mux, &[cond, a, b])
            }
            _ => {
                let (a, b) = (self.int(depth), self.amount(depth, 140));
                self.try_op(Op::Bit, &[a, b])
            }
        };
        id.unwrap_or(self.bools[0])
    }
}

/// A design of random expressions, each assigned to an output of its own.
pub struct Case {
    pub design: Design,
    inputs: Vec<(NetId, Type)>,
    /// The outputs, with the process that computes each.
    outputs: Vec<(NetId, usize)>,
}

pub fn case(seed: u64, outputs: u32, depth: u32) -> Case {
    let mut random = Random::new(seed);
    let mut build = Build::new(&format!("random_{seed}"), "random.py", 1);
    let mut inputs = Vec::new();
    for index in 0..8 {
        let ty = Type::Int(random.range(130));
        let init = ty.range().unwrap().min.clone().unwrap();
        inputs.push((build.input(&format!("x{index}"), ty.clone(), Value::Int(init)), ty));
    }
    for index in 0..3 {
        inputs.push((build.bit(&format!("b{index}")), Type::Bool));
    }
    let mut found = Vec::new();
    for index in 0..outputs {
        let mut code = build.code();
        let ints = inputs[..8].iter().map(|(net, _)| code.get(*net)).collect();
        let bools = inputs[8..].iter().map(|(net, _)| code.get(*net)).collect();
        let mut exprs = Expressions { random: &mut random, code, ints, bools, is_safe: false };
        let is_bool = exprs.random.chance(5);
        let value = if is_bool { exprs.bool(depth) } else { exprs.int(depth) };
        let mut code = exprs.code;
        let ty = match code.body.exprs.ty(value) {
            Type::Int(_) if random.chance(2) => Type::Int(random.range(130)),
            ty => ty.clone(),
        };
        let init = match &ty {
            Type::Int(range) => Value::Int(range.min.clone().unwrap()),
            _ => Value::Bool(false),
        };
        let net = build.output(&format!("y{index}"), ty, init);
        build.module.nets[net.index()].wraps = true;
        code.push(next(net, value));
        build.comb(&format!("f{index}"), code, index + 1);
        found.push((net, build.module.processes.len() - 1));
    }
    Case { design: build.finish(), inputs, outputs: found }
}

pub fn literal(ty: &FieldType, value: &Value) -> Vec<(String, String)> {
    let signed_text = |value: &Int| {
        if *value == Int::from(i64::MIN) {
            "(-9223372036854775807 - 1)".to_owned()
        } else {
            value.to_string()
        }
    };
    match (ty, value) {
        (FieldType::Bool, Value::Bool(value)) => vec![(String::new(), value.to_string())],
        (FieldType::Int { signed: true, storage_bits, .. }, Value::Int(value)) => {
            vec![(String::new(), format!("(int{storage_bits}_t){}", signed_text(value)))]
        }
        (FieldType::Int { .. }, Value::Int(value)) => vec![(String::new(), format!("{value}U"))],
        (FieldType::Limbs { count, .. }, Value::Int(value)) => value
            .limbs_32(count * 32)
            .iter()
            .enumerate()
            .map(|(at, limb)| (format!("[{at}]"), format!("0x{limb:X}U")))
            .collect(),
        _ => panic!("no literal for {value:?} as {ty:?}"),
    }
}

impl Case {
    /// A function `run_SEED` that sets inputs and tells every output that is not what the evaluator says; how many there are.
    pub fn driver(&self, name: &str, vectors: u32) -> (String, u32) {
        let interface: Interface = pyhw_c::interface(&self.design).unwrap();
        let module = self.design.top_module().unwrap();
        let mut random = Random::new(77);
        let mut text = format!("#include \"{}\"\n", interface.header);
        let mut checks = 0;
        let field =
            |net: NetId| interface.fields.iter().find(|field| field.port == module.net(net).name).unwrap();
        let mut calls = String::new();
        for vector in 0..vectors {
            let values: Vec<Value> = self
                .inputs
                .iter()
                .map(|(_, ty)| match ty {
                    Type::Int(range) => Value::Int(random.value(range)),
                    _ => Value::Bool(random.chance(2)),
                })
                .collect();
            let _ = writeln!(text, "static void {name}_{vector}({} *self)\n{{", interface.type_name);
            for ((net, _), value) in self.inputs.iter().zip(&values) {
                for (part, literal) in literal(&field(*net).ty, value) {
                    let _ = writeln!(text, "    self->{}{part} = {literal};", field(*net).name);
                }
            }
            let _ = writeln!(text, "    {}(self);", interface.settle.as_ref().unwrap());
            for &(net, process) in &self.outputs {
                let ProcessBody::Ir(body) = &module.processes[process].body else { continue };
                let StmtKind::Next { value, .. } = &body.stmts[0].kind else { continue };
                let result =
                    eval::expression(&body.exprs, *value, &self.design.types, &mut |kind| match kind {
                        ExprKind::Net(net) => {
                            let at = self.inputs.iter().position(|(input, _)| input == net).unwrap();
                            Ok(values[at].clone())
                        }
                        kind => panic!("{kind:?} is no input"),
                    });
                let Ok(result) = result else { continue };
                let expected = match (&module.net(net).ty, result) {
                    (Type::Int(range), Value::Int(value)) => Value::Int(range.wrap(&value)),
                    (_, value) => value,
                };
                checks += 1;
                for (part, literal) in literal(&field(net).ty, &expected) {
                    let _ = writeln!(
                        text,
                        "    expect(self->{}{part} == {literal}, {vector}U, {}U);",
                        field(net).name,
                        net.index()
                    );
                }
            }
            text += "}\n\n";
            let _ = writeln!(calls, "    {name}_{vector}(&state);");
        }
        let _ = writeln!(
            text,
            "static {} state;\nvoid {name}(void);\nvoid {name}(void)\n{{\n    {}(&state);\n{calls}}}",
            interface.type_name, interface.init
        );
        (text, checks)
    }
}

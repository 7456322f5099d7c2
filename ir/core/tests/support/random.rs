//! Random designs that keep the verifier's rules. Expressions are driven by the table of operators.

use super::Rng;
use pyhw_diagnostics::{FileId, Span};
use pyhw_ir::op::{TABLE, accepts};
use pyhw_ir::*;
use std::sync::Arc;

/// An operator of this mnemonic with random parameters that suit the sample's types.
pub fn random_op(mnemonic: &str, rng: &mut Rng) -> Op {
    let range = |rng: &mut Rng| {
        let low = rng.below(20) as i64 - 10;
        Range::new(low, low + rng.below(300) as i64)
    };
    match mnemonic {
        "neg" => Op::Neg,
        "add" => Op::Add,
        "sub" => Op::Sub,
        "mul" => Op::Mul,
        "floordiv" => Op::FloorDiv,
        "mod" => Op::Mod,
        "pow" => Op::Pow,
        "inv" => Op::Inv,
        "and" => Op::And,
        "or" => Op::Or,
        "xor" => Op::Xor,
        "shl" => Op::Shl,
        "shr" => Op::Shr,
        "eq" => Op::Eq,
        "ne" => Op::Ne,
        "lt" => Op::Lt,
        "le" => Op::Le,
        "gt" => Op::Gt,
        "ge" => Op::Ge,
        "not" => Op::Not,
        "and_then" => Op::AndThen,
        "or_else" => Op::OrElse,
        "mux" => Op::Mux,
        "bit" => Op::Bit,
        "slice" => Op::Slice { low: rng.below(40) as u32, width: 1 + rng.below(130) as u32 },
        "concat" => {
            let count = 1 + rng.below(3);
            Op::Concat { widths: (0..count).map(|_| 1 + rng.below(40) as u32).collect() }
        }
        "signed" => Op::Signed { width: 1 + rng.below(130) as u32 },
        "wrap" => Op::Wrap { range: range(rng) },
        "refine" => Op::Refine {
            range: if rng.chance(3) { Range { min: None, max: Some(7i64.into()) } } else { range(rng) },
        },
        "check" => Op::Check {
            range: if rng.chance(3) { Range { min: Some(0i64.into()), max: None } } else { range(rng) },
        },
        "to_int" => Op::ToInt,
        "to_bool" => Op::ToBool,
        "encode" => Op::Encode,
        "decode" => Op::Decode { of: EnumId::new(rng.below(3)) },
        "index" => Op::Index,
        "array" => Op::Array,
        "field" => Op::Field { index: rng.below(2) as u32 },
        "struct" => Op::Struct { of: StructId::new(rng.below(2)) },
        "is_z" => Op::IsZ,
        "now" => Op::Now,
        "format" => {
            let texts = ["", "a = ", "{}", "}", "\"x\"\\\n"];
            let specs = ["", "08b", ">8", "}", "\\"];
            let conversions = [
                Conversion::Format,
                Conversion::Str,
                Conversion::Repr,
                Conversion::ReprNamed("intbv"),
                Conversion::ReprNamed("modbv"),
            ];
            let pieces = (0..rng.below(4))
                .map(|_| match rng.chance(2) {
                    true => Piece::Text((*rng.pick(&texts)).to_owned()),
                    false => Piece::Operand {
                        conversion: *rng.pick(&conversions),
                        spec: (*rng.pick(&specs)).to_owned(),
                    },
                })
                .collect();
            Op::Format { template: Box::new(Template { pieces }) }
        }
        other => panic!("the generator does not know the operator `{other}`"),
    }
}

/// How many operands to give to an operator.
fn operand_count(op: &Op, types: &Types, rng: &mut Rng) -> usize {
    match (op, op.info().arity) {
        (Op::Concat { widths }, _) => widths.len(),
        (Op::Format { template }, _) => template.operand_count(),
        (Op::Struct { of }, _) => types.structs[of.index()].fields.len(),
        (_, Arity::Exactly(count)) => count,
        (_, Arity::AtLeast(count)) => count + rng.below(3),
    }
}

pub fn span(rng: &mut Rng) -> Span {
    if rng.chance(4) {
        return Span::NONE;
    }
    let (line, column) = (1 + rng.below(900) as u32, rng.below(80) as u32);
    let end = if rng.chance(4) { (line + 2, 3) } else { (line, column + 1 + rng.below(30) as u32) };
    Span::new(FileId(rng.below(2) as u32), (line, column), end)
}

fn name(rng: &mut Rng, stem: &str, index: usize) -> String {
    match rng.below(8) {
        0 => format!("{stem}[{index}]"),
        1 => format!("{stem}.{index}"),
        2 => format!("größe_{index}"),
        _ => format!("{stem}{index}"),
    }
}

fn comment(rng: &mut Rng) -> Option<String> {
    let texts = ["start bit", "", "\"quoted\"", "two\nlines", " a space before and after ", "# ; {}"];
    rng.chance(5).then(|| (*rng.pick(&texts)).to_owned())
}

pub fn sample_types(rng: &mut Rng) -> Types {
    let member = |name: &str, code: i64| (name.to_owned(), Int::from(code));
    let enums = vec![
        EnumType {
            name: "State".into(),
            members: vec![member("IDLE", 0), member("RUN", 1), member("odd name", 2)],
            width_bits: 2,
            span: span(rng),
        },
        EnumType { name: "u8".into(), members: vec![member("ONE", 1)], width_bits: 1, span: span(rng) },
        EnumType {
            name: "State".into(),
            members: vec![member("A", 1), member("B", 2), member("C", 4)],
            width_bits: 3,
            span: Span::NONE,
        },
    ];
    let structs = vec![
        StructType {
            name: "Point".into(),
            fields: vec![("x".into(), Type::signed(9)), ("on".into(), Type::Bool)],
            span: span(rng),
        },
        StructType {
            name: "State".into(),
            fields: vec![
                ("points".into(), Type::Array(Box::new(Type::Struct(StructId::new(0))), 2)),
                ("state".into(), Type::Enum(EnumId::new(2))),
            ],
            span: span(rng),
        },
    ];
    Types { enums, structs }
}

/// The types that nets and variables are made of.
fn value_types() -> Vec<Type> {
    vec![
        Type::Bool,
        Type::unsigned(1),
        Type::unsigned(8),
        Type::signed(12),
        Type::int(-3i64, 900i64),
        Type::unsigned(130),
        Type::Int(Range::UNBOUNDED),
        Type::Int(Range { min: Some(Int::ZERO), max: None }),
        Type::Enum(EnumId::new(0)),
        Type::Enum(EnumId::new(1)),
        Type::Enum(EnumId::new(2)),
        Type::Struct(StructId::new(0)),
        Type::Struct(StructId::new(1)),
        Type::Array(Box::new(Type::unsigned(8)), 5),
        Type::Array(Box::new(Type::Array(Box::new(Type::Bool), 2)), 3),
    ]
}

/// A value of the type.
pub fn random_value(ty: &Type, types: &Types, rng: &mut Rng) -> Value {
    match ty {
        Type::Bool => Value::Bool(rng.chance(2)),
        Type::Int(range) => {
            let width = range.width_bits().unwrap_or(200);
            let mut value = Int::from(rng.next());
            for _ in 0..width / 64 {
                value = value.shl(64).add(&Int::from(rng.next()));
            }
            let bounded = Range {
                min: range.min.clone().or_else(|| Some((-1000i64).into())),
                max: range.max.clone().or_else(|| Some(Int::power_of_two(200))),
            };
            Value::Int(bounded.wrap(&value))
        }
        Type::Enum(id) => Value::Enum(rng.below(types.enums[id.index()].members.len()) as u32),
        Type::Array(element, length) => {
            let same = random_value(element, types, rng);
            let repeat = rng.chance(2);
            let mut value = |_| if repeat { same.clone() } else { random_value(element, types, rng) };
            Value::Array(Arc::new((0..*length).map(&mut value).collect()))
        }
        Type::Struct(id) => {
            let fields = &types.structs[id.index()].fields;
            Value::Struct(Arc::new(fields.iter().map(|(_, ty)| random_value(ty, types, rng)).collect()))
        }
        Type::Text => Value::Text((*rng.pick(&["", "a text", "\"\\\n\t\u{1}é"])).into()),
        Type::Opaque => Value::Opaque(rng.below(100) as u32),
    }
}

/// A random design that keeps every rule of the verifier.
pub fn random_design(seed: u64) -> Design {
    let mut rng = Rng(seed);
    let rng = &mut rng;
    let mut design = Design { types: sample_types(rng), ..Design::default() };
    design.sources.add("uart.py", "");
    design.sources.add("dir with space/bench \"1\".py", "");
    for index in 0..1 + rng.below(3) {
        let module = random_module(&design, index, rng);
        design.modules.push(module);
    }
    design.top = Some(ModuleId::new(design.modules.len() - 1));
    design
}

fn random_module(design: &Design, index: usize, rng: &mut Rng) -> Module {
    let mut module =
        Module::new(if rng.chance(2) { "fifo".to_owned() } else { name(rng, "m", index) }, span(rng));
    if rng.chance(2) {
        module.doc = Some((*rng.pick(&["one line", "two\nlines", "", "ends\n"])).to_owned());
    }
    if rng.chance(2) {
        module.params.push(("divisor".to_owned(), "868".to_owned()));
        module.params.push(("odd name".to_owned(), "'\"x\"'".to_owned()));
    }
    let directions = [Direction::In, Direction::Out, Direction::InOut];
    for ty in value_types() {
        let init = random_value(&ty, &design.types, rng);
        let mut net = Net::new(format!("{}_{}", name(rng, "n", 0), module.nets.len()), ty, init, span(rng));
        net.wraps = rng.chance(4);
        net.comment = comment(rng);
        if rng.chance(6) {
            net.kind = NetKind::Delayed(1 + rng.below(9) as u64);
        }
        match rng.chance(3) {
            true => module.add_port(net, *rng.pick(&directions)),
            false => module.add_net(net),
        };
    }
    // The driver may stand before what it drives.
    let mut driver = Net::new("driver", Type::unsigned(8), Value::Z, span(rng));
    driver.kind = NetKind::Driver(NetId::new(module.nets.len() + 1));
    module.add_net(driver);
    let mut resolved = Net::new("resolved", Type::unsigned(8), Value::Z, span(rng));
    resolved.kind = NetKind::TriState;
    module.add_net(resolved);
    module.add_net(Net::new("object", Type::Opaque, Value::Opaque(7), span(rng)));
    module.add_net(Net::new("words", Type::Text, Value::Text("a\nb".into()), span(rng)));
    if rng.chance(3) {
        module.ports.reverse();
    }
    for (at, inside) in design.modules.iter().enumerate() {
        let connections = inside
            .ports
            .iter()
            .map(|port| {
                let ty = &inside.net(port.net).ty;
                let fits = |net: &Net| net.ty == *ty && net.kind != NetKind::TriState;
                NetId::new(module.nets.iter().position(fits).expect("every type has a net"))
            })
            .collect();
        let name = name(rng, "u", at);
        module.add_instance(Instance { name, module: ModuleId::new(at), connections, span: span(rng) });
    }
    for at in 0..1 + rng.below(4) {
        let process = random_process(design, &module, at, rng);
        module.add_process(process);
    }
    if rng.chance(3) {
        module.items.reverse();
    }
    if rng.chance(3) {
        let text = (*rng.pick(&["assign x = ${a};\nassign y = \"q\";\n", "one line", ""])).to_owned();
        let mut drives = Vec::new();
        for net in (0..module.nets.len()).map(NetId::new) {
            if module.direction(net) != Some(Direction::In) && rng.chance(3) {
                drives.push((net, *rng.pick(&[Assigned::Procedure, Assigned::Wire])));
            }
        }
        let bools = nets_of(&module, |net| net.ty == Type::Bool);
        let inner: Vec<NetId> = bools.into_iter().filter(|net| module.direction(*net).is_none()).collect();
        let lists = match inner.is_empty() || rng.chance(3) {
            true => Vec::new(),
            false => vec![ForeignList { name: "a list".into(), elements: inner }],
        };
        let (language, at) = (Language::Verilog, span(rng));
        module.foreign.push(Foreign { language, text: text.clone(), lists: lists.clone(), drives, span: at });
        let (language, drives) = (Language::C, Vec::new());
        module.foreign.push(Foreign { language, text, lists, drives, span: Span::NONE });
    }
    module
}

fn random_process(design: &Design, module: &Module, at: usize, rng: &mut Rng) -> Process {
    let bools: Vec<NetId> = nets_of(module, |net| net.ty == Type::Bool);
    let edges = [Edge::Any, Edge::Rising, Edge::Falling];
    let kind = match rng.below(3) {
        0 => ProcessKind::Comb { sensitivity: (0..rng.below(4)).map(NetId::new).collect() },
        1 => ProcessKind::Clocked {
            events: (0..1 + rng.below(2))
                .map(|_| Event { net: *rng.pick(&bools), edge: *rng.pick(&edges) })
                .collect(),
            reset: rng.chance(2).then(|| Reset {
                net: *rng.pick(&bools),
                active_high: rng.chance(2),
                is_async: rng.chance(2),
                spares: (0..rng.below(3)).map(NetId::new).collect(),
            }),
        },
        _ => ProcessKind::Timed,
    };
    let body = if rng.chance(6) {
        ProcessBody::Host(HostBody { handle: rng.below(1000) as u32, reason: random_reasons(rng) })
    } else {
        ProcessBody::Ir(random_body(design, module, kind == ProcessKind::Timed, rng))
    };
    Process { name: name(rng, "p", at), kind, body, doc: comment(rng), span: span(rng) }
}

fn random_reasons(rng: &mut Rng) -> Vec<pyhw_diagnostics::Diagnostic> {
    use pyhw_diagnostics::{Code, Diagnostic, Severity};
    (0..rng.below(3))
        .map(|_| {
            let reason = Diagnostic::new(Code::PH0201, span(rng), "a `class` in a process")
                .at(*rng.pick(&["", "here"]))
                .severity(*rng.pick(&[Severity::Note, Severity::Warning, Severity::Error, Severity::Bug]));
            let reason = reason.label(span(rng), "it begins\nhere").note("a note").help("help");
            if rng.chance(2) { reason } else { Diagnostic::new(Code::PH0204, Span::NONE, "") }
        })
        .collect()
}

fn nets_of(module: &Module, fits: impl Fn(&Net) -> bool) -> Vec<NetId> {
    (0..module.nets.len()).map(NetId::new).filter(|id| fits(module.net(*id))).collect()
}

struct BodyGen<'a> {
    design: &'a Design,
    module: &'a Module,
    timed: bool,
    body: Body,
    /// Expressions without texts in them, and all.
    plain: Vec<ExprId>,
    all: Vec<ExprId>,
    stores: Vec<NetId>,
    open: Vec<(LabelId, bool)>,
}

fn random_body(design: &Design, module: &Module, timed: bool, rng: &mut Rng) -> Body {
    let stores = nets_of(module, |net| {
        net.kind != NetKind::TriState && net.ty != Type::Opaque && (timed || net.ty != Type::Text)
    });
    let mut body_gen = BodyGen {
        design,
        module,
        timed,
        body: Body::default(),
        plain: Vec::new(),
        all: Vec::new(),
        stores,
        open: Vec::new(),
    };
    let this = &mut body_gen;
    for (index, ty) in value_types().into_iter().enumerate() {
        let shared = if rng.chance(2) { "x".to_owned() } else { name(rng, "v", index) };
        let var = Var { name: shared, ty: ty.clone(), wraps: rng.chance(4), span: span(rng) };
        let id = this.body.add_var(var);
        let init = random_value(&ty, &design.types, rng);
        let value = this.body.exprs.constant(init, ty, Span::NONE);
        let kind = StmtKind::Assign { place: Place::var(id), value };
        this.body.stmts.push(Stmt::new(kind, span(rng)));
    }
    this.atoms(rng);
    this.grow(40, rng);
    let stmts = this.stmts(0, rng);
    this.body.stmts.extend(stmts);
    body_gen.body
}

impl BodyGen<'_> {
    fn atoms(&mut self, rng: &mut Rng) {
        for id in nets_of(self.module, |net| net.ty != Type::Opaque) {
            let ty = self.module.net(id).ty.clone();
            let expr = self.body.exprs.net(id, &ty, Span::NONE);
            self.add(expr, ty == Type::Text);
        }
        for index in 0..self.body.vars.len() {
            let ty = self.body.vars[index].ty.clone();
            let expr = self.body.exprs.var(VarId::new(index), &ty, Span::NONE);
            self.add(expr, false);
        }
        for ty in value_types() {
            let value = random_value(&ty, &self.design.types, rng);
            let expr = self.body.exprs.constant(value, ty, Span::NONE);
            self.add(expr, false);
        }
        for value in [-1i64, 0, 1, 2, 5, 300] {
            let expr = self.body.exprs.int(value, Span::NONE);
            self.add(expr, false);
        }
        let text = random_value(&Type::Text, &self.design.types, rng);
        let expr = self.body.exprs.constant(text, Type::Text, Span::NONE);
        self.add(expr, true);
    }

    fn add(&mut self, expr: ExprId, text: bool) {
        self.all.push(expr);
        if !text {
            self.plain.push(expr);
        }
    }

    /// Adds expressions, each by a random row of the table with operands that suit it.
    fn grow(&mut self, count: usize, rng: &mut Rng) {
        for _ in 0..count {
            let row = rng.pick(TABLE);
            self.grow_by(row.mnemonic, 60, rng);
        }
    }

    fn grow_by(&mut self, mnemonic: &str, tries: usize, rng: &mut Rng) -> Option<ExprId> {
        for _ in 0..tries {
            let op = random_op(mnemonic, rng);
            let args: Vec<ExprId> =
                (0..operand_count(&op, &self.design.types, rng)).map(|_| *rng.pick(&self.all)).collect();
            if op == Op::IsZ && !args.iter().all(|arg| self.may_be_z(*arg)) {
                continue;
            }
            let text = mnemonic == "format" || args.iter().any(|arg| !self.plain.contains(arg));
            if let Ok(expr) = self.body.exprs.op(op, &args, &self.design.types, Span::NONE) {
                self.add(expr, text);
                return Some(expr);
            }
        }
        None
    }

    /// Whether it reads a tri-state net or a driver.
    fn may_be_z(&self, id: ExprId) -> bool {
        matches!(self.body.exprs.kind(id), ExprKind::Net(net) if self.module.net(*net).kind.may_be_z())
    }

    /// An expression whose type fits.
    fn expr(&self, fits: impl Fn(&Type) -> bool, rng: &mut Rng) -> Option<ExprId> {
        let pool = if self.timed { &self.all } else { &self.plain };
        let list: Vec<ExprId> = pool.iter().copied().filter(|&id| fits(self.body.exprs.ty(id))).collect();
        if list.is_empty() { None } else { Some(*rng.pick(&list)) }
    }

    fn cond(&self, rng: &mut Rng) -> ExprId {
        self.expr(|ty| *ty == Type::Bool, rng).expect("there are booleans")
    }

    fn int(&self, rng: &mut Rng) -> ExprId {
        self.expr(|ty| ty.range().is_some(), rng).expect("there are integers")
    }

    fn message(&self, rng: &mut Rng) -> ExprId {
        let list: Vec<ExprId> =
            self.all.iter().copied().filter(|&id| *self.body.exprs.ty(id) == Type::Text).collect();
        *rng.pick(&list)
    }

    fn stmts(&mut self, depth: usize, rng: &mut Rng) -> Vec<Stmt> {
        let count = rng.below(if depth == 0 { 10 } else { 4 });
        let mut stmts = Vec::new();
        for _ in 0..count {
            self.grow(2, rng);
            let Some(kind) = self.stmt(depth, rng) else { continue };
            let mut stmt = Stmt::new(kind, span(rng));
            stmt.comments.leading.extend(comment(rng));
            stmt.comments.leading.extend(comment(rng));
            stmt.comments.trailing = comment(rng);
            stmts.push(stmt);
        }
        stmts
    }

    fn stmt(&mut self, depth: usize, rng: &mut Rng) -> Option<StmtKind> {
        let deep = depth < 4;
        Some(match rng.below(17) {
            0 | 1 => {
                let (path, value) = self.store(None, rng)?;
                StmtKind::Assign { place: path, value }
            }
            2 | 3 => {
                let net = *rng.pick(&self.stores);
                let (place, value) = self.store(Some(net), rng)?;
                StmtKind::Next { place, value }
            }
            4 if deep => StmtKind::If {
                arms: (0..1 + rng.below(3)).map(|_| (self.cond(rng), self.stmts(depth + 1, rng))).collect(),
                orelse: self.stmts(depth + 1, rng),
            },
            5 if deep => self.switch(depth, rng),
            6 if deep => {
                let counters: Vec<usize> =
                    (0..self.body.vars.len()).filter(|&at| self.body.vars[at].ty.range().is_some()).collect();
                let at = *rng.pick(&counters);
                let single = self.body.vars[at].ty.range()?.width_bits() == Some(1);
                let (start, stop, step) = if single { (0i64, 1, 5) } else { (90, -1, -3) };
                let label = self.label(true, rng);
                let body = self.labelled(depth, rng);
                StmtKind::For {
                    label,
                    var: VarId::new(at),
                    start: start.into(),
                    stop: stop.into(),
                    step: step.into(),
                    body,
                }
            }
            7 if deep => {
                let cond = self.cond(rng);
                let label = self.label(true, rng);
                StmtKind::While { label, cond, body: self.labelled(depth, rng) }
            }
            8 if deep => {
                let label = self.label(false, rng);
                StmtKind::Block { label, body: self.labelled(depth, rng) }
            }
            9 => StmtKind::Break(rng.pick(&self.open.first().map(|_| self.open.clone())?).0),
            10 => {
                let loops: Vec<LabelId> = self.open.iter().filter(|open| open.1).map(|open| open.0).collect();
                loops.first()?;
                StmtKind::Continue(*rng.pick(&loops))
            }
            11 if self.timed => StmtKind::Wait((0..rng.below(3)).map(|_| self.wait(0, rng)).collect()),
            12 => {
                StmtKind::Assert { cond: self.cond(rng), message: rng.chance(2).then(|| self.message(rng)) }
            }
            13 => StmtKind::Print { text: self.message(rng) },
            14 => match rng.below(3) {
                0 => StmtKind::Raise { exception: "ValueError".into(), message: Some(self.message(rng)) },
                1 => StmtKind::Raise { exception: "a.b".into(), message: None },
                _ => StmtKind::Finish { message: rng.chance(2).then(|| self.message(rng)) },
            },
            15 => StmtKind::Return,
            // On some path only: what is surely unset must not be read.
            16 => {
                let unset = StmtKind::Unset(VarId::new(rng.below(self.body.vars.len())));
                StmtKind::If {
                    arms: vec![(self.cond(rng), vec![Stmt::new(unset, Span::NONE)])],
                    orelse: vec![],
                }
            }
            _ => return None,
        })
    }

    fn label(&mut self, is_loop: bool, rng: &mut Rng) -> LabelId {
        let label = self.body.add_label(*rng.pick(&["loop", "inner", "for x"]));
        self.open.push((label, is_loop));
        label
    }

    fn labelled(&mut self, depth: usize, rng: &mut Rng) -> Vec<Stmt> {
        let body = self.stmts(depth + 1, rng);
        self.open.pop();
        body
    }

    fn wait(&self, depth: usize, rng: &mut Rng) -> Wait {
        let bools = nets_of(self.module, |net| net.ty == Type::Bool);
        match rng.below(if depth < 2 { 4 } else { 3 }) {
            0 => Wait::Event(Event { net: *rng.pick(&bools), edge: Edge::Rising }),
            1 => Wait::Event(Event { net: NetId::new(rng.below(4)), edge: Edge::Any }),
            2 => Wait::Delay(self.int(rng)),
            _ => Wait::Join((0..1 + rng.below(3)).map(|_| self.wait(depth + 1, rng)).collect()),
        }
    }

    fn switch(&mut self, depth: usize, rng: &mut Rng) -> StmtKind {
        let fits = |ty: &Type| matches!(ty, Type::Bool | Type::Int(_) | Type::Enum(_));
        let subject = self.expr(fits, rng).expect("there are integers");
        let ty = self.body.exprs.ty(subject).clone();
        let mut values: Vec<Value> = Vec::new();
        for _ in 0..rng.below(9) {
            let value = random_value(&ty, &self.design.types, rng);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let covers = match &ty {
            Type::Bool => values.len() == 2,
            Type::Enum(id) => values.len() == self.design.types.enums[id.index()].members.len(),
            _ => false,
        };
        let mut arms: Vec<SwitchArm> = Vec::new();
        for value in values {
            match arms.last_mut().filter(|_| rng.chance(3)) {
                Some(arm) => arm.values.push(value),
                None => arms.push(SwitchArm { values: vec![value], body: self.stmts(depth + 1, rng) }),
            }
        }
        let default = (!covers || rng.chance(2)).then(|| self.stmts(depth + 1, rng));
        StmtKind::Switch { subject, arms, default }
    }

    /// A place in a net or a variable, and a value for it.
    fn store(&mut self, net: Option<NetId>, rng: &mut Rng) -> Option<(Place, ExprId)> {
        let (mut place, mut ty) = match net {
            Some(net) => (Place::net(net), self.module.net(net).ty.clone()),
            None => {
                let at = rng.below(self.body.vars.len());
                (Place::var(VarId::new(at)), self.body.vars[at].ty.clone())
            }
        };
        if net.is_some_and(|net| matches!(self.module.net(net).kind, NetKind::Driver(_))) && rng.chance(2) {
            let z = self.body.exprs.constant(Value::Z, ty.clone(), Span::NONE);
            let cond = self.cond(rng);
            let value = self.expr(|of| accepts(&ty, of), rng)?;
            let mux = self.body.exprs.op(Op::Mux, &[cond, value, z], &self.design.types, Span::NONE);
            return Some((place, if rng.chance(2) { z } else { mux.ok()? }));
        }
        while rng.chance(2) {
            match &ty {
                Type::Array(element, _) => {
                    place.path.push(Projection::Index(self.int(rng)));
                    ty = (**element).clone();
                }
                Type::Struct(id) => {
                    let field = rng.below(2);
                    place.path.push(Projection::Field(field as u32));
                    ty = self.design.types.structs[id.index()].fields[field].1.clone();
                }
                Type::Int(_) if rng.chance(2) => {
                    place.path.push(Projection::Bit(self.int(rng)));
                    return Some((place, self.cond(rng)));
                }
                Type::Int(_) => {
                    place
                        .path
                        .push(Projection::Slice { low: self.int(rng), width: 1 + rng.below(20) as u32 });
                    return Some((place, self.int(rng)));
                }
                _ => break,
            }
        }
        let value = self.expr(|of| accepts(&ty, of), rng)?;
        Some((place, value))
    }
}

/// A design whose one process prints every operator of the table at least once.
pub fn every_operator() -> Design {
    let mut rng = Rng(1);
    let rng = &mut rng;
    let mut design = Design { types: sample_types(rng), ..Design::default() };
    design.sources.add("uart.py", "");
    design.sources.add("bench.py", "");
    let mut module = random_module(&design, 0, rng);
    let mut body_gen = BodyGen {
        design: &design,
        module: &module,
        timed: true,
        body: Body::default(),
        plain: Vec::new(),
        all: Vec::new(),
        stores: Vec::new(),
        open: Vec::new(),
    };
    for ty in value_types() {
        body_gen.body.add_var(Var { name: "x".into(), ty, wraps: false, span: Span::NONE });
    }
    // Variables are left out: nothing is assigned to them.
    body_gen.atoms(rng);
    let is_var = |body: &Body, id: &ExprId| matches!(body.exprs.kind(*id), ExprKind::Var(_));
    let body = &body_gen.body;
    body_gen.all.retain(|id| !is_var(body, id));
    body_gen.plain.retain(|id| !is_var(body, id));
    for row in TABLE {
        let expr = body_gen
            .grow_by(row.mnemonic, 100_000, rng)
            .unwrap_or_else(|| panic!("no operands for {}", row.mnemonic));
        let template =
            Template { pieces: vec![Piece::Operand { conversion: Conversion::Format, spec: String::new() }] };
        let op = Op::Format { template: Box::new(template) };
        let text =
            body_gen.body.exprs.op(op, &[expr], &design.types, Span::NONE).expect("format takes anything");
        body_gen.body.stmts.push(Stmt::new(StmtKind::Print { text }, Span::NONE));
    }
    let body = ProcessBody::Ir(body_gen.body);
    module.add_process(Process {
        name: "operators".into(),
        kind: ProcessKind::Timed,
        body,
        doc: None,
        span: Span::NONE,
    });
    design.modules.push(module);
    design.top = Some(ModuleId::new(0));
    design
}

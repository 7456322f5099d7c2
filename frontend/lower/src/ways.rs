//! The ways along which a function changes what is around it, through its local names too.
//!
//! ```text
//! for box in boxes:            boxes[…].x is changed
//!     box.x = 9
//! row = table[0]               table[…][…] is changed
//! row[1] = 8
//! clear(rows[0])               rows[0][…] is changed, if `clear` stores into elements of its parameter
//! ```
//!
//! A local name stands for everything that some statement binds it to, whatever the path: what is told as changed may not be.

use crate::lowerer::Context;
use crate::reach::step;
use pyhw_elaborate::{Binding, Function};
use pyhw_syntax::ast::{Argument, Clause, Comprehension, Expr, ExprKind, FunctionDef, Stmt, StmtKind};
use pyhw_syntax::names::{Path, Segment};
use pyhw_syntax::visit::{Visitor, walk_block, walk_comprehension, walk_expr, walk_stmt, walk_target};

/// How many names may stand one for the other, and how many calls one in the other, until a way is given up.
const DEEPEST: usize = 6;

/// The binding that a way begins with, and the steps from there to what is changed.
pub type Way<'a> = (&'a Binding, Vec<Segment>);

/// The ways to what a function stores into, to what it changes in place, and to what it calls one of these methods of.
pub fn ways<'a>(
    cx: &Context<'a>,
    function: &'a Function,
    def: &FunctionDef,
    methods: &[&str],
) -> Vec<Way<'a>> {
    let does = Does::of(cx, function, def, methods, DEEPEST);
    let mut found = Vec::new();
    for changed in &does.changed {
        for Path { root, segments } in does.outward(changed) {
            // A method names the object that it belongs to by its first parameter.
            let own = def.params.first().filter(|own| own.name.name == root);
            let receiver = own.and(function.receiver.as_ref());
            found.extend(receiver.or_else(|| function.names.get(&root)).map(|binding| (binding, segments)));
        }
    }
    found
}

/// What a function does by its names.
struct Does<'m> {
    methods: &'m [&'m str],
    /// What is changed.
    changed: Vec<Path>,
    /// What names are bound to: each may have several.
    bound: Vec<(String, Path)>,
    /// What is called, and where the arguments are.
    calls: Vec<(Path, Vec<(Handed, Path)>)>,
}

/// How an argument reaches its parameter.
enum Handed {
    Position(usize),
    Name(String),
}

impl<'m> Does<'m> {
    fn of(
        cx: &Context<'_>,
        function: &Function,
        def: &FunctionDef,
        methods: &'m [&'m str],
        depth: usize,
    ) -> Does<'m> {
        let mut does = Does { methods, changed: Vec::new(), bound: Vec::new(), calls: Vec::new() };
        walk_block(&mut does, &def.body);
        for (callee, args) in std::mem::take(&mut does.calls) {
            for called in does.outward(&callee) {
                does.changed.extend(by_call(cx, function, &called, &args, methods, depth));
            }
        }
        does
    }

    /// Notes a change. The next values of signals are no part of what is around.
    fn change(&mut self, path: Option<Path>) {
        let is_next = |segment: &Segment| matches!(segment, Segment::Attribute(name) if name == "next");
        self.changed.extend(path.filter(|path| !path.segments.iter().any(is_next)));
    }

    /// The path by all names that its root may stand for, itself first.
    fn outward(&self, path: &Path) -> Vec<Path> {
        let mut found = vec![path.clone()];
        let mut begun = 0;
        for _ in 0..DEEPEST {
            let end = found.len();
            for at in begun..end {
                let Path { root, segments } = found[at].clone();
                let meanings = self.bound.iter().filter(|(name, _)| *name == root).map(|(_, meant)| meant);
                for meant in meanings {
                    let segments = meant.segments.iter().chain(&segments).cloned().collect();
                    let longer = Path { root: meant.root.clone(), segments };
                    if !found.contains(&longer) {
                        found.push(longer);
                    }
                }
            }
            begun = end;
        }
        found
    }

    /// Notes what the names of a target are bound to.
    fn bind(&mut self, target: &Expr, values: &[Path]) {
        match &target.kind {
            ExprKind::Name(name) => {
                self.bound.extend(values.iter().map(|value| (name.clone(), value.clone())));
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                // `for i, row in enumerate(rows)`: a name takes an element as often as an element of one.
                let within: Vec<Path> = values.iter().map(element).chain(values.iter().cloned()).collect();
                targets.iter().for_each(|target| self.bind(target, &within));
            }
            ExprKind::Starred(inner) => self.bind(inner, values),
            _ => {}
        }
    }
}

/// What a call changes of its arguments, in the caller's names.
fn by_call(
    cx: &Context<'_>,
    caller: &Function,
    callee: &Path,
    args: &[(Handed, Path)],
    methods: &[&str],
    depth: usize,
) -> Vec<Path> {
    let mut changed = Vec::new();
    let Some(depth) = depth.checked_sub(1) else { return changed };
    let Some(from) = caller.names.get(&callee.root) else { return changed };
    let ends = callee.segments.iter().fold(vec![from], |places, segment| {
        places.into_iter().flat_map(|place| step(cx, place, segment)).collect()
    });
    for end in ends {
        let Binding::Function(id) = end else { continue };
        let function = cx.elaborated.function(*id);
        let Some(def) = cx.parsed.function(function) else { continue };
        let does = Does::of(cx, function, def, methods, depth);
        let first = usize::from(function.receiver.is_some());
        for path in does.changed.iter().flat_map(|changed| does.outward(changed)) {
            let parameter = def.params.iter().position(|own| own.name.name == path.root);
            let handed = args.iter().filter(|(handed, _)| match handed {
                Handed::Position(at) => Some(at + first) == parameter,
                Handed::Name(name) => *name == path.root,
            });
            changed.extend(handed.map(|(_, arg)| {
                let segments = arg.segments.iter().chain(&path.segments).cloned().collect();
                Path { root: arg.root.clone(), segments }
            }));
        }
    }
    changed
}

/// The objects that an expression may be, as far as they have names.
fn meant(expr: &Expr) -> Vec<Path> {
    match &expr.kind {
        ExprKind::Conditional { body, orelse, .. } => [meant(body), meant(orelse)].concat(),
        ExprKind::Walrus { value, .. } => meant(value),
        _ => Path::of(expr).into_iter().collect(),
    }
}

/// What is gone through: of a call, as `zip` and `reversed` are, its arguments.
fn gone_through(iter: &Expr) -> Vec<Path> {
    match &iter.kind {
        ExprKind::Call { args, .. } => args.iter().flat_map(|arg| gone_through(arg.value())).collect(),
        ExprKind::Tuple(values) | ExprKind::List(values) => values.iter().flat_map(meant).collect(),
        _ => meant(iter).iter().map(element).collect(),
    }
}

fn element(of: &Path) -> Path {
    let segments = of.segments.iter().cloned().chain([Segment::Index]).collect();
    Path { root: of.root.clone(), segments }
}

impl<'a> Visitor<'a> for Does<'_> {
    fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                for target in targets {
                    match (&target.kind, &value.kind) {
                        (ExprKind::Tuple(targets), ExprKind::Tuple(values))
                            if targets.len() == values.len() =>
                        {
                            for (target, value) in targets.iter().zip(values) {
                                self.bind(target, &meant(value));
                            }
                        }
                        _ => self.bind(target, &meant(value)),
                    }
                }
            }
            StmtKind::AnnAssign { target, value: Some(value), .. } => self.bind(target, &meant(value)),
            StmtKind::For { target, iter, .. } => self.bind(target, &gone_through(iter)),
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn comprehension(&mut self, comprehension: &'a Comprehension) {
        for Clause { target, iter, .. } in &comprehension.clauses {
            self.bind(target, &gone_through(iter));
        }
        walk_comprehension(self, comprehension);
    }

    fn target(&mut self, target: &'a Expr) {
        // A name that is bound once more is another one, and changes nothing.
        self.change(Path::of(target).filter(|path| !path.segments.is_empty()));
        walk_target(self, target);
    }

    fn update(&mut self, target: &'a Expr) {
        self.change(Path::of(target));
        walk_target(self, target);
    }

    fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Walrus { target, value } => {
                let values = meant(value);
                self.bound.extend(values.into_iter().map(|value| (target.name.clone(), value)));
            }
            ExprKind::Call { function, args } => {
                if let ExprKind::Attribute { value, attr } = &function.kind
                    && self.methods.contains(&attr.name.as_str())
                {
                    self.change(Path::of(value));
                }
                let handed = args.iter().enumerate().flat_map(|(at, arg)| {
                    let how = move || match arg {
                        Argument::Name(name, _) => Handed::Name(name.name.clone()),
                        Argument::Position(_) | Argument::Star(_) | Argument::DoubleStar(_) => {
                            Handed::Position(at)
                        }
                    };
                    meant(arg.value()).into_iter().map(move |path| (how(), path))
                });
                let handed: Vec<_> = handed.collect();
                self.calls.extend(Path::of(function).map(|callee| (callee, handed)));
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}

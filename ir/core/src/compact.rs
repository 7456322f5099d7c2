//! The canonical form of bodies: what equality of designs is meant to compare.

use crate::design::{Body, Design, LabelId, Process, ProcessBody};
use crate::expr::{ExprId, ExprKind, Exprs};
use crate::rewrite::{Rewrite, rewrite_stmts};

impl Design {
    /// The same design with every body [compact](Body::compact), and without source files that nothing names. The text form keeps exactly
    /// this (and of the source files their names).
    pub fn compact(&self) -> Design {
        let mut design = self.clone();
        for process in design.modules.iter_mut().flat_map(|module| &mut module.processes) {
            process.make_compact();
        }
        design.with_named_files()
    }
}

impl Process {
    fn make_compact(&mut self) {
        match &mut self.body {
            ProcessBody::Ir(body) => *body = body.compact(),
            ProcessBody::Host(_) => {}
        }
    }
}

impl Body {
    /// The same body with its expressions and labels numbered in the order of their first use by the statements, those that no
    /// statement uses left out. Ids that are out of range stay what they are.
    pub fn compact(&self) -> Body {
        let mut compact = Compact {
            from: &self.exprs,
            to: Exprs::new(),
            exprs: vec![None; self.exprs.len()],
            names: &self.labels,
            labels: vec![None; self.labels.len()],
            kept: Vec::new(),
        };
        let stmts = rewrite_stmts(&self.stmts, &mut compact);
        let labels = compact.kept.iter().map(|&id| self.labels[id].clone()).collect();
        Body { vars: self.vars.clone(), exprs: compact.to, labels, stmts }
    }
}

struct Compact<'a> {
    from: &'a Exprs,
    to: Exprs,
    exprs: Vec<Option<ExprId>>,
    names: &'a [String],
    labels: Vec<Option<LabelId>>,
    kept: Vec<usize>,
}

impl Rewrite for Compact<'_> {
    fn expr(&mut self, root: ExprId) -> ExprId {
        // Iterative, because a graph may be deeper than the stack; one table for all roots, so that the whole takes linear time.
        let mut stack = vec![root];
        while let Some(&id) = stack.last() {
            if id.index() >= self.exprs.len() || self.exprs[id.index()].is_some() {
                stack.pop();
                continue;
            }
            // Only a malformed arena has operands that do not come before their user; following them might never end.
            let missing = |arg: &ExprId| *arg < id && self.exprs[arg.index()].is_none();
            let before = stack.len();
            stack.extend(self.from.operands(id).iter().rev().filter(|arg| missing(arg)));
            if stack.len() > before {
                continue;
            }
            let kind = match self.from.kind(id) {
                ExprKind::Op(op, args) => {
                    let new = |arg: &ExprId| if *arg < id { self.exprs[arg.index()] } else { None };
                    ExprKind::Op(op.clone(), args.iter().map(|arg| new(arg).unwrap_or(*arg)).collect())
                }
                kind @ (ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_)) => kind.clone(),
            };
            self.exprs[id.index()] = Some(self.to.intern(kind, self.from.ty(id).clone(), self.from.span(id)));
            stack.pop();
        }
        self.exprs.get(root.index()).copied().flatten().unwrap_or(root)
    }

    fn label(&mut self, id: LabelId) -> LabelId {
        if id.index() >= self.names.len() {
            return id;
        }
        *self.labels[id.index()].get_or_insert_with(|| {
            self.kept.push(id.index());
            LabelId::new(self.kept.len() - 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Body, ExprId, Op, Place, Stmt, StmtKind, Type, Types, Var};
    use pyhw_diagnostics::Span;

    fn store(body: &mut Body, value: ExprId) {
        let var = body.add_var(Var { name: "x".into(), ty: Type::Bool, wraps: false, span: Span::NONE });
        let kind = StmtKind::Assign { place: Place::var(var), value };
        body.stmts.push(Stmt::new(kind, Span::NONE));
    }

    #[test]
    fn bodies_that_differ_in_numbering_only_become_equal() {
        let types = Types::default();
        let mut one = Body::default();
        let a = one.exprs.int(1i64, Span::NONE);
        let b = one.exprs.int(2i64, Span::NONE);
        let sum = one.exprs.op(Op::Add, &[b, a], &types, Span::NONE).unwrap();
        store(&mut one, sum);

        let mut other = Body::default();
        other.exprs.int(77i64, Span::NONE);
        let b = other.exprs.int(2i64, Span::NONE);
        let a = other.exprs.int(1i64, Span::NONE);
        let sum = other.exprs.op(Op::Add, &[b, a], &types, Span::NONE).unwrap();
        store(&mut other, sum);

        assert_ne!(one, other);
        assert_eq!(one.compact(), other.compact());
        assert_eq!(one.compact().exprs.len(), 3);
        assert_eq!(one.compact().compact(), one.compact());
    }

    #[test]
    fn labels_are_numbered_as_they_are_met() {
        let mut body = Body::default();
        body.add_label("unused");
        let outer = body.add_label("outer");
        body.stmts.push(Stmt::new(
            StmtKind::Block { label: outer, body: vec![Stmt::new(StmtKind::Break(outer), Span::NONE)] },
            Span::NONE,
        ));
        assert_eq!(body.compact().labels, ["outer"]);
    }

    #[test]
    fn a_deep_graph_and_a_malformed_one_come_to_an_end() {
        let types = Types::default();
        let mut body = Body::default();
        let mut expr = body.exprs.bool(true, Span::NONE);
        for _ in 0..200_000 {
            expr = body.exprs.op(Op::Not, &[expr], &types, Span::NONE).unwrap();
        }
        store(&mut body, expr);
        assert_eq!(body.compact().exprs.len(), 200_001);

        let mut body = Body::default();
        let own = body.exprs.intern(
            crate::ExprKind::Op(Op::Not, vec![ExprId::new(0)].into()),
            Type::Bool,
            Span::NONE,
        );
        store(&mut body, own);
        store(&mut body, ExprId::new(99));
        assert_eq!(body.compact().exprs.len(), 1);
    }
}

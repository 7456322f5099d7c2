//! What a lowered body may not hold although each of its parts may be there.

use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::verify::MAX_EXPR_DEPTH;
use pyhw_ir::{Body, ExprId, ExprKind, Stmt, StmtKind, Type, walk_stmts};

/// So many operations may stand within each other: passes add to them.
const MOST_WITHIN: usize = MAX_EXPR_DEPTH * 9 / 10;

/// What is told of a text that is no message: hardware has none.
pub fn text_as_value(body: &Body) -> Option<Diagnostic> {
    let mut texts = vec![false; body.exprs.len()];
    for id in body.exprs.ids() {
        let is_made_of_texts = match body.exprs.kind(id) {
            ExprKind::Op(_, args) => args.iter().any(|arg| texts[arg.index()]),
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => false,
        };
        texts[id.index()] = *body.exprs.ty(id) == Type::Text || is_made_of_texts;
    }
    let mut found = None;
    walk_stmts(&body.stmts, &mut |stmt| {
        let values = match &stmt.kind {
            StmtKind::Assert { cond, .. } => vec![*cond],
            StmtKind::Print { .. } | StmtKind::Raise { .. } | StmtKind::Finish { .. } => Vec::new(),
            kind => kind.exprs(),
        };
        let text = values.into_iter().find(|value| texts[value.index()]);
        found = found.or(text.map(|value| place(body, value, stmt)));
    });
    let error = Diagnostic::new(Code::PH0201, found?, "only a generator process keeps and compares texts");
    Some(error.help("choose between prints, or between formats, instead of between texts"))
}

/// What is told of expressions that nest so deep that passes could not add to them any more.
pub fn too_deep(body: &Body) -> Option<Diagnostic> {
    let mut depths = vec![0; body.exprs.len()];
    for id in body.exprs.ids() {
        if let ExprKind::Op(_, args) = body.exprs.kind(id) {
            depths[id.index()] = args.iter().map(|arg| depths[arg.index()] + 1).max().unwrap_or(0);
        }
    }
    let mut found = None;
    walk_stmts(&body.stmts, &mut |stmt| {
        let deep = stmt.kind.exprs().into_iter().find(|id| depths[id.index()] > MOST_WITHIN);
        found = found.or(deep.map(|id| place(body, id, stmt)));
    });
    let message = format!("more than {MOST_WITHIN} operations stand within each other here");
    let error = Diagnostic::new(Code::PH0201, found?, message);
    Some(error.help("give parts of it names of their own: `part = …`"))
}

fn place(body: &Body, id: ExprId, stmt: &Stmt) -> Span {
    match body.exprs.span(id) {
        span if span.is_known() => span,
        _ => stmt.span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_ir::{Op, Place, Types, Var};

    fn storing(body: &mut Body, value: ExprId, ty: Type) {
        let var = body.add_var(Var { name: "v".into(), ty, wraps: false, span: Span::NONE });
        body.stmts.push(Stmt::new(StmtKind::Assign { place: Place::var(var), value }, Span::NONE));
    }

    #[test]
    fn depth_counts_where_a_statement_needs_it() {
        let mut body = Body::default();
        let mut deep = body.exprs.bool(true, Span::NONE);
        for _ in 0..=MOST_WITHIN {
            deep = body.exprs.op(Op::Not, &[deep], &Types::default(), Span::NONE).expect("a truth");
        }
        assert!(too_deep(&body).is_none());
        storing(&mut body, deep, Type::Bool);
        let told = too_deep(&body).expect("it is too deep");
        assert_eq!(told.message, "more than 900 operations stand within each other here");
    }

    #[test]
    fn a_text_is_no_value_outside_of_messages() {
        let mut body = Body::default();
        let text = body.exprs.constant(pyhw_ir::Value::Text("up".into()), Type::Text, Span::NONE);
        body.stmts.push(Stmt::new(StmtKind::Print { text }, Span::NONE));
        assert!(text_as_value(&body).is_none());
        storing(&mut body, text, Type::Text);
        assert!(text_as_value(&body).is_some());
    }
}

//! Comparisons that can only have one answer: `a < 0` of what is never negative, `a == 256` of 8 bits.
//!
//! One place of the text is lowered for each instance of its block, each call of its function and each turn of a loop that is written
//! out. It is told of where all of them give the same answer: for a block of any width, a comparison that one width decides is meant.

use crate::lowerer::{Context, Lowerer};
use crate::value::Val;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{ExprId, ExprKind as Node, Int, Op, Range, Type};
use pyhw_syntax::ast::{self, CompareOp, ExprKind, PatternKind, StmtKind, UnaryOp};
use std::collections::HashMap;

/// What lowering a comparison told of it.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The comparison.
    at: Span,
    /// Its only answer, with what is to be said; nothing where it has two.
    only: Option<(bool, Diagnostic)>,
}

/// The findings that all verdicts of a place bear out, in the order in which the places came.
pub fn findings(verdicts: Vec<Verdict>) -> Vec<Diagnostic> {
    let mut order = Vec::new();
    let mut places: HashMap<Span, Option<(bool, Diagnostic)>> = HashMap::new();
    for verdict in verdicts {
        match places.get_mut(&verdict.at) {
            None => {
                order.push(verdict.at);
                places.insert(verdict.at, verdict.only);
            }
            Some(before) => {
                let is_same = matches!((&*before, &verdict.only), (Some((a, _)), Some((b, _))) if a == b);
                if !is_same {
                    *before = None;
                }
            }
        }
    }
    order.iter().filter_map(|at| places.remove(at)?).map(|(_, finding)| finding).collect()
}

impl<'a> Lowerer<'a> {
    /// Notes what is known of a comparison of a signal or a local with a number of the text. `among` tells that others follow or precede
    /// it in one chain: a part that always holds, as in `0 <= a < 10`, is then there to be read.
    pub fn note_comparison(
        &mut self,
        op: CompareOp,
        (left, left_expr): (&Val<'a>, &ast::Expr),
        (right, right_expr): (&Val<'a>, &ast::Expr),
        among: bool,
    ) {
        let (value, value_expr, op, number, number_expr) = match (left.as_const_int(), right.as_const_int()) {
            (None, Some(number)) => (left, left_expr, op, number, right_expr),
            (Some(number), None) => (right, right_expr, op.mirrored(), number, left_expr),
            _ => return,
        };
        let is_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        // A guard against a constant that has a name is for the day on which it is another one.
        if !(is_number(number_expr) || (is_equality && self.is_named_number(number_expr))) {
            return;
        }
        let Some((range, declared)) = self.declared_range(value) else { return };
        let at = left_expr.span.join(right_expr.span);
        let only = answer(op, &range, &number);
        // A bench tries what should not be, and an assertion says what always holds.
        if only.is_some() && (self.timed || self.asserting || (among && only == Some(true))) {
            return;
        }
        let only = only.map(|answer| {
            let always = if answer { "always" } else { "never" };
            let message = format!(
                "{} is {}, so that this comparison {always} holds",
                what(value_expr),
                range.in_words()
            );
            let finding = Diagnostic::new(Code::PH0320, at, message).label(declared, "declared here");
            let wide = range.union(&Range::exactly(number.clone()));
            (answer, if range.contains(&number) { finding } else { widened(finding, value, &wide) })
        });
        self.verdicts.push(Verdict { at, only });
    }

    /// Notes a comparison of members of two enumerations, which are never equal.
    pub fn note_different_enums(&mut self, op: CompareOp, [a, b]: [ExprId; 2], at: Span) {
        if self.timed || self.asserting {
            return;
        }
        let answer = op == CompareOp::Ne;
        let always = if answer { "always" } else { "never" };
        let (a, b) = (self.kind_of(a), self.kind_of(b));
        let message = format!("{a} is never {b}, so that this comparison {always} holds");
        self.verdicts.push(Verdict { at, only: Some((answer, Diagnostic::new(Code::PH0320, at, message))) });
    }

    /// Notes the numbers in a `case`, as comparisons with what is matched.
    pub fn note_case(&mut self, value: &Val<'a>, subject: &ast::Expr, pattern: &ast::Pattern) {
        match &pattern.kind {
            PatternKind::Or(parts) => parts.iter().for_each(|part| self.note_case(value, subject, part)),
            PatternKind::Class { value: inner, .. } => self.note_case(value, subject, inner),
            PatternKind::Value(number_expr) => {
                let Some(number) = signed_literal(number_expr) else { return };
                let Some((range, declared)) = self.declared_range(value) else { return };
                let is_met = range.contains(&number);
                if self.timed && !is_met {
                    return;
                }
                let only = (!is_met).then(|| {
                    let message =
                        format!("{} is {}, so that this case is never met", what(subject), range.in_words());
                    let finding = Diagnostic::new(Code::PH0320, number_expr.span, message);
                    let finding = finding.label(declared, "declared here");
                    (false, widened(finding, value, &range.union(&Range::exactly(number))))
                });
                self.verdicts.push(Verdict { at: number_expr.span, only });
            }
            PatternKind::Wildcard
            | PatternKind::Capture(_)
            | PatternKind::Sequence(_)
            | PatternKind::As { .. }
            | PatternKind::Unsupported { .. } => {}
        }
    }

    /// The bounds of a signal, of a local `intbv` or of a slice, and where they were declared.
    fn declared_range(&mut self, value: &Val<'a>) -> Option<(Range, Span)> {
        let mut declared = Span::NONE;
        let id = match value {
            Val::Signal(signal) => {
                let of = self.cx.elaborated.signal(signal.like());
                // What nothing drives equals nothing.
                if !matches!(of.kind, pyhw_elaborate::SignalKind::Plain) {
                    return None;
                }
                declared = self.cx.nets.net(crate::process::net_of(self.cx, signal.like())).span;
                match &of.ty {
                    pyhw_elaborate::SignalType::Bool => return Some((Range::new(0i64, 1i64), declared)),
                    pyhw_elaborate::SignalType::Int { range, .. } => range.clone(),
                    _ => return None,
                }
            }
            Val::Var(_, bits) => bits.range.clone(),
            Val::Expr(typed) => match (self.body.exprs.kind(typed.id), self.body.exprs.ty(typed.id)) {
                (Node::Op(Op::Slice { .. } | Op::Bit, _), Type::Int(range)) => range.clone(),
                (Node::Op(Op::Bit, _), Type::Bool) => Range::new(0i64, 1i64),
                _ => return None,
            },
            _ => return None,
        };
        // What holds one value only was made so by a parameter.
        (id.is_bounded() && id.single().is_none()).then_some((id, declared))
    }

    /// Whether it is a name that its module binds once, to a number.
    fn is_named_number(&self, expr: &ast::Expr) -> bool {
        let ExprKind::Name(name) = &expr.kind else { return false };
        let Some(frame) = self.frames.last() else { return false };
        if self.frames.iter().any(|frame| frame.assigned.contains(name) || frame.locals.contains_key(name)) {
            return false;
        }
        let file = self.cx.elaborated.function(frame.home).file;
        is_bound_to_number(self.cx, file, name)
            && self.block.is_none_or(|block| {
                let block = self.cx.elaborated.block(block);
                block.args.iter().chain(&block.locals).all(|named| named.name != *name)
            })
    }
}

fn is_bound_to_number(cx: &Context<'_>, file: pyhw_diagnostics::FileId, name: &str) -> bool {
    let mut bound = cx.parsed.module(file).into_iter().flat_map(|module| &module.body.stmts).filter_map(
        |stmt| match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                let is_it = |target: &ast::Expr| matches!(&target.kind, ExprKind::Name(to) if to == name);
                targets.iter().any(is_it).then_some(value)
            }
            _ => None,
        },
    );
    bound.next().is_some_and(is_number) && bound.next().is_none()
}

/// The number that is written, with its sign.
fn signed_literal(expr: &ast::Expr) -> Option<Int> {
    match &expr.kind {
        ExprKind::Int(value) => Some(Int::from(value.clone())),
        ExprKind::Unary { op: UnaryOp::Minus, operand } => signed_literal(operand).map(|value| value.neg()),
        _ => None,
    }
}

/// Whether it is a number of the text, or computed from such.
fn is_number(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ExprKind::Int(_) => true,
        ExprKind::Unary { op: UnaryOp::Minus | UnaryOp::Plus | UnaryOp::Invert, operand } => {
            is_number(operand)
        }
        ExprKind::Binary { first, rest } => {
            is_number(first) && rest.iter().all(|(_, other)| is_number(other))
        }
        _ => false,
    }
}

/// The only answer that a comparison of something in the range with the number can have.
fn answer(op: CompareOp, range: &Range, number: &Int) -> Option<bool> {
    let (min, max) = range.bounds()?;
    let of_all = |is_true: bool, is_false: bool| match (is_true, is_false) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        (false, false) => None,
    };
    match op {
        CompareOp::Eq => (!range.contains(number)).then_some(false),
        CompareOp::Ne => (!range.contains(number)).then_some(true),
        CompareOp::Lt => of_all(max < number, min >= number),
        CompareOp::Le => of_all(max <= number, min > number),
        CompareOp::Gt => of_all(min > number, max <= number),
        CompareOp::Ge => of_all(min >= number, max < number),
        CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => None,
    }
}

/// The finding with how to declare what would hold the number as well.
fn widened(finding: Diagnostic, value: &Val<'_>, range: &Range) -> Diagnostic {
    match (value, range.width_bits()) {
        (Val::Signal(_), Some(bits)) => {
            let kind = if range.is_signed() { "sint" } else { "uint" };
            finding.help(format!("if it is to hold that number, widen it: `{kind}[{bits}]`"))
        }
        _ => finding,
    }
}

/// The operand in a message.
fn what(expr: &ast::Expr) -> String {
    in_source(expr).map_or_else(|| "this value".to_owned(), |name| format!("`{name}`"))
}

/// What a plain operand is called in the text: `a`, `bus.data`.
fn in_source(expr: &ast::Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Attribute { value, attr } => Some(format!("{}.{}", in_source(value)?, attr.name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_the_only_one_where_every_value_gives_it() {
        let range = Range::new(-2i64, 3i64);
        let ops = [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge];
        for number in -5i64..=6 {
            for op in ops {
                let holds = |value: i64| match op {
                    CompareOp::Eq => value == number,
                    CompareOp::Ne => value != number,
                    CompareOp::Lt => value < number,
                    CompareOp::Le => value <= number,
                    CompareOp::Gt => value > number,
                    _ => value >= number,
                };
                let answers: Vec<bool> = (-2..=3).map(holds).collect();
                let expected = answers.iter().all(|one| *one == answers[0]).then_some(answers[0]);
                assert_eq!(answer(op, &range, &Int::from(number)), expected, "{op:?} {number}");
            }
        }
    }
}

//! Comprehensions, and names that are bound while something is gone through.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Local, SequenceKind, Val};
use pyhw_diagnostics::Span;
use pyhw_elaborate::Const;
use pyhw_ir::{ExprId, Op};
use pyhw_syntax::ast::{self, ExprKind};
use pyhw_syntax::names::bound_by_expr;
use std::rc::Rc;

/// Which elements of a comprehension count, as it is gone through.
struct Reach<'v> {
    /// What an element that a condition leaves out counts as, where whoever takes the elements does not mind how many there are.
    left_out: Option<&'v Const>,
    /// The conditions so far that only a run can tell.
    guard: Option<ExprId>,
}

impl<'a> Lowerer<'a> {
    pub fn comprehension(&mut self, comprehension: &'a ast::Comprehension, span: Span) -> Lowers<Val<'a>> {
        if comprehension.kind == ast::ComprehensionKind::Dict {
            return self.outside(span, "a dict comprehension is not in the subset");
        }
        let saved = self.frame().locals.clone();
        let mut values = Vec::new();
        // What is evaluated inside has its own say.
        let left_out = self.left_out.take();
        let mut reach = Reach { left_out: left_out.as_ref(), guard: None };
        let result = self.clauses(comprehension, 0, &mut reach, &mut values);
        self.frame().locals = saved;
        result?;
        Ok(Val::Sequence(Rc::new(values), SequenceKind::List))
    }

    fn clauses(
        &mut self,
        of: &'a ast::Comprehension,
        depth: usize,
        reach: &mut Reach<'_>,
        into: &mut Vec<Val<'a>>,
    ) -> Lowers<()> {
        let Some(clause) = of.clauses.get(depth) else {
            let reads = self.reads.clone();
            let (stmts, value) = self.in_block(|this| {
                let value = this.eval(&of.element)?;
                if bound_by_expr(&of.element).is_empty() {
                    return Ok(value);
                }
                // What the element binds by `:=` is another value at the next turn.
                this.reads = reads;
                this.snapshot(&value, of.element.span)
            });
            let value = value?;
            let value = match (reach.guard, reach.left_out) {
                (Some(guard), Some(left_out)) => {
                    let other = Val::Const(left_out.clone());
                    let value = match left_out {
                        Const::Bool(_) => self.truth(&value, of.element.span)?,
                        _ => value,
                    };
                    self.choose(guard, (stmts, value), (Vec::new(), other), of.element.span)?
                }
                _ => {
                    self.out.extend(stmts);
                    value
                }
            };
            into.push(value);
            return Ok(());
        };
        let iter = self.eval(&clause.iter)?;
        for element in self.elements(&iter, clause.iter.span)? {
            self.bind_known(&clause.target, element, false)?;
            let mut keep = true;
            let outer = reach.guard;
            for test in &clause.ifs {
                let value = self.eval(test)?;
                match self.truth(&value, test.span)? {
                    Val::Const(Const::Bool(value)) => keep &= value,
                    truth if reach.left_out.is_some() => {
                        let cond = self.expr(&truth, test.span)?.id;
                        reach.guard = Some(match reach.guard {
                            None => cond,
                            Some(before) => self.op(Op::AndThen, &[before, cond], test.span)?,
                        });
                    }
                    _ => {
                        return self.outside(
                            test.span,
                            "this condition must be known when the design is elaborated",
                        );
                    }
                }
            }
            if keep {
                self.clauses(of, depth + 1, reach, into)?;
            }
            reach.guard = outer;
        }
        Ok(())
    }

    /// Binds loop targets to what an element is, without making variables unless the loop may be left in the middle (`lasting`).
    pub fn bind_known(&mut self, target: &'a ast::Expr, value: Val<'a>, lasting: bool) -> Lowers<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                // Where the paths out of the loop meet, it may be one thing or another.
                let varies = lasting || self.frame().rebound.contains(name) || self.has_one_variable(name);
                if varies && matches!(value, Val::Expr(_) | Val::Signal(_) | Val::Const(_) | Val::Instance(_))
                {
                    self.frame().rebound.insert(name.clone());
                    return self.bind(name, &value, target.span);
                }
                let value = if self.is_number_in_list(&value) {
                    // The list may get another number at that place while this one is used.
                    self.snapshot(&value, target.span)?
                } else {
                    value
                };
                self.frame().locals.insert(name.clone(), Local::Known(value));
                Ok(())
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                let elements = self.elements(&value, target.span)?;
                self.unpacked(targets, elements, target.span)?
                    .into_iter()
                    .try_for_each(|(target, element)| self.bind_known(target, element, lasting))
            }
            _ => self.outside(target.span, "a loop counts with plain names"),
        }
    }
}

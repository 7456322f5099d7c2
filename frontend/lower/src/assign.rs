//! Stores: names are bound, signals and locals changed, whole or in part.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{BitsType, Bounds, SequenceKind, Typed, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::StmtKind;
use pyhw_syntax::ast::{self, ExprKind};
use std::rc::Rc;

impl<'a> Lowerer<'a> {
    /// Stores a value into a target.
    pub fn assign(
        &mut self,
        target: &'a ast::Expr,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        self.once_indexed(target, |this| this.assign_indexed(target, value, span, value_span))
    }

    fn assign_indexed(
        &mut self,
        target: &'a ast::Expr,
        value: &Val<'a>,
        span: Span,
        value_span: Span,
    ) -> Lowers<()> {
        if self.assign_picked(target, value, span, value_span)? {
            return Ok(());
        }
        match &target.kind {
            ExprKind::Name(name) => self.bind(name, value, span),
            ExprKind::Attribute { value: of, attr } => {
                let object = self.eval(of)?;
                match (&object, attr.name.as_str()) {
                    (Val::Signal(signal), "next") => {
                        let signal = signal.clone();
                        self.store_signal(&signal, value, span, value_span)
                    }
                    (Val::Instance(id), "next") if self.fields(*id).is_some() => {
                        self.store_struct(&object, value, span, value_span)
                    }
                    (Val::Signal(_), _) => {
                        // Python has these to assign, and what begins with an underscore.
                        let is_there =
                            matches!(&*attr.name, "driven" | "read" | "delay") || attr.name.starts_with('_');
                        let code = if is_there { Code::PH0201 } else { Code::PH0202 };
                        let message = format!("`{}` of a signal cannot be assigned", attr.name);
                        let error = Diagnostic::new(code, span, message)
                            .help("a signal is driven by its `next`: `s.next = …`");
                        self.fail(error)
                    }
                    _ => {
                        let message = format!("a process cannot assign attributes of {}", object.describe());
                        let error = Diagnostic::new(Code::PH0201, span, message);
                        let is_part = matches!(of.kind, ExprKind::Subscript { .. });
                        self.fail(match attr.name == "next" && is_part {
                            true => error.help(
                                "a part is stored into through the `next` of the whole: `s.next[…] = …`",
                            ),
                            false => error,
                        })
                    }
                }
            }
            ExprKind::Subscript { value: of, index } => self.assign_part(of, index, value, span, value_span),
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                let elements = self.elements(value, value_span)?;
                let (targets, elements): (Vec<&'a ast::Expr>, Vec<Val<'a>>) =
                    self.unpacked(targets, elements, span)?.into_iter().unzip();
                if self.exchange(&targets, &elements, span)? {
                    return Ok(());
                }
                let taken = self.taken(&targets, &elements, value_span)?;
                for (target, element) in targets.iter().zip(&taken) {
                    self.assign(target, element, span, value_span)?;
                }
                Ok(())
            }
            _ => self.outside(target.span, "this cannot be assigned in a process"),
        }
    }

    /// Which target takes which value; `*rest` takes those that are left as a list.
    pub fn unpacked(
        &mut self,
        targets: &'a [ast::Expr],
        mut values: Vec<Val<'a>>,
        span: Span,
    ) -> Lowers<Vec<(&'a ast::Expr, Val<'a>)>> {
        let star = targets.iter().position(|target| matches!(target.kind, ExprKind::Starred(_)));
        let fits = match star {
            Some(_) => values.len() + 1 >= targets.len(),
            None => values.len() == targets.len(),
        };
        if !fits {
            let (count, least) = match star {
                Some(_) => (targets.len() - 1, "at least "),
                None => (targets.len(), ""),
            };
            let message =
                format!("{least}{count} values are to be unpacked here, and there are {}", values.len());
            return self.error(Code::PH0206, span, message);
        }
        if let Some(star) = star {
            let end = values.len() + star + 1 - targets.len();
            let rest = Val::Sequence(Rc::new(values[star..end].to_vec()), SequenceKind::List);
            values.splice(star..end, [rest]);
        }
        let bare = |target: &'a ast::Expr| match &target.kind {
            ExprKind::Starred(inner) => &**inner,
            _ => target,
        };
        Ok(targets.iter().map(bare).zip(values).collect())
    }

    /// `target op= right`, where `left` is what the target is so far.
    pub fn augmented(
        &mut self,
        target: &'a ast::Expr,
        op: ast::BinaryOp,
        left: &Val<'a>,
        right: &Val<'a>,
        span: Span,
    ) -> Lowers<()> {
        if let Val::Next(_) = left {
            return self.next_is_read(span);
        }
        if let Val::Sequence(elements, SequenceKind::List) = left
            && self.is_held_twice(elements)
        {
            return self
                .outside(span, "a list that grows in place, and to which something else leads as well");
        }
        if let Val::Bits(_, bits) = left
            && bits.is_outside
        {
            return self.outside(span, "an intbv of its surroundings cannot be changed in a process");
        }
        match (left, &target.kind) {
            (Val::Signal(_), ExprKind::Name(name)) => {
                let message = format!("`{name}` is a signal, which does not change in place");
                let error = Diagnostic::new(Code::PH0201, span, message);
                return self.fail(error.help("take its value: `s.val + …`"));
            }
            (Val::Expr(before), _) if before.width.is_some_and(|width| width.bounds == Bounds::Unknown) => {
                let message = "on some paths that lead here this is an `intbv`, whose bounds are kept to, and on others it is another, or none";
                return self.outside(span, message);
            }
            (Val::Expr(before), _) if before.sized().is_some() && declared(before).is_none() => {
                return self
                    .outside(span, "an `intbv` that changes in place, and whose bounds are not known here");
            }
            _ => {}
        }
        self.is_changed_alone(target, left, span)?;
        let result = self.binary(op, left, right, span)?;
        if let Val::Var(at, _) = left {
            // An `intbv` changes in place.
            let value = self.int_expr(&result, span)?.id;
            self.emit(StmtKind::Assign { place: at.place(), value }, span);
            return Ok(());
        }
        if let Val::Expr(before) = left
            && let Some(bits) = declared(before)
            && let Some(width) = before.width
        {
            // It stays the `intbv` that it is: the value has to fit, or wraps.
            let value = self.int_expr(&result, span)?;
            let name = if let ExprKind::Name(name) = &target.kind { name } else { "changed" };
            let kept = self.bits_var(name, value, &bits, span);
            let id = self.expr(&kept, span)?.id;
            return self.assign(target, &Val::Expr(Typed { id, width: Some(width) }), span, span);
        }
        // One without a width stays one, as what may be one does.
        let unsized_before = match left {
            Val::Expr(before) => before.width,
            _ => None,
        };
        let result = match &result {
            Val::Expr(typed) if unsized_before.is_some() => {
                Val::Expr(Typed { width: unsized_before, ..*typed })
            }
            _ => result,
        };
        self.assign(target, &result, span, span)
    }
}

/// The declaration of an `intbv`, where all of it is known.
fn declared(typed: &Typed) -> Option<BitsType> {
    typed.width.and_then(Width::declaration)
}

//! What repeats, and what leaves a loop, a block or the function.

use super::{Frame, Stmts, stored_nets};
use crate::bounds::Turns;
use crate::cexpr::{CExpr, EXACT, Ty};
use crate::func::{bounds_of, to_i128};
use crate::layout::Storage;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{ExprId, Int, LabelId, Range, Stmt, VarId, walk_stmts};
use pyhw_passes::is_bounded;

impl Stmts<'_, '_, '_> {
    pub(super) fn counting_loop(
        &mut self,
        label: LabelId,
        var: VarId,
        [start, stop, step]: [&Int; 3],
        body: &[Stmt],
        trailing: Option<String>,
        span: Span,
    ) {
        let Some(turns) = Turns::new(start, stop, step) else { return };
        let hull =
            Range::new(start.clone(), turns.end.clone()).union(&Range::new(stop.clone(), stop.clone()));
        let hull = Range {
            min: hull.min.map(|min| min.min(turns.end.clone()).min(stop.clone())),
            max: hull.max.map(|max| max.max(start.clone())),
        };
        let (Some((lo, hi)), Some(by)) = (bounds_of(&hull), to_i128(step)) else {
            self.func.unit.refuse(span, "C does not count beyond 64 bits");
            return;
        };
        let Some(ty) = Ty::for_range(lo, hi) else {
            self.func.unit.refuse(span, "C does not count beyond 64 bits");
            return;
        };
        let (name, target) = self.func.vars[var.index()].clone();
        let is_counter = self.declarations.is_counter(var);
        let counter = if is_counter { name.clone() } else { self.func.fresh(&format!("{name}_next")) };
        let number = |value: &Int| {
            let value = to_i128(value).unwrap_or(0);
            CExpr::literal(value).stored(ty)
        };
        let test = if by > 0 {
            format!("{counter} < {}", number(stop))
        } else if *stop == Int::MINUS_ONE {
            format!("{counter} >= 0")
        } else {
            format!("{counter} > {}", number(stop))
        };
        let advance = match by {
            1 => format!("{counter}++"),
            -1 => format!("{counter}--"),
            by if by > 0 => {
                format!("{counter} = ({})({counter} + {})", ty.name(), CExpr::literal(by).stored(ty))
            }
            by => format!("{counter} = ({})({counter} - {})", ty.name(), CExpr::literal(-by).stored(ty)),
        };
        self.enter_loop(body);
        self.func.changes(var);
        let declared = self.func.vars[var.index()].1.clone();
        if is_counter {
            self.func.vars[var.index()].1 = Some(Storage::Scalar { ty, width: ty.bits });
        }
        self.frames.push(Frame::Loop(label));
        let mut inner = self.captured(|stmts| stmts.list(body));
        self.frames.pop();
        self.func.vars[var.index()].1 = declared;
        if !is_counter
            && !self.declarations.is_dead(var)
            && let Some(Storage::Scalar { ty: target, .. }) = target
        {
            let text = if target == ty { counter.clone() } else { format!("({}){counter}", target.name()) };
            inner = self.captured(|stmts| {
                stmts.func.out.line(format!("{name} = {text};"));
                stmts.func.out.append(&inner);
            });
        }
        let next = self.next_turn.remove(&label);
        if inner.text.is_empty() {
            return;
        }
        let end = trailing.map(|trailing| format!(" {trailing}")).unwrap_or_default();
        self.func.out.line(format!(
            "for ({} {counter} = {}; {test}; {advance}) {{{end}",
            ty.name(),
            number(start)
        ));
        self.func.out.indent();
        self.func.out.append(&inner);
        if let Some(name) = next {
            self.func.out.line(format!("{name}: ;"));
        }
        self.func.out.dedent();
        self.func.out.line("}");
        self.land(label);
    }

    pub(super) fn conditional_loop(
        &mut self,
        label: LabelId,
        cond: ExprId,
        body: &[Stmt],
        trailing: Option<String>,
        span: Span,
    ) {
        if !is_bounded(self.func.body, label, cond, body) {
            let text = "C needs a loop whose number of turns is known";
            self.func.unit.errors.push(Diagnostic::new(Code::PH0204, span, text).help(
                "let a variable count up or down by a constant in every turn, and compare it with a constant",
            ));
            return;
        }
        self.enter_loop(body);
        self.func.begin(&[(cond, EXACT)]);
        let cond = self.func.cond(cond);
        if cond.known == Some(false) {
            self.func.forget_before();
            return;
        }
        let end = trailing.map(|trailing| format!(" {trailing}")).unwrap_or_default();
        if self.func.has_before() {
            // What the condition needs is computed anew for each turn.
            self.func.out.line(format!("for (;;) {{{end}"));
            self.func.out.indent();
            let stop = cond.clone().not();
            self.func.write_before(std::slice::from_ref(&stop.text));
            self.func.out.line(format!("if ({}) {{", stop.text));
            self.func.out.indent();
            self.func.out.line("break;");
            self.func.out.dedent();
            self.func.out.line("}");
        } else {
            self.func.out.line(format!("while ({}) {{{end}", cond.text));
            self.func.out.indent();
        }
        let outside = self.func.holds(&cond);
        self.frames.push(Frame::Loop(label));
        self.list(body);
        self.frames.pop();
        self.func.holds_no_more(outside);
        if let Some(name) = self.next_turn.remove(&label) {
            self.func.out.line(format!("{name}: ;"));
        }
        self.func.out.dedent();
        self.func.out.line("}");
        self.land(label);
    }

    /// What a turn of a loop changes is not what it was in the next turn.
    fn enter_loop(&mut self, body: &[Stmt]) {
        self.func.stored.extend(stored_nets(body));
        walk_stmts(body, &mut |stmt| {
            if let Some(var) = stmt.kind.stored_var() {
                self.func.changes(var);
            }
        });
    }

    /// The place behind a block or loop, where something jumps to it.
    pub(super) fn land(&mut self, label: LabelId) {
        if let Some(name) = self.leave.remove(&label) {
            self.func.out.line(format!("{name}: ;"));
        }
    }

    fn label_name(&self, label: LabelId) -> String {
        let name = self.func.body.labels.get(label.index()).map_or("", String::as_str);
        if name.is_empty() { "block".to_owned() } else { name.to_owned() }
    }

    pub(super) fn leave(&mut self, label: LabelId) {
        if matches!(self.frames.last(), Some(Frame::Loop(of)) if *of == label) {
            self.func.out.line("break;");
            return;
        }
        let wanted = format!("{}_done", self.label_name(label));
        let name = match self.leave.get(&label) {
            Some(name) => name.clone(),
            None => self.func.fresh(&wanted),
        };
        self.leave.insert(label, name.clone());
        self.func.out.line(format!("goto {name};"));
    }

    pub(super) fn go_on(&mut self, label: LabelId) {
        let innermost = self.frames.iter().rev().find(|frame| matches!(frame, Frame::Loop(_)));
        if matches!(innermost, Some(Frame::Loop(of)) if *of == label) {
            self.func.out.line("continue;");
            return;
        }
        let wanted = format!("{}_next", self.label_name(label));
        let name = match self.next_turn.get(&label) {
            Some(name) => name.clone(),
            None => self.func.fresh(&wanted),
        };
        self.next_turn.insert(label, name.clone());
        self.func.out.line(format!("goto {name};"));
    }

    pub(super) fn leave_function(&mut self) {
        if self.deferred.is_empty() {
            self.func.out.line("return;");
            return;
        }
        let name = match &self.end {
            Some(name) => name.clone(),
            None => self.func.fresh("end"),
        };
        self.func.out.line(format!("goto {name};"));
        self.end = Some(name);
    }
}

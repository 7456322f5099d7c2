//! What consists of elements: how many there are, each at its place, and which one a run-time index picks.

use crate::lowerer::{Lowerer, Lowers};
use crate::value::{SequenceKind, SignalRef, Typed, Val, VarRef, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Const, Object};
use pyhw_ir::{ExprId, Int, Op, Range, Type, Value};
use std::rc::Rc;

impl<'a> Lowerer<'a> {
    /// An element of a list, tuple or range at a constant place, by Python's rules.
    pub fn element(&mut self, value: &Val<'a>, index: &Int, span: Span) -> Lowers<Val<'a>> {
        let Some(length) = self.length(value) else {
            let message = format!("{} has no elements", value.describe());
            return self.outside(span, message);
        };
        let place = if index.is_negative() { index.add(&Int::from(length)) } else { index.clone() };
        let Some(place) = place.to_usize().filter(|place| *place < length) else {
            let message = format!("index {index} is out of range: there are {length} elements");
            return self.error(Code::PH0315, span, message);
        };
        match value {
            Val::Memory(net, like, _) => {
                let index = self.body.exprs.int(place, span);
                Ok(Val::Signal(SignalRef::Element(*net, index, *like)))
            }
            Val::Table(var, bits, _) => {
                let index = self.body.exprs.int(place, span);
                Ok(Val::Var(VarRef { var: *var, index: Some(index) }, bits.clone()))
            }
            Val::ListObject(id) => match self.cx.elaborated.object(*id) {
                Object::List(elements) => self.bound(&elements[place], span),
                _ => self.fail(Diagnostic::bug(span, "a list that is none")),
            },
            Val::Sequence(elements, _) => Ok(elements[place].clone()),
            Val::Range(start, _, step) => Ok(Val::int(start.add(&step.mul(&Int::from(place))))),
            Val::Const(Const::Str(text)) => {
                let letter = text.chars().nth(place).map(String::from).unwrap_or_default();
                Ok(Val::Const(Const::Str(letter)))
            }
            _ => self.fail(Diagnostic::bug(span, "elements without a list")),
        }
    }

    /// How many elements something has, if that is known.
    pub fn length(&self, value: &Val<'a>) -> Option<usize> {
        match value {
            Val::Memory(_, _, length) | Val::Table(_, _, length) => Some(*length as usize),
            Val::ListObject(id) => match self.cx.elaborated.object(*id) {
                Object::List(elements) => Some(elements.len()),
                _ => None,
            },
            Val::Sequence(elements, _) => Some(elements.len()),
            Val::Range(start, stop, step) => {
                let distance = if step.is_negative() { start.sub(stop) } else { stop.sub(start) };
                if distance.is_negative() || distance.is_zero() {
                    return Some(0);
                }
                let turns = distance.add(&step.abs()).sub(&Int::ONE).floor_div(&step.abs())?;
                turns.to_usize()
            }
            Val::Const(Const::Str(text)) => Some(text.chars().count()),
            Val::DictObject(id) => match self.cx.elaborated.object(*id) {
                Object::Dict(items) => Some(items.len()),
                _ => None,
            },
            Val::Dict(items) => Some(items.len()),
            _ => None,
        }
    }

    /// Every element of something that can be gone through while lowering.
    pub fn elements(&mut self, value: &Val<'a>, span: Span) -> Lowers<Vec<Val<'a>>> {
        match value {
            Val::Sequence(elements, _) => return Ok(elements.to_vec()),
            Val::Dict(items) => return Ok(items.iter().map(|(key, _)| key.clone()).collect()),
            Val::EnumType(id) => {
                let members = 0..self.cx.elaborated.types.enums[id.index()].members.len() as u32;
                return Ok(members.map(|member| Val::Const(Const::Enum(*id, member))).collect());
            }
            Val::DictObject(id) => {
                if let Object::Dict(items) = self.cx.elaborated.object(*id) {
                    return items.iter().map(|(key, _)| self.bound(key, span)).collect();
                }
            }
            _ => {}
        }
        let Some(length) = self.length(value) else {
            let message = format!("{} cannot be gone through here", value.describe());
            return self.outside(span, message);
        };
        (0..length).map(|index| self.element(value, &Int::from(index), span)).collect()
    }

    /// The element that a run-time index picks: a table of constants, or a choice between expressions.
    pub fn pick(&mut self, elements: &[Val<'a>], place: ExprId, span: Span) -> Lowers<Val<'a>> {
        if elements.is_empty() {
            return self.error(Code::PH0315, span, "the list has no elements");
        }
        if let Some((columns, kind)) = self.columns(elements, span)? {
            let picked = columns.iter().map(|column| self.pick(column, place, span));
            return Ok(Val::Sequence(Rc::new(picked.collect::<Lowers<Vec<Val<'a>>>>()?), kind));
        }
        if let Some((keys, columns)) = self.columns_of_dicts(elements, span)? {
            let picked = columns.iter().map(|column| self.pick(column, place, span));
            let picked = picked.collect::<Lowers<Vec<Val<'a>>>>()?;
            return Ok(Val::Dict(Rc::new(keys.into_iter().zip(picked).collect())));
        }
        let (ids, width) = self.of_one_type(elements, span)?;
        let constants: Option<Vec<Value>> =
            ids.iter().map(|id| self.body.exprs.as_const(*id).cloned()).collect();
        let array = self.op(Op::Array, &ids, span)?;
        let id = match constants {
            Some(values) => {
                let ty = self.body.exprs.ty(array).clone();
                let table = self.body.exprs.constant(Value::Array(values.into()), ty, span);
                self.op(Op::Index, &[table, place], span)?
            }
            None => {
                let last = ids.len() - 1;
                let range = Range::new(0i64, last as i64);
                let place = self.op(Op::Check { range }, &[place], span)?;
                let mut choice = ids[last];
                for (index, id) in ids.iter().enumerate().take(last).rev() {
                    let index = self.body.exprs.int(index, span);
                    let is_here = self.op(Op::Eq, &[place, index], span)?;
                    choice = self.op(Op::Mux, &[is_here, *id, choice], span)?;
                }
                choice
            }
        };
        if elements.iter().any(|element| self.may_be_signal(element)) {
            self.signal_choices.insert(id);
        }
        Ok(Val::Expr(Typed { id, width }))
    }

    /// Whether what Python has here may be a signal, and no value.
    pub fn may_be_signal(&self, value: &Val<'a>) -> bool {
        match value {
            Val::Signal(_) => true,
            Val::Expr(typed) => self.signal_choices.contains(&typed.id),
            Val::Picked(elements, _) => elements.iter().any(|element| self.may_be_signal(element)),
            _ => false,
        }
    }

    /// Values, at least one, as expressions of one type.
    pub fn of_one_type(&mut self, values: &[Val<'a>], span: Span) -> Lowers<(Vec<ExprId>, Option<Width>)> {
        let mut typed = Vec::new();
        for value in values {
            typed.push(self.expr(value, span)?);
        }
        let width = self.merged(&typed);
        let any_int = typed.iter().any(|one| matches!(self.body.exprs.ty(one.id), Type::Int(_)));
        let mut ids = Vec::new();
        for one in &typed {
            let is_bool = *self.body.exprs.ty(one.id) == Type::Bool;
            ids.push(if any_int && is_bool { self.bool_to_int(one.id, span)? } else { one.id });
        }
        let kind = |id: &ExprId| std::mem::discriminant(self.body.exprs.ty(*id));
        let is_other_enum = |id: &ExprId| matches!((self.body.exprs.ty(*id), self.body.exprs.ty(ids[0])), (Type::Enum(a), Type::Enum(b)) if a != b);
        if ids.iter().any(|id| kind(id) != kind(&ids[0]) || is_other_enum(id)) {
            return self.error(Code::PH0301, span, "what is chosen between here is of different kinds");
        }
        Ok((ids, width))
    }

    /// Rows of one length as columns, with the kind of the rows; nothing if these are no rows.
    pub fn columns(
        &mut self,
        rows: &[Val<'a>],
        span: Span,
    ) -> Lowers<Option<(Vec<Vec<Val<'a>>>, SequenceKind)>> {
        let mut columns: Vec<Vec<Val<'a>>> = Vec::new();
        let kind = match rows.first() {
            Some(Val::Sequence(_, kind)) => kind.clone(),
            _ => SequenceKind::List,
        };
        let mut kind = kind;
        for (index, row) in rows.iter().enumerate() {
            match row {
                // A name of one row means another place, or nothing, in the other.
                Val::Sequence(_, its) if *its != kind => kind = kind.without_names(),
                Val::Sequence(..) => {}
                Val::ListObject(_) => kind = kind.without_names(),
                _ => return Ok(None),
            }
            let cells = self.elements(row, span)?;
            if index == 0 {
                columns = vec![Vec::new(); cells.len()];
            }
            if cells.len() != columns.len() {
                return self.outside(span, "the rows that are indexed here differ in length");
            }
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.push(cell);
            }
        }
        let kind = if kind == SequenceKind::List { SequenceKind::Picked } else { kind };
        Ok(Some((columns, kind)))
    }
}

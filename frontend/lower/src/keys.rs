//! Looking a run-time value up among constants: the keys of a dict, and what stands after `in`.
//!
//! A few of them are compared one after the other, as is read best. Many become a choice by cases, which every language has and every tool
//! takes, or a table where they follow each other.

use crate::comparison::same_key;
use crate::lowerer::{Lowerer, Lowers};
use crate::value::{Typed, Val};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Const, Object};
use pyhw_ir::{ExprId, ExprKind, Int, Op, Stmt, StmtKind, SwitchArm, Type, Value};
use pyhw_syntax::ast::CompareOp;
use std::collections::HashSet;
use std::rc::Rc;

/// With more constants than these they are not compared one after the other.
const FEW: usize = 8;

/// What happens where a value is no key.
enum Otherwise<'a> {
    /// An exception.
    Raise(Stmt),
    /// This is the result.
    Value(Val<'a>),
}

/// Keys, and for each of them what each of several rows has.
type Columns<'a> = (Vec<Val<'a>>, Vec<Vec<Val<'a>>>);

/// What a value is looked up among.
struct Keys {
    subject: ExprId,
    /// What the subject may be of the constants, each once, with its place among them.
    values: Vec<(usize, Value)>,
    /// Whether the subject is always one of them.
    all: bool,
}

impl Keys {
    /// The least one if these are integers that follow each other.
    fn first_of_row(&self) -> Option<Int> {
        let mut numbers: Vec<&Int> = Vec::new();
        for (_, value) in &self.values {
            let Value::Int(number) = value else { return None };
            numbers.push(number);
        }
        numbers.sort();
        let (first, last) = (*numbers.first()?, *numbers.last()?);
        (last.sub(first) == Int::from(numbers.len() - 1)).then(|| first.clone())
    }
}

impl<'a> Lowerer<'a> {
    /// Those of many constants that a value of a plain kind may be; `None` where comparing says it as well.
    fn many_keys(&mut self, key: &Val<'a>, constants: &[Val<'a>], span: Span) -> Lowers<Option<Keys>> {
        if constants.len() <= FEW || matches!(key, Val::Const(_) | Val::Sequence(..)) {
            return Ok(None);
        }
        let checkpoint = self.checkpoint();
        let Ok(Typed { id: subject, .. }) = self.expr(key, span) else {
            self.rewind(checkpoint);
            return Ok(None);
        };
        if self.expr_may_be_none(subject) {
            return Ok(None);
        }
        let mut values = Vec::new();
        let mut seen = HashSet::new();
        for (place, constant) in constants.iter().enumerate() {
            let value = match (constant, self.body.exprs.ty(subject)) {
                (Val::Const(Const::Enum(of, member)), Type::Enum(subject)) if of == subject => {
                    Value::Enum(*member)
                }
                (Val::Const(Const::Int(value)), Type::Int(range)) => {
                    if !range.contains(value) {
                        continue;
                    }
                    Value::Int(value.clone())
                }
                (Val::Const(Const::Bool(value)), Type::Int(range)) => {
                    let value = Int::from(i64::from(*value));
                    if !range.contains(&value) {
                        continue;
                    }
                    Value::Int(value)
                }
                // No number, and no member, is None.
                (Val::Const(Const::None), Type::Int(_) | Type::Enum(_)) => continue,
                _ => return Ok(None),
            };
            if seen.insert(value.clone()) {
                values.push((place, value));
            }
        }
        let all = match self.body.exprs.ty(subject) {
            Type::Enum(of) => self.cx.elaborated.types.enums[of.index()].members.len() == values.len(),
            Type::Int(range) => range.size().is_some_and(|size| size == Int::from(values.len())),
            _ => false,
        };
        Ok(Some(Keys { subject, values, all }))
    }

    /// `value in constants`.
    pub fn is_among(&mut self, value: &Val<'a>, elements: &[Val<'a>], span: Span) -> Lowers<Val<'a>> {
        if let Some(keys) = self.many_keys(value, elements, span)?
            && (!self.in_head || keys.first_of_row().is_some())
        {
            return self.has_key(&keys, span);
        }
        let mut each = Vec::new();
        for element in elements {
            each.push(self.compare(CompareOp::Eq, value, element, span)?);
        }
        self.any_or_all(each, true, span)
    }

    /// Whether the subject is one of the keys.
    fn has_key(&mut self, keys: &Keys, span: Span) -> Lowers<Val<'a>> {
        if keys.values.is_empty() {
            return Ok(Val::bool(false));
        }
        // What may be a fault is evaluated.
        let is_plain = matches!(self.body.exprs.kind(keys.subject), ExprKind::Net(_) | ExprKind::Var(_));
        if keys.all && is_plain {
            return Ok(Val::bool(true));
        }
        if let Some(first) = keys.first_of_row() {
            let last = first.add(&Int::from(keys.values.len() - 1));
            let (first, last) = (self.literal(first, span)?, self.literal(last, span)?);
            let from = self.op(Op::Ge, &[keys.subject, first], span)?;
            let to = self.op(Op::Le, &[keys.subject, last], span)?;
            let id = self.op(Op::AndThen, &[from, to], span)?;
            return Ok(Val::Expr(Typed { id, width: None }));
        }
        let found = self.new_var("found", Type::Bool, false, span);
        let (yes, no) = (self.body.exprs.bool(true, span), self.body.exprs.bool(false, span));
        let store =
            |value| vec![Stmt::new(StmtKind::Assign { place: pyhw_ir::Place::var(found), value }, span)];
        let values = keys.values.iter().map(|(_, value)| value.clone()).collect();
        let arms = vec![SwitchArm { values, body: store(yes) }];
        let default = (!keys.all).then(|| store(no));
        self.emit(StmtKind::Switch { subject: keys.subject, arms, default }, span);
        let id = self.read_var(found, span);
        Ok(Val::Expr(Typed { id, width: None }))
    }

    /// What belongs to the key that the subject is, of as many elements as there are constants; `otherwise` happens where it is none.
    fn element_of_key(
        &mut self,
        keys: &Keys,
        elements: &[Val<'a>],
        otherwise: &Otherwise<'a>,
        span: Span,
    ) -> Lowers<Val<'a>> {
        if keys.values.is_empty() {
            return match otherwise {
                Otherwise::Raise(_) => self.error(Code::PH0202, span, "the dict has no such key"),
                Otherwise::Value(value) => Ok(value.clone()),
            };
        }
        let mut rows: Vec<Val<'a>> = keys.values.iter().map(|(place, _)| elements[*place].clone()).collect();
        if let (Otherwise::Raise(raise), Some(first)) = (otherwise, keys.first_of_row()) {
            if let Val::Expr(is_there) = self.has_key(keys, span)? {
                let missing = self.op(Op::Not, &[is_there.id], span)?;
                self.emit(
                    StmtKind::If { arms: vec![(missing, vec![raise.clone()])], orelse: Vec::new() },
                    span,
                );
            }
            let mut in_order: Vec<(&Value, Val<'a>)> =
                keys.values.iter().map(|(_, value)| value).zip(rows).collect();
            in_order.sort_by(|(a, _), (b, _)| match (a, b) {
                (Value::Int(a), Value::Int(b)) => a.cmp(b),
                _ => std::cmp::Ordering::Equal,
            });
            rows = in_order.into_iter().map(|(_, row)| row).collect();
            let place = match first.is_zero() {
                true => keys.subject,
                false => {
                    let first = self.literal(first, span)?;
                    self.op(Op::Sub, &[keys.subject, first], span)?
                }
            };
            return self.pick(&rows, place, span);
        }
        if let Otherwise::Value(value) = otherwise {
            rows.push(value.clone());
        }
        let mut stores: Vec<Vec<Stmt>> = vec![Vec::new(); rows.len()];
        let chosen = self.stores_of_rows(&rows, &mut stores, span)?;
        let default = match otherwise {
            _ if keys.all => None,
            Otherwise::Raise(raise) => Some(vec![raise.clone()]),
            Otherwise::Value(_) => stores.last().cloned(),
        };
        let arm = |((_, value), body): (&(usize, Value), Vec<Stmt>)| SwitchArm {
            values: vec![value.clone()],
            body,
        };
        let arms = keys.values.iter().zip(stores).map(arm).collect();
        self.emit(StmtKind::Switch { subject: keys.subject, arms, default }, span);
        Ok(chosen)
    }

    /// Adds to each list of statements the stores of its row into variables for what is chosen, and gives what these hold.
    fn stores_of_rows(&mut self, rows: &[Val<'a>], stores: &mut [Vec<Stmt>], span: Span) -> Lowers<Val<'a>> {
        if let Some((keys, columns)) = self.columns_of_dicts(rows, span)? {
            let held: Lowers<Vec<Val<'a>>> =
                columns.iter().map(|column| self.stores_of_rows(column, stores, span)).collect();
            return Ok(Val::Dict(Rc::new(keys.into_iter().zip(held?).collect())));
        }
        if let Some((columns, kind)) = self.columns(rows, span)? {
            let held: Lowers<Vec<Val<'a>>> =
                columns.iter().map(|column| self.stores_of_rows(column, stores, span)).collect();
            return Ok(Val::Sequence(Rc::new(held?), kind));
        }
        let (ids, width) = self.of_one_type(rows, span)?;
        let ty = self.plain_type(ids[0]);
        let var = self.new_var("choice", ty, false, span);
        for (id, stores) in ids.iter().zip(stores) {
            stores.push(Stmt::new(StmtKind::Assign { place: pyhw_ir::Place::var(var), value: *id }, span));
        }
        Ok(Val::Expr(Typed { id: self.read_var(var, span), width }))
    }

    /// The last of the values whose condition holds; the first one if none does.
    fn choose_first(&mut self, conditions: &[ExprId], values: &[Val<'a>], span: Span) -> Lowers<Val<'a>> {
        if let Some((keys, columns)) = self.columns_of_dicts(values, span)? {
            let chosen = columns.iter().map(|column| self.choose_first(conditions, column, span));
            let chosen = chosen.collect::<Lowers<Vec<Val<'a>>>>()?;
            return Ok(Val::Dict(Rc::new(keys.into_iter().zip(chosen).collect())));
        }
        if let Some((columns, kind)) = self.columns(values, span)? {
            let chosen = columns.iter().map(|column| self.choose_first(conditions, column, span));
            return Ok(Val::Sequence(Rc::new(chosen.collect::<Lowers<Vec<Val<'a>>>>()?), kind));
        }
        if values.is_empty() {
            return self.error(Code::PH0202, span, "the dict is empty");
        }
        let (ids, width) = self.of_one_type(values, span)?;
        let mut choice = ids[0];
        for (is_here, value) in conditions.iter().zip(ids).skip(1) {
            choice = self.op(Op::Mux, &[*is_here, value, choice], span)?;
        }
        Ok(Val::Expr(Typed { id: choice, width }))
    }

    /// Dicts of the same constant keys as these keys, with what each dict has for one; nothing if these are no such dicts.
    pub fn columns_of_dicts(&mut self, rows: &[Val<'a>], span: Span) -> Lowers<Option<Columns<'a>>> {
        let mut common: Option<Vec<Val<'a>>> = None;
        let mut columns: Vec<Vec<Val<'a>>> = Vec::new();
        for row in rows {
            if !matches!(row, Val::Dict(_) | Val::DictObject(_)) {
                return Ok(None);
            }
            let (keys, values) = self.dict_items(row, span)?;
            let common = common.get_or_insert_with(|| {
                columns = vec![Vec::new(); keys.len()];
                keys.clone()
            });
            if keys.len() != common.len() {
                return self.outside(span, "the dicts that are indexed here differ in their keys");
            }
            for (column, key) in columns.iter_mut().zip(common.iter()) {
                let place = match key {
                    Val::Const(key) => place_of(key, &keys),
                    _ => None,
                };
                let Some(place) = place else {
                    return self.outside(span, "the dicts that are indexed here differ in their keys");
                };
                column.push(values[place].clone());
            }
        }
        Ok(common.map(|keys| (keys, columns)))
    }

    /// The keys and values of a dict.
    fn dict_items(&mut self, dict: &Val<'a>, span: Span) -> Lowers<(Vec<Val<'a>>, Vec<Val<'a>>)> {
        match dict {
            Val::Dict(items) => return Ok(items.iter().cloned().unzip()),
            Val::DictObject(id) => {
                if let Object::Dict(items) = self.cx.elaborated.object(*id) {
                    let (mut keys, mut values) = (Vec::new(), Vec::new());
                    for (key, value) in items {
                        keys.push(self.bound(key, span)?);
                        values.push(self.bound(value, span)?);
                    }
                    return Ok((keys, values));
                }
            }
            _ => {}
        }
        self.fail(Diagnostic::bug(span, "a dict that is none"))
    }

    /// `dict.get(key, default)`.
    pub fn dict_get(
        &mut self,
        dict: &Val<'a>,
        key: &Val<'a>,
        default: &Val<'a>,
        span: Span,
    ) -> Lowers<Val<'a>> {
        let (items, values) = self.dict_items(dict, span)?;
        if let Val::Const(wanted) = key {
            let found = place_of(wanted, &items);
            return Ok(found.map_or_else(|| default.clone(), |place| values[place].clone()));
        }
        if !values.iter().any(is_text)
            && let Some(keys) = self.many_keys(key, &items, span)?
        {
            return self.element_of_key(&keys, &values, &Otherwise::Value(default.clone()), span);
        }
        let mut conditions = vec![self.body.exprs.bool(true, span)];
        let mut choices = vec![default.clone()];
        for (item, value) in items.iter().zip(&values).rev() {
            let is_here = self.compare(CompareOp::Eq, key, item, span)?;
            conditions.push(self.expr(&is_here, span)?.id);
            choices.push(value.clone());
        }
        self.choose_first(&conditions, &choices, span)
    }

    /// `dict[key]`.
    pub fn dict_item(&mut self, dict: &Val<'a>, key: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        let (items, mut values) = self.dict_items(dict, span)?;
        if let Val::Const(wanted) = key {
            return match place_of(wanted, &items) {
                Some(place) => Ok(values[place].clone()),
                None => self.error(Code::PH0202, span, "the dict has no such key"),
            };
        }
        if items.is_empty() {
            return self.error(Code::PH0202, span, "the dict is empty");
        }
        self.picked_from.insert(span, "dict");
        let message = match key {
            // The `repr` of a signal is not known here.
            Val::Signal(_) => None,
            _ => Some(self.formatted(key, "", true, span)?),
        };
        let raise = Stmt::new(StmtKind::Raise { exception: "KeyError".to_owned(), message }, span);
        if !values.iter().any(is_text)
            && let Some(keys) = self.many_keys(key, &items, span)?
        {
            return self.element_of_key(&keys, &values, &Otherwise::Raise(raise), span);
        }
        let mut here = Vec::new();
        let mut is_any: Option<ExprId> = None;
        for item in items.iter().rev() {
            let is_here = self.compare(CompareOp::Eq, key, item, span)?;
            let is_here = self.expr(&is_here, span)?.id;
            here.push(is_here);
            is_any = Some(match is_any {
                None => is_here,
                Some(other) => self.op(Op::OrElse, &[is_here, other], span)?,
            });
        }
        values.reverse();
        let chosen = self.choose_first(&here, &values, span)?;
        if let Some(is_any) = is_any {
            let missing = self.op(Op::Not, &[is_any], span)?;
            self.emit(StmtKind::If { arms: vec![(missing, vec![raise])], orelse: Vec::new() }, span);
        }
        Ok(chosen)
    }
}

/// Texts are chosen between within a message, where no variable can hold one.
fn is_text(value: &Val<'_>) -> bool {
    matches!(value, Val::Const(Const::Str(_)))
}

/// Where a constant key stands among the keys of a dict.
fn place_of(wanted: &Const, items: &[Val<'_>]) -> Option<usize> {
    items.iter().position(|key| matches!(key, Val::Const(key) if same_key(key, wanted)))
}

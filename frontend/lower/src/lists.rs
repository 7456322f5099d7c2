//! How the local lists of a process are kept, where its text asks for more than a value for each element.
//!
//! ```text
//! mem = [intbv(0)[8:] for _ in range(4)]         var $mem: array[u8, 4]
//! mem[addr][:] = d                         ─►    $mem = [0, 0, 0, 0]
//!                                                $mem[%addr] = %d
//! ```
//!
//! A list is first lowered as the values of its elements. A store that needs more is told of here and gives the process up, which
//! is then lowered once more: a list of `intbv`s into which a run-time index stores is one variable with an array, a list of plain
//! numbers of which a run-time index replaces an element has a variable for each.

use crate::lowerer::{Frame, Lowerer, Lowers};
use crate::value::{BitsType, Local, SequenceKind, Typed, Val, VarRef, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::{Binding, Const};
use pyhw_ir::{ExprId, ExprKind, Int, Op, Range, Type, Value, VarId};
use pyhw_syntax::ast;
use std::collections::HashMap;
use std::rc::Rc;

impl<'a> Lowerer<'a> {
    /// Whether the elements of a list that is bound to this name are to be variables.
    pub fn has_variables(&mut self, name: &str) -> bool {
        self.is_in(|lists| &lists.variables, name)
    }

    /// A list that is bound to the name of an owner: as itself, or as a part of a dict. `name` is what its variables are called. Numbers of
    /// one that changes on some paths only have variables of their own, which every path stores into.
    pub fn bound_list(
        &mut self,
        owner: &str,
        name: &str,
        elements: &Rc<Vec<Val<'a>>>,
        span: Span,
    ) -> Lowers<Val<'a>> {
        let list = Val::Sequence(Rc::clone(elements), SequenceKind::List);
        if self.is_named(elements) {
            // One list under two names: a store through one of them is seen through the other.
            let changing = self.frame().changing.contains(owner) || self.changes(elements);
            if changing && !self.is_variable(&list) {
                let what = "a second name for a list whose elements change on some paths only";
                return self.as_variables(&list, span, what);
            }
            return Ok(list);
        }
        if let Some(table) = self.table(owner, name, elements, span)? {
            return Ok(table);
        }
        let bound = if self.frame().changing.contains(owner) || self.has_variables(owner) {
            let elements = self.taken_elements(elements, span)?;
            self.element_vars(name, &elements, &mut HashMap::new(), span)?
        } else {
            Rc::new(self.known_elements(name, elements, span)?)
        };
        Ok(Val::Sequence(bound, SequenceKind::List))
    }

    /// A dict that is bound to a name: its keys and values as they are now. Lists in it stay the objects that they are.
    pub fn bound_dict(&mut self, name: &str, items: &[(Val<'a>, Val<'a>)], span: Span) -> Lowers<Val<'a>> {
        let mut bound = Vec::new();
        for (index, (key, value)) in items.iter().enumerate() {
            let part = format!("{name}_{index}");
            let key = self.snapshot(key, span)?;
            let value = match value {
                Val::Sequence(elements, SequenceKind::List) => {
                    self.bound_list(name, &part, elements, span)?
                }
                Val::Bits(typed, bits) if !bits.is_outside => self.bits_var(&part, *typed, bits, span),
                other => self.snapshot_of_all(other, span)?,
            };
            bound.push((key, value));
        }
        Ok(Val::Dict(Rc::new(bound)))
    }

    /// The array that a list of this owner becomes, if it is to be one, and can be.
    fn table(
        &mut self,
        owner: &str,
        name: &str,
        elements: &[Val<'a>],
        span: Span,
    ) -> Lowers<Option<Val<'a>>> {
        if elements.len() < 2 || !self.is_in(|lists| &lists.tables, owner) {
            return Ok(None);
        }
        let is_new = |element: &Val<'a>| matches!(element, Val::Bits(..));
        let Some(bits) = one_declaration(elements).filter(|_| elements.iter().all(is_new)) else {
            // Something else leads to objects that were there before.
            return Ok(None);
        };
        let mut ids = Vec::new();
        for element in elements {
            ids.push(self.expr(element, span)?.id);
        }
        let ty = Type::Array(Box::new(Type::Int(bits.range.clone())), ids.len() as u32);
        let constants: Option<Vec<Value>> =
            ids.iter().map(|id| self.body.exprs.as_const(*id).cloned()).collect();
        let first = match constants {
            Some(values) => self.body.exprs.constant(Value::Array(values.into()), ty.clone(), span),
            None => self.op(Op::Array, &ids, span)?,
        };
        let var = self.new_var(name, ty, bits.wraps, span);
        self.assign_var(var, first, span);
        Ok(Some(Val::Table(var, bits, ids.len() as u32)))
    }

    /// Notes that a list of `intbv`s, of which a run-time index picks one that changes, is to be an array. Gives whether that is
    /// news: the process is then to be given up.
    pub fn wants_table(&mut self, list: &Val<'a>) -> bool {
        let Val::Sequence(elements, SequenceKind::List) = list else { return false };
        one_declaration(elements).is_some() && self.note(elements, |lists| &mut lists.tables)
    }

    /// Notes the same for `x = items[k]` where `x` changes in place.
    pub fn wants_table_for(
        &mut self,
        targets: &[ast::Expr],
        from: &'a ast::Expr,
        value: &Val<'a>,
    ) -> Lowers<bool> {
        let (Val::Expr(_), ast::ExprKind::Subscript { value: list, .. }) = (value, &from.kind) else {
            return Ok(false);
        };
        let frame = self.frame();
        let changes = |target: &ast::Expr| matches!(&target.kind, ast::ExprKind::Name(name) if frame.in_place.contains(name));
        if !targets.iter().any(changes) {
            return Ok(false);
        }
        let list = self.eval(list)?;
        Ok(self.wants_table(&list))
    }

    /// The same of a list of numbers of which a run-time index picks one that is replaced.
    pub fn wants_variables(&mut self, list: &Val<'a>) -> bool {
        let Val::Sequence(elements, SequenceKind::List) = list else { return false };
        self.note(elements, |lists| &mut lists.variables)
    }

    /// Ends the attempt to lower the process in which the elements of a list have no variables; if they cannot have any, says what
    /// is in the way.
    pub fn as_variables<T>(&mut self, list: &Val<'a>, span: Span, what: &str) -> Lowers<T> {
        if self.wants_variables(list) { self.begin_anew(span) } else { self.outside(span, what) }
    }

    /// The elements of what is bound to a name, as they are now.
    pub fn known_elements(&mut self, name: &str, elements: &[Val<'a>], span: Span) -> Lowers<Vec<Val<'a>>> {
        let mut bound = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            bound.push(match element {
                Val::Bits(typed, bits) if !bits.is_outside => {
                    self.bits_var(&format!("{name}_{index}"), *typed, bits, span)
                }
                Val::Sequence(inner, kind) if self.timed && !self.is_named(inner) => {
                    let inner = self.known_elements(&format!("{name}_{index}"), inner, span)?;
                    Val::Sequence(Rc::new(inner), kind.clone())
                }
                other => self.snapshot(other, span)?,
            });
        }
        Ok(bound)
    }

    /// The elements in variables, and those of lists in the list too. A list that stands in two places is one.
    fn element_vars(
        &mut self,
        name: &str,
        elements: &Rc<Vec<Val<'a>>>,
        known: &mut HashMap<*const Vec<Val<'a>>, Rc<Vec<Val<'a>>>>,
        span: Span,
    ) -> Lowers<Rc<Vec<Val<'a>>>> {
        let key = Rc::as_ptr(elements);
        if let Some(bound) = known.get(&key) {
            return Ok(Rc::clone(bound));
        }
        let mut bound = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let name = format!("{name}_{index}");
            bound.push(match element {
                Val::Sequence(inner, SequenceKind::List) if self.is_named(inner) => {
                    let what =
                        "a list in another one that has a name of its own, and of which elements change";
                    return self.outside(span, what);
                }
                Val::Sequence(inner, SequenceKind::List) => {
                    let inner = self.element_vars(&name, inner, known, span)?;
                    Val::Sequence(inner, SequenceKind::List)
                }
                // Where nothing waits, a signal keeps its value for as long as there is a list.
                Val::Signal(_) if !self.timed => {
                    let value = Val::Expr(self.expr(element, span)?);
                    self.element_var(&name, &value, span)?
                }
                _ => self.element_var(&name, element, span)?,
            });
        }
        let bound = Rc::new(bound);
        known.insert(key, Rc::clone(&bound));
        Ok(bound)
    }

    /// An element in a variable, if it is a number.
    pub fn element_var(&mut self, name: &str, element: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        match element {
            Val::Bits(typed, bits) if !bits.is_outside => Ok(self.bits_var(name, *typed, bits, span)),
            Val::Expr(_) | Val::Const(Const::Int(_) | Const::Bool(_)) => {
                let typed = self.expr(element, span)?;
                if !matches!(self.body.exprs.ty(typed.id), Type::Int(_) | Type::Bool) {
                    return Ok(element.clone());
                }
                let ty = self.plain_type(typed.id);
                let var = self.plain_var(name, ty, span);
                self.assign_var(var, typed.id, span);
                self.element_vars.insert(var);
                let id = self.read_var(var, span);
                // What is stored into it may be another kind of number.
                let width = self.later_width(name).or(typed.width);
                Ok(Val::Expr(Typed { id, width }))
            }
            other => Ok(other.clone()),
        }
    }

    /// The variable of an element that has one.
    fn variable_of(&self, element: &Val<'a>) -> Option<VarId> {
        let Val::Expr(typed) = element else { return None };
        match self.body.exprs.kind(typed.id) {
            ExprKind::Var(var) => Some(*var).filter(|var| self.element_vars.contains(var)),
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Op(..) => None,
        }
    }

    /// Whether an element, or each of those in it, has a variable: what it is then does not depend on the path.
    pub fn is_variable(&self, element: &Val<'a>) -> bool {
        match element {
            Val::Sequence(elements, SequenceKind::List) => elements.iter().all(|one| self.is_variable(one)),
            Val::Var(..) => true,
            other => self.variable_of(other).is_some(),
        }
    }

    /// Whether it is a number that a variable of a local list holds.
    pub fn is_number_in_list(&self, element: &Val<'a>) -> bool {
        self.variable_of(element).is_some()
    }

    /// The local lists that a loop over this goes through as they are, and not through copies of them.
    pub fn lists_gone_through(&mut self, over: &'a ast::Expr) -> Vec<(String, Rc<Vec<Val<'a>>>)> {
        let mut found = Vec::new();
        let mut pending = vec![over];
        while let Some(expr) = pending.pop() {
            match &expr.kind {
                ast::ExprKind::Name(name) => {
                    if let Some(Local::Known(Val::Sequence(elements, SequenceKind::List))) =
                        self.frame().locals.get(name)
                    {
                        found.push((name.clone(), Rc::clone(elements)));
                    }
                }
                ast::ExprKind::Call { function, args } => {
                    let goes_on = |name: &String| matches!(name.as_str(), "enumerate" | "zip" | "reversed");
                    if matches!(&function.kind, ast::ExprKind::Name(name) if goes_on(name)) {
                        pending.extend(args.iter().map(|arg| arg.value()));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// The elements of a list as they are now: of numbers in variables copies.
    pub fn copied(&mut self, elements: Vec<Val<'a>>, span: Span) -> Lowers<Vec<Val<'a>>> {
        let copy = |this: &mut Self, element: Val<'a>| match this.is_number_in_list(&element) {
            true => this.snapshot(&element, span),
            false => Ok(element),
        };
        elements.into_iter().map(|element| copy(self, element)).collect()
    }

    /// Ends the attempt to lower the process if one of these lists, through which a loop goes, has got other elements: the loop would
    /// see what they were. In variables they are what they are now.
    pub fn keep_lists(&mut self, lists: &[(String, Rc<Vec<Val<'a>>>)], span: Span) -> Lowers<()> {
        for (name, before) in lists {
            let now = match self.frame().locals.get(name) {
                Some(Local::Known(list @ Val::Sequence(now, SequenceKind::List)))
                    if !Rc::ptr_eq(now, before) =>
                {
                    list.clone()
                }
                _ => continue,
            };
            return self.as_variables(&now, span, "a list that changes while a loop goes through it");
        }
        Ok(())
    }

    /// `list[place] = value` of a list that a local name leads to.
    pub fn assign_element(
        &mut self,
        elements: &Rc<Vec<Val<'a>>>,
        place: &Val<'a>,
        value: &Val<'a>,
        span: Span,
    ) -> Lowers<()> {
        let Some(place) = place.as_const_int() else {
            let list = Val::Sequence(Rc::clone(elements), SequenceKind::List);
            let what = "the place in a local list must be known when the design is elaborated";
            return self.as_variables(&list, span, what);
        };
        let length = Int::from(elements.len());
        let place = if place.is_negative() { place.add(&length) } else { place };
        let Some(place) = place.to_usize().filter(|place| *place < elements.len()) else {
            return self.error(Code::PH0315, span, "the index lies outside the list");
        };
        if self.timed && (matches!(value, Val::Signal(_)) || self.keeps_chosen_signal(value)) {
            return self.signal_would_be_kept(span);
        }
        if let Val::Var(at, _) = value
            && self.changes_in_place(at.var)
        {
            let message = "the list would hold the `intbv` itself, which changes in place";
            let error = Diagnostic::new(Code::PH0201, span, message);
            return self.fail(error.help("store what it is now: `list[…] = int(x)`"));
        }
        if let Some(var) = self.variable_of(&elements[place]) {
            let is_bool = self.body.var(var).ty == Type::Bool;
            let typed = self.expr(value, span)?;
            let mut id = typed.id;
            let before = self.expr(&elements[place], span)?;
            let stored = match value {
                Val::Signal(_) if !is_bool => Typed { width: Some(Width::SIGNAL), ..typed },
                _ => typed,
            };
            if let Some(together) = self.merged(&[before, stored]).filter(|_| !is_bool)
                && Some(together) != before.width
            {
                if self.other_in_element(var, together) {
                    return self.begin_anew(span);
                }
                return self.outside(span, "the list holds another kind of number at one place");
            }
            if !is_bool && *self.body.exprs.ty(id) == Type::Bool {
                id = self.bool_to_int(id, span)?;
            }
            if !matches!(self.body.exprs.ty(id), Type::Int(_) | Type::Bool) {
                return self.outside(span, "the list holds numbers and something else at one place");
            }
            if is_bool != (*self.body.exprs.ty(id) == Type::Bool) {
                return self.outside(span, "the list holds truth values and numbers at one place");
            }
            self.assign_var(var, id, span);
            return Ok(());
        }
        if elements.iter().any(|element| self.is_number_in_list(element)) {
            // Some path may store into it and another one not.
            return self
                .outside(span, "a number that replaces something else in a list of which numbers change");
        }
        if self.picking > 0 || self.is_of_caller(elements) {
            // Another path stores into another list, or into none: that of a caller is not merged where paths of a function meet.
            let list = Val::Sequence(Rc::clone(elements), SequenceKind::List);
            return self.as_variables(&list, span, "what is replaced in a list depends on the path");
        }
        if self.stands_for_a_picked_list() {
            let what =
                "a list of which an element is replaced, and which a name for one of several may stand for";
            return self.outside(span, what);
        }
        let mut changed = elements.to_vec();
        changed[place] = self.snapshot(value, span)?;
        let mut done = HashMap::from([(Rc::as_ptr(elements), Some(Rc::new(changed)))]);
        let mut is_local = false;
        for local in self.frames.iter_mut().flat_map(|frame| frame.locals.values_mut()) {
            if let Local::Known(value) = local {
                is_local |= replace(value, &mut done);
            }
        }
        match is_local {
            true => Ok(()),
            false => self.outside(span, "only elements of a local list can be assigned"),
        }
    }

    /// Refuses to keep a signal, for which only its value could stand.
    pub fn signal_would_be_kept<T>(&mut self, span: Span) -> Lowers<T> {
        let message = "this would keep the signal itself, whose value goes on changing";
        let error = Diagnostic::new(Code::PH0201, span, message);
        self.fail(error.help("keep what it is now: `s.val`"))
    }

    /// Whether a name of this variable is changed in place.
    fn changes_in_place(&self, var: VarId) -> bool {
        self.frames.iter().any(|frame| {
            let is_it = |local: &Local<'a>| matches!(local, Local::Known(Val::Var(at, _)) if at.var == var);
            frame.locals.iter().any(|(name, local)| is_it(local) && frame.in_place.contains(name))
        })
    }

    /// Whether a local name of some function under way leads to this very list.
    pub fn is_named(&self, elements: &Rc<Vec<Val<'a>>>) -> bool {
        self.frames.iter().any(|frame| frame.locals.values().any(|local| leads_to(local, elements)))
    }

    /// Whether a name stands for one of several lists.
    fn stands_for_a_picked_list(&self) -> bool {
        let mut locals = self.frames.iter().flat_map(|frame| frame.locals.values());
        locals.any(|local| matches!(local, Local::Known(Val::Sequence(_, SequenceKind::Picked))))
    }

    /// Whether a name of a function that has called this one leads to the list, and other paths may go past here.
    fn is_of_caller(&self, elements: &Rc<Vec<Val<'a>>>) -> bool {
        let callers = self.frames.split_last().map_or(&[][..], |(_, callers)| callers);
        let has_left =
            |frame: &Frame<'a>| frame.returns.as_ref().is_some_and(|returns| returns.label.is_some());
        let is_one_path = self.blocks == self.bodies && !self.in_head && !self.frames.iter().any(has_left);
        !is_one_path
            && callers.iter().any(|frame| frame.locals.values().any(|local| leads_to(local, elements)))
    }

    /// Whether something else than one name leads to this list: another name, or what holds it.
    pub fn is_held_twice(&self, elements: &Rc<Vec<Val<'a>>>) -> bool {
        let locals = self.frames.iter().flat_map(|frame| frame.locals.values());
        locals.filter(|local| leads_to(local, elements)).count() > 1
    }

    /// Whether elements of this list are stored on some paths only, under one of its names.
    pub fn changes(&self, elements: &Rc<Vec<Val<'a>>>) -> bool {
        self.frames.iter().any(|frame| {
            let mut names = frame.locals.iter().filter(|(_, local)| leads_to(local, elements));
            names.any(|(name, _)| frame.changing.contains(name))
        })
    }

    /// `list[index] = value` of a list that is an array: the object at that place would be another one.
    pub fn replaced_in_table<T>(&mut self, span: Span) -> Lowers<T> {
        let message = "an `intbv` in a list that an index stores into cannot be replaced by another object";
        self.fail(Diagnostic::new(Code::PH0201, span, message).help("store into it: `list[index][:] = …`"))
    }

    /// A store into an integer of the surroundings that the process cannot keep: says why.
    pub fn of_surroundings<T>(&mut self, target: &'a ast::Expr, span: Span) -> Lowers<T> {
        let mut at = target;
        while let ast::ExprKind::Subscript { value, .. } | ast::ExprKind::Attribute { value, .. } = &at.kind {
            at = value;
        }
        let ast::ExprKind::Name(name) = &at.kind else {
            return self.outside(span, "an `intbv` that no name leads to cannot be changed in a process");
        };
        let home = self.frame().home;
        let object = match self.cx.elaborated.function(home).names.get(name) {
            Some(Binding::Object(id)) => Some(*id),
            _ => None,
        };
        let this = self.process.map_or("this process", |id| &self.cx.elaborated.process(id).name);
        let others =
            object.map(|id| crate::kept::others_that_reach(self.cx, self.process, id)).unwrap_or_default();
        if others.is_empty() {
            let message =
                format!("`{name}` is of the block, and what is done to it here is more than a process keeps");
            return self.outside(span, message);
        }
        let message = format!(
            "`{this}` changes `{name}`, an `intbv` of the block, which `{}` uses too",
            others.join("`, `")
        );
        let error = Diagnostic::new(Code::PH0201, span, message)
            .note("Python shows a change to the others at once, in whatever order they run: no hardware does")
            .help(format!("let it be a signal: `{name} = Signal(…)` and `{name}.next = …`"));
        self.fail(error)
    }

    /// A run-time place in a list of so many elements as Python counts: a negative one from the end. One that reaches none stays
    /// outside.
    pub fn counted_from_end(&mut self, place: ExprId, length: usize, span: Span) -> Lowers<ExprId> {
        let Some(range) = self.body.exprs.range(place).filter(|range| range.is_signed()).cloned() else {
            return Ok(place);
        };
        if range.is_bounded() && length.is_power_of_two() && length > 1 {
            // The low bits are the place.
            let reach = Range::new(-(length as i64), length as i64 - 1);
            let place = match reach.contains_range(&range) {
                true => place,
                false => self.op(Op::Check { range: reach }, &[place], span)?,
            };
            return self.op(Op::Slice { low: 0, width: length.trailing_zeros() }, &[place], span);
        }
        let (zero, length) = (self.body.exprs.int(0i64, span), self.body.exprs.int(length, span));
        let is_negative = self.op(Op::Lt, &[place, zero], span)?;
        let counted = self.op(Op::Add, &[place, length], span)?;
        self.op(Op::Mux, &[is_negative, counted, place], span)
    }

    /// The element of an array at a run-time place.
    pub fn in_table(&mut self, table: &Val<'a>, place: ExprId, span: Span) -> Lowers<Val<'a>> {
        match table {
            Val::Table(var, bits, _) => Ok(Val::Var(VarRef { var: *var, index: Some(place) }, bits.clone())),
            _ => self.fail(Diagnostic::bug(span, "an array that is none")),
        }
    }

    /// The same element in terms that last: the place is kept in a variable if what it is made of changes.
    pub fn lasting(&mut self, name: &str, at: VarRef, span: Span) -> VarRef {
        match at.index {
            Some(index) => VarRef { index: Some(self.lasting_index(name, index, span)), ..at },
            None => at,
        }
    }

    /// A place in a list in terms that last.
    pub fn lasting_index(&mut self, name: &str, index: ExprId, span: Span) -> ExprId {
        if !(self.reads_vars(index) || self.timed && self.reads_nets(index)) {
            return index;
        }
        let ty = match self.body.exprs.ty(index) {
            Type::Int(_) => Type::Int(Range::UNBOUNDED),
            other => other.clone(),
        };
        let var = self.new_var(&format!("{name}_index"), ty, false, span);
        self.assign_var(var, index, span);
        self.read_var(var, span)
    }
}

/// The declaration that every element has, if they are `intbv`s, objects of their own, of one.
fn one_declaration(elements: &[Val<'_>]) -> Option<BitsType> {
    let declared = |element: &Val<'_>| match element {
        Val::Bits(_, bits) | Val::Var(VarRef { index: None, .. }, bits) if !bits.is_outside => {
            Some(bits.clone())
        }
        _ => None,
    };
    let first = elements.first().and_then(declared)?;
    let alike = elements.iter().all(|element| declared(element).as_ref() == Some(&first));
    (alike && first.range.is_bounded()).then_some(first)
}

/// Whether both are one list, or hold the same variables.
fn same_elements(list: &Rc<Vec<Val<'_>>>, other: &Rc<Vec<Val<'_>>>) -> bool {
    let is_same = |pair: (&Val<'_>, &Val<'_>)| matches!(pair, (Val::Var(a, _), Val::Var(b, _)) if a == b);
    Rc::ptr_eq(list, other)
        || (list.len() == other.len() && !list.is_empty() && list.iter().zip(other.iter()).all(is_same))
}

/// Whether the value is a list of this kind, or has one in it.
fn holds<'a>(value: &Val<'a>, is_it: &dyn Fn(&Rc<Vec<Val<'a>>>) -> bool) -> bool {
    match value {
        Val::Sequence(list, kind) => {
            (!kind.is_tuple() && is_it(list)) || list.iter().any(|element| holds(element, is_it))
        }
        Val::Dict(items) => items.iter().any(|(_, value)| holds(value, is_it)),
        _ => false,
    }
}

/// Whether a local name leads to this very list.
fn leads_to<'a>(local: &Local<'a>, elements: &Rc<Vec<Val<'a>>>) -> bool {
    leads_to_one(local, &|list| Rc::ptr_eq(list, elements))
}

/// Whether a local name leads to a list with these elements.
pub fn has_elements<'a>(local: &Local<'a>, elements: &Rc<Vec<Val<'a>>>) -> bool {
    leads_to_one(local, &|list| same_elements(list, elements))
}

fn leads_to_one<'a>(local: &Local<'a>, is_it: &dyn Fn(&Rc<Vec<Val<'a>>>) -> bool) -> bool {
    match local {
        Local::Known(value) => holds(value, is_it),
        Local::Var { .. }
        | Local::Alias { .. }
        | Local::Object { .. }
        | Local::Conflict(_)
        | Local::Missing(_)
        | Local::LeftOut(_) => false,
    }
}

/// What each list has become, by what it was; nothing for one that stays.
type Replaced<'a> = HashMap<*const Vec<Val<'a>>, Option<Rc<Vec<Val<'a>>>>>;

/// Puts the lists that have changed in the place of what they were, wherever the value leads to them. Tells whether it does.
fn replace<'a>(value: &mut Val<'a>, done: &mut Replaced<'a>) -> bool {
    if let Val::Dict(items) = value {
        let mut now = items.to_vec();
        let changed = now.iter_mut().fold(false, |any, (_, value)| replace(value, done) | any);
        if changed {
            *items = Rc::new(now);
        }
        return changed;
    }
    let Val::Sequence(list, _) = value else { return false };
    let key = Rc::as_ptr(list);
    if !done.contains_key(&key) {
        let mut elements = list.to_vec();
        let changed = elements.iter_mut().fold(false, |any, element| replace(element, done) | any);
        done.insert(key, changed.then(|| Rc::new(elements)));
    }
    match done.get(&key) {
        Some(Some(new)) => {
            *list = Rc::clone(new);
            true
        }
        Some(None) | None => false,
    }
}

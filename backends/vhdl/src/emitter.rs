//! The state of writing one process: names of its variables, statements that an expression needs before it.

use crate::facts::{Facts, chosen, strip};
use crate::fit::fit_elements;
use crate::helpers::Helper;
use crate::phrase::{Kind, Phrase, range_fits_integer};
use crate::types::{Result, Shape, bug, inexpressible};
use crate::unit::{Unit, Uses};
use pyhw_diagnostics::Diagnostic;
use pyhw_ir::{Body, ExprId, ExprKind, Int, LabelId, NetId, Op, Range, Type, Value, VarId};
use pyhw_text::Namer;
use std::collections::BTreeMap;

/// How a local variable is written.
#[derive(Clone, Debug)]
pub(crate) enum Variable {
    /// As a variable of the process.
    Local(String, Shape),
    /// As the parameter of the loops that count it; see [`Emitter::params`].
    Parameter,
    /// Nothing uses it.
    Unused,
}

/// The counter of a loop that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// Its value as an `integer`.
    pub text: Phrase,
    /// From its first to its last value: VHDL knows these bounds and refuses choices outside of them.
    pub range: Range,
}

/// The label of a loop or block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Label {
    /// Its name, once it has one.
    pub name: Option<String>,
    /// Whether an `exit` or `next` leaves it.
    pub is_left: bool,
    /// Whether one of these names it.
    pub is_named: bool,
}

/// Writes the expressions and statements of one process.
pub(crate) struct Emitter<'a> {
    pub unit: &'a Unit<'a>,
    pub uses: &'a mut Uses,
    pub body: &'a Body,
    pub facts: Facts,
    /// The scope of the process.
    pub names: Namer,
    pub vars: Vec<Variable>,
    /// What a loop parameter stands for, while its loop is written.
    pub params: Vec<Option<Parameter>>,
    pub labels: Vec<Label>,
    /// Variables that no variable of the source stands for.
    pub temps: Vec<(String, Shape)>,
    /// The vectors that `numeric_std` makes of expressions, as far as they were asked for.
    pub natural_kinds: Vec<Option<Kind>>,
    /// Lines that must stand before the statement that is being written.
    pub before: Vec<String>,
    /// Variables that hold the next values of nets, for stores into parts that take the whole into account.
    pub shadows: BTreeMap<NetId, String>,
    /// Names of loop parameters with what they were made from.
    pub param_names: Vec<(String, String)>,
    /// The parameters of the loops around the present statement.
    pub active_params: Vec<String>,
    /// The loops and blocks around the present statement.
    pub around: Vec<LabelId>,
    /// Whether the activation ends early somewhere.
    pub returns: bool,
    /// The name of what an early end of the activation leaves, once one says it.
    pub return_label: Option<String>,
    /// Whether the process waits by itself.
    pub is_timed: bool,
    /// What has no form in VHDL.
    pub errors: Vec<Diagnostic>,
}

impl<'a> Emitter<'a> {
    /// Ready to write the body; variables are named by [`Emitter::name_variables`].
    pub fn new(unit: &'a Unit<'a>, uses: &'a mut Uses, body: &'a Body, names: Namer) -> Emitter<'a> {
        Emitter {
            unit,
            uses,
            body,
            facts: Facts::new(body, &unit.design.types),
            names,
            vars: vec![Variable::Unused; body.vars.len()],
            params: vec![None; body.vars.len()],
            labels: vec![Label::default(); body.labels.len()],
            temps: Vec::new(),
            natural_kinds: vec![None; body.exprs.len()],
            before: Vec::new(),
            shadows: BTreeMap::new(),
            param_names: Vec::new(),
            active_params: Vec::new(),
            around: Vec::new(),
            returns: false,
            return_label: None,
            is_timed: false,
            errors: Vec::new(),
        }
    }

    /// The name of a helper, which is thereby in use.
    pub fn helper(&mut self, helper: Helper) -> String {
        self.uses.helpers.insert(helper);
        self.unit.helper(helper)
    }

    /// A call of a helper.
    pub fn call(&mut self, helper: Helper, arguments: &[&str]) -> Phrase {
        Phrase::call(&self.helper(helper), arguments)
    }

    /// The name of a label.
    pub fn label(&mut self, id: LabelId) -> String {
        if let Some(name) = &self.labels[id.index()].name {
            return name.clone();
        }
        let name = self.names.fresh(&self.body.labels[id.index()]);
        self.labels[id.index()].name = Some(name.clone());
        name
    }

    /// A new variable of the process.
    pub fn temp(&mut self, wanted: &str, shape: Shape) -> String {
        let name = self.names.fresh(wanted);
        self.temps.push((name.clone(), shape));
        name
    }

    /// The parameter of a loop that the expression is.
    pub fn param(&self, id: ExprId) -> Option<&Parameter> {
        match self.body.exprs.kind(id) {
            ExprKind::Var(var) => self.params[var.index()].as_ref(),
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Op(..) => None,
        }
    }

    /// The values of a subject that a `case` may name: VHDL refuses those that the subject's type does not hold.
    pub fn choices(&self, subject: ExprId) -> Range {
        let range = self.facts.range(subject);
        match self.param(strip(self.body, subject)) {
            Some(param) => range.intersection(&param.range).unwrap_or_else(|| param.range.clone()),
            None => range,
        }
    }

    /// The type of a variable's declaration.
    pub fn var_shape(&self, var: VarId) -> Option<&Shape> {
        match &self.vars[var.index()] {
            Variable::Local(_, shape) => Some(shape),
            Variable::Parameter | Variable::Unused => None,
        }
    }

    /// Whether the expression reads a place as a whole or in part, so that bits of it can be taken by their position.
    pub fn is_name(&self, id: ExprId) -> bool {
        match self.body.exprs.kind(id) {
            ExprKind::Net(_) => true,
            ExprKind::Var(_) => self.param(id).is_none(),
            ExprKind::Op(Op::Index | Op::Field { .. }, _) => true,
            ExprKind::Const(_) | ExprKind::Op(..) => false,
        }
    }

    /// Whether the expression reads a place that is always the same one; VHDL-93 takes no other array as the subject of a `case`.
    pub fn is_fixed_name(&self, id: ExprId) -> bool {
        self.is_name(id)
            && match self.body.exprs.kind(id) {
                ExprKind::Op(Op::Index, args) => {
                    self.is_fixed_name(args[0]) && self.facts.constant(args[1]).is_some()
                }
                ExprKind::Op(_, args) => self.is_fixed_name(args[0]),
                ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => true,
            }
    }

    /// The text of an expression that reads a place: a net, a variable, an element, a field.
    pub fn name(&mut self, id: ExprId) -> Result<String> {
        let body = self.body;
        match body.exprs.kind(id) {
            ExprKind::Net(net) => Ok(self.unit.net(*net).to_owned()),
            ExprKind::Var(var) => match &self.vars[var.index()] {
                Variable::Local(name, _) => Ok(name.clone()),
                Variable::Parameter | Variable::Unused => Err(bug(
                    body.exprs.span(id),
                    format!("variable `{}` is not declared", body.var(*var).name),
                )),
            },
            ExprKind::Op(Op::Index, args) => self.element(id, args[0], args[1]),
            ExprKind::Op(Op::Field { index }, args) => {
                let Type::Struct(of) = body.exprs.ty(args[0]) else {
                    return Err(bug(body.exprs.span(id), "a field of what is no struct"));
                };
                let prefix = self.whole(args[0])?;
                match self.unit.types.field(*of, *index) {
                    Some((field, _)) => Ok(format!("{prefix}.{field}")),
                    None => Err(bug(body.exprs.span(id), "a field that does not exist")),
                }
            }
            ExprKind::Const(_) | ExprKind::Op(..) => {
                Err(bug(body.exprs.span(id), "an expression taken for a name"))
            }
        }
    }

    /// The name of an array or a record as a whole; a computed one is put into a variable first.
    fn whole(&mut self, id: ExprId) -> Result<String> {
        if self.is_name(id) {
            return self.name(id);
        }
        let shape = self.shape(id)?;
        let name = self.temp("whole", shape.clone());
        self.store_into(&name, &shape, id)?;
        Ok(name)
    }

    /// An index into an array. A constant one past its end is never used, since that would be a fault; VHDL refuses it all the
    /// same, so that the last element stands for it.
    pub fn index(&mut self, index: ExprId, length: u32) -> Result<String> {
        let last = Int::from(length.saturating_sub(1));
        if let Some(value) = self.facts.constant(strip(self.body, index)) {
            return Ok(value.max(Int::ZERO).min(last).to_string());
        }
        // What VHDL's integers do not hold is no place in the array: there the low bits say which.
        if !range_fits_integer(&self.facts.range(index)) {
            let text = self.vector(index, Kind::of(&Range { min: Some(Int::ZERO), max: Some(last) }))?;
            return Ok(Phrase::call("to_integer", &[&text.text]).text);
        }
        Ok(self.integer(index)?.text)
    }

    fn element(&mut self, id: ExprId, array: ExprId, index: ExprId) -> Result<String> {
        let body = self.body;
        let length = match body.exprs.ty(array) {
            Type::Array(_, length) => *length,
            Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => 0,
        };
        match body.exprs.kind(array) {
            ExprKind::Const(value) => {
                let shape = self.shape(array)?;
                let Some(table) = self.unit.table(value, &shape) else {
                    return Err(bug(body.exprs.span(id), "a table without a name"));
                };
                let table = table.to_owned();
                Ok(format!("{table}({})", self.index(index, length)?))
            }
            ExprKind::Op(Op::Array, _) => {
                let shape = self.shape(id)?;
                let name = self.temp("element", shape.clone());
                self.store_into(&name, &shape, id)?;
                Ok(name)
            }
            ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..) => {
                let prefix = self.whole(array)?;
                Ok(format!("{prefix}({})", self.index(index, length)?))
            }
        }
    }

    /// The VHDL type of an expression.
    pub fn shape(&self, id: ExprId) -> Result<Shape> {
        Shape::of(self.body.exprs.ty(id))
            .ok_or_else(|| inexpressible(self.body.exprs.span(id), "VHDL has no type for this value"))
    }

    /// The vector that an expression would be kept in by itself: that of the place that it reads, else the smallest one.
    pub fn kind(&self, id: ExprId) -> Kind {
        let inner = strip(self.body, id);
        Kind::of(&self.facts.range(if self.is_name(inner) { inner } else { id }))
    }

    /// A value for a place of this type.
    pub fn value(&mut self, id: ExprId, shape: &Shape) -> Result<Phrase> {
        let body = self.body;
        if let Some(value @ Value::Z) = body.exprs.as_const(id) {
            let text = self.unit.types.constant(value, shape);
            return Ok(Phrase::primary(text.unwrap_or_else(|| "'Z'".to_owned())));
        }
        match shape {
            Shape::Logic => self.logic(id),
            Shape::Boolean => self.condition(id),
            Shape::Vector(kind) => {
                if let Some(value) = self.facts.constant(id) {
                    return Ok(Phrase::primary(crate::types::store_literal(&value, *kind)));
                }
                if let ExprKind::Op(Op::Concat { widths }, args) = body.exprs.kind(strip(body, id))
                    && *kind == Kind::unsigned(widths.iter().sum())
                    && args.len() > 1
                {
                    return self.concatenation(args, widths, kind.width);
                }
                self.vector(id, *kind)
            }
            Shape::Enum(_) => self.enumeration(id),
            Shape::Array(..) | Shape::Record(_) => self.composite(id, shape),
        }
    }

    /// A member of an enumeration.
    pub fn enumeration(&mut self, id: ExprId) -> Result<Phrase> {
        let body = self.body;
        let span = body.exprs.span(id);
        let id = chosen(body, &self.facts, id);
        if self.is_name(id) {
            return Ok(Phrase::primary(self.name(id)?));
        }
        let Type::Enum(of) = body.exprs.ty(id) else {
            return Err(bug(span, "not an enumeration"));
        };
        let names = self.unit.types.enumeration(*of).clone();
        match body.exprs.kind(id) {
            ExprKind::Const(Value::Enum(member)) => match names.members.get(*member as usize) {
                Some(member) => Ok(Phrase::primary(member)),
                None => Err(bug(span, "a member that does not exist")),
            },
            ExprKind::Op(Op::Decode { .. }, args) => {
                if let Some(code) = self.facts.constant(args[0]) {
                    // A code that no member has is never decoded, since that would be a fault; any member stands for it.
                    let members = &self.unit.design.types.enums[of.index()].members;
                    let at = members.iter().position(|(_, of)| *of == code).unwrap_or(0);
                    return Ok(Phrase::primary(&names.members[at]));
                }
                if names.encoded {
                    return self.vector(args[0], Kind::unsigned(names.width));
                }
                if names.is_plain {
                    let code = if range_fits_integer(&self.facts.range(args[0])) {
                        self.integer(args[0])?
                    } else {
                        // A code that is decoded is one of a member, so that its low bits tell which.
                        let low = self.vector(args[0], Kind::unsigned(names.width))?;
                        Phrase::call("to_integer", &[&low.text])
                    };
                    return Ok(Phrase::call(&format!("{}'val", names.name), &[&code.text]));
                }
                let code = self.vector(args[0], Kind::unsigned(names.width))?;
                Ok(self.call(Helper::Decode(*of), &[&code.text]))
            }
            ExprKind::Op(Op::Mux, _) => self.hoist(id, "choice"),
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..) => {
                Err(bug(span, "not a value of an enumeration"))
            }
        }
    }

    /// An array or a record as a whole.
    fn composite(&mut self, id: ExprId, shape: &Shape) -> Result<Phrase> {
        let body = self.body;
        let span = body.exprs.span(id);
        if self.is_name(id) {
            let (name, own) = (self.name(id)?, self.shape(id)?);
            let what = "VHDL arrays are stored only into arrays of elements of one kind";
            return match fit_elements(&name, &own, shape) {
                Some(text) => Ok(Phrase::primary(text)),
                None => Err(inexpressible(span, what)),
            };
        }
        match (body.exprs.kind(id), shape) {
            (ExprKind::Const(value), _) => match self.unit.types.constant(value, shape) {
                Some(text) => Ok(Phrase::primary(text)),
                None => Err(bug(span, "a constant that does not fit its type")),
            },
            (ExprKind::Op(Op::Array, args), Shape::Array(element, _)) => {
                let mut texts = Vec::with_capacity(args.len());
                for (at, arg) in args.iter().enumerate() {
                    texts.push(format!("{at} => {}", self.value(*arg, element)?.text));
                }
                Ok(Phrase::primary(format!("({})", texts.join(", "))))
            }
            (ExprKind::Op(Op::Struct { .. }, args), Shape::Record(of)) => {
                let fields = self.unit.types.fields(*of);
                let mut texts = Vec::with_capacity(args.len());
                for (arg, (name, shape)) in args.iter().zip(fields) {
                    texts.push(format!("{name} => {}", self.value(*arg, shape)?.text));
                }
                Ok(Phrase::primary(format!("({})", texts.join(", "))))
            }
            (ExprKind::Op(Op::Mux, _), _) => {
                let name = self.temp("choice", shape.clone());
                self.store_into(&name, shape, id)?;
                Ok(Phrase::primary(name))
            }
            (ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..), _) => {
                Err(bug(span, "not a value of an array or a struct"))
            }
        }
    }

    /// Puts the value of an expression into a new variable, by statements before the present one.
    pub fn hoist(&mut self, id: ExprId, wanted: &str) -> Result<Phrase> {
        let shape = self.shape(id)?;
        self.hoist_as(id, wanted, shape)
    }

    /// Like [`Emitter::hoist`], into a variable of this type.
    pub fn hoist_as(&mut self, id: ExprId, wanted: &str, shape: Shape) -> Result<Phrase> {
        let name = self.temp(wanted, shape.clone());
        self.store_into(&name, &shape, id)?;
        Ok(Phrase::primary(name))
    }

    /// `name := value`, before the present statement; a choice becomes an `if` or `case`, so that VHDL evaluates only what is
    /// chosen.
    fn store_into(&mut self, name: &str, shape: &Shape, id: ExprId) -> Result<()> {
        let lines = self.assignment(name, ":=", "", shape, id)?;
        self.before.extend(lines);
        Ok(())
    }

    /// Everything before the present statement, which is thereby taken care of.
    pub fn take_before(&mut self) -> Vec<String> {
        std::mem::take(&mut self.before)
    }

    /// The lines of `target operator value`, with what must stand before them; a choice becomes an `if` or `case`.
    /// `after` is put behind the value.
    pub fn assignment(
        &mut self,
        target: &str,
        operator: &str,
        after: &str,
        shape: &Shape,
        id: ExprId,
    ) -> Result<Vec<String>> {
        let body = self.body;
        let outer = self.take_before();
        let id = chosen(body, &self.facts, id);
        let inner = strip(body, id);
        let lines = match body.exprs.kind(inner) {
            ExprKind::Op(Op::Mux, args) if self.facts.constant(id).is_none() => {
                let cond = self.condition(args[0])?;
                let mut lines = self.take_before();
                let yes = self.assignment(target, operator, after, shape, args[1])?;
                let no = self.assignment(target, operator, after, shape, args[2])?;
                lines.push(format!("if {} then", cond.text));
                lines.extend(indented(yes));
                // A choice in the other branch goes on as `elsif`, where nothing stands before it.
                if no.first().is_some_and(|line| line.starts_with("if ")) && is_one_if(&no) {
                    lines.extend(
                        no.into_iter().enumerate().map(
                            |(at, line)| {
                                if at == 0 { format!("els{line}") } else { line }
                            },
                        ),
                    );
                } else {
                    lines.push("else".to_owned());
                    lines.extend(indented(no));
                    lines.push("end if;".to_owned());
                }
                lines
            }
            ExprKind::Op(Op::Index, args) if self.is_choice(args[0]) => {
                let ExprKind::Op(_, elements) = body.exprs.kind(args[0]) else {
                    return Err(bug(body.exprs.span(id), "not a choice"));
                };
                let range = self.choices(args[1]);
                let reached: Vec<(usize, ExprId)> = elements
                    .iter()
                    .copied()
                    .enumerate()
                    .filter(|(at, _)| range.contains(&Int::from(*at)))
                    .collect();
                // Where no element is reached, any of them stands for what is never evaluated.
                if let ([], [.., only]) | ([(_, only)], _) = (&reached[..], &elements[..]) {
                    self.before = outer;
                    return self.assignment(target, operator, after, shape, *only);
                }
                let subject = self.integer(args[1])?;
                let mut lines = self.take_before();
                lines.push(format!("case {} is", subject.text));
                for (nth, (at, element)) in reached.iter().enumerate() {
                    let choice = if nth + 1 == reached.len() { "others".to_owned() } else { at.to_string() };
                    lines.push(format!("    when {choice} =>"));
                    let arm = self.assignment(target, operator, after, shape, *element)?;
                    lines.extend(indented(indented(arm)));
                }
                lines.push("end case;".to_owned());
                lines
            }
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..) => {
                let value = self.value(id, shape)?;
                let mut lines = self.take_before();
                lines.push(format!("{target} {operator} {}{after};", value.text));
                lines
            }
        };
        self.before = outer;
        Ok(lines)
    }

    /// Whether an array is made of elements that are chosen at run time.
    pub fn is_choice(&self, array: ExprId) -> bool {
        matches!(self.body.exprs.kind(array), ExprKind::Op(Op::Array, _))
    }
}

/// The lines one level deeper.
pub(crate) fn indented(lines: Vec<String>) -> Vec<String> {
    lines
        .into_iter()
        .flat_map(|line| line.split('\n').map(|line| format!("    {line}")).collect::<Vec<_>>())
        .collect()
}

/// Whether lines that begin with `if` are nothing but that statement.
fn is_one_if(lines: &[String]) -> bool {
    lines.iter().position(|line| line == "end if;") == Some(lines.len() - 1)
}

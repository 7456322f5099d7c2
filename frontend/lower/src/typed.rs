//! Values as expressions of the IR: of any type, as integers, as truth values, and as what is known while lowering.

use crate::lowerer::{Lowerer, Lowers, OF_NONE};
use crate::value::{SignalRef, Typed, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::Const;
use pyhw_ir::{EnumId, ExprId, Int, Op, Range, Type, Value};

impl<'a> Lowerer<'a> {
    /// A run-time expression for a value.
    pub fn expr(&mut self, value: &Val<'a>, span: Span) -> Lowers<Typed> {
        let plain = |id| Typed { id, width: None };
        match value {
            Val::Expr(typed) | Val::Bits(typed, _) => Ok(*typed),
            Val::Const(Const::Int(value)) => Ok(plain(self.literal(value.clone(), span)?)),
            Val::Const(Const::Bool(value)) => Ok(plain(self.body.exprs.bool(*value, span))),
            Val::Const(Const::Enum(of, member)) => {
                Ok(plain(self.body.exprs.constant(Value::Enum(*member), Type::Enum(*of), span)))
            }
            Val::Const(Const::Str(text)) => {
                Ok(plain(self.body.exprs.constant(Value::Text(text.as_str().into()), Type::Text, span)))
            }
            Val::Signal(signal) => self.read_signal(signal, span),
            Val::Var(at, bits) => {
                let id = self.read_place(*at, span)?;
                Ok(Typed { id, width: Some(bits.as_width()) })
            }
            Val::Const(Const::None) => {
                let message = "`None` cannot be used as a value here";
                self.fail(Diagnostic::new(Code::PH0201, span, message).help(OF_NONE))
            }
            // A simulation in Python shows what is stored next.
            Val::Next(SignalRef::Net(net, id)) if !self.cx.python => {
                self.nexts.push((*net, span));
                self.read_signal(&SignalRef::Net(*net, *id), span)
            }
            Val::Next(_) => self.next_is_read(span),
            Val::Picked(elements, place) => {
                let value = self.pick(elements, *place, span)?;
                self.expr(&value, span)
            }
            Val::Const(Const::Float(float)) => {
                let message = format!("the float `{float:?}` cannot be computed with: hardware has integers");
                let error = Diagnostic::new(Code::PH0201, span, message);
                self.fail(
                    error.help("scale it to an integer, and the result back: `a * 3 // 4` for `a * 0.75`"),
                )
            }
            Val::Const(Const::Opaque(_))
            | Val::Memory(..)
            | Val::Table(..)
            | Val::ListObject(_)
            | Val::DictObject(_)
            | Val::Instance(_)
            | Val::Sequence(..)
            | Val::Dict(_)
            | Val::Module(..)
            | Val::EnumType(_)
            | Val::TupleClass(_)
            | Val::Function(..)
            | Val::Closure(_)
            | Val::Method(..)
            | Val::Builtin(_)
            | Val::Range(..)
            | Val::DynamicRange(..)
            | Val::Edge(..)
            | Val::Delay(_)
            | Val::Join(_)
            | Val::Exception(..) => {
                let message = format!("{} cannot be used as a value here", value.describe());
                self.outside(span, message)
            }
        }
    }

    /// What is stored into a signal is seen by Python at once, by its `next`, and by no hardware.
    pub fn next_is_read<T>(&mut self, span: Span) -> Lowers<T> {
        self.fail(next_is_read(span))
    }

    /// An integer expression: a boolean counts as 0 or 1.
    pub fn int_expr(&mut self, value: &Val<'a>, span: Span) -> Lowers<Typed> {
        let typed = self.expr(value, span)?;
        match self.body.exprs.ty(typed.id) {
            Type::Int(_) => Ok(typed),
            Type::Bool => {
                let id = self.bool_to_int(typed.id, span)?;
                Ok(Typed { id, width: typed.width })
            }
            _ => {
                let message = format!("this must be an integer, and is {}", self.kind_of(typed.id));
                self.error(Code::PH0301, span, message)
            }
        }
    }

    /// What a value is that is one of these, if they are numbers.
    pub fn merged(&self, values: &[Typed]) -> Option<Width> {
        let (truths, others): (Vec<Typed>, Vec<Typed>) =
            values.iter().partition(|one| *self.body.exprs.ty(one.id) == Type::Bool);
        let first = others.first()?.width;
        let width = others.iter().fold(first, |width, one| Width::merge(width, one.width));
        if truths.is_empty() { width } else { Width::merge(width, Some(Width::NUMBER)) }
    }

    /// 0 or 1 for a boolean expression.
    pub fn bool_to_int(&mut self, id: ExprId, span: Span) -> Lowers<ExprId> {
        match self.body.exprs.as_const(id) {
            Some(Value::Bool(value)) => {
                let value = i64::from(*value);
                Ok(self.body.exprs.int(value, span))
            }
            _ => self.op(Op::ToInt, &[id], span),
        }
    }

    /// Whether Python takes the value for true.
    pub fn truth(&mut self, value: &Val<'a>, span: Span) -> Lowers<Val<'a>> {
        if let Some(known) = self.known_truth(value) {
            return Ok(Val::bool(known));
        }
        let typed = self.expr(value, span)?;
        match self.body.exprs.ty(typed.id) {
            Type::Bool => Ok(Val::Expr(Typed { id: typed.id, width: None })),
            Type::Int(_) => {
                let zero = self.body.exprs.int(0i64, span);
                let id = self.op(Op::Ne, &[typed.id, zero], span)?;
                Ok(Val::Expr(Typed { id, width: None }))
            }
            Type::Enum(_) => Ok(Val::bool(true)),
            _ => {
                let message = format!("{} cannot be a condition", self.kind_of(typed.id));
                self.error(Code::PH0301, span, message)
            }
        }
    }

    fn known_truth(&self, value: &Val<'a>) -> Option<bool> {
        match value {
            Val::Const(Const::None) => Some(false),
            Val::Const(Const::Bool(value)) => Some(*value),
            Val::Const(Const::Int(value)) => Some(!value.is_zero()),
            Val::Const(Const::Float(value)) => Some(*value != 0.0),
            Val::Const(Const::Str(text)) => Some(!text.is_empty()),
            Val::Const(Const::Enum(..) | Const::Opaque(_)) => Some(true),
            Val::Memory(..)
            | Val::Table(..)
            | Val::ListObject(_)
            | Val::DictObject(_)
            | Val::Sequence(..)
            | Val::Dict(_)
            | Val::Range(..) => self.length(value).map(|length| length > 0),
            Val::Instance(_)
            | Val::Module(..)
            | Val::EnumType(_)
            | Val::TupleClass(_)
            | Val::Function(..)
            | Val::Closure(_)
            | Val::Method(..)
            | Val::Builtin(_) => Some(true),
            Val::Expr(_)
            | Val::Signal(_)
            | Val::Next(_)
            | Val::Var(..)
            | Val::Bits(..)
            | Val::Picked(..)
            | Val::DynamicRange(..)
            | Val::Edge(..)
            | Val::Delay(_)
            | Val::Join(_)
            | Val::Exception(..) => None,
        }
    }

    /// A value that must be known while lowering.
    pub fn const_int(&mut self, value: &Val<'a>, what: &str, span: Span) -> Lowers<Int> {
        if let Some(value) = value.as_const_int() {
            return Ok(value);
        }
        if let Val::Bits(typed, _) | Val::Expr(typed) = value
            && let Some(Value::Int(known)) = self.body.exprs.as_const(typed.id)
        {
            return Ok(known.clone());
        }
        let message = format!("{what} must be known when the design is elaborated");
        self.error(Code::PH0201, span, message)
    }

    /// The value of an expression that is a constant.
    pub fn known_int(&self, id: ExprId) -> Option<Int> {
        self.body.exprs.as_const(id).and_then(Value::as_int).cloned()
    }

    /// The type of the variable that holds values of this expression as a plain local.
    pub fn plain_type(&self, id: ExprId) -> Type {
        match self.body.exprs.ty(id) {
            Type::Int(_) => Type::Int(Range::UNBOUNDED),
            other => other.clone(),
        }
    }

    /// The kind of an expression in a user's words.
    pub fn kind_of(&self, id: ExprId) -> String {
        match self.body.exprs.ty(id) {
            Type::Bool => "a boolean".to_owned(),
            Type::Int(_) => "an integer".to_owned(),
            Type::Enum(of) => format!("a member of {}", self.enum_in_words(*of)),
            Type::Array(..) => "an array".to_owned(),
            Type::Struct(_) => "a struct".to_owned(),
            Type::Text => "a text".to_owned(),
            Type::Opaque => "a Python object".to_owned(),
        }
    }

    /// An enumeration in a user's words: by its name, or by its members where nothing that the process sees has a name for it.
    pub fn enum_in_words(&self, of: EnumId) -> String {
        let found = &self.cx.elaborated.types.enums[of.index()];
        if !found.name.is_empty() {
            return format!("`{}`", found.name);
        }
        let members: Vec<&str> = found.members.iter().map(|(member, _)| member.as_str()).collect();
        format!("`enum({})`", members.join(", "))
    }
}

/// That the next value of a signal is read, which may be another one than the value.
pub fn next_is_read(span: Span) -> Diagnostic {
    Diagnostic::new(Code::PH0201, span, "the next value of a signal cannot be read")
        .note(
            "it is what the last store of any process left there; hardware shows only what the signal is now",
        )
        .help("keep what is stored in a local and use that, as in `v = s + 1` and `s.next = v`, or read `s`")
}

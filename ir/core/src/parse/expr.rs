//! Expressions and values.

use super::body::let_number;
use super::lexer::{Kind, Token};
use super::module::Scope;
use super::{MAX_ELEMENTS, Name, Parsed, Parser, TypeName};
use crate::expr::{ExprId, ExprKind};
use crate::op::Op;
use crate::types::{Range, Type, Value};
use pyhw_diagnostics::Span;
use std::sync::Arc;

/// How deep an expression may nest between two `let`; the printer stays well below.
const MAX_DEPTH: usize = 64;

/// The field of a `field` operator: it can be looked up only when the type of the operand is known.
enum FieldRef {
    Number(u32),
    Name(Token, String),
}

impl Parser<'_> {
    /// An expression. `depth` counts the expressions around it.
    pub(super) fn expr(&mut self, scope: &mut Scope, depth: usize) -> Parsed<ExprId> {
        let token = self.peek();
        if depth > MAX_DEPTH {
            let message =
                format!("expressions nested deeper than {MAX_DEPTH}: name the inner ones with `let`");
            return Err(self.fail(token, message));
        }
        let (kind, implied) = match token.kind {
            Kind::Net => {
                let net = self.net_ref(scope)?;
                (ExprKind::Net(net), scope.module.nets.get(net.index()).map(|net| net.ty.clone()))
            }
            Kind::Var => {
                self.bump();
                let name = self.sigil_name(token)?;
                match scope.vars.get(&name) {
                    Some(&var) => (ExprKind::Var(var), Some(scope.body.var(var).ty.clone())),
                    None => return Err(self.fail(token, format!("the process has no variable `{}`", name.0))),
                }
            }
            Kind::Word => match self.peek_at(1).kind {
                Kind::Sign(b'(' | b'[') if !matches!(self.word(), "host" | "member") => {
                    return self.op(scope, depth);
                }
                next => {
                    if let Some(number) = let_number(self.word()).filter(|_| next != Kind::Sign(b'.')) {
                        self.bump();
                        return match scope.lets.get(&number) {
                            Some(&id) => Ok(id),
                            None => Err(self.fail(token, format!("no `let e{number}` stands before this"))),
                        };
                    }
                    self.constant()?
                }
            },
            Kind::Int
            | Kind::Text
            | Kind::Label
            | Kind::Span
            | Kind::Store
            | Kind::Sign(_)
            | Kind::Bad
            | Kind::End => self.constant()?,
        };
        let ty = match self.annotation()? {
            Some(ty) => Some(ty),
            None => implied,
        };
        match ty {
            Some(ty) => Ok(scope.body.exprs.intern(kind, ty, Span::NONE)),
            None => Err(self.fail(token, "this constant needs its type, such as `[1, 2]: array[u8, 2]`")),
        }
    }

    /// A constant and the type that it has by itself.
    fn constant(&mut self) -> Parsed<(ExprKind, Option<Type>)> {
        let (value, ty) = self.value(0)?;
        Ok((ExprKind::Const(value), ty))
    }

    /// A type behind an expression.
    fn annotation(&mut self) -> Parsed<Option<Type>> {
        if self.eat_sign(b':') { self.ty(0).map(Some) } else { Ok(None) }
    }

    fn op(&mut self, scope: &mut Scope, depth: usize) -> Parsed<ExprId> {
        let token = self.bump();
        let (mut op, field) = self.op_with_immediates(token)?;
        self.expect_sign(b'(')?;
        let args = self.list(b')', |parser| parser.expr(scope, depth + 1))?;
        let arg_type = args.first().map(|&arg| scope.body.exprs.ty(arg).clone());
        if let Some(field) = field {
            op = Op::Field { index: self.field_index(field, arg_type.as_ref())? };
        }
        if let Some(ty) = self.annotation()? {
            return Ok(scope.body.exprs.intern(ExprKind::Op(op, args.into()), ty, Span::NONE));
        }
        let result = scope.body.exprs.op(op, &args, &self.design.types, Span::NONE);
        result.map_err(|error| self.fail(token, error.to_string()))
    }

    fn field_index(&mut self, field: FieldRef, ty: Option<&Type>) -> Parsed<u32> {
        let (token, name) = match field {
            FieldRef::Number(number) => return Ok(number),
            FieldRef::Name(token, name) => (token, name),
        };
        self.field_of(ty, &name).ok_or_else(|| self.fail(token, format!("the operand has no field `{name}`")))
    }

    /// The operator of a mnemonic, with its parameters in brackets.
    fn op_with_immediates(&mut self, token: Token) -> Parsed<(Op, Option<FieldRef>)> {
        let mnemonic = self.text_of(token);
        if let Some(op) = plain_op(mnemonic) {
            return Ok((op, None));
        }
        if !matches!(
            mnemonic,
            "slice"
                | "concat"
                | "signed"
                | "wrap"
                | "refine"
                | "check"
                | "decode"
                | "struct"
                | "field"
                | "format"
        ) {
            return Err(self.fail(token, format!("there is no operator `{mnemonic}`")));
        }
        self.expect_sign(b'[')?;
        let op = match mnemonic {
            "slice" => {
                let low = self.small("the lowest bit")?;
                self.expect_sign(b',')?;
                Op::Slice { low, width: self.small("a width")? }
            }
            "concat" => {
                let widths = self.list(b']', |parser| parser.small("a width"))?;
                return Ok((Op::Concat { widths: widths.into() }, None));
            }
            "signed" => Op::Signed { width: self.small("a width")? },
            "wrap" => return Ok((Op::Wrap { range: self.range()? }, None)),
            "refine" => return Ok((Op::Refine { range: self.range()? }, None)),
            "check" => return Ok((Op::Check { range: self.range()? }, None)),
            "decode" | "struct" => {
                let at = self.peek();
                match (mnemonic, self.type_name()?) {
                    ("decode", TypeName::Enum(of)) => Op::Decode { of },
                    ("struct", TypeName::Struct(of)) => Op::Struct { of },
                    _ => return Err(self.fail(at, format!("`{mnemonic}` needs another kind of type"))),
                }
            }
            "field" => {
                let at = self.peek();
                let field = if at.kind == Kind::Int {
                    FieldRef::Number(self.small("the number of a field")?)
                } else {
                    FieldRef::Name(at, self.plain_name("the name of a field")?)
                };
                self.expect_sign(b']')?;
                return Ok((Op::Field { index: 0 }, Some(field)));
            }
            _ => {
                let at = self.peek();
                match self.string()?.parse() {
                    Ok(template) => Op::Format { template: Box::new(template) },
                    Err(message) => return Err(self.fail(at, message)),
                }
            }
        };
        self.expect_sign(b']')?;
        Ok((op, None))
    }

    /// A value and the type that it has by itself, if any. `depth` counts the values around it.
    pub(super) fn value(&mut self, depth: usize) -> Parsed<(Value, Option<Type>)> {
        let token = self.peek();
        if depth > crate::verify::MAX_TYPE_DEPTH {
            return Err(
                self.fail(token, format!("values nested deeper than {}", crate::verify::MAX_TYPE_DEPTH))
            );
        }
        if matches!(token.kind, Kind::Word | Kind::Text) && self.peek_at(1).kind == Kind::Sign(b'.') {
            return self.member();
        }
        match token.kind {
            Kind::Int | Kind::Sign(b'-') => {
                let value = self.int()?;
                Ok((Value::Int(value.clone()), Some(Type::Int(Range::exactly(value)))))
            }
            Kind::Text => Ok((Value::Text(self.string()?.into()), Some(Type::Text))),
            Kind::Sign(b'[') => {
                self.bump();
                Ok((Value::Array(Arc::new(self.elements(depth)?)), None))
            }
            Kind::Sign(b'{') => {
                self.bump();
                let fields = self.list(b'}', |parser| {
                    parser.count(parser.peek(), 1)?;
                    Ok(parser.value(depth + 1)?.0)
                })?;
                Ok((Value::Struct(Arc::new(fields)), None))
            }
            Kind::Word => self.named_value(),
            Kind::Net
            | Kind::Var
            | Kind::Label
            | Kind::Span
            | Kind::Store
            | Kind::Sign(_)
            | Kind::Bad
            | Kind::End => Err(self.expected("a value")),
        }
    }

    fn named_value(&mut self) -> Parsed<(Value, Option<Type>)> {
        let value = match self.word() {
            "true" => (Value::Bool(true), Some(Type::Bool)),
            "false" => (Value::Bool(false), Some(Type::Bool)),
            "z" => (Value::Z, None),
            word @ ("host" | "member") => {
                self.bump();
                self.expect_sign(b'(')?;
                let number = self.small("a number")?;
                self.expect_sign(b')')?;
                return Ok(match word {
                    "host" => (Value::Opaque(number), Some(Type::Opaque)),
                    _ => (Value::Enum(number), None),
                });
            }
            _ => return Err(self.expected("a value")),
        };
        self.bump();
        Ok(value)
    }

    /// `State.IDLE`, or with a number `State.1.IDLE`.
    fn member(&mut self) -> Parsed<(Value, Option<Type>)> {
        let token = self.peek();
        let name: Name = self.name("an enum")?;
        self.expect_sign(b'.')?;
        let at = self.peek();
        let member = self.plain_name("a member")?;
        let Some(&TypeName::Enum(id)) = self.types.get(&name) else {
            return Err(self.fail(token, format!("no enum `{}` stands before this", name.0)));
        };
        let key = (id, member);
        match self.members.get(&key) {
            Some(&index) => Ok((Value::Enum(index), Some(Type::Enum(id)))),
            None => Err(self.fail(at, format!("`{}` has no member `{}`", name.0, key.1))),
        }
    }

    /// The elements of an array, its opening bracket taken.
    fn elements(&mut self, depth: usize) -> Parsed<Vec<Value>> {
        let mut elements = Vec::new();
        if self.eat_sign(b']') {
            return Ok(elements);
        }
        loop {
            let token = self.peek();
            let before = self.elements;
            self.count(token, 1)?;
            let (value, _) = self.value(depth + 1)?;
            if self.eat_word("x") {
                let times = self.small("a count")? as usize;
                // Every further one counts with all that is in it.
                let each = self.elements - before;
                self.count(token, each.saturating_mul(times.saturating_sub(1)))?;
                elements.resize(elements.len() + times, value);
            } else {
                elements.push(value);
            }
            if self.eat_sign(b']') {
                return Ok(elements);
            }
            if !self.eat_sign(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    /// Counts elements of values, of which a text may have only so many.
    fn count(&mut self, token: Token, more: usize) -> Parsed<()> {
        self.elements = self.elements.saturating_add(more);
        if self.elements > MAX_ELEMENTS {
            return Err(self.fail(token, format!("more than {MAX_ELEMENTS} elements of values")));
        }
        Ok(())
    }
}

/// The operators without parameters in brackets.
fn plain_op(mnemonic: &str) -> Option<Op> {
    Some(match mnemonic {
        "neg" => Op::Neg,
        "add" => Op::Add,
        "sub" => Op::Sub,
        "mul" => Op::Mul,
        "floordiv" => Op::FloorDiv,
        "mod" => Op::Mod,
        "pow" => Op::Pow,
        "inv" => Op::Inv,
        "and" => Op::And,
        "or" => Op::Or,
        "xor" => Op::Xor,
        "shl" => Op::Shl,
        "shr" => Op::Shr,
        "eq" => Op::Eq,
        "ne" => Op::Ne,
        "lt" => Op::Lt,
        "le" => Op::Le,
        "gt" => Op::Gt,
        "ge" => Op::Ge,
        "not" => Op::Not,
        "and_then" => Op::AndThen,
        "or_else" => Op::OrElse,
        "mux" => Op::Mux,
        "bit" => Op::Bit,
        "to_int" => Op::ToInt,
        "to_bool" => Op::ToBool,
        "encode" => Op::Encode,
        "index" => Op::Index,
        "array" => Op::Array,
        "is_z" => Op::IsZ,
        "now" => Op::Now,
        _ => return None,
    })
}

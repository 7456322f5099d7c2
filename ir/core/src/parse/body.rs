//! The body of a process: variables and statements.

use super::lexer::Kind;
use super::module::Scope;
use super::{Parsed, Parser};
use crate::design::{Body, Comments, LabelId, Var, VarId};
use crate::stmt::{Place, Projection, Root, Stmt, StmtKind, SwitchArm, Wait};
use crate::types::Type;
use crate::verify::MAX_NESTING;
use pyhw_diagnostics::Span;

/// A statement's kind with what stands at the end of its first line.
type Line = (StmtKind, Span, Option<String>);

impl Parser<'_> {
    /// Variables and statements up to the closing brace.
    pub(super) fn body(&mut self, scope: &mut Scope) -> Parsed<Body> {
        scope.body = Body::default();
        scope.vars.clear();
        scope.labels.clear();
        scope.lets.clear();
        while self.word() == "var" {
            let from = self.at;
            self.bump();
            if self.var(scope).is_err() {
                self.recover(from);
            }
        }
        let stmts = self.stmts(scope, 0)?;
        let mut body = std::mem::take(&mut scope.body);
        body.stmts = stmts;
        Ok(body)
    }

    fn var(&mut self, scope: &mut Scope) -> Parsed<()> {
        let (token, name) = self.expect_sigil(Kind::Var, "the name of the variable, such as `$index`")?;
        self.expect_sign(b':')?;
        let ty = self.ty(0)?;
        let wraps = self.eat_word("wraps");
        let span = self.span()?;
        if scope.vars.contains_key(&name) {
            let message = format!(
                "`{}` is declared twice; variables that share a name are told apart as `${}.1`",
                name.0, name.0
            );
            return Err(self.fail(token, message));
        }
        let id = scope.body.add_var(Var { name: name.0.clone(), ty, wraps, span });
        scope.vars.insert(name, id);
        Ok(())
    }

    fn var_ref(&mut self, scope: &Scope) -> Parsed<VarId> {
        let (token, name) = self.expect_sigil(Kind::Var, "a variable, such as `$index`")?;
        match scope.vars.get(&name) {
            Some(&id) => Ok(id),
            None => Err(self.fail(token, format!("the process has no variable `{}`", name.0))),
        }
    }

    /// A label at the statement that it belongs to.
    fn new_label(&mut self, scope: &mut Scope) -> Parsed<LabelId> {
        let (token, name) = self.expect_sigil(Kind::Label, "a label, such as `'loop`")?;
        if scope.labels.contains_key(&name) {
            let message = format!(
                "`{}` labels two statements; labels that share a name are told apart as `'{}.1`",
                name.0, name.0
            );
            return Err(self.fail(token, message));
        }
        let id = scope.body.add_label(name.0.clone());
        scope.labels.insert(name, id);
        Ok(id)
    }

    fn label_ref(&mut self, scope: &Scope) -> Parsed<LabelId> {
        let (token, name) = self.expect_sigil(Kind::Label, "a label, such as `'loop`")?;
        match scope.labels.get(&name) {
            Some(&id) => Ok(id),
            None => Err(self.fail(token, format!("no statement before this has the label `{}`", name.0))),
        }
    }

    /// Statements up to the closing brace. `depth` counts the statements around them.
    fn stmts(&mut self, scope: &mut Scope, depth: usize) -> Parsed<Vec<Stmt>> {
        let mut stmts = Vec::new();
        let mut leading = Vec::new();
        loop {
            self.leading(&mut leading);
            if self.eat_sign(b'}') {
                return Ok(stmts);
            }
            if self.peek().kind == Kind::End {
                return Err(self.expected("a statement or `}`"));
            }
            if depth > MAX_NESTING {
                let token = self.peek();
                return Err(self.fail(token, format!("statements nested deeper than {MAX_NESTING}")));
            }
            let from = self.at;
            let stmt = if self.word() == "let" {
                self.bump();
                self.binding(scope)
            } else {
                self.stmt(scope, depth).map(|(kind, span, trailing)| {
                    let comments = Comments { leading: std::mem::take(&mut leading), trailing };
                    stmts.push(Stmt { kind, span, comments });
                })
            };
            if stmt.is_err() {
                self.recover(from);
            }
        }
    }

    /// A name for an expression, its keyword taken.
    fn binding(&mut self, scope: &mut Scope) -> Parsed<()> {
        let token = self.peek();
        let Some(number) = let_number(self.word()) else {
            return Err(self.expected("a name such as `e0`"));
        };
        self.bump();
        self.expect_sign(b'=')?;
        let value = self.expr(scope, 0)?;
        if scope.lets.insert(number, value).is_some() {
            return Err(self.fail(token, format!("`e{number}` is declared twice")));
        }
        Ok(())
    }

    fn stmt(&mut self, scope: &mut Scope, depth: usize) -> Parsed<Line> {
        match self.peek().kind {
            Kind::Net | Kind::Var => {
                let kind = self.store(scope)?;
                return self.end_of(kind);
            }
            Kind::Word
            | Kind::Int
            | Kind::Text
            | Kind::Label
            | Kind::Span
            | Kind::Store
            | Kind::Sign(_)
            | Kind::Bad
            | Kind::End => {}
        }
        let word = self.word();
        match word {
            "if" | "switch" | "for" | "while" | "block" => {
                self.bump();
                self.compound(word, scope, depth)
            }
            "unset" | "break" | "continue" | "wait" | "assert" | "print" | "raise" | "finish" | "return" => {
                self.bump();
                let kind = self.simple(word, scope)?;
                self.end_of(kind)
            }
            _ => Err(self.expected("a statement or `}`")),
        }
    }

    /// Span and comment behind a statement of one line.
    fn end_of(&mut self, kind: StmtKind) -> Parsed<Line> {
        let span = self.span()?;
        Ok((kind, span, self.trailing()))
    }

    /// Span, opening brace and comment behind the first line of a statement with others inside.
    fn begin(&mut self) -> Parsed<(Span, Option<String>)> {
        let span = self.span()?;
        self.expect_sign(b'{')?;
        Ok((span, self.trailing()))
    }

    fn block(&mut self, scope: &mut Scope, depth: usize) -> Parsed<Vec<Stmt>> {
        self.expect_sign(b'{')?;
        self.stmts(scope, depth + 1)
    }

    /// A statement that is one line, its keyword taken.
    fn simple(&mut self, word: &str, scope: &mut Scope) -> Parsed<StmtKind> {
        Ok(match word {
            "unset" => StmtKind::Unset(self.var_ref(scope)?),
            "break" => StmtKind::Break(self.label_ref(scope)?),
            "continue" => StmtKind::Continue(self.label_ref(scope)?),
            "wait" if self.eat_word("forever") => StmtKind::Wait(Vec::new()),
            "wait" => {
                let mut waits = vec![self.wait(scope, 0)?];
                while self.eat_sign(b',') {
                    waits.push(self.wait(scope, 0)?);
                }
                StmtKind::Wait(waits)
            }
            "assert" => {
                let cond = self.expr(scope, 0)?;
                let message = if self.eat_sign(b',') { Some(self.expr(scope, 0)?) } else { None };
                StmtKind::Assert { cond, message }
            }
            "print" => StmtKind::Print { text: self.expr(scope, 0)? },
            "raise" => {
                let exception = self.plain_name("the name of an exception")?;
                StmtKind::Raise { exception, message: self.in_parentheses(scope)? }
            }
            "finish" => StmtKind::Finish { message: self.in_parentheses(scope)? },
            _ => StmtKind::Return,
        })
    }

    /// A statement with others inside, its keyword taken.
    fn compound(&mut self, word: &str, scope: &mut Scope, depth: usize) -> Parsed<Line> {
        match word {
            "if" => self.conditional(scope, depth),
            "switch" => self.switch(scope, depth),
            "for" => self.counted(scope, depth),
            "while" => {
                let label = self.new_label(scope)?;
                let cond = self.expr(scope, 0)?;
                let (span, trailing) = self.begin()?;
                let body = self.stmts(scope, depth + 1)?;
                Ok((StmtKind::While { label, cond, body }, span, trailing))
            }
            _ => {
                let label = self.new_label(scope)?;
                let (span, trailing) = self.begin()?;
                let body = self.stmts(scope, depth + 1)?;
                Ok((StmtKind::Block { label, body }, span, trailing))
            }
        }
    }

    fn conditional(&mut self, scope: &mut Scope, depth: usize) -> Parsed<Line> {
        let cond = self.expr(scope, 0)?;
        let (span, trailing) = self.begin()?;
        let mut arms = vec![(cond, self.stmts(scope, depth + 1)?)];
        while self.eat_word("elif") {
            let cond = self.expr(scope, 0)?;
            arms.push((cond, self.block(scope, depth)?));
        }
        let orelse = if self.eat_word("else") { self.block(scope, depth)? } else { Vec::new() };
        Ok((StmtKind::If { arms, orelse }, span, trailing))
    }

    fn switch(&mut self, scope: &mut Scope, depth: usize) -> Parsed<Line> {
        let subject = self.expr(scope, 0)?;
        let (span, trailing) = self.begin()?;
        let mut arms = Vec::new();
        let mut default = None;
        while !self.eat_sign(b'}') {
            if self.peek().kind == Kind::End {
                return Err(self.expected("`case`, `default` or `}`"));
            }
            let from = self.at;
            if self.switch_arm(scope, depth, &mut arms, &mut default).is_err() {
                self.recover(from);
            }
        }
        Ok((StmtKind::Switch { subject, arms, default }, span, trailing))
    }

    fn switch_arm(
        &mut self,
        scope: &mut Scope,
        depth: usize,
        arms: &mut Vec<SwitchArm>,
        default: &mut Option<Vec<Stmt>>,
    ) -> Parsed<()> {
        let token = self.peek();
        if self.eat_word("default") {
            if default.is_some() {
                return Err(self.fail(token, "a second `default`"));
            }
            *default = Some(self.block(scope, depth)?);
            return Ok(());
        }
        if !self.eat_word("case") {
            return Err(self.expected("`case`, `default` or `}`"));
        }
        let mut values = Vec::new();
        while !self.is_sign(b'{') || values.is_empty() {
            if !values.is_empty() {
                self.expect_sign(b',')?;
            }
            values.push(self.value(0)?.0);
        }
        arms.push(SwitchArm { values, body: self.block(scope, depth)? });
        Ok(())
    }

    fn counted(&mut self, scope: &mut Scope, depth: usize) -> Parsed<Line> {
        let label = self.new_label(scope)?;
        let var = self.var_ref(scope)?;
        if !self.eat_word("in") || !self.eat_word("range") {
            return Err(self.expected("`in range`"));
        }
        self.expect_sign(b'(')?;
        let start = self.int()?;
        self.expect_sign(b',')?;
        let stop = self.int()?;
        self.expect_sign(b',')?;
        let step = self.int()?;
        self.expect_sign(b')')?;
        let (span, trailing) = self.begin()?;
        let body = self.stmts(scope, depth + 1)?;
        Ok((StmtKind::For { label, var, start, stop, step, body }, span, trailing))
    }

    fn in_parentheses(&mut self, scope: &mut Scope) -> Parsed<Option<crate::ExprId>> {
        if !self.eat_sign(b'(') {
            return Ok(None);
        }
        let expr = self.expr(scope, 0)?;
        self.expect_sign(b')')?;
        Ok(Some(expr))
    }

    fn wait(&mut self, scope: &mut Scope, depth: usize) -> Parsed<Wait> {
        if depth > MAX_NESTING {
            let token = self.peek();
            return Err(self.fail(token, format!("waits nested deeper than {MAX_NESTING}")));
        }
        match self.word() {
            "change" | "rising" | "falling" => Ok(Wait::Event(self.event(scope)?)),
            "delay" => {
                self.bump();
                self.expect_sign(b'(')?;
                let steps = self.expr(scope, 0)?;
                self.expect_sign(b')')?;
                Ok(Wait::Delay(steps))
            }
            "join" => {
                self.bump();
                self.expect_sign(b'(')?;
                Ok(Wait::Join(self.list(b')', |parser| parser.wait(scope, depth + 1))?))
            }
            _ => Err(self.expected("`change`, `rising`, `falling`, `delay`, `join` or `forever`")),
        }
    }

    fn store(&mut self, scope: &mut Scope) -> Parsed<StmtKind> {
        let place = self.place(scope)?;
        if self.peek().kind == Kind::Store {
            self.bump();
            return Ok(StmtKind::Next { place, value: self.expr(scope, 0)? });
        }
        if !self.eat_sign(b'=') {
            return Err(self.expected("`=` (into a variable) or `<=` (into a net)"));
        }
        Ok(StmtKind::Assign { place, value: self.expr(scope, 0)? })
    }

    fn place(&mut self, scope: &mut Scope) -> Parsed<Place> {
        let (root, root_type) = if self.peek().kind == Kind::Net {
            let net = self.net_ref(scope)?;
            (Root::Net(net), scope.module.nets.get(net.index()).map(|net| net.ty.clone()))
        } else {
            let var = self.var_ref(scope)?;
            (Root::Var(var), scope.body.vars.get(var.index()).map(|var| var.ty.clone()))
        };
        let mut ty = root_type;
        let mut path = Vec::new();
        loop {
            if self.eat_sign(b'[') {
                path.push(Projection::Index(self.expr(scope, 0)?));
                self.expect_sign(b']')?;
                ty = match ty {
                    Some(Type::Array(element, _)) => Some(*element),
                    _ => None,
                };
            } else if self.eat_sign(b'.') {
                let (step, part) = self.projection(scope, ty.as_ref())?;
                path.push(step);
                ty = part;
            } else {
                return Ok(Place { root, path });
            }
        }
    }

    /// What stands behind a point in a place, with the type of the part.
    fn projection(&mut self, scope: &mut Scope, ty: Option<&Type>) -> Parsed<(Projection, Option<Type>)> {
        let next = self.peek_at(1).kind;
        if self.word() == "bit" && next == Kind::Sign(b'(') {
            self.bump();
            self.bump();
            let index = self.expr(scope, 0)?;
            self.expect_sign(b')')?;
            return Ok((Projection::Bit(index), None));
        }
        if self.word() == "slice" && next == Kind::Sign(b'[') {
            self.bump();
            self.bump();
            let width = self.small("a width")?;
            self.expect_sign(b']')?;
            self.expect_sign(b'(')?;
            let low = self.expr(scope, 0)?;
            self.expect_sign(b')')?;
            return Ok((Projection::Slice { low, width }, None));
        }
        let field = if self.eat_sign(b'{') {
            let field = self.small("the number of a field")?;
            self.expect_sign(b'}')?;
            field
        } else {
            let token = self.peek();
            let name = self.plain_name("the name of a field")?;
            self.field_of(ty, &name)
                .ok_or_else(|| self.fail(token, format!("there is no field `{name}` here")))?
        };
        let part = match ty {
            Some(Type::Struct(id)) => self.design.types.structs.get(id.index()),
            _ => None,
        };
        let part = part.and_then(|of| of.fields.get(field as usize)).map(|(_, ty)| ty.clone());
        Ok((Projection::Field(field), part))
    }

    /// The field of this name, if values of this type have one.
    pub(super) fn field_of(&self, ty: Option<&Type>, name: &str) -> Option<u32> {
        match ty {
            Some(Type::Struct(id)) => self.fields.get(&(*id, name.to_owned())).copied(),
            _ => None,
        }
    }
}

/// The number of a named expression, such as `e12`.
pub(super) fn let_number(word: &str) -> Option<u64> {
    let digits = word.strip_prefix('e')?;
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
}

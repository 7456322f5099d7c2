//! What chooses: the branch of a reset, `if` and `switch`.

use super::{Frame, Stmts, comment, order::diverges};
use crate::cexpr::{CExpr, Cond, EXACT};
use crate::func::to_i128;
use crate::process::ResetBranch;
use crate::support::Helper;
use pyhw_ir::{ExprId, Stmt, StmtKind, SwitchArm, Type, Value};
use pyhw_text::{Text, Writer};
use std::collections::BTreeSet;

/// The condition of an `if` or `else if`.
#[derive(Clone)]
struct Test {
    cond: Cond,
    /// Lines that define what it needs, where only the conditions before it lead to it.
    before: Vec<String>,
}

impl Test {
    fn of(cond: Cond) -> Test {
        Test { cond, before: Vec::new() }
    }
}

impl Stmts<'_, '_, '_> {
    /// The statements of a process, with the branch of its reset before them.
    pub fn body(&mut self, stmts: &[Stmt], reset: Option<&ResetBranch>) {
        let Some(reset) = reset else {
            self.list(stmts);
            return;
        };
        let net = self.func.unit.layout.module.net(reset.net);
        let cond = match (&net.init, self.func.unit.fixed[reset.net.index()]) {
            (Value::Bool(value), true) => Cond::known(*value),
            _ => Cond::tight(self.func.net_text(reset.net)),
        };
        let cond = if reset.active_high { cond } else { cond.not() };
        match (cond.known, &reset.call) {
            (Some(true), call) => call.iter().for_each(|call| self.func.out.line(call)),
            (Some(false), _) => self.list(stmts),
            (None, None) => {
                let rest = self.captured(|stmts_of| stmts_of.list(stmts));
                if !rest.text.is_empty() {
                    self.func.out.line(format!("if ({}) {{", cond.not().text));
                    self.indented(&rest);
                    self.func.out.line("}");
                }
            }
            (None, Some(call)) => {
                self.func.out.line(format!("if ({}) {{", cond.text));
                self.func.out.indent();
                self.func.out.line(call);
                self.func.out.dedent();
                if !self.continued(stmts) {
                    let rest = self.captured(|stmts_of| stmts_of.list(stmts));
                    if !rest.text.is_empty() {
                        self.func.out.line("} else {");
                        self.indented(&rest);
                    }
                    self.func.out.line("}");
                }
            }
        }
    }

    /// Writes a body that is one `if` as the `else if` of the reset; whether it is.
    fn continued(&mut self, stmts: &[Stmt]) -> bool {
        let [stmt @ Stmt { kind: StmtKind::If { arms, orelse }, .. }] = stmts else { return false };
        if !self.declarations.before(stmt).is_empty() || !stmt.comments.leading.is_empty() {
            return false;
        }
        let conds = self.chain_conds(arms);
        let is_plain = conds.iter().all(|test| test.cond.known.is_none() && test.before.is_empty())
            && !self.func.has_before()
            && arms.iter().any(|(_, body)| !body.is_empty());
        if !is_plain {
            self.func.forget_before();
            return false;
        }
        let before = self.func.out.set_span(stmt.span);
        let bodies = arms.iter().map(|(_, body)| &body[..]).collect();
        let trailing = stmt.comments.trailing.as_deref().map(comment);
        if !self.arms_after("} else if", conds, bodies, orelse, trailing) {
            self.func.out.line("}");
        }
        self.func.out.set_span(before);
        true
    }

    /// Arms with conditions; the stores of each do not disturb the others.
    fn arms(&mut self, conds: Vec<Test>, bodies: Vec<&[Stmt]>, orelse: &[Stmt], trailing: Option<String>) {
        self.arms_after("if", conds, bodies, orelse, trailing);
    }

    /// As [`Stmts::arms`], with `first` before the first condition; whether there was anything to write.
    fn arms_after(
        &mut self,
        first: &str,
        tests: Vec<Test>,
        bodies: Vec<&[Stmt]>,
        orelse: &[Stmt],
        trailing: Option<String>,
    ) -> bool {
        let mut possible: Vec<(Test, &[Stmt])> = Vec::new();
        let mut orelse = orelse;
        for (test, body) in tests.into_iter().zip(bodies) {
            match test.cond.known {
                Some(false) => {}
                Some(true) => {
                    orelse = body;
                    break;
                }
                None => possible.push((test, body)),
            }
        }
        if possible.is_empty() {
            self.func.forget_before();
            self.list(orelse);
            return true;
        }
        // The bodies come first, to see which of them are empty.
        let before = self.func.take_before();
        let entry = self.func.stored.clone();
        let mut after = BTreeSet::new();
        let mut live: Vec<(Test, Text)> = Vec::new();
        for (index, (test, body)) in possible.iter().enumerate() {
            self.func.stored.clone_from(&entry);
            let text = self.on_arm(&possible[..index], Some(test), body);
            after.append(&mut self.func.stored);
            live.push((test.clone(), text));
        }
        self.func.stored = entry;
        let mut otherwise = self.on_arm(&possible, None, orelse);
        self.func.stored.append(&mut after);
        while otherwise.text.is_empty() && live.last().is_some_and(|(_, body)| body.text.is_empty()) {
            live.pop();
        }
        if let [(test, body)] = live.as_mut_slice()
            && body.text.is_empty()
        {
            test.cond = test.cond.clone().not();
            std::mem::swap(body, &mut otherwise);
        }
        if live.is_empty() {
            return false;
        }
        self.func.put_before(before);
        let texts: Vec<String> =
            live.iter().flat_map(|(test, _)| test.before.iter().chain([&test.cond.text])).cloned().collect();
        self.func.write_before(&texts);
        let mut nested = 0;
        for (index, (Test { cond, before }, body)) in live.iter().enumerate() {
            if index > 0 && !before.is_empty() {
                self.func.out.line("} else {");
                self.func.out.indent();
                nested += 1;
            }
            for line in before {
                self.func.out.line(line);
            }
            let word = match index {
                0 => first,
                _ if before.is_empty() => "} else if",
                _ => "if",
            };
            let end = match (&trailing, index) {
                (Some(trailing), 0) => format!(" {trailing}"),
                _ => String::new(),
            };
            self.func.out.line(format!("{word} ({}) {{{end}", cond.text));
            self.indented(body);
        }
        if !otherwise.text.is_empty() {
            self.func.out.line("} else {");
            self.indented(&otherwise);
        }
        self.func.out.line("}");
        for _ in 0..nested {
            self.func.out.dedent();
            self.func.out.line("}");
        }
        true
    }

    /// The statements of an arm, which is reached where no test before it holds and its own does.
    fn on_arm(&mut self, before: &[(Test, &[Stmt])], own: Option<&Test>, body: &[Stmt]) -> Text {
        let outside = self.func.holds(&Cond::known(true));
        for (test, _) in before {
            self.func.holds(&test.cond.clone().not());
        }
        if let Some(test) = own {
            self.func.holds(&test.cond);
        }
        let text = self.captured(|stmts| stmts.list(body));
        self.func.holds_no_more(outside);
        text
    }

    /// The conditions of a chain. Only the first one is always computed.
    fn chain_conds(&mut self, arms: &[(ExprId, Vec<Stmt>)]) -> Vec<Test> {
        let roots: Vec<(ExprId, u32)> = arms.iter().map(|(cond, _)| (*cond, EXACT)).collect();
        self.func.begin_some(&roots, 1);
        let mut tests = Vec::new();
        for (index, (cond, _)) in arms.iter().enumerate() {
            tests.push(if index == 0 {
                Test::of(self.func.cond(*cond))
            } else {
                let (cond, before) = self.func.on_path(&Cond::known(true), |func| func.cond(*cond));
                let before = before.used_by(std::slice::from_ref(&cond.text));
                Test { cond, before }
            });
        }
        tests
    }

    pub(super) fn if_chain(
        &mut self,
        arms: &[(ExprId, Vec<Stmt>)],
        orelse: &[Stmt],
        trailing: Option<String>,
    ) {
        let conds = self.chain_conds(arms);
        let bodies = arms.iter().map(|(_, body)| &body[..]).collect();
        self.arms(conds, bodies, orelse, trailing);
    }

    pub(super) fn switch(
        &mut self,
        subject: ExprId,
        arms: &[SwitchArm],
        default: Option<&[Stmt]>,
        trailing: Option<String>,
    ) {
        self.func.begin(&[(subject, EXACT)]);
        let (arms, rest) = match (default, arms) {
            (Some(default), arms) => (arms, default),
            // The arms cover every value, so the last one is what remains.
            (None, [arms @ .., last]) => (arms, &last.body[..]),
            (None, []) => return,
        };
        if *self.func.ty(subject) == Type::Bool {
            let value = self.func.cond(subject);
            self.bool_switch(&value, arms, rest, trailing);
            return;
        }
        if self.func.width(subject) > 64 {
            let wide = self.func.wide(subject);
            let conds = arms
                .iter()
                .map(|arm| {
                    arm.values.iter().fold(Cond::known(false), |any, wanted| {
                        let Some(wanted) = wanted.as_int() else { return any };
                        let table = self.func.unit.wide_table(wanted, wide.limbs);
                        let count = self.func.count(wide.limbs);
                        let call = self.func.call(Helper::WideEqual, &[wide.text.clone(), table, count]);
                        any.join("||", Cond::tight(call))
                    })
                })
                .map(Test::of)
                .collect();
            self.arms(conds, arms.iter().map(|arm| &arm.body[..]).collect(), rest, trailing);
            return;
        }
        let value = self.func.low(subject, EXACT);
        if let Some(known) = value.literal {
            let is_known = |wanted: &Value| self.code(subject, wanted) == Some(known);
            let body = arms.iter().find(|arm| arm.values.iter().any(is_known)).map_or(rest, |arm| &arm.body);
            self.list(body);
            return;
        }
        self.write_switch(subject, &value, arms, rest, trailing);
    }

    /// A choice by a condition: at most one test, as the first arm that takes what is left takes the place of the default.
    fn bool_switch(&mut self, value: &Cond, arms: &[SwitchArm], rest: &[Stmt], trailing: Option<String>) {
        let takes = |arm: &SwitchArm, wanted: bool| arm.values.contains(&Value::Bool(wanted));
        let body_of =
            |wanted: bool| arms.iter().find(|arm| takes(arm, wanted)).map_or(rest, |arm| &arm.body[..]);
        let first = arms.iter().find(|arm| takes(arm, true) || takes(arm, false));
        let (test, body, orelse) = match first {
            Some(arm) if takes(arm, true) && takes(arm, false) => (Cond::known(true), &arm.body[..], rest),
            Some(arm) if takes(arm, false) => (value.clone().not(), body_of(false), body_of(true)),
            Some(_) => (value.clone(), body_of(true), body_of(false)),
            None => (Cond::known(false), rest, rest),
        };
        self.arms(vec![Test::of(test)], vec![body], orelse, trailing);
    }

    fn write_switch(
        &mut self,
        subject: ExprId,
        value: &CExpr,
        arms: &[SwitchArm],
        rest: &[Stmt],
        trailing: Option<String>,
    ) {
        let before = self.func.take_before();
        let entry = self.func.stored.clone();
        let mut after = BTreeSet::new();
        let mut cases: Vec<(Vec<String>, Text)> = Vec::new();
        self.frames.push(Frame::Switch);
        for arm in arms {
            let labels: Vec<String> =
                arm.values.iter().filter_map(|wanted| self.case_label(subject, wanted, value)).collect();
            if labels.is_empty() {
                continue;
            }
            self.func.stored.clone_from(&entry);
            let text = self.captured(|stmts| stmts.list(&arm.body));
            after.append(&mut self.func.stored);
            let is_left = arm.body.last().is_some_and(diverges);
            cases.push((labels, case_body(text, is_left)));
        }
        self.func.stored = entry;
        self.frames.pop();
        if cases.is_empty() {
            self.list(rest);
            return;
        }
        self.frames.push(Frame::Switch);
        let text = self.captured(|stmts| stmts.list(rest));
        self.frames.pop();
        self.func.stored.append(&mut after);
        let default = case_body(text, rest.last().is_some_and(diverges));
        if cases.iter().all(|(_, body)| *body == default) && default.text.trim_start() == "break;\n" {
            return;
        }
        self.func.put_before(before);
        let head = format!("switch ({}) {{", value.text);
        self.func.write_before(std::slice::from_ref(&head));
        self.func.out.line(match trailing {
            Some(trailing) => format!("{head} {trailing}"),
            None => head,
        });
        for (labels, body) in &cases {
            for label in labels {
                self.func.out.line(format!("case {label}:"));
            }
            self.func.out.append(body);
        }
        self.func.out.line("default:");
        self.func.out.append(&default);
        self.func.out.line("}");
    }

    /// The number that stands for a value of the subject of a switch.
    fn code(&self, subject: ExprId, wanted: &Value) -> Option<i128> {
        match (self.func.ty(subject), wanted) {
            (Type::Enum(of), Value::Enum(member)) => {
                let members = &self.func.unit.layout.design.types.enums[of.index()].members;
                members.get(*member as usize).and_then(|(_, code)| to_i128(code))
            }
            _ => wanted.as_int().and_then(to_i128),
        }
    }

    /// The label of a case; `None` where the subject, as C has it, is never this value.
    fn case_label(&self, subject: ExprId, wanted: &Value, value: &CExpr) -> Option<String> {
        match (self.func.ty(subject), wanted) {
            (Type::Enum(of), Value::Enum(member)) => Some(self.func.unit.layout.member(*of, *member)),
            (_, Value::Int(_)) => {
                let wanted = self.code(subject, wanted)?;
                let (lo, hi) = value.bounds();
                let label = if lo < 0 { wanted.to_string() } else { format!("{wanted}U") };
                (lo <= wanted && wanted <= hi).then_some(label)
            }
            _ => None,
        }
    }
}

/// The statements of a case, in braces where they declare something, with the `break` at the end unless something else leaves.
fn case_body(stmts: Text, is_left: bool) -> Text {
    let mut out = Writer::new("    ");
    out.indent();
    let is_declaration = stmts.text.lines().any(is_declaration);
    if is_declaration {
        out.line("{");
        out.indent();
    }
    out.append(&stmts);
    if !is_left {
        out.line("break;");
    }
    if is_declaration {
        out.dedent();
        out.line("}");
    }
    out.finish_with_origins()
}

/// Whether a line at the beginning of a case declares something, which may not follow a label.
fn is_declaration(line: &str) -> bool {
    if line.starts_with(' ') {
        return false;
    }
    let word = line.split(' ').next().unwrap_or_default();
    word == "const" || word == "bool" || word.ends_with("_t")
}

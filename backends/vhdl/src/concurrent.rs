//! Combinational processes that are one concurrent assignment.

use crate::emitter::{Emitter, Variable};
use crate::facts::strip;
use crate::stmt::trailing;
use crate::types::{Result, Shape};
use crate::unit::{Unit, Uses};
use pyhw_ir::{
    Body, ExprId, ExprKind, Op, Place, Process, ProcessId, ProcessKind, Projection, Stmt, StmtKind,
};
use pyhw_text::Namer;

/// A combinational process that is one assignment, or a choice between values for one target.
pub(crate) fn concurrent(
    unit: &Unit<'_>,
    uses: &mut Uses,
    id: ProcessId,
    process: &Process,
    body: &Body,
) -> Option<Vec<String>> {
    let ProcessKind::Comb { sensitivity } = &process.kind else { return None };
    if !unit.facts.reads(id).iter().all(|net| sensitivity.contains(net)) {
        return None;
    }
    let [stmt] = &body.stmts[..] else { return None };
    let mut choices = Vec::new();
    let place = alternatives(&body.stmts, &mut choices, true)?;
    let mut tried = uses.clone();
    // Nothing in it has a name of its own.
    let mut emitter = Emitter::new(unit, &mut tried, body, Namer::hdl());
    emitter.name_variables();
    if emitter.vars.iter().any(|var| !matches!(var, Variable::Unused)) || !is_fixed(&emitter, place) {
        return None;
    }
    let comment = trailing(stmt);
    emitter.name_shadows();
    let lines = emitter.conditional(place, choices, &comment, stmt).ok()??;
    if !emitter.before.is_empty() || !emitter.temps.is_empty() || !emitter.errors.is_empty() {
        return None;
    }
    *uses = tried;
    Some(lines)
}

impl Emitter<'_> {
    /// `target <= a when condition else b;`
    fn conditional(
        &mut self,
        place: &Place,
        choices: Vec<(Option<ExprId>, ExprId)>,
        comment: &str,
        stmt: &Stmt,
    ) -> Result<Option<Vec<String>>> {
        let body = self.body;
        let Some((target, name, shape)) = self.plain_target(place, stmt)? else { return Ok(None) };
        let choices = self.undecided_choices(choices);
        let mut texts: Vec<(String, Option<String>)> = Vec::new();
        let last = choices.len() - 1;
        for (at, (cond, value)) in choices.into_iter().enumerate() {
            let cond = match cond {
                Some(cond) => Some(self.condition(cond)?.text),
                None => None,
            };
            let mut value = value;
            // A choice at the end goes on with the chain.
            while at == last
                && let ExprKind::Op(Op::Mux, args) = body.exprs.kind(strip(body, value))
                && self.facts.constant(value).is_none()
            {
                let cond = self.condition(args[0])?.text;
                texts.push((self.target_value(&target, &shape, args[1])?, Some(cond)));
                value = args[2];
            }
            if at == last && shape == Shape::Logic && self.is_condition(value) {
                texts.push(("'1'".to_owned(), Some(self.condition(value)?.text)));
                texts.push(("'0'".to_owned(), None));
            } else {
                texts.push((self.target_value(&target, &shape, value)?, cond));
            }
        }
        let head = format!("{name} <= ");
        let parts: Vec<String> = texts
            .into_iter()
            .map(|(value, cond)| match cond {
                Some(cond) => format!("{value}{} when {cond} else", target.after),
                None => format!("{value}{};{comment}", target.after),
            })
            .collect();
        let one_line = format!("{head}{}", parts.join(" "));
        if parts.len() <= 2 && one_line.len() <= 100 {
            return Ok(Some(vec![one_line]));
        }
        let margin = " ".repeat(head.len());
        Ok(Some(
            parts
                .into_iter()
                .enumerate()
                .map(|(at, part)| if at == 0 { format!("{head}{part}") } else { format!("{margin}{part}") })
                .collect(),
        ))
    }

    /// Without the choices that are known not to be made, and those behind one that is.
    fn undecided_choices(&self, choices: Vec<(Option<ExprId>, ExprId)>) -> Vec<(Option<ExprId>, ExprId)> {
        let mut left = Vec::with_capacity(choices.len());
        for (cond, value) in choices {
            match cond.and_then(|cond| self.facts.truth(cond)) {
                Some(false) => {}
                Some(true) => {
                    left.push((None, value));
                    break;
                }
                None => left.push((cond, value)),
            }
        }
        left
    }
}

/// The values that the statements store into one place, each with its condition; the last one has none.
fn alternatives<'a>(
    list: &'a [Stmt],
    into: &mut Vec<(Option<ExprId>, ExprId)>,
    is_outer: bool,
) -> Option<&'a Place> {
    let [stmt] = list else { return None };
    let has_comments = !stmt.comments.leading.is_empty() || stmt.comments.trailing.is_some();
    if has_comments && !is_outer {
        return None;
    }
    if let StmtKind::Next { place, value } = &stmt.kind {
        into.push((None, *value));
        return Some(place);
    }
    let StmtKind::If { arms, orelse } = &stmt.kind else { return None };
    let mut target = None;
    for (cond, body) in arms {
        let [Stmt { kind: StmtKind::Next { place, value }, comments, .. }] = &body[..] else { return None };
        if !comments.leading.is_empty() || comments.trailing.is_some() {
            return None;
        }
        if *target.get_or_insert(place) != place {
            return None;
        }
        into.push((Some(*cond), *value));
    }
    let last = alternatives(orelse, into, false)?;
    (Some(last) == target).then_some(last)
}

/// Whether a target does not depend on anything, as the target of a concurrent assignment must not.
fn is_fixed(emitter: &Emitter<'_>, place: &Place) -> bool {
    place.path.iter().all(|step| match step {
        Projection::Index(index) | Projection::Bit(index) => emitter.facts.constant(*index).is_some(),
        Projection::Slice { low, .. } => emitter.facts.constant(*low).is_some(),
        Projection::Field(_) => true,
    })
}

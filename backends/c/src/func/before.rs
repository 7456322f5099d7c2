//! The lines that a statement needs before it: names for what is used twice, places for what is wide.

use super::{Func, Operand, is_name};
use crate::cexpr::{CExpr, Cond, EXACT, Ty};
use crate::tokens;
use pyhw_ir::{ExprId, Type};
use std::collections::BTreeSet;

/// Lines that define a name.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    name: String,
    lines: Vec<String>,
}

/// What comes before a statement because it uses the names that are defined there.
#[derive(Clone, Debug, Default)]
pub struct Before(Vec<Definition>);

impl Before {
    fn push(&mut self, name: &str, lines: Vec<String>) {
        self.0.push(Definition { name: name.to_owned(), lines });
    }

    /// The lines of those definitions that the lines that follow use.
    pub fn used_by(self, following: &[String]) -> Vec<String> {
        let words = |line: &String| tokens::names(line).map(str::to_owned).collect::<Vec<_>>();
        let mut used: BTreeSet<String> = following.iter().flat_map(words).collect();
        let mut kept = Vec::new();
        for definition in self.0.into_iter().rev() {
            if used.contains(&definition.name) {
                used.extend(definition.lines.iter().flat_map(words));
                kept.push(definition);
            }
        }
        kept.into_iter().rev().flat_map(|definition| definition.lines).collect()
    }
}

impl Func<'_, '_> {
    /// Gives the value of an expression a name, because it is used twice or nested deeply.
    pub(super) fn keep_value(&mut self, id: ExprId) {
        let kept = match self.ty(id) {
            Type::Bool => {
                let cond = self.cond(id);
                Operand::Cond(self.keep_cond(cond))
            }
            Type::Int(_) | Type::Enum(_) if self.needed(id) <= 64 => {
                let low = self.demands.get(&id).copied().unwrap_or(EXACT);
                let value = self.int(id);
                Operand::Int(Box::new(self.keep_int(value, low)))
            }
            // Wide values have a place already; so have arrays and structs.
            Type::Int(_) | Type::Enum(_) => Operand::Wide(self.wide(id)),
            Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => return,
        };
        self.memo.insert(id, kept);
    }

    /// The value under a name of its own, where it has none.
    pub fn keep_int(&mut self, value: CExpr, low: u32) -> CExpr {
        if value.binds == crate::cexpr::Binds::Tight && (value.literal.is_some() || is_name(&value.text)) {
            return value;
        }
        let name = self.fresh("t");
        if low == EXACT && value.has_low(EXACT) {
            let (lo, hi) = value.ir.unwrap_or_else(|| value.bounds());
            let ty = Ty::for_range(lo, hi).unwrap_or(Ty::unsigned(64));
            let line = format!("const {} {name} = {};", ty.name(), value.stored(ty));
            self.before.push(&name, vec![line]);
            return CExpr::leaf(name, ty, lo, hi);
        }
        let ty = Ty::for_width(false, low.min(64)).unwrap_or(Ty::unsigned(64));
        let line = format!("const {} {name} = {};", ty.name(), value.stored(ty));
        self.before.push(&name, vec![line]);
        CExpr::low_leaf(name, ty.bits, low.min(ty.bits), value.ir)
    }

    /// The condition under a name of its own, where it has none.
    pub fn keep_cond(&mut self, cond: Cond) -> Cond {
        if cond.known.is_some() || is_name(&cond.text) {
            return cond;
        }
        let name = self.fresh("t");
        let line = format!("const bool {name} = {};", cond.text);
        self.before.push(&name, vec![line]);
        Cond::tight(name)
    }

    /// Lines before the statement that define a name.
    pub fn define(&mut self, name: &str, lines: Vec<String>) {
        self.before.push(name, lines);
    }

    /// Defines a name by lines for each path of a choice.
    pub fn define_chosen(&mut self, name: &str, declaration: &str, cond: &Cond, paths: &[Vec<String>; 2]) {
        let mut lines = vec![format!("{declaration};"), format!("if ({}) {{", cond.text)];
        lines.extend(paths[0].iter().map(|line| format!("    {line}")));
        lines.push("} else {".into());
        lines.extend(paths[1].iter().map(|line| format!("    {line}")));
        lines.push("}".into());
        self.define(name, lines);
    }

    /// Adds a line to those that define a name.
    pub fn define_more(&mut self, name: &str, line: String) {
        match self.before.0.iter_mut().rev().find(|definition| definition.name == name) {
            Some(definition) => definition.lines.push(line),
            None => self.before.push(name, vec![line]),
        }
    }

    /// Writes the lines that were collected and are used by what follows, then `lines`.
    pub fn write(&mut self, lines: &[String]) {
        self.write_before(lines);
        for line in lines {
            self.out.line(line);
        }
    }

    /// Writes the lines that were collected and are used by `following`.
    pub fn write_before(&mut self, following: &[String]) {
        let before = std::mem::take(&mut self.before);
        for line in before.used_by(following) {
            self.out.line(line);
        }
        self.memo.clear();
    }

    /// The lines that `write` gives, with what they need of it before them: for lines that stand within a loop.
    pub fn scoped(&mut self, write: impl FnOnce(&mut Self) -> Vec<String>) -> Vec<String> {
        let outer = std::mem::take(&mut self.before);
        let lines = write(self);
        let inner = std::mem::replace(&mut self.before, outer);
        let mut all = inner.used_by(&lines);
        all.extend(lines);
        all
    }

    /// Takes the lines that were collected, while other statements are written.
    pub fn take_before(&mut self) -> Before {
        std::mem::take(&mut self.before)
    }

    /// Puts back what [`Func::take_before`] took.
    pub fn put_before(&mut self, before: Before) {
        self.before = before;
    }

    /// Drops the lines that were collected for the present statement.
    pub fn forget_before(&mut self) {
        self.before.0.clear();
        self.memo.clear();
    }

    /// Whether lines were collected for the present statement.
    pub fn has_before(&self) -> bool {
        !self.before.0.is_empty()
    }
}

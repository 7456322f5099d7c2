//! Choices between the values of a subject.

use crate::emitter::Emitter;
use crate::phrase::{Phrase, fits_integer, integer, range_fits_integer};
use crate::stmt::Exit;
use crate::types::bug;
use pyhw_ir::{ExprId, Stmt, SwitchArm, Type, Value};
use pyhw_text::Writer;

impl Emitter<'_> {
    pub fn switch(
        &mut self,
        writer: &mut Writer,
        subject: ExprId,
        arms: &[SwitchArm],
        default: Option<&[Stmt]>,
        tail: &[Exit],
        comment: &str,
    ) {
        // What a constant chooses stands alone: VHDL gives a literal no type that a `case` could tell.
        if let Some(value) = self.facts.value(subject) {
            let arm = arms.iter().find(|arm| arm.values.contains(value));
            let taken = arm.map_or(default.unwrap_or(&[]), |arm| &arm.body[..]);
            self.stmts(writer, taken, tail);
            return;
        }
        let range = self.choices(subject);
        let reachable: Vec<(Vec<String>, &SwitchArm)> = arms
            .iter()
            .map(|arm| {
                let choices = arm.values.iter().filter_map(|value| self.choice_text(value, subject, &range));
                (choices.collect::<Vec<_>>(), arm)
            })
            .filter(|(choices, _)| !choices.is_empty())
            .collect();
        let none_fits = arms
            .iter()
            .flat_map(|arm| &arm.values)
            .all(|value| value.as_int().is_some_and(|value| !range.contains(value)));
        if none_fits {
            self.stmts(writer, default.unwrap_or(&[]), tail);
            return;
        }
        let head = match self.body.exprs.ty(subject) {
            Type::Enum(of) => {
                let names = self.unit.types.enumeration(*of);
                if names.encoded && !self.is_fixed_name(subject) {
                    self.hoist(subject, "subject")
                } else {
                    self.enumeration(subject)
                }
            }
            Type::Int(_) if range_fits_integer(&range) && has_literals(arms) => self.integer(subject),
            Type::Bool | Type::Int(_) => {
                return self.switch_as_if(writer, subject, arms, default, tail, comment);
            }
            Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => {
                Err(bug(self.body.exprs.span(subject), "a switch over values that cannot be told apart"))
            }
        };
        let Some(head) = self.check(head) else { return };
        self.write_before(writer);
        writer.line(format!("case {} is{comment}", head.text));
        writer.indent();
        let native = match self.body.exprs.ty(subject) {
            Type::Enum(of) => !self.unit.types.enumeration(*of).encoded,
            _ => false,
        };
        let count = reachable.len();
        for (at, (choices, arm)) in reachable.into_iter().enumerate() {
            // Without a default the last arm takes what is no value at all as well.
            if default.is_none() && at + 1 == count && !native {
                writer.line(format!("when others =>  -- {}", choices.join(", ")));
            } else {
                writer.line(format!("when {} =>", choices.join(" | ")));
            }
            self.block(writer, &arm.body, tail);
        }
        if let Some(default) = default {
            writer.line("when others =>");
            self.block(writer, default, tail);
        }
        writer.dedent();
        writer.line("end case;");
    }

    fn choice_text(&self, value: &Value, subject: ExprId, range: &pyhw_ir::Range) -> Option<String> {
        match (value, self.body.exprs.ty(subject)) {
            (Value::Int(value), _) if range.contains(value) => integer(value).map(|text| text.text),
            (Value::Enum(member), Type::Enum(of)) => {
                self.unit.types.enumeration(*of).members.get(*member as usize).cloned()
            }
            _ => None,
        }
    }

    /// For subjects that no `case` takes: booleans, and integers past VHDL's.
    fn switch_as_if(
        &mut self,
        writer: &mut Writer,
        subject: ExprId,
        arms: &[SwitchArm],
        default: Option<&[Stmt]>,
        tail: &[Exit],
        comment: &str,
    ) {
        let mut word = "if";
        let mut comment = comment;
        for (at, arm) in arms.iter().enumerate() {
            if default.is_none() && at + 1 == arms.len() && at > 0 {
                writer.line("else");
                self.block(writer, &arm.body, tail);
                break;
            }
            let mut cond: Option<Phrase> = None;
            for value in &arm.values {
                let text = match value {
                    Value::Bool(true) => self.condition(subject),
                    Value::Bool(false) => self.negation(subject),
                    Value::Int(value) => self.exact(subject).map(|(text, own)| {
                        let constant = crate::phrase::vector(value, own);
                        Phrase::relation(&text, "=", &integer(value).unwrap_or(constant))
                    }),
                    _ => Err(bug(self.body.exprs.span(subject), "a choice of another type")),
                };
                let Some(text) = self.check(text) else { return };
                cond = Some(match cond {
                    Some(cond) => Phrase::logical(&cond, "or", &text),
                    None => text,
                });
            }
            let Some(cond) = cond else { continue };
            let before = self.take_before();
            if at == 0 {
                for line in before {
                    writer.line(line);
                }
            }
            writer.line(format!("{word} {} then{comment}", cond.text));
            self.block(writer, &arm.body, tail);
            (word, comment) = ("elsif", "");
        }
        if let Some(default) = default
            && !default.is_empty()
        {
            writer.line("else");
            self.block(writer, default, tail);
        }
        writer.line("end if;");
    }
}

/// Whether every choice can be written as an integer.
fn has_literals(arms: &[SwitchArm]) -> bool {
    arms.iter().flat_map(|arm| &arm.values).all(|value| value.as_int().is_some_and(fits_integer))
}

//! Stores into nets and variables.

use crate::emitter::{Emitter, Variable};
use crate::phrase::{Kind, Phrase, Prec};
use crate::stmt::flush;
use crate::types::{Result, Shape, bug, inexpressible};
use pyhw_ir::{ExprId, Int, NetKind, Place, Projection, Root, Stmt, StmtKind, Type};
use pyhw_text::{Row, Writer, one_line, to_ascii};

/// Stores whose targets are longer are not aligned with their neighbours.
const MAX_ALIGNED: usize = 32;

/// The part of a net or variable that a store changes.
pub(crate) struct Target {
    /// Its name.
    pub text: String,
    pub shape: Shape,
    /// The interval that a stored value wraps into, where cutting it off is not enough.
    wraps_into: Option<pyhw_ir::Range>,
    /// ` after 10 ns` for delayed nets.
    pub after: String,
}

impl Emitter<'_> {
    pub fn store(&mut self, writer: &mut Writer, stmt: &Stmt, rows: &mut Vec<Row>) {
        let (StmtKind::Assign { place, value } | StmtKind::Next { place, value }) = &stmt.kind else {
            return;
        };
        let operator = match place.root {
            Root::Var(_) => ":=",
            Root::Net(_) => "<=",
        };
        let lines = self.store_lines(place, *value, operator, stmt);
        let Some((target, lines)) = self.check(lines) else { return };
        let comment = stmt.comments.trailing.as_ref().map(|text| format!("-- {}", to_ascii(&one_line(text))));
        if let [line] = &lines[..]
            && !line.contains('\n')
            && target <= MAX_ALIGNED
        {
            rows.push(
                Row::new([&line[..target], line[target..].trim_start()]).comment(comment).at(stmt.span),
            );
            return;
        }
        flush(writer, rows);
        let before = writer.set_span(stmt.span);
        match (&lines[..], comment) {
            ([line], Some(comment)) if !line.contains('\n') => writer.line(format!("{line}  {comment}")),
            (_, comment) => {
                for line in comment.into_iter().chain(lines) {
                    writer.line(line);
                }
            }
        }
        writer.set_span(before);
    }

    /// The lines of a store, and the length of its target in the last one.
    fn store_lines(
        &mut self,
        place: &Place,
        value: ExprId,
        operator: &str,
        stmt: &Stmt,
    ) -> Result<(usize, Vec<String>)> {
        let target = self.target(place, stmt)?;
        let mut lines = self.take_before();
        if let Some(range) = &target.wraps_into
            && let Some(kind) = target.shape.kind()
            && !range.contains_range(&self.facts.range(value))
        {
            let text = self.wrap(value, range, kind)?;
            lines.extend(self.take_before());
            lines.push(format!("{} {operator} {}{};", target.text, text.text, target.after));
        } else {
            lines.extend(self.assignment(&target.text, operator, &target.after, &target.shape, value)?);
        }
        Ok((target.text.len(), lines))
    }

    /// The value for a target, reduced where the target wraps.
    pub fn target_value(&mut self, target: &Target, value: ExprId) -> Result<String> {
        if let Some(range) = &target.wraps_into
            && let Some(kind) = target.shape.kind()
            && !range.contains_range(&self.facts.range(value))
        {
            return Ok(self.wrap(value, range, kind)?.text);
        }
        Ok(self.value(value, &target.shape)?.text)
    }

    /// The part of a net or variable that a place means.
    pub fn target(&mut self, place: &Place, stmt: &Stmt) -> Result<Target> {
        let span = stmt.span;
        let (mut text, mut ty, wraps, after) = match place.root {
            Root::Net(id) => {
                let net = self.unit.module.net(id);
                let after = match net.kind {
                    NetKind::Delayed(steps) => format!(" after {}", self.unit.time(steps)),
                    NetKind::Signal | NetKind::TriState | NetKind::Driver(_) => String::new(),
                };
                (self.unit.net(id).to_owned(), &net.ty, net.wraps, after)
            }
            Root::Var(id) => {
                let Variable::Local(name, _) = &self.vars[id.index()] else {
                    return Err(bug(span, "a store into a variable that is not declared"));
                };
                let var = self.body.var(id);
                (name.clone(), &var.ty, var.wraps, String::new())
            }
        };
        let mut shape = match place.root {
            Root::Var(id) => self.var_shape(id).cloned(),
            Root::Net(_) => Shape::of(ty),
        }
        .ok_or_else(|| inexpressible(span, "VHDL has no type for this value"))?;
        for step in &place.path {
            match step {
                Projection::Index(index) => {
                    let (Type::Array(element, length), Shape::Array(inner, _)) = (ty, shape) else {
                        return Err(bug(span, "an element of what is no array"));
                    };
                    text = format!("{text}({})", self.index(*index, *length)?);
                    (ty, shape) = (element, *inner);
                }
                Projection::Field(index) => {
                    let Type::Struct(of) = ty else {
                        return Err(bug(span, "a field of what is no struct"));
                    };
                    let Some((name, inner)) = self.unit.types.field(*of, *index).cloned() else {
                        return Err(bug(span, "a field that does not exist"));
                    };
                    text = format!("{text}.{name}");
                    ty = &self.unit.design.types.structs[of.index()].fields[*index as usize].1;
                    shape = inner;
                }
                Projection::Bit(index) => {
                    let kind = shape.kind().ok_or_else(|| bug(span, "a bit of what is no integer"))?;
                    check_part(ty, wraps, stmt)?;
                    if let Some(at) = self.facts.constant(*index)
                        && at >= Int::from(kind.width)
                    {
                        return Err(inexpressible(span, format!("there is no bit {at} to store into")));
                    }
                    text = format!("{text}({})", self.integer(*index)?.text);
                    shape = Shape::Logic;
                    return Ok(Target { text, shape, wraps_into: None, after });
                }
                Projection::Slice { low, width } => {
                    let kind = shape.kind().ok_or_else(|| bug(span, "a slice of what is no integer"))?;
                    check_part(ty, wraps, stmt)?;
                    let mut taken = *width;
                    if let Some(at) = self.facts.constant(*low) {
                        let room = at.to_u32().map_or(0, |at| kind.width.saturating_sub(at));
                        taken = taken.min(room);
                        if taken == 0 {
                            return Err(inexpressible(span, format!("there is no bit {at} to store into")));
                        }
                    }
                    let low = self.integer(*low)?;
                    let high = match low.text.parse::<u32>() {
                        Ok(low) => Phrase::primary((low + taken - 1).to_string()),
                        Err(_) => {
                            let more = Phrase::primary((taken - 1).to_string());
                            Phrase::binary(&low, "+", &more, Prec::Adding)
                        }
                    };
                    text = format!("{text}({} downto {})", high.text, low.text);
                    shape = Shape::Vector(Kind { signed: kind.signed, width: taken });
                    return Ok(Target { text, shape, wraps_into: None, after });
                }
            }
        }
        let wraps_into = ty.range().filter(|range| wraps && Kind::of(range).range() != **range).cloned();
        Ok(Target { text, shape, wraps_into, after })
    }
}

/// A partial store leaves the whole in need of wrapping unless cutting it off is wrapping.
fn check_part(ty: &Type, wraps: bool, stmt: &Stmt) -> Result<()> {
    match ty.range() {
        Some(range) if wraps && Kind::of(range).range() != *range => Err(inexpressible(
            stmt.span,
            format!("a store into a part of what wraps into {range} has no form in VHDL"),
        )),
        _ => Ok(()),
    }
}

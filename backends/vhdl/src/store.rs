//! Stores into nets and variables.
//!
//! A store into a part of a net changes its next value, which VHDL cannot read. Where the whole must be known (because it wraps
//! into an interval that is no power of two, or because the part may reach past its bits), a variable of the process holds the
//! next value, and every store into the net goes through it.

use crate::emitter::{Emitter, Variable};
use crate::fit::{fit_name, wrapped};
use crate::phrase::{Kind, Phrase, Prec};
use crate::stmt::flush;
use crate::types::{Result, Shape, bug, inexpressible};
use pyhw_ir::types::MAX_WIDTH_BITS;
use pyhw_ir::{ExprId, NetId, NetKind, Place, Projection, Range, Root, Stmt, StmtKind, Type, walk_stmts};
use pyhw_text::{Row, Writer, one_line, to_ascii};

/// Stores whose targets are longer are not aligned with their neighbours.
const MAX_ALIGNED: usize = 32;

/// What a store changes.
pub(crate) struct Target {
    /// The net or variable, or the element or field of it; in a shadow where there is one.
    pub text: String,
    /// The type of that.
    pub shape: Shape,
    /// The interval that its value wraps into, where cutting it off is not enough.
    wraps_into: Option<Range>,
    /// The same of the elements of a whole array.
    elements_wrap_into: Option<Range>,
    /// The net that follows a shadow, as it stands in `text`.
    follows: Option<String>,
    /// ` after 10 ns` for delayed nets.
    pub after: String,
    /// The bits of it that are changed, if not all.
    part: Option<Part>,
}

/// Bits of an integer.
struct Part {
    low: Phrase,
    /// `None` for a single bit, which is stored from a boolean.
    width: Option<u32>,
    /// How many bits the whole must have so that the part lies within; more than it has where the part may reach past them.
    reach: u32,
}

impl Emitter<'_> {
    /// Writes a store; what fits on a line waits in `rows` to be aligned.
    pub fn store(&mut self, writer: &mut Writer, stmt: &Stmt, rows: &mut Vec<Row>) {
        let (StmtKind::Assign { place, value } | StmtKind::Next { place, value }) = &stmt.kind else {
            return;
        };
        let lines = self.store_lines(place, *value, stmt);
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
    fn store_lines(&mut self, place: &Place, value: ExprId, stmt: &Stmt) -> Result<(usize, Vec<String>)> {
        let target = self.target(place, stmt)?;
        let mut lines = self.take_before();
        let operator = match (place.root, &target.follows) {
            (Root::Net(_), None) => "<=",
            (Root::Net(_), Some(_)) | (Root::Var(_), _) => ":=",
        };
        let after = if target.follows.is_some() { "" } else { &target.after };
        let mut length = target.text.len();
        match &target.part {
            None => lines.extend(self.store_whole(&target, operator, after, value)?),
            Some(part) => {
                let kind =
                    target.shape.kind().ok_or_else(|| bug(stmt.span, "a part of what is no integer"))?;
                if part.reach > kind.width || target.wraps_into.is_some() {
                    lines.extend(self.store_wide(&target, part, kind, value)?);
                } else {
                    let (text, shape) = part_of(&target.text, part, kind);
                    length = text.len();
                    lines.extend(self.assignment(&text, operator, after, &shape, value)?);
                }
            }
        }
        if let Some(net) = &target.follows {
            lines.push(format!("{net} <= {}{};", target.text, target.after));
        }
        Ok((length, lines))
    }

    fn store_whole(
        &mut self,
        target: &Target,
        operator: &str,
        after: &str,
        value: ExprId,
    ) -> Result<Vec<String>> {
        if let Some(range) = &target.wraps_into
            && let Some(kind) = target.shape.kind()
            && !range.contains_range(&self.facts.range(value))
        {
            let text = self.wrap(value, range, kind)?;
            let mut lines = self.take_before();
            lines.push(format!("{} {operator} {}{after};", target.text, text.text));
            return Ok(lines);
        }
        self.assignment(&target.text, operator, after, &target.shape, value)
    }

    /// A part that may reach past the bits of its whole: in a copy with more bits, which is reduced afterwards.
    fn store_wide(&mut self, target: &Target, part: &Part, kind: Kind, value: ExprId) -> Result<Vec<String>> {
        let mut width = part.reach.max(kind.width);
        if let Some(range) = &target.wraps_into {
            // The distance from the least value must fit as well.
            width = width.max(Kind::of(range).width) + 1;
        }
        let wide_kind = Kind { signed: kind.signed || target.wraps_into.is_some(), width };
        let wide = self.temp("wide", Shape::Vector(wide_kind));
        let copy = fit_name(&target.text, kind, wide_kind);
        let mut lines = vec![format!("{wide} := {};", copy.text)];
        let (text, shape) = part_of(&wide, part, wide_kind);
        lines.extend(self.assignment(&text, ":=", "", &shape, value)?);
        let reduced = match &target.wraps_into {
            Some(range) => wrapped(&Phrase::primary(&wide), wide_kind, range, kind),
            None => fit_name(&wide, wide_kind, kind),
        };
        lines.push(format!("{} := {};", target.text, reduced.text));
        Ok(lines)
    }

    /// The target of a concurrent assignment and its type; `None` where it takes more than one statement.
    pub fn plain_target(&mut self, place: &Place, stmt: &Stmt) -> Result<Option<(Target, String, Shape)>> {
        let target = self.target(place, stmt)?;
        if target.follows.is_some() {
            return Ok(None);
        }
        let (text, shape) = match (&target.part, target.shape.kind()) {
            (Some(part), Some(kind)) if part.reach <= kind.width && target.wraps_into.is_none() => {
                part_of(&target.text, part, kind)
            }
            (Some(_), _) => return Ok(None),
            (None, _) => (target.text.clone(), target.shape.clone()),
        };
        Ok(Some((target, text, shape)))
    }

    /// The value for a target, reduced where the target wraps.
    pub fn target_value(&mut self, target: &Target, shape: &Shape, value: ExprId) -> Result<String> {
        if let Some(range) = &target.wraps_into
            && let Some(kind) = shape.kind()
            && !range.contains_range(&self.facts.range(value))
        {
            return Ok(self.wrap(value, range, kind)?.text);
        }
        if let Some(range) = &target.elements_wrap_into
            && let Type::Array(element, _) = self.body.exprs.ty(value)
            && !element.range().is_some_and(|own| range.contains_range(own))
        {
            let what = format!("VHDL does not wrap the elements of a whole array into {range}");
            return Err(inexpressible(self.body.exprs.span(value), what));
        }
        Ok(self.value(value, shape)?.text)
    }

    /// What a place means.
    fn target(&mut self, place: &Place, stmt: &Stmt) -> Result<Target> {
        let span = stmt.span;
        let mut follows = None;
        let (mut text, mut ty, wraps, after) = match place.root {
            Root::Net(id) => {
                let net = self.unit.module.net(id);
                let after = match net.kind {
                    NetKind::Delayed(steps) => format!(" after {}", self.unit.time(steps)),
                    NetKind::Signal | NetKind::TriState | NetKind::Driver(_) => String::new(),
                };
                let name = self.unit.net(id).to_owned();
                match self.shadows.get(&id) {
                    Some(shadow) => {
                        follows = Some(name);
                        (shadow.clone(), &net.ty, net.wraps, after)
                    }
                    None => (name, &net.ty, net.wraps, after),
                }
            }
            Root::Var(id) => {
                let Variable::Local(name, _) = &self.vars[id.index()] else {
                    return Err(bug(span, "a store into a variable that is not declared"));
                };
                let var = self.body.var(id);
                (name.clone(), &var.ty, var.wraps, String::new())
            }
        };
        let root = text.len();
        let mut shape = match place.root {
            Root::Var(id) => self.var_shape(id).cloned(),
            Root::Net(_) => Shape::of(ty),
        }
        .ok_or_else(|| inexpressible(span, "VHDL has no type for this value"))?;
        let mut part = None;
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
                Projection::Bit(index) => part = Some(self.part(*index, None, stmt)?),
                Projection::Slice { low, width } => part = Some(self.part(*low, Some(*width), stmt)?),
            }
        }
        let wraps_into = ty.range().filter(|range| wraps && is_odd(range)).cloned();
        let elements_wrap_into = match ty {
            Type::Array(element, _) => element.range().filter(|range| wraps && is_odd(range)).cloned(),
            Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => None,
        };
        let follows = follows.map(|net| format!("{net}{}", &text[root..]));
        Ok(Target { text, shape, wraps_into, elements_wrap_into, follows, after, part })
    }

    fn part(&mut self, low: ExprId, width: Option<u32>, stmt: &Stmt) -> Result<Part> {
        let reach = self.reach(low, width.unwrap_or(1)).ok_or_else(|| {
            inexpressible(stmt.span, format!("a store past bit {MAX_WIDTH_BITS} has no form in VHDL"))
        })?;
        Ok(Part { low: self.integer(low)?, width, reach })
    }

    /// One more than the highest bit that a part can touch.
    fn reach(&self, low: ExprId, width: u32) -> Option<u32> {
        let most = match self.facts.constant(low) {
            Some(value) => value,
            None => self.facts.range(low).max?,
        };
        most.to_u32()?.checked_add(width).filter(|reach| *reach <= MAX_WIDTH_BITS)
    }

    /// Names a variable for each net whose next value must be known.
    pub fn name_shadows(&mut self) {
        let mut wanted: Vec<NetId> = Vec::new();
        walk_stmts(&self.body.stmts, &mut |stmt| {
            if let StmtKind::Next { place, .. } = &stmt.kind
                && let Root::Net(net) = place.root
                && !wanted.contains(&net)
                && self.needs_whole(place, net)
            {
                wanted.push(net);
            }
        });
        for net in wanted {
            let name = self.names.fresh(&format!("{}_next", self.unit.module.net(net).name));
            self.shadows.insert(net, name);
        }
    }

    /// Whether a store into a part of a net depends on the rest of its next value.
    fn needs_whole(&self, place: &Place, net: NetId) -> bool {
        let net = self.unit.module.net(net);
        let mut ty = &net.ty;
        for step in &place.path {
            let (low, width) = match step {
                Projection::Index(_) => {
                    let Type::Array(element, _) = ty else { return false };
                    ty = element;
                    continue;
                }
                Projection::Field(index) => {
                    let Type::Struct(of) = ty else { return false };
                    let fields = &self.unit.design.types.structs[of.index()].fields;
                    let Some((_, field)) = fields.get(*index as usize) else { return false };
                    ty = field;
                    continue;
                }
                Projection::Bit(index) => (*index, 1),
                Projection::Slice { low, width } => (*low, *width),
            };
            let Some(range) = ty.range() else { return false };
            let past = self.reach(low, width).is_none_or(|reach| reach > Kind::of(range).width);
            return past || (net.wraps && is_odd(range));
        }
        false
    }
}

/// Whether wrapping into the interval is more than cutting off bits.
fn is_odd(range: &Range) -> bool {
    Kind::of(range).range() != *range
}

/// The text of some bits of a whole, and their type.
fn part_of(whole: &str, part: &Part, kind: Kind) -> (String, Shape) {
    let Some(width) = part.width else {
        return (format!("{whole}({})", part.low.text), Shape::Logic);
    };
    let high = match part.low.text.parse::<u32>() {
        Ok(low) => Phrase::primary((low + width - 1).to_string()),
        Err(_) => Phrase::binary(&part.low, "+", &Phrase::primary((width - 1).to_string()), Prec::Adding),
    };
    let shape = Shape::Vector(Kind { signed: kind.signed, width });
    (format!("{whole}({} downto {})", high.text, part.low.text), shape)
}

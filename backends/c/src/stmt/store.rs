//! Stores into whole places: nets, variables, elements and fields.

use super::{Stmts, Waiting};
use crate::cexpr::{CExpr, Compare, Cond, EXACT, Ty};
use crate::func::to_i128;
use crate::layout::{Storage, limbs, storage};
use crate::support::Helper;
use crate::vars::Declare;
use pyhw_diagnostics::Span;
use pyhw_ir::{ExprId, Int, NetId, Place, Projection, Range, Root, Type, VarId};

impl Stmts<'_, '_, '_> {
    /// The type of what a place without its last bit or slice holds.
    fn leaf_type(&self, place: &Place) -> Type {
        let mut ty = match place.root {
            Root::Net(net) => self.func.unit.layout.module.net(net).ty.clone(),
            Root::Var(var) => match &self.func.body.var(var).ty {
                Type::Int(range) if !range.is_bounded() => Type::Int(crate::bounds::unbounded()),
                ty => ty.clone(),
            },
        };
        for step in &place.path {
            ty = match (step, ty) {
                (Projection::Index(_), Type::Array(element, _)) => *element,
                (Projection::Field(field), Type::Struct(of)) => {
                    let fields = &self.func.unit.layout.design.types.structs[of.index()].fields;
                    match fields.get(*field as usize) {
                        Some((_, ty)) => ty.clone(),
                        None => return Type::Opaque,
                    }
                }
                (_, ty) => ty,
            };
        }
        ty
    }

    /// How many low bits of the value a store needs.
    fn store_demand(&self, leaf: &Type, last: Option<&Projection>, value: ExprId, wraps: bool) -> u32 {
        let Type::Int(range) = leaf else { return EXACT };
        match last {
            Some(Projection::Bit(_)) => return EXACT,
            Some(Projection::Slice { width, .. }) => return *width,
            Some(Projection::Index(_) | Projection::Field(_)) | None => {}
        }
        let width = range.width_bits().unwrap_or(64);
        let fits = range.contains_range(&self.func.range(value));
        match Ty::for_width(range.is_signed(), width) {
            // The type's own truncation leaves a value that fits alone.
            Some(ty) if fits && !ty.signed => ty.bits,
            _ if fits => EXACT,
            _ if wraps && !range.is_full() => EXACT,
            _ => width,
        }
    }

    pub(super) fn store(
        &mut self,
        place: &Place,
        value: ExprId,
        wraps: bool,
        trailing: Option<String>,
        declared: Option<(VarId, Declare)>,
        span: Span,
    ) {
        let leaf = self.leaf_type(place);
        let last =
            place.path.last().filter(|step| matches!(step, Projection::Bit(_) | Projection::Slice { .. }));
        let mut roots = vec![(value, self.store_demand(&leaf, last, value, wraps))];
        for step in &place.path {
            match step {
                Projection::Index(at) | Projection::Bit(at) | Projection::Slice { low: at, .. } => {
                    roots.push((*at, EXACT));
                }
                Projection::Field(_) => {}
            }
        }
        self.func.begin(&roots);
        let Some(storage) = storage(&self.func.unit.layout.design.types, &leaf) else {
            self.func.unit.refuse(span, "C cannot hold this value");
            return;
        };
        let (target, guard) = self.place(place);
        if guard.known == Some(false) {
            return;
        }
        if let Root::Net(net) = place.root
            && self.deferred.contains(&net)
        {
            self.store_later(net, place, (&storage, &leaf, wraps), value, &guard, trailing);
            return;
        }
        let is_whole = place.path.is_empty() && declared.is_none();
        let mut lines = match last {
            None => self.value_lines(&target, &storage, &leaf, value, wraps, is_whole),
            Some(step) => self.part_lines(&target, &storage, &leaf, step, value, wraps),
        };
        if lines == [format!("{target} = {target};")] {
            // The value is there already.
            return;
        }
        if let Some((var, how)) = declared {
            let text = self.func.unit.layout.declare(&storage, &self.func.vars[var.index()].0);
            let start = format!("{target} = ");
            match lines.as_mut_slice() {
                [line] if line.starts_with(&start) && !matches!(storage, Storage::Array(..)) => {
                    let is_const = how == Declare::Constant;
                    *line =
                        format!("{}{text} = {}", if is_const { "const " } else { "" }, &line[start.len()..]);
                }
                _ => self.func.out.line(format!("{text};")),
            }
        }
        if let (Some(trailing), Some(line)) = (trailing, lines.first_mut()) {
            *line += " ";
            *line += &trailing;
        }
        if guard.known.is_none() {
            lines = lines.into_iter().map(|line| format!("    {line}")).collect();
            lines.insert(0, format!("if ({}) {{", guard.text));
            lines.push("}".into());
        }
        self.func.write(&lines);
        match place.root {
            Root::Net(net) => {
                self.func.stored.insert(net);
            }
            Root::Var(var) => self.func.changes(var),
        }
    }

    /// Lines that store a value into a place as a whole. `is_whole` tells that it is a plain net or variable.
    fn value_lines(
        &mut self,
        target: &str,
        storage: &Storage,
        leaf: &Type,
        value: ExprId,
        wraps: bool,
        is_whole: bool,
    ) -> Vec<String> {
        match (storage, leaf) {
            (Storage::Scalar { ty, width }, Type::Int(range)) => {
                let text = self.scalar(value, range, *ty, *width, wraps);
                vec![format!("{target} = {text};")]
            }
            (Storage::Wide { width, .. }, Type::Int(range))
                if wraps && !range.is_full() && !range.contains_range(&self.func.range(value)) =>
            {
                let wide = self.func.wrapped_wide(value, range);
                let count = self.func.count(limbs(*width));
                let args = [target.to_owned(), wide.text, count];
                vec![format!("{};", self.func.call(Helper::WideCopy, &args))]
            }
            (Storage::Wide { signed, width }, _) => {
                self.func.wide_store(target, *signed, *width, value, is_whole)
            }
            (Storage::Array(..), Type::Array(..)) => {
                let from = self.func.object(value);
                let ty = self.func.ty(value).clone();
                let interval = element_range(leaf).filter(|_| wraps);
                self.func.converted_lines(target, storage, &from, &ty, interval)
            }
            _ => self.func.fill_lines(storage, target, value),
        }
    }

    /// The text of a place without its last bit or slice, and the condition under which it exists.
    fn place(&mut self, place: &Place) -> (String, Cond) {
        let (mut text, mut ty) = match place.root {
            Root::Net(net) => {
                let layout = &self.func.unit.layout;
                (format!("self->{}", layout.nets[net.index()]), layout.module.net(net).ty.clone())
            }
            Root::Var(var) => (self.func.vars[var.index()].0.clone(), self.func.body.var(var).ty.clone()),
        };
        let mut guard = Cond::known(true);
        for step in &place.path {
            match (step, ty.clone()) {
                (Projection::Index(at), Type::Array(element, length)) => {
                    let (index, inside) = self.element(*at, length);
                    text = format!("{text}[{}]", index.text);
                    guard = guard.join("&&", inside);
                    ty = *element;
                }
                (Projection::Field(field), Type::Struct(of)) => {
                    let names = &self.func.unit.layout.structs[of.index()];
                    let name = names.as_ref().and_then(|names| names.fields.get(*field as usize)).cloned();
                    text = format!("{text}.{}", name.unwrap_or_default());
                    let fields = &self.func.unit.layout.design.types.structs[of.index()].fields;
                    ty = fields.get(*field as usize).map_or(Type::Opaque, |(_, ty)| ty.clone());
                }
                (
                    Projection::Bit(_)
                    | Projection::Slice { .. }
                    | Projection::Index(_)
                    | Projection::Field(_),
                    _,
                ) => {}
            }
        }
        (text, guard)
    }

    /// An index of a store, and whether it lies within the array.
    fn element(&mut self, at: ExprId, length: u32) -> (CExpr, Cond) {
        let within = Range::new(Int::ZERO, Int::from(i64::from(length) - 1));
        if let Some(value) = self.func.single(at) {
            let place = CExpr::literal(to_i128(&value).unwrap_or(0));
            return (CExpr { text: value.to_string(), ..place }, Cond::known(within.contains(&value)));
        }
        let range = self.func.range(at);
        let value = if self.func.width(at) > 64 {
            self.func.low(at, EXACT).zero_extended(64)
        } else {
            self.func.low(at, EXACT)
        };
        if within.contains_range(&range) {
            return (value, Cond::known(true));
        }
        let value = self.func.keep_int(value, EXACT);
        let limit = CExpr::literal(i128::from(length));
        let unknown = || Cond::known(true);
        let mut inside = if range.max.as_ref().is_some_and(|max| *max < Int::from(i64::from(length))) {
            Cond::known(true)
        } else {
            CExpr::compare(Compare::Lt, &value, &limit).unwrap_or_else(unknown)
        };
        if range.is_signed() {
            let above = CExpr::compare(Compare::Ge, &value, &CExpr::literal(0)).unwrap_or_else(unknown);
            inside = self.func.unless_holding(above).join("&&", self.func.unless_holding(inside));
        }
        let inside = self.func.unless_holding(inside);
        (value, inside)
    }

    /// The value of a store into a whole integer of at most 64 bits.
    fn scalar(&mut self, value: ExprId, range: &Range, ty: Ty, width: u32, wraps: bool) -> String {
        let fits = range.contains_range(&self.func.range(value));
        if fits && ty.signed {
            return self.func.low(value, EXACT).stored(ty);
        }
        if fits {
            let bits = self.func.low(value, ty.bits);
            let ir = self.func.ir_bounds(value);
            return bits.with_ir(ir).zero_extended(ty.bits).stored(ty);
        }
        if wraps && !range.is_full() {
            return self.func.wrapped(value, EXACT, range).stored(ty);
        }
        let bits = self.func.low(value, width);
        self.func.truncated(&bits, ty.signed, width).stored(ty)
    }

    /// Keeps index and value of a store into a memory until the end of the function.
    fn store_later(
        &mut self,
        net: NetId,
        place: &Place,
        (storage, leaf, wraps): (&Storage, &Type, bool),
        value: ExprId,
        guard: &Cond,
        trailing: Option<String>,
    ) {
        let field = self.func.unit.layout.nets[net.index()].clone();
        let (Some(Projection::Index(at)), Type::Array(_, length)) =
            (place.path.first(), self.func.unit.layout.module.net(net).ty.clone())
        else {
            return;
        };
        let flag = self.func.fresh(&format!("{field}_stored"));
        let index = self.func.fresh(&format!("{field}_index"));
        let kept = self.func.fresh(&format!("{field}_value"));
        let (place, _) = self.element(*at, length);
        let ty = Ty::for_range(0, i128::from(length) - 1).unwrap_or(Ty::unsigned(32));
        let zero = match storage {
            Storage::Bool => " = false",
            Storage::Scalar { ty, .. } if ty.signed => " = 0",
            Storage::Scalar { .. } | Storage::Enum(..) => " = 0U",
            Storage::Wide { .. } => " = {0U}",
            Storage::Array(..) | Storage::Struct(_) => " = {0}",
        };
        let declaration = self.func.unit.layout.declare(storage, &kept);
        let mut lines = vec![format!("{flag} = true;"), format!("{index} = {};", place.stored(ty))];
        lines.extend(self.value_lines(&kept, storage, leaf, value, wraps, true));
        if let (Some(trailing), Some(line)) = (trailing, lines.first_mut()) {
            *line += " ";
            *line += &trailing;
        }
        if guard.known.is_none() {
            lines = lines.into_iter().map(|line| format!("    {line}")).collect();
            lines.insert(0, format!("if ({}) {{", guard.text));
            lines.push("}".into());
        }
        self.func.write(&lines);
        let to = format!("self->{field}[{index}]");
        let mut commit = vec![format!("if ({flag}) {{")];
        commit
            .extend(self.func.copy_lines(storage, &to, &kept).into_iter().map(|line| format!("    {line}")));
        commit.push("}".into());
        self.waiting.push(Waiting {
            declarations: vec![
                format!("bool {flag} = false;"),
                format!("{} {index} = 0U;", ty.name()),
                format!("{declaration}{zero};"),
            ],
            commit,
        });
    }
}

/// The interval of the integers that an array consists of.
fn element_range(ty: &Type) -> Option<&Range> {
    match ty {
        Type::Array(element, _) => element_range(element),
        Type::Int(range) => Some(range),
        Type::Bool | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => None,
    }
}

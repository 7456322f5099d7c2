//! Bodies flattened into instructions: stores into nets and variables.

use super::code::{Fit, Operand, Part, PartRoot, Step, Tail};
use super::compile::Compiler;
use super::fault::Fault;
use super::instr::{Instr, Reg};
use super::is_small;
use crate::design::{NetId, VarId};
use crate::expr::ExprId;
use crate::stmt::{Place, Projection, Root};
use crate::types::Type;

impl Compiler<'_> {
    pub(super) fn store(&mut self, place: &Place, value: ExprId) -> Result<(), Fault> {
        if !place.path.is_empty() {
            return self.store_part(place, value);
        }
        match place.root {
            Root::Net(net) => {
                self.roots(&[value], None)?;
                self.store_net(net, value)
            }
            Root::Var(var) => {
                let target = self.vars[var.index()];
                let ty = &self.body.var(var).ty;
                // The last operator can write the variable itself, if what it writes needs no check.
                let direct = fits_within(ty, self.exprs.ty(value))
                    && matches!(
                        (target, self.is_small(value)),
                        (Operand::Small(_), true) | (Operand::Big(_), false)
                    )
                    && !self.may_be_z(value);
                let done = self.roots(&[value], direct.then_some((value, target)))?;
                if done {
                    self.mark_set(var);
                    return Ok(());
                }
                let from = self.operand(value);
                let value_ty = self.exprs.ty(value).clone();
                self.set_var(var, from, &value_ty)
            }
        }
    }

    fn store_net(&mut self, net: NetId, value: ExprId) -> Result<(), Fault> {
        let nets = self.nets;
        let shape = &nets[net.index()];
        let fits = fits_within(&shape.ty, self.exprs.ty(value));
        if !shape.small() {
            let mut a = self.big(value);
            if !fits || (self.may_be_z(value) && !shape.tristate) {
                a = self.fit(a, &shape.ty, shape.wraps, shape.tristate, &shape.name);
            }
            self.emit(Instr::StoreBig { net, a });
            return Ok(());
        }
        let bounds = match &shape.ty {
            Type::Int(range) if !fits || !self.is_small(value) => Some(self.bounds(range, Some(&shape.name))),
            // Booleans and enums always fit.
            _ => None,
        };
        match (self.operand(value), bounds) {
            (Operand::Small(a), None) => self.emit(Instr::StoreSmall { net, a }),
            (Operand::Small(a), Some(bounds)) if shape.wraps => {
                self.emit(Instr::StoreWrap { net, a, bounds })
            }
            (Operand::Small(a), Some(bounds)) => self.emit(Instr::StoreCheck { net, a, bounds }),
            (Operand::Big(big), bounds) => {
                let a = self.narrow(big, bounds, shape.wraps);
                self.emit(Instr::StoreSmall { net, a })
            }
        };
        Ok(())
    }

    /// A small register with the value of a big one that is checked or wrapped.
    fn narrow(&mut self, a: Reg, bounds: Option<u32>, wraps: bool) -> Reg {
        let dst = self.temp_small();
        match bounds {
            Some(bounds) if wraps => self.emit(Instr::NarrowWrap { dst, a, bounds }),
            Some(bounds) => self.emit(Instr::Narrow { dst, a, bounds }),
            None => self.emit(Instr::Unbox { dst, a }),
        };
        dst
    }

    fn fit(&mut self, a: Reg, ty: &Type, wraps: bool, tristate: bool, target: &str) -> Reg {
        self.code.fits.push(Fit { ty: ty.clone(), wraps, tristate, target: target.to_owned() });
        let fit = self.code.fits.len() as u32 - 1;
        let dst = self.temp_big();
        self.emit(Instr::Fit { dst, a, fit });
        dst
    }

    fn mark_set(&mut self, var: VarId) {
        if self.flagged[var.index()] {
            self.emit(Instr::MarkSet { var: var.index() as u32 });
        }
    }

    /// Assigns to a whole variable from a register that holds a value of this type.
    pub(super) fn set_var(&mut self, var: VarId, from: Operand, value_ty: &Type) -> Result<(), Fault> {
        let body = self.body;
        let declared = body.var(var);
        let fits = fits_within(&declared.ty, value_ty);
        match (self.vars[var.index()], from) {
            (Operand::Small(dst), Operand::Small(a)) => {
                let bounds = match &declared.ty {
                    Type::Int(range) if !fits => Some(self.bounds(range, Some(&declared.name))),
                    _ => None,
                };
                match bounds {
                    Some(bounds) if declared.wraps => self.emit(Instr::Wrap { dst, a, bounds }),
                    Some(bounds) => self.emit(Instr::Check { dst, a, bounds }),
                    None => self.emit(Instr::Move { dst, a }),
                };
            }
            (Operand::Small(dst), Operand::Big(a)) => {
                let bounds = match &declared.ty {
                    Type::Int(range) => Some(self.bounds(range, Some(&declared.name))),
                    _ => None,
                };
                let a = self.narrow(a, bounds, declared.wraps);
                self.emit(Instr::Move { dst, a });
            }
            (Operand::Big(dst), from) => {
                let a = self.boxed(from, value_ty);
                // `Z` has no place in a variable; it can come only where a small type stands in a big register.
                let maybe_z = matches!(from, Operand::Big(_)) && is_small(value_ty);
                let checked = if fits && !maybe_z {
                    a
                } else {
                    self.fit(a, &declared.ty, declared.wraps, false, &declared.name)
                };
                self.emit(Instr::MoveBig { dst, a: checked });
            }
        }
        self.mark_set(var);
        Ok(())
    }

    fn store_part(&mut self, place: &Place, value: ExprId) -> Result<(), Fault> {
        let bad = || Fault::internal("a store into a part that is not there");
        let mut roots = vec![value];
        for step in &place.path {
            match step {
                Projection::Index(index) | Projection::Bit(index) => roots.push(*index),
                Projection::Slice { low, .. } => roots.push(*low),
                Projection::Field(_) => {}
            }
        }
        self.roots(&roots, None)?;
        let (root, root_ty, wraps, target) = match place.root {
            Root::Net(net) => {
                let nets = self.nets;
                let shape = &nets[net.index()];
                let root = if shape.small() { PartRoot::SmallNet(net) } else { PartRoot::Net(net) };
                (root, &shape.ty, shape.wraps, shape.name.clone())
            }
            Root::Var(var) => {
                if self.flagged[var.index()] {
                    self.emit(Instr::CheckSet { var: var.index() as u32 });
                }
                let root = match self.vars[var.index()] {
                    Operand::Small(reg) => PartRoot::SmallVar(reg),
                    Operand::Big(reg) => PartRoot::Var(reg),
                };
                let body = self.body;
                let declared = body.var(var);
                (root, &declared.ty, declared.wraps, declared.name.clone())
            }
        };
        let mut leaf = root_ty.clone();
        let mut steps = Vec::new();
        let mut tail = Tail::Whole;
        for (at, step) in place.path.iter().enumerate() {
            let is_last = at + 1 == place.path.len();
            match (step, &leaf) {
                (Projection::Index(index), Type::Array(element, _)) => {
                    steps.push(Step::Index(self.operand(*index)));
                    leaf = (**element).clone();
                }
                (Projection::Field(index), Type::Struct(id)) => {
                    let of = self.types.structs.get(id.index()).ok_or_else(bad)?;
                    let (_, ty) = of.fields.get(*index as usize).ok_or_else(bad)?;
                    steps.push(Step::Field(*index));
                    leaf = ty.clone();
                }
                (Projection::Bit(index), Type::Int(_)) if is_last => tail = Tail::Bit(self.operand(*index)),
                (Projection::Slice { low, width }, Type::Int(_)) if is_last => {
                    tail = Tail::Slice(self.operand(*low), *width);
                }
                _ => return Err(bad()),
            }
        }
        let mut value_operand = match tail {
            Tail::Bit(_) => Operand::Small(self.truth(value)),
            Tail::Whole | Tail::Slice(..) => self.operand(value),
        };
        // What stays a value there is made one here.
        if let (Tail::Whole, Operand::Small(_)) = (tail, value_operand) {
            value_operand = Operand::Big(self.boxed(value_operand, &self.exprs.ty(value).clone()));
        }
        self.code.parts.push(Part {
            root,
            steps: steps.into(),
            tail,
            value: value_operand,
            leaf,
            wraps,
            target,
        });
        let part = self.code.parts.len() as u32 - 1;
        self.emit(Instr::StorePart { part });
        Ok(())
    }
}

/// Whether every value of `value` lies in `target`, so that a store needs no check. The fields of a struct value are not
/// checked before it is stored.
pub(super) fn fits_within(target: &Type, value: &Type) -> bool {
    match (target, value) {
        (Type::Int(target), Type::Int(value)) => target.contains_range(value),
        (Type::Array(target, n), Type::Array(value, m)) => n == m && fits_within(target, value),
        (Type::Bool | Type::Enum(_) | Type::Text | Type::Opaque, _) => target == value,
        (Type::Int(_) | Type::Array(..) | Type::Struct(_), _) => false,
    }
}

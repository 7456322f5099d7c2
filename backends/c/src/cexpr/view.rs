//! Integer types, and what one size of `int` makes of an expression.

/// The sizes that `int` may have.
pub(super) const INT_BITS: [u32; 3] = [16, 32, 64];

/// How many low bits of a value agree with the IR's value: all of them, the value is the same.
pub const EXACT: u32 = u32::MAX;

/// An integer type of C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ty {
    /// Whether it holds negative values.
    pub signed: bool,
    /// Its width: 8, 16, 32 or 64 for the types of `<stdint.h>`.
    pub bits: u32,
}

impl Ty {
    /// The unsigned type of this width.
    pub const fn unsigned(bits: u32) -> Ty {
        Ty { signed: false, bits }
    }

    /// The signed type of this width.
    pub const fn signed(bits: u32) -> Ty {
        Ty { signed: true, bits }
    }

    /// The smallest type of `<stdint.h>` for values of so many bits; `None` above 64.
    pub fn for_width(signed: bool, width: u32) -> Option<Ty> {
        [8, 16, 32, 64].into_iter().find(|bits| width <= *bits).map(|bits| Ty { signed, bits })
    }

    /// The smallest type that holds both ends.
    pub fn for_range(lo: i128, hi: i128) -> Option<Ty> {
        let fits = |bits: u32| {
            let ty = Ty { signed: lo < 0, bits };
            ty.min() <= lo && hi <= ty.max()
        };
        [8, 16, 32, 64].into_iter().find(|bits| fits(*bits)).map(|bits| Ty { signed: lo < 0, bits })
    }

    /// Its least value.
    pub fn min(self) -> i128 {
        if self.signed { -(1i128 << (self.bits - 1)) } else { 0 }
    }

    /// Its greatest value.
    pub fn max(self) -> i128 {
        (1i128 << (self.bits - u32::from(self.signed))) - 1
    }

    /// Its name in `<stdint.h>`.
    pub fn name(self) -> String {
        format!("{}int{}_t", if self.signed { "" } else { "u" }, self.bits)
    }

    pub(super) fn promoted(self, int_bits: u32) -> Ty {
        if self.bits < int_bits { Ty::signed(int_bits) } else { self }
    }

    /// The usual arithmetic conversions (C99 6.3.1.8) for an `int` of so many bits.
    pub(super) fn usual(self, other: Ty, int_bits: u32) -> Ty {
        let (a, b) = (self.promoted(int_bits), other.promoted(int_bits));
        if a.signed == b.signed {
            return if a.bits >= b.bits { a } else { b };
        }
        let (signed, unsigned) = if a.signed { (a, b) } else { (b, a) };
        if signed.bits > unsigned.bits { signed } else { unsigned }
    }
}

/// What one size of `int` makes of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Its type.
    pub ty: Ty,
    /// The least value it can have.
    pub lo: i128,
    /// The greatest value it can have.
    pub hi: i128,
    /// How many low bits agree with the IR's value; [`EXACT`] if it is the same.
    pub low: u32,
}

impl View {
    /// The value converted to a type. To a signed type only where it holds every value.
    pub(super) fn converted(self, to: Ty) -> Option<View> {
        if to.min() <= self.lo && self.hi <= to.max() {
            return Some(View { ty: to, ..self });
        }
        if to.signed {
            return None;
        }
        Some(View { ty: to, lo: 0, hi: to.max(), low: self.low.min(to.bits) })
    }

    /// What is known besides: the IR's value lies within these bounds.
    pub(super) fn within(mut self, ir: Option<(i128, i128)>) -> View {
        let Some((lo, hi)) = ir else { return self };
        if self.low != EXACT && !self.ty.signed && self.low >= self.ty.bits && lo >= 0 && hi <= self.ty.max()
        {
            self.low = EXACT;
        }
        if self.low == EXACT {
            self.lo = self.lo.max(lo).min(hi);
            self.hi = self.hi.min(hi).max(lo);
        }
        self
    }
}

/// All bits below `width` set.
pub fn mask(width: u32) -> i128 {
    (1i128 << width) - 1
}

/// How many bits a value that is not negative needs.
pub(super) fn bit_length(value: i128) -> u32 {
    128 - value.max(0).leading_zeros()
}

//! Stores of arrays whose elements lie in memory otherwise than those of the target.

use crate::bounds::full_range;
use crate::cexpr::{CExpr, EXACT};
use crate::func::{Func, Wide, bounds_of, counted};
use crate::layout::{Storage, limbs, storage};
use crate::support::Helper;
use crate::wide::{from_64, mask_line, sign_line};
use pyhw_ir::{Range, Type};

/// An integer in memory that is to be stored elsewhere.
struct Source {
    text: String,
    storage: Storage,
    range: Range,
}

impl Func<'_, '_> {
    /// Lines that store what stands at `from`, of a type, into a place of another one. Integers that do not fit are reduced into
    /// `wraps`, where that is given, or cut to the target's bits.
    pub fn converted_lines(
        &mut self,
        place: &str,
        to: &Storage,
        from: &str,
        ty: &Type,
        wraps: Option<&Range>,
    ) -> Vec<String> {
        let stored = storage(&self.unit.layout.design.types, ty);
        if stored.as_ref() == Some(to) && fits(to, ty, wraps) {
            return self.copy_lines(to, place, from);
        }
        match (to, ty, stored) {
            (Storage::Array(element, length), Type::Array(inner, _), _) => {
                let names = self.names.clone();
                let counter = self.names.fresh("i");
                let at = |place: &str| format!("{place}[{counter}]");
                let lines =
                    self.scoped(|func| func.converted_lines(&at(place), element, &at(from), inner, wraps));
                self.names = names;
                counted(&counter, *length, lines)
            }
            (_, Type::Int(range), Some(storage)) => {
                let source = Source { text: from.to_owned(), storage, range: range.clone() };
                self.integer_lines(place, to, source, wraps)
            }
            // Other types have one storage only.
            _ => self.copy_lines(to, place, from),
        }
    }

    fn integer_lines(
        &mut self,
        place: &str,
        to: &Storage,
        source: Source,
        wraps: Option<&Range>,
    ) -> Vec<String> {
        let Source { text, storage, range } = source;
        let is_reduced = wraps.filter(|wraps| !wraps.is_full() && !wraps.contains_range(&range));
        let mut value = match storage {
            Storage::Scalar { ty, .. } => {
                let (lo, hi) = bounds_of(&range).unwrap_or((ty.min(), ty.max()));
                Ok(CExpr::leaf(text, ty, lo, hi))
            }
            Storage::Wide { signed, width } => Err(Wide { text, limbs: limbs(width), signed }),
            // Integers are stored as nothing else.
            Storage::Bool | Storage::Enum(..) | Storage::Array(..) | Storage::Struct(_) => return Vec::new(),
        };
        if let Some(wraps) = is_reduced {
            let short = value.as_ref().ok().and_then(|value| self.wrapped_value(value, &range, wraps));
            value = match short {
                Some(short) => Ok(short),
                None => Err(self.wrapped_limbs(&range, wraps, |func, count| match &value {
                    Ok(value) => func.limbs_from(value, count),
                    Err(wide) => func.extended(wide, count),
                })),
            };
        }
        let range = is_reduced.unwrap_or(&range);
        match to {
            Storage::Scalar { ty, width } => {
                let value = value.unwrap_or_else(|wide| {
                    let low = self.low_of_wide(&wide, *width, None);
                    low.capped(*width, bounds_of(range))
                });
                let is_exact = value.has_low(EXACT) && holds(to, range);
                let value = if is_exact { value } else { self.truncated(&value, ty.signed, *width) };
                vec![format!("{place} = {};", value.stored(*ty))]
            }
            Storage::Wide { signed, width } => {
                let count = limbs(*width);
                let length = self.count(count);
                let call = match value {
                    Ok(value) => {
                        let (helper, ty) = from_64(&value);
                        self.call(helper, &[place.to_owned(), value.stored(ty), length])
                    }
                    Err(wide) => {
                        let from = self.extended(&wide, count);
                        self.call(Helper::WideCopy, &[place.to_owned(), from, length])
                    }
                };
                let mut lines = vec![format!("{call};")];
                if !holds(to, range) {
                    let line = if *signed { sign_line } else { mask_line };
                    lines.extend(line(place, *width, count));
                }
                lines
            }
            Storage::Bool | Storage::Enum(..) | Storage::Array(..) | Storage::Struct(_) => Vec::new(),
        }
    }

    /// Lines that reduce the integer at a wide place, which may be all that its bits can say, into its interval.
    pub fn reduced_in_place(&mut self, place: &str, range: &Range, signed: bool, width: u32) -> Vec<String> {
        let whole = Wide { text: place.to_owned(), limbs: limbs(width), signed };
        self.scoped(|func| {
            let reduced =
                func.wrapped_limbs(&full_range(range), range, |func, count| func.extended(&whole, count));
            let count = func.count(whole.limbs);
            vec![format!("{};", func.call(Helper::WideCopy, &[whole.text, reduced.text, count]))]
        })
    }
}

/// Whether an integer's storage holds every value of an interval.
fn holds(storage: &Storage, range: &Range) -> bool {
    match storage {
        Storage::Scalar { ty, width } if ty.signed => Range::signed(*width).contains_range(range),
        Storage::Wide { signed: true, width } => Range::signed(*width).contains_range(range),
        Storage::Scalar { width, .. } | Storage::Wide { width, .. } => {
            Range::unsigned(*width).contains_range(range)
        }
        Storage::Bool | Storage::Enum(..) | Storage::Array(..) | Storage::Struct(_) => false,
    }
}

/// Whether no integer of the type changes when it is stored so.
fn fits(storage: &Storage, ty: &Type, wraps: Option<&Range>) -> bool {
    match (storage, ty) {
        (Storage::Array(element, _), Type::Array(inner, _)) => fits(element, inner, wraps),
        (_, Type::Int(range)) => {
            holds(storage, range) && wraps.is_none_or(|wraps| wraps.contains_range(range))
        }
        _ => true,
    }
}

//! What is known of a value: an interval, and single values within it that it does not have.
//!
//! Booleans count as 0 and 1, members of an enum as their places in its declaration.

use pyhw_ir::{Int, Range, Type, Types, Value};

/// The most single values that are remembered as excluded.
const MAX_HOLES: usize = 64;

/// An interval with holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// Contains every value that is possible.
    pub range: Range,
    /// Values strictly within the interval that are impossible, in ascending order.
    holes: Vec<Int>,
}

impl From<Range> for Known {
    fn from(range: Range) -> Known {
        Known { range, holes: Vec::new() }
    }
}

impl Known {
    /// Anything that a value of the type can be; `None` for types of which nothing is known.
    pub fn of_type(ty: &Type, types: &Types) -> Option<Known> {
        let range = match ty {
            Type::Bool => Range::new(0i64, 1i64),
            Type::Int(range) => range.clone(),
            Type::Enum(id) => Range::new(0i64, types.enums[id.index()].members.len() as i64 - 1),
            Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => return None,
        };
        Some(range.into())
    }

    /// Exactly this value; `None` for a value of which nothing is known.
    pub fn of_value(value: &Value) -> Option<Known> {
        let value = match value {
            Value::Bool(value) => Int::from(i64::from(*value)),
            Value::Int(value) => value.clone(),
            Value::Enum(member) => Int::from(i64::from(*member)),
            Value::Array(_) | Value::Struct(_) | Value::Text(_) | Value::Opaque(_) | Value::Z => return None,
        };
        Some(Range::exactly(value).into())
    }

    /// A boolean of this value.
    pub fn truth(value: bool) -> Known {
        Range::exactly(i64::from(value)).into()
    }

    /// A boolean of which nothing is known.
    pub fn any_bool() -> Known {
        Range::new(0i64, 1i64).into()
    }

    /// The boolean, where it is known.
    pub fn as_bool(&self) -> Option<bool> {
        self.range.single().map(|value| !value.is_zero())
    }

    /// Whether the value is possible.
    pub fn allows(&self, value: &Int) -> bool {
        self.range.contains(value) && self.holes.binary_search(value).is_err()
    }

    /// What is possible in either.
    pub fn join(&self, other: &Known) -> Known {
        let hole = |hole: &&Int| !self.allows(hole) && !other.allows(hole);
        let mut holes: Vec<Int> = self.holes.iter().chain(&other.holes).filter(hole).cloned().collect();
        holes.sort();
        holes.dedup();
        Known { range: self.range.union(&other.range), holes }.trimmed().unwrap_or_else(|| self.clone())
    }

    /// What is possible in both; `None` if nothing is.
    pub fn meet(&self, other: &Known) -> Option<Known> {
        let range = self.range.intersection(&other.range)?;
        let mut holes: Vec<Int> = self.holes.iter().chain(&other.holes).cloned().collect();
        holes.sort();
        holes.dedup();
        Known { range, holes }.trimmed()
    }

    /// What is left within the interval.
    pub fn within(&self, range: &Range) -> Option<Known> {
        let range = self.range.intersection(range)?;
        Known { range, holes: self.holes.clone() }.trimmed()
    }

    /// What is left without this value.
    pub fn without(&self, value: &Int) -> Option<Known> {
        let mut rest = self.clone();
        if let (true, Err(at)) = (self.range.contains(value), self.holes.binary_search(value)) {
            rest.holes.insert(at, value.clone());
        }
        rest.trimmed()
    }

    /// Takes holes at the ends off the interval, and drops those outside; `None` if nothing is left.
    fn trimmed(mut self) -> Option<Known> {
        if self.holes.is_empty() {
            return Some(self);
        }
        let Range { min, max } = &mut self.range;
        for hole in &self.holes {
            if min.as_ref() == Some(hole) {
                *min = Some(hole.add(&Int::ONE));
            }
        }
        for hole in self.holes.iter().rev() {
            if max.as_ref() == Some(hole) {
                *max = Some(hole.sub(&Int::ONE));
            }
        }
        if let (Some(min), Some(max)) = (&min, &max)
            && min > max
        {
            return None;
        }
        let range = &self.range;
        self.holes.retain(|hole| range.contains(hole));
        self.holes.truncate(MAX_HOLES);
        Some(self)
    }

    /// `next` contains `self`; ends that moved are taken out to the next threshold (in ascending order), or to infinity where
    /// there is none, so that loops come to rest.
    pub fn widen(&self, next: &Known, thresholds: &[Int]) -> Known {
        let mut range = next.range.clone();
        if range.min != self.range.min {
            range.min = range.min.and_then(|min| {
                let above = thresholds.partition_point(|threshold| *threshold <= min);
                above.checked_sub(1).map(|at| thresholds[at].clone())
            });
        }
        if range.max != self.range.max {
            range.max = range.max.and_then(|max| {
                thresholds.get(thresholds.partition_point(|threshold| *threshold < max)).cloned()
            });
        }
        range.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(min: i64, max: i64) -> Known {
        Range::new(min, max).into()
    }

    #[test]
    fn a_hole_at_an_end_moves_the_end() {
        let state = known(0, 3).without(&Int::from(1i64)).unwrap();
        assert_eq!(state.range, Range::new(0i64, 3i64));
        let state = state.without(&Int::ZERO).unwrap();
        assert_eq!(state, known(2, 3));
        assert_eq!(state.without(&Int::from(2i64)).unwrap().without(&Int::from(3i64)), None);
    }

    #[test]
    fn a_join_keeps_what_neither_side_allows() {
        let low = known(0, 2);
        let high = known(5, 9).without(&Int::from(7i64)).unwrap();
        let both = low.join(&high);
        assert_eq!(both.range, Range::new(0i64, 9i64));
        assert!(!both.allows(&Int::from(7i64)));
        assert!(both.allows(&Int::from(3i64)), "gaps between intervals are not kept");
        assert!(both.join(&known(7, 7)).allows(&Int::from(7i64)));
    }

    #[test]
    fn a_meet_of_what_excludes_each_other_is_none() {
        assert_eq!(known(0, 3).meet(&known(4, 5)), None);
        let odd = known(0, 2).without(&Int::ONE).unwrap();
        assert_eq!(odd.meet(&known(1, 1)), None);
        assert_eq!(odd.within(&Range::new(1i64, 9i64)), Some(known(2, 2)));
    }

    #[test]
    fn widening_stops_at_thresholds() {
        let thresholds: Vec<Int> = [0i64, 10, 100].map(Int::from).to_vec();
        assert_eq!(known(0, 3).widen(&known(0, 4), &thresholds), known(0, 10));
        assert_eq!(
            known(0, 3).widen(&known(0, 400), &thresholds).range,
            Range { min: Some(Int::ZERO), max: None }
        );
        assert_eq!(known(0, 3).widen(&known(-1, 3), &thresholds).range.min, None);
        assert_eq!(known(5, 5).widen(&known(4, 5), &thresholds), known(0, 5));
    }
}

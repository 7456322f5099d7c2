//! On which paths nothing was assigned to a variable, as far as the conditions that led there tell.

use super::known::Known;
use pyhw_ir::ExprId;
use std::collections::BTreeMap;

/// How many paths are told apart; with more of them the variable counts as unset anywhere.
const MAX_WAYS: usize = 16;
/// How many conditions of a path are kept. A path of which fewer are known only counts as one that is taken more often.
const MAX_CONDITIONS: usize = 8;

/// What led along a path: conditions, and subjects of a choice, each with what is known of it there and still holds.
pub(super) type Conditions = BTreeMap<ExprId, Known>;

/// The paths to a point on which nothing was assigned to a variable. Where it is unset, the conditions of one of them hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ways(Vec<Conditions>);

impl Ways {
    /// On no path.
    pub fn none() -> Ways {
        Ways(Vec::new())
    }

    /// On any, for all that is known.
    pub fn any() -> Ways {
        Ways(vec![Conditions::new()])
    }

    /// Whether there are none.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The paths, each with its conditions.
    pub fn iter(&self) -> impl Iterator<Item = &Conditions> {
        self.0.iter()
    }

    /// The same paths, each under these conditions too; those that cannot be under them are left out.
    pub fn under(&self, conditions: &Conditions) -> Ways {
        let mut ways = Ways::none();
        for way in &self.0 {
            let mut way = way.clone();
            let fits = conditions.iter().all(|(id, known)| {
                let both = match way.get(id) {
                    Some(before) => before.meet(known),
                    None if way.len() < MAX_CONDITIONS => Some(known.clone()),
                    None => return true,
                };
                both.is_some_and(|both| {
                    way.insert(*id, both);
                    true
                })
            });
            if fits {
                ways.add(way);
            }
        }
        ways
    }

    /// These and those.
    pub fn or(mut self, other: Ways) -> Ways {
        other.0.into_iter().for_each(|way| self.add(way));
        if self.0.len() > MAX_WAYS { Ways::any() } else { self }
    }

    /// The same paths where nothing is known of this expression any more; `None` if that makes no difference.
    pub fn without(&self, id: ExprId) -> Option<Ways> {
        if !self.0.iter().any(|way| way.contains_key(&id)) {
            return None;
        }
        let mut ways = Ways::none();
        for way in &self.0 {
            let mut way = way.clone();
            way.remove(&id);
            ways.add(way);
        }
        Some(ways)
    }

    /// Adds a path, unless one of fewer conditions is there; those of more conditions go.
    fn add(&mut self, way: Conditions) {
        let within =
            |more: &Conditions, few: &Conditions| few.iter().all(|(id, known)| more.get(id) == Some(known));
        if !self.0.iter().any(|known| within(&way, known)) {
            self.0.retain(|known| !within(known, &way));
            self.0.push(way);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditions(of: &[(usize, bool)]) -> Conditions {
        of.iter().map(|(id, truth)| (ExprId::new(*id), Known::truth(*truth))).collect()
    }

    fn ways(of: &[&[(usize, bool)]]) -> Ways {
        of.iter().fold(Ways::none(), |ways, way| ways.or(Ways(vec![conditions(way)])))
    }

    #[test]
    fn a_path_of_which_less_is_known_stands_for_those_of_which_more_is() {
        assert_eq!(ways(&[&[(1, true), (2, false)], &[(1, true)]]), ways(&[&[(1, true)]]));
        assert_eq!(ways(&[&[(1, true)], &[]]), Ways::any());
    }

    #[test]
    fn what_excludes_each_other_is_no_path() {
        let some = ways(&[&[(1, true)], &[(1, false)]]);
        assert_eq!(some.under(&conditions(&[(1, true), (2, true)])), ways(&[&[(1, true), (2, true)]]));
        assert!(ways(&[&[(1, true)]]).under(&conditions(&[(1, false)])).is_none());
    }

    #[test]
    fn many_paths_are_any() {
        let all: Vec<Conditions> = (0..=MAX_WAYS).map(|id| conditions(&[(id, true)])).collect();
        let met = all.into_iter().fold(Ways::none(), |ways, way| ways.or(Ways(vec![way])));
        assert_eq!(met, Ways::any());
        let long: Vec<(usize, bool)> = (0..20).map(|id| (id, true)).collect();
        assert_eq!(Ways::any().under(&conditions(&long)).iter().next().unwrap().len(), MAX_CONDITIONS);
    }

    #[test]
    fn a_condition_that_is_forgotten_makes_the_path_more_likely() {
        assert_eq!(
            ways(&[&[(1, true), (2, true)], &[(1, false)]]).without(ExprId::new(1)),
            Some(Ways::any())
        );
        assert_eq!(ways(&[&[(1, true)]]).without(ExprId::new(2)), None);
    }
}

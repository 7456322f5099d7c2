//! Maps that remember how they were changed, so that a path can be taken back and what it changed be told.

use super::state::IdMap;
use std::collections::BTreeMap;
use std::hash::Hash;

/// What differs from the map at a mark.
pub(super) type Changes<K, V> = BTreeMap<K, Option<V>>;

/// A map with a record of its changes.
#[derive(Debug)]
pub(super) struct Trailed<K, V> {
    now: IdMap<K, V>,
    /// What was changed, with what was there before.
    trail: Vec<(K, Option<V>)>,
}

impl<K, V> Default for Trailed<K, V> {
    fn default() -> Self {
        Trailed { now: IdMap::default(), trail: Vec::new() }
    }
}

impl<K: Copy + Ord + Hash, V: Clone + PartialEq> Trailed<K, V> {
    pub fn get(&self, key: K) -> Option<&V> {
        self.now.get(&key)
    }

    /// All there is, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.now.iter()
    }

    pub fn set(&mut self, key: K, value: Option<V>) {
        if self.now.get(&key) != value.as_ref() {
            let before = self.put(key, value);
            self.trail.push((key, before));
        }
    }

    fn put(&mut self, key: K, value: Option<V>) -> Option<V> {
        match value {
            Some(value) => self.now.insert(key, value),
            None => self.now.remove(&key),
        }
    }

    /// The present point.
    pub fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Takes back every change since the mark.
    pub fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((key, before)) = self.trail.pop() {
                self.put(key, before);
            }
        }
    }

    /// What differs from the map at the mark.
    pub fn since(&self, mark: usize) -> Changes<K, V> {
        let changed = self.trail[mark..].iter();
        changed.map(|(key, _)| (*key, self.now.get(key).cloned())).collect()
    }

    /// Makes the changes.
    pub fn apply(&mut self, changes: &Changes<K, V>) {
        for (key, value) in changes {
            self.set(*key, value.clone());
        }
    }

    /// What is at the end of a path that begins here and makes these changes.
    pub fn at_end<'s>(&'s self, path: &'s Changes<K, V>, key: K) -> Option<&'s V> {
        match path.get(&key) {
            Some(value) => value.as_ref(),
            None => self.now.get(&key),
        }
    }

    /// What is the same at the end of each of the paths, as changes.
    pub fn common(&self, paths: &[&Changes<K, V>]) -> Changes<K, V> {
        let mut joined = Changes::new();
        for key in paths.iter().flat_map(|path| path.keys()) {
            let mut ends = paths.iter().map(|path| self.at_end(path, *key));
            let first = ends.next().flatten();
            let all = if ends.all(|end| end == first) { first } else { None };
            if all != self.now.get(key) {
                joined.insert(*key, all.cloned());
            }
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_back_and_what_it_changed_is_told() {
        let mut map: Trailed<u32, char> = Trailed::default();
        map.set(1, Some('a'));
        let mark = map.mark();
        map.set(1, None);
        map.set(2, Some('b'));
        map.set(2, Some('c'));
        let changes = Changes::from([(1, None), (2, Some('c'))]);
        assert_eq!(map.since(mark), changes);
        map.undo(mark);
        assert_eq!((map.get(1), map.get(2)), (Some(&'a'), None));
        assert_eq!((map.at_end(&changes, 1), map.at_end(&changes, 3)), (None, None));
    }

    #[test]
    fn what_differs_between_paths_is_not_there_where_they_meet() {
        let mut map: Trailed<u32, char> = Trailed::default();
        map.set(1, Some('a'));
        map.set(2, Some('a'));
        let one = Changes::from([(1, Some('b')), (2, None), (3, Some('c'))]);
        let other = Changes::from([(1, Some('b')), (3, Some('d'))]);
        assert_eq!(map.common(&[&one, &other]), Changes::from([(1, Some('b')), (2, None)]));
    }
}

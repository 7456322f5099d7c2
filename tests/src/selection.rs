//! Which of many generated designs a run of the tests takes.

use std::ffi::OsStr;
use std::ops::Range;

/// The part of the generated designs that one run takes. A test's main function makes it once, from the environment
/// variable `PYHW_TEST_SET` that `./test` sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// A handful, for one's own loop: `fast`.
    Fast,
    /// One part of them, another one for each number: `shard:NUMBER`, or the variable is not set.
    Shard(u64),
    /// Everything: `all`.
    All,
    /// On demand, beyond what any other run takes: the generated designs, or mutated texts, of these seeds and nothing else:
    /// `seeds:FIRST..END`.
    Seeds(Range<u64>),
}

impl Selection {
    /// Reads the variable's value. What is not known counts as not set, and seeds that cannot be read are none.
    pub fn read(value: Option<&OsStr>) -> Self {
        match value.and_then(OsStr::to_str) {
            Some("fast") => Self::Fast,
            Some("all") => Self::All,
            Some(text) => match text.strip_prefix("seeds:") {
                Some(seeds) => Self::Seeds(range(seeds).unwrap_or(0..0)),
                None => Self::Shard(text.strip_prefix("shard:").and_then(|n| n.parse().ok()).unwrap_or(0)),
            },
            None => Self::Shard(0),
        }
    }

    /// Whether design number `index` is taken where the designs are dealt out to `shards` runs. `Fast` takes the
    /// first ten.
    pub fn takes(&self, index: u64, shards: u64) -> bool {
        match self {
            Self::Fast => index < 10,
            Self::Shard(number) => index % shards.max(1) == number % shards.max(1),
            Self::All => true,
            Self::Seeds(seeds) => seeds.contains(&index),
        }
    }
}

/// `FIRST..END`, the end not included.
fn range(text: &str) -> Option<Range<u64>> {
    let (first, end) = text.split_once("..")?;
    Some(first.parse().ok()?..end.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_every_design_once() {
        for index in 0..40 {
            assert_eq!((7..11).filter(|&n| Selection::Shard(n).takes(index, 4)).count(), 1);
            assert!(Selection::All.takes(index, 4));
        }
        assert_eq!((0..40).filter(|&index| Selection::Fast.takes(index, 4)).count(), 10);
    }

    #[test]
    fn the_variable_is_read() {
        let read = |text: &str| Selection::read(Some(OsStr::new(text)));
        assert_eq!(
            (read("fast"), read("all"), read("shard:12")),
            (Selection::Fast, Selection::All, Selection::Shard(12))
        );
        assert_eq!(read("seeds:5000..5300"), Selection::Seeds(5000..5300));
        assert_eq!(read("seeds:5000"), Selection::Seeds(0..0));
        assert_eq!((read("nonsense"), Selection::read(None)), (Selection::Shard(0), Selection::Shard(0)));
    }
}

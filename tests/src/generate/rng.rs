//! Random numbers that are the same on every machine.

use pyhw_ir::{Int, Range};

/// SplitMix64 (Steele, Lea, Flood 2014): a counter whose values are mixed.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// The sequence of a seed. Neighbouring seeds give unrelated sequences.
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    /// The next number.
    #[expect(clippy::should_implement_trait, reason = "numbers are drawn, not gone through")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A sequence of its own, so that what uses it does not shift what comes later here.
    pub fn fork(&mut self) -> Rng {
        Rng(self.next())
    }

    /// A number below `bound`, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        // The bias is below 2^-32 for every bound that occurs.
        ((u128::from(self.next()) * bound.max(1) as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True once in `count` times.
    pub fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// True in so many of 100 cases.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// An element of a list that has one.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// The place of a weight, each as often as its weight says; 0 if all weights are.
    pub fn weighted(&mut self, weights: impl IntoIterator<Item = u32> + Clone) -> usize {
        let total: u64 = weights.clone().into_iter().map(u64::from).sum();
        let mut left = self.below(total as usize) as u64;
        for (index, weight) in weights.into_iter().enumerate() {
            if left < u64::from(weight) {
                return index;
            }
            left -= u64::from(weight);
        }
        0
    }

    /// So many random bits, as a number that is not negative.
    pub fn bits(&mut self, width: u32) -> Int {
        let limbs: Vec<u32> = (0..width.div_ceil(32)).map(|_| self.next() as u32).collect();
        Int::from_limbs_32(&limbs).low_bits(width)
    }

    /// A member of a bounded interval; ends, zero and powers of two come often.
    pub fn member(&mut self, range: &Range) -> Int {
        let (min, max) = range.bounds().expect("invariant: intervals of hardware are bounded");
        let width = range.width_bits().unwrap_or(1);
        let special = match self.below(12) {
            0 => Some(min.clone()),
            1 | 2 => Some(max.clone()),
            3 => Some(Int::ZERO),
            4 => Some(Int::MINUS_ONE),
            5 => Some(Int::power_of_two(self.below(width as usize) as u32)),
            6 => Some(Int::from(self.below(4))),
            _ => None,
        };
        match special.filter(|value| range.contains(value)) {
            Some(value) => value,
            None => {
                let size = max.sub(min).add(&Int::ONE);
                let offset = self.bits(width + 32).floor_mod(&size);
                offset.expect("invariant: an interval has a size").add(min)
            }
        }
    }

    /// A width in bits: mostly small, sometimes at the limits of machine words, at most `most`.
    pub fn width(&mut self, most: u32) -> u32 {
        let width = match self.below(10) {
            0..=5 => self.between(1, 9),
            6 | 7 => self.between(8, 34),
            8 => *self.pick(&[15, 16, 17, 31, 32, 33, 63, 64, 65, 128]),
            _ => self.between(35, 130),
        };
        (width as u32).min(most).max(1)
    }

    /// A bounded interval of at most `most` bits: unsigned, signed, or with any ends.
    pub fn range(&mut self, most: u32) -> Range {
        let width = self.width(most);
        match self.below(40) {
            0..=17 => Range::unsigned(width),
            18..=29 => Range::signed(width),
            30 | 31 => Range::new(0i64, self.below(1000).min((1 << width.min(20)) - 1)),
            32 => Range::exactly(self.bits(width.min(6))),
            _ => {
                let outer = Range::signed(width);
                let (a, b) = (self.member(&outer), self.member(&outer));
                match a.cmp(&b) {
                    std::cmp::Ordering::Less => Range::new(a, b),
                    std::cmp::Ordering::Equal => Range::unsigned(width),
                    std::cmp::Ordering::Greater => Range::new(b, a),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_that_of_the_publication() {
        // The values for seed 1234567 that implementations of SplitMix64 are checked with.
        let mut rng = Rng::new(1_234_567);
        assert_eq!(rng.next(), 6_457_827_717_110_365_317);
        assert_eq!(rng.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn members_belong_to_their_intervals() {
        let mut rng = Rng::new(1);
        for _ in 0..2000 {
            let range = rng.range(130);
            assert!(range.width_bits().is_some_and(|width| width <= 130), "{range}");
            let value = rng.member(&range);
            assert!(range.contains(&value), "{value} is not in {range}");
        }
    }

    #[test]
    fn weights_are_kept() {
        let mut rng = Rng::new(7);
        let mut counts = [0; 3];
        for _ in 0..4000 {
            counts[rng.weighted([1, 0, 3])] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((800..1200).contains(&counts[0]), "{counts:?}");
    }
}

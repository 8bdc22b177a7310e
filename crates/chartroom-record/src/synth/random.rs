//! A small generator of numbers: SplitMix64. The same seed gives the same chart on every machine and in every version of the
//! standard library. It keeps nothing secret.

use std::fmt::Write as _;

use crate::primitive::Uuid;

/// A stream of numbers from a seed.
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the bound; 0 where the bound is.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        usize::try_from(self.next().checked_rem(bound).unwrap_or(0)).unwrap_or(0)
    }

    /// A number from one to another, both included.
    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// Whether something happens that happens once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several. The choice must not be empty.
    pub(super) fn one_of<'a, T>(&mut self, choice: &'a [T]) -> Option<&'a T> {
        choice.get(self.below(choice.len()))
    }

    /// One of several texts.
    pub(super) fn word(&mut self, choice: &[&'static str]) -> &'static str {
        self.one_of(choice).copied().unwrap_or_default()
    }

    /// A `urn:uuid:` with the marks of a random one (RFC 9562, section 5.4).
    pub(super) fn uuid(&mut self) -> Uuid {
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
        let hex = format!("{bits:032x}");
        let mut text = String::from("urn:uuid:");
        for (index, digit) in hex.chars().enumerate() {
            if matches!(index, 8 | 12 | 16 | 20) {
                text.push('-');
            }
            text.push(digit);
        }
        Uuid::from_parsed(text.into())
    }

    /// So many digits.
    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).fold(String::new(), |mut text, _| {
            // Writing into a String cannot fail.
            let _ = write!(text, "{}", self.below(10));
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        let mut random = Random::from_seed(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn a_uuid_has_its_form() {
        let mut random = Random::from_seed(7);
        for _ in 0..100 {
            let uuid = random.uuid();
            assert!(uuid.as_str().parse::<Uuid>().is_ok());
            assert_eq!(uuid.as_bytes()[23], b'4');
        }
        assert_eq!(random.below(0), 0);
    }
}

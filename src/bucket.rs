//! Which bucket a visitor falls into: GrowthBook's hashing, versions 1 and 2.
//!
//! FNV-1a, 32 bits, fed with UTF-16 code units instead of bytes, as the reference JavaScript SDK does; a
//! visitor therefore lands in the same arm in every SDK that hashes the same way. Source: GrowthBook's
//! "Build your own SDK" specification; FNV-1a: draft-eastlake-fnv.

use crate::binary::binary;
use crate::value::number;

/// How a seed and a value become a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashVersion {
    /// One round over value and seed, a thousand buckets. Biased; for experiments that already run.
    One,
    /// Two rounds over seed and value, ten thousand buckets.
    Two,
}

/// A running FNV-1a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hash(u32);

impl Default for Hash {
    fn default() -> Self {
        Self(0x811c_9dc5)
    }
}

impl Hash {
    /// The hash after more code units.
    #[must_use]
    pub fn feed(self, units: &[u16]) -> Self {
        units.iter().fold(self, |hash, unit| hash.feed_unit(*unit))
    }

    /// The hash as a number.
    #[must_use]
    pub fn value(self) -> u32 {
        self.0
    }

    /// The bucket of version 2, after its first round.
    fn second_round(self) -> f64 {
        Self::default().feed_decimal(self.0).reduce::<10_000>()
    }

    /// The hash after a whole number in decimal. Most hashes have nine digits or ten, which are not asked one by one whether they count.
    fn feed_decimal(self, number: u32) -> Self {
        if number < 100_000_000 {
            return self.feed_short(number);
        }
        let tenth = number::tenth_digit(number);
        let fed = self.feed_unit(tenth);
        let start = if tenth == u16::from(b'0') { self } else { fed };
        number::last_nine_digits(number).fold(start, Self::feed_unit)
    }

    #[inline(never)]
    fn feed_short(self, number: u32) -> Self {
        let mut hash = self;
        number::for_each_digit(number, |digit| hash = hash.feed_unit(digit));
        hash
    }

    fn feed_unit(self, unit: u16) -> Self {
        Self((self.0 ^ u32::from(unit)).wrapping_mul(0x0100_0193))
    }

    fn reduce<const BUCKETS: u32>(self) -> f64 {
        f64::from(self.0.checked_rem(BUCKETS).unwrap_or(0)) / f64::from(BUCKETS)
    }
}

/// A seed, hashed as far as it can be before the visitor is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seed {
    /// Version 1 hashes the visitor first.
    One(Vec<u16>),
    /// Version 2 hashes the seed first.
    Two(Hash),
}

impl Seed {
    /// Prepares a seed.
    #[must_use]
    pub fn new(seed: &str, version: HashVersion) -> Self {
        let units: Vec<u16> = seed.encode_utf16().collect();
        match version {
            HashVersion::One => Self::One(units),
            HashVersion::Two => Self::Two(Hash::default().feed(&units)),
        }
    }

    /// The bucket of a visitor: from 0 up to, not including, 1, in steps of a thousandth (version 1) or
    /// a ten-thousandth (version 2).
    #[must_use]
    pub fn bucket(&self, value: &[u16]) -> f64 {
        match self {
            Self::One(seed) => Hash::default().feed(value).feed(seed).reduce::<1000>(),
            Self::Two(seeded) => seeded.feed(value).second_round(),
        }
    }
}

/// As many buckets are worked out side by side. A round of FNV-1a waits for the one before it, so processors do those of four seeds in the
/// time of one, and where it is known which arm a bucket lies in before it is asked for, they need not guess.
pub const ABREAST: usize = 4;

/// The buckets of a visitor by some seeds of version 2.
#[must_use]
pub fn abreast(seeds: [Hash; ABREAST], value: &[u16]) -> [f64; ABREAST] {
    let seeded = value.iter().fold(seeds, |hashes, unit| hashes.map(|hash| hash.feed_unit(*unit)));
    seeded.map(Hash::second_round)
}

/// A half-open share of the buckets: `start` belongs to it, `end` does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// First bucket inside.
    pub start: f64,
    /// First bucket behind.
    pub end: f64,
}

impl Range {
    /// Whether a bucket lies inside.
    #[must_use]
    pub fn contains(self, bucket: f64) -> bool {
        bucket >= self.start && bucket < self.end
    }
}

/// A share of visitors that experiments divide among themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Namespace {
    seed: Seed,
    range: Range,
}

impl Namespace {
    /// The part of namespace `name` that `range` covers.
    #[must_use]
    pub fn new(name: &str, range: Range) -> Self {
        Self { seed: Seed::new(&format!("__{name}"), HashVersion::One), range }
    }

    /// Whether a visitor belongs to this part.
    #[must_use]
    pub fn contains(&self, value: &[u16]) -> bool {
        self.range.contains(self.seed.bucket(value))
    }
}

binary!(struct Hash { 0 });
binary!(struct Range { start, end });
binary!(struct Namespace { seed, range });
binary!(enum Seed else Self::One(Vec::new());
    1 = One(seed),
    2 = Two(hash),
);

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(seed: &str, value: &str, version: HashVersion) -> f64 {
        Seed::new(seed, version).bucket(&value.encode_utf16().collect::<Vec<_>>())
    }

    /// The vectors that GrowthBook publishes for SDK authors (sdk-test-cases, `hash`).
    #[test]
    fn published_vectors() {
        for (seed, value, version, expected) in [
            ("", "a", HashVersion::One, 0.22),
            ("", "b", HashVersion::One, 0.077),
            ("b", "a", HashVersion::One, 0.946),
            ("", "def", HashVersion::One, 0.652),
            ("", "8952klfjas09ujkasdf", HashVersion::One, 0.549),
            ("", "123", HashVersion::One, 0.011),
            ("seed", "a", HashVersion::Two, 0.0505),
            ("seed", "b", HashVersion::Two, 0.2696),
            ("foo", "ab", HashVersion::Two, 0.2575),
            ("foo", "def", HashVersion::Two, 0.2019),
            ("89123klj", "8952klfjas09ujkasdf", HashVersion::Two, 0.124),
            ("90850943850283058242805", "123", HashVersion::Two, 0.7516),
        ] {
            assert_eq!(bucket(seed, value, version), expected, "{seed:?} {value:?}");
        }
    }

    #[test]
    fn side_by_side_they_are_the_same() {
        let seeds = ["seed", "foo", "89123klj", ""];
        let hashes = seeds.map(|seed| match Seed::new(seed, HashVersion::Two) {
            Seed::Two(hash) => hash,
            Seed::One(_) => unreachable!(),
        });
        for value in ["", "a", "8952klfjas09ujkasdf", "b\u{105}"] {
            let units: Vec<u16> = value.encode_utf16().collect();
            assert_eq!(abreast(hashes, &units), seeds.map(|seed| bucket(seed, value, HashVersion::Two)), "{value}");
        }
    }

    #[test]
    fn short_hashes_and_long_ones_are_fed_digit_by_digit() {
        for number in [0, 7, 99_999_999, 100_000_000, 999_999_999, 1_000_000_000, 2_345_678_901, u32::MAX] {
            let digits: Vec<u16> = number.to_string().encode_utf16().collect();
            assert_eq!(Hash::default().feed_decimal(number), Hash::default().feed(&digits), "{number}");
        }
    }

    #[test]
    fn units_are_hashed_whole() {
        // (0x811c9dc5 ^ 0x105) × 0x01000193 mod 2³², with big integers elsewhere. By bytes it would be another.
        assert_eq!(Hash::default().feed(&[0x105]).0, 0x000a_c240);
    }
}

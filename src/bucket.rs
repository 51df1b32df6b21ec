//! Which bucket a visitor falls into: GrowthBook's hashing, versions 1 and 2.
//!
//! FNV-1a, 32 bits, fed with UTF-16 code units instead of bytes, as the reference JavaScript SDK does; a
//! visitor therefore lands in the same arm in every SDK that hashes the same way. Source: GrowthBook's
//! "Build your own SDK" specification; FNV-1a: draft-eastlake-fnv.

use crate::binary::{Binary, Reader, binary};
use crate::value::number;

/// How a seed and a value become a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashVersion {
    /// One round over value and seed, a thousand buckets. Biased; for experiments that already run.
    One,
    /// Two rounds over seed and value, ten thousand buckets.
    Two,
}

/// Where a visitor falls, in ten-thousandths: from 0 up to, not including, 10,000. Version 1 knows every tenth of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bucket(u16);

/// How many buckets there are.
const BUCKETS: u16 = 10_000;

/// How far those of version 1 lie apart.
const STEP_OF_ONE: u16 = 10;

impl Bucket {
    /// The bucket of a number that some bucket had.
    pub(crate) fn numbered(number: u16) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }

    /// The share of the buckets before it, as GrowthBook's hash gives it: from 0 up to, not including, 1.
    #[must_use]
    pub fn share(self) -> f64 {
        f64::from(self.0) / f64::from(BUCKETS)
    }

    /// The first bucket that has a share of them or more before it; behind the last when there is none.
    #[inline(never)] // it is asked while bundles are loaded
    fn first_at(share: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "Rust keeps to the range of the type"
        )]
        let near = (share * f64::from(BUCKETS)) as u16;
        let mut first = Self(near.min(BUCKETS));
        // Rounded, the product can be one too low, but never too high; the quotient is what buckets are compared by.
        while first.0 < BUCKETS && first.share() < share {
            first.0 = first.0.saturating_add(1);
        }
        first
    }
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
    fn second_round(self) -> Bucket {
        Bucket(Self::default().feed_decimal(self.0).modulo::<BUCKETS>())
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

    fn modulo<const COUNT: u16>(self) -> u16 {
        self.0.checked_rem(COUNT.into()).and_then(|rest| u16::try_from(rest).ok()).unwrap_or(0)
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

    /// The bucket of a visitor.
    #[must_use]
    pub fn bucket(&self, value: &[u16]) -> Bucket {
        match self {
            Self::One(seed) => Bucket(
                Hash::default()
                    .feed(value)
                    .feed(seed)
                    .modulo::<{ BUCKETS / STEP_OF_ONE }>()
                    .saturating_mul(STEP_OF_ONE),
            ),
            Self::Two(seeded) => seeded.feed(value).second_round(),
        }
    }
}

/// As many buckets are worked out side by side. A round of FNV-1a waits for the one before it, so processors do those of four seeds in the
/// time of one, and where it is known which arm a bucket lies in before it is asked for, they need not guess.
pub const ABREAST: usize = 4;

/// The buckets of a visitor by some seeds of version 2.
#[must_use]
pub fn abreast(seeds: [Hash; ABREAST], value: &[u16]) -> [Bucket; ABREAST] {
    let seeded = value.iter().fold(seeds, |hashes, unit| hashes.map(|hash| hash.feed_unit(*unit)));
    seeded.map(Hash::second_round)
}

/// Buckets that follow each other. In files, the shares before its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First bucket inside.
    start: Bucket,
    /// First bucket behind.
    end: Bucket,
}

impl Range {
    /// The buckets with a share before them that lies between two: `start` belongs to it, `end` does not.
    #[must_use]
    pub fn new(start: f64, end: f64) -> Self {
        Self { start: Bucket::first_at(start), end: Bucket::first_at(end) }
    }

    /// Whether a bucket lies inside.
    #[must_use]
    pub fn contains(self, bucket: Bucket) -> bool {
        bucket >= self.start && bucket < self.end
    }
}

impl Binary for Range {
    fn write(&self, out: &mut Vec<u8>) {
        self.start.share().write(out);
        self.end.share().write(out);
    }

    fn read(input: &mut Reader<'_>) -> Self {
        Self::new(Binary::read(input), Binary::read(input))
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

    /// Whether no visitor can belong to this part, because none of version 1's buckets lies in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !(0..BUCKETS).step_by(usize::from(STEP_OF_ONE)).any(|number| self.range.contains(Bucket(number)))
    }

    /// Whether a visitor belongs to this part.
    #[must_use]
    pub fn contains(&self, value: &[u16]) -> bool {
        self.range.contains(self.seed.bucket(value))
    }
}

binary!(struct Hash { 0 });
binary!(struct Namespace { seed, range });
binary!(enum Seed else Self::One(Vec::new());
    1 = One(seed),
    2 = Two(hash),
);

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(seed: &str, value: &str, version: HashVersion) -> f64 {
        Seed::new(seed, version).bucket(&value.encode_utf16().collect::<Vec<_>>()).share()
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
            assert_eq!(
                abreast(hashes, &units).map(Bucket::share),
                seeds.map(|seed| bucket(seed, value, HashVersion::Two)),
                "{value}"
            );
        }
    }

    #[test]
    fn short_hashes_and_long_ones_are_fed_digit_by_digit() {
        for number in [0, 7, 99_999_999, 100_000_000, 999_999_999, 1_000_000_000, 2_345_678_901, u32::MAX] {
            let digits: Vec<u16> = number.to_string().encode_utf16().collect();
            assert_eq!(Hash::default().feed_decimal(number), Hash::default().feed(&digits), "{number}");
        }
    }

    /// GrowthBook compares doubles, and so does this: no bucket may change its side for being a whole number.
    #[test]
    fn a_range_holds_the_buckets_that_doubles_say() {
        let thirds = (0..=300).map(|part| f64::from(part) / 300.0);
        let exact = (0..=10_000).step_by(7).map(|part| f64::from(part) / 10_000.0);
        let sums = (0..50).scan(0.0, |sum, _| {
            *sum += 0.1 * 0.2;
            Some(*sum)
        });
        let near = exact.clone().flat_map(|share| [share.next_down(), share.next_up()]);
        let odd = [-1.0, -0.0, 1e-300, 1.0, 1.5, 1e300, f64::INFINITY, f64::NEG_INFINITY];
        for edge in thirds.chain(exact).chain(sums).chain(near).chain(odd) {
            let (before, behind) = (Range::new(0.0, edge), Range::new(edge, 2.0));
            for bucket in (0..BUCKETS).map(Bucket) {
                assert_eq!(before.contains(bucket), bucket.share() < edge, "{bucket:?} < {edge}");
                assert_eq!(behind.contains(bucket), bucket.share() >= edge, "{bucket:?} >= {edge}");
            }
        }
    }

    #[test]
    fn units_are_hashed_whole() {
        // (0x811c9dc5 ^ 0x105) × 0x01000193 mod 2³², with big integers elsewhere. By bytes it would be another.
        assert_eq!(Hash::default().feed(&[0x105]).0, 0x000a_c240);
    }
}

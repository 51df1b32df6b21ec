//! Showing now and then what is not thought best, so that it can be learned whether it is.
//!
//! Each place of a list is filled by the best item with probability 1 − ε, and by any of those that could fill it
//! otherwise (ε-greedy). How likely it was that a place got its item, given those before it, is then 1 − ε + ε/n for
//! the best of n, and ε/n for another: exact without an exponential function, and never less than ε/n, so that what
//! is learned by dividing by it (inverse propensity weighting) stays bounded. The product over the places is the
//! propensity of the list as a whole.
//!
//! Drawing from a softmax (Gumbel's trick) was the alternative: its propensities come arbitrarily close to zero, and
//! rank and diversity would mean something else.

/// Decides which places are explored. The same seed gives the same list on every surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Explorer {
    rate: f64,
    state: u64,
}

impl Explorer {
    /// Explores a share `rate` of places, from 0 to 1 (other numbers count as 0), by the numbers that follow from
    /// `seed`.
    #[must_use]
    pub fn new(rate: f64, seed: u64) -> Self {
        Self { rate: if (0.0..=1.0).contains(&rate) { rate } else { 0.0 }, state: seed }
    }

    /// Which of `count` fills a place, when `best` is the best of them, and how likely it was.
    pub fn choose(&mut self, best: usize, count: usize) -> (usize, f64) {
        // Two numbers a place, whether needed or not: what one place does then changes no other's numbers.
        let (coin, draw) = (self.next(), self.next());
        let count = u32::try_from(count).unwrap_or(u32::MAX).max(1);
        let chosen = if unit(coin) < self.rate { below(draw, count) } else { best };
        let any = self.rate / f64::from(count);
        (chosen, if chosen == best { 1.0 - self.rate + any } else { any })
    }

    /// The next number of SplitMix64 (Steele, Lea and Flood, 2014).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// A number from 0 up to, not including, 1.
fn unit(random: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let whole = (random >> 11) as f64;
    whole / 9_007_199_254_740_992.0
}

/// A whole number below `count`; no two differ in likelihood by more than a 2³²nd.
fn below(random: u64, count: u32) -> usize {
    usize::try_from((random >> 32).wrapping_mul(u64::from(count)) >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of seed 1234567, as published with the algorithm's reference implementation in C.
    #[test]
    fn published_vectors() {
        let mut explorer = Explorer::new(0.0, 1_234_567);
        let numbers = [(); 5].map(|()| explorer.next());
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }

    #[test]
    fn propensities() {
        let mut explorer = Explorer::new(0.5, 1);
        let mut seen = [0.0; 4];
        for _ in 0..100 {
            let (chosen, propensity) = explorer.choose(2, 4);
            seen[chosen] = propensity;
        }
        // 1 − 1/2 + 1/8 for the best, 1/8 for the others.
        assert_eq!(seen, [0.125, 0.125, 0.625, 0.125]);
    }

    #[test]
    fn without_exploring() {
        for rate in [0.0, -1.0, 1.5, f64::NAN] {
            let mut explorer = Explorer::new(rate, 99);
            assert!((0..100).all(|_| explorer.choose(3, 7) == (3, 1.0)), "{rate}");
        }
        assert_eq!(Explorer::new(1.0, 5).choose(0, 1), (0, 1.0));
    }
}

//! Sums that fade with time.
//!
//! A sum of weights, each of which halves every half-life, is kept as the binary logarithm of what it would be worth at a fixed
//! instant, so nothing has to be done while time passes, the order of events does not matter, and two sums are added
//! without knowing when either was last looked at. Source: forward decay (Cormode, Shkapenyuk, Srivastava and Xu, ICDE 2009).

use super::float;
use crate::binary::{Binary, Reader, write_low_bytes};

/// The instant that all sums refer to: 2020-01-01T00:00:00Z, in milliseconds since 1970. Of what happened 64 half-lives before it nothing is kept.
pub const REFERENCE: f64 = 1_577_836_800_000.0;

/// How long a weight takes to halve, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfLife(f64);

impl HalfLife {
    /// A half-life of so many days.
    #[must_use]
    pub const fn days(days: f64) -> Self {
        Self(days * 86_400_000.0)
    }

    /// How long it takes until a sum is worth so many times less, in milliseconds.
    #[must_use]
    pub fn fading_time(self, times: f64) -> f64 {
        log2(times) * self.0
    }

    /// How many half-lives lie between the reference and an instant.
    fn elapsed(self, time: u64) -> f64 {
        (float(time) - REFERENCE) / self.0
    }
}

/// A sum of positive weights that fades.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Faded(f64);

impl Default for Faded {
    fn default() -> Self {
        Self::NOTHING
    }
}

impl Faded {
    /// An empty sum.
    pub const NOTHING: Self = Self(f64::NEG_INFINITY);

    /// One weight, of an event at some time.
    #[must_use]
    pub fn of(weight: f64, time: u64, half_life: HalfLife) -> Self {
        if weight > 0.0 { Self(log2(weight) + half_life.elapsed(time)) } else { Self::NOTHING }
    }

    /// What the sum is worth at some time.
    #[must_use]
    pub fn at(self, time: u64, half_life: HalfLife) -> f64 {
        exp2(self.0 - half_life.elapsed(time))
    }

    /// Both sums together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let (less, more) = if self.0 < other.0 { (self.0, other.0) } else { (other.0, self.0) };
        if less == f64::NEG_INFINITY { Self(more) } else { Self(more + log2(1.0 + exp2(less - more))) }
    }

    /// What is left without a part of it.
    #[must_use]
    pub fn minus(self, part: Self) -> Self {
        let left = 1.0 - exp2(part.0 - self.0);
        // What rounding leaves of a sum that was taken away whole.
        if left > 1e-6 { Self(self.0 + log2(left)) } else { Self::NOTHING }
    }

    /// The sum as if all its events had happened so many milliseconds earlier.
    #[must_use]
    pub fn earlier(self, milliseconds: u64, half_life: HalfLife) -> Self {
        Self(self.0 - float(milliseconds) / half_life.0)
    }

    /// The sum as it is read once it has been written.
    #[must_use]
    pub fn rounded(self) -> Self {
        Self::of_steps(self.steps())
    }

    /// Finely enough for a hundred-thousandth of the sum; 0 for nothing.
    fn steps(self) -> u32 {
        let steps = (self.0 - LEAST) * STEPS + 0.5;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped by the conversion")]
        let steps = steps as u32;
        steps
    }

    fn of_steps(steps: u32) -> Self {
        if steps == 0 { Self::NOTHING } else { Self(f64::from(steps) / STEPS + LEAST) }
    }

    /// The logarithm, for comparing.
    #[must_use]
    pub fn logarithm(self) -> f64 {
        self.0
    }
}

/// 2ˣ and its inverse, by way of e: the functions of their own have tables, which are a fifth of the module.
fn exp2(exponent: f64) -> f64 {
    libm::exp(exponent * std::f64::consts::LN_2)
}

fn log2(number: f64) -> f64 {
    libm::log(number) * std::f64::consts::LOG2_E
}

/// How finely logarithms are kept: a step is a hundred-thousandth of the sum.
const STEPS: f64 = 65_536.0;
/// Sums down to 2⁻⁶⁴ at the reference are kept.
const LEAST: f64 = -64.0;

impl Binary for Faded {
    fn write(&self, out: &mut Vec<u8>) {
        write_low_bytes(self.steps(), 4, out);
    }

    fn read(input: &mut Reader<'_>) -> Self {
        Self::of_steps(u32::from_le_bytes([(); 4].map(|()| u8::read(input))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400_000;
    const WEEK: HalfLife = HalfLife::days(7.0);
    /// 2026-01-01.
    const START: u64 = 1_767_225_600_000;

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() <= 1e-9 * right.abs().max(1.0), "{left} is not {right}");
    }

    #[test]
    fn a_weight_halves_every_half_life() {
        let sum = Faded::of(8.0, START, WEEK);
        close(sum.at(START, WEEK), 8.0);
        close(sum.at(START + 7 * DAY, WEEK), 4.0);
        close(sum.at(START + 21 * DAY, WEEK), 1.0);
    }

    #[test]
    fn sums_add_up_in_any_order() {
        let [old, new] = [Faded::of(8.0, START, WEEK), Faded::of(3.0, START + 7 * DAY, WEEK)];
        close(old.plus(new).at(START + 7 * DAY, WEEK), 7.0);
        close(new.plus(old).at(START + 14 * DAY, WEEK), 3.5);
        close(new.plus(Faded::NOTHING).at(START + 7 * DAY, WEEK), 3.0);
        close(Faded::NOTHING.plus(Faded::NOTHING).at(START, WEEK), 0.0);
    }

    #[test]
    fn a_part_can_be_taken_away() {
        let [old, new] = [Faded::of(8.0, START, WEEK), Faded::of(3.0, START + 7 * DAY, WEEK)];
        close(old.plus(new).minus(old).at(START + 7 * DAY, WEEK), 3.0);
        assert_eq!(old.minus(old), Faded::NOTHING);
        assert_eq!(Faded::NOTHING.minus(old), Faded::NOTHING);
        assert_eq!(old.minus(Faded::NOTHING), old);
    }

    #[test]
    fn a_written_sum_is_off_by_a_hundred_thousandth_at_most() {
        for weight in [0.001, 1.0, 3.0, 1e9] {
            let sum = Faded::of(weight, START, WEEK);
            let mut bytes = Vec::new();
            sum.write(&mut bytes);
            let read = Faded::read(&mut Reader::new(&bytes));
            assert!((read.at(START, WEEK) / weight - 1.0).abs() < 1e-5, "{weight}");
        }
        let mut bytes = Vec::new();
        Faded::NOTHING.write(&mut bytes);
        assert_eq!(Faded::read(&mut Reader::new(&bytes)), Faded::NOTHING);
    }
}

//! Which cluster of visitors a profile belongs to: that of the nearest centre.

use super::{Answer, Feature, Profile};

/// What is told of a feature: its number (see [`Feature::code`]); 1 when the logarithm of one more than it counts, or else 0; its mean; its
/// standard deviation.
const OF_FEATURE: usize = 4;

impl Profile {
    /// The number of the nearest centre, and until when time alone does not change it. Nothing where a feature is missing.
    ///
    /// `numbers` are how many features there are, four for each of them, and then the centres, each with as many as there are features.
    #[must_use]
    pub fn nearest(&self, numbers: &[f64], now: f64) -> (Option<u32>, f64) {
        let mut until = f64::INFINITY;
        let counted = numbers.split_first().filter(|(count, _)| **count >= 1.0);
        let Some((count, mut numbers)) = counted else { return (None, until) };
        let mut point = Vec::new();
        while f64::from(u32::try_from(point.len()).unwrap_or(u32::MAX)) < *count {
            let Some((&[code, log, mean, deviation], rest)) = numbers.split_first_chunk::<OF_FEATURE>() else {
                return (None, until);
            };
            numbers = rest;
            let Some(feature) = Feature::coded(code) else { return (None, until) };
            let (number, holds_until) = self.number(feature, now);
            until = until.min(holds_until);
            let Some(number) = number else { return (None, until) };
            let number = if log == 0.0 { number } else { logarithm(number) };
            point.push((number - mean) / deviation);
        }
        let mut nearest = (f64::INFINITY, None);
        for (number, center) in (0..).zip(numbers.chunks_exact(point.len())) {
            let distance = point.iter().zip(center).map(|(one, other)| (one - other) * (one - other)).sum();
            if distance < nearest.0 {
                nearest = (distance, Some(number));
            }
        }
        (nearest.1, until)
    }

    /// A feature as a number: yes is 1, and the levels of engagement are 0, 1 and 2.
    #[must_use]
    pub fn number(&self, feature: Feature, now: f64) -> (Option<f64>, f64) {
        let (answer, until) = self.feature(feature, now);
        let number = match answer {
            Answer::Number(number) => Some(number),
            Answer::Bool(is) => Some(u8::from(is).into()),
            Answer::Word(_) => Some((self.engagement(now).0 as u8).into()),
            Answer::Missing | Answer::Texts(_) | Answer::Events(_) => None,
        };
        (number, until)
    }
}

/// The logarithm of one more than a number, with the same bits everywhere; 0 for what is negative.
#[must_use]
pub fn logarithm(number: f64) -> f64 {
    libm::log(1.0 + number.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Event;

    const DAY: f64 = 86_400_000.0;
    /// 2026-11-02T12:00:00Z.
    const NOON: f64 = 1_793_620_800_000.0;

    /// Somebody who bought for 30 and for 50, the last time three days ago.
    fn customer() -> Profile {
        let mut profile = Profile::new(1);
        for (value, ago) in [(30.0, 10.0), (50.0, 3.0)] {
            let time = NOON - ago * DAY;
            profile.apply(&Event { name: "purchase".to_owned(), value: Some(value), time, ..Event::default() }, time);
        }
        profile
    }

    /// The number of a feature, as a file has it.
    fn code(path: &str) -> f64 {
        Feature::named(path).unwrap().code()
    }

    #[test]
    fn the_nearest_centre_is_found_in_standard_deviations() {
        // Recency (3 − 5) / 2 = −1 and frequency (2 − 1) / 0.5 = 2.
        let [recency, frequency] = ["rfm.recency", "rfm.frequency"].map(code);
        let nearest = |centers: [f64; 4]| {
            let features = [2.0, recency, 0.0, 5.0, 2.0, frequency, 0.0, 1.0, 0.5];
            customer().nearest(&[features.as_slice(), &centers].concat(), NOON)
        };
        // Two away from the first centre, and one from the second.
        assert_eq!(nearest([-1.0, 0.0, -2.0, 2.0]), (Some(1), NOON + DAY));
        // Of two that are as near, the first.
        assert_eq!(nearest([-1.0, 3.0, -1.0, 1.0]).0, Some(0));
    }

    #[test]
    fn logarithms_are_taken_where_they_are_asked_for() {
        // ln 81 = 4.394 is nearer to 4.5 than to 80, and 80 is the other way round.
        for (log, expected) in [(1.0, 0), (0.0, 1)] {
            let numbers = [1.0, code("rfm.monetary"), log, 0.0, 1.0, 4.5, 80.0];
            assert_eq!(customer().nearest(&numbers, NOON), (Some(expected), f64::INFINITY));
        }
    }

    #[test]
    fn nothing_is_near_what_is_not_known() {
        let nearest = |numbers: &[f64]| Profile::new(1).nearest(numbers, NOON).0;
        assert_eq!(nearest(&[1.0, code("sessions"), 0.0, 0.0, 1.0, 0.0]), Some(0));
        assert_eq!(nearest(&[1.0, code("rfm.recency"), 0.0, 0.0, 1.0, 0.0]), None);
        assert_eq!(nearest(&[1.0, code("items"), 0.0, 0.0, 1.0, 0.0]), None);
        for code in [-1.0, 0.5, 99.0, f64::NAN, f64::INFINITY] {
            assert_eq!(nearest(&[1.0, code, 0.0, 0.0, 1.0, 0.0]), None, "{code}");
        }
        for damaged in [&[][..], &[0.0, 0.0], &[f64::NAN, 0.0], &[2.0, 1.0, 0.0, 0.0, 1.0, 0.0], &[1e300]] {
            assert_eq!(nearest(damaged), None, "{damaged:?}");
        }
        assert_eq!(nearest(&[1.0, code("sessions"), 0.0, 0.0, 0.0, 0.0]), None);
        assert_eq!(nearest(&[1.0, code("sessions"), 0.0, 0.0, 1.0, f64::INFINITY]), None);
    }

    #[test]
    fn words_and_truths_are_numbers() {
        let number = |path| customer().number(Feature::named(path).unwrap(), NOON).0;
        assert_eq!(number("isNew"), Some(0.0));
        assert_eq!(number("sessions"), Some(2.0));
        // Two purchases are five each, of which half is left after a week: 5 × (2^(−10/7) + 2^(−3/7)) = 5.6.
        assert_eq!(number("engagement"), Some(1.0));
        assert_eq!(number("leftCart"), Some(0.0));
        assert_eq!(number("categories"), None);
    }
}

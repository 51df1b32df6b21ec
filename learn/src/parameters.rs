//! What models are learned with, and a search for what is best.

use crate::models::{content, ease, factors, neighbours};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// What each model is learned with; a file of them is JSON, and what it leaves out is as usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Parameters {
    /// Neighbours by cosines.
    pub knn: neighbours::Parameters,
    /// Neighbours by regression.
    pub ease: ease::Parameters,
    /// Factors.
    pub als: factors::Parameters,
    /// Content.
    pub content: content::Parameters,
}

/// Draws parameters at random: most of them evenly on a scale of powers.
pub trait Draw: Sized {
    /// One draw.
    fn draw(random: &mut impl Rng) -> Self;
}

impl Draw for neighbours::Parameters {
    fn draw(random: &mut impl Rng) -> Self {
        use neighbours::Weighting::{Bm25, None};
        Self {
            neighbours: whole(random, 20.0, 800.0),
            shrinkage: power(random, 0.1, 1000.0),
            weighting: if random.random_bool(0.75) { Bm25 } else { None },
            k1: power(random, 0.5, 200.0),
            b: random.random_range(0.0..1.0),
        }
    }
}

impl Draw for ease::Parameters {
    fn draw(random: &mut impl Rng) -> Self {
        Self { regularization: power(random, 5.0, 5000.0), ..Self::default() }
    }
}

impl Draw for factors::Parameters {
    #[expect(clippy::cast_possible_truncation, reason = "parameters of single precision")]
    fn draw(random: &mut impl Rng) -> Self {
        Self {
            factors: whole(random, 16.0, 128.0),
            iterations: whole(random, 5.0, 30.0),
            regularization: power(random, 0.01, 100.0) as f32,
            alpha: power(random, 0.1, 40.0) as f32,
        }
    }
}

fn power(random: &mut impl Rng, least: f64, most: f64) -> f64 {
    random.random_range(least.ln()..most.ln()).exp()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
fn whole(random: &mut impl Rng, least: f64, most: f64) -> usize {
    power(random, least, most).round() as usize
}

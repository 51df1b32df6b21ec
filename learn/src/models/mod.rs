//! What can be learned of items, and what each says of a visitor.
//!
//! | module | learns |
//! | --- | --- |
//! | [`popularity`] | how often items were chosen, by everybody and by segment |
//! | [`neighbours`] | which items go together: cosines of who chose them |
//! | [`ease`] | the same, by a regression of each item on all others |
//! | [`factors`] | vectors of items by which visitors' choices are explained: implicit ALS |
//! | [`content`] | vectors of items by the words that describe them |

pub mod content;
pub mod ease;
pub mod factors;
pub mod neighbours;
pub mod popularity;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a visitor did with items: numbers of items, ascending, and weights, negative for what they dislike.
pub type History = [(u32, f32)];

/// Says how well items suit visitors.
pub trait Recommender: Sync {
    /// Makes `scores`, one an item, how well items suit the visitor: the higher the better, in no unit. Nothing else is asked of a score
    /// than the order.
    fn score(&self, history: &History, scores: &mut [f32]);
}

/// Scores that mean nothing, to compare with. The same visitor gets the same ones.
#[derive(Clone, Copy, Debug)]
pub struct Random {
    /// Draws others when it changes.
    pub seed: u64,
}

impl Recommender for Random {
    fn score(&self, history: &History, scores: &mut [f32]) {
        let visitor =
            history.iter().fold(self.seed, |seed, (item, _)| (seed ^ u64::from(*item)).wrapping_mul(0x0100_0000_01b3));
        let mut random = ChaCha8Rng::seed_from_u64(visitor);
        scores.iter_mut().for_each(|score| *score = random.random());
    }
}

//! What is chosen by events that were held back: parameters, and how signals are blended.

use super::{ALS, CONTENT, EASE, KNN, Question, Study};
use crate::evaluate::{ByScore, Case, mean_ndcg};
use crate::events::Event;
use crate::failure::Failure;
use crate::fit::{Fitted, MOST_FOR_EASE};
use crate::interactions::Interactions;
use crate::models::Recommender;
use crate::models::ease::Ease;
use crate::models::factors::Factors;
use crate::models::neighbours::Neighbours;
use crate::parameters::{Draw, Parameters};
use crate::served::Blend;
use crate::stack::{self, LEAST_OF_ALL};
use crate::watch::Watch;
use indexmap::IndexMap;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use slotwise::bundle::ranking::{self as wire, Weights};
use slotwise::rank::blend::{SIGNALS, Signal};

/// What a validation decided.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What models are learned with.
    pub parameters: Parameters,
    /// Whether EASE says which items go together, and not cosines.
    pub by_ease: bool,
    /// How signals are blended.
    pub stack: wire::Stack,
    /// NDCG on the validation: of each model, and of the blend on those visitors that it was not learned from.
    pub validated: IndexMap<&'static str, f64>,
}

impl Study<'_> {
    /// Chooses parameters, and how signals are blended, by what was held back.
    ///
    /// # Errors
    /// As [`Study::answer`].
    pub fn choose(&self, train: &[Event], validation: &[Event], question: &Question) -> Result<Choice, Failure> {
        let cases = self.cases(train, validation, false)?;
        let parameters = self.search(train, &cases, question)?;
        let fitted = Fitted::new(train, self.material, &parameters, question.seed, self.watch)?;
        let mut validated = IndexMap::new();
        for (name, model) in self.models(&fitted) {
            let ranks = ByScore { recommender: model, items: self.material.items };
            validated.insert(name, mean_ndcg(&ranks, &cases, question.length));
        }
        let by_ease = validated.get(EASE) > validated.get(KNN);
        let choice = Choice { parameters, by_ease, stack: wire::Stack::default(), validated };
        self.blend(&fitted, choice, &cases, question)
    }

    /// Learns how signals are blended from half of the visitors; the other half says whether that is better than the best signal alone.
    fn blend(&self, fitted: &Fitted, choice: Choice, cases: &[Case], question: &Question) -> Result<Choice, Failure> {
        self.watch.stage("blend", 2);
        let (even, odd): (Vec<_>, Vec<_>) = cases.iter().cloned().enumerate().partition(|(place, _)| place % 2 == 0);
        let [even, odd] = [even, odd].map(|half| half.into_iter().map(|(_, case)| case).collect::<Vec<Case>>());
        let plain = self.served(&self.learned(fitted, &choice), &Blend::Weights(every_signal()))?;
        let mut choice = Choice { stack: stack::learn(&plain, &even, self.material.items, question.seed)?, ..choice };
        self.watch.step();
        let blended = mean_ndcg(&self.served(&self.learned(fitted, &choice), &Blend::Stack)?, &odd, question.length);
        let alone = self.one_signal(fitted, &choice)?;
        let alone = alone.iter().map(|(name, served)| (*name, mean_ndcg(served, &odd, question.length)));
        let best = alone.max_by(|one, other| one.1.total_cmp(&other.1));
        choice.stack = match best {
            Some((name, ndcg)) if ndcg > blended => signal_alone(name),
            _ => stack::learn(&plain, cases, self.material.items, question.seed)?,
        };
        choice.validated.insert("blend", best.map_or(blended, |(_, ndcg)| ndcg.max(blended)));
        self.watch.step();
        Ok(choice)
    }

    /// Tries parameters drawn at random, and those that were given.
    fn search(&self, train: &[Event], cases: &[Case], question: &Question) -> Result<Parameters, Failure> {
        let mut parameters = question.parameters;
        if question.search == 0 {
            return Ok(parameters);
        }
        let interactions = Interactions::new(train.iter(), self.material.visitors, self.material.items);
        let likes = interactions.liked();
        let ndcg = |recommender: &dyn Recommender| {
            mean_ndcg(&ByScore { recommender, items: self.material.items }, cases, question.length)
        };
        let mut best = Tried { random: ChaCha8Rng::seed_from_u64(question.seed), question, watch: self.watch };
        parameters.knn =
            best.of("neighbours", parameters.knn, |tried| Ok(ndcg(&Neighbours::learn(&likes, tried, &|| ()))))?;
        if self.material.items <= MOST_FOR_EASE {
            parameters.ease =
                best.of("EASE", parameters.ease, |tried| Ok(ndcg(&Ease::learn(&likes, tried, &|| ())?)))?;
        }
        parameters.als = best.of("factors", parameters.als, |tried| {
            Ok(ndcg(&Factors::learn(&interactions, tried, question.seed, &|| ())))
        })?;
        Ok(parameters)
    }
}

/// Tries parameters.
struct Tried<'q> {
    random: ChaCha8Rng,
    question: &'q Question,
    watch: &'q dyn Watch,
}

impl Tried<'_> {
    fn of<P: Draw + Copy>(
        &mut self,
        name: &str,
        given: P,
        ndcg: impl Fn(&P) -> Result<f64, Failure>,
    ) -> Result<P, Failure> {
        self.watch.stage(&format!("search: {name}"), self.question.search as u64);
        let mut best = (ndcg(&given)?, given);
        for _ in 0..self.question.search {
            let tried = P::draw(&mut self.random);
            let reached = ndcg(&tried)?;
            if reached > best.0 {
                best = (reached, tried);
            }
            self.watch.step();
        }
        Ok(best.1)
    }
}

fn every_signal() -> Weights {
    Weights { content: 1.0, factors: 1.0, neighbours: 1.0, popularity: 1.0, recency: 1.0, boost: 1.0 }
}

/// One signal alone, and what is popular for those of whom nothing is known.
fn signal_alone(name: &str) -> wire::Stack {
    let signal = match name {
        CONTENT => Signal::Content,
        ALS => Signal::Factors,
        _ => Signal::Neighbours,
    };
    let mut weights = [0.0; SIGNALS];
    weights[signal as usize] = 1.0;
    weights[Signal::Popularity as usize] = LEAST_OF_ALL;
    weights[Signal::Boost as usize] = 1.0;
    wire::Stack { weights, bias: 0.0, means: [0.0; SIGNALS], deviations: [1.0; SIGNALS] }
}

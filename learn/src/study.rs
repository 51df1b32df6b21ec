//! How good each way of ranking is, on events that it was not learned from: beside what is popular, and beside chance.

use crate::evaluate::metrics::coverage;
use crate::evaluate::ratings::rmse;
use crate::evaluate::{ByScore, Case, Estimate, Facts, METRICS, Metrics, Ranks, cases, evaluate, mean_ndcg};
use crate::events::{Event, Events};
use crate::failure::Failure;
use crate::fit::{Fitted, MOST_FOR_EASE, Material, Watch};
use crate::interactions::Interactions;
use crate::items::Items;
use crate::learned::Learned;
use crate::models::ease::Ease;
use crate::models::factors::Factors;
use crate::models::neighbours::Neighbours;
use crate::models::{Random, Recommender};
use crate::parameters::{Draw, Parameters};
use crate::served::{Blend, PastOf, Served};
use crate::split::{By, Split};
use crate::stack::{self, LEAST_OF_ALL};
use indexmap::IndexMap;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use serde_json::Value as Json;
use slotwise::bundle::ranking::{self as wire, Weights};
use slotwise::rank::blend::{SIGNALS, Signal};

/// What is to be found out.
#[derive(Clone, Debug)]
pub struct Question {
    /// How events are divided.
    pub by: By,
    /// How many places a list has.
    pub length: usize,
    /// What models are learned with, or where a search begins.
    pub parameters: Parameters,
    /// How many draws of parameters are tried for each model.
    pub search: usize,
    /// Whether values are ratings.
    pub ratings: bool,
    /// Whether visitors without a past are tested with, too.
    pub newcomers: bool,
    /// Draws what is drawn at random.
    pub seed: u64,
}

/// What was found out.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Findings {
    /// How many places a list has.
    pub length: usize,
    /// How many events were learned from, validated and tested with.
    pub events: [usize; 3],
    /// How many visitors were tested with.
    pub visitors: usize,
    /// How many items were ranked.
    pub items: usize,
    /// What models were learned with.
    pub parameters: Parameters,
    /// What a search found on the validation: NDCG of the best, by model.
    pub searched: IndexMap<&'static str, f64>,
    /// One for each way of ranking.
    pub rows: Vec<Row>,
    /// Of each model, what serving it keeps of the NDCG that it has in single precision.
    pub kept: IndexMap<&'static str, f64>,
    /// The RMSE of predicted ratings, where values are ratings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rmse: Option<IndexMap<&'static str, f64>>,
    /// How large the compiled catalog is with all of it, in bytes.
    pub bytes: usize,
}

/// How good a way of ranking is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// Whether the engine made the lists, from a compiled bundle.
    pub is_served: bool,
    /// Means over visitors, with their intervals.
    pub metrics: IndexMap<&'static str, Estimate>,
    /// Which share of the items came into any list.
    pub coverage: f64,
}

/// A log, its catalog, and what models are made of.
#[derive(Clone, Copy)]
pub struct Study<'a> {
    /// The log.
    pub events: &'a Events,
    /// The catalog.
    pub items: &'a Items,
    /// See there.
    pub material: &'a Material,
    /// Is told how it goes on.
    pub watch: &'a dyn Watch,
}

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
    /// Divides events, learns and tests.
    ///
    /// # Errors
    /// Events that cannot be divided so, or that nothing can be learned from.
    pub fn answer(&self, question: &Question) -> Result<Findings, Failure> {
        let split = Split::new(self.events, question.by, question.seed)?;
        let choice = self.choose(&split.train, &split.validation, question)?;
        let before = split.before_test();
        let fitted = Fitted::new(&before, self.material, &choice.parameters, question.seed, self.watch)?;
        let tested = self.cases(&before, &split.test, question.newcomers)?;
        let facts = Facts {
            counts: &fitted.popularity.counts,
            visitors: self.material.visitors,
            content: self.material.content.as_ref().map(|content| (content.items.as_slice(), content.dimensions)),
        };
        let learned = self.learned(&fitted, &choice);
        let blend = self.served(&learned, &Blend::Stack)?;
        let bytes = blend.bytes;
        let from_profile = blend.clone().with_past_of(PastOf::Profile);
        let random = Random { seed: question.seed };
        let by_score = |recommender| ByScore { recommender, items: self.material.items };
        let exact = self.models(&fitted);
        let mut ways: Vec<(&'static str, bool, Box<dyn Ranks + '_>)> = vec![
            ("random", false, Box::new(by_score(&random))),
            ("popularity", false, Box::new(by_score(&fitted.popularity))),
        ];
        ways.extend(
            exact.iter().map(|(name, model)| (*name, false, Box::new(by_score(*model)) as Box<dyn Ranks + '_>)),
        );
        let one_signal = self.one_signal(&fitted, &choice)?;
        ways.extend(
            one_signal.iter().map(|(name, served)| (*name, true, Box::new(served.clone()) as Box<dyn Ranks + '_>)),
        );
        ways.push(("blend", true, Box::new(blend)));
        ways.push(("blend, from the profile", true, Box::new(from_profile)));
        self.watch.stage("lists", ways.len() as u64);
        let mut rows = Vec::new();
        for (name, is_served, ranks) in &ways {
            let lists = evaluate(ranks.as_ref(), &tested, &facts, question.length);
            rows.push(Row::new(name, *is_served, &lists, self.material.items, question.seed));
            self.watch.step();
        }
        let ndcg = |name: &str, is_served: bool| {
            let row = rows.iter().find(|row| row.name == name && row.is_served == is_served)?;
            row.metrics.get("ndcg").map(|estimate| estimate.mean)
        };
        let kept = one_signal.iter().filter_map(|(name, _)| Some((*name, ndcg(name, true)? / ndcg(name, false)?)));
        Ok(Findings {
            length: question.length,
            events: [split.train.len(), split.validation.len(), split.test.len()],
            visitors: tested.len(),
            items: self.material.items,
            parameters: choice.parameters,
            searched: choice.validated,
            kept: kept.collect(),
            rmse: question.ratings.then(|| rmse(&before, &split.test, &fitted.knn)).flatten(),
            rows,
            bytes,
        })
    }

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
        parameters.knn = best.of("neighbours", parameters.knn, |tried| Ok(ndcg(&Neighbours::learn(&likes, tried))))?;
        if self.material.items <= MOST_FOR_EASE {
            parameters.ease = best.of("EASE", parameters.ease, |tried| Ok(ndcg(&Ease::learn(&likes, tried)?)))?;
        }
        parameters.als = best.of("factors", parameters.als, |tried| {
            Ok(ndcg(&Factors::learn(&interactions, tried, question.seed, &|| ())))
        })?;
        Ok(parameters)
    }

    /// What a bundle gets of what was learned.
    #[must_use]
    pub fn learned(&self, fitted: &Fitted, choice: &Choice) -> Learned {
        let by_ease = fitted.ease.as_ref().filter(|_| choice.by_ease);
        let neighbours = by_ease.map(|ease| ease.strongest(choice.parameters.ease.neighbours));
        Learned {
            popularity: Some(fitted.popularity.clone()),
            segments: Vec::new(),
            neighbours: Some(neighbours.unwrap_or_else(|| fitted.knn.clone())),
            factors: Some(fitted.als.clone()),
            content: self.material.content.clone(),
            stack: Some(choice.stack.clone()),
        }
    }

    /// Models in single precision, by name.
    fn models<'f>(&'f self, fitted: &'f Fitted) -> Vec<(&'static str, &'f dyn Recommender)> {
        let ease = fitted.ease.as_ref().map(|ease| (EASE, ease as &dyn Recommender));
        let content = self.material.content.as_ref().map(|content| (CONTENT, content as &dyn Recommender));
        [Some((KNN, &fitted.knn as &dyn Recommender)), ease, Some((ALS, &fitted.als)), content]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The same as the engine serves them, each alone.
    fn one_signal(&self, fitted: &Fitted, choice: &Choice) -> Result<Vec<(&'static str, Served)>, Failure> {
        let none = Weights { content: 0.0, factors: 0.0, neighbours: 0.0, popularity: 0.0, recency: 0.0, boost: 0.0 };
        let neighbours = if choice.by_ease { EASE } else { KNN };
        let mut ways = vec![
            (neighbours, Weights { neighbours: 1.0, ..none.clone() }),
            (ALS, Weights { factors: 1.0, ..none.clone() }),
        ];
        if self.material.content.is_some() {
            ways.push((CONTENT, Weights { content: 1.0, ..none }));
        }
        let learned = self.learned(fitted, choice);
        ways.into_iter().map(|(name, weights)| Ok((name, self.served(&learned, &Blend::Weights(weights))?))).collect()
    }

    fn served(&self, learned: &Learned, blend: &Blend) -> Result<Served, Failure> {
        let members: Vec<Json> = self.items.members.iter().cloned().map(Json::Object).collect();
        Served::new(learned, self.events, &members, blend)
    }

    pub(crate) fn cases(&self, before: &[Event], after: &[Event], newcomers: bool) -> Result<Vec<Case>, Failure> {
        let found = cases(before, after, self.material.visitors, self.material.items, newcomers);
        if found.len() < LEAST_VISITORS {
            let message = format!("only {} visitors with a past chose something new afterwards", found.len());
            let help = format!("{LEAST_VISITORS} are needed; give a longer log, or hold more of it back");
            return Err(Failure::new(message).help(help));
        }
        Ok(found)
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

impl Row {
    fn new(name: &'static str, is_served: bool, lists: &[Metrics], items: usize, seed: u64) -> Self {
        let estimate = |place: usize| Estimate::of(lists.iter().map(|metrics| metrics.values[place]), seed);
        let metrics =
            METRICS.iter().enumerate().filter_map(|(place, metric)| Some((*metric, estimate(place)?))).collect();
        Self { name, is_served, metrics, coverage: coverage(lists, items) }
    }
}

const KNN: &str = "knn";
const EASE: &str = "ease";
const ALS: &str = "als";
const CONTENT: &str = "content";

/// Fewer visitors than this say nothing of a way of ranking.
const LEAST_VISITORS: usize = 10;

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

//! How good each way of ranking is, on events that it was not learned from: beside what is popular, and beside chance.

mod choice;
mod findings;

pub use choice::Choice;
pub use findings::{Findings, Row};

use crate::evaluate::ratings::rmse;
use crate::evaluate::{ByScore, Case, Facts, Ranks, cases, evaluate};
use crate::events::{Event, Events};
use crate::failure::Failure;
use crate::fit::{Fitted, Material};
use crate::items::Items;
use crate::learned::Learned;
use crate::models::{Random, Recommender};
use crate::parameters::Parameters;
use crate::served::{Blend, PastOf, Served};
use crate::split::{By, Split};
use crate::watch::Watch;
use serde_json::Value as Json;
use slotwise::bundle::ranking::Weights;

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
            let message = format!("visitors with a past who chose something new afterwards: {}", found.len());
            let help = format!("{LEAST_VISITORS} are needed; where few come back, evaluate with --split last");
            return Err(Failure::new(message).help(help));
        }
        Ok(found)
    }
}

const KNN: &str = "knn";
const EASE: &str = "ease";
const ALS: &str = "als";
const CONTENT: &str = "content";

/// Fewer visitors than this say nothing of a way of ranking.
const LEAST_VISITORS: usize = 10;

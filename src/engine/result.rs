//! A decision by name, with its content.

use super::ranked::{Lists, ShownItem};
use super::{Cache, Engine};
use crate::bundle::content::{ASKED, REASON_END, REASONS, Variant};
use crate::bundle::manifest::{ExperimentNames, Manifest};
use crate::decide::{Assignment, Decisions, Frame, Reason, SlotDecision, Source};
use crate::rank::Catalog;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// What one visitor's slots show, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Personalization {
    /// Every slot of the bundle.
    pub slots: IndexMap<String, Shown>,
    /// What to log once it has been seen.
    pub exposures: Vec<Exposure>,
    /// Assignments to hand back at the next visit, by `<experiment>__<bucket version>`.
    pub sticky: IndexMap<String, String>,
    /// For how long and for whom this answer holds.
    pub cache: Cache,
}

/// What one slot shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown {
    /// The variant.
    pub variant: String,
    /// What decided: a code of [`Source`].
    pub source: &'static str,
    /// Why: a code of [`Reason`].
    pub reason: &'static str,
    /// The variant's content, templates rendered.
    pub content: Json,
    /// The rule that decided: its id, or its place among the slot's rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Json>,
    /// The experiment that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// The visitor's arm in that experiment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    /// In a factorial experiment: the level of each factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors: Option<IndexMap<String, String>>,
    /// Where the visitor falls, from 0 up to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<f64>,
    /// The holdout that the visitor is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holdout: Option<String>,
    /// The items that were ranked, best first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<ShownItem>>,
}

/// That a visitor saw an experiment's arm, or was held out, to be logged once it has been seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exposure {
    /// The experiment; nothing for a holdout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// The arm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    /// In a factorial experiment: the level of each factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors: Option<IndexMap<String, String>>,
    /// The attribute that identified the visitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash_attribute: Option<String>,
    /// Where the visitor falls, from 0 up to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<f64>,
    /// The holdout that the visitor is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holdout: Option<String>,
    /// The slots in which it can be seen.
    pub slots: Vec<String>,
}

impl Personalization {
    pub(super) fn new(engine: &Engine, frame: &Frame, decisions: &Decisions, lists: &Lists) -> Self {
        let manifest = &engine.manifest;
        let names = Names { manifest, catalog: engine.catalog.as_ref(), decisions, lists };
        let slots = (0..=u16::MAX).zip(manifest.slots.iter().zip(&decisions.slots));
        Self {
            slots: slots.map(|(number, (slot, decision))| (slot.name.clone(), names.shown(number, decision))).collect(),
            exposures: names.exposures(),
            sticky: names.sticky(),
            cache: Cache::new(engine, frame, decisions, lists),
        }
    }
}

struct Names<'a> {
    manifest: &'a Manifest,
    catalog: Option<&'a Catalog>,
    decisions: &'a Decisions,
    lists: &'a Lists,
}

impl Names<'_> {
    fn shown(&self, number: u16, decision: &SlotDecision) -> Shown {
        let slot = self.manifest.slots.get(usize::from(number));
        let variant = slot.and_then(|slot| slot.variants.get(usize::from(decision.variant)));
        let rule = decision.rule.get().map(|rule| match slot.and_then(|slot| slot.rules.get(usize::from(rule))) {
            Some(id) if !id.is_empty() => Json::from(id.as_str()),
            _ => Json::from(rule),
        });
        let assigned = self.assigned(decision);
        Shown {
            variant: variant.map(|(name, _)| name.clone()).unwrap_or_default(),
            source: decision.source.code(),
            reason: decision.reason.code(),
            content: match variant {
                Some((_, content)) if decision.reason != Reason::DefaultTooLarge => self.content(number, content),
                _ => json!({}),
            },
            rule,
            experiment: assigned.map(|(experiment, _)| experiment.key.clone()),
            arm: assigned.and_then(|(experiment, made)| arm(experiment, made)),
            factors: assigned.and_then(|(experiment, made)| factors(experiment, made)),
            bucket: assigned.and_then(|(_, made)| made.share()),
            holdout: self.holdout(decision),
            items: self.items(number, decision),
        }
    }

    fn items(&self, slot: u16, decision: &SlotDecision) -> Option<Vec<ShownItem>> {
        if decision.source != Source::Rank {
            return None;
        }
        let reasons = self.rendered(slot).find(|(patch, _)| *patch == REASONS).map(|(_, text)| text);
        let reasons: Vec<&str> = reasons.iter().flat_map(|text| text.split_terminator(REASON_END)).collect();
        self.lists.shown(self.manifest, self.catalog?, (slot, decision.rule.get()), &reasons)
    }

    /// The texts that were rendered for a slot, by the patches that they belong to.
    fn rendered(&self, slot: u16) -> impl Iterator<Item = (u16, String)> {
        self.decisions.rendered.iter().filter(move |rendered| rendered.slot == slot).map(|rendered| {
            let units = self.decisions.text.get(rendered.text.range(1)).unwrap_or_default();
            (rendered.patch, String::from_utf16_lossy(units))
        })
    }

    fn assigned(&self, decision: &SlotDecision) -> Option<(&ExperimentNames, &Assignment)> {
        let made = self.decisions.assignment_of(decision)?;
        Some((self.manifest.experiments.get(usize::from(made.experiment))?, made))
    }

    fn holdout(&self, decision: &SlotDecision) -> Option<String> {
        let holdout = decision.decider.get().filter(|_| decision.source == Source::Holdout)?;
        self.manifest.holdouts.get(usize::from(holdout)).cloned()
    }

    /// The content as authored, with the rendered texts in place of their templates.
    fn content(&self, slot: u16, variant: &Variant) -> Json {
        let mut content = variant.clone();
        for (number, text) in self.rendered(slot).filter(|(patch, _)| *patch < ASKED) {
            if content.html.is_some() {
                content.html = Some(text);
            } else if let Some(patch) = content.patches.iter_mut().flatten().nth(usize::from(number)) {
                patch.value = Some(text);
            }
        }
        serde_json::to_value(content).unwrap_or_default()
    }

    fn exposures(&self) -> Vec<Exposure> {
        let mut exposures: IndexMap<(Source, u16), Exposure> = IndexMap::new();
        for (slot, decision) in self.manifest.slots.iter().zip(&self.decisions.slots) {
            let counted = matches!(decision.reason, Reason::Assigned | Reason::Sticky | Reason::HeldOut);
            let Some(number) = decision.decider.get().filter(|_| counted) else { continue };
            let assigned = self.assigned(decision);
            let exposure = exposures.entry((decision.source, number)).or_insert_with(|| Exposure {
                experiment: assigned.map(|(experiment, _)| experiment.key.clone()),
                arm: assigned.and_then(|(experiment, made)| arm(experiment, made)),
                factors: assigned.and_then(|(experiment, made)| factors(experiment, made)),
                hash_attribute: assigned
                    .and_then(|(experiment, made)| experiment.hash_attributes.get(usize::from(made.fallback)).cloned()),
                bucket: assigned.and_then(|(_, made)| made.share()),
                holdout: self.holdout(decision),
                slots: Vec::new(),
            });
            exposure.slots.push(slot.name.clone());
        }
        exposures.into_values().collect()
    }

    fn sticky(&self) -> IndexMap<String, String> {
        let kept =
            self.decisions.assignments.iter().filter(|made| matches!(made.reason, Reason::Assigned | Reason::Sticky));
        kept.filter_map(|assignment| {
            let experiment = self.manifest.experiments.get(usize::from(assignment.experiment))?;
            Some((experiment.sticky.clone()?, arm(experiment, assignment)?))
        })
        .collect()
    }
}

fn arm(experiment: &ExperimentNames, assignment: &Assignment) -> Option<String> {
    experiment.arms.get(usize::from(assignment.arm.get()?)).cloned()
}

fn factors(experiment: &ExperimentNames, assignment: &Assignment) -> Option<IndexMap<String, String>> {
    experiment.factors.get(usize::from(assignment.arm.get()?)).cloned()
}

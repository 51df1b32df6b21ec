//! What a simulation found, as `--json` prints it.

use super::statistics::{SIGNIFICANT, goodness_of_fit, share, wilson};
use super::tally::{self, Tally};
use indexmap::IndexMap;
use serde::Serialize;
use slotwise::Context;
use slotwise::bundle::manifest::{ExperimentNames, Manifest};
use slotwise::experiment;
use slotwise::program::Program;

/// What a simulation found.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    pub(super) bundle: String,
    pub(super) revision: u64,
    pub(super) visitors: u64,
    pub(super) seed: u64,
    pub(super) now: f64,
    pub(super) experiments: IndexMap<String, Experiment>,
    pub(super) overlaps: Vec<Overlap>,
    /// For each slot: what each variant is shown to.
    pub(super) slots: IndexMap<String, IndexMap<String, Part>>,
}

/// How one experiment splits its visitors.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Experiment {
    pub(super) participants: Part,
    pub(super) arms: IndexMap<String, Arm>,
    pub(super) sample_ratio: Option<SampleRatio>,
    /// By reason: those who do not take part.
    pub(super) absent: IndexMap<&'static str, Part>,
}

/// One arm's part of the participants.
#[derive(Serialize)]
pub(super) struct Arm {
    #[serde(flatten)]
    pub(super) part: Part,
    /// The 95 % confidence interval of the share; nothing without participants.
    pub(super) interval: Option<(f64, f64)>,
    pub(super) expected: f64,
}

/// Some visitors, and their share.
#[derive(Serialize, Clone, Copy)]
pub(super) struct Part {
    pub(super) visitors: u64,
    pub(super) share: f64,
}

/// Whether the arms are as large as their weights say.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SampleRatio {
    pub(super) chi_square: f64,
    pub(super) degrees_of_freedom: u32,
    pub(super) p: f64,
    pub(super) ok: bool,
}

/// Two experiments, and the visitors who take part in both.
#[derive(Serialize)]
pub(super) struct Overlap {
    pub(super) experiments: (String, String),
    #[serde(flatten)]
    pub(super) part: Part,
}

impl Report {
    pub(super) fn new(program: &Program, manifest: &Manifest, tally: &Tally, seed: u64, context: &Context) -> Self {
        let visitors = tally.visitors;
        let part = |count: u64| Part { visitors: count, share: share(count, visitors) };
        let key = |index: usize| manifest.experiments.get(index).map(|names| names.key.clone()).unwrap_or_default();
        let experiments = manifest.experiments.iter().zip(&program.experiments).zip(&tally.experiments);
        let slots = manifest.slots.iter().zip(&tally.slots);
        Self {
            bundle: manifest.id.clone(),
            revision: manifest.revision,
            visitors,
            seed,
            now: context.now,
            experiments: experiments
                .map(|((names, program), counts)| {
                    (names.key.clone(), Experiment::new(names, program, counts, visitors))
                })
                .collect(),
            overlaps: tally
                .overlaps()
                .map(|(first, second, count)| Overlap { experiments: (key(first), key(second)), part: part(count) })
                .collect(),
            slots: slots
                .map(|(slot, counts)| {
                    let variants = slot.variants.iter().zip(counts);
                    (slot.name.clone(), variants.map(|((name, _), count)| (name.clone(), part(*count))).collect())
                })
                .collect(),
        }
    }

    /// Whether a sample-ratio test failed.
    pub(super) fn has_failed(&self) -> bool {
        self.experiments.values().any(|experiment| experiment.sample_ratio.as_ref().is_some_and(|test| !test.ok))
    }
}

impl Experiment {
    fn new(
        names: &ExperimentNames,
        program: &experiment::Experiment,
        counts: &tally::Experiment,
        visitors: u64,
    ) -> Self {
        let participants = counts.arms.iter().fold(0u64, |sum, count| sum.saturating_add(*count));
        let weight: f64 = program.split.arms().iter().map(|arm| arm.weight).sum();
        let expected: Vec<f64> = program.split.arms().iter().map(|arm| arm.weight / weight).collect();
        let arms = names.arms.iter().zip(&counts.arms).zip(&expected).map(|((name, count), expected)| {
            let part = Part { visitors: *count, share: share(*count, participants) };
            (name.clone(), Arm { part, interval: wilson(*count, participants), expected: *expected })
        });
        let part = |count: u64| Part { visitors: count, share: share(count, visitors) };
        Self {
            participants: part(participants),
            arms: arms.collect(),
            sample_ratio: goodness_of_fit(&counts.arms, &expected).map(|fit| SampleRatio {
                chi_square: fit.chi_square,
                degrees_of_freedom: fit.degrees_of_freedom,
                p: fit.p,
                ok: fit.p >= SIGNIFICANT,
            }),
            absent: counts.absent.iter().map(|(reason, count)| (*reason, part(*count))).collect(),
        }
    }
}

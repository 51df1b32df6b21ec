//! What the visitors got, counted.

use slotwise::decide::{Assignment, Decisions, Reason};
use slotwise::program::Program;
use std::collections::BTreeMap;

/// Counts of one experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Experiment {
    /// Participants an arm.
    pub(super) arms: Vec<u64>,
    /// Visitors who do not take part, by the code of the reason.
    pub(super) absent: BTreeMap<&'static str, u64>,
}

/// Counts of all visitors so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) visitors: u64,
    pub(super) experiments: Vec<Experiment>,
    /// Visitors a variant, a slot.
    pub(super) slots: Vec<Vec<u64>>,
    /// Visitors who take part in both of two experiments: a square, of which only the part with the first
    /// number below the second is used.
    both: Vec<u64>,
    /// Whom the visitor at hand takes part in.
    present: Vec<usize>,
}

/// The code for an experiment that was never asked: rules before it had decided, or did not hold.
pub(super) const NOT_ASKED: &str = "not_asked";

impl Tally {
    pub(super) fn new(program: &Program) -> Self {
        let experiments = program.experiments.iter();
        let experiments: Vec<Experiment> = experiments
            .map(|experiment| Experiment { arms: vec![0; experiment.split.arms().len()], ..Experiment::default() })
            .collect();
        let slots = program.slots.iter().map(|slot| vec![0; slot.variants.len as usize]).collect();
        let both = vec![0; experiments.len().saturating_mul(experiments.len())];
        Self { visitors: 0, experiments, slots, both, present: Vec::new() }
    }

    /// Counts one visitor.
    pub(super) fn add(&mut self, decisions: &Decisions) {
        count(&mut self.visitors);
        self.present.clear();
        for (index, (number, experiment)) in (0..=u16::MAX).zip(&mut self.experiments).enumerate() {
            let assignment = decisions.assignment(number);
            let arm = assignment.and_then(counted_arm).and_then(|arm| experiment.arms.get_mut(usize::from(arm)));
            if let Some(arm) = arm {
                count(arm);
                self.present.push(index);
            } else {
                let reason = assignment.map_or(NOT_ASKED, |assignment| assignment.reason.code());
                count(experiment.absent.entry(reason).or_default());
            }
        }
        let width = self.experiments.len();
        for (place, first) in self.present.iter().enumerate() {
            for second in self.present.iter().skip(place.saturating_add(1)) {
                if let Some(both) = self.both.get_mut(first.saturating_mul(width).saturating_add(*second)) {
                    count(both);
                }
            }
        }
        for (variants, decision) in self.slots.iter_mut().zip(&decisions.slots) {
            if let Some(variant) = variants.get_mut(usize::from(decision.variant)) {
                count(variant);
            }
        }
    }

    /// Both counts together.
    pub(super) fn merge(mut self, other: Self) -> Self {
        add(&mut self.visitors, other.visitors);
        for (own, other) in self.experiments.iter_mut().zip(other.experiments) {
            add_all(&mut own.arms, &other.arms);
            for (reason, number) in other.absent {
                add(own.absent.entry(reason).or_default(), number);
            }
        }
        for (own, other) in self.slots.iter_mut().zip(&other.slots) {
            add_all(own, other);
        }
        add_all(&mut self.both, &other.both);
        self
    }

    /// Pairs of experiments that share visitors, and how many.
    pub(super) fn overlaps(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        let width = self.experiments.len().max(1);
        let place = move |index: usize| (index.checked_div(width).unwrap_or(0), index.checked_rem(width).unwrap_or(0));
        self.both.iter().enumerate().filter(|(_, count)| **count > 0).map(move |(index, count)| {
            let (first, second) = place(index);
            (first, second, *count)
        })
    }
}

/// The arm, when it counts: arms that are forced upon all are not compared.
fn counted_arm(assignment: &Assignment) -> Option<u16> {
    assignment.arm.get().filter(|_| matches!(assignment.reason, Reason::Assigned | Reason::Sticky))
}

fn count(counter: &mut u64) {
    add(counter, 1);
}

fn add(counter: &mut u64, more: u64) {
    *counter = counter.saturating_add(more);
}

fn add_all(counters: &mut [u64], more: &[u64]) {
    counters.iter_mut().zip(more).for_each(|(counter, more)| add(counter, *more));
}

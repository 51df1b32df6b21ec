//! Slots and their rules.

use super::condition_at;
use super::content::compile_variant;
use super::draft::Draft;
use super::ranking::{self, compile_rank};
use super::tables::Tables;
use crate::bundle::manifest::SlotContent;
use crate::bundle::ranking::Rank;
use crate::bundle::wire::{self, Bundle, Show};
use crate::problem::{Pointer, Problem};
use crate::program::{Action, Rule, Slot, Variant};
use crate::value::Span;
use indexmap::{IndexMap, IndexSet};

/// The most slots of a bundle, variants of a slot and rules of a slot.
const MOST: usize = 60_000;

pub(super) fn compile_slots(bundle: &Bundle, mut draft: Option<&mut Draft>, tables: &mut Tables) {
    let pointer = Pointer::default().child("slots");
    if bundle.slots.len() > MOST {
        tables.error(&pointer, format!("a bundle may have {MOST} slots"));
    }
    for (name, slot) in &bundle.slots {
        compile_slot(name, slot, bundle, draft.as_deref_mut(), &pointer.child(name), tables);
    }
}

fn compile_slot(
    name: &str,
    wire: &wire::Slot,
    bundle: &Bundle,
    mut draft: Option<&mut Draft>,
    pointer: &Pointer,
    tables: &mut Tables,
) {
    if name == "__proto__" {
        tables.error(pointer, "JavaScript keeps this name for itself; choose another");
    }
    let variants_pointer = pointer.child("variants");
    if wire.variants.is_empty() {
        tables.error(&variants_pointer, "a slot has at least one variant, which may be empty: {}");
    }
    if wire.variants.len() > MOST || wire.rules.len() > MOST {
        tables.error(pointer, format!("a slot may have {MOST} variants and {MOST} rules"));
    }
    let first_variant = tables.program.variants.len();
    let mut variants = Vec::new();
    for (variant, content) in &wire.variants {
        let ranks = (0..).zip(&wire.rules).filter_map(|(number, rule)| Some((number, rule.rank.as_ref()?)));
        let ranks: Vec<(u16, &Rank)> = ranks.filter(|(_, rank)| rank.show == *variant).collect();
        let items = draft.as_deref().filter(|_| !ranks.is_empty());
        let texts = compile_variant(content, items, &ranks, &variants_pointer.child(variant), tables);
        tables.program.variants.push(Variant { texts });
        variants.push((variant.clone(), content.clone()));
    }
    let default = if wire.default.is_empty() && !wire.variants.is_empty() {
        let help = format!("one of {}", wire.variants.keys().map(String::as_str).collect::<Vec<_>>().join(", "));
        tables.problem(Problem::error(pointer, "\"default\" is missing: the variant for everybody else").help(help));
        0
    } else {
        variant_index(wire, &wire.default, &pointer.child("default"), tables)
    };
    let first_rule = tables.program.rules.len();
    let mut rules = Vec::new();
    let mut ids = IndexSet::new();
    for (index, rule) in wire.rules.iter().enumerate() {
        let pointer = pointer.child("rules").child(index);
        if let Some(id) = &rule.id
            && !ids.insert(id)
        {
            tables.error(&pointer.child("id"), format!("another rule of this slot is called \"{id}\""));
        }
        let compiled = match &rule.rank {
            Some(rank) => {
                let number = u16::try_from(index).unwrap_or(u16::MAX);
                rank_rule(rule, rank, (name, number), wire, draft.as_deref_mut(), &pointer, tables)
            }
            None => compile_rule(rule, wire, bundle, &pointer, tables),
        };
        tables.program.rules.push(compiled);
        rules.push(rule.id.clone().unwrap_or_default());
    }
    let slot =
        Slot { default, rules: run(first_rule, wire.rules.len()), variants: run(first_variant, wire.variants.len()) };
    tables.program.slots.push(slot);
    tables.manifest.slots.push(SlotContent { name: name.to_owned(), default: wire.default.clone(), rules, variants });
}

fn run(start: usize, len: usize) -> Span {
    Span { start: u32::try_from(start).unwrap_or(u32::MAX), len: u32::try_from(len).unwrap_or(0) }
}

fn variant_index(slot: &wire::Slot, name: &str, pointer: &Pointer, tables: &mut Tables) -> u16 {
    tables.resolve("variant", name, slot.variants.keys().map(String::as_str), pointer).unwrap_or(0)
}

fn compile_rule(wire: &wire::Rule, slot: &wire::Slot, bundle: &Bundle, pointer: &Pointer, tables: &mut Tables) -> Rule {
    let when = wire.when.as_ref().map(|when| condition_at(tables, when, &pointer.child("when")));
    let nothing = Action::Show(0);
    let action = match (&wire.experiment, &wire.show) {
        (Some(experiment), show) => {
            let names = tables.experiment_names.clone();
            let names = names.iter().map(String::as_str);
            match tables.resolve("experiment", experiment, names, &pointer.child("experiment")) {
                Some(index) => experiment_action(index, wire, show.as_ref(), slot, pointer, tables),
                None => nothing,
            }
        }
        (None, Some(Show::Variant(variant))) => {
            Action::Show(variant_index(slot, variant, &pointer.child("show"), tables))
        }
        (None, Some(Show::PerArm(_))) => {
            let help = "name one variant, or the experiment whose arms these are";
            tables.problem(
                Problem::error(&pointer.child("show"), "a variant for every arm needs an experiment").help(help),
            );
            nothing
        }
        (None, None) => {
            let help = if bundle.experiments.is_empty() { "add \"show\"" } else { "add \"show\" or \"experiment\"" };
            tables.problem(Problem::error(pointer, "the rule says nothing to show").help(help));
            nothing
        }
    };
    if wire.experiment.is_none() && wire.factor.is_some() {
        tables.error(&pointer.child("factor"), "a factor belongs to an experiment, which is missing");
    }
    Rule { when, action }
}

/// A rule that ranks, of a slot that is about to be pushed.
fn rank_rule(
    wire: &wire::Rule,
    rank: &Rank,
    (slot_name, number): (&str, u16),
    slot: &wire::Slot,
    draft: Option<&mut Draft>,
    pointer: &Pointer,
    tables: &mut Tables,
) -> Rule {
    let when = wire.when.as_ref().map(|when| condition_at(tables, when, &pointer.child("when")));
    if wire.show.is_some() || wire.experiment.is_some() || wire.factor.is_some() {
        let help = "the variant that shows the items is named in \"rank\": {\"show\": …}";
        tables.problem(Problem::error(pointer, "a rule that ranks does nothing else").help(help));
    }
    let pointer = pointer.child("rank");
    let Some(draft) = draft else {
        let help = "add \"catalog\": {\"items\": […]} to the bundle";
        tables.problem(Problem::error(&pointer, "there is no catalog to rank").help(help));
        return Rule { when, action: Action::Show(0) };
    };
    let variant = if rank.show.is_empty() {
        let help = "name the variant that shows the items";
        tables.problem(Problem::error(&pointer, "\"show\" is missing").help(help));
        0
    } else {
        variant_index(slot, &rank.show, &pointer.child("show"), tables)
    };
    let name = format!("{slot_name}.{}", wire.id.clone().unwrap_or_else(|| number.to_string()));
    let place = ranking::Place {
        slot: u16::try_from(tables.program.slots.len()).unwrap_or(u16::MAX),
        rule: number,
        name: &name,
        variant,
    };
    Rule { when, action: compile_rank(rank, &place, &pointer, draft, tables) }
}

fn experiment_action(
    experiment: u16,
    wire: &wire::Rule,
    show: Option<&Show>,
    slot: &wire::Slot,
    pointer: &Pointer,
    tables: &mut Tables,
) -> Action {
    let names = tables.manifest.experiments.get(usize::from(experiment)).cloned().unwrap_or_default();
    let labels = match &wire.factor {
        None => names.arms.clone(),
        Some(factor) => {
            let known = names.factors.first().into_iter().flat_map(IndexMap::keys).map(String::as_str);
            if tables.resolve("factor", factor, known, &pointer.child("factor")).is_none() {
                return Action::Show(0);
            }
            names.factors.iter().filter_map(|cell| cell.get(factor).cloned()).collect()
        }
    };
    let start = tables.program.arm_variants.len();
    let mut unknown = IndexSet::new();
    for label in &labels {
        let shown = match show {
            Some(Show::Variant(variant)) => Some(variant),
            Some(Show::PerArm(map)) => Some(map.get(label).unwrap_or(label)),
            None => Some(label),
        };
        let index =
            shown.and_then(|shown| slot.variants.get_index_of(shown)).and_then(|index| u16::try_from(index).ok());
        if index.is_none() {
            unknown.insert(label.clone());
        }
        tables.program.arm_variants.push(index.unwrap_or(0));
    }
    for label in unknown {
        let message = format!("the slot has no variant for the experiment's \"{label}\"");
        let help = format!("add a variant \"{label}\", or map it: \"show\": {{\"{label}\": …}}");
        tables.problem(Problem::error(pointer, message).help(help));
    }
    if let Some(Show::PerArm(map)) = show {
        for label in map.keys().filter(|label| !labels.contains(label)) {
            let names = labels.iter().map(String::as_str);
            tables.resolve("arm", label, names, &pointer.child("show").child(label));
        }
    }
    Action::Experiment { experiment, arms: run(start, labels.len()) }
}

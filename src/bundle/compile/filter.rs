//! What a rule asks of items, asked when compiling: what is left are sets, and the segments that put them together.

use super::draft::Draft;
use super::tables::Tables;
use crate::bundle::wire::Condition;
use crate::problem::{Pointer, Problem, mistyped};
use crate::rank::Items;
use crate::rank::filter::{Filter, Step};
use serde_json::{Map, Value as Json, json};

/// How deep filters may be nested.
const MOST_NESTING: usize = 32;

/// Compiles what a rule asks of items. Where no item fits, whoever the visitor is, it warns of what comes of that, if anything is to be said.
pub(super) fn compile_filter(
    condition: Option<&Condition>,
    when_none_fits: Option<&str>,
    pointer: &Pointer,
    draft: &mut Draft,
    tables: &mut Tables,
) -> Filter {
    let mut filter = Filter::default();
    if let Some(condition) = condition {
        let problems = tables.count_problems();
        warn_of_slips(&condition.0, pointer, draft, tables);
        FilterCompiler { steps: &mut filter.steps, draft, tables }.condition(&condition.0, pointer, 0);
        // Levels that keep two sets each come to more than can be kept at once before they come to the depth that is told above.
        let is_kept = filter.is_sound(draft.catalog.sets.len());
        if !is_kept {
            let message = "conditions on items and segments are nested too deep for all that they combine";
            tables.problem(
                Problem::error(pointer, message).help("write it with fewer levels, such as one $or of more conditions"),
            );
        }
        // What is misspelt fits nothing either, and is told already.
        if tables.count_problems() == problems
            && let Some(outcome) = when_none_fits
            && fits_none(&filter, draft)
        {
            let message = format!("0 of {} items fit, so {outcome}", draft.catalog.model.items);
            let help = "compare it with the items: capitals count, and $eq tells \"3\" from 3. If items that fit are yet to come, build again then";
            tables.problem(Problem::warning(pointer, message).help(help));
        }
    }
    filter
}

/// Whether a filter leaves out every item there is, whoever the visitor is. One that asks for segments is not looked into.
fn fits_none(filter: &Filter, draft: &Draft) -> bool {
    let items = draft.catalog.model.items;
    let [Step::Set(set)] = filter.steps.as_slice() else { return false };
    let set = draft.catalog.sets.get(usize::from(*set));
    items > 0 && set.is_some_and(|set| !(0..items).any(|item| set.contains(item)))
}

struct FilterCompiler<'c> {
    steps: &'c mut Vec<Step>,
    draft: &'c mut Draft,
    tables: &'c mut Tables,
}

impl FilterCompiler<'_> {
    /// Leaves the set of one condition.
    fn condition(&mut self, condition: &Json, pointer: &Pointer, depth: usize) {
        if depth > MOST_NESTING {
            self.tables
                .error(pointer, format!("conditions on items and segments are nested more than {MOST_NESTING} deep"));
            return self.set(Items::default());
        }
        let members = match condition {
            Json::Object(members) if asks_segment(condition) => members,
            _ => {
                let set = self.draft.sets.matching(condition, pointer, self.tables);
                return self.set(set);
            }
        };
        // What needs no segment is asked at once.
        let (together, apart): (Vec<_>, Vec<_>) =
            members.iter().partition(|(key, operand)| *key != "$segment" && !asks_segment(operand));
        let together: Map<String, Json> =
            together.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        if !together.is_empty() {
            self.condition(&Json::Object(together.clone()), pointer, depth);
        }
        for (place, (key, operand)) in apart.into_iter().enumerate() {
            self.member(key, operand, &pointer.child(key), depth.saturating_add(1));
            if place > 0 || !together.is_empty() {
                self.steps.push(Step::Both);
            }
        }
    }

    fn member(&mut self, key: &str, operand: &Json, pointer: &Pointer, depth: usize) {
        match (key, operand) {
            ("$segment", Json::String(name)) => {
                let bit = self.draft.segment(name, pointer, self.tables);
                self.steps.push(Step::Segment(bit));
            }
            ("$and", Json::Array(conditions)) => self.list(conditions, Step::Both, pointer, depth),
            ("$or", Json::Array(conditions)) => self.list(conditions, Step::Either, pointer, depth),
            ("$nor", Json::Array(conditions)) => {
                self.list(conditions, Step::Either, pointer, depth);
                self.steps.push(Step::Others);
            }
            ("$not", condition) => {
                self.condition(condition, pointer, depth);
                self.steps.push(Step::Others);
            }
            // Refused by what compiles conditions, in its own words.
            _ => {
                let set = self.draft.sets.matching(&json!({ key: operand }), pointer, self.tables);
                self.set(set);
            }
        }
    }

    fn list(&mut self, conditions: &[Json], step: Step, pointer: &Pointer, depth: usize) {
        for (place, condition) in conditions.iter().enumerate() {
            self.condition(condition, &pointer.child(place), depth);
            if place > 0 {
                self.steps.push(step);
            }
        }
    }

    /// Leaves a set, which is kept once.
    fn set(&mut self, set: Items) {
        let sets = &mut self.draft.catalog.sets;
        let place = sets.iter().position(|known| *known == set).unwrap_or_else(|| {
            sets.push(set);
            sets.len().saturating_sub(1)
        });
        self.steps.push(Step::Set(u16::try_from(place).unwrap_or(u16::MAX)));
    }
}

/// Warns of members that no item has, when they are a letter away from one that some have: nothing would ever be shown. Others are left
/// alone, because items may come that have them.
fn warn_of_slips(condition: &Json, pointer: &Pointer, draft: &Draft, tables: &mut Tables) {
    for (key, operand) in condition.as_object().into_iter().flatten() {
        let at = pointer.child(key);
        match (key.as_str(), operand) {
            ("$and" | "$or" | "$nor", Json::Array(conditions)) => {
                for (place, condition) in conditions.iter().enumerate() {
                    warn_of_slips(condition, &at.child(place), draft, tables);
                }
            }
            ("$not", condition) => warn_of_slips(condition, &at, draft, tables),
            (operator, _) if operator.starts_with('$') => {}
            (path, _) => {
                let name = path.split('.').next().unwrap_or_default();
                let known = draft.asked_members.iter().map(String::as_str);
                if !draft.asked_members.contains(name)
                    && let Some(close) = mistyped(name, known)
                {
                    let problem = Problem::warning(&at, format!("no item of the catalog has a member \"{name}\""));
                    tables.problem(problem.help(format!("did you mean \"{close}\"?")));
                }
            }
        }
    }
}

/// Whether a segment is asked anywhere inside.
fn asks_segment(condition: &Json) -> bool {
    match condition {
        Json::Object(members) => members.iter().any(|(key, operand)| key == "$segment" || asks_segment(operand)),
        Json::Array(conditions) => conditions.iter().any(asks_segment),
        _ => false,
    }
}

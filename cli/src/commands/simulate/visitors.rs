//! Synthetic visitors: what they have in common, read once, and an id of each one's own.

use crate::diagnostics::syntax_error;
use crate::failure::Failure;
use crate::source::Source;
use serde_json::{Map, Value as Json};
use slotwise::bundle::manifest::InputPath;
use slotwise::decide::Frame;
use slotwise::value::Node;
use slotwise::{Context, Engine};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The visitors of one simulation, by number.
pub(super) struct Visitors {
    seed: u64,
    /// What is known of them but for synthetic ids: one for all, or one a line that was read.
    frames: Vec<Frame>,
    /// The inputs that visitors are split by.
    identities: BTreeSet<u16>,
}

impl Visitors {
    /// Visitors who differ in nothing but their ids.
    pub(super) fn alike(engine: &Engine, context: &Context, seed: u64) -> Self {
        let identities = identities(engine);
        let context = anonymous(engine, &identities, context);
        Self { seed, frames: vec![context.frame(engine.program(), engine.manifest())], identities }
    }

    /// Visitors with the attributes of one line each, laid over those of the context.
    pub(super) fn from_lines(engine: &Engine, context: &Context, seed: u64, lines: &Source) -> Result<Self, Failure> {
        let identities = identities(engine);
        let context = anonymous(engine, &identities, context);
        let mut frames = Vec::new();
        for (number, line) in (1u64..).zip(lines.text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let mut attributes = context.attributes.as_object().cloned().unwrap_or_default();
            attributes.extend(read_line(&lines.name, number, line)?);
            let context = context.clone().attributes(Json::Object(attributes));
            frames.push(context.frame(engine.program(), engine.manifest()));
        }
        if frames.is_empty() {
            return Err(Failure::new(format!("{} has no lines", lines.name)).help("write one JSON object a line"));
        }
        Ok(Self { seed, frames, identities })
    }

    /// How many visitors there are, when some bring ids of their own.
    pub(super) fn known(&self) -> Option<u64> {
        let has_id = |frame: &Frame| self.identities.iter().any(|input| is_given(frame, *input));
        self.frames.iter().any(has_id).then(|| u64::try_from(self.frames.len()).unwrap_or(u64::MAX))
    }

    /// A frame to begin with.
    pub(super) fn frame(&self, visitor: u64) -> Frame {
        self.common(visitor).cloned().unwrap_or_default()
    }

    /// Turns the frame of another visitor into that of this one. Where all have one frame in common, only
    /// the ids are exchanged.
    pub(super) fn enter(&self, visitor: u64, frame: &mut Frame) {
        let Some(common) = self.common(visitor) else { return };
        if self.frames.len() > 1 {
            frame.clone_from(common);
        }
        for (place, input) in (0u64..).zip(&self.identities).filter(|(_, input)| !is_given(common, **input)) {
            let index = usize::from(*input);
            let own = Node::Text(frame.pool.push_units(id(self.seed, place, visitor)));
            // Nothing derived stands in the way of an id.
            if let (Some(value), Some(derived)) = (frame.values.get_mut(index), frame.derived.get_mut(index)) {
                (*value, *derived) = (own, false);
            }
        }
    }

    fn common(&self, visitor: u64) -> Option<&Frame> {
        let count = u64::try_from(self.frames.len()).ok()?;
        self.frames.get(usize::try_from(visitor.checked_rem(count)?).ok()?)
    }
}

/// The inputs that experiments and holdouts split visitors by.
fn identities(engine: &Engine) -> BTreeSet<u16> {
    let program = engine.program();
    let first = program.experiments.iter().map(|experiment| experiment.hash_input);
    let options = program.experiments.iter().filter_map(|experiment| experiment.options.as_deref());
    let fallback = options.filter_map(|options| options.fallback_input);
    first.chain(fallback).chain(program.holdouts.iter().map(|holdout| holdout.hash_input)).collect()
}

fn is_given(frame: &Frame, input: u16) -> bool {
    let index = usize::from(input);
    frame.derived.get(index) == Some(&false) && !matches!(frame.values.get(index), Some(Node::Null | Node::Undefined))
}

/// The context without ids, which all visitors would have in common, and with every consent that it does
/// not refuse.
fn anonymous(engine: &Engine, identities: &BTreeSet<u16>, context: &Context) -> Context {
    let mut context = context.clone();
    let manifest = engine.manifest();
    for purpose in &manifest.purposes {
        context.consent.entry(purpose.clone()).or_insert(true);
    }
    for input in identities {
        if let Some(InputPath::Attribute(path)) = manifest.inputs.get(usize::from(*input)) {
            remove(&mut context.attributes, path);
        }
    }
    context
}

fn remove(json: &mut Json, path: &[String]) {
    let Some((last, parents)) = path.split_last() else { return };
    let parent = parents.iter().try_fold(json, |json, name| json.get_mut(name));
    if let Some(Json::Object(members)) = parent {
        members.shift_remove(last);
    }
}

fn read_line(name: &str, number: u64, line: &str) -> Result<Map<String, Json>, Failure> {
    let source = Source { name: format!("{name}, line {number}"), text: line.to_owned(), folder: PathBuf::new() };
    match serde_json::from_str(line) {
        Ok(Json::Object(attributes)) => Ok(attributes),
        Ok(_) => {
            Err(Failure::new(format!("line {number} of {name} is no JSON object")).help("such as {\"plan\": \"pro\"}"))
        }
        Err(error) => {
            let finding = syntax_error(&source, &error);
            Err(Failure::Context(Box::new(source), vec![finding]))
        }
    }
}

/// The id of a visitor in one attribute: sixteen hexadecimal digits, different for every visitor.
fn id(seed: u64, place: u64, visitor: u64) -> [u16; 16] {
    let stream = scramble(seed.wrapping_add(scramble(place)));
    let number = scramble(stream.wrapping_add(visitor));
    let digits = b"0123456789abcdef";
    std::array::from_fn(|digit| {
        let shift = u32::try_from(digit).unwrap_or(0).saturating_mul(4);
        let nibble = number.wrapping_shr(shift) & 15;
        usize::try_from(nibble).ok().and_then(|nibble| digits.get(nibble)).copied().unwrap_or(b'0').into()
    })
}

/// The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): one-to-one, and well mixed.
fn scramble(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use slotwise::decide::{Decisions, decide};
    use slotwise::trace::NoTrace;

    #[test]
    fn scrambling_is_splitmix64() {
        // The first outputs of the published generator for the state 0: its state grows by the same constant.
        assert_eq!(scramble(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(scramble(0x9e37_79b9_7f4a_7c15), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn ids_differ_by_visitor_attribute_and_seed() {
        let ids = [id(1, 0, 0), id(1, 0, 1), id(1, 1, 0), id(2, 0, 0)];
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 4);
        assert!(ids.iter().flatten().all(|unit| char::from_u32(u32::from(*unit)).unwrap().is_ascii_hexdigit()));
    }

    /// What the fast way decides is what [`Engine::personalize`] decides for the same visitor.
    #[test]
    fn visitors_are_decided_as_by_name() {
        let bundle = serde_json::json!({
            "version": 1, "id": "test",
            "holdouts": { "global": { "coverage": 0.1, "hashAttribute": "user.account" } },
            "experiments": {
                "price": { "variants": { "low": 0.5, "high": 0.5 }, "coverage": 0.6, "holdout": "global", "sticky": true,
                           "when": { "url.path": { "$glob": "/shop/*" }, "tags.1": "b", "tags.length": 2 } },
                "old": { "variants": { "low": 0.3, "high": 0.7 }, "hashAttribute": "device", "hashVersion": 1, "sticky": true }
            },
            "slots": {
                "a": { "default": "low", "variants": { "low": {}, "high": { "html": "{{plan}} {{time.hour}}" } },
                       "rules": [{ "experiment": "price" }] },
                "b": { "default": "low", "variants": { "low": {}, "high": {} }, "rules": [{ "experiment": "old" }] }
            }
        });
        let engine = Engine::load(&slotwise::compile(bundle).unwrap().bytes).unwrap();
        let mut context = Context::new(1_767_225_600_000.0).consent("personalization").force("none", "none");
        context.attributes =
            serde_json::json!({ "id": "same", "plan": "pro", "tags": ["a", "b"], "user": { "account": 7 } });
        context.request.url = Some("https://example.com/shop/shoes?x=1".to_owned());
        context.utc_offset = 90;
        for (sticky, known) in [("price__0", "high"), ("old__0", "unknown")] {
            context.sticky.insert(sticky.to_owned(), known.to_owned());
            let visitors = Visitors::alike(&engine, &context, 5);
            let (mut frame, mut decisions) = (visitors.frame(0), Decisions::default());
            for visitor in 0..300 {
                visitors.enter(visitor, &mut frame);
                decide(engine.program(), &frame, &mut NoTrace, &mut decisions);
                let named = |place| String::from_utf16(&id(5, place, visitor)).unwrap();
                let mut by_name = context.clone();
                for (place, input) in (0u64..).zip(&visitors.identities) {
                    let InputPath::Attribute(path) = &engine.manifest().inputs[usize::from(*input)] else {
                        panic!("no attribute")
                    };
                    let parent =
                        path[..path.len() - 1].iter().fold(&mut by_name.attributes, |json, name| &mut json[name]);
                    parent[path.last().unwrap()] = Json::from(named(place));
                }
                let expected = engine.personalize(&by_name);
                for (slot, decision) in engine.manifest().slots.iter().zip(&decisions.slots) {
                    let shown = &expected.slots[&slot.name];
                    assert_eq!(slot.variants[usize::from(decision.variant)].0, shown.variant);
                    assert_eq!(decision.reason.code(), shown.reason);
                }
            }
        }
    }
}

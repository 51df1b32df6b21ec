//! Visitors: what a program reads, filled with what the vectors hold and with what JSON cannot say.

use crate::document;
use fastrand::Rng;
use serde_json::{Map, Value as Json, json};
use slotwise::bundle::manifest::{InputPath, Manifest};
use slotwise::decide::{Frame, Zone};
use slotwise::program::Program;
use slotwise::value::{MAX_DEPTH, Node, Pool, Span};
use slotwise::{Context, Request};

/// 2026-11-01T12:00:00Z, near the schedules of the vectors.
const NOW: f64 = 1_793_534_400_000.0;

/// Any visitor, without names: what the compiled program alone can be asked with.
pub(crate) fn frame(program: &Program, rng: &mut Rng) -> Frame {
    let mut frame = Frame { now: now(rng), consent: rng.u32(..), ..Frame::default() };
    let until = if rng.bool() { f64::INFINITY } else { frame.now + rng.f64() * 1e8 };
    frame.zone = Zone { offset_minutes: rng.choice([0, 60, -840, 1440, i32::MAX, i32::MIN]).unwrap(), until };
    for _ in &program.inputs {
        let value = if rng.u32(0..4) == 0 { js(rng) } else { document::value(rng) };
        let node = push(&mut frame.pool, &value, 0);
        frame.values.push(node);
    }
    if rng.u32(0..4) == 0 {
        frame.values.truncate(rng.usize(0..=frame.values.len()));
    }
    frame.force.extend((0..rng.u32(0..3)).map(|_| (rng.u16(0..4), rng.u16(0..4))));
    frame.derive(program);
    frame
}

/// A visitor of these attributes, in which `$js` stands for what JSON cannot hold (see `tests/spec/README.md`).
pub(crate) fn frame_of(program: &Program, manifest: &Manifest, attributes: &Json) -> Frame {
    let mut frame = Frame { now: NOW, ..Frame::default() };
    for input in &manifest.inputs {
        let InputPath::Attribute(path) = input else {
            frame.values.push(Node::Null);
            continue;
        };
        let node = at_path(attributes, path).map_or(Node::Null, |value| push(&mut frame.pool, &value, 0));
        frame.values.push(node);
    }
    frame.derive(program);
    frame
}

/// The value at a path of own properties. Inside of what JSON cannot hold there is nothing.
fn at_path(attributes: &Json, path: &[String]) -> Option<Json> {
    let mut at = attributes;
    for (place, name) in path.iter().enumerate() {
        at = match at {
            Json::Object(members) if !members.contains_key("$js") => members.get(name)?,
            Json::Array(items) if name == "length" => {
                return (place + 1 == path.len()).then(|| Json::from(items.len()));
            }
            Json::Array(items) => items.get(index(name)? as usize)?,
            _ => return None,
        };
    }
    Some(at.clone())
}

/// Any visitor, by name: what the engine is asked with.
pub(crate) fn context(manifest: &Manifest, rng: &mut Rng) -> Context {
    let mut attributes = json!({});
    let mut sticky = Vec::new();
    for input in &manifest.inputs {
        match input {
            InputPath::Attribute(path) if rng.u32(0..5) > 0 => set(&mut attributes, path, document::value(rng)),
            InputPath::Sticky(key, experiment) if rng.bool() => {
                let arms =
                    manifest.experiments.get(usize::from(*experiment)).map_or(&[][..], |experiment| &experiment.arms);
                let arm = rng.choice(arms).filter(|_| rng.u32(0..4) > 0).cloned();
                sticky.push((key.clone(), arm.unwrap_or_else(|| document::name(rng))));
            }
            _ => {}
        }
    }
    let forced = manifest.slots.iter().filter(|_| rng.u32(0..8) == 0).collect::<Vec<_>>();
    let forced = forced.into_iter().map(|slot| {
        let variant = rng.choice(&slot.variants).map(|(name, _)| name.clone()).filter(|_| rng.u32(0..4) > 0);
        (slot.name.clone(), variant.unwrap_or_else(|| document::name(rng)))
    });
    let force = forced.collect();
    let consent = manifest
        .purposes
        .iter()
        .filter_map(|purpose| Some((purpose.clone(), rng.choice([None, Some(false), Some(true), Some(true)])??)))
        .collect();
    Context {
        profile: None,
        attributes: if rng.u32(0..10) == 0 { document::value(rng) } else { attributes },
        request: Request { url: fact(rng), referrer: fact(rng), user_agent: fact(rng), language: fact(rng) },
        consent,
        now: now(rng),
        utc_offset: rng.choice([0, 60, -840, 1441, i32::MIN]).unwrap(),
        utc_offset_until: rng.bool().then(|| NOW + rng.f64() * 1e8),
        sticky: sticky.into_iter().collect(),
        force,
    }
}

fn fact(rng: &mut Rng) -> Option<String> {
    match rng.u32(0..4) {
        0 => None,
        1 => document::value(rng).as_str().map(str::to_owned),
        // Addresses, languages and devices are among the texts of the vectors.
        _ => Some(document::text("", rng)),
    }
}

fn now(rng: &mut Rng) -> f64 {
    let odd = [0.0, -1.0, 8.64e15, -8.64e15, 1e300, f64::NAN, f64::INFINITY, NOW + 3_599_999.0];
    if rng.u32(0..4) == 0 { rng.choice(odd).unwrap() } else { NOW + (rng.f64() - 0.5) * 1e10 }
}

/// Puts a value at a path, over what stands in its way.
pub(crate) fn set(json: &mut Json, path: &[String], value: Json) {
    let mut at = json;
    for name in path {
        if !at.is_object() {
            *at = Json::Object(Map::new());
        }
        at = &mut at[name.as_str()];
    }
    *at = value;
}

fn js(rng: &mut Rng) -> Json {
    let units: Vec<u16> =
        (0..rng.usize(0..5)).map(|_| rng.choice([0xD83C, 0xDF55, 0, 0x61, 0xFFFF]).unwrap()).collect();
    let kinds = ["undefined", "NaN", "Infinity", "-Infinity", "-0", "text"];
    let one = json!({ "$js": rng.choice(kinds), "units": units });
    if rng.bool() { one } else { json!([one, { "a": document::value(rng) }, one]) }
}

/// Stores a value as the glue in JavaScript does: what is nested too deep reads as `null`.
pub(crate) fn push(pool: &mut Pool, value: &Json, depth: u32) -> Node {
    match value.get("$js").and_then(Json::as_str) {
        Some("undefined") => return Node::Undefined,
        Some("NaN") => return Node::Number(f64::NAN),
        Some("Infinity") => return Node::Number(f64::INFINITY),
        Some("-Infinity") => return Node::Number(f64::NEG_INFINITY),
        Some("-0") => return Node::Number(-0.0),
        Some("text") => {
            let units = value.get("units").and_then(Json::as_array).into_iter().flatten();
            let units: Vec<u16> = units.filter_map(|unit| u16::try_from(unit.as_u64()?).ok()).collect();
            return Node::Text(pool.push_slice(&units));
        }
        _ => {}
    }
    match value {
        Json::Array(_) | Json::Object(_) if depth >= MAX_DEPTH => Node::Null,
        Json::Array(items) => {
            let span = pool.reserve(items.len());
            for (at, item) in (span.start..).zip(items) {
                let node = push(pool, item, depth + 1);
                pool.set(at, node);
            }
            Node::Array(span)
        }
        Json::Object(members) => {
            let span = pool.reserve(members.len() * 2);
            let mut members: Vec<_> = members.iter().collect();
            // JavaScript has keys that are indices first, in ascending order.
            members.sort_by_key(|(name, _)| index(name).map_or((1, 0), |index| (0, index)));
            for (at, (name, member)) in (span.start..).step_by(2).zip(members) {
                let name = Node::Text(pool.push_str(name));
                pool.set(at, name);
                let node = push(pool, member, depth + 1);
                pool.set(at + 1, node);
            }
            Node::Object(Span { start: span.start, len: span.len / 2 })
        }
        plain => pool.push_json(plain),
    }
}

/// The array index that a name is in JavaScript.
fn index(name: &str) -> Option<u32> {
    name.parse().ok().filter(|index: &u32| *index < u32::MAX && index.to_string() == *name)
}

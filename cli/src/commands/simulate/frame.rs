//! A context into the frame that the engine decides upon.

use serde_json::Value as Json;
use slotwise::bundle::manifest::{InputPath, Manifest};
use slotwise::decide::{Frame, Zone};
use slotwise::value::{Node, Pool, Value};
use slotwise::{Context, Engine};

/// The frame of a context, with these attributes in place of its own.
pub(super) fn of(engine: &Engine, context: &Context, attributes: &Json) -> Frame {
    let manifest = engine.manifest();
    let mut frame = Frame { now: context.now, ..Frame::default() };
    frame.zone = Zone { offset_minutes: context.utc_offset, until: context.utc_offset_until.unwrap_or(f64::INFINITY) };
    let mut given = Pool::default();
    let root = given.push_json(attributes);
    for path in &manifest.inputs {
        let node = match path {
            InputPath::Attribute(path) => match at(given.value(root), path) {
                Some(value) => frame.pool.copy(value),
                None => Node::Null,
            },
            InputPath::Request(member) => {
                fact(context, member).map_or(Node::Null, |fact| Node::Text(frame.pool.push_str(fact)))
            }
            InputPath::Sticky(key, experiment) => sticky(context, manifest, key, *experiment),
        };
        frame.values.push(node);
    }
    for (bit, purpose) in (0u32..).zip(&manifest.purposes) {
        if context.consent.get(purpose) == Some(&true) {
            frame.consent |= 1u32.checked_shl(bit).unwrap_or(0);
        }
    }
    for (number, slot) in (0u16..).zip(&manifest.slots) {
        let variant =
            context.force.get(&slot.name).and_then(|name| slot.variants.iter().position(|(known, _)| known == name));
        frame.force.extend(variant.and_then(|variant| u16::try_from(variant).ok()).map(|variant| (number, variant)));
    }
    frame.derive(engine.program());
    frame
}

fn at<'p>(root: Value<'p>, path: &[String]) -> Option<Value<'p>> {
    path.iter().try_fold(root, |value, name| value.property(&name.encode_utf16().collect::<Vec<_>>()))
}

fn fact<'c>(context: &'c Context, member: &str) -> Option<&'c str> {
    let request = &context.request;
    let fact = match member {
        "url" => &request.url,
        "referrer" => &request.referrer,
        "userAgent" => &request.user_agent,
        _ => &request.language,
    };
    fact.as_deref()
}

/// The number of the arm that an earlier visit was given; what names no arm is there and is no number.
fn sticky(context: &Context, manifest: &Manifest, key: &str, experiment: u16) -> Node {
    let Some(arm) = context.sticky.get(key) else { return Node::Null };
    let arms = manifest.experiments.get(usize::from(experiment)).map(|experiment| experiment.arms.as_slice());
    let place = arms.unwrap_or_default().iter().position(|known| known == arm);
    place.and_then(|place| u16::try_from(place).ok()).map_or(Node::Bool(false), |place| Node::Number(place.into()))
}

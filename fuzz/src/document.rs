//! Changes of JSON documents, as trees: words of the vectors are put in, parts are moved, repeated, wrapped and taken out.

use crate::vocabulary::VOCABULARY;
use fastrand::Rng;
use serde_json::{Map, Value as Json, json};

/// Characters that some language here gives a meaning.
const MEANINGFUL: [char; 45] = [
    '{', '}', '#', '^', '/', '.', '!', '&', '>', '<', '"', '\'', '=', '`', '$', '*', '?', '+', '|', '(', ')', '[', ']',
    '\\', '-', ':', ',', ';', '@', ' ', '\n', '\t', '0', 'a', '_', '%', '~', '\0', '\u{7f}', 'é', 'İ', 'ſ', '\u{2028}',
    '\u{feff}', '🍕',
];

/// Documents do not grow beyond this, so that a case stays quick.
const LARGEST: usize = 20_000;

/// A changed copy. Text that is no JSON is changed as text.
pub(crate) fn mutate(input: &[u8], rng: &mut Rng) -> Vec<u8> {
    let Ok(mut document) = serde_json::from_slice::<Json>(input) else {
        return text(&String::from_utf8_lossy(input), rng).into_bytes();
    };
    for _ in 0..rng.u32(1..4) {
        let donor = pick(&mut document.clone(), rng).clone();
        change(pick(&mut document, rng), donor, rng);
    }
    let changed = document.to_string();
    if changed.len() > LARGEST { input.to_vec() } else { changed.into_bytes() }
}

/// A value of the vocabulary.
pub(crate) fn value(rng: &mut Rng) -> Json {
    rng.choice(&VOCABULARY.values).unwrap().clone()
}

/// A name of the vocabulary.
pub(crate) fn name(rng: &mut Rng) -> String {
    rng.choice(&VOCABULARY.names).unwrap().clone()
}

/// One value of the document, each as likely as any other.
fn pick<'j>(document: &'j mut Json, rng: &mut Rng) -> &'j mut Json {
    let mut left = rng.usize(0..count(document));
    let mut at = document;
    while left > 0 {
        left -= 1;
        let children: Vec<&mut Json> = match at {
            Json::Array(items) => items.iter_mut().collect(),
            Json::Object(members) => members.values_mut().collect(),
            _ => unreachable!("a value without children counts one"),
        };
        at = children
            .into_iter()
            .find(|child| {
                let size = count(child);
                let is_inside = left < size;
                left -= if is_inside { 0 } else { size };
                is_inside
            })
            .unwrap();
    }
    at
}

fn count(json: &Json) -> usize {
    let inside: usize = match json {
        Json::Array(items) => items.iter().map(count).sum(),
        Json::Object(members) => members.values().map(count).sum(),
        _ => 0,
    };
    inside + 1
}

fn change(place: &mut Json, donor: Json, rng: &mut Rng) {
    match (rng.u32(0..10), &mut *place) {
        (0, place) => *place = value(rng),
        (1, place) => *place = donor,
        (2, place) => wrap(place, rng),
        (_, Json::Object(members)) => object(members, donor, rng),
        (_, Json::Array(items)) => array(items, donor, rng),
        (_, Json::String(own)) => *own = text(own, rng),
        (_, Json::Number(number)) => {
            let number = number.as_f64().unwrap_or(0.0);
            let near =
                [number + 1.0, number - 1.0, -number, number / 2.0, number * 1e6, number.trunc(), number.next_up()];
            *place = json!(rng.choice(near));
        }
        (_, Json::Bool(bool)) => *bool = !*bool,
        (_, place @ Json::Null) => *place = value(rng),
    }
}

/// Puts a value into an object or a list, once or many times.
fn wrap(place: &mut Json, rng: &mut Rng) {
    let name = name(rng);
    let times = if rng.u32(0..8) == 0 { rng.u32(2..90) } else { 1 };
    for _ in 0..times {
        let inside = place.take();
        *place = match rng.u32(0..4) {
            0 => json!([inside]),
            1 => json!({ "$not": inside }),
            2 => json!({ "$and": [inside] }),
            _ => json!({ name.clone(): inside }),
        };
    }
}

fn object(members: &mut Map<String, Json>, donor: Json, rng: &mut Rng) {
    let known: Vec<String> = members.keys().cloned().collect();
    let one = rng.choice(&known).cloned().unwrap_or_default();
    match rng.u32(0..6) {
        0 => drop(members.insert(name(rng), value(rng))),
        1 => drop(members.insert(name(rng), donor)),
        2 => drop(members.shift_remove(&one)),
        3 => {
            let renamed = if rng.bool() { name(rng) } else { text(&one, rng) };
            if let Some(member) = members.shift_remove(&one) {
                members.insert(renamed, member);
            }
        }
        4 => {
            let copied = members.get(&one).cloned().unwrap_or_default();
            members.insert(text(&one, rng), copied);
        }
        _ => {
            // The order of members counts in some places.
            let mut turned: Vec<_> = std::mem::take(members).into_iter().collect();
            rng.shuffle(&mut turned);
            members.extend(turned);
        }
    }
}

fn array(items: &mut Vec<Json>, donor: Json, rng: &mut Rng) {
    let at = rng.usize(0..=items.len());
    match rng.u32(0..5) {
        0 => items.insert(at, value(rng)),
        1 => items.insert(at, donor),
        2 if at < items.len() => drop(items.remove(at)),
        3 if at < items.len() => {
            let copies = vec![items[at].clone(); rng.usize(1..4)];
            items.splice(at..at, copies);
        }
        _ => rng.shuffle(items),
    }
}

/// Changes of a text: pieces of other texts, characters that languages give a meaning, parts left out or repeated.
pub(crate) fn text(text: &str, rng: &mut Rng) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..rng.u32(1..4) {
        let at = rng.usize(0..=characters.len());
        let end = rng.usize(at..=characters.len()).min(at + 12);
        match rng.u32(0..6) {
            0 => drop(characters.splice(at..at, rng.choice(MEANINGFUL))),
            1 => drop(characters.splice(at..end, rng.choice(MEANINGFUL))),
            2 => drop(characters.drain(at..end)),
            3 => {
                let repeated = characters[at..end].repeat(rng.usize(1..4));
                characters.splice(at..at, repeated);
            }
            4 => return rng.choice(&VOCABULARY.texts).unwrap().clone(),
            _ => {
                let piece: Vec<char> = rng.choice(&VOCABULARY.texts).unwrap().chars().collect();
                let from = rng.usize(0..=piece.len());
                let until = rng.usize(from..=piece.len());
                characters.splice(at..at, piece[from..until].iter().copied());
            }
        }
    }
    characters.into_iter().collect()
}

/// Changes an input in its buffer, as libFuzzer asks; the new length. Now and then nothing fits, and nothing changes.
pub fn mutate_in(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let changed = mutate(&data[..size], &mut Rng::with_seed(seed.into()));
    if changed.len() > max_size {
        return size;
    }
    data[..changed.len()].copy_from_slice(&changed);
    changed.len()
}

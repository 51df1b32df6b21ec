//! A visitor's profile, as JavaScript uses it.

use crate::profile::{Answer, Event, Feature, Interest, Profile as Sketch, Seen, Window, float};
use wasm_bindgen::prelude::*;

/// What one visitor did.
#[wasm_bindgen]
pub struct Profile {
    sketch: Sketch,
    /// What it was written as, until it changes.
    written: Vec<u8>,
    until: f64,
}

#[wasm_bindgen]
impl Profile {
    /// Reads a profile, or makes an empty one. `origin` is a random number, for one that is new.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8], origin: u32) -> Self {
        let sketch = Sketch::from_bytes(bytes).unwrap_or_else(|| Sketch::new(origin));
        Self { sketch, written: Vec::new(), until: f64::INFINITY }
    }

    /// Adds an event, and says whether it was new.
    #[expect(clippy::too_many_arguments, reason = "an object would be read member by member")]
    pub fn apply(
        &mut self,
        name: String,
        item: Option<String>,
        category: Option<String>,
        value: Option<f64>,
        time: f64,
        id: Option<String>,
        now: f64,
    ) -> bool {
        self.written.clear();
        self.sketch.apply(&Event { name, item, category, value, time, id }, now)
    }

    /// Takes in another profile of the same visitor.
    pub fn merge(&mut self, other: &Profile) {
        self.written.clear();
        self.sketch.merge(&other.sketch);
    }

    /// The profile as at most 1,536 bytes. From then on it is what those are read as.
    pub fn bytes(&mut self) -> Vec<u8> {
        self.written = self.sketch.fit();
        self.written.clone()
    }

    /// Whether it was written, and has not changed since.
    #[wasm_bindgen(js_name = isWritten)]
    pub fn is_written(&self) -> bool {
        !self.written.is_empty()
    }

    /// Whether it was written as these bytes, and has not changed since. Compared eight by eight, for which there is no function in
    /// WebAssembly.
    #[wasm_bindgen(js_name = isWrittenAs)]
    pub fn is_written_as(&self, bytes: &[u8]) -> bool {
        let (here, there) = (self.written.as_chunks::<8>(), bytes.as_chunks::<8>());
        let number = |chunk: &[u8; 8]| u64::from_le_bytes(*chunk);
        here.0.iter().map(number).eq(there.0.iter().map(number)) && here.1 == there.1
    }

    /// What a feature is, by its path below `profile`.
    pub fn feature(&mut self, path: &str, now: f64) -> JsValue {
        self.until = f64::INFINITY;
        let Some(feature) = Feature::named(path) else { return JsValue::UNDEFINED };
        let (answer, until) = self.sketch.feature(feature, now);
        self.until = until;
        to_js(answer)
    }

    /// How often an event happened in a window, see [`window`].
    pub fn count(&mut self, event: &str, within: f64, now: f64) -> u32 {
        let counted = self.sketch.count(event, window(within), now);
        self.until = counted.until;
        counted.times
    }

    /// Each time that it did, of the last 40 events: `[item, category, value]` each.
    pub fn each(&mut self, event: &str, within: f64, now: f64) -> JsValue {
        let (events, until) = self.sketch.each(event, window(within), now);
        self.until = until;
        to_js(Answer::Events(events))
    }

    /// The number of the cluster that the visitor belongs to.
    pub fn nearest(&mut self, numbers: &[f64], now: f64) -> Option<u32> {
        let (cluster, until) = self.sketch.nearest(numbers, now);
        self.until = until;
        cluster
    }

    /// Until when time alone does not change the last answer.
    #[wasm_bindgen(getter)]
    pub fn until(&self) -> f64 {
        self.until
    }

    /// What the visitor likes: `[key, how much, how often, last, whether it was bought]` each. Items, or categories.
    pub fn interests(&self, of_items: bool, now: f64) -> js_sys::Array {
        listed(if of_items { self.sketch.items(now) } else { self.sketch.categories(now) })
    }

    /// All items that the visitor dealt with, as [`Profile::interests`] says those that they like.
    pub fn past(&self, now: f64) -> js_sys::Array {
        listed(self.sketch.past(now))
    }
}

fn listed(interests: Vec<(Interest<'_>, f64)>) -> js_sys::Array {
    let members = |(interest, worth): (Interest<'_>, f64)| {
        list(&[
            JsValue::from_str(interest.key),
            worth.into(),
            interest.times.into(),
            float(interest.last).into(),
            interest.is_bought.into(),
        ])
    };
    interests.into_iter().map(members).collect()
}

/// A window as JavaScript says it: milliseconds, -1 for the session, -2 for the one before, infinity for ever.
fn window(within: f64) -> Window {
    if within == f64::INFINITY {
        Window::Ever
    } else if within == -1.0 {
        Window::Session
    } else if within == -2.0 {
        Window::LastSession
    } else {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped by the conversion")]
        let milliseconds = within as u64;
        Window::Last(milliseconds)
    }
}

fn to_js(answer: Answer<'_>) -> JsValue {
    match answer {
        Answer::Missing => JsValue::UNDEFINED,
        Answer::Bool(bool) => bool.into(),
        Answer::Number(number) => number.into(),
        Answer::Word(word) => word.into(),
        Answer::Texts(texts) => texts.into_iter().map(JsValue::from_str).collect::<js_sys::Array>().into(),
        Answer::Events(events) => events.into_iter().map(seen).collect::<js_sys::Array>().into(),
    }
}

fn seen(seen: Seen<'_>) -> js_sys::Array {
    let text = |text: Option<&str>| text.map_or(JsValue::NULL, JsValue::from_str);
    list(&[text(seen.item), text(seen.category), seen.value.map_or(JsValue::NULL, JsValue::from)])
}

/// A row of values. JavaScript makes an object of it, which from here takes a call for each member.
fn list(values: &[JsValue]) -> js_sys::Array {
    let list = js_sys::Array::new();
    for value in values {
        list.push(value);
    }
    list
}

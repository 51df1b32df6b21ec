//! The cold paths: checking, compiling and explaining.

use super::runtime::Runtime;
use crate::explain::explain;
use crate::problem::{Pointer, Problem};
use serde::Serialize;
use wasm_bindgen::prelude::*;

fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(JsValue::from)
}

fn read(json: &str) -> Result<serde_json::Value, Vec<Problem>> {
    serde_json::from_str(json).map_err(|error| {
        let message = format!("this is not JSON: {error}");
        vec![Problem::error(&Pointer::default(), message)]
    })
}

/// Everything that is wrong with a bundle, given as JSON text.
///
/// # Errors
/// None but those of the host.
#[wasm_bindgen]
pub fn check(json: &str) -> Result<JsValue, JsValue> {
    to_js(&read(json).map_or_else(|problems| problems, crate::check))
}

/// A bundle, given as JSON text, compiled: `{ bytes, problems }`, with bytes when no problem is an error.
///
/// # Errors
/// None but those of the host.
#[wasm_bindgen]
pub fn compile(json: &str) -> Result<JsValue, JsValue> {
    let (bytes, problems) = match read(json).and_then(crate::compile) {
        Ok(compiled) => (js_sys::Uint8Array::from(compiled.bytes.as_slice()).into(), compiled.warnings),
        Err(problems) => (JsValue::UNDEFINED, problems),
    };
    let result = js_sys::Object::new();
    js_sys::Reflect::set(&result, &"bytes".into(), &bytes)?;
    js_sys::Reflect::set(&result, &"problems".into(), &to_js(&problems)?)?;
    Ok(result.into())
}

/// The JSON Schema of a bundle.
///
/// # Errors
/// None but those of the host.
#[wasm_bindgen]
pub fn schema() -> Result<JsValue, JsValue> {
    to_js(&crate::schema())
}

#[wasm_bindgen]
impl Runtime {
    /// Decides with what was written, and tells every step, both as fields and as a sentence.
    ///
    /// # Errors
    /// None but those of the host.
    pub fn explain(
        &mut self,
        now: f64,
        offset_minutes: i32,
        until: f64,
        consent: u32,
        forced: usize,
        profile_until: f64,
    ) -> Result<JsValue, JsValue> {
        self.fill(now, offset_minutes, until, consent, forced, profile_until);
        let explanation = explain(&self.program, &self.names, &self.frame);
        let told = explanation.slots.iter().map(|(slot, steps)| {
            let steps = steps.iter().map(|step| Told { step, text: step.to_string() }).collect();
            (slot, steps)
        });
        to_js(&told.collect::<indexmap::IndexMap<_, Vec<_>>>())
    }
}

#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    step: &'a crate::explain::Step,
    text: String,
}

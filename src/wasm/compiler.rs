//! The cold paths: checking, compiling and explaining.

use super::runtime::Runtime;
use crate::explain::explain;
use crate::problem::{Pointer, Problem};
use crate::{Files, Matrix};
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

/// The files beside a bundle, from a list of names, contents and columns in turn: floats have columns, bytes have none.
fn files(given: &js_sys::Array) -> Files {
    let mut files = Files::default();
    let mut given = given.iter();
    while let (Some(name), Some(content), Some(columns)) = (given.next(), given.next(), given.next()) {
        let name = name.as_string().unwrap_or_default();
        match content.dyn_into::<js_sys::Float32Array>() {
            Ok(numbers) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "clamped by the conversion"
                )]
                let columns = columns.as_f64().unwrap_or_default() as usize;
                files.insert_matrix(name, Matrix { columns, numbers: numbers.to_vec() });
            }
            Err(other) => {
                let bytes = other.dyn_into::<js_sys::Uint8Array>().map(|content| content.to_vec());
                files.insert(name, bytes.unwrap_or_default());
            }
        }
    }
    files
}

/// Everything that is wrong with a bundle, given as JSON text, with the files that it mentions: names, contents and columns in
/// turn.
///
/// # Errors
/// None but those of the host.
#[wasm_bindgen]
pub fn check(json: &str, given: &js_sys::Array) -> Result<JsValue, JsValue> {
    to_js(&read(json).map_or_else(|problems| problems, |document| crate::check_with(document, &files(given))))
}

/// A bundle, given as [`check`] takes it, compiled: `{ bytes, problems }`, with bytes when no problem is an error.
///
/// # Errors
/// None but those of the host.
#[wasm_bindgen]
pub fn compile(json: &str, given: &js_sys::Array) -> Result<JsValue, JsValue> {
    let (bytes, problems) = match read(json).and_then(|document| crate::compile_with(document, &files(given))) {
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

//! From a decision to a rewritten page.

use crate::host::{mark_page, rewrite_page};
use crate::{persona, visitor};
use serde::Serialize;
use serde_json::{Value as Json, json};
use slotwise::{Engine, Personalization, Shown};
use worker::{Env, Request, Response, Result};

/// What is to be done to a page. `rewrite.ts` reads it.
#[derive(Serialize)]
struct Plan {
    slots: Vec<SlotPlan>,
    /// The handoff: JSON that is safe inside a script element.
    state: String,
}

#[derive(Serialize)]
struct SlotPlan {
    name: String,
    variant: String,
    content: Json,
}

/// Decides what the page shows to this visitor: a [`Plan`] as JSON.
pub(crate) fn adapt(engine: &Engine, request: &Request, env: &Env) -> Result<String> {
    let mut context = visitor::context(request)?;
    persona::assume(&mut context, request, env);
    let result = engine.personalize(&context);
    let slots = result.slots.iter().map(|(name, shown)| SlotPlan {
        name: name.clone(),
        variant: shown.variant.clone(),
        content: shown.content.clone(),
    });
    Ok(serde_json::to_string(&Plan { slots: slots.collect(), state: state(engine, &result) })?)
}

/// Sends the page on with the plan applied. What a visitor's page shows is nobody else's.
pub(crate) fn rewrite(page: Response, plan: &str) -> Response {
    Response::from(rewrite_page(mark_page(page.into(), "adapted"), plan))
}

/// Sends the page on as it came, with what became of it in a header.
pub(crate) fn marked(page: Response, outcome: &str) -> Response {
    Response::from(mark_page(page.into(), outcome))
}

/// What the browser is told, so that it need not decide again. Nothing in it identifies the visitor.
fn state(engine: &Engine, result: &Personalization) -> String {
    let slots: serde_json::Map<String, Json> =
        result.slots.iter().map(|(name, shown)| (name.clone(), handed_over(shown))).collect();
    let exposures: Vec<Json> = result
        .exposures
        .iter()
        .map(|exposure| {
            let mut exposure = serde_json::to_value(exposure).unwrap_or_default();
            exposure.as_object_mut().and_then(|members| members.shift_remove("bucket"));
            exposure
        })
        .collect();
    let manifest = engine.manifest();
    let state = json!({ "id": manifest.id, "revision": manifest.revision, "slots": slots, "exposures": exposures });
    // Inside a script element nothing ends it but `</script`, and nothing else confuses but `<!--`.
    state.to_string().replace('<', "\\u003c")
}

/// A slot's decision without what the page shows already: only values travel.
fn handed_over(shown: &Shown) -> Json {
    let mut decision = serde_json::to_value(shown).unwrap_or_default();
    if let Some(members) = decision.as_object_mut() {
        members.shift_remove("bucket");
        let value = shown.content.get("value").map_or_else(|| json!({}), |value| json!({ "value": value }));
        members.insert("content".to_owned(), value);
    }
    decision
}

//! The demonstration's other visitors: `?as={…}` changes what is known of the one who asks.
//!
//! Only where the variable `PERSONAS` is `on`: on a real site nobody may choose who they are.

use crate::visitor::set_zone;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use slotwise::Context;
use std::collections::HashMap;
use worker::{Env, Request};

/// What of a context a persona sets.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[derive(Default)]
struct Persona {
    attributes: Map<String, Json>,
    consent: Option<HashMap<String, bool>>,
    now: Option<f64>,
    time_zone: Option<String>,
}

/// Makes the visitor the persona of the address, if that is allowed and there is one.
pub(crate) fn assume(context: &mut Context, request: &Request, env: &Env) {
    if env.var("PERSONAS").map(|on| on.to_string()).ok().as_deref() != Some("on") {
        return;
    }
    let Ok(url) = request.url() else { return };
    let Some(persona) = url.query_pairs().find(|(name, _)| name == "as") else { return };
    let Ok(persona) = serde_json::from_str::<Persona>(&persona.1) else { return };
    if let Json::Object(known) = &mut context.attributes {
        known.extend(persona.attributes);
    }
    if let Some(consent) = persona.consent {
        context.consent = consent.into_iter().collect();
    }
    context.now = persona.now.unwrap_or(context.now);
    if let Some(zone) = persona.time_zone {
        set_zone(context, &zone);
    }
}

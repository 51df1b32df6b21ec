//! What a request tells of its visitor.

use serde_json::{Map, Value as Json, json};
use slotwise::Context;
use worker::{Cf, Date, Request, Result};

/// The cookie that holds the visitor's id.
const ID_COOKIE: &str = "slotwise_id";

/// The cookie that holds the purposes that the visitor has consented to, joined by dots.
const CONSENT_COOKIE: &str = "slotwise_consent";

/// What is known for the decision.
pub(crate) fn context(request: &Request) -> Result<Context> {
    let header = |name: &str| request.headers().get(name).ok().flatten();
    let cookies = header("cookie").unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of any calendar date are exact in a double")]
    let now = Date::now().as_millis() as f64;
    let mut context = Context::new(now);
    context.request = slotwise::Request {
        url: Some(request.url()?.to_string()),
        referrer: header("referer"),
        user_agent: header("user-agent"),
        language: header("accept-language"),
    };
    let mut attributes = Map::new();
    if let Some(cf) = request.cf() {
        attributes.insert("geo".to_owned(), place(cf));
        set_zone(&mut context, &cf.timezone_name());
    }
    if let Some(id) = cookie(&cookies, ID_COOKIE) {
        attributes.insert("id".to_owned(), Json::from(id));
    }
    context.attributes = Json::Object(attributes);
    let purposes = cookie(&cookies, CONSENT_COOKIE).unwrap_or_default();
    context.consent = purposes.split('.').map(|purpose| (purpose.to_owned(), true)).collect();
    Ok(context)
}

/// Sets the visitor's time zone by its IANA name.
pub(crate) fn set_zone(context: &mut Context, name: &str) {
    let [offset, until] = crate::host::zone_at(name, context.now);
    #[expect(clippy::cast_possible_truncation, reason = "minutes, at most a day")]
    let offset = offset as i32;
    context.utc_offset = offset;
    context.utc_offset_until = Some(until).filter(|until| until.is_finite());
}

/// What the network knows of the visitor's place.
fn place(cf: &Cf) -> Json {
    let (latitude, longitude) = cf.coordinates().unzip();
    json!({
        "continent": cf.continent(),
        "country": cf.country(),
        "region": cf.region(),
        "city": cf.city(),
        "postalCode": cf.postal_code(),
        "latitude": latitude,
        "longitude": longitude,
        "timeZone": cf.timezone_name(),
    })
}

fn cookie<'c>(cookies: &'c str, name: &str) -> Option<&'c str> {
    cookies
        .split(';')
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
        .filter(|value| !value.is_empty())
}

//! What a visitor did: the profile that their browser keeps, or the events that one is made of.

use crate::failure::Failure;
use crate::output::warn;
use crate::source::Source;
use crate::zone::instant;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;
use slotwise::Context;
use slotwise::bundle::manifest::Manifest;
use slotwise::profile::fading::REFERENCE;
use slotwise::profile::{Event, Profile};

/// A line of a file of events: the members that `profile.track` takes, and those that a log has besides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    item: Option<String>,
    category: Option<String>,
    value: Option<f64>,
    time: Option<Json>,
    id: Option<String>,
    visitor: Option<Json>,
    #[serde(rename = "attributes")]
    _attributes: Option<IgnoredAny>,
}

/// Reads a profile for a context, from a file or stdin.
pub(crate) fn read(path: &str, context: &Context, manifest: &Manifest) -> Result<Vec<u8>, Failure> {
    let source = Source::read(path)?;
    let profile = if source.text.trim_start().starts_with('{') {
        fold(&events(&source, context.now)?, &source.name, context.now)
    } else {
        kept(&source)?
    };
    tell_what_hides_it(context, manifest);
    Ok(profile.to_bytes())
}

/// A profile as the cookie and the storage of pages hold it.
fn kept(source: &Source) -> Result<Profile, Failure> {
    let bytes = Base64UrlUnpadded::decode_vec(source.text.trim()).ok();
    bytes.as_deref().and_then(Profile::from_bytes).ok_or_else(|| {
        Failure::new(format!("{} holds neither events nor a profile", source.name)).help(
            "write one event a line, such as {\"name\": \"view_item\", \"item\": \"boots\"}, or the value of the cookie slotwise_profile",
        )
    })
}

/// The events of a file, in the order of their times.
fn events(source: &Source, now: f64) -> Result<Vec<Event>, Failure> {
    let mut events = Vec::new();
    let mut visitor = None;
    let lines = (1..).zip(source.text.lines()).filter(|(_, line)| !line.trim().is_empty());
    for (number, line) in lines {
        let at = |message: String| Failure::new(format!("{}:{number}: {message}", source.name));
        let line: Line = serde_json::from_str(line).map_err(|error| {
            let error = error.to_string();
            // The line that it names is the first: each is read by itself.
            at(format!("this is no event: {}", error.split(" at line ").next().unwrap_or_default()))
                .help("write one event a line: name, and where you know them item, category, value, time and id")
        })?;
        if let (Some(one), Some(other)) = (&visitor, &line.visitor)
            && one != other
        {
            return Err(at(format!("this event is of {other}, and those before of {one}"))
                .help("a profile is of one visitor: leave out what others did"));
        }
        visitor = visitor.or(line.visitor);
        let time = match &line.time {
            None | Some(Json::Null) => now,
            given => instant(given.as_ref()).map_err(|message| at(message).help(TIMES))?,
        };
        if line.time.is_some() && time < REFERENCE {
            return Err(at(format!("{time} is before 2020, of which profiles know nothing")).help(TIMES));
        }
        let Line { name, item, category, value, id, .. } = line;
        events.push(Event { name, item, category, value, time, id });
    }
    events.sort_by(|one, other| one.time.total_cmp(&other.time));
    Ok(events)
}

const TIMES: &str = "milliseconds since 1970, or a time such as \"2026-11-02T08:30:00+01:00\"";

/// The profile that events leave behind, each added when it happened. What has not happened yet at `now` is left out.
fn fold(events: &[Event], name: &str, now: f64) -> Profile {
    let mut profile = Profile::default();
    let (happened, later): (Vec<&Event>, Vec<&Event>) = events.iter().partition(|event| event.time <= now);
    let repeated = happened.into_iter().filter(|event| !profile.apply(event, event.time)).count();
    for (count, why) in [(repeated, "told again"), (later.len(), "later than the context's \"now\"")] {
        if count > 0 {
            warn(&format!("{name}: {count} of {} events left out: {why}\n", events.len()));
        }
    }
    profile
}

/// Without consent, or a question of the bundle's, a profile changes nothing, and whoever explains wants to be told.
fn tell_what_hides_it(context: &Context, manifest: &Manifest) {
    let Some(questions) = &manifest.profile else {
        warn("the bundle asks nothing about what visitors did: the profile changes nothing\n");
        return;
    };
    let purpose = questions.consent.as_ref().filter(|purpose| context.consent.get(*purpose) != Some(&true));
    if let Some(purpose) = purpose {
        warn(&format!(
            "the profile is not looked at: the context has no consent to \"{purpose}\"; add \"consent\": {{ \"{purpose}\": true }}\n"
        ));
    }
}

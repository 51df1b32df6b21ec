//! The context of a decision, as JSON: checked member by member, so that a slip of the pen is reported
//! and not decided upon.

use crate::diagnostics::{locate, syntax_error};
use crate::failure::Failure;
use crate::source::Source;
use crate::zone::{Zone, instant, resolve};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};
use slotwise::bundle::manifest::Manifest;
use slotwise::problem::nearest;
use slotwise::{Context, Pointer, Problem, Request};
use std::path::PathBuf;

const MEMBERS: [&str; 7] = ["attributes", "request", "consent", "now", "timeZone", "sticky", "force"];
const FACTS: [&str; 4] = ["url", "referrer", "userAgent", "language"];

/// Reads the context that an argument stands for: a file, JSON text, or stdin. Without one, only the
/// present moment is known.
pub(crate) fn read(argument: Option<&str>, manifest: &Manifest) -> Result<Context, Failure> {
    let source = match argument {
        None => Source { name: "context".to_owned(), text: "{}".to_owned(), folder: PathBuf::new() },
        Some(text) if text.trim_start().starts_with('{') => {
            Source { name: "context".to_owned(), text: text.to_owned(), folder: PathBuf::new() }
        }
        Some(path) => Source::read(path)?,
    };
    let document = match serde_json::from_str(&source.text) {
        Ok(document) => document,
        Err(error) => {
            let finding = syntax_error(&source, &error);
            return Err(Failure::Context(Box::new(source), vec![finding]));
        }
    };
    let mut reader = Reader::default();
    let context = reader.context(&document);
    reader.check_forced(&context.force, manifest);
    if reader.problems.is_empty() {
        return Ok(context);
    }
    let findings = locate(&source, reader.problems);
    Err(Failure::Context(Box::new(source), findings))
}

#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn error(&mut self, pointer: &Pointer, message: impl Into<String>, help: &str) {
        self.problems.push(Problem::error(pointer, message).help(help));
    }

    fn context(&mut self, document: &Json) -> Context {
        let root = Pointer::default();
        let empty = Map::new();
        let members = document.as_object().unwrap_or_else(|| {
            self.error(&root, "a context is an object", "such as {\"attributes\": {\"id\": \"user-1\"}}");
            &empty
        });
        self.check_names(members, &MEMBERS, &root);
        let mut context = Context::new(0.0);
        if let Some(attributes) = self.object(members, "attributes", &root) {
            context.attributes = Json::Object(attributes.clone());
        }
        if let Some(request) = self.object(members, "request", &root) {
            context.request = self.request(request, &root.child("request"));
        }
        context.consent = self.each(members, "consent", "true or false", Json::as_bool);
        context.sticky = self.each(members, "sticky", "the name of an arm", text);
        context.force = self.each(members, "force", "the name of a variant", text);
        self.time(members, &mut context);
        context
    }

    fn request(&mut self, members: &Map<String, Json>, pointer: &Pointer) -> Request {
        self.check_names(members, &FACTS, pointer);
        let mut facts = self.texts(members, pointer);
        let [url, referrer, user_agent, language] = FACTS.map(|name| facts.swap_remove(name));
        Request { url, referrer, user_agent, language }
    }

    fn texts(&mut self, members: &Map<String, Json>, pointer: &Pointer) -> IndexMap<String, String> {
        let known = members.iter().filter(|(name, value)| FACTS.contains(&name.as_str()) && !value.is_null());
        let texts = known.filter_map(|(name, value)| {
            let text = text(value).map(|text| (name.clone(), text));
            if text.is_none() {
                self.error(&pointer.child(name), format!("{value} is no text"), "write it in quotes, or leave it out");
            }
            text
        });
        texts.collect()
    }

    fn time(&mut self, members: &Map<String, Json>, context: &mut Context) {
        let root = Pointer::default();
        match instant(members.get("now")) {
            Ok(now) => context.now = now,
            Err(message) => {
                let help = "milliseconds since 1970, or a time such as \"2026-11-02T08:30:00+01:00\"";
                self.error(&root.child("now"), message, help);
            }
        }
        match resolve(members.get("timeZone"), context.now) {
            Ok(Zone { offset_minutes, until }) => {
                context.utc_offset = offset_minutes;
                context.utc_offset_until = until;
            }
            Err((message, help)) => self.error(&root.child("timeZone"), message, &help),
        }
    }

    /// Names that are no members, with the name that was probably meant.
    fn check_names(&mut self, members: &Map<String, Json>, known: &[&str], pointer: &Pointer) {
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            let help = match nearest(name, known.iter().copied()) {
                Some(close) => format!("did you mean \"{close}\"?"),
                None if pointer.as_str().is_empty() => {
                    format!("there are {}; what is known of the visitor belongs into attributes", known.join(", "))
                }
                None => format!("there are {}", known.join(", ")),
            };
            self.error(&pointer.child(name), format!("there is no \"{name}\" here"), &help);
        }
    }

    fn object<'j>(
        &mut self,
        members: &'j Map<String, Json>,
        name: &str,
        parent: &Pointer,
    ) -> Option<&'j Map<String, Json>> {
        let value = members.get(name).filter(|value| !value.is_null())?;
        if !value.is_object() {
            self.error(&parent.child(name), format!("\"{name}\" is an object"), "write it in braces, or leave it out");
        }
        value.as_object()
    }

    /// An object whose members are all of one kind.
    fn each<T>(
        &mut self,
        members: &Map<String, Json>,
        name: &str,
        kind: &str,
        read: impl Fn(&Json) -> Option<T>,
    ) -> IndexMap<String, T> {
        let pointer = Pointer::default();
        let mut found = IndexMap::new();
        for (key, value) in self.object(members, name, &pointer).into_iter().flatten() {
            match read(value) {
                Some(value) => drop(found.insert(key.clone(), value)),
                None => self.error(
                    &pointer.child(name).child(key),
                    format!("{value} does not fit"),
                    &format!("write {kind}"),
                ),
            }
        }
        found
    }

    /// The engine passes over slots and variants that it does not know; whoever explains wants to be told.
    fn check_forced(&mut self, force: &IndexMap<String, String>, manifest: &Manifest) {
        for (name, variant) in force {
            let pointer = Pointer::default().child("force").child(name);
            let slot = manifest.slots.iter().find(|slot| slot.name == *name);
            let (known, message): (Vec<&str>, String) = match slot {
                None => (
                    manifest.slots.iter().map(|slot| slot.name.as_str()).collect(),
                    format!("there is no slot \"{name}\""),
                ),
                Some(slot) => (
                    slot.variants.iter().map(|(known, _)| known.as_str()).collect(),
                    format!("slot \"{name}\" has no variant \"{variant}\""),
                ),
            };
            let wanted = if slot.is_some() { variant } else { name };
            if slot.is_none() || !known.contains(&variant.as_str()) {
                self.error(&pointer, message, &suggestion(wanted, &known));
            }
        }
    }
}

/// The name that was probably meant, or all there are.
pub(crate) fn suggestion(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(close) => format!("did you mean \"{close}\"?"),
        None => format!("there are {}", known.join(", ")),
    }
}

fn text(value: &Json) -> Option<String> {
    value.as_str().map(str::to_owned)
}

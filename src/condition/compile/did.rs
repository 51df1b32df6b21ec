//! `$did`: what the visitor's profile says they have done.

use super::{Compiler, Op, Registry, Scope, Subject};
use crate::problem::{Pointer, Problem, nearest};
use crate::profile::{STANDARD, Window};
use crate::value::Span;
use serde_json::{Value as Json, json};
use std::cell::Cell;

const MEMBERS: [&str; 4] = ["event", "within", "times", "where"];
const HELP: &str = "write {\"$did\": {\"event\": \"view_item\", \"within\": \"10m\", \"times\": {\"$gte\": 3}}}";

/// Days that a profile reaches back.
const MOST_DAYS: u64 = 90;
const DAY: u64 = 86_400_000;

impl<R: Registry> Compiler<'_, R> {
    pub(super) fn did(&mut self, operand: &Json, pointer: &Pointer, scope: Scope) {
        if scope == Scope::Element {
            let message = "$did is about the visitor and cannot be asked of an element";
            self.report(Problem::error(pointer, message).help("where $segment may be asked, name it as a segment"));
        }
        let Json::Object(members) = operand else {
            self.report(Problem::error(pointer, "$did takes an object").help(HELP));
            return self.emit(Op::Always(false));
        };
        for unknown in members.keys().filter(|name| !MEMBERS.contains(&name.as_str())) {
            let help = match nearest(unknown, MEMBERS) {
                Some(close) => format!("did you mean \"{close}\"?"),
                None => HELP.to_owned(),
            };
            let message = format!("$did has no member \"{unknown}\"");
            self.report(Problem::error(&pointer.child(unknown), message).help(help));
        }
        let Some(event) = members.get("event").and_then(Json::as_str).filter(|event| !event.is_empty()) else {
            self.report(Problem::error(pointer, "$did needs the name of an event").help(HELP));
            return self.emit(Op::Always(false));
        };
        if let Some(close) = nearest(event, STANDARD).filter(|close| *close != event) {
            let message = format!("\"{event}\" is an event of your own");
            let help = format!("if you mean the event that is known everywhere, it is \"{close}\"");
            self.report(Problem::warning(&pointer.child("event"), message).help(help));
        }
        let within = members.get("within");
        let Some(window) = within.map_or(Some(Window::Ever), window) else {
            let message = "within is a time such as \"10m\", \"3h\" or \"30d\" (90 days at most), \"session\" or \"last-session\"";
            self.error(&pointer.child("within"), message);
            return self.emit(Op::Always(false));
        };
        let at_least_once = json!({ "$gte": 1 });
        let times = members.get("times").unwrap_or(&at_least_once);
        if !times.is_number() && !times.is_object() {
            self.error(&pointer.child("times"), "times is a number, or operators such as {\"$gte\": 3}");
            return self.emit(Op::Always(false));
        }
        let condition = members.get("where");
        let name = match within.and_then(Json::as_str) {
            Some(within) => format!("{event} within {within}"),
            None => event.to_owned(),
        };
        let input = Subject::Input(self.registry.did(&name, event, window, condition.is_some()));
        let times_pointer = if members.contains_key("times") { pointer.child("times") } else { pointer.clone() };
        match condition {
            None => self.value(times, input, &times_pointer),
            Some(condition) => self.count(condition, times, input, [&pointer.child("where"), &times_pointer]),
        }
    }

    /// Counts the elements of which a condition holds, and tests how many those are.
    fn count(&mut self, condition: &Json, times: &Json, subject: Subject, [inside, behind]: [&Pointer; 2]) {
        let counted = Cell::new(0);
        self.group(
            |end| Op::Count { subject, counted: counted.get(), end },
            |compiler| {
                compiler.condition(condition, inside, Scope::Element);
                counted.set(super::position(compiler.registry.conditions()));
                compiler.value(times, Subject::Element(Span::default()), behind);
            },
        );
    }
}

/// What `within` says.
fn window(within: &Json) -> Option<Window> {
    window_of(within.as_str()?)
}

/// The window of a text such as `10m` or `session`.
pub(crate) fn window_of(within: &str) -> Option<Window> {
    match within {
        "session" => Some(Window::Session),
        "last-session" => Some(Window::LastSession),
        time => {
            let unit = match time.chars().last()? {
                'm' => 60_000,
                'h' => 3_600_000,
                'd' => DAY,
                _ => return None,
            };
            let number: u64 = time.get(..time.len().checked_sub(1)?)?.parse().ok()?;
            let length = number.checked_mul(unit)?;
            (length > 0 && length <= MOST_DAYS.saturating_mul(DAY)).then_some(Window::Last(length))
        }
    }
}

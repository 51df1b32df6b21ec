//! How often something was done lately.

use super::fold::{start_of, units};
use super::sessions::{PAUSE, Session};
use super::{DAY, DAYS, HOUR, HOURS, Profile, Recent, Text, float};

/// A stretch of time that ends now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The last so many milliseconds.
    Last(u64),
    /// The session that goes on.
    Session,
    /// The one before it.
    LastSession,
    /// Ever since the visitor came first, as far as it is known.
    Ever,
}

/// How often something was done in a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    /// So many times.
    pub times: u32,
    /// Time alone does not change that before this instant, in milliseconds since 1970.
    pub until: f64,
}

/// One event, as a condition sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen<'a> {
    /// The item, its category, and the value.
    pub item: Option<&'a str>,
    /// See `item`.
    pub category: Option<&'a str>,
    /// See `item`.
    pub value: Option<f64>,
}

impl Profile {
    /// How often an event happened in a window.
    ///
    /// Exact as long as the last 40 events reach as far back as the window; else by the hour up to two days, and
    /// by the day (of UTC) up to 90, where the hour or day in which the window begins counts whole.
    #[must_use]
    pub fn count(&self, event: &str, window: Window, now: f64) -> Counted {
        let never = Counted { times: 0, until: f64::INFINITY };
        let Some(kind) = self.kind_of(event) else { return never };
        let moment = self.moment(now);
        let counted =
            |times: u32, until: u64| Counted { times, until: if times == 0 { f64::INFINITY } else { float(until) } };
        match window {
            Window::Last(length) => {
                let from = moment.saturating_sub(length).saturating_add(1);
                if from >= self.complete_from {
                    return self.count_where(event, window, now, |_| true);
                }
                let is_within_hours = length <= u64::from(HOURS).saturating_mul(HOUR);
                let has_hours = units(from, HOUR) >= self.hours.complete_from();
                let (counts, unit) = if has_hours && is_within_hours { (&self.hours, HOUR) } else { (&self.days, DAY) };
                let (times, first) = counts.since(units(from, unit), kind);
                let begins_at = |time: u64| time.saturating_add(length).saturating_sub(1);
                let gone = begins_at(start_of(u64::from(first.unwrap_or(0)).saturating_add(1), unit));
                // As the window moves on, it comes to begin where more is known, and is counted by that.
                let mut until = gone.min(begins_at(self.complete_from));
                if is_within_hours && !has_hours {
                    until = until.min(begins_at(start_of(self.hours.complete_from().into(), HOUR)));
                }
                counted(times, until)
            }
            Window::Ever => {
                let (times, first) = self.days.since(0, kind);
                let gone =
                    start_of(u64::from(first.unwrap_or(0)).saturating_add(u64::from(DAYS)).saturating_add(1), DAY);
                counted(times, gone)
            }
            Window::Session | Window::LastSession => {
                let (current, last) = self.sessions.current_and_last(moment);
                let session = if window == Window::Session { current } else { last };
                let ends = current.map_or(u64::MAX, |current| current.end.saturating_add(PAUSE));
                let until = if current.is_some() { float(ends) } else { f64::INFINITY };
                Counted { times: session.map_or(0, |session| session.count(kind)), until }
            }
        }
    }

    /// How often an event that something is true of happened in a window, of the last 40 events.
    #[must_use]
    pub fn count_where(&self, event: &str, window: Window, now: f64, is_it: impl Fn(Seen<'_>) -> bool) -> Counted {
        let (seen, until) = self.each(event, window, now);
        let times = seen.into_iter().filter(|seen| is_it(*seen)).count();
        Counted { times: u32::try_from(times).unwrap_or(u32::MAX), until }
    }

    /// Each time that an event happened in a window, of the last 40 events, the latest last; and until when time alone does not change
    /// that, in milliseconds since 1970.
    #[must_use]
    pub fn each(&self, event: &str, window: Window, now: f64) -> (Vec<Seen<'_>>, f64) {
        let moment = self.moment(now);
        let (current, last) = self.sessions.current_and_last(moment);
        let during = |session: Option<&Session>| session.map_or((1, 0), |session| (session.start, session.end));
        let (from, to) = match window {
            Window::Last(length) => (moment.saturating_sub(length).saturating_add(1), u64::MAX),
            Window::Ever => (0, u64::MAX),
            Window::Session => during(current),
            Window::LastSession => during(last),
        };
        let ends = || current.map_or(f64::INFINITY, |current| float(current.end.saturating_add(PAUSE)));
        let mut until = if matches!(window, Window::Session | Window::LastSession) { ends() } else { f64::INFINITY };
        let mut seen = Vec::new();
        let Some(kind) = self.kind_of(event) else { return (seen, until) };
        for recent in self.recent.iter().filter(|recent| recent.kind == kind && (from..=to).contains(&recent.time)) {
            if let Window::Last(length) = window {
                until = until.min(float(recent.time.saturating_add(length)));
            }
            seen.push(self.seen(recent));
        }
        (seen, until)
    }

    fn seen(&self, recent: &Recent) -> Seen<'_> {
        let text = |text: Option<Text>| text.map(|text| self.texts.get(text));
        Seen { item: text(recent.item), category: text(recent.category), value: recent.value.map(f64::from) }
    }
}

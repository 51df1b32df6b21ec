//! How often something was done lately.

use super::fold::units;
use super::{DAY, DAYS, HOUR, HOURS, Profile, Recent};

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
                let (counts, unit) = if length <= u64::from(HOURS).saturating_mul(HOUR) {
                    (&self.hours, HOUR)
                } else {
                    (&self.days, DAY)
                };
                let (times, first) = counts.since(units(from, unit), kind);
                let gone = u64::from(first.unwrap_or(0)).saturating_add(1).saturating_mul(unit).saturating_add(length);
                counted(times, gone)
            }
            Window::Ever => {
                let (times, first) = self.days.since(0, kind);
                let gone =
                    u64::from(first.unwrap_or(0)).saturating_add(u64::from(DAYS)).saturating_add(1).saturating_mul(DAY);
                counted(times, gone)
            }
            Window::Session | Window::LastSession => {
                let (current, last) = self.sessions.current_and_last(moment);
                let session = if window == Window::Session { current } else { last };
                let ends = current.map_or(u64::MAX, |current| current.end.saturating_add(super::sessions::PAUSE));
                let until = if current.is_some() { float(ends) } else { f64::INFINITY };
                Counted { times: session.map_or(0, |session| session.count(kind)), until }
            }
        }
    }

    /// How often an event that something is true of happened in a window, of the last 40 events.
    #[must_use]
    pub fn count_where(&self, event: &str, window: Window, now: f64, is_it: impl Fn(Seen<'_>) -> bool) -> Counted {
        let moment = self.moment(now);
        let (current, last) = self.sessions.current_and_last(moment);
        let ends = current.map_or(f64::INFINITY, |current| float(current.end.saturating_add(super::sessions::PAUSE)));
        let (from, to) = match window {
            Window::Last(length) => (moment.saturating_sub(length).saturating_add(1), u64::MAX),
            Window::Ever => (0, u64::MAX),
            Window::Session => current.map_or((1, 0), |session| (session.start, session.end)),
            Window::LastSession => last.map_or((1, 0), |session| (session.start, session.end)),
        };
        let mut counted = Counted { times: 0, until: f64::INFINITY };
        if matches!(window, Window::Session | Window::LastSession) {
            counted.until = ends;
        }
        let Some(kind) = self.kind_of(event) else { return counted };
        for recent in &self.recent {
            if recent.kind == kind && (from..=to).contains(&recent.time) && is_it(recent.seen()) {
                counted.times = counted.times.saturating_add(1);
                if let Window::Last(length) = window {
                    counted.until = counted.until.min(float(recent.time.saturating_add(length)));
                }
            }
        }
        counted
    }
}

impl Recent {
    fn seen(&self) -> Seen<'_> {
        Seen { item: self.item.as_deref(), category: self.category.as_deref(), value: self.value.map(f64::from) }
    }
}

#[expect(clippy::cast_precision_loss, reason = "instants of the calendar are below 2⁵³")]
fn float(time: u64) -> f64 {
    time as f64
}

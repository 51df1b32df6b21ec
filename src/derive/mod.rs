//! Derived attributes: what a condition can read without the caller having
//! computed it, such as `time.hour`, `url.path` or `device.type`.
//!
//! Everything here is a pure function of one fact of the request, as the visitor
//! sent it, and a [`Moment`]. All text is UTF-16 code units, may be
//! anything at all, and costs time linear in its length; what makes no sense is
//! [`Output::Missing`], never an error.
//!
//! Not here: the precedence of attributes that a caller gives explicitly, the
//! lookup of a time zone's offset, and the normalisation of URLs. The host does
//! all three.

pub mod device;
pub mod language;
mod list;
mod output;
mod text;
pub mod time;
pub mod url;

#[cfg(test)]
mod tests;

pub use list::{Derived, LIST, Source, Values, lookup};
pub use output::Output;

/// When a decision is made, where the visitor is. An instant that is not known is NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub now_ms: f64,
    /// Minutes east of UTC at that instant, as [`time::MAX_OFFSET`] bounds it.
    pub offset_minutes: i32,
}

/// Computes one derived attribute from `fact`, the text that its [`Source`] names (empty when that is not
/// known). `query_name` is what [`lookup`] gave along with `derived`, as code points; only query parameters look at it.
#[inline(never)]
pub fn derive<'a>(derived: Derived, query_name: Option<&[u32]>, fact: &'a [u16], moment: Moment) -> Output<'a> {
    let (now, offset) = (moment.now_ms, moment.offset_minutes);
    match derived {
        Derived::TimeHour => time::hour(now, offset),
        Derived::TimeWeekday => time::weekday(now, offset),
        Derived::TimeMonth => time::month(now, offset),
        Derived::TimeDate => time::date(now, offset),
        Derived::UrlPath => url::path(fact),
        Derived::UrlHost | Derived::ReferrerHost => url::host(fact),
        Derived::UrlQuery
        | Derived::UtmSource
        | Derived::UtmMedium
        | Derived::UtmCampaign
        | Derived::UtmTerm
        | Derived::UtmContent => query_name.map_or(Output::Missing, |name| url::query(fact, name)),
        Derived::DeviceType => device::kind(fact),
        Derived::DeviceOs => device::os(fact),
        Derived::DeviceBrowser => device::browser(fact),
        Derived::Language => language::language(fact),
        Derived::Locale => language::locale(fact),
        // Whoever has the profile asks it, and hands the answer over.
        Derived::Profile => Output::Missing,
    }
}

/// The first instant after `now_ms` at which time alone can change `derived`,
/// in milliseconds since the epoch; infinite when time never does.
///
/// For `time.month` this is the next midnight, which is early but never late.
#[inline(never)]
pub fn next_change(derived: Derived, now_ms: f64, offset_minutes: i32) -> f64 {
    let next = match derived {
        Derived::TimeHour => time::next_hour(now_ms, offset_minutes),
        Derived::TimeWeekday | Derived::TimeMonth | Derived::TimeDate => time::next_midnight(now_ms, offset_minutes),
        _ => return f64::INFINITY,
    };
    if now_ms.is_nan() {
        // What is no moment may be another at once.
        return f64::NEG_INFINITY;
    }
    // Behind its last instant the calendar has no values.
    if now_ms <= time::MAX_INSTANT { next.min(time::MAX_INSTANT + 1.0) } else { next }
}

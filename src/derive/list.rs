//! The one list of derived attributes: their paths, what they need of the
//! request, and what they mean. Documentation, checks and the compiler all
//! read this list; nothing else names a path.

use crate::binary::binary;

/// A derived attribute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Derived {
    /// `time.hour`
    TimeHour,
    /// `time.weekday`
    TimeWeekday,
    /// `time.month`
    TimeMonth,
    /// `time.date`
    TimeDate,
    /// `url.path`
    UrlPath,
    /// `url.host`
    UrlHost,
    /// `url.query.NAME`, with the parameter's name beside it
    UrlQuery,
    /// `utm.source`, the parameter `utm_source`
    UtmSource,
    /// `utm.medium`, the parameter `utm_medium`
    UtmMedium,
    /// `utm.campaign`, the parameter `utm_campaign`
    UtmCampaign,
    /// `utm.term`, the parameter `utm_term`
    UtmTerm,
    /// `utm.content`, the parameter `utm_content`
    UtmContent,
    /// `referrer.host`
    ReferrerHost,
    /// `device.type`
    DeviceType,
    /// `device.os`
    DeviceOs,
    /// `device.browser`
    DeviceBrowser,
    /// `language`
    Language,
    /// `locale`
    Locale,
    /// What the profile says, at a path below `profile`
    Profile,
}

binary!(enum Derived else Self::TimeHour;
    0 = TimeHour,
    1 = TimeWeekday,
    2 = TimeMonth,
    3 = TimeDate,
    4 = UrlPath,
    5 = UrlHost,
    6 = UrlQuery,
    7 = UtmSource,
    8 = UtmMedium,
    9 = UtmCampaign,
    10 = UtmTerm,
    11 = UtmContent,
    12 = ReferrerHost,
    13 = DeviceType,
    14 = DeviceOs,
    15 = DeviceBrowser,
    16 = Language,
    17 = Locale,
    18 = Profile,
);

/// The part of a context that a derived attribute is computed from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// `now` and the UTC offset of `timeZone`.
    Time,
    /// `request.url`
    Url,
    /// `request.referrer`
    Referrer,
    /// `request.userAgent`
    UserAgent,
    /// `request.language`
    Language,
    /// `profile`
    Profile,
}

/// The values that a derived attribute can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Values {
    /// More than can be listed.
    Any,
    /// One of some texts.
    OneOf(&'static [&'static str]),
    /// A whole number, from the first to the last.
    Whole(u8, u8),
    /// True or false.
    Flag,
}

const QUERY_PREFIX: &str = "url.query.";

/// Every derived attribute: its path, which it is, what it is computed from, the values it can have,
/// and its meaning and range in one line that goes on from "it is". `url.query.*` stands for every path
/// with that prefix.
#[rustfmt::skip]
pub const LIST: &[(&str, Derived, Source, Values, &str)] = &[
    ("time.hour", Derived::TimeHour, Source::Time, Values::Whole(0, 23), "the local hour, a number from 0 to 23"),
    ("time.weekday", Derived::TimeWeekday, Source::Time, Values::Whole(1, 7), "the ISO 8601 day of the week, a number from 1 (Monday) to 7 (Sunday)"),
    ("time.month", Derived::TimeMonth, Source::Time, Values::Whole(1, 12), "the month, a number from 1 (January) to 12 (December)"),
    ("time.date", Derived::TimeDate, Source::Time, Values::Any, "the local date, a string YYYY-MM-DD"),
    ("url.path", Derived::UrlPath, Source::Url, Values::Any, "the path of the page, a string that begins with /, percent-encoded as in the URL"),
    ("url.host", Derived::UrlHost, Source::Url, Values::Any, "the host of the page, a string in lower case, without port"),
    ("url.query.*", Derived::UrlQuery, Source::Url, Values::Any, "the first value of the query parameter of that name, a decoded string"),
    ("utm.source", Derived::UtmSource, Source::Url, Values::Any, "the query parameter utm_source, a decoded string"),
    ("utm.medium", Derived::UtmMedium, Source::Url, Values::Any, "the query parameter utm_medium, a decoded string"),
    ("utm.campaign", Derived::UtmCampaign, Source::Url, Values::Any, "the query parameter utm_campaign, a decoded string"),
    ("utm.term", Derived::UtmTerm, Source::Url, Values::Any, "the query parameter utm_term, a decoded string"),
    ("utm.content", Derived::UtmContent, Source::Url, Values::Any, "the query parameter utm_content, a decoded string"),
    ("referrer.host", Derived::ReferrerHost, Source::Referrer, Values::Any, "the host of the referring page, a string in lower case, without port"),
    ("device.type", Derived::DeviceType, Source::UserAgent, Values::OneOf(&["mobile", "tablet", "desktop", "bot"]), "one of mobile, tablet, desktop, bot"),
    ("device.os", Derived::DeviceOs, Source::UserAgent, Values::OneOf(&["ios", "android", "windows", "macos", "chromeos", "linux", "other"]), "one of ios, android, windows, macos, chromeos, linux, other"),
    ("device.browser", Derived::DeviceBrowser, Source::UserAgent, Values::OneOf(&["chrome", "safari", "firefox", "edge", "opera", "samsung", "other"]), "one of chrome, safari, firefox, edge, opera, samsung, other"),
    ("language", Derived::Language, Source::Language, Values::Any, "the preferred language, a primary subtag in lower case such as pl"),
    ("locale", Derived::Locale, Source::Language, Values::Any, "the preferred language tag in canonical case such as en-GB"),
    ("profile.isNew", Derived::Profile, Source::Profile, Values::Flag, "whether this is the visitor's first session, true or false"),
    ("profile.sessions", Derived::Profile, Source::Profile, Values::Any, "how many sessions there were, a number; half an hour without an event ends one"),
    ("profile.engagement", Derived::Profile, Source::Profile, Values::OneOf(&["low", "medium", "high"]), "how much the visitor does lately, one of low, medium, high"),
    ("profile.rfm.recency", Derived::Profile, Source::Profile, Values::Any, "whole days since the last purchase, a number; missing when there was none"),
    ("profile.rfm.frequency", Derived::Profile, Source::Profile, Values::Any, "how many purchases there were, a number"),
    ("profile.rfm.monetary", Derived::Profile, Source::Profile, Values::Any, "what they came to, a number in the site's currency"),
    ("profile.categories", Derived::Profile, Source::Profile, Values::Any, "the five categories that the visitor likes most, a list of strings"),
    ("profile.items", Derived::Profile, Source::Profile, Values::Any, "the five items that the visitor likes most, a list of strings"),
    ("profile.leftCart", Derived::Profile, Source::Profile, Values::Flag, "whether the last session ended with a cart and no purchase, true or false"),
    ("profile.cluster", Derived::Profile, Source::Profile, Values::Any, "the name of the cluster that the visitor belongs to, a string; missing when a feature is, and without clusters"),
];

/// Finds the derived attribute at `path`, and the name of the query parameter
/// it reads if it reads one. All of `url.query.` is followed by the name as it
/// stands, dots included; an empty name is not an attribute.
pub fn lookup(path: &str) -> Option<(Derived, Option<&str>)> {
    if let Some(name) = path.strip_prefix(QUERY_PREFIX) {
        return (!name.is_empty()).then_some((Derived::UrlQuery, Some(name)));
    }
    let (_, derived, ..) = LIST.iter().find(|(known, ..)| *known == path)?;
    Some((*derived, utm_parameter(*derived)))
}

fn utm_parameter(derived: Derived) -> Option<&'static str> {
    match derived {
        Derived::UtmSource => Some("utm_source"),
        Derived::UtmMedium => Some("utm_medium"),
        Derived::UtmCampaign => Some("utm_campaign"),
        Derived::UtmTerm => Some("utm_term"),
        Derived::UtmContent => Some("utm_content"),
        _ => None,
    }
}

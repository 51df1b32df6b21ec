//! What conditions and templates ask of a profile, and what it answers.

use super::{Profile, Seen, Window, float};

/// What a profile says of the visitor, at a path below `profile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// `profile.isNew`
    IsNew,
    /// `profile.sessions`
    Sessions,
    /// `profile.engagement`
    Engagement,
    /// `profile.rfm.recency`
    Recency,
    /// `profile.rfm.frequency`
    Frequency,
    /// `profile.rfm.monetary`
    Monetary,
    /// `profile.categories`
    Categories,
    /// `profile.items`
    Items,
    /// `profile.leftCart`
    LeftCart,
}

/// The attribute that names the visitor's cluster.
pub const CLUSTER: &str = "profile.cluster";

/// All features. Files name them by their places, so those that come later come last.
const FEATURES: [(&str, Feature); 9] = [
    ("isNew", Feature::IsNew),
    ("sessions", Feature::Sessions),
    ("engagement", Feature::Engagement),
    ("rfm.recency", Feature::Recency),
    ("rfm.frequency", Feature::Frequency),
    ("rfm.monetary", Feature::Monetary),
    ("categories", Feature::Categories),
    ("items", Feature::Items),
    ("leftCart", Feature::LeftCart),
];

impl Feature {
    /// The feature at a path from the root of the attributes, such as `profile.isNew`.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        path.strip_prefix("profile.").and_then(Self::named)
    }

    /// The feature at a path below `profile`.
    #[must_use]
    pub fn named(path: &str) -> Option<Self> {
        FEATURES.iter().find(|(known, _)| *known == path).map(|(_, feature)| *feature)
    }

    /// The number that files have for it.
    #[must_use]
    pub fn code(self) -> f64 {
        (0_u8..).zip(FEATURES).find(|(_, (_, feature))| *feature == self).map_or(-1.0, |(code, _)| code.into())
    }

    /// The feature of such a number.
    pub(super) fn coded(code: f64) -> Option<Self> {
        (0_u8..).zip(FEATURES).find(|(known, _)| f64::from(*known) == code).map(|(_, (_, feature))| feature)
    }

    /// Those that [`Profile::number`] gives.
    pub fn numbers() -> impl Iterator<Item = Self> {
        FEATURES.into_iter().map(|(_, feature)| feature).filter(|feature| feature.is_number())
    }

    /// Whether it is a number, or can be taken for one.
    #[must_use]
    pub fn is_number(self) -> bool {
        !matches!(self, Self::Categories | Self::Items)
    }

    /// The path below `profile`.
    #[must_use]
    pub fn path(self) -> &'static str {
        FEATURES.iter().find(|(_, feature)| *feature == self).map_or("", |(path, _)| path)
    }
}

/// What a profile answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<'a> {
    /// There is no answer.
    Missing,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// One of a few words.
    Word(&'a str),
    /// Texts, the most important first.
    Texts(Vec<&'a str>),
    /// Events, the latest last.
    Events(Vec<Seen<'a>>),
}

/// As many categories and items are told.
const MOST: usize = 5;

impl Profile {
    /// What a feature is, and until when time alone does not change it, in milliseconds since 1970.
    #[must_use]
    pub fn feature(&self, feature: Feature, now: f64) -> (Answer<'_>, f64) {
        let always = |answer| (answer, f64::INFINITY);
        let rfm = self.rfm(now);
        match feature {
            Feature::IsNew => always(Answer::Bool(self.is_new())),
            Feature::Sessions => always(Answer::Number(self.sessions().into())),
            Feature::Engagement => {
                let (engagement, until) = self.engagement(now);
                (Answer::Word(engagement.name()), until)
            }
            Feature::Recency => match rfm {
                Some((rfm, until)) => (Answer::Number(float(rfm.recency)), until),
                None => always(Answer::Missing),
            },
            Feature::Frequency => always(Answer::Number(rfm.map_or(0.0, |(rfm, _)| rfm.frequency.into()))),
            Feature::Monetary => always(Answer::Number(rfm.map_or(0.0, |(rfm, _)| rfm.monetary))),
            Feature::Categories => {
                always(Answer::Texts(self.categories(now).into_iter().map(|(liked, _)| liked.key).take(MOST).collect()))
            }
            Feature::Items => {
                always(Answer::Texts(self.items(now).into_iter().map(|(liked, _)| liked.key).take(MOST).collect()))
            }
            // A session that goes on becomes the last one when it ends.
            Feature::LeftCart => {
                (Answer::Bool(self.has_left_a_cart(now)), self.count("purchase", Window::Session, now).until)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::{Derived, LIST, Values};
    use crate::profile::features::Engagement;

    #[test]
    fn engagement_is_one_of_those_that_are_listed() {
        let Some((_, _, _, Values::OneOf(listed), _)) = LIST.iter().find(|(path, ..)| *path == "profile.engagement")
        else {
            panic!("it is not one of some texts")
        };
        assert_eq!(*listed, [Engagement::Low, Engagement::Medium, Engagement::High].map(Engagement::name));
    }

    #[test]
    fn every_feature_is_a_derived_attribute_and_the_other_way_round() {
        // Clusters are no feature of the profile alone: the bundle has their centres.
        let is_feature = |path: &str, derived| derived == Derived::Profile && path != CLUSTER;
        let listed: Vec<_> = LIST.iter().filter(|(path, derived, ..)| is_feature(path, *derived)).collect();
        assert_eq!(listed.len(), FEATURES.len());
        for (path, ..) in listed {
            let feature = Feature::of(path).expect(path);
            assert_eq!(format!("profile.{}", feature.path()), *path);
        }
        assert_eq!(Feature::of("profile.isnew"), None);
        assert_eq!(Feature::of("isNew"), None);
    }
}

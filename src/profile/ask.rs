//! What conditions and templates ask of a profile.

use super::{Profile, Window};
use crate::binary::{Binary, Reader, binary};
use crate::value::{Node, Pool, Span};

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

binary!(enum Feature else Self::IsNew;
    0 = IsNew,
    1 = Sessions,
    2 = Engagement,
    3 = Recency,
    4 = Frequency,
    5 = Monetary,
    6 = Categories,
    7 = Items,
    8 = LeftCart,
);

/// How often an event happened in a window, or each time that it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Did {
    /// The event's name, among the program's constants.
    pub event: Span,
    /// The window.
    pub window: Window,
    /// Whether the events themselves are asked for, as a list of objects with `item`, `category` and `value`.
    pub each: bool,
}

binary!(struct Did { event, window, each });

impl Binary for Window {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Last(milliseconds) => {
                out.push(0);
                milliseconds.write(out);
            }
            Self::Session => out.push(1),
            Self::LastSession => out.push(2),
            Self::Ever => out.push(3),
        }
    }

    fn read(input: &mut Reader<'_>) -> Self {
        match u8::read(input) {
            0 => Self::Last(u64::read(input)),
            1 => Self::Session,
            2 => Self::LastSession,
            3 => Self::Ever,
            _ => {
                input.fail();
                Self::Ever
            }
        }
    }
}

/// As many categories and items are told, the most liked first.
const MOST: usize = 5;

impl Profile {
    /// What a feature is, and until when time alone does not change it, in milliseconds since 1970.
    #[must_use]
    pub fn feature(&self, feature: Feature, now: f64, pool: &mut Pool) -> (Node, f64) {
        let always = |node: Node| (node, f64::INFINITY);
        match feature {
            Feature::IsNew => always(Node::Bool(self.is_new())),
            Feature::Sessions => always(Node::Number(self.sessions().into())),
            Feature::Engagement => {
                let (engagement, until) = self.engagement(now);
                (Node::Text(pool.push_str(engagement.name())), until)
            }
            Feature::Recency => match self.rfm(now) {
                #[expect(clippy::cast_precision_loss, reason = "days of the calendar are below 2⁵³")]
                Some((rfm, until)) => (Node::Number(rfm.recency as f64), until),
                None => always(Node::Null),
            },
            Feature::Frequency => always(Node::Number(self.rfm(now).map_or(0.0, |(rfm, _)| rfm.frequency.into()))),
            Feature::Monetary => always(Node::Number(self.rfm(now).map_or(0.0, |(rfm, _)| rfm.monetary))),
            Feature::Categories => {
                always(texts(self.categories(now).into_iter().map(|(liked, _)| liked.key.as_str()), pool))
            }
            Feature::Items => always(texts(self.items(now).into_iter().map(|(liked, _)| liked.key.as_str()), pool)),
            Feature::LeftCart => {
                // A session that goes on becomes the last one when it ends.
                let until = self.count("purchase", Window::Session, now).until;
                (Node::Bool(self.has_left_a_cart(now)), until)
            }
        }
    }

    /// How often something was done, or each time; and until when time alone does not change that.
    #[must_use]
    pub fn did(&self, event: &str, did: Did, now: f64, pool: &mut Pool) -> (Node, f64) {
        if !did.each {
            let counted = self.count(event, did.window, now);
            return (Node::Number(counted.times.into()), counted.until);
        }
        let (seen, until) = self.each(event, did.window, now);
        let list = pool.reserve(seen.len());
        for (place, seen) in (list.start..).zip(seen) {
            let text =
                |text: Option<&str>, pool: &mut Pool| text.map_or(Node::Null, |text| Node::Text(pool.push_str(text)));
            let members = [
                Node::Text(pool.push_str("item")),
                text(seen.item, pool),
                Node::Text(pool.push_str("category")),
                text(seen.category, pool),
                Node::Text(pool.push_str("value")),
                seen.value.map_or(Node::Null, Node::Number),
            ];
            let object = pool.reserve(members.len());
            for (place, member) in (object.start..).zip(members) {
                pool.set(place, member);
            }
            pool.set(place, Node::Object(Span { start: object.start, len: 3 }));
        }
        (Node::Array(list), until)
    }
}

fn texts<'t>(texts: impl Iterator<Item = &'t str>, pool: &mut Pool) -> Node {
    let texts: Vec<&str> = texts.take(MOST).collect();
    let list = pool.reserve(texts.len());
    for (place, text) in (list.start..).zip(texts) {
        let text = Node::Text(pool.push_str(text));
        pool.set(place, text);
    }
    Node::Array(list)
}

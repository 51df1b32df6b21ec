//! Values as JavaScript sees them, in one flat store.
//!
//! A context arrives from JavaScript and a condition must mean there what it means in every other
//! GrowthBook-compatible engine, so values keep JavaScript's types: `undefined` and `null` differ,
//! numbers are doubles, and text is a run of UTF-16 code units (lone surrogates included). All of
//! them live in a [`Pool`]: two flat vectors that are reused from one decision to the next, so that
//! reading a context allocates nothing once the vectors have grown.
//!
//! [`coerce`] holds JavaScript's conversions and comparisons, [`number`] the two directions between
//! numbers and text. This module knows nothing of conditions or bundles.

pub mod coerce;
#[cfg(feature = "engine")]
mod json;
pub mod number;

use crate::binary::binary;

/// A run of entries in a [`Pool`]: code units for text, nodes for arrays and objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Index of the first entry.
    pub start: u32,
    /// Number of entries; for an object, the number of key and value pairs.
    pub len: u32,
}

impl Span {
    pub(crate) fn range(self, stride: usize) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start.saturating_add((self.len as usize).saturating_mul(stride))
    }
}

/// One value; what is longer than a number lives elsewhere in the same [`Pool`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Node {
    /// JavaScript's `undefined`: a property that is there and holds nothing.
    Undefined,
    /// `null`, and every path that leads nowhere.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A double; NaN and the infinities included.
    Number(f64),
    /// Code units of [`Pool`] text.
    Text(Span),
    /// Consecutive nodes, one an element.
    Array(Span),
    /// Consecutive nodes, a text key and its value in turn, in JavaScript's property order.
    Object(Span),
}

/// The store that [`Node`]s point into.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pool {
    text: Vec<u16>,
    nodes: Vec<Node>,
}

impl Pool {
    /// Forgets all values and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.nodes.clear();
    }

    /// The code units of `span`; empty when the span is not of this pool.
    #[must_use]
    pub fn text(&self, span: Span) -> &[u16] {
        self.text.get(span.range(1)).unwrap_or_default()
    }

    /// `node`, to be read in this pool.
    #[must_use]
    pub fn value(&self, node: Node) -> Value<'_> {
        Value { pool: self, node }
    }

    /// Whether walking any value comes to an end: every list and object lies behind the node that names it, is named by no
    /// other, and is not nested too deep. So it is with what was stored here; what was read from a file is asked once.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        let mut depths = vec![0u32; self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            let range = match node {
                Node::Array(span) => span.range(1),
                Node::Object(span) => span.range(2),
                _ => continue,
            };
            let depth = depths.get(index).copied().unwrap_or(0).saturating_add(1);
            if depth > MAX_DEPTH || range.start <= index && !range.is_empty() {
                return false;
            }
            for inside in depths.get_mut(range).unwrap_or_default() {
                if *inside != 0 {
                    return false;
                }
                *inside = depth;
            }
        }
        true
    }

    /// Stores code units.
    pub fn push_units(&mut self, units: impl IntoIterator<Item = u16>) -> Span {
        let start = self.text.len();
        self.text.extend(units);
        span(start, self.text.len().saturating_sub(start))
    }

    /// Stores a run of code units.
    pub fn push_slice(&mut self, units: &[u16]) -> Span {
        let start = self.text.len();
        self.text.extend_from_slice(units);
        span(start, units.len())
    }

    /// Stores a string.
    pub fn push_str(&mut self, text: &str) -> Span {
        self.push_units(text.encode_utf16())
    }

    /// Makes room for `len` nodes that follow each other, all `Null` until [`Pool::set`].
    pub fn reserve(&mut self, len: usize) -> Span {
        let start = self.nodes.len();
        self.nodes.resize(start.saturating_add(len), Node::Null);
        span(start, len)
    }

    /// Replaces the node at `index`; ignored when there is none.
    pub fn set(&mut self, index: u32, node: Node) {
        if let Some(place) = self.nodes.get_mut(index as usize) {
            *place = node;
        }
    }
}

binary!(struct Span { start, len });
binary!(struct Pool { text, nodes });
binary!(enum Node else Self::Null;
    0 = Undefined,
    1 = Null,
    2 = Bool(bool),
    3 = Number(number),
    4 = Text(span),
    5 = Array(span),
    6 = Object(span),
);

/// How deep arrays and objects of a context may be nested; what lies deeper reads as `null`.
pub const MAX_DEPTH: u32 = 32;

fn span(start: usize, len: usize) -> Span {
    Span { start: u32::try_from(start).unwrap_or(u32::MAX), len: u32::try_from(len).unwrap_or(0) }
}

/// A [`Node`] together with the pool it lives in.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    pool: &'a Pool,
    node: Node,
}

impl<'a> Value<'a> {
    /// The node itself.
    #[must_use]
    pub fn node(self) -> Node {
        self.node
    }

    /// The pool the value lives in.
    #[must_use]
    pub fn pool(self) -> &'a Pool {
        self.pool
    }

    /// The code units, when the value is text.
    #[must_use]
    pub fn as_text(self) -> Option<&'a [u16]> {
        match self.node {
            Node::Text(span) => Some(self.pool.text(span)),
            _ => None,
        }
    }

    /// Whether the value is `null` or `undefined`.
    #[must_use]
    pub fn is_nullish(self) -> bool {
        matches!(self.node, Node::Null | Node::Undefined)
    }

    /// The elements, when the value is an array.
    #[must_use]
    pub fn elements(self) -> Option<impl ExactSizeIterator<Item = Value<'a>> + Clone> {
        let Node::Array(span) = self.node else { return None };
        let nodes = self.pool.nodes.get(span.range(1)).unwrap_or_default();
        Some(nodes.iter().map(move |node| self.pool.value(*node)))
    }

    /// Keys and values, when the value is an object.
    #[must_use]
    pub fn entries(self) -> Option<impl ExactSizeIterator<Item = (&'a [u16], Value<'a>)> + Clone> {
        let Node::Object(span) = self.node else { return None };
        let (pairs, _) = self.pool.nodes.get(span.range(2)).unwrap_or_default().as_chunks::<2>();
        Some(
            pairs.iter().map(move |[key, value]| {
                (self.pool.value(*key).as_text().unwrap_or_default(), self.pool.value(*value))
            }),
        )
    }

    /// One own property: a key of an object, an index or `length` of an array.
    #[must_use]
    pub fn property(self, name: &[u16]) -> Option<Value<'a>> {
        if let Some(mut entries) = self.entries() {
            return entries.find(|(key, _)| *key == name).map(|(_, value)| value);
        }
        let mut elements = self.elements()?;
        if name.iter().copied().eq("length".encode_utf16()) {
            let length = u32::try_from(elements.len()).unwrap_or(u32::MAX);
            return Some(self.pool.value(Node::Number(f64::from(length))));
        }
        elements.nth(number::array_index(name)? as usize)
    }
}

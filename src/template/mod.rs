//! Templates: a subset of Mustache, compiled with the bundle, rendered for a visitor.
//!
//! Supported are variables, sections, inverted sections, comments, dotted names and `{{.}}`, with the
//! meaning that mustache.js 4 gives them. What the compiler leaves is a flat list of steps whose
//! literals live in the program's constant [`Pool`]. Names are looked up in the sections around
//! them, from the innermost outwards, the whole dotted path at each level; a name found in none of
//! them is an input of the program, which the caller of [`Template::render`] resolves.
//!
//! Where this differs from mustache.js:
//! - Only own properties count, and only objects and arrays have any: `{{name.length}}` of a text is empty.
//! - An element that is `null` or `undefined` is a level without properties; mustache.js throws there.
//! - `{{.}}` outside every section is refused, and prints nothing in a section that a plain `true` opened
//!   there: mustache.js would print the whole view.
//! - Refused when compiling: unescaped variables, partials, inheritance, other delimiters, names with
//!   white space or braces, names with an empty segment, sections nested deeper than [`MAX_DEPTH`].
//! - Output is bounded, see [`MAX_STEPS`].
//!
//! This module does not know where its output goes. What HTML escaping cannot protect is refused by
//! [`placement`] when the bundle is checked.
//!
//! [`MAX_DEPTH`]: crate::value::MAX_DEPTH

#[cfg(feature = "compiler")]
mod address;
#[cfg(feature = "compiler")]
mod attribute;
#[cfg(feature = "compiler")]
mod compile;
#[cfg(feature = "compiler")]
mod error;
#[cfg(feature = "compiler")]
mod parse;
#[cfg(feature = "compiler")]
pub mod placement;
mod render;

#[cfg(feature = "compiler")]
pub use compile::compile;
#[cfg(feature = "compiler")]
pub use error::{Code, TemplateError};
pub use render::{Escape, MAX_STEPS};

use crate::binary::binary;
use crate::value::{MAX_DEPTH, Node, Pool, Span};

/// Stands for the list of items that a slot shows, where a template names an input.
pub const ITEMS: u16 = u16::MAX;
/// Stands for an input that nobody hands over.
pub const NOWHERE: u16 = u16::MAX - 1;

/// A compiled template; its literals and names are in the pool it was compiled with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    ops: Vec<Op>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    /// Writes a literal.
    Text(Span),
    /// Writes a value, escaped as the sink needs it.
    Print(Name),
    /// Runs the `len` operations that follow, as often as the value says.
    Section { name: Name, inverted: bool, len: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Name {
    /// `{{.}}`: the value of the innermost section.
    Current,
    /// The segments of a dotted name, as a run of text nodes: empty outside sections, where nothing but
    /// the input can be meant. `input` is the same path from the root.
    Path { segments: Span, input: u16 },
}

binary!(struct Template { ops });
binary!(enum Op else Self::Print(Name::Current);
    0 = Text(literal),
    1 = Print(name),
    2 = Section { name, inverted, len },
);
binary!(enum Name else Self::Current;
    0 = Current,
    1 = Path { segments, input },
);

impl Template {
    /// Whether a template read from an untrusted file fits the program it came with: every text and name
    /// is in `constants`, every input is below `inputs` or one of [`ITEMS`] and [`NOWHERE`], and sections nest properly and not too deep.
    ///
    /// A template that does not fit renders wrongly, but does no harm.
    #[must_use]
    pub fn is_valid(&self, constants: &Pool, inputs: usize) -> bool {
        Template::ops_are_valid(&self.ops, constants, inputs, 0)
    }

    fn ops_are_valid(mut ops: &[Op], constants: &Pool, inputs: usize, depth: u32) -> bool {
        while let Some((op, rest)) = ops.split_first() {
            ops = rest;
            let valid = match *op {
                Op::Text(text) => is_text(Node::Text(text), constants),
                Op::Print(name) => name.is_valid(constants, inputs),
                Op::Section { name, len, .. } => {
                    let Some((body, after)) = rest.split_at_checked(len as usize) else { return false };
                    ops = after;
                    depth < MAX_DEPTH
                        && name.is_valid(constants, inputs)
                        && Template::ops_are_valid(body, constants, inputs, depth.saturating_add(1))
                }
            };
            if !valid {
                return false;
            }
        }
        true
    }
}

impl Name {
    fn is_valid(self, constants: &Pool, inputs: usize) -> bool {
        let Name::Path { segments, input } = self else { return true };
        let Some(mut names) = constants.value(Node::Array(segments)).elements() else { return false };
        (usize::from(input) < inputs || input >= NOWHERE)
            && names.len() == segments.len as usize
            && names.all(|name| is_text(name.node(), constants))
    }
}

fn is_text(node: Node, constants: &Pool) -> bool {
    matches!(node, Node::Text(span) if constants.text(span).len() == span.len as usize)
}

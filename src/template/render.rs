//! Rendering: the part of templates that is in the runtime.

use super::{Name, Op, Template};
use crate::binary::binary;
use crate::value::{MAX_DEPTH, Node, Pool, Value};

/// How much one render may do. A code unit written is one step, so is an operation run or a property
/// passed over while looking for a name: the bound holds for the output and for the time it takes.
pub const MAX_STEPS: u32 = 1 << 20;

/// What printed values go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// The output is HTML: `& < > " ' / = `` ` become the character references of mustache.js.
    Html,
    /// The output is given to something that takes plain text, such as `textContent` or `setAttribute`.
    None,
}

binary!(enum Escape else Self::Html;
    0 = Html,
    1 = None,
);

impl Template {
    /// Appends the rendered template to `out`; `root` gives the value of an input of the program.
    ///
    /// All or nothing: a render that needs more than [`MAX_STEPS`] appends nothing and returns `false`,
    /// because half a tag would swallow the rest of the page.
    pub fn render<'a>(
        &self,
        constants: &Pool,
        root: &mut dyn FnMut(u16) -> Value<'a>,
        escape: Escape,
        out: &mut Vec<u16>,
    ) -> bool {
        let before = out.len();
        let mut render = Render { constants, root, escape, out, steps_left: MAX_STEPS };
        let is_complete = render.run(&self.ops, None, 0).is_some();
        if !is_complete {
            out.truncate(before);
        }
        is_complete
    }
}

/// The value of a section and of the sections around it.
struct Level<'l, 'a> {
    value: Value<'a>,
    outer: Option<&'l Level<'l, 'a>>,
}

struct Render<'r, 'a> {
    constants: &'r Pool,
    root: &'r mut dyn FnMut(u16) -> Value<'a>,
    escape: Escape,
    out: &'r mut Vec<u16>,
    steps_left: u32,
}

/// `None` once the steps are used up.
type Progress<T = ()> = Option<T>;

impl<'a> Render<'_, 'a> {
    fn run(&mut self, mut ops: &[Op], level: Option<&Level<'_, 'a>>, depth: u32) -> Progress {
        while let Some((op, rest)) = ops.split_first() {
            ops = rest;
            self.spend(1)?;
            match *op {
                Op::Text(text) => {
                    let text = self.constants.text(text);
                    self.spend(text.len())?;
                    self.out.extend_from_slice(text);
                }
                Op::Print(name) => {
                    if let Some(value) = self.look_up(name, level)?.filter(|value| !value.is_nullish()) {
                        self.print(value)?;
                    }
                }
                Op::Section { name, inverted, len } => {
                    let (body, after) = rest.split_at_checked(len as usize).unwrap_or((rest, &[]));
                    ops = after;
                    let value = self.look_up(name, level)?;
                    if depth < MAX_DEPTH {
                        self.section(value, inverted, body, level, depth.saturating_add(1))?;
                    }
                }
            }
        }
        Some(())
    }

    fn section(
        &mut self,
        value: Option<Value<'a>>,
        inverted: bool,
        body: &[Op],
        outer: Option<&Level<'_, 'a>>,
        depth: u32,
    ) -> Progress {
        let is_empty_list = |value: &Value<'_>| value.elements().is_some_and(|elements| elements.len() == 0);
        let truthy = value.filter(|value| value.is_truthy() && !is_empty_list(value));
        let value = match (truthy, inverted) {
            (None, true) => return self.run(body, outer, depth),
            (Some(value), false) => value,
            _ => return Some(()),
        };
        if let Some(elements) = value.elements() {
            for value in elements {
                // An element costs a step even where the body is empty.
                self.spend(1)?;
                self.run(body, Some(&Level { value, outer }), depth)?;
            }
            Some(())
        } else if value.node() == Node::Bool(true) {
            self.run(body, outer, depth)
        } else {
            self.run(body, Some(&Level { value, outer }), depth)
        }
    }

    /// The value of a name; nothing for `{{.}}` outside all levels.
    fn look_up(&mut self, name: Name, level: Option<&Level<'_, 'a>>) -> Progress<Option<Value<'a>>> {
        let (segments, input) = match (name, level) {
            (Name::Current, level) => return Some(level.map(|level| level.value)),
            (Name::Path { segments, input }, _) => (segments, input),
        };
        let constants = self.constants;
        let mut next = level;
        while let Some(Level { value, outer }) = next {
            next = *outer;
            let mut found = Some(*value);
            for segment in constants.value(Node::Array(segments)).elements().into_iter().flatten() {
                let Some(value) = found else { break };
                self.spend(value.entries().map_or(1, |entries| entries.len()))?;
                found = value.property(segment.as_text().unwrap_or_default());
            }
            if found.is_some() {
                return Some(found);
            }
        }
        Some(Some((self.root)(input)))
    }

    fn print(&mut self, value: Value<'a>) -> Progress {
        let before = self.out.len();
        match self.escape {
            Escape::None => value.write_text(self.out),
            Escape::Html => value.with_text(|text| escape_html(text, self.out)),
        }
        self.spend(self.out.len().saturating_sub(before))
    }

    fn spend(&mut self, steps: usize) -> Progress {
        self.steps_left = self.steps_left.checked_sub(u32::try_from(steps).ok()?)?;
        Some(())
    }
}

fn escape_html(text: &[u16], out: &mut Vec<u16>) {
    for unit in text {
        let reference = match u8::try_from(*unit) {
            Ok(b'&') => "&amp;",
            Ok(b'<') => "&lt;",
            Ok(b'>') => "&gt;",
            Ok(b'"') => "&quot;",
            Ok(b'\'') => "&#39;",
            Ok(b'/') => "&#x2F;",
            Ok(b'`') => "&#x60;",
            Ok(b'=') => "&#x3D;",
            _ => {
                out.push(*unit);
                continue;
            }
        };
        out.extend(reference.encode_utf16());
    }
}

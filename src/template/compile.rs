//! Template source to operations.

use super::parse::{Part, parse};
use super::{Name, Op, Template, TemplateError};
use crate::value::{Node, Pool, Span};
use std::collections::HashMap;

/// Compiles a template; its literals and names go into `constants`.
///
/// `input` is told every name that may be meant from the root, as its segments, and gives the index of
/// that input. Names inside sections are among them, since their lookup may end at the root.
///
/// # Errors
///
/// Everything that is wrong with the template, in the order of the source. Nothing is registered then.
pub fn compile(
    source: &str,
    constants: &mut Pool,
    input: &mut dyn FnMut(&[String]) -> u16,
) -> Result<Template, Vec<TemplateError>> {
    let pieces = parse(source)?;
    let mut compiler = Compiler { constants, input, names: HashMap::new(), levels: 0 };
    let mut ops: Vec<Op> = Vec::new();
    let mut open = Vec::new();
    let mut literal = String::new();
    for piece in &pieces {
        if let Part::Text(text) = piece.part {
            literal.push_str(text);
            continue;
        }
        compiler.flush(&mut literal, &mut ops);
        match piece.part {
            Part::Text(_) => {}
            Part::Variable(name) => ops.push(Op::Print(compiler.name(name))),
            Part::Open { name, inverted, .. } => {
                let name = compiler.name(name);
                open.push((ops.len(), inverted));
                ops.push(Op::Section { name, inverted, len: 0 });
                compiler.levels = compiler.levels.saturating_add(usize::from(!inverted));
            }
            Part::Close { .. } => {
                let Some((start, inverted)) = open.pop() else { continue };
                compiler.levels = compiler.levels.saturating_sub(usize::from(!inverted));
                let body = ops.len().saturating_sub(start).saturating_sub(1);
                if let Some(Op::Section { len, .. }) = ops.get_mut(start) {
                    *len = u32::try_from(body).unwrap_or(u32::MAX);
                }
            }
        }
    }
    compiler.flush(&mut literal, &mut ops);
    Ok(Template { ops })
}

struct Compiler<'c, 's> {
    constants: &'c mut Pool,
    input: &'c mut dyn FnMut(&[String]) -> u16,
    /// Keyed by the name and whether its segments are needed.
    names: HashMap<(&'s str, bool), Name>,
    /// How many sections that give a value are open.
    levels: usize,
}

impl<'s> Compiler<'_, 's> {
    fn flush(&mut self, literal: &mut String, ops: &mut Vec<Op>) {
        if !literal.is_empty() {
            ops.push(Op::Text(self.constants.push_str(literal)));
            literal.clear();
        }
    }

    fn name(&mut self, name: &'s str) -> Name {
        if name == "." {
            return Name::Current;
        }
        let key = (name, self.levels > 0);
        if let Some(known) = self.names.get(&key) {
            return *known;
        }
        let path: Vec<String> = name.split('.').map(str::to_owned).collect();
        let input = (self.input)(&path);
        let segments = if self.levels > 0 { self.segments(&path) } else { Span::default() };
        let compiled = Name::Path { segments, input };
        self.names.insert(key, compiled);
        compiled
    }

    fn segments(&mut self, path: &[String]) -> Span {
        let span = self.constants.reserve(path.len());
        for (index, segment) in (span.start..).zip(path) {
            let text = self.constants.push_str(segment);
            self.constants.set(index, Node::Text(text));
        }
        span
    }
}

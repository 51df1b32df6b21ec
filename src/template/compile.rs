//! Template source to operations.

use super::parse::{Part, parse};
use super::{Name, Op, Template, TemplateError};
use crate::value::{Node, Pool, Span};
use std::collections::HashMap;

/// Compiles a template; its literals and names go into `constants`.
///
/// `input` is told every name that may be meant from the root, as its segments, with the names of the sections around
/// it that give a value, outermost first; it gives the index of that input. Names inside sections are among them, since
/// their lookup may end at the root.
///
/// # Errors
///
/// Everything that is wrong with the template, in the order of the source. Nothing is registered then.
pub fn compile(
    source: &str,
    constants: &mut Pool,
    input: &mut dyn FnMut(&[String], &[&str]) -> u16,
) -> Result<Template, Vec<TemplateError>> {
    let pieces = parse(source)?;
    let mut compiler = Compiler { constants, input, names: HashMap::new(), levels: Vec::new() };
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
                let compiled = compiler.name(name);
                open.push((ops.len(), inverted));
                ops.push(Op::Section { name: compiled, inverted, len: 0 });
                if !inverted {
                    compiler.levels.push(name);
                }
            }
            Part::Close { .. } => {
                let Some((start, inverted)) = open.pop() else { continue };
                if !inverted {
                    compiler.levels.pop();
                }
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
    input: &'c mut dyn FnMut(&[String], &[&str]) -> u16,
    /// Keyed by the sections around a name, and the name.
    names: HashMap<(Vec<&'s str>, &'s str), Name>,
    /// The sections that give a value and are open.
    levels: Vec<&'s str>,
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
        let key = (self.levels.clone(), name);
        if let Some(known) = self.names.get(&key) {
            return *known;
        }
        let path: Vec<String> = name.split('.').map(str::to_owned).collect();
        let input = (self.input)(&path, &self.levels);
        let segments = if self.levels.is_empty() { Span::default() } else { self.segments(&path) };
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

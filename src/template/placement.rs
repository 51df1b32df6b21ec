//! Refuses variables where escaping does not protect.
//!
//! An escaped value is safe as text and in a quoted attribute that a browser takes as plain. It is not
//! where it could name a tag or an attribute, run as code, or decide where a link leads. Both functions
//! here look at the source of a template, when a bundle is checked.
//!
//! [`html`] tokenises the template with a placeholder for each variable that has a space in it, so that
//! whatever a space could break apart is seen to break. Sections are flattened: every section is there
//! once. That stands for every way of rendering because each section must be neutral, leaving the
//! markup where it entered it: in text, between the attributes of one tag, or inside one quoted value.
//! Markup is tokenised twice, with and without placeholders for the section tags themselves.
//!
//! Limits, which a check of one template cannot lift:
//! - A template is read as content of an ordinary HTML element. Patches of a `script`, `style` or `svg` element have to be
//!   refused by whoever knows the element; `<![CDATA[` is read as HTML reads it.
//! - Tokens, not trees: content of `svg` and `math` is judged by the stricter of both readings only for the
//!   elements that differ as raw text (`title`, `textarea`, `style`, `script` and the like).
//! - Attributes that a page's own scripts run or load (`data-src`, `x-on:click`, `@click`) count as plain.

mod marks;
mod walk;

use super::address::is_fixed;
use super::attribute::{Kind, kind};
use super::parse::{Part, Piece, parse};
use super::{Code, TemplateError};
use marks::Marks;
use std::collections::BTreeMap;

/// Checks the variables of an HTML template.
///
/// `is_authors` tells whether a name, in the sections around it (outermost first), can only be a value
/// that the bundle's author wrote, such as a property that every item of a catalog has. Such a value may
/// start an address; elsewhere it is held to the same rules.
///
/// # Errors
///
/// One for each variable or section that stands where it must not, in order. None when the template does not
/// parse: [`compile`](super::compile) reports that.
pub fn html(source: &str, is_authors: &dyn Fn(&[&str], &str) -> bool) -> Result<(), Vec<TemplateError>> {
    let Ok(pieces) = parse(source) else { return Ok(()) };
    if !pieces.iter().any(|piece| matches!(piece.part, Part::Variable(_))) {
        return Ok(());
    }
    let marks = Marks::new(source, &pieces, is_authors);
    let mut problems = BTreeMap::new();
    for with_sections in [false, true] {
        walk::walk(&marks, with_sections, &mut problems);
    }
    if problems.is_empty() {
        return Ok(());
    }
    let place = |index: usize| pieces.get(index).map_or(0, |piece| piece.at);
    Err(problems.into_iter().map(|(index, (code, message))| TemplateError::new(code, place(index), message)).collect())
}

/// Checks the variables of an attribute's new value, which is set as it is, without HTML escaping.
///
/// # Errors
///
/// The first variable that must not be there. None when the template does not parse.
pub fn attribute(name: &str, source: &str) -> Result<(), TemplateError> {
    let Ok(pieces) = parse(source) else { return Ok(()) };
    let Some(variable) = pieces.iter().find(|piece| matches!(piece.part, Part::Variable(_))) else { return Ok(()) };
    let name = name.to_ascii_lowercase();
    let prefix = match pieces.first() {
        Some(Piece { part: Part::Text(text), .. }) => text,
        _ => "",
    };
    let (code, message) = match kind(None, &name) {
        Kind::Plain => return Ok(()),
        Kind::Address if is_fixed(prefix) => return Ok(()),
        Kind::Address => (Code::VariableInAddress, address_message(&name)),
        Kind::Addresses => (Code::VariableInAddress, addresses_message(&name)),
        Kind::Code => (Code::VariableInCode, code_message(&name)),
    };
    Err(TemplateError::new(code, variable.at, message))
}

fn code_message(name: &str) -> String {
    format!(
        "A browser acts on `{name}`, so a value there could run code or change the page: write it out, and choose among variants instead."
    )
}

fn addresses_message(name: &str) -> String {
    format!("`{name}` holds several addresses, so a value could add one: write them out.")
}

fn address_message(name: &str) -> String {
    format!(
        "This value could lead `{name}` anywhere, or run as `javascript:`. Begin the address, outside of any section, with what fixes \
         where it leads: `/path/`, `?`, `#`, `https://host/` or `mailto:`."
    )
}

/// What is wrong, by the index of the piece.
type Problems = BTreeMap<usize, (Code, String)>;

//! The content of variants: patches that both the edge and the browser can apply, and their templates.

use super::tables::Tables;
use crate::bundle::content::{Patch, PatchOp, Variant};
use crate::problem::{Pointer, Problem};
use crate::program::TemplatedText;
use crate::template::{self, Escape, Template, TemplateError};
use crate::value::Span;

/// Compiles the texts of a variant that differ by visitor, and checks the rest.
pub(super) fn compile_variant(variant: &Variant, pointer: &Pointer, tables: &mut Tables) -> Span {
    let start = u32::try_from(tables.program.texts.len()).unwrap_or(u32::MAX);
    if variant.html.is_some() && variant.patches.is_some() {
        let help = "write the html as the first patch: {\"op\": \"html\", \"value\": …}";
        tables.problem(Problem::error(pointer, "a variant has html or patches, not both").help(help));
    }
    if let Some(html) = &variant.html {
        html_text(html, 0, &pointer.child("html"), tables);
    }
    for (index, patch) in variant.patches.iter().flatten().enumerate() {
        compile_patch(patch, u16::try_from(index).unwrap_or(u16::MAX), &pointer.child("patches").child(index), tables);
    }
    let end = u32::try_from(tables.program.texts.len()).unwrap_or(start);
    Span { start, len: end.saturating_sub(start) }
}

fn compile_patch(patch: &Patch, index: u16, pointer: &Pointer, tables: &mut Tables) {
    if let Some(selector) = &patch.selector {
        check_selector(selector, &pointer.child("selector"), tables);
    } else if matches!(patch.op, PatchOp::Before | PatchOp::After | PatchOp::Replace) {
        let message = "without a selector this would change the page outside of the slot";
        tables.problem(Problem::error(pointer, message).help("add a selector, or use html, prepend or append"));
    }
    if patch.op != PatchOp::Attribute && patch.name.is_some() {
        tables.error(&pointer.child("name"), "only an attribute patch has a name");
    }
    let at = pointer.child("value");
    match (patch.op, &patch.value) {
        (PatchOp::Remove, None) => {}
        (PatchOp::Remove, Some(_)) => tables.error(&at, "remove takes no value"),
        (PatchOp::Attribute, value) => {
            compile_attribute(patch.name.as_deref(), value.as_deref(), index, pointer, tables)
        }
        (_, None) => tables.error(pointer, "\"value\" is missing"),
        (PatchOp::Text | PatchOp::Class, Some(value)) => plain_text(value, index, &at, tables),
        (_, Some(value)) => html_text(value, index, &at, tables),
    }
}

fn compile_attribute(name: Option<&str>, value: Option<&str>, index: u16, pointer: &Pointer, tables: &mut Tables) {
    let Some(name) = name else {
        return tables.error(pointer, "\"name\" is missing: the attribute to set");
    };
    let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | ':' | '.');
    if name.is_empty() || !name.chars().all(is_name) {
        return tables.error(&pointer.child("name"), format!("\"{name}\" is no attribute name"));
    }
    if matches!(name, "data-slot" | "data-slotwise") {
        return tables
            .error(&pointer.child("name"), format!("{name} is how slots are found; choose another attribute"));
    }
    let Some(value) = value else { return };
    match template::placement::attribute(name, value) {
        Ok(()) => plain_text(value, index, &pointer.child("value"), tables),
        Err(error) => report(&[error], &pointer.child("value"), tables),
    }
}

/// A text that what shows it escapes by itself.
fn plain_text(source: &str, patch: u16, pointer: &Pointer, tables: &mut Tables) {
    add_text(source, patch, Escape::None, pointer, tables);
}

fn html_text(source: &str, patch: u16, pointer: &Pointer, tables: &mut Tables) {
    if source.contains("{{")
        && let Err(errors) = template::placement::html(source, &|_, _| false)
    {
        return report(&errors, pointer, tables);
    }
    add_text(source, patch, Escape::Html, pointer, tables);
}

fn add_text(source: &str, patch: u16, escape: Escape, pointer: &Pointer, tables: &mut Tables) {
    if !source.contains("{{") {
        return;
    }
    match compile_template(source, tables) {
        Ok(template) => tables.program.texts.push(TemplatedText { patch, escape, template }),
        Err(errors) => report(&errors, pointer, tables),
    }
}

fn compile_template(source: &str, tables: &mut Tables) -> Result<Template, Vec<TemplateError>> {
    use crate::condition::compile::Registry as _;
    let mut constants = std::mem::take(&mut tables.program.constants);
    let compiled = template::compile(source, &mut constants, &mut |path| tables.input(path));
    tables.program.constants = constants;
    compiled
}

fn report(errors: &[TemplateError], pointer: &Pointer, tables: &mut Tables) {
    for error in errors {
        tables.error(pointer, format!("{} (at byte {})", error.message, error.at));
    }
}

/// Whether the streaming rewriter at the edge can find elements by this selector, decided by its parser.
fn check_selector(selector: &str, pointer: &Pointer, tables: &mut Tables) {
    if selector.contains(',') {
        let message = "a list of selectors cannot be matched inside a slot while the page streams";
        tables.problem(Problem::error(pointer, message).help("write one patch for each"));
    } else if let Some(name) = code_element(selector) {
        let message = format!("a patch leaves {name} elements alone: a visitor's value there could run as code");
        tables.problem(
            Problem::error(pointer, message).help("put what differs into the page, and let your script read it"),
        );
    } else if let Err(error) = selector.parse::<lol_html::Selector>() {
        let message = format!("the edge cannot match this selector while the page streams: {error}");
        let help =
            "use types, classes, ids, attributes, descendants and children (>), :not(), :nth-child(), :first-child";
        tables.problem(Problem::error(pointer, message).help(help));
    }
}

/// The element that holds code which a selector names. One that only matches such an element is passed over
/// when it is applied.
fn code_element(selector: &str) -> Option<&'static str> {
    let last = selector.rsplit([' ', '>']).next()?.split(['.', '#', '[', ':']).next()?;
    ["script", "style"].into_iter().find(|name| name.eq_ignore_ascii_case(last))
}

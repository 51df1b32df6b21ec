//! The content of variants: patches that both the edge and the browser can apply, and their templates.

use super::draft::Draft;
use super::tables::Tables;
use crate::bundle::content::{ASKED, Patch, PatchOp, REASON_END, REASONS, Variant};
use crate::bundle::lint;
use crate::bundle::ranking::Rank;
use crate::problem::{Pointer, Problem};
use crate::program::TemplatedText;
use crate::template::{self, Escape, ITEMS, NOWHERE, TemplateError};
use crate::value::Span;
use std::borrow::Cow;
use std::cell::RefCell;

/// Compiles the texts of a variant that differ by visitor, and checks the rest. `items` are those that it shows, when
/// rules rank for it, which are `ranks` with their numbers within the slot.
pub(super) fn compile_variant(
    variant: &Variant,
    items: Option<&Draft>,
    ranks: &[(u16, &Rank)],
    pointer: &Pointer,
    tables: &mut Tables,
) -> Span {
    let start = u32::try_from(tables.program.texts.len()).unwrap_or(u32::MAX);
    if variant.html.is_some() && variant.patches.is_some() {
        let help = "write the html as the first patch: {\"op\": \"html\", \"value\": …}";
        tables.problem(Problem::error(pointer, "a variant has html or patches, not both").help(help));
    }
    let mut texts = Texts { items, tables };
    if let Some(html) = &variant.html {
        texts.html(html, 0, &pointer.child("html"));
    }
    for (index, patch) in variant.patches.iter().flatten().enumerate() {
        texts.patch(patch, u16::try_from(index).unwrap_or(u16::MAX), &pointer.child("patches").child(index));
    }
    for (number, rank) in ranks {
        if let Some(asked) = super::ranking::asked(rank) {
            texts.add(&asked, ASKED.saturating_add(*number), Escape::None, pointer);
        }
    }
    if let Some(draft) = items.filter(|draft| !draft.because.is_empty()) {
        let reasons = format!("{{{{#items}}}}{}{REASON_END}{{{{/items}}}}", draft.because);
        texts.add(&reasons, REASONS, Escape::None, &Pointer::default().child("catalog").child("because"));
    }
    let end = u32::try_from(tables.program.texts.len()).unwrap_or(start);
    Span { start, len: end.saturating_sub(start) }
}

/// Takes in the texts of one variant.
struct Texts<'c> {
    items: Option<&'c Draft>,
    tables: &'c mut Tables,
}

impl Texts<'_> {
    fn patch(&mut self, patch: &Patch, index: u16, pointer: &Pointer) {
        if let Some(selector) = &patch.selector {
            check_selector(selector, &pointer.child("selector"), self.tables);
        } else if matches!(patch.op, PatchOp::Before | PatchOp::After | PatchOp::Replace) {
            let message = "without a selector this would change the page outside of the slot";
            let problem = Problem::error(pointer, message).help("add a selector, or use html, prepend or append");
            self.tables.problem(problem);
        }
        if patch.op != PatchOp::Attribute && patch.name.is_some() {
            self.tables.error(&pointer.child("name"), "only an attribute patch has a name");
        }
        let at = pointer.child("value");
        match (patch.op, &patch.value) {
            (PatchOp::Remove, None) => {}
            (PatchOp::Remove, Some(_)) => self.tables.error(&at, "remove takes no value"),
            (PatchOp::Attribute, value) => self.attribute(patch.name.as_deref(), value.as_deref(), index, pointer),
            (_, None) => self.tables.error(pointer, "\"value\" is missing"),
            (PatchOp::Text | PatchOp::Class, Some(value)) => self.plain(value, index, &at),
            (_, Some(value)) => self.html(value, index, &at),
        }
    }

    fn attribute(&mut self, name: Option<&str>, value: Option<&str>, index: u16, pointer: &Pointer) {
        let Some(name) = name else {
            return self.tables.error(pointer, "\"name\" is missing: the attribute to set");
        };
        let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | ':' | '.');
        if name.is_empty() || !name.chars().all(is_name) {
            return self.tables.error(&pointer.child("name"), format!("\"{name}\" is no attribute name"));
        }
        if matches!(name, "data-slot" | "data-slotwise") {
            let message = format!("{name} is how slots are found; choose another attribute");
            return self.tables.error(&pointer.child("name"), message);
        }
        let Some(value) = value else { return };
        match template::placement::attribute(name, &self.spelled_out(value)) {
            Ok(()) => self.plain(value, index, &pointer.child("value")),
            Err(error) => self.report(&[error], &pointer.child("value")),
        }
    }

    /// A text that what shows it escapes by itself.
    fn plain(&mut self, source: &str, patch: u16, pointer: &Pointer) {
        self.add(&self.spelled_out(source), patch, Escape::None, pointer);
    }

    /// A template in words that it can be compiled from.
    fn spelled_out<'s>(&self, source: &'s str) -> Cow<'s, str> {
        self.items.map_or(Cow::Borrowed(source), |draft| Cow::Owned(draft.spelled_out(source)))
    }

    fn html(&mut self, source: &str, patch: u16, pointer: &Pointer) {
        let source = &*self.spelled_out(source);
        let items = self.items;
        let no_member = RefCell::new(None);
        let is_authors = |sections: &[&str], name: &str| {
            let Some(draft) = items.filter(|_| sections.first() == Some(&"items")) else { return false };
            let is_known = draft.has_member(name);
            if !is_known {
                no_member.replace(Some(name.to_owned()));
            }
            is_known
        };
        if source.contains("{{")
            && let Err(errors) = template::placement::html(source, &is_authors)
        {
            self.report(&errors, pointer);
            if let Some(name) = no_member.take() {
                let message = format!("no item of the catalog has a member \"{name}\", so it is the visitor's");
                self.tables.problem(Problem::warning(pointer, message).help("members of items may begin an address"));
            }
            return;
        }
        self.add(source, patch, Escape::Html, pointer);
    }

    fn add(&mut self, source: &str, patch: u16, escape: Escape, pointer: &Pointer) {
        use crate::condition::compile::Registry as _;
        if !source.contains("{{") {
            return;
        }
        let mut constants = std::mem::take(&mut self.tables.program.constants);
        let (items, tables) = (self.items, &mut *self.tables);
        let mut is_asked_inside = false;
        let compiled = template::compile(source, &mut constants, &mut |path, sections| match (items, path) {
            // As it was spelled out: the first item has it, and nobody else.
            (Some(draft), [about, _, ..]) if draft.names_about(about) && sections.last() == Some(&"items") => {
                is_asked_inside |= sections.iter().filter(|section| **section == "items").count() > 1;
                NOWHERE
            }
            (Some(_), [items]) if items == "items" => ITEMS,
            // Where an item has no such member, there is none: it does not become the visitor's.
            (Some(draft), [member, ..]) if sections.first() == Some(&"items") && draft.has_member(member) => NOWHERE,
            _ => {
                if let (Some(draft), [name, ..], true) = (items, path, patch < ASKED)
                    && let Some(problem) = draft.slip(name, sections, pointer)
                {
                    tables.problem(problem);
                }
                // Inside of sections, it may be a member of what they show.
                if sections.is_empty()
                    && let Some(problem) = lint::misnamed(&path.join("."), pointer)
                {
                    tables.problem(problem);
                }
                tables.input(path)
            }
        });
        self.tables.program.constants = constants;
        if is_asked_inside {
            let message = "what the list is about can be named outside of {{#items}} alone";
            let help = "inside, {{#because.content}} and the like have the item that speaks for each";
            self.tables.problem(Problem::error(pointer, message).help(help));
        }
        match compiled {
            Ok(template) => self.tables.program.texts.push(TemplatedText { patch, escape, template }),
            Err(errors) => self.report(&errors, pointer),
        }
    }

    fn report(&mut self, errors: &[TemplateError], pointer: &Pointer) {
        for error in errors {
            self.tables.error(pointer, format!("{} (at byte {})", error.message, error.at));
        }
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

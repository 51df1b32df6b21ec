//! What a slot can show: the part of the authored bundle that travels to where it is shown.

#[cfg(feature = "compiler")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The patch whose text says why each item of a list is shown: none of the variant's, like all from [`ASKED`] on.
pub const REASONS: u16 = u16::MAX;

/// The patch whose text says what the list of the slot's first rule depends on, when that ranks; those of the others follow: the id of the item that it
/// is about, [`REASON_END`], and what tells visitors apart.
pub const ASKED: u16 = 0x8000;

/// Stands behind what is said of each item in the text of [`REASONS`].
pub const REASON_END: char = '\u{1e}';

/// One content of a slot. Empty leaves the page as it is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "compiler", derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Variant {
    /// The slot's inner HTML, a template. Short for one `html` patch of the slot itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Changes to the page, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patches: Option<Vec<Patch>>,
    /// A value that code asks for: any JSON.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub value: Option<Json>,
}

/// Keeps a `null` that was written apart from a member that was not.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// One change to the page.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "compiler", derive(JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Patch {
    /// What to do.
    pub op: PatchOp,
    /// Which elements inside the slot; the slot itself when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// The attribute's name, for `attribute`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The template of the new content. For `class`, names to add, and to take away behind a `-`. An
    /// `attribute` without a value is removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// What a patch does. All but `text`, `attribute` and `class` take HTML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "compiler", derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum PatchOp {
    /// Replaces what is inside.
    #[default]
    Html,
    /// Replaces what is inside with text.
    Text,
    /// Sets or removes an attribute.
    Attribute,
    /// Adds and removes class names.
    Class,
    /// Adds HTML at the end inside.
    Append,
    /// Adds HTML at the start inside.
    Prepend,
    /// Adds HTML before the element.
    Before,
    /// Adds HTML after the element.
    After,
    /// Puts HTML in place of the element.
    Replace,
    /// Takes the element away.
    Remove,
}

//! Where tags alone do not tell how a browser reads on.
//!
//! In a `select`, and from a `frameset` on, a browser may pass over a tag such as `<xmp>` and take for markup what would have
//! been its text; some pass over `<svg>` there, and others do not. Whoever guesses wrong is made to write into something else than they think; so nobody guesses.

use super::name::{self, Content, Name};

/// Follows the tags that matter. For HTML alone, the rules are those of `lol_html` in its strict mode.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Ambiguity {
    #[default]
    Nowhere,
    InSelect,
    /// With so many templates open.
    InTemplateInSelect(u32),
    BehindFrameset,
}

impl Ambiguity {
    /// Follows a start tag of HTML; false when it is not certain how a browser takes it.
    pub(super) fn open(&mut self, name: Name, content: Content) -> bool {
        let is_text = matches!(content, Content::Text | Content::Script | Content::Plaintext);
        match (*self, name) {
            (Self::Nowhere, name::SELECT) => *self = Self::InSelect,
            (Self::Nowhere, name::FRAMESET) => *self = Self::BehindFrameset,
            (Self::Nowhere, _) => {}
            // A select that was left open ends here.
            (Self::InSelect, name::SELECT | name::TEXTAREA | name::INPUT | name::KEYGEN) => *self = Self::Nowhere,
            (Self::InSelect, name::TEMPLATE) => *self = Self::InTemplateInSelect(1),
            (Self::InTemplateInSelect(open), name::TEMPLATE) => {
                *self = Self::InTemplateInSelect(open.saturating_add(1))
            }
            (Self::InSelect | Self::BehindFrameset, name::SVG | name::MATH) => return false,
            (Self::InSelect, name::SCRIPT) | (Self::BehindFrameset, name::NOFRAMES) => {}
            _ => return !is_text,
        }
        true
    }

    /// Follows an end tag.
    pub(super) fn close(&mut self, name: Name) {
        match (*self, name) {
            (Self::InSelect, name::SELECT) => *self = Self::Nowhere,
            (Self::InTemplateInSelect(1), name::TEMPLATE) => *self = Self::InSelect,
            (Self::InTemplateInSelect(open), name::TEMPLATE) => {
                *self = Self::InTemplateInSelect(open.saturating_sub(1))
            }
            _ => {}
        }
    }
}

//! What can be wrong with a template.

use std::fmt;

/// One thing wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// What kind of thing.
    pub code: Code,
    /// Where it is: a byte offset into the source.
    pub at: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl TemplateError {
    pub(super) fn new(code: Code, at: usize, message: String) -> Self {
        Self { code, at, message }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for TemplateError {}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The kinds of [`TemplateError`]; the texts are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant,)*
        }

        impl Code {
            /// The code as it is reported.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Code::$variant => $text,)*
                }
            }
        }
    };
}

codes! {
    /// `{{` without `}}`.
    UnclosedTag = "unclosed_tag",
    /// `{{{x}}}` or `{{&x}}`.
    Unescaped = "unescaped",
    /// `{{>x}}`.
    Partial = "partial",
    /// `{{<x}}` or `{{$x}}`.
    Inheritance = "inheritance",
    /// `{{=<% %>=}}`.
    Delimiters = "delimiters",
    /// `{{}}`, `{{#}}`, `{{a..b}}`.
    EmptyName = "empty_name",
    /// White space or braces inside a name.
    BadName = "bad_name",
    /// `{{.}}` outside every section.
    CurrentAtRoot = "current_at_root",
    /// A section that is never closed.
    UnclosedSection = "unclosed_section",
    /// A section closed by another section's tag.
    MismatchedSection = "mismatched_section",
    /// A closing tag without a section.
    UnopenedSection = "unopened_section",
    /// Sections nested too deep.
    TooDeep = "too_deep",
    /// A variable in a tag name or attribute name, or right after `<`.
    VariableInTag = "variable_in_tag",
    /// A variable in an attribute value without quotes.
    VariableUnquoted = "variable_unquoted",
    /// A variable in the content of an element that knows no escaping, such as `script`.
    VariableInRawText = "variable_in_raw_text",
    /// A variable in an HTML comment, a doctype or the like.
    VariableInComment = "variable_in_comment",
    /// A variable in an attribute whose value runs as code, styles the page or sets a policy.
    VariableInCode = "variable_in_code",
    /// A variable that decides where an address leads.
    VariableInAddress = "variable_in_address",
    /// A section that starts in one place of the markup and ends in another.
    SectionAcrossMarkup = "section_across_markup",
    /// Markup that ends inside a tag or a comment, with a variable or section in it.
    UnfinishedMarkup = "unfinished_markup",
}

//! What a derived attribute comes to, without an allocation where the answer
//! is a part of the input or one of a few known words.

/// The value of a derived attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Output<'a> {
    /// The attribute has no value: it behaves as if it were absent.
    Missing,
    /// A number, always a finite integer.
    Number(f64),
    /// A text that is a slice of the input.
    Borrowed(&'a [u16]),
    /// A text from a fixed set of words, ASCII.
    Static(&'static str),
    /// A text that had to be built.
    Owned(Vec<u16>),
}

impl Output<'_> {
    /// Appends the code units of a text; appends nothing for the other kinds.
    pub fn append_to(&self, out: &mut Vec<u16>) {
        match self {
            Output::Missing | Output::Number(_) => {}
            Output::Borrowed(units) => out.extend_from_slice(units),
            Output::Static(word) => {
                for byte in word.bytes() {
                    out.push(u16::from(byte));
                }
            }
            Output::Owned(units) => out.extend_from_slice(units),
        }
    }
}

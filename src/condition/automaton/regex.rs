//! JavaScript regular expressions without the flags `u`, `v`, `m` and `s`: the grammar of ECMA-262 with its Annex B, read
//! by `oxc_regular_expression`, as far as an automaton can decide it.

use oxc_allocator::Allocator;
use oxc_regular_expression::ast::{
    BoundaryAssertionKind, Character, CharacterClass, CharacterClassContents, CharacterClassEscapeKind, CharacterKind,
    Disjunction, Quantifier, Term,
};
use oxc_regular_expression::{LiteralParser, Options};
use regex_syntax::hir::Look;

use super::alphabet::word_units;
use super::case_map::close_over_case;
use super::error::PatternError;
use super::pattern::Node;
use super::unit_set::UnitSet;
use super::walk::Automaton;

/// Longer patterns are refused, bytes.
const MAX_SOURCE: usize = 1 << 15;
/// Groups nested deeper are refused: the reader and the compiler recurse.
const MAX_DEPTH: usize = 64;

/// The automaton that accepts a text exactly when `new RegExp(source, ignore_case ? "i" : "").test(text)`.
///
/// Greedy and lazy quantifiers are the same here. A character outside the basic plane is two code units, as always
/// without the flag `u`.
///
/// # Errors
/// When JavaScript would refuse the pattern, when it needs look-around, a back-reference, modifiers or one of two
/// rare escapes that are easily misread, and when it is too complex or too large.
pub fn regex(source: &str, ignore_case: bool) -> Result<Automaton, PatternError> {
    let on_boundary = |error: PatternError| PatternError {
        at: error
            .at
            .map(|at| (0..=at.min(source.len())).rev().find(|&at| source.is_char_boundary(at)).unwrap_or_default()),
        ..error
    };
    read(source, ignore_case).map_err(on_boundary)?.into_automaton()
}

fn read(source: &str, ignore_case: bool) -> Result<Node, PatternError> {
    if source.len() > MAX_SOURCE {
        return Err(PatternError::new(format!(
            "the pattern is longer than {MAX_SOURCE} bytes, split it into several conditions"
        )));
    }
    refuse_deep_nesting(source)?;
    let allocator = Allocator::default();
    let pattern = LiteralParser::new(&allocator, source, None, Options::default()).parse().map_err(|diagnostic| {
        let message = diagnostic.message.trim_start_matches("Invalid regular expression:").trim_start();
        let help = diagnostic.help.as_deref().map(|help| format!(": {help}")).unwrap_or_default();
        let at = diagnostic.labels.iter().next().map(|label| label.offset() as usize);
        PatternError { message: format!("not a JavaScript regular expression: {message}{help}"), at }
    })?;
    Reader { source, ignore_case }.disjunction(&pattern.body)
}

/// Counts open groups without parsing, so that no recursion meets more than [`MAX_DEPTH`] of them.
fn refuse_deep_nesting(source: &str) -> Result<(), PatternError> {
    let (mut depth, mut in_class, mut escaped) = (0usize, false, false);
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            _ if escaped => {
                escaped = false;
                continue;
            }
            b'\\' => escaped = true,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'(' if !in_class => depth = depth.saturating_add(1),
            b')' if !in_class => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(PatternError::at(format!("groups are nested deeper than {MAX_DEPTH}, flatten them"), at));
        }
    }
    Ok(())
}

struct Reader<'a> {
    source: &'a str,
    ignore_case: bool,
}

impl Reader<'_> {
    fn disjunction(&self, disjunction: &Disjunction) -> Result<Node, PatternError> {
        let alternatives = disjunction.body.iter().map(|alternative| {
            let terms: Result<Vec<Node>, _> = alternative.body.iter().map(|term| self.term(term)).collect();
            terms.map(Node::Sequence)
        });
        alternatives.collect::<Result<Vec<Node>, _>>().map(Node::Either)
    }

    fn term(&self, term: &Term) -> Result<Node, PatternError> {
        let refused = |message: &str, at: u32| Err(PatternError::at(message, at as usize));
        match term {
            Term::BoundaryAssertion(assertion) => Ok(Node::Look(match assertion.kind {
                BoundaryAssertionKind::Start => Look::Start,
                BoundaryAssertionKind::End => Look::End,
                BoundaryAssertionKind::Boundary => Look::WordAscii,
                BoundaryAssertionKind::NegativeBoundary => Look::WordAsciiNegate,
            })),
            Term::Quantifier(quantifier) => self.quantifier(quantifier),
            Term::Character(character) => Ok(self.units(UnitSet::of(self.unit(character)?))),
            Term::Dot(_) => Ok(Node::Units(line_terminators().complement())),
            Term::CharacterClassEscape(escape) => Ok(self.units(escaped_class(escape.kind))),
            Term::CharacterClass(class) => self.class(class),
            Term::CapturingGroup(group) => self.disjunction(&group.body),
            Term::IgnoreGroup(group) if group.modifiers.is_none() => self.disjunction(&group.body),
            Term::IgnoreGroup(group) => refused(
                "modifiers such as (?i:…) are not supported: use $regexi to ignore case in the whole pattern, or character classes",
                group.span.start,
            ),
            Term::LookAroundAssertion(assertion) => refused(
                "look-ahead and look-behind are not supported, because patterns run in linear time: express it as two conditions under $and or $not",
                assertion.span.start,
            ),
            Term::IndexedReference(reference) => {
                self.reference(reference.span.start as usize, reference.span.end as usize)
            }
            Term::NamedReference(reference) => refused(BACK_REFERENCE, reference.span.start),
            Term::UnicodePropertyEscape(escape) => refused(
                "Unicode property escapes need the flag u, which conditions do not have: list the characters in a class",
                escape.span.start,
            ),
        }
    }

    /// Where there are groups, the parser takes `\01` for a reference. In JavaScript none begins with a zero: it is an octal escape
    /// of up to three digits.
    fn reference(&self, start: usize, end: usize) -> Result<Node, PatternError> {
        let digits = self.source.get(start.saturating_add(1)..end).unwrap_or_default();
        if !digits.starts_with('0') {
            return Err(PatternError::at(BACK_REFERENCE, start));
        }
        match u16::from_str_radix(digits, 8) {
            Ok(unit) if digits.len() <= 3 => Ok(self.units(UnitSet::of(unit))),
            _ => Err(PatternError::at(r"an octal escape with digits behind it is not supported: write \xHH", start)),
        }
    }

    fn quantifier(&self, quantifier: &Quantifier) -> Result<Node, PatternError> {
        let count = |count: u64| {
            let message = "the pattern is too large: use a smaller count in braces";
            u32::try_from(count).map_err(|_| PatternError::at(message, quantifier.span.start as usize))
        };
        Ok(Node::Repeat {
            node: Box::new(self.term(&quantifier.body)?),
            min: count(quantifier.min)?,
            max: quantifier.max.map(count).transpose()?,
        })
    }

    /// `Canonicalize` compares members with the text's unit, and a negated class inverts the answer, not the members.
    fn class(&self, class: &CharacterClass) -> Result<Node, PatternError> {
        let mut ranges = Vec::new();
        for item in &class.body {
            match item {
                CharacterClassContents::Character(character) => {
                    let unit = self.class_unit(character)?;
                    ranges.push((unit, unit));
                }
                CharacterClassContents::CharacterClassRange(range) => {
                    ranges.push((self.class_unit(&range.min)?, self.class_unit(&range.max)?));
                }
                CharacterClassContents::CharacterClassEscape(escape) => {
                    ranges.extend_from_slice(escaped_class(escape.kind).ranges());
                }
                CharacterClassContents::UnicodePropertyEscape(_)
                | CharacterClassContents::NestedCharacterClass(_)
                | CharacterClassContents::ClassStringDisjunction(_) => {
                    let message = "this part of a character class needs the flag u or v, which conditions do not have";
                    return Err(PatternError::at(message, class.span.start as usize));
                }
            }
        }
        match self.units(UnitSet::from_ranges(ranges)) {
            Node::Units(set) if class.negative => Ok(Node::Units(set.complement())),
            node => Ok(node),
        }
    }

    fn units(&self, set: UnitSet) -> Node {
        Node::Units(if self.ignore_case { close_over_case(&set) } else { set })
    }

    /// In a class, the parser reads `\c` as a backslash and a `c` even before a letter, where JavaScript reads a control
    /// character. It marks no other backslash in a class as a plain symbol.
    fn class_unit(&self, character: &Character) -> Result<u16, PatternError> {
        if character.kind == CharacterKind::Symbol && character.value == u32::from(b'\\') {
            let message = r"\c in a character class is not supported: write the control character as \xHH";
            return Err(PatternError::at(message, character.span.start as usize));
        }
        self.unit(character)
    }

    /// The parser loses the last digit of octal escapes from `\400` on, which JavaScript reads as `\40` and a digit.
    fn unit(&self, character: &Character) -> Result<u16, PatternError> {
        let (start, end) = (character.span.start as usize, character.span.end as usize);
        let written = self.source.get(start..end).unwrap_or_default();
        if character.kind == CharacterKind::Octal3 && written.as_bytes().get(1) > Some(&b'3') {
            return Err(PatternError::at(r"octal escapes above \377 are not supported: write \xHH", start));
        }
        u16::try_from(character.value).map_err(|_| PatternError::at("this character is not one code unit", start))
    }
}

const BACK_REFERENCE: &str =
    "back-references are not supported, because patterns run in linear time: spell out the alternatives";

fn escaped_class(kind: CharacterClassEscapeKind) -> UnitSet {
    let digits = UnitSet::from_ranges([(0x30, 0x39)]);
    match kind {
        CharacterClassEscapeKind::D => digits,
        CharacterClassEscapeKind::NegativeD => digits.complement(),
        CharacterClassEscapeKind::S => spaces(),
        CharacterClassEscapeKind::NegativeS => spaces().complement(),
        CharacterClassEscapeKind::W => word_units(),
        CharacterClassEscapeKind::NegativeW => word_units().complement(),
    }
}

/// ECMA-262 `LineTerminator`: what `.` does not match.
fn line_terminators() -> UnitSet {
    UnitSet::from_ranges([(0x0a, 0x0a), (0x0d, 0x0d), (0x2028, 0x2029)])
}

/// ECMA-262 `WhiteSpace` and `LineTerminator`: tab to carriage return, the byte order mark, Unicode's space separators.
fn spaces() -> UnitSet {
    let units = [0x20, 0xa0, 0x1680, 0x202f, 0x205f, 0x3000, 0xfeff].map(|unit| (unit, unit));
    UnitSet::from_ranges([(0x09, 0x0d), (0x2000, 0x200a), (0x2028, 0x2029)].into_iter().chain(units))
}

//! Path patterns for `$glob`.
//!
//! A glob describes a whole path, case-sensitively:
//!
//! | written | matches |
//! | --- | --- |
//! | `*` | any code units but `/`, or none |
//! | `?` | one code unit but `/` (a character outside the basic plane is two) |
//! | `**` | any code units, or none |
//! | `**` as a whole segment | zero or more segments with their slashes, see below |
//! | `{a,b}` | what the glob with `a`, or the one with `b`, in this place matches; may be nested, `a` may be empty |
//! | `\x` | `x` itself, whatever it is |
//! | `[` | refused, it means too many things elsewhere; `\[` is a bracket |
//! | anything else | itself |
//!
//! A `**` between two slashes, or between a slash and an end of the glob, is a whole segment: `/a/**/b` matches `/a/b`
//! and `/a/x/y/b`; `/shop/**` matches `/shop`, `/shop/` and everything below; `**/b` matches `b`, `/b` and `/a/b`.
//! Braces are written out first, so `{/shop/**,/blog}` matches `/shop` too. More than two stars in a row mean `**`.

use regex_syntax::hir::Look;

use super::error::PatternError;
use super::pattern::Node;
use super::unit_set::UnitSet;
use super::walk::Automaton;

/// Longer globs are refused, bytes.
const MAX_SOURCE: usize = 1 << 12;
/// Globs whose braces write out to more alternatives are refused.
const MAX_ALTERNATIVES: usize = 256;
/// Braces nested deeper are refused.
const MAX_DEPTH: usize = 16;

/// The automaton that accepts the paths a glob describes, as the module's table says.
///
/// # Errors
/// On unbalanced braces, a backslash at the end, an unescaped `[`, and when the glob is too large.
pub fn glob(pattern: &str) -> Result<Automaton, PatternError> {
    if pattern.len() > MAX_SOURCE {
        return Err(PatternError::new(format!(
            "the glob is longer than {MAX_SOURCE} bytes, split it into several conditions"
        )));
    }
    let alternatives = Reader { pattern, at: 0 }.alternatives(0)?;
    let nodes = alternatives.iter().map(|tokens| Node::Sequence(nodes(tokens)));
    Node::Sequence(vec![Node::Look(Look::Start), Node::Either(nodes.collect()), Node::Look(Look::End)]).into_automaton()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Unit(u16),
    One,
    Star,
    DoubleStar,
}

const SLASH: Token = Token::Unit(b'/' as u16);

/// One writing-out of the braces.
type Tokens = Vec<Token>;

struct Reader<'a> {
    pattern: &'a str,
    /// Byte offset of what is read next.
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let character = self.pattern.get(self.at..)?.chars().next()?;
        self.at = self.at.saturating_add(character.len_utf8());
        Some(character)
    }

    /// Reads to the end of the pattern, or of the braces when inside some.
    fn alternatives(&mut self, depth: usize) -> Result<Vec<Tokens>, PatternError> {
        let opened = self.at.saturating_sub(1);
        if depth > MAX_DEPTH {
            return Err(PatternError::at(format!("braces are nested deeper than {MAX_DEPTH}, flatten them"), opened));
        }
        let mut done = Vec::new();
        let mut current = vec![Tokens::new()];
        loop {
            let at = self.at;
            match self.next() {
                None if depth == 0 => return Ok(current),
                None => {
                    return Err(PatternError::at(
                        r"this brace is never closed: add }, or write \{ for the character",
                        opened,
                    ));
                }
                Some('}') if depth > 0 => {
                    done.append(&mut current);
                    return Ok(done);
                }
                Some('}') => {
                    return Err(PatternError::at(r"nothing is open here: remove }, or write \} for the character", at));
                }
                Some(',') if depth > 0 => done.append(&mut std::mem::replace(&mut current, vec![Tokens::new()])),
                Some('{') => {
                    let inner = self.alternatives(depth.saturating_add(1))?;
                    if current.len().saturating_mul(inner.len()).saturating_add(done.len()) > MAX_ALTERNATIVES {
                        let message = format!(
                            "the braces write out to more than {MAX_ALTERNATIVES} globs, use several conditions"
                        );
                        return Err(PatternError::at(message, at));
                    }
                    current = current
                        .iter()
                        .flat_map(|before| inner.iter().map(|after| [&before[..], after].concat()))
                        .collect();
                }
                Some('[') => {
                    return Err(PatternError::at(
                        r"globs have no character classes: write \[ for the character, or use $regex",
                        at,
                    ));
                }
                Some('?') => push(&mut current, [Token::One]),
                Some('*') => push(&mut current, [Token::Star]),
                Some('\\') => {
                    let message = r"a backslash at the end escapes nothing: write \\ for the character";
                    let escaped = self.next().ok_or_else(|| PatternError::at(message, at))?;
                    push_character(&mut current, escaped);
                }
                Some(character) => push_character(&mut current, character),
            }
        }
    }
}

fn push(alternatives: &mut [Tokens], tokens: impl IntoIterator<Item = Token> + Clone) {
    for alternative in alternatives {
        alternative.extend(tokens.clone());
    }
}

fn push_character(alternatives: &mut [Tokens], character: char) {
    let mut units = [0; 2];
    push(alternatives, character.encode_utf16(&mut units).iter().map(|&unit| Token::Unit(unit)));
}

/// What a glob without braces means.
fn nodes(tokens: &[Token]) -> Vec<Node> {
    let tokens = join_stars(tokens);
    let mut rest = tokens.as_slice();
    let mut nodes = Vec::new();
    if let Some(after) = rest.strip_prefix(&[Token::DoubleStar, SLASH]) {
        nodes.push(optional(vec![anything(), slash()]));
        rest = after;
    }
    loop {
        rest = match rest {
            [] => return nodes,
            [SLASH, Token::DoubleStar] => {
                nodes.push(optional(vec![slash(), anything()]));
                return nodes;
            }
            [SLASH, Token::DoubleStar, after @ ..] if after.starts_with(&[SLASH]) => {
                nodes.push(optional(vec![slash(), anything()]));
                after
            }
            [token, after @ ..] => {
                nodes.push(match token {
                    Token::Unit(unit) => Node::Units(UnitSet::of(*unit)),
                    Token::One => Node::Units(not_slash()),
                    Token::Star => repeated(not_slash()),
                    Token::DoubleStar => anything(),
                });
                after
            }
        }
    }
}

/// Two stars in a row or more as one token. Stars that braces brought together count as a row.
fn join_stars(tokens: &[Token]) -> Tokens {
    let mut joined = Tokens::new();
    for &token in tokens {
        match (joined.last_mut(), token) {
            (Some(last @ (Token::Star | Token::DoubleStar)), Token::Star) => *last = Token::DoubleStar,
            _ => joined.push(token),
        }
    }
    joined
}

fn optional(nodes: Vec<Node>) -> Node {
    Node::Repeat { node: Box::new(Node::Sequence(nodes)), min: 0, max: Some(1) }
}

fn repeated(set: UnitSet) -> Node {
    Node::Repeat { node: Box::new(Node::Units(set)), min: 0, max: None }
}

fn anything() -> Node {
    repeated(UnitSet::from_ranges([]).complement())
}

fn slash() -> Node {
    Node::Units(UnitSet::of(u16::from(b'/')))
}

fn not_slash() -> UnitSet {
    UnitSet::of(u16::from(b'/')).complement()
}

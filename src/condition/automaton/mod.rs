//! Text patterns as table automata: `$regex`, `$regexi`, `$glob`, `$ini` and `$alli` all become one [`Automaton`] when
//! a bundle is compiled, and deciding walks its table, one step a UTF-16 code unit.
//!
//! The walker (`walk`) is all that a runtime needs: no regular expression engine, no Unicode tables, linear time
//! whatever the visitor sends. Everything else is behind the feature `compiler`:
//!
//! | module | job |
//! | --- | --- |
//! | `regex`, `glob` | read one pattern language each, give a `pattern::Node` |
//! | `casefold` | sets of strings that are equal ignoring case, straight to a `graph::Graph` |
//! | `case_map` | which code units and characters differ by case only |
//! | `unit_set` | sets of code units |
//! | `alphabet` | squeezes 65,536 code units into at most 256 byte values for one pattern |
//! | `pattern` | the tree both languages share, and its way through `regex-automata` into a `Graph` |
//! | `graph` | a plain state machine, made minimal |
//! | `table` | a minimal `Graph` as the compact `Automaton` |

mod walk;

#[cfg(feature = "compiler")]
mod alphabet;
#[cfg(feature = "compiler")]
mod case_map;
#[cfg(feature = "compiler")]
mod casefold;
#[cfg(feature = "compiler")]
mod error;
#[cfg(feature = "compiler")]
mod glob;
#[cfg(feature = "compiler")]
mod graph;
#[cfg(feature = "compiler")]
mod pattern;
#[cfg(feature = "compiler")]
mod regex;
#[cfg(feature = "compiler")]
mod table;
#[cfg(feature = "compiler")]
mod unit_set;

#[cfg(test)]
#[cfg(feature = "compiler")]
mod tests;

pub use walk::Automaton;

#[cfg(feature = "compiler")]
pub use casefold::equals_ignore_case;
#[cfg(feature = "compiler")]
pub use error::PatternError;
#[cfg(feature = "compiler")]
pub use glob::glob;
#[cfg(feature = "compiler")]
pub use regex::regex;

//! Ranking a catalog for a visitor: from vectors, lists and counts to the items that a slot shows, and why.
//!
//! ```text
//! Model, Visitor ─ ranker ─▶ candidates, best first ─ diversify, explore ─▶ the list, with propensities
//!                    │
//!                 kernel: vectors × interest, vectors × the visitor folded in; neighbours, popularity, recency, boosts
//! ```
//!
//! | module | job |
//! | --- | --- |
//! | `ranker` | puts signals together: a first pass over all items, exact scores for the best, parts of a score |
//! | [`vectors`], `kernel` | vectors in twelve bits a dimension, and their products |
//! | [`quantise`] | from floats to such vectors, and what that loses (only where bundles are compiled) |
//! | [`factors`] | implicit ALS: the visitor's vector from what they did |
//! | [`neighbours`], [`popularity`], [`recency`] | the other signals |
//! | [`blend`] | weights, a logistic regression as well; shares of a score |
//! | [`select`] | the best of many |
//! | [`diversify`], [`explore`] | diversity, caps, pins; exploration with propensities |
//!
//! # The same bits everywhere
//!
//! A decision at the edge must be the one in the page. Products of the first pass are of whole numbers, sums of
//! floats run in lanes that the code names, there is no fused multiplication, and powers come from the `libm` crate.
//! What is equal is taken in the order of items, which are sorted by id when compiled.
//!
//! # Slices, not ndarray
//!
//! The loops are over slices. With ndarray 0.16 (without default features) for the decomposition and two products,
//! the module had 2.0 KB (gzip) more than with slices, and it has no Cholesky.

pub mod blend;
pub mod catalog;
mod checks;
pub mod diversify;
pub mod explore;
pub mod factors;
pub mod filter;
mod items;
mod kernel;
pub mod list;
pub mod neighbours;
pub mod popularity;
#[cfg(feature = "compiler")]
pub mod quantise;
mod ranker;
pub mod recency;
pub mod select;
mod texts;
pub mod vectors;

pub use catalog::{Catalog, Ranking};
pub use items::Items;
pub use list::{Ask, Listed, Lister, Past};
pub use ranker::{Model, NO_ITEM, Ranker, Visitor};
pub use texts::Texts;

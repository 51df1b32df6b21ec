//! Ranking a catalog for a visitor.

pub mod blend;
mod checks;
pub mod diversify;
pub mod explore;
pub mod factors;
mod items;
mod kernel;
pub mod neighbours;
pub mod popularity;
#[cfg(feature = "compiler")]
pub mod quantise;
mod ranker;
pub mod recency;
pub mod select;
pub mod vectors;

pub use items::Items;
pub use ranker::{Model, NO_ITEM, Ranker, Visitor};

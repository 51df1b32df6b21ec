//! Ranking a catalog for a visitor.

pub mod factors;
mod items;
mod kernel;
#[cfg(feature = "compiler")]
pub mod quantise;
pub mod select;
pub mod vectors;

pub use items::Items;

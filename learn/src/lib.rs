//! Learns what the engine ranks with from a site's own event log.

pub mod cluster;
pub mod evaluate;
pub mod events;
mod failure;
pub mod fit;
pub mod folder;
pub mod interactions;
pub mod items;
pub mod learned;
pub mod log;
pub mod models;
mod page;
pub mod parameters;
pub mod report;
pub mod served;
pub mod split;
pub mod stack;
pub mod study;
pub mod train;
pub mod watch;

pub use failure::Failure;

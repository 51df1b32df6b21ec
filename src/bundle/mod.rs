//! From the bundle as authored to the file that the runtime loads.
//!
//! [`wire`] is the JSON model, with the catalog in [`catalog`], the rules that rank it in [`ranking`], clusters of visitors in [`clusters`], what stands beside the document in [`files`] and
//! what was learned in [`model`]; `read` takes a document apart and reports every misfit, [`compile`] turns names into indices and reports everything else, `lint` warns of what works but was hardly meant,
//! [`codec`] is the binary file. The runtime has only the last.

#[cfg(feature = "compiler")]
pub mod catalog;
#[cfg(feature = "compiler")]
pub mod clusters;
pub mod codec;
#[cfg(feature = "compiler")]
pub mod compile;
#[cfg(feature = "engine")]
pub mod content;
#[cfg(feature = "compiler")]
pub mod files;
#[cfg(feature = "compiler")]
pub mod given;
#[cfg(feature = "compiler")]
mod lint;
#[cfg(feature = "engine")]
pub mod manifest;
#[cfg(feature = "compiler")]
mod misfit;
#[cfg(feature = "compiler")]
pub mod model;
#[cfg(feature = "compiler")]
pub mod ranking;
#[cfg(feature = "compiler")]
mod read;
#[cfg(feature = "compiler")]
pub mod wire;

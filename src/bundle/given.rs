//! What stands in the bundle, or in a file beside it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something written in the bundle, or in a file beside it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Given<T> {
    /// The name of the file.
    File(String),
    /// Written here.
    Here(T),
}

impl<T: Default> Default for Given<T> {
    fn default() -> Self {
        Self::Here(T::default())
    }
}

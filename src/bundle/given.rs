//! What stands in the bundle, or in a file beside it.

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// Something written in the bundle, or in a file beside it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
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

/// By hand, because a derived one reads into a copy first, and forgets where in it something did not fit.
impl<'de, T: DeserializeOwned> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrContent(PhantomData))
    }
}

struct NameOrContent<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for NameOrContent<T> {
    type Value = Given<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the name of a file, or what would stand in it")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Given<T>, E> {
        Ok(Given::File(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Given<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Given::Here)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<Given<T>, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(elements)).map(Given::Here)
    }
}

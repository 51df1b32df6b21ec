//! A bundle's catalog, as JavaScript ranks it.

use crate::bundle::codec;
use crate::rank::{Ask, Catalog as Items, Lister, Past};
use wasm_bindgen::prelude::*;

/// The catalog of a loaded bundle, with the memory that lists are made in.
#[wasm_bindgen]
pub struct Catalog {
    catalog: Items,
    lister: Lister,
    numbers: Vec<f64>,
}

/// Members of a past item among the numbers of [`Catalog::list`]: worth, last, whether it was bought.
const PAST: usize = 3;

#[wasm_bindgen]
impl Catalog {
    /// Reads the catalog of a compiled bundle; an empty one when the bundle has none.
    ///
    /// # Errors
    /// The code and the message of what is wrong with the bytes, with a line break between them.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &[u8]) -> Result<Catalog, JsValue> {
        let catalog = codec::decode_catalog(file).map_err(super::refusal)?.unwrap_or_default();
        Ok(Self { catalog, lister: Lister::default(), numbers: Vec::new() })
    }

    /// The list of a ranking, as a JSON array of three: the members of the items, those of the past items that the numbers speak of, and
    /// those of the item that the list is about, if it is about one.
    ///
    /// `past` holds three numbers for each of `ids`; items of `left_out` are left out. For each item [`Catalog::numbers`] says: score, propensity, six shares, the signal and
    /// the past item (counted among those of the second array) of the main reason, how many parts there are, and for each of those its
    /// signal, its past item and its share. What there is none of is -1.
    #[expect(clippy::too_many_arguments, reason = "an object would be read member by member")]
    pub fn list(
        &mut self,
        ranking: usize,
        ids: Vec<String>,
        past: &[f64],
        left_out: Vec<String>,
        about: Option<String>,
        segments: u32,
        now: f64,
        visitor: Option<String>,
    ) -> String {
        let history: Vec<Past<'_>> = ids
            .iter()
            .zip(past.as_chunks::<PAST>().0)
            .map(|(id, [worth, last, bought])| Past { id, worth: *worth, last: *last, is_bought: *bought != 0.0 })
            .collect();
        let left_out: Vec<&str> = left_out.iter().map(String::as_str).collect();
        let ask = Ask {
            left_out: &left_out,
            history: &history,
            anchor: about.as_deref(),
            segments,
            now,
            visitor: visitor.as_deref(),
        };
        self.numbers.clear();
        let Some(ranking) = self.catalog.rankings.get(ranking) else { return "[[],[],[]]".to_owned() };
        let list = self.lister.list(&self.catalog, ranking, &ask);
        let mut named: Vec<u16> = Vec::new();
        let mut place_of = |item: u16| {
            if item == crate::rank::NO_ITEM {
                return -1.0;
            }
            let place = named.iter().position(|known| *known == item).unwrap_or_else(|| {
                named.push(item);
                named.len().saturating_sub(1)
            });
            f64::from(u16::try_from(place).unwrap_or(u16::MAX))
        };
        for listed in &list {
            self.numbers.extend([listed.score.into(), listed.propensity]);
            self.numbers.extend(listed.shares.map(f64::from));
            let because = listed.because.map(|(signal, item)| [f64::from(signal as u8), place_of(item)]);
            self.numbers.extend(because.unwrap_or([-1.0; 2]));
            self.numbers.push(f64::from(u32::try_from(listed.parts.len()).unwrap_or(u32::MAX)));
            for part in &listed.parts {
                self.numbers.extend([f64::from(part.signal as u8), place_of(part.item), part.share]);
            }
        }
        let mut json = "[[".to_owned();
        self.write(&mut json, list.iter().map(|listed| listed.item));
        json.push_str("],[");
        self.write(&mut json, named.into_iter());
        json.push_str("],[");
        self.write(&mut json, self.lister.about().into_iter());
        json.push_str("]]");
        json
    }

    /// What is said in numbers of the list that was made last.
    pub fn numbers(&self) -> Vec<f64> {
        self.numbers.clone()
    }
}

impl Catalog {
    fn write(&self, json: &mut String, items: impl Iterator<Item = u16>) {
        for (place, item) in items.enumerate() {
            if place > 0 {
                json.push(',');
            }
            json.push_str(self.catalog.members.get(item));
        }
    }
}

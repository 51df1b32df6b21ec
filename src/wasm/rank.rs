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

    /// Makes the list of a ranking, and says at which address it lies, in numbers: how many numbers there are, how many items, and the
    /// item that the list is about; then for each item itself, score, propensity, six shares, the signal and the past item of the main
    /// reason, how many parts there are, and for each of those its signal, its past item and its share. What there is none of is -1.
    ///
    /// `past` holds three numbers for each of `ids`; items of `left_out` are left out.
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
    ) -> usize {
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
        self.numbers.extend([3.0, 0.0, -1.0]);
        if let Some(ranking) = self.catalog.rankings.get(ranking) {
            let list = self.lister.list(&self.catalog, ranking, &ask);
            let number_of = |item: u16| if item == crate::rank::NO_ITEM { -1.0 } else { f64::from(item) };
            for listed in &list {
                self.numbers.extend([listed.item.into(), listed.score.into(), listed.propensity]);
                self.numbers.extend(listed.shares.map(f64::from));
                let because = listed.because.map(|(signal, item)| [f64::from(signal as u8), number_of(item)]);
                self.numbers.extend(because.unwrap_or([-1.0; 2]));
                self.numbers.push(count(listed.parts.len()));
                for part in &listed.parts {
                    self.numbers.extend([f64::from(part.signal as u8), number_of(part.item), part.share]);
                }
            }
            let about = self.lister.about().map_or(-1.0, f64::from);
            let head = [count(self.numbers.len()), count(list.len()), about];
            self.numbers.iter_mut().zip(head).for_each(|(number, of_head)| *number = of_head);
        }
        self.numbers.as_ptr().addr()
    }

    /// The members of an item, as a JSON object.
    pub fn members(&self, item: u16) -> String {
        self.catalog.members.get(item).to_owned()
    }
}

fn count(len: usize) -> f64 {
    f64::from(u32::try_from(len).unwrap_or(u32::MAX))
}

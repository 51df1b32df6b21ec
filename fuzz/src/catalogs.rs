//! Catalogs: whatever a file's section holds, it is refused or makes lists for any visitor, with scores that are the sums of their shares.

use fastrand::Rng;
use serde_json::{Value as Json, json};
use slotwise::binary::{from_bytes, to_bytes};
use slotwise::bundle::codec;
use slotwise::rank::catalog::MOST_SHOWN;
use slotwise::rank::{Ask, Catalog, Lister, NO_ITEM, Past};
use std::collections::BTreeSet;

/// 2026-03-01, noon.
const NOW: f64 = 1_772_366_400_000.0;

pub(crate) fn check(input: &[u8]) {
    let Some(catalog) = from_bytes::<Catalog>(input).filter(Catalog::is_sound) else { return };
    assert_eq!(from_bytes(&to_bytes(&catalog)), Some(catalog.clone()), "it comes back as something else");
    let mut rng = Rng::with_seed(adler2::adler32_slice(input).into());
    let mut lister = Lister::default();
    for ranking in catalog.rankings.iter().take(8) {
        for now in [NOW, 0.0, f64::NAN, f64::INFINITY, -1e300] {
            let ids: Vec<String> = (0..rng.u32(0..6)).map(|_| id(&catalog, &mut rng)).collect();
            let history: Vec<Past<'_>> = ids.iter().map(|id| past(id, &mut rng)).collect();
            let (about, visitor) = (id(&catalog, &mut rng), rng.u32(..).to_string());
            let left_out = [id(&catalog, &mut rng)];
            let left_out: Vec<&str> = left_out.iter().map(String::as_str).collect();
            let ask = Ask {
                left_out: &left_out,
                history: &history,
                anchor: rng.bool().then_some(&about),
                segments: rng.u32(..),
                now,
                visitor: rng.bool().then_some(&visitor),
            };
            let list = lister.list(&catalog, ranking, &ask);
            assert_eq!(list, Lister::default().list(&catalog, ranking, &ask), "it depends on the list before it");
            assert!(list.len() <= usize::from(ranking.limit.min(MOST_SHOWN)));
            let items: BTreeSet<u16> = list.iter().map(|listed| listed.item).collect();
            assert_eq!(items.len(), list.len(), "an item is there twice");
            for listed in &list {
                assert!(listed.item < catalog.model.items);
                let is_pinned = ranking.pins.iter().any(|(_, item)| *item == listed.item);
                let left_out = left_out.first().and_then(|id| catalog.ids.find(id));
                assert!(is_pinned || left_out != Some(listed.item), "what is left out is there");
                assert!(listed.propensity > 0.0 && listed.propensity <= 1.0, "{}", listed.propensity);
                let sum = listed.shares.iter().fold(ranking.blend.bias, |sum, share| sum + share);
                assert!(sum.to_bits() == listed.score.to_bits() || sum.is_nan(), "{listed:?}");
                assert!(listed.parts.iter().all(|part| part.item == NO_ITEM || part.item < catalog.model.items));
            }
        }
    }
}

/// An item's id, or none that there is.
fn id(catalog: &Catalog, rng: &mut Rng) -> String {
    match rng.u16(..).checked_rem(catalog.model.items) {
        Some(item) if rng.u32(0..8) > 0 => catalog.ids.get(item).to_owned(),
        _ => "none".to_owned(),
    }
}

fn past<'a>(id: &'a str, rng: &mut Rng) -> Past<'a> {
    let worth = rng.choice([1.0, 5.0, -4.0, 0.0, 1e-60, 1e300, f64::NAN, f64::NEG_INFINITY]).unwrap_or(1.0);
    Past { id, worth, last: NOW - rng.f64() * 1e9, is_bought: rng.bool() }
}

/// The catalogs of the vectors, and one of everything.
pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let document: Json = serde_json::from_str(include_str!("../../tests/spec/rankings.json")).unwrap();
    let bundles = document["bundles"].as_object().unwrap().iter().map(|(name, bundle)| (name.clone(), bundle.clone()));
    let all = bundles.chain([("everything".to_owned(), everything())]);
    all.map(|(name, bundle)| {
        let compiled = slotwise::compile(bundle).expect("a bundle of the vectors");
        let catalog = codec::decode_catalog(&compiled.bytes).expect("what was compiled").expect("it has a catalog");
        (name, to_bytes(&catalog))
    })
    .collect()
}

/// More items than bits of a word, with every signal, and rankings of every kind.
fn everything() -> Json {
    let mut rng = Rng::with_seed(70);
    let mut row = |_| (0..20).map(|_| rng.f64() - 0.5).collect::<Vec<f64>>();
    let (content, factors): (Vec<_>, Vec<_>) = ((0..70).map(&mut row).collect(), (0..70).map(&mut row).collect());
    let items: Vec<Json> = (0..70)
        .map(|item| json!({ "id": format!("i{item}"), "category": item % 3, "popularity": item, "added": f64::from(item) * 1e10 }))
        .collect();
    let rank = |rank: Json| json!({ "rank": rank });
    json!({
        "version": 1, "id": "everything", "segments": { "s": { "a": 1 }, "t": { "a": 2 } },
        "catalog": {
            "items": items, "content": { "vectors": content }, "factors": { "vectors": factors },
            "neighbours": { "i1": { "i2": 1, "i3": -0.5 }, "i69": { "i0": 0.3 } },
            "popularity": { "segments": { "s": { "i5": 9 }, "t": { "i6": 9 } } }, "recency": {},
        },
        "slots": { "list": { "default": "none", "variants": { "none": {}, "list": {} }, "rules": [
            rank(json!({ "show": "list", "limit": 100, "candidates": 500 })),
            rank(json!({ "show": "list", "about": "last", "diversity": { "amount": 0.5, "mostOfCategory": 1 } })),
            rank(json!({ "show": "list", "about": { "attribute": "item" }, "exclude": ["seen", "bought"], "explore": 0.5 })),
            rank(json!({ "show": "list", "where": { "$or": [{ "category": 1 }, { "$segment": "s" }] }, "pins": [{ "item": "i7", "place": 2 }],
                         "boosts": [{ "where": { "$not": { "$segment": "t" } }, "add": 0.5 }], "diversity": { "by": "category" } })),
        ] } },
    })
}

//! The words that random documents are made of: every name and value of the vectors in `tests/spec`, and some that no
//! author would write.

use crate::seeds::SPECS;
use serde_json::{Value as Json, json};
use std::sync::LazyLock;

/// Names and values to choose from.
pub(crate) struct Vocabulary {
    pub(crate) names: Vec<String>,
    pub(crate) values: Vec<Json>,
    pub(crate) texts: Vec<String>,
}

/// Larger values would only repeat smaller ones.
const LARGEST: usize = 160;

pub(crate) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut found = Vocabulary { names: Vec::new(), values: odd(), texts: Vec::new() };
    for (_, source) in SPECS {
        found.collect(&serde_json::from_str(source).unwrap());
    }
    found.values.sort_by_cached_key(Json::to_string);
    found.values.dedup();
    found.names.extend(["__proto__", "constructor", "length", "0", "a.b", "", "~/", "$"].map(str::to_owned));
    for list in [&mut found.names, &mut found.texts] {
        list.sort_unstable();
        list.dedup();
    }
    found
});

impl Vocabulary {
    fn collect(&mut self, json: &Json) {
        match json {
            Json::Object(members) => {
                self.names.extend(members.keys().cloned());
                members.values().for_each(|member| self.collect(member));
            }
            Json::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Json::String(text) if text.len() <= LARGEST => self.texts.push(text.clone()),
            _ => {}
        }
        if json.to_string().len() <= LARGEST {
            self.values.push(json.clone());
        }
    }
}

fn odd() -> Vec<Json> {
    let mut values: Vec<Json> =
        [0.0, -0.0, -1.0, 0.1, 1e21, 1e300, -1e300, 5e-324, 4_294_967_296.0, 9_007_199_254_740_993.0]
            .map(Json::from)
            .to_vec();
    values.extend([json!(u64::MAX), json!(i64::MIN), json!(65_535), json!(65_536), json!(100), json!(101)]);
    values.extend(["\u{0}", "\u{feff}", "İ", "🍕", "a\u{301}", "{{", "}}", "{{{", "]]>", "\r\n"].map(Json::from));
    values.extend(
        ["(a|a)*b", "[^", "(?=a)", "a{0,1000}", "(a{1,30}){1,30}", "\\u{10ffff}", "**/{a,b}", "\\"].map(Json::from),
    );
    values.push(Json::from("x".repeat(3_000)));
    values
}

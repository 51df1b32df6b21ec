//! Templates and views: refused in place, or rendered within bounds; and no value of a visitor changes what a browser makes
//! of the markup around it.

use crate::{markup, visitor};
use fastrand::Rng;
use serde_json::{Value as Json, json};
use slotwise::binary::{from_bytes, to_bytes};
use slotwise::template::{Escape, MAX_STEPS, Template, TemplateError, compile, placement};
use slotwise::value::{Node, Pool, Value};

/// Texts with which a visitor would break out of each place that a value can stand in.
const HOSTILE: [&str; 14] = [
    "<img src=x onerror=f()>",
    "\"><script>f()</script>",
    "'><script>f()</script>",
    "\" onclick=\"f()",
    "' onclick='f()",
    " onclick=f() ",
    "javascript:f()",
    "//evil.example/",
    "/evil.example",
    "--><img src=x>",
    "</title></textarea></style></script><img src=x>",
    "]]><img src=x>",
    "&quot;&gt;&lt;img src=x&gt;",
    "https://evil.example?",
];

pub(crate) fn check(input: &[u8]) {
    let Ok(vector) = serde_json::from_slice::<Json>(input) else { return };
    let Some(source) = vector.get("template").and_then(Json::as_str) else { return };
    let view = vector.get("view").unwrap_or(&Json::Null);
    let mut made = Made { template: Template::default(), constants: Pool::default(), inputs: Vec::new() };
    let compiled = compile(source, &mut made.constants, &mut |path, _| {
        let known = made.inputs.iter().position(|input| input == path);
        let place = known.unwrap_or(made.inputs.len());
        if known.is_none() {
            made.inputs.push(path.to_vec());
        }
        u16::try_from(place).unwrap()
    });
    match compiled {
        Ok(template) => made.template = template,
        Err(errors) => {
            assert!(made.inputs.is_empty() && made.constants == Pool::default(), "what is refused leaves something");
            return are_placed(&errors, source);
        }
    }
    let written = to_bytes(&made.template);
    assert_eq!(from_bytes::<Template>(&written).as_ref(), Some(&made.template), "the template is read as another");
    assert!(made.template.is_valid(&made.constants, made.inputs.len()));

    let mut rng = Rng::with_seed(adler2::adler32_slice(input).into());
    let html = made.render(view, Escape::Html);
    if !view.to_string().contains("\"$js\"") {
        // Escaping is of the values and of nothing else: the same as if they had come escaped.
        assert_eq!(html, made.render(&each_text(view, &escaped), Escape::None), "escaped otherwise");
    }
    match placement::html(source, &|_, _| false) {
        Ok(()) if !made.inputs.is_empty() => {
            keeps_its_markup(&made, view);
            keeps_its_markup(&made, &filled(view, &made.inputs, None));
            keeps_its_markup(&made, &filled(view, &made.inputs, Some(&mut rng)));
        }
        Ok(()) => {}
        Err(errors) => are_placed(&errors, source),
    }
    if let Some(name) = vector.get("name").and_then(Json::as_str) {
        match placement::attribute(name, source) {
            Ok(()) => keeps_its_meaning(&made, name, &filled(view, &made.inputs, None)),
            Err(error) => are_placed(&[error], source),
        }
    }
}

/// A compiled template with all that rendering needs.
struct Made {
    template: Template,
    constants: Pool,
    inputs: Vec<Vec<String>>,
}

impl Made {
    /// The output as text; `None` when the bound was reached.
    fn render(&self, view: &Json, escape: Escape) -> Option<String> {
        let mut pool = Pool::default();
        let view = visitor::push(&mut pool, view, 0);
        let missing = pool.value(Node::Null);
        let mut root = |input: u16| {
            let mut path = self.inputs[usize::from(input)].iter();
            let found = path.try_fold(pool.value(view), |value: Value<'_>, name| {
                value.property(&name.encode_utf16().collect::<Vec<_>>())
            });
            found.unwrap_or(missing)
        };
        let mut out = vec![7];
        let is_complete = self.template.render(&self.constants, &mut root, escape, &mut out);
        let (before, rendered) = out.split_first().unwrap();
        assert_eq!(*before, 7, "what was there before is changed");
        assert!(is_complete || rendered.is_empty(), "a part of the output is left behind");
        assert!(rendered.len() <= MAX_STEPS as usize, "the output is beyond the bound");
        is_complete.then(|| String::from_utf16_lossy(rendered))
    }
}

/// Errors are in the order of the source, each at a character of it.
fn are_placed(errors: &[TemplateError], source: &str) {
    assert!(!errors.is_empty(), "refused without an error");
    assert!(errors.is_sorted_by_key(|error| error.at), "{errors:?}");
    for error in errors {
        assert!(source.is_char_boundary(error.at) && !error.message.is_empty(), "{error:?} in {source:?}");
    }
}

/// A browser makes the same of an accepted template, whatever a visitor's texts hold.
fn keeps_its_markup(made: &Made, view: &Json) {
    let Some(plain) = made.render(&each_text(view, &plain), Escape::Html) else { return };
    let expected = markup::active(&plain);
    let as_sent = std::iter::once(view.clone());
    let hostile = HOSTILE.iter().map(|hostile| each_text(view, &|text| instead(text, hostile)));
    for view in as_sent.chain(hostile) {
        if let Some(html) = made.render(&view, Escape::Html) {
            assert_eq!(markup::active(&html), expected, "\n{html}\nis not what this is:\n{plain}");
        }
    }
}

/// So does an attribute that is set to one.
fn keeps_its_meaning(made: &Made, name: &str, view: &Json) {
    let Some(plain) = made.render(&each_text(view, &plain), Escape::None) else { return };
    for hostile in HOSTILE {
        if let Some(value) = made.render(&each_text(view, &|text| instead(text, hostile)), Escape::None) {
            assert_eq!(
                markup::value_of(name, &value),
                markup::value_of(name, &plain),
                "{name}: {value:?}, not {plain:?}"
            );
        }
    }
}

/// The view with a text for every name that leads nowhere in it; or, at random, with what makes sections do otherwise.
fn filled(view: &Json, names: &[Vec<String>], mut rng: Option<&mut Rng>) -> Json {
    let mut filled = view.clone();
    for path in names {
        if path.iter().try_fold(&filled, |value, name| value.get(name)).is_some() {
            continue;
        }
        let value = match rng.as_mut().map_or(3, |rng| rng.u32(0..6)) {
            0 => continue,
            1 => json!(["text", "text"]),
            2 => json!(true),
            _ => json!("text"),
        };
        visitor::set(&mut filled, path, value);
    }
    filled
}

/// The view with every text changed. Names stay, and so does what is no text.
fn each_text(json: &Json, change: &dyn Fn(&str) -> String) -> Json {
    match json {
        Json::String(text) => Json::String(change(text)),
        Json::Array(items) => items.iter().map(|item| each_text(item, change)).collect(),
        // What stands for a value that JSON cannot hold is none of the visitor's texts.
        Json::Object(members) if members.contains_key("$js") => json.clone(),
        Json::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), each_text(member, change))).collect()
        }
        other => other.clone(),
    }
}

/// As mustache.js escapes.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match "&<>\"'/`=".find(character) {
            Some(place) => {
                let references = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#x2F;", "&#x60;", "&#x3D;"];
                escaped.push_str(references[place]);
            }
            None => escaped.push(character),
        }
    }
    escaped
}

/// Letters only. What is empty stays empty, since sections ask that; and so does what is white space, which is no text in
/// some places of a table.
fn plain(text: &str) -> String {
    instead(text, "k")
}

fn instead(text: &str, other: &str) -> String {
    let is_blank = text.chars().all(|character| character.is_whitespace() || character.is_control());
    if is_blank { text.to_owned() } else { other.to_owned() }
}

//! Templates against the table in `spec/templates.json`, and what must hold for any template and view.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![cfg(feature = "compiler")]

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use slotwise::template::{Code, Escape, MAX_STEPS, Template, TemplateError, compile, placement};
use slotwise::value::{MAX_DEPTH, Node, Pool, Value};

/// A compiled template with all that rendering needs.
struct Compiled {
    template: Template,
    constants: Pool,
    inputs: Vec<Vec<String>>,
}

fn compiled(source: &str) -> Result<Compiled, Vec<TemplateError>> {
    let mut constants = Pool::default();
    let mut inputs: Vec<Vec<String>> = Vec::new();
    let template = compile(source, &mut constants, &mut |path, _| {
        let known = inputs.iter().position(|input| input == path).unwrap_or_else(|| {
            inputs.push(path.to_vec());
            inputs.len() - 1
        });
        u16::try_from(known).unwrap()
    })?;
    Ok(Compiled { template, constants, inputs })
}

impl Compiled {
    fn render(&self, view: &Json, escape: Escape) -> Option<String> {
        let mut pool = Pool::default();
        let view = pool.push_json(view);
        let missing = pool.value(Node::Null);
        let mut root = |input: u16| {
            let resolved =
                self.inputs[usize::from(input)].iter().try_fold(pool.value(view), |value: Value<'_>, segment| {
                    value.property(&segment.encode_utf16().collect::<Vec<_>>())
                });
            resolved.unwrap_or(missing)
        };
        let mut out = Vec::new();
        let is_complete = self.template.render(&self.constants, &mut root, escape, &mut out);
        is_complete.then(|| String::from_utf16_lossy(&out))
    }
}

fn render(source: &str, view: &Json) -> Option<String> {
    compiled(source).unwrap().render(view, Escape::Html)
}

#[test]
fn table() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("spec/templates.json")).unwrap();
    for case in &cases {
        let source = case["template"].as_str().unwrap();
        if let Some(code) = case["error"].as_str() {
            let errors = compiled(source).map(|_| placement::html(source, &|_, _| false)).unwrap_or_else(Err);
            assert_eq!(errors.map_err(|errors| errors[0].code.as_str()), Err(code), "{source}");
        } else {
            let escape = if case["escape"] == "html" { Escape::Html } else { Escape::None };
            let output = compiled(source).unwrap().render(&case["view"], escape);
            assert_eq!(output.as_deref(), case["expected"].as_str(), "{}", case["name"]);
        }
    }
}

#[test]
fn all_errors_are_reported_at_once_and_in_place() {
    let source = "{{{a}}}\n{{>b}} {{}} {{#c}}{{d e}}{{/f}} {{g";
    let errors = compiled(source).err().unwrap();
    let found: Vec<_> = errors.iter().map(|error| (error.code, error.at)).collect();
    let at = |text| source.find(text).unwrap();
    assert_eq!(
        found,
        [
            (Code::Unescaped, 0),
            (Code::Partial, at("{{>b")),
            (Code::EmptyName, at("{{}}")),
            (Code::BadName, at("{{d e")),
            (Code::MismatchedSection, at("{{/f")),
            (Code::UnclosedTag, at("{{g")),
        ]
    );
}

#[test]
fn a_refused_opening_tag_does_not_make_its_closing_tag_wrong() {
    for source in ["{{#if x}}a{{/if}}", "{{<p}}a{{/p}}", "{{$b}}{{#a}}{{/a}}{{/b}}", "{{#.}}{{/.}}"] {
        assert_eq!(compiled(source).err().unwrap().len(), 1, "{source}");
    }
}

#[test]
fn sections_nest_as_deep_as_values() {
    let nested = |depth: u32| "{{#a}}".repeat(depth as usize) + "x" + &"{{/a}}".repeat(depth as usize);
    assert_eq!(render(&nested(MAX_DEPTH), &json!({"a": true})).as_deref(), Some("x"));
    assert_eq!(compiled(&nested(MAX_DEPTH + 1)).err().unwrap()[0].code, Code::TooDeep);
}

#[test]
fn every_name_is_registered_from_the_root_once() {
    let compiled = compiled("{{a.b}}{{#c}}{{a.b}}{{d}}{{.}}{{/c}}{{^d}}{{e}}{{/d}}{{! f }}").unwrap();
    let names: Vec<_> = compiled.inputs.iter().map(|path| path.join(".")).collect();
    assert_eq!(names, ["a.b", "c", "d", "e"]);
}

#[test]
fn output_is_all_or_nothing() {
    let text = "x".repeat(MAX_STEPS as usize - 2);
    // One step for the operation, one for each code unit.
    assert_eq!(render("{{a}}", &json!({ "a": text })), Some(text.clone()));
    assert_eq!(render("{{a}}", &json!({ "a": format!("{text}xx") })), None);
    let mut pool = Pool::default();
    let node = pool.push_json(&json!(text));
    let compiled = compiled("<{{a}}{{a}}>").unwrap();
    let mut out = vec![7];
    assert!(!compiled.template.render(&compiled.constants, &mut |_| pool.value(node), Escape::None, &mut out));
    assert_eq!(out, [7]);
}

#[test]
fn time_is_bounded_where_nothing_is_written() {
    let list: Vec<u8> = vec![1; 1000];
    assert_eq!(render("{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}", &json!({ "a": list })), None);
    let wide: serde_json::Map<_, _> = (0..2000).map(|key| (format!("k{key}"), json!(1))).collect();
    assert_eq!(
        render("{{#a}}{{#w}}{{#b}}{{missing}}{{/b}}{{/w}}{{/a}}", &json!({ "a": list, "b": list, "w": wide })),
        None
    );
}

#[test]
fn lone_surrogates_pass_through() {
    let compiled = compiled("{{a}}").unwrap();
    let mut pool = Pool::default();
    let text = Node::Text(pool.push_units([0xD800, u16::from(b'<'), 0xDC00]));
    let mut out = Vec::new();
    assert!(compiled.template.render(&compiled.constants, &mut |_| pool.value(text), Escape::Html, &mut out));
    assert_eq!(out, [0xD800, 0x26, 0x6C, 0x74, 0x3B, 0xDC00]);
}

#[test]
fn undefined_prints_nothing_and_hides_what_is_further_out() {
    let compiled = compiled("{{#a}}[{{x}}{{#l}}{{.}};{{/l}}]{{/a}}").unwrap();
    let mut pool = Pool::default();
    let object = pool.push_json(&json!({"x": 1, "l": [1, 2]}));
    let Node::Object(entries) = object else { panic!() };
    pool.set(entries.start + 1, Node::Undefined);
    let list = pool.value(object).property(&"l".encode_utf16().collect::<Vec<_>>()).unwrap().node();
    let Node::Array(elements) = list else { panic!() };
    pool.set(elements.start, Node::Undefined);
    let outer = pool.push_json(&json!("outer"));
    let mut root = |input: u16| pool.value(if compiled.inputs[usize::from(input)] == ["a"] { object } else { outer });
    let mut out = Vec::new();
    compiled.template.render(&compiled.constants, &mut root, Escape::Html, &mut out);
    assert_eq!(String::from_utf16_lossy(&out), "[;2;]");
}

#[test]
fn a_decoded_template_is_checked() {
    let good = compiled("a{{b}}{{#c}}{{d.e}}{{^f}}g{{/f}}{{/c}}").unwrap();
    let bytes = slotwise::binary::to_bytes(&good.template);
    assert_eq!(slotwise::binary::from_bytes::<Template>(&bytes).unwrap(), good.template);
    assert!(good.template.is_valid(&good.constants, good.inputs.len()));
    assert!(!good.template.is_valid(&good.constants, good.inputs.len() - 1), "an input too many");
    assert!(!good.template.is_valid(&Pool::default(), good.inputs.len()), "another program's constants");
}

fn any_view() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,6}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::hash_map("[abc]", inner, 0..4).prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

fn any_source() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => prop::sample::select(vec![
            "{{a}}", "{{b.c}}", "{{.}}", "{{#a}}", "{{#b}}", "{{/a}}", "{{/b}}", "{{^a}}", "{{#.}}", "{{/.}}", "{{!c}}", "{{{a}}}", "{{", "}}", "\n", " ",
            "{{>p}}", "{{&a}}", "{{=", "é", "\u{feff}", "{{#a.b}}", "{{/a.b}}", "<a href=\"", "\">", "<script>", "</script>", "<!--", "-->", "='", "<textarea>",
            "</", "<", ">", "&#x7A;", "zqv0k zqve "
        ]).prop_map(str::to_owned),
        1 => ".{0,4}",
    ];
    prop::collection::vec(part, 0..16).prop_map(|parts| parts.concat())
}

fn good_source() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a{{b}}c",
        "{{#a}}{{#a}}{{b.c}}{{/a}}{{/a}}x",
        "{{#a}}{{.}}{{^b}}y{{/b}}{{/a}}{{^c}}{{d}}{{/c}}",
        "{{#a}}{{#b}}{{#c}}{{d}}{{/c}}{{/b}}{{/a}}{{e}}{{f}}{{g}}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_source_and_no_view_panics(source in any_source(), view in any_view()) {
        if let Ok(compiled) = compiled(&source) {
            prop_assert!(compiled.template.is_valid(&compiled.constants, compiled.inputs.len()));
            prop_assert!(compiled.render(&view, Escape::Html).is_some());
        }
        let _ = placement::html(&source, &|_, _| false);
        let _ = placement::attribute("href", &source);
    }

    #[test]
    fn no_damaged_template_panics(source in good_source(), flips in prop::collection::vec((any::<usize>(), any::<u8>()), 1..4)) {
        let mut compiled = compiled(source).unwrap();
        let mut bytes = slotwise::binary::to_bytes(&compiled.template);
        for (at, byte) in flips {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if let Some(template) = slotwise::binary::from_bytes::<Template>(&bytes) {
            let _ = template.is_valid(&compiled.constants, 3);
            compiled.template = template;
            let pool = Pool::default();
            let mut out = Vec::new();
            compiled.template.render(&compiled.constants, &mut |_| pool.value(Node::Bool(true)), Escape::Html, &mut out);
        }
    }
}

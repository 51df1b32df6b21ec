//! A search for ways around the checks: random templates that are accepted, rendered with hostile values, must keep
//! the shape of their markup and where their addresses lead.

use super::nobody;
use html5gum::{Token, Tokenizer};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use slotwise::template::placement::html;
use slotwise::template::{Escape, compile};
use slotwise::value::{Node, Pool};

/// Tags and attribute names of a document, with the addresses among the values kept.
fn structure(html: &str) -> (Vec<String>, Vec<String>) {
    let mut shape = Vec::new();
    let mut addresses = Vec::new();
    let mut emitter = html5gum::DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                shape.push(format!("<{}", String::from_utf8_lossy(&tag.name)));
                for (name, value) in tag.attributes {
                    let (name, value) =
                        (String::from_utf8_lossy(&name).into_owned(), String::from_utf8_lossy(&value).into_owned());
                    if name == "href" {
                        addresses.push(value.clone());
                    }
                    // Values that act must be the same whatever the visitor's are.
                    let acts = name.starts_with("on") || name == "style";
                    shape.push(if acts { format!("{name}={value}") } else { name });
                }
            }
            Token::EndTag(tag) => shape.push(format!("</{}", String::from_utf8_lossy(&tag.name))),
            Token::Comment(comment) => shape.push(format!("!{}", String::from_utf8_lossy(&comment))),
            _ => {}
        }
    }
    (shape, addresses)
}

/// Where an address leads: its scheme and host as a browser on `https://here.example/dir/` reads them.
fn target(address: &str) -> String {
    let address = address
        .trim_matches(|char| char <= ' ')
        .replace(['\t', '\n', '\r'], "")
        .replace('\\', "/")
        .to_ascii_lowercase();
    let scheme_end = address.find(':').filter(|end| {
        address.starts_with(|char: char| char.is_ascii_alphabetic())
            && address[..*end].chars().all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char))
    });
    let (scheme, rest) = scheme_end.map_or(("https", address.as_str()), |end| (&address[..end], &address[end + 1..]));
    let is_special = matches!(scheme, "https" | "http");
    let has_host = rest.starts_with("//") || (scheme_end.is_some() && is_special);
    let host = rest.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default();
    if is_special && has_host { format!("{scheme}://{host}") } else { scheme.to_owned() }
}

fn part() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "{{v}}",
        "{{v}}",
        "{{w}}",
        "{{#s}}",
        "{{/s}}",
        "{{^s}}",
        "{{#t}}",
        "{{/t}}",
        "<b",
        "<a",
        " href=\"",
        " href='",
        " title=\"",
        " title=",
        " class='",
        " onclick=\"",
        "\"",
        "'",
        ">",
        " ",
        "</b>",
        "</a>",
        "/",
        "x",
        "<",
        "</",
        "<!--",
        "-->",
        "javascript:",
        "https://h",
        "#",
        "?",
        "<script>",
        "</script>",
        "<textarea>",
        "</textarea>",
        "=",
        "&",
        ";",
        "data-",
        "on",
        "style",
        "!",
        "-",
        "\n",
        "&#",
        "href",
        "<style>",
        "</style>",
        "java",
        "script:",
        "\"/p/",
        "\"><b title=\"",
        "=\"",
        "<title>",
        "</title>",
        "<noscript>",
        "<svg>",
        "</svg>",
        "<math>",
        "<![CDATA[",
        "]]>",
    ])
    .prop_map(str::to_owned)
}

/// Pieces of markup, some whole, so that many templates are accepted.
fn any_source() -> impl Strategy<Value = String> {
    let whole = prop::sample::select(vec![
        "<a href=\"/p/{{v}}\">{{w}}</a>",
        "{{#s}}<b title=\"{{v}}\">{{/s}}",
        "{{#s}} title=\"{{v}}\"{{/s}}",
        "{{^s}}class=\"{{w}}\"{{/s}} ",
        " {{#t}}hidden{{/t}}",
        " {{#t}}on{{/t}}",
        "{{#t}}data-x=\"y\"{{/t}}",
        "{{#s}}{{v}}{{/s}}",
        "{{#t}}/{{/t}}",
        "{{#s}}\"{{/s}}",
        "{{#t}}<{{/t}}",
        "{{#s}}<!--{{/s}}",
        "{{#t}}-->{{/t}}",
        "{{#s}}</textarea>{{/s}}",
    ])
    .prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![2 => part(), 1 => whole], 1..10).prop_map(|parts| parts.concat())
}

/// One tag with sections among its attributes.
fn any_tag() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "{{#s}}",
        "{{/s}}",
        "{{^t}}",
        "{{/t}}",
        "{{#s}}",
        "{{/s}}",
        " ",
        " ",
        "/",
        "=",
        "x",
        "on",
        "href=\"/p/{{v}}\"",
        "title=\"{{w}}\"",
        "title='{{v}}'",
        "hidden",
        " class=\"{{v}} {{w}}\"",
        "\"",
        "\n",
        "c=d",
        "{{#s}}hidden{{/s}}",
        "{{^t}} title=\"{{v}}\"{{/t}}",
        "{{#s}}x{{/s}}",
    ]);
    prop::collection::vec(part, 1..8).prop_map(|parts| format!("<b{}>{{{{v}}}}</b>", parts.concat()))
}

fn rendered(source: &str, view: &Json) -> Option<String> {
    let mut constants = Pool::default();
    let mut inputs = Vec::new();
    let template = compile(source, &mut constants, &mut |path, _| {
        inputs.push(path.join("."));
        u16::try_from(inputs.len() - 1).unwrap()
    })
    .ok()?;
    let mut pool = Pool::default();
    let nodes: Vec<Node> = inputs.iter().map(|input| pool.push_json(&view[input])).collect();
    let mut out = Vec::new();
    template.render(&constants, &mut |input| pool.value(nodes[usize::from(input)]), Escape::Html, &mut out);
    Some(String::from_utf16_lossy(&out))
}

/// Whether a visitor's values change what an accepted template is, with every way of entering its sections.
fn holds(source: &str) -> Result<bool, TestCaseError> {
    if !source.contains("{{v}}") && !source.contains("{{w}}") || html(source, &nobody).is_err() {
        return Ok(false);
    }
    let ways = [json!(false), json!(true), json!([1, 2])];
    for (s, t) in ways.iter().flat_map(|s| ways.iter().map(move |t| (s, t))) {
        let Some(plain) = rendered(source, &json!({ "v": "k", "w": "k", "s": s, "t": t })) else { return Ok(false) };
        let (shape, addresses) = structure(&plain);
        for value in [
            "",
            "\"><img src=x onerror=f()>",
            "' onclick='f()",
            " onclick=f() ",
            "script",
            "javascript:f()",
            "/evil.example",
            "-->",
            "--",
            "colon",
            ":f()",
            "area>",
            "//evil.example/",
        ] {
            for (v, w) in [(value, "k"), ("k", value), (value, value)] {
                let hostile = rendered(source, &json!({ "v": v, "w": w, "s": s, "t": t })).unwrap();
                let (hostile_shape, hostile_addresses) = structure(&hostile);
                prop_assert_eq!(&shape, &hostile_shape, "{}\n{}\n{}", source, plain, hostile);
                for (address, hostile_address) in addresses.iter().zip(&hostile_addresses) {
                    prop_assert_eq!(target(address), target(hostile_address), "{}\n{}", source, hostile);
                }
            }
        }
    }
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_changes_the_markup_of_an_accepted_template(source in any_source()) {
        holds(&source)?;
    }

    #[test]
    fn no_value_changes_an_accepted_tag(source in any_tag()) {
        holds(&source)?;
    }
}

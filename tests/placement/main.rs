//! Where variables may stand in HTML and in attributes: tables here, a search for ways around the checks beside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![cfg(feature = "compiler")]

mod search;

use slotwise::template::Code;
use slotwise::template::placement::{attribute, html};

fn nobody(_: &[&str], _: &str) -> bool {
    false
}

#[test]
fn safe_places() {
    for source in [
        "{{x}}",
        "<p>{{x}}</p>",
        "a &lt;{{x}}> 1 < 2 {{x}}",
        "&{{x}};",
        "<p class=\"a {{x}} b\" title='{{x}}' data-x=\"{{x}}\" alt=\"\">",
        "<input value=\"{{x}}\" />",
        "<a href=\"/p/{{x}}\">{{x}}</a>",
        "<a href=\"/p?q={{x}}&amp;r={{y}}#{{z}}\">b</a>",
        "<a href='#{{x}}'>b</a><a href=\"?{{x}}\">b</a>",
        "<a href=\"https://shop.example/{{x}}\">b</a><a href=\"mailto:{{x}}\">b</a>",
        "<iframe src=\"/frame/{{x}}\"></iframe>",
        "<svg><use href=\"#icon-{{x}}\"/></svg>",
        "<textarea>{{x}}</textarea><title>{{x}}</title>",
        // What the author wrote alone is the author's.
        "<script>f()</script><a href=\"javascript:f()\" onclick=\"f()\" style=\"color: red\">{{x}}</a><!-- note --><style>a {}</style>",
        "<A HREF=\"/P/{{x}}\">b</A>",
        // Sections that leave the markup as they found it.
        "{{#x}}<b>{{.}}</b>{{/x}}{{^x}}<i>none</i>{{/x}}",
        "{{#x}}<div>{{/x}}{{y}}{{#x}}</div>{{/x}}",
        "<ul>\n{{#items}}\n<li class=\"{{kind}}\">{{title}}</li>\n{{/items}}\n</ul>",
        "<option{{#s}} selected{{/s}}>{{x}}</option>",
        "<option {{#s}}selected{{/s}} value=\"{{x}}\">",
        "<option {{#s}}selected{{/s}}>{{x}}</option>",
        "<a {{#x}}href=\"/p/{{x}}\"{{/x}} {{^x}}class=\"{{y}}\"{{/x}}>b</a>",
        "<p class=\"a{{#x}} {{y}}{{/x}}\">b</p>",
        "<a href=\"/p/{{#x}}{{y}}{{/x}}\">b</a>",
        "<a href=\"{{#x}}/a{{/x}}{{^x}}/b{{/x}}\">{{y}}</a>",
        // Nothing to protect: no variable at all.
        "<a {{#x}}href=\"/{{/x}}\">b</a>",
    ] {
        assert_eq!(html(source, &nobody), Ok(()), "{source}");
    }
}

#[test]
fn unsafe_places() {
    use Code::{
        SectionAcrossMarkup as Section, UnfinishedMarkup as Unfinished, VariableInAddress as Address,
        VariableInCode as InCode, VariableInComment as Comment, VariableInRawText as Raw, VariableInTag as Tag,
        VariableUnquoted as Unquoted,
    };
    for (source, code) in [
        ("<{{x}}>", Tag),
        ("<b{{x}}>", Tag),
        ("<{{x}}script>{{y}}</script>", Tag),
        ("</{{x}}>", Tag),
        ("<b {{x}}>", Tag),
        ("<b {{x}}=\"a\">", Tag),
        ("<b data-{{x}}=\"a\">", Tag),
        ("<b class=\"a\"{{x}}>", Tag),
        ("<b class={{x}}>", Unquoted),
        ("<b class=a{{x}}b>", Unquoted),
        ("<a href=/p/{{x}}>", Unquoted),
        ("<b class= {{x}}>", Unquoted),
        ("<script>{{x}}</script>", Raw),
        ("<SCRIPT>{{x}}</SCRIPT>", Raw),
        ("<script type=\"application/json\">{\"a\": \"{{x}}\"}</script>", Raw),
        ("<style>{{x}}</style>", Raw),
        ("<xmp>{{x}}</xmp>", Raw),
        ("<noscript>{{x}}</noscript>", Raw),
        ("<noframes><b title=\"{{x}}\"></noframes>", Raw),
        ("<noframe><a href=\"{{x}}\"></noframe>", Raw),
        ("<plaintext>{{x}}", Raw),
        ("<textarea></texta{{x}}rea>", Raw),
        ("<svg><title><a href=\"{{x}}\"></title></svg>", Raw),
        ("<!--{{x}}-->", Comment),
        ("<!{{x}}>", Comment),
        ("<?{{x}}>", Comment),
        ("<!doctype {{x}}>", Comment),
        ("<b onclick=\"{{x}}\">", InCode),
        ("<b ONCLICK=\"f('{{x}}')\">", InCode),
        ("<b onanything='{{x}}'>", InCode),
        ("<b style=\"width: {{x}}px\">", InCode),
        ("<iframe srcdoc=\"{{x}}\">", InCode),
        ("<iframe sandbox=\"{{x}}\">", InCode),
        ("<script src=\"/a/{{x}}.js\"></script>", InCode),
        ("<link rel=\"stylesheet\" href=\"/a/{{x}}.css\">", InCode),
        ("<base href=\"/{{x}}/\">", InCode),
        ("<object data=\"/a/{{x}}\">", InCode),
        ("<meta http-equiv=\"refresh\" content=\"0;url=/a/{{x}}\">", InCode),
        ("<meta content=\"0;url=/a/{{x}}\" http-equiv=\"refresh\">", InCode),
        ("<svg><animate attributeName=\"href\" values=\"{{x}}\"/></svg>", InCode),
        ("<svg><set attributeName=\"href\" to=\"{{x}}\"/></svg>", InCode),
        ("<svg><animateTransform from=\"{{x}}\"/></svg>", InCode),
        ("<a href=\"{{x}}\">", Address),
        ("<a href=' {{x}}'>", Address),
        ("<a href=\"/{{x}}\">", Address),
        ("<a href=\"&#x2f;{{x}}\">", Address),
        ("<a href=\"//{{x}}/\">", Address),
        ("<a href=\"https://{{x}}\">", Address),
        ("<a href=\"https://shop.example{{x}}\">", Address),
        ("<a href=\"java{{x}}\">", Address),
        ("<a href=\"javascript&{{x}};alert(1)\">", Address),
        ("<a href=\"javascript:f('{{x}}')\">", Address),
        ("<a href=\"jav&#x09;ascript:{{x}}\">", Address),
        ("<a href=\"javascript&colon;{{x}}\">", Address),
        ("<a href=\"data:text/html,{{x}}\">", Address),
        ("<img src=\"{{x}}\">", Address),
        ("<form action=\"{{x}}\">", Address),
        ("<button formaction=\"{{x}}\">", Address),
        ("<video poster=\"{{x}}\">", Address),
        ("<svg><a xlink:href=\"{{x}}\"/></svg>", Address),
        ("<img srcset=\"/a.png 1x, /b/{{x}} 2x\">", Address),
        ("<a ping=\"/p?{{x}}\" href=\"/\">", Address),
        ("<a href=\"/safe\" href=\"{{x}}\">", Address),
        ("<a {{#x}}href=\"/a\"{{/x}} href=\"{{y}}\">", Address),
        ("<a {{#x}}href=\"javascript:{{y}}\"{{/x}}>", Address),
        ("<a href=\"{{#x}}/a/{{/x}}{{y}}\">", Address),
        ("<a href=\"{{^x}}/a/{{/x}}{{y}}\">", Address),
        ("<a href=\"{{#x}}java{{/x}}script:{{y}}\">", Address),
        ("{{#x}}<a href=\"{{/x}}{{y}}\">", Section),
        ("<a {{#x}}title=\"{{/x}}{{y}}\">", Section),
        ("<a {{#x}}title={{/x}}\"{{y}}\">", Section),
        ("<a {{#x}}title{{/x}}=\"{{y}}\">", Section),
        ("<a {{#x}}data-{{/x}}title=\"{{y}}\">", Section),
        ("<a{{#x}} title=\"a\"{{/x}}b=\"{{y}}\">", Section),
        ("<a da{{#x}}ta=\"{{y}}\"{{/x}}>", Section),
        ("<a{{#x}} title=\"a\" {{/x}}b=\"{{y}}\">", Section),
        ("<a {{#x}}c=\"{{y}}\" on{{/x}}>", Section),
        ("<a title={{#x}}a{{/x}} class=\"{{y}}\">", Section),
        ("<{{#x}}b title=\"a\"{{/x}}>{{y}}", Section),
        ("{{#x}}<script>{{/x}}{{y}}", Raw),
        ("<textarea>{{#x}}</textarea>{{/x}}{{y}}", Section),
        ("<!-- {{#x}}-->{{/x}}{{y}}", Section),
        ("<b title=\"{{x}}", Unfinished),
        ("<b title=\"{{x}}\" ", Unfinished),
    ] {
        let found = html(source, &nobody).map_err(|errors| errors.iter().map(|error| error.code).collect::<Vec<_>>());
        assert!(found.as_ref().is_err_and(|codes| codes.contains(&code)), "{source}: {found:?}");
    }
}

#[test]
fn every_problem_is_reported_where_it_is() {
    let source = "<a href=\"{{a}}\" onclick=\"{{b}}\" title=\"{{c}}\">{{d}}</a><script>{{e}}</script>";
    let at = |text: &str| source.find(text).unwrap();
    let found: Vec<_> = html(source, &nobody).unwrap_err().iter().map(|error| (error.code, error.at)).collect();
    assert_eq!(
        found,
        [
            (Code::VariableInAddress, at("{{a}}")),
            (Code::VariableInCode, at("{{b}}")),
            (Code::VariableInRawText, at("{{e}}")),
        ]
    );
}

#[test]
fn a_value_of_the_author_may_start_an_address() {
    let of_items = |sections: &[&str], name: &str| sections == ["items"] && name == "url";
    let allowed = |source| html(source, &of_items).is_ok();
    assert!(allowed("{{#items}}<a href=\"{{url}}\">{{title}}</a>{{/items}}"));
    assert!(allowed("{{#items}}<a href=\"{{url}}?from={{page}}\">{{title}}</a>{{/items}}"));
    assert!(!allowed("<a href=\"{{url}}\">b</a>"), "outside the items");
    assert!(!allowed("{{^items}}<a href=\"{{url}}\">b</a>{{/items}}"), "there are no items");
    assert!(
        !allowed("{{#items}}<a href=\"{{url}}{{page}}\">b</a>{{/items}}"),
        "the visitor's value may extend the host"
    );
    assert!(!allowed("{{#items}}<a href=\"{{url}}/{{page}}\">b</a>{{/items}}"), "the item's value may be empty");
    assert!(
        !allowed("{{#items}}<a href=\"{{#x}}{{url}}?{{/x}}{{page}}\">b</a>{{/items}}"),
        "the item's value may be left out"
    );
    assert!(!allowed("{{#items}}<a onclick=\"{{url}}\">b</a>{{/items}}"), "it is no code");
}

#[test]
fn attribute_patches() {
    for (name, source) in [
        ("title", "{{x}}"),
        ("class", "a {{x}}"),
        ("data-x", "{{x}}"),
        ("value", "{{x}}"),
        ("href", "/p/{{x}}"),
        ("href", "/p?x={{x}}"),
        ("href", "/sale"),
        ("href", "javascript:f()"),
        ("onclick", "f()"),
        ("style", "color: red"),
        ("src", "https://cdn.example/{{#x}}{{y}}{{/x}}"),
    ] {
        assert_eq!(attribute(name, source), Ok(()), "{name} {source}");
    }
    for (name, source, code) in [
        ("href", "{{x}}", Code::VariableInAddress),
        ("HREF", "{{x}}", Code::VariableInAddress),
        ("href", "/{{x}}", Code::VariableInAddress),
        ("href", "{{#a}}/p/{{/a}}{{x}}", Code::VariableInAddress),
        ("href", "{{! c }}{{x}}", Code::VariableInAddress),
        ("href", "javascript:f('{{x}}')", Code::VariableInAddress),
        ("src", "data:{{x}}", Code::VariableInAddress),
        ("srcset", "/a/{{x}}", Code::VariableInAddress),
        ("onclick", "f('{{x}}')", Code::VariableInCode),
        ("OnClick", "{{x}}", Code::VariableInCode),
        ("style", "width: {{x}}", Code::VariableInCode),
        ("srcdoc", "{{x}}", Code::VariableInCode),
        ("content", "0;url={{x}}", Code::VariableInCode),
        ("to", "{{x}}", Code::VariableInCode),
    ] {
        assert_eq!(attribute(name, source).map_err(|error| error.code), Err(code), "{name} {source}");
    }
}

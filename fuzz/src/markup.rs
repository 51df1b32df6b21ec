//! What a browser makes of HTML, by html5ever: the parser of another project than those that check and rewrite here.

use html5ever::tendril::TendrilSink;
use html5ever::{QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use std::collections::BTreeSet;
use url::Url;

/// Attributes that hold an address.
const ADDRESSES: [&str; 11] =
    ["action", "background", "cite", "data", "formaction", "href", "longdesc", "poster", "src", "srcset", "ping"];

/// Elements whose text is code or style.
const CODE: [&str; 2] = ["script", "style"];

/// Everything that acts: each element with the names of its attributes, values that run or lead somewhere, comments, and
/// the text of scripts and styles. The same markup around other text gives the same.
pub(crate) fn active(html: &str) -> BTreeSet<String> {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    // Kept to the end, since a node that is dropped takes everything below it along.
    let dom = parse_fragment(RcDom::default(), Default::default(), context, Vec::new(), true).one(html);
    let mut found = BTreeSet::new();
    let mut open = vec![dom.document.clone()];
    while let Some(node) = open.pop() {
        found.extend(describe(&node));
        open.extend(node.children.borrow().iter().cloned());
        if let NodeData::Element { template_contents, .. } = &node.data {
            open.extend(template_contents.borrow().iter().cloned());
        }
    }
    found
}

fn describe(node: &Handle) -> Option<String> {
    let (name, attributes) = match &node.data {
        NodeData::Element { name, attrs, .. } => (name, attrs.borrow()),
        NodeData::Comment { contents } => return Some(format!("<!--{contents}-->")),
        _ => return None,
    };
    let attributes = attributes.iter().map(|attribute| value_of(&attribute.name.local, &attribute.value));
    let text: String = match CODE.contains(&&*name.local) {
        true => node.children.borrow().iter().filter_map(text_of).collect(),
        false => String::new(),
    };
    Some(format!("<{} {}>{text}", name.local, attributes.collect::<Vec<_>>().join(" ")))
}

fn text_of(node: &Handle) -> Option<String> {
    match &node.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        _ => None,
    }
}

/// An attribute's name, with what its value does.
pub(crate) fn value_of(name: &str, value: &str) -> String {
    let name = name.to_ascii_lowercase();
    if name.starts_with("on") || ["style", "srcdoc", "content"].contains(&name.as_str()) {
        format!("{name}={value}")
    } else if ADDRESSES.contains(&name.trim_start_matches("xlink:")) {
        format!("{name}->{}", target(value))
    } else {
        name
    }
}

/// The scheme and host that an address leads to from a page.
fn target(address: &str) -> String {
    let page = Url::parse("https://here.example/dir/page").unwrap();
    match page.join(address) {
        Ok(url) => format!("{}://{}:{:?}", url.scheme(), url.host_str().unwrap_or_default(), url.port()),
        Err(_) => "nowhere".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{active, value_of};

    #[test]
    fn what_acts_is_found_and_text_is_not() {
        let found = |html: &str| active(html).into_iter().filter(|one| one != "<html >").collect::<Vec<_>>();
        assert_eq!(found("a &lt;b&gt;"), [""; 0]);
        assert_eq!(found("<p title=\"&lt;b&gt;\"><i>c</i>"), ["<i >", "<p title>"]);
        assert_eq!(found("<script>f('k')</script>"), ["<script >f('k')"]);
        assert_eq!(found("<b onclick=\"f()\">"), ["<b onclick=f()>"]);
        assert_eq!(found("<template><s></s></template><!--k-->"), ["<!--k-->", "<s >", "<template >"]);
    }

    #[test]
    fn addresses_are_read_as_a_browser_does() {
        for (address, expected) in [
            ("/p?q=k", "https://here.example:None"),
            ("//evil.example/", "https://evil.example:None"),
            ("\\\\evil.example", "https://evil.example:None"),
            (" java\tscript:f()", "javascript://:None"),
            ("https://shop.example:80", "https://shop.example:Some(80)"),
        ] {
            assert_eq!(value_of("href", address), format!("href->{expected}"), "{address}");
        }
    }
}

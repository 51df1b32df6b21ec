//! What an attribute's value is to a browser, and so whether a visitor's value may be in it.

/// What the value of an attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, a class, a number: anything that does nothing by itself.
    Plain,
    /// Code, markup, styles, or what allows or loads them.
    Code,
    /// One address.
    Address,
    /// Several addresses, so that a value could add one.
    Addresses,
}

/// Elements none of whose attributes are plain: they load code, move every relative address of the page,
/// or (in SVG) set other attributes.
const CODE_ELEMENTS: [&str; 11] = [
    "animate",
    "animatecolor",
    "animatemotion",
    "animatetransform",
    "base",
    "embed",
    "link",
    "object",
    "param",
    "script",
    "set",
];

const CODE: [&str; 9] =
    ["style", "srcdoc", "sandbox", "allow", "csp", "integrity", "nonce", "http-equiv", "attributename"];

/// Code in some elements only: `meta`, and the animations of SVG.
const CODE_SOMEWHERE: [&str; 5] = ["content", "to", "from", "by", "values"];

const ADDRESS: [&str; 20] = [
    "action",
    "background",
    "cite",
    "classid",
    "codebase",
    "data",
    "dynsrc",
    "formaction",
    "href",
    "icon",
    "itemid",
    "longdesc",
    "lowsrc",
    "manifest",
    "poster",
    "profile",
    "src",
    "usemap",
    "xlink:href",
    "xml:base",
];

const ADDRESSES: [&str; 5] = ["archive", "attributionsrc", "imagesrcset", "ping", "srcset"];

/// The kind of an attribute; names in lower case. `element` is `None` where it is not known, which
/// then may be any.
pub(super) fn kind(element: Option<&str>, name: &str) -> Kind {
    let is_code = name.starts_with("on")
        || CODE.contains(&name)
        || match element {
            Some(element) => CODE_ELEMENTS.contains(&element),
            None => CODE_SOMEWHERE.contains(&name),
        };
    if is_code {
        Kind::Code
    } else if ADDRESSES.contains(&name) {
        Kind::Addresses
    } else if ADDRESS.contains(&name) {
        Kind::Address
    } else {
        Kind::Plain
    }
}

//! Whether the start of an address already fixes where the whole of it leads.

/// Schemes that open another program with the rest of the address as data.
const HARMLESS_SCHEMES: [&str; 3] = ["mailto:", "tel:", "sms:"];

/// Whether an address that starts with `prefix` leads to the same scheme and host whatever follows.
///
/// Reads the prefix as a browser does (the URL Standard's basic parser): surrounding control characters
/// and spaces are dropped, tabs and line breaks are dropped everywhere, `\` counts as `/`.
pub(super) fn is_fixed(prefix: &str) -> bool {
    let prefix = prefix.trim_start_matches(|char| char <= ' ').to_ascii_lowercase();
    let prefix = prefix.replace(['\t', '\n', '\r'], "").replace('\\', "/");
    let prefix = prefix.as_str();
    if HARMLESS_SCHEMES.iter().any(|scheme| prefix.starts_with(scheme)) {
        return true;
    }
    for scheme in ["https://", "http://", "//"] {
        if let Some(rest) = prefix.strip_prefix(scheme) {
            // Further slashes are skipped, so that the host is what comes after the last.
            let host = rest.trim_start_matches('/');
            return host.find(['/', '?', '#']).is_some_and(|end| end > 0);
        }
    }
    match prefix.find(['/', '?', '#', ':']).and_then(|end| prefix.get(end..)) {
        // Nothing yet that rules out a scheme, or a scheme not known to be harmless.
        None => false,
        Some(rest) if rest.starts_with(':') => false,
        // A single slash may become the first of two.
        Some("/") => prefix != "/",
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::is_fixed;

    #[test]
    fn prefixes_that_fix_where_an_address_leads() {
        for prefix in [
            "/a",
            "/products/",
            "/?q=",
            "/#",
            "?q=",
            "#",
            "./",
            "../",
            "products/",
            "products?id=",
            "/./",
            "a/b:",
            "https://shop.example/",
            "HTTPS://shop.example/",
            "http://shop.example?",
            "https://shop.example#",
            "https:////shop.example/",
            "//cdn.example/",
            " /a",
            "mailto:",
            "tel:+48",
            "sms:",
            "\\a",
            "/a\\",
        ] {
            assert!(is_fixed(prefix), "{prefix:?}");
        }
    }

    #[test]
    fn prefixes_that_leave_it_open() {
        for prefix in [
            "",
            " ",
            "/",
            " /",
            "\\",
            "/\t",
            "\t/\n",
            "//",
            "/\\",
            "///",
            "//cdn.example",
            "https:",
            "https:/",
            "https://",
            "https:///",
            "https://shop.example",
            "https://shop.example:80",
            "https://user@",
            "https:shop/",
            "products",
            "java",
            ".",
            "..",
            "javascript:",
            "javascript:f('/",
            "java\tscript:/",
            "JavaScript:alert(1)//",
            "data:",
            "data:text/html,",
            "vbscript:",
            "blob:https://shop.example/",
            "x:/",
        ] {
            assert!(!is_fixed(prefix), "{prefix:?}");
        }
    }
}

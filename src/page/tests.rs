//! What is a tag and what only looks like one, by the HTML standard.

#![allow(clippy::arithmetic_side_effects, reason = "places in short pages")]

use super::{Event, PageReader};

/// What is told of a page that comes in pieces of so many bytes: start tags as they stand, end tags as they stand with the
/// number of followed elements that stay open, in brackets where the tag is not that of the outermost one that ends.
fn told_in_pieces(page: &str, length: usize, prepare: impl Fn(&mut PageReader)) -> Vec<String> {
    let mut reader = PageReader::default();
    prepare(&mut reader);
    let mut told = Vec::new();
    let (mut read, mut there) = (0, 0);
    while there < page.len() {
        there = page.len().min(there + length);
        reader.begin(there == page.len());
        let piece = &page[read..there];
        read += loop {
            let event = reader.next(piece.as_bytes());
            let tag = |reader: &PageReader| piece[reader.tag().start..reader.tag().end].to_owned();
            match event {
                Event::Opened { has_content: true } => told.push(tag(&reader)),
                Event::Opened { has_content: false } => told.push(format!("{} is empty", tag(&reader))),
                Event::Closed { left, is_own: true } => told.push(format!("{} leaves {left}", tag(&reader))),
                Event::Closed { left, is_own: false } => told.push(format!("({}) leaves {left}", tag(&reader))),
                Event::Read { up_to, .. } => break up_to,
                Event::Uncertain => {
                    told.push("uncertain".to_owned());
                    return told;
                }
            }
        };
    }
    told
}

/// What is told of every element of a page, however it is cut.
fn told(page: &str) -> Vec<String> {
    let hear_all = |reader: &mut PageReader| reader.hear_all(true);
    let whole = told_in_pieces(page, page.len(), hear_all);
    for length in 1..page.len() {
        assert_eq!(told_in_pieces(page, length, hear_all), whole, "{page} in pieces of {length}");
    }
    whole
}

#[test]
fn tags_end_where_no_value_is_open() {
    assert_eq!(told("<p a='>' b=\">\"c>x</P d='>'>"), ["<p a='>' b=\">\"c>", "</P d='>'> leaves 0"]);
    assert_eq!(told("<p a=b'>' c>"), ["<p a=b'>"], "a quote within a value that has none around it");
    assert_eq!(told("<p '>' c>"), ["<p '>"], "a quote that is a name");
    assert_eq!(told("<p =\">\">"), ["<p =\">"], "an equals sign that begins a name");
    assert_eq!(told("<p a = \"=>\" / ='>'>"), ["<p a = \"=>\" / ='>"]);
    assert_eq!(told("<p a=>b</p>"), ["<p a=>", "</p> leaves 0"]);
    assert_eq!(told("<p\n/x>"), ["<p\n/x>"]);
    assert_eq!(told("<p a='"), Vec::<String>::new(), "a tag that is cut off is none");
}

#[test]
fn what_only_looks_like_a_tag_is_none() {
    for page in
        ["<", "< p>", "<3>", "</>", "</ p>", "<?p <p>", "<!p <p>", "a < b > c", "<!doctype html>", "<![CDATA[<p]]"]
    {
        assert_eq!(told(page), Vec::<String>::new(), "{page}");
    }
    assert_eq!(told("<<p>"), ["<p>"]);
    assert_eq!(told("<?x><p>"), ["<p>"]);
    assert_eq!(told("</ <p><b>"), ["<b>"], "a bogus comment ends at the first sign");
    assert_eq!(told("<![CDATA[<p>]]><b>"), ["<b>"], "and so does what is a section in SVG alone");
}

#[test]
fn comments_end_as_in_a_browser() {
    for comment in [
        "<!---->",
        "<!-->",
        "<!--->",
        "<!-- <i> -->",
        "<!-- <i> --!>",
        "<!-- - -- --->",
        "<!--!-->",
        "<!--!>-->",
        "<!---!>-->",
    ] {
        assert_eq!(told(&format!("{comment}<p>")), ["<p>"], "{comment}");
    }
    for open in ["<!-- -- >", "<!-- --!", "<!-- -> ", "<!--!>", "<!---!>"] {
        assert_eq!(told(&format!("{open}<p>")), Vec::<String>::new(), "{open}");
    }
}

#[test]
fn text_ends_with_its_own_end_tag() {
    assert_eq!(told("<title><p></titles></title ><b>"), ["<title>", "</title > leaves 0", "<b>"]);
    assert_eq!(told("<TextArea></TEXTAREA\n><b>"), ["<TextArea>", "</TEXTAREA\n> leaves 0", "<b>"]);
    assert_eq!(told("<style><!-- </style> -->"), ["<style>", "</style> leaves 0"]);
    assert_eq!(told("<xmp><p></xmp/><b>"), ["<xmp>", "</xmp/> leaves 0", "<b>"]);
    assert_eq!(told("<title a=><p></title>"), ["<title a=>", "</title> leaves 0"]);
    assert_eq!(told("<plaintext></plaintext><p>"), ["<plaintext>"]);
    assert_eq!(told("<noscript><p></noscript>"), ["<noscript>", "</noscript> leaves 0"]);
}

#[test]
fn scripts_hide_their_end_as_in_a_browser() {
    for shown in ["'</script'+'>'", "<!-- ", "<!-- <scripts> ", "<!-- </scripts> ", "<!--><script>", "<!-- --><script>"]
    {
        let page = format!("<script>{shown}</script><b>");
        assert_eq!(told(&page)[1..], ["</script> leaves 0", "<b>"], "{shown}");
    }
    for hidden in ["<!-- <script> </script>", "<!-- <SCRIPT/x </script >", "<!-- a - b -- <script\n</script>"] {
        let page = format!("<script>{hidden} <p> --></script><b>");
        assert_eq!(told(&page)[1..], ["</script> leaves 0", "<b>"], "{hidden}");
        assert_eq!(
            told(&page.replace("-->", ""))[1..],
            ["</script> leaves 0", "<b>"],
            "{hidden}, and out of it by an end tag"
        );
    }
}

#[test]
fn elements_end_with_those_around_them() {
    assert_eq!(told("<ul><li>a<li>b</ul>"), ["<ul>", "<li>", "<li>", "</ul> leaves 0"]);
    assert_eq!(told("<p></b></p>"), ["<p>", "</p> leaves 0"], "what is not open is not ended");
    assert_eq!(told("<br><img/><p/>x"), ["<br> is empty", "<img/> is empty", "<p/>"]);
    let followed = told_in_pieces("<div><p data-slot=a><b>x</div>", 99, |_| {});
    assert_eq!(
        followed,
        ["<p data-slot=a>", "(</div>) leaves 0"],
        "the end tag is that of an element that is not followed"
    );
}

#[test]
fn svg_and_mathml_have_rules_of_their_own() {
    let leaves = |page: &str| told(page).join(", ");
    assert_eq!(
        leaves("<svg><style><g/></style></svg>"),
        "<svg>, <style>, <g/> is empty, </style> leaves 1, </svg> leaves 0"
    );
    assert_eq!(leaves("<svg><title><b></b></title><g>")[5..], *", <title>, <b>, </b> leaves 2, </title> leaves 1, <g>");
    assert_eq!(leaves("<svg><foreignObject><title><p></title>"), "<svg>, <foreignObject>, <title>, </title> leaves 2");
    assert_eq!(leaves("<svg/><style><p></style>"), "<svg/> is empty, <style>, </style> leaves 0");
    assert_eq!(leaves("<svg><![CDATA[<p>]]><g></svg><![CDATA[<p>]]>"), "<svg>, <g>, </svg> leaves 0");
    assert_eq!(leaves("<math><mi><style><p></style>"), "<math>, <mi>, <style>, </style> leaves 2");
    assert_eq!(leaves("<math><svg><mi>"), "<math>, <svg>, <mi>");
    let annotated = "<math><annotation-xml ENCODING='Text/HTML'><style><p></style>";
    assert_eq!(leaves(annotated), "<math>, <annotation-xml ENCODING='Text/HTML'>, <style>, </style> leaves 2");
}

#[test]
fn html_ends_svg_and_mathml_that_were_left_open() {
    assert_eq!(told("<svg><g><p>"), ["<svg>", "<g>", "(<p>) leaves 0", "<p>"]);
    assert_eq!(
        told("<svg><desc><svg><p>"),
        ["<svg>", "<desc>", "<svg>", "(<p>) leaves 2", "<p>"],
        "up to the HTML in it"
    );
    assert_eq!(told("<svg><font color=red>"), ["<svg>", "(<font color=red>) leaves 0", "<font color=red>"]);
    assert_eq!(told("<svg><font colour=red>"), ["<svg>", "<font colour=red>"]);
    assert_eq!(told("<svg></p><style><b></style>"), ["<svg>", "(</p>) leaves 0", "<style>", "</style> leaves 0"]);
    assert_eq!(told("<math><annotation-xml><style><p>")[3..], ["(<p>) leaves 0", "<p>"]);
}

#[test]
fn where_a_browser_may_read_on_differently_nobody_guesses() {
    for page in ["<select><xmp>", "<select><option><title>", "<select><template><script>", "<frameset><style>"] {
        assert_eq!(told(page).last().map(String::as_str), Some("uncertain"), "{page}");
    }
    for page in [
        "<select><script></script><option></select><xmp>",
        "<select><input><xmp>",
        "<select><select><xmp>",
        "<select><template><template></template></template><script>",
        "<frameset><noframes>",
        "<svg><select><style>",
    ] {
        assert_ne!(told(page).last().map(String::as_str), Some("uncertain"), "{page}");
    }
}

#[test]
fn where_svg_or_mathml_may_have_ended_nobody_guesses() {
    for page in [
        "<select><svg>",
        "<frameset><math>",
        "<div><svg></div>",
        "<svg></b>",
        "<svg><desc><p></desc>",
        "<svg><desc></tbody>",
        "<svg><desc></template>",
        "<table><td><svg><desc><td>",
        "<svg><desc><p><desc>",
        "<svg><desc><p><![CDATA[",
        "<math><mi><mglyph>",
        "<template><col>",
        "<path><svg></path>",
    ] {
        assert_eq!(told(page).last().map(String::as_str), Some("uncertain"), "{page}");
    }
    for page in [
        "<svg><path/></path></svg>",
        "<svg><desc></i></desc>",
        "<svg><desc><p>x</p></desc><![CDATA[</svg>]]></svg>",
        "<svg><desc><table><tr><td></td></tr></table></desc></svg>",
        "<svg><foreignObject><svg></svg></foreignObject></svg>",
        "<math><annotation-xml encoding=text/html><svg></svg></annotation-xml></math>",
        "<select><template><svg></svg></template></select>",
        "<table><col></table>",
    ] {
        assert_ne!(told(page).last().map(String::as_str), Some("uncertain"), "{page}");
    }
}

#[test]
fn a_section_may_not_end_with_the_second_half_of_a_letter() {
    let event_in = |page: &[u8]| {
        let mut reader = PageReader::default();
        reader.begin(true);
        reader.next(page)
    };
    assert_eq!(event_in(b"<svg><![CDATA[\x83]]>"), Event::Uncertain, "in Shift_JIS, that is one letter and ]>");
    assert_eq!(event_in(b"<svg><![CDATA[\x83] ]]>"), Event::Read { up_to: 20, is_in_markup: true });
}

#[test]
fn names_end_where_a_browser_ends_them() {
    assert_eq!(told("<script\0><b></script></p\0>"), ["<script\0>", "<b>"], "a NUL is a letter of the name");
    assert_eq!(told("<p></p\0></p>"), ["<p>", "</p> leaves 0"]);
    assert_eq!(told("<p/b></p>"), ["<p/b>", "</p> leaves 0"]);
    assert_eq!(told("<p=b></p>"), ["<p=b>"]);
    assert_eq!(told("<p\x0B></p>"), ["<p\x0B>"], "a vertical tab is no blank");
    let long = "x".repeat(40);
    assert_eq!(told(&format!("<{long}></{long}x></{long}>")), [format!("<{long}>"), format!("</{long}> leaves 0")]);
}

#[test]
fn nobody_waits_for_a_tag_without_end_or_follows_elements_without_number() {
    let is_certain = |page: &str| told_in_pieces(page, 1 << 22, |_| {}).is_empty();
    assert!(!is_certain(&format!("<p a='{}", "x".repeat(1 << 20))));
    assert!(is_certain(&format!("<p a='{}'>", "x".repeat(1 << 20))));
    assert!(!is_certain(&"<b>".repeat(10_001)));
    assert!(is_certain(&"<b></b>".repeat(10_001)));
    assert!(
        !is_certain(&format!("{}{}", "<b>".repeat(10_000), "</i>".repeat(10_000))),
        "nor looks for what is not there"
    );
    assert!(is_certain(&format!("{}{}", "<b>".repeat(1000), "</i>".repeat(10_000))));
}

#[test]
fn nothing_is_told_of_what_is_passed_over() {
    let mut reader = PageReader::default();
    let page = b"<p data-slot=a><i data-slot=b></i><script></script><svg><b></p><i data-slot=c>";
    reader.begin(true);
    assert_eq!(reader.next(page), Event::Opened { has_content: true });
    reader.pass_over();
    // The b ends the SVG, and is in the p still.
    assert_eq!(reader.next(page), Event::Closed { left: 0, is_own: true });
    assert_eq!(reader.next(page), Event::Opened { has_content: true });
}

#[test]
fn attributes_are_where_a_browser_finds_them() {
    let page = "<p A b=c  d = 'e' f=\"\"g/h=i/ = j=>";
    let mut reader = PageReader::default();
    reader.hear_all(true);
    reader.begin(true);
    reader.next(page.as_bytes());
    let found: Vec<_> = reader
        .attributes(page.as_bytes())
        .map(|at| (&page[at.start..at.name_end], &page[at.value_start..at.value_end], &page[at.start..at.end]))
        .collect();
    let expected = [
        ("A", "", "A"),
        ("b", "c", "b=c"),
        ("d", "e", "d = 'e'"),
        ("f", "", "f=\"\""),
        ("g", "", "g"),
        ("h", "i/", "h=i/"),
        ("=", "", "="),
        ("j", "", "j="),
    ];
    assert_eq!(found, expected);
}

#[test]
fn some_elements_matter_always() {
    let page =
        "<body><p><i data-slot=a>x</i><script>y</script><adaptive-slot name=b></adaptive-slot><b DATA-SLOT = 'c'>";
    let expected = [
        "<body>",
        "<i data-slot=a>",
        "</i> leaves 1",
        "<script>",
        "</script> leaves 1",
        "<adaptive-slot name=b>",
        "</adaptive-slot> leaves 1",
        "<b DATA-SLOT = 'c'>",
    ];
    assert_eq!(told_in_pieces(page, 7, |_| {}), expected);
    for page in
        ["<p data-slots=a>", "<p xdata-slot=a>", "<p a='data-slot=b'>", "<p a=data-slot=b>", "<!-- <p data-slot=a> -->"]
    {
        assert_eq!(told_in_pieces(page, 99, |_| {}), Vec::<String>::new(), "{page}");
    }
}

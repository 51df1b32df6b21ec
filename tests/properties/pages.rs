//! Random pages: the page reader finds what `lol_html` finds, which is HTMLRewriter in Workers, however the page is cut.

use super::cases;
use super::html_rewriter::{Elements, elements};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use slotwise::page::{Event, PageReader};

/// What the page reader finds in a page that comes in pieces of these lengths.
fn read(page: &str, lengths: &[usize]) -> Elements {
    let mut reader = PageReader::default();
    reader.hear_all(true);
    let mut found = Vec::new();
    let mut open = Vec::new();
    let (mut read, mut there) = (0, 0);
    for length in lengths.iter().cycle() {
        there = page.len().min(there + length);
        reader.begin(there == page.len());
        let piece = &page.as_bytes()[read..there];
        read += loop {
            let event = reader.next(piece);
            let at = read + reader.tag().start;
            match event {
                Event::Opened { has_content } => {
                    if has_content {
                        open.push(found.len());
                    }
                    found.push((at, None));
                }
                Event::Closed { left, .. } => open.drain(left..).for_each(|index: usize| found[index].1 = Some(at)),
                Event::Read { up_to, .. } => break up_to,
                Event::Uncertain => return None,
            }
        };
        if there == page.len() {
            break;
        }
    }
    Some(found)
}

/// Tags, text and everything that may look like them. Of SVG and MathML `lol_html` knows less than the standard says.
fn part(foreign: u32) -> impl Strategy<Value = String> {
    let name = move || {
        let common = select(&["div", "p", "B", "section", "li", "x-y", "br", "img", "Input"][..]);
        let text = select(&["script", "style", "TEXTAREA", "title", "xmp", "noscript", "iframe"][..]);
        let other = select(&["select", "option", "template", "body", "frameset", "noframes", "plaintext"][..]);
        let svg = select(&["svg", "math", "foreignObject", "desc", "mi", "annotation-xml", "font"][..]);
        prop_oneof![12 => common, 3 => text, 1 => other, foreign => svg]
    };
    let attribute = prop_oneof![
        select(
            &[" a", " data-slot=x", " b='>'", " c=\"</script>\"", "/", " = ", " d=e/", "f", " g=\"1\"h=2", "\n\t"][..]
        ),
        select(&[" i = j", " k='l'm", " \"", " n=<o", " data-slot", " p=q'>", " ==", "/ =r", " s=\"<!--\""][..]),
    ];
    let start = (name(), vec(attribute, 0..4), select(&[">", ">", ">", "/>", " >", ""][..]));
    let end = (name(), select(&[">", ">", ">", " >", "/>", " a='>'>", ""][..]));
    let odd = select(
        &[
            "<!-- c -->",
            "<!---->",
            "<!-->",
            "<!--->",
            "<!-- <p> --!>",
            "<!-- a -- b --",
            "<!--",
            "-->",
            "--!>",
            "<!DOCTYPE html>",
            "<!x>",
            "<?php >",
            "</>",
            "</ p>",
            "<",
            "</",
            "<!",
            "<3",
            "a > b",
            "text",
            "\u{e9}",
            "&lt;",
            "<![CDATA[ > ]]>",
            "]]>",
        ][..],
    );
    prop_oneof![
        6 => start.prop_map(|(name, attributes, end)| format!("<{name}{}{end}", attributes.concat())),
        4 => end.prop_map(|(name, end)| format!("</{name}{end}")),
        3 => odd.prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn elements_are_found_as_by_lol_html(parts in vec(part(0), 0..30)) {
        // A tag that is cut off by the end of the page is judged by one of the two, and not by the other.
        // The letter keeps the quote from beginning a value.
        let page = parts.concat() + "x\">'>";
        prop_assert_eq!(read(&page, &[page.len().max(1)]), elements(&page), "{}", page);
    }

    #[test]
    fn it_does_not_matter_how_a_page_is_cut(parts in vec(part(3), 0..30), lengths in vec(1usize..20, 1..8)) {
        let page = parts.concat();
        prop_assert_eq!(read(&page, &lengths), read(&page, &[page.len().max(1)]), "{}", page);
    }
}

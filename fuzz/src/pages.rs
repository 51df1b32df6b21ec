//! Pages: what the page reader takes for a tag is one to a browser as well, up to where it is not certain of that; elements end
//! where HTMLRewriter ends them; how a page is cut does not matter; and no page takes long.
//!
//! An input is a page. How it is cut follows from it.

use crate::html_rewriter;
use cpu_time::ThreadTime;
use fastrand::Rng;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use markup5ever_rcdom::{Handle, RcDom};
use slotwise::page::{Attribute, Event, PageReader};
use std::cell::RefCell;
use std::sync::LazyLock;
use std::time::Duration;

/// Longer pages are passed over, so that a case stays quick.
const LARGEST: usize = 20_000;
/// Pages are repeated up to this size to see how time grows, and may take as much of the processor's time then. Generous, because other work
/// slows it down: one look at a quarter of a megabyte for each of its bytes takes several times as long.
const LONG: usize = 256 * 1024;
const LONGEST_TIME: Duration = Duration::from_secs(5);

pub(crate) fn check(input: &[u8]) {
    if input.len() > LARGEST {
        return;
    }
    let mut rng = Rng::with_seed(adler2::adler32_slice(input).into());
    let whole = read(input, || input.len());
    let lengths: Vec<usize> = (0..4).map(|_| rng.usize(1..20)).collect();
    let mut lengths = lengths.iter().cycle();
    assert_eq!(read(input, || *lengths.next().unwrap()), whole, "it matters how the page is cut");
    assert_eq!(read(input, || 1), whole, "it matters that the page is cut everywhere");
    if let Ok(page) = std::str::from_utf8(input) {
        agrees_with_browsers(page, &whole);
        agrees_with_html_rewriter(page);
    }
    if rng.u32(0..32) == 0 && !input.is_empty() {
        let long = input.repeat(LONG / input.len());
        let begun = ThreadTime::now();
        read(&long, || long.len());
        assert!(begun.elapsed() < LONGEST_TIME, "reading it {} times took {:?}", LONG / input.len(), begun.elapsed());
    }
}

/// What a reader finds in a page.
#[derive(Debug, Default, PartialEq)]
struct Found {
    /// Where each start tag starts, and how it reads.
    tags: Vec<(usize, StartTag)>,
    /// The tag at which the element of each ends. Missing for what has no content, and for what is open at the end.
    ends: Vec<Option<usize>>,
    /// Whether it could read on to the end.
    is_certain: bool,
}

/// The name of a start tag and its attributes, without those whose names it has already.
#[derive(Clone, Debug, PartialEq)]
struct StartTag {
    name: String,
    attributes: Vec<(String, String)>,
}

/// What the page reader finds in a page that comes in pieces of these lengths.
fn read(page: &[u8], mut length: impl FnMut() -> usize) -> Found {
    let mut reader = PageReader::default();
    reader.hear_all(true);
    let mut found = Found::default();
    let mut open = Vec::new();
    let (mut read, mut there) = (0, 0);
    loop {
        there = page.len().min(there + length());
        reader.begin(there == page.len());
        let piece = &page[read..there];
        let up_to = loop {
            let event = reader.next(piece);
            let tag = reader.tag();
            let at = read + tag.start;
            match event {
                Event::Opened { has_content } => {
                    if has_content {
                        open.push(found.tags.len());
                    }
                    let name = text(&piece[tag.start + 1..tag.name_end]).to_ascii_lowercase();
                    let attributes = attributes(piece, reader.attributes(piece));
                    found.tags.push((at, StartTag { name, attributes }));
                    found.ends.push(None);
                }
                Event::Closed { left, .. } => open.drain(left..).for_each(|index: usize| found.ends[index] = Some(at)),
                Event::Read { up_to, .. } => break up_to,
                Event::Uncertain => return found,
            }
        };
        assert!(up_to <= piece.len(), "more is read than is there");
        read += up_to;
        if there == page.len() {
            found.is_certain = true;
            return found;
        }
    }
}

fn attributes(piece: &[u8], places: impl Iterator<Item = Attribute>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for at in places {
        let name = text(&piece[at.start..at.name_end]).to_ascii_lowercase();
        if found.iter().all(|(known, _)| *known != name) {
            found.push((name, text(&piece[at.value_start..at.value_end])));
        }
    }
    found
}

/// Bytes as a browser reads them.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}")
}

/// Start tags are those that html5ever finds, which builds the tree as browsers do and knows from it what is text.
fn agrees_with_browsers(page: &str, found: &Found) {
    // html5ever forgets that HTML ends no further than at such an element, which is HTML inside.
    if page.to_ascii_lowercase().contains("annotation-xml") && page.to_ascii_lowercase().contains("encoding") {
        return;
    }
    let expected = by_html5ever(page);
    let agree = found.tags.iter().zip(&expected).all(|((_, tag), expected)| is_same(tag, expected));
    let are_as_many =
        if found.is_certain { found.tags.len() == expected.len() } else { found.tags.len() <= expected.len() };
    assert!(agree && are_as_many, "in\n{page}\na browser finds\n{expected:?}\nand not\n{found:?}");
}

fn is_same(tag: &StartTag, expected: &StartTag) -> bool {
    let is_same_value = |value: &str, expected: &str| match value.split_once('&') {
        // The reader does not decode references.
        Some((before, _)) => expected.starts_with(before),
        None => value == expected,
    };
    let mut attributes = tag.attributes.iter().zip(&expected.attributes);
    tag.name == expected.name
        && tag.attributes.len() == expected.attributes.len()
        && attributes.all(|(one, other)| one.0 == other.0 && is_same_value(&one.1, &other.1))
}

/// Writes down the start tags on their way to the tree.
struct Recorder {
    builder: TreeBuilder<Handle, RcDom>,
    tags: RefCell<Vec<StartTag>>,
}

impl TokenSink for Recorder {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if let Token::TagToken(tag) = &token
            && tag.kind == TagKind::StartTag
        {
            let attributes = tag.attrs.iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string()));
            let tag = StartTag { name: tag.name.to_string(), attributes: attributes.collect() };
            self.tags.borrow_mut().push(tag);
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn by_html5ever(page: &str) -> Vec<StartTag> {
    let builder = TreeBuilder::new(RcDom::default(), TreeBuilderOpts::default());
    let tokenizer = Tokenizer::new(Recorder { builder, tags: RefCell::default() }, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(page.into());
    // It stops at each script, for whoever would run it.
    while !queue.is_empty() {
        let _ = tokenizer.feed(&queue);
    }
    tokenizer.end();
    tokenizer.sink.tags.take()
}

/// Elements start and end where they do for HTMLRewriter, where both are certain. Of SVG and MathML it knows less than the
/// standard says.
fn agrees_with_html_rewriter(page: &str) {
    // A tag that is cut off by the end of the page is judged by one of the two, and not by the other.
    let page = format!("{page}\">'>");
    let ours = read(page.as_bytes(), || page.len());
    if !ours.is_certain || ours.tags.iter().any(|(_, tag)| ["svg", "math"].contains(&tag.name.as_str())) {
        return;
    }
    if let Some(expected) = html_rewriter::elements(&page) {
        let starts = ours.tags.iter().map(|(start, _)| *start);
        let ours: Vec<_> = starts.zip(ours.ends).collect();
        assert_eq!(ours, expected, "HTMLRewriter finds other elements in\n{page}");
    }
}

/// What pages are made of: tags that change how a browser reads on, and what only looks like a tag.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "
<p> </p> <div> </div> <b> </b> </a> <ul> <li> </li> </ul> <br> <input> <span> </span> <h1> </h1> <form> </form>
<button> </button> <script> </script> <style> </style> <title> </title> <textarea> </textarea> <xmp> </xmp> <iframe>
</iframe> <noscript> </noscript> <noembed> <noframes> </noframes> <plaintext> <select> </select> <option> <optgroup>
<keygen> <hr> <template> </template> <frameset> <frame> <html> </html> <head> </head> <body> </body> <table> </table>
<caption> </caption> <colgroup> </colgroup> <col> <tbody> </tbody> <tr> </tr> <td> </td> <th> <thead> </thead> <svg>
</svg> <math> </math> <foreignObject> </foreignObject> <desc> </desc> <g> </g> <path/> <mi> </mi> <mtext> </mtext>
<annotation-xml> </annotation-xml> <mglyph> <malignmark> <font> </font> <svg/> <script/> <p/> <image> <applet>
</applet> <![CDATA[ ]]> <!-- --> --!> <!--> <!---> <! <? </ </> < > / = ' &amp; é - x </adaptive-slot>
<annotation-xml-longer-than-others> <object> </object> <path> </path>"
        .split_whitespace()
        .collect()
});
/// The same, with blanks and the like.
const OTHERS: [&str; 18] = [
    "<a href=x>",
    "<img src=x>",
    "<annotation-xml encoding=text/html>",
    "<font color=x>",
    "<!doctype html>",
    "\"",
    " ",
    "\n",
    "\r\n",
    "\0",
    " a=",
    " data-slot=hero",
    " DATA-SLOT='hero'",
    " a=\"",
    " b='",
    " =",
    "<adaptive-slot name=hero>",
    "<!-- <script> ",
];

/// Pages to begin with, by name.
pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let pages = [
        (
            "page",
            "<!doctype html><html><head><title>x</title><script>1 < 2</script></head><body class=x><p data-slot=hero>a<b>b</b></p></body></html>",
        ),
        ("attributes", "<p A b=c  d = 'e' f=\"\"g/h=i/ = j=><p data-slot data-slot=hero/><p =\">\"><p a=b'>"),
        ("script", "<script><!-- <script> </script> --></script><script><!--></script><b>"),
        ("comments", "<!--><b><!---><b><!----!><b><!-- <!-- --><b><!-- --!> <b>"),
        ("svg", "<svg><style><g/></style><desc><p>x</p></desc><![CDATA[<p>]]></svg><style><p></style>"),
        ("math", "<math><mi><style><p></style></mi><annotation-xml encoding=text/html><p></p></annotation-xml></math>"),
        ("select", "<select><option>x<svg><g></svg></select><select><script></script><input><xmp></xmp>"),
        ("table", "<table><tr><td><svg><desc>x</desc></svg></td></tr></table><template><col></template>"),
        ("text", "<textarea></textareas></TEXTAREA ><title a='</title>'></title><xmp></xmp/><noscript><p></noscript>"),
    ];
    pages.map(|(name, page)| (name.to_owned(), page.as_bytes().to_vec())).into()
}

/// Parts of pages put in, taken out, repeated and changed, and bytes of them.
pub(crate) fn mutate(input: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut page = input.to_vec();
    for _ in 0..rng.u32(1..6) {
        let at = rng.usize(0..=page.len());
        let at = if rng.bool() { start_of_tag(&page, at) } else { at };
        let end = rng.usize(at..=page.len()).min(at + 16);
        match rng.u32(0..8) {
            0 => drop(page.drain(at..end)),
            1 => {
                let repeated = page[at..end].to_vec();
                page.splice(at..at, repeated);
            }
            2 if at < page.len() => page[at] ^= 0x20,
            3 if at < page.len() => page[at] = *rng.choice(b"<>/!-= \n\"'&\0aZ\xc3").unwrap(),
            4 => drop(page.splice(at..at, rng.choice(OTHERS).unwrap().bytes())),
            _ => drop(page.splice(at..at, rng.choice(&*WORDS).unwrap().bytes())),
        }
    }
    if page.len() > LARGEST / 10 {
        page.truncate(LARGEST / 20)
    }
    page
}

/// The place of the next tag, from a place on.
fn start_of_tag(page: &[u8], from: usize) -> usize {
    page[from..].iter().position(|byte| *byte == b'<').map_or(page.len(), |at| from + at)
}

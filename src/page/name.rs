//! Names of elements, and what a parser of HTML does with them.

/// The name of an element, whatever its case: its first eight bytes, and the next eight. Of what is longer, the second is a hash, which
/// no name that has a meaning in HTML can have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Name(u64, u64);

impl Name {
    /// The name that some bytes spell.
    #[must_use]
    pub const fn of(spelling: &[u8]) -> Self {
        let mut words = [0u64; 2];
        let mut rest = spelling;
        let mut at = 0u32;
        while let [byte, others @ ..] = rest {
            // A NUL counts, as the replacement character that a browser reads: it must not look like the end.
            let byte = if *byte == 0 { 0xFF } else { byte.to_ascii_lowercase() };
            let byte = (byte as u64).wrapping_shl(at.wrapping_mul(8));
            let [first, second] = words;
            words = match at {
                0..8 => [first | byte, second],
                8..16 => [first, second | byte],
                _ => [first, (second ^ second.wrapping_shr(29) ^ byte).wrapping_mul(0x9E37_79B9_7F4A_7C15)],
            };
            rest = others;
            at = at.wrapping_add(1);
        }
        let [first, second] = words;
        Self(first, if at > 16 { second | 1u64.wrapping_shl(63) } else { second })
    }

    /// The name of up to eight bytes in lower case, the first of which is the lowest of a word.
    #[must_use]
    pub const fn short(spelling: u64) -> Self {
        Self(spelling, 0)
    }

    /// What is in an element of HTML.
    #[must_use]
    pub fn content(self) -> Content {
        match self {
            AREA | BASE | BASEFONT | BGSOUND | BR | COL | EMBED | HR | IMG | INPUT | KEYGEN | LINK | META | PARAM
            | SOURCE | TRACK | WBR => Content::Nothing,
            IFRAME | NOEMBED | NOFRAMES | NOSCRIPT | STYLE | TEXTAREA | TITLE | XMP => Content::Text,
            SCRIPT => Content::Script,
            PLAINTEXT => Content::Plaintext,
            _ => Content::Markup,
        }
    }

    /// Whether the element is a part of a table, which a browser takes as one of the nearest table around.
    #[must_use]
    pub fn is_of_table(self) -> bool {
        matches!(self, CAPTION | COL | COLGROUP | TBODY | TD | TFOOT | TH | THEAD | TR)
    }

    /// Whether it is one of the elements of SVG that have no content as a rule.
    #[must_use]
    pub fn is_shape(self) -> bool {
        matches!(self, CIRCLE | ELLIPSE | LINE | PATH | POLYGON | POLYLINE | RECT | STOP | USE)
    }

    /// Whether the start tag is HTML's alone, and ends SVG and MathML around it. That of `font` may do so as well.
    #[must_use]
    pub fn ends_foreign(self) -> bool {
        matches!(
            self,
            B | BIG
                | BLOCKQUOTE
                | BODY
                | BR
                | CENTER
                | CODE
                | DD
                | DIV
                | DL
                | DT
                | EM
                | EMBED
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | HEAD
                | HR
                | I
                | IMG
                | LI
                | LISTING
                | MENU
                | META
                | NOBR
                | OL
                | P
                | PRE
                | RUBY
                | S
                | SMALL
                | SPAN
                | STRIKE
                | STRONG
                | SUB
                | SUP
                | TABLE
                | TT
                | U
                | UL
                | VAR
        )
    }
}

/// What follows a start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing: the element is over already.
    Nothing,
    /// Tags, text and comments.
    Markup,
    /// Text up to the end tag.
    Text,
    /// Text with the rules of scripts.
    Script,
    /// Text up to the end of the page.
    Plaintext,
}

macro_rules! names {
    ($($constant:ident $spelling:literal)*) => {
        $(pub(super) const $constant: Name = Name::of($spelling);)*
    };
}

names! {
    ADAPTIVE_SLOT b"adaptive-slot" ANNOTATION_XML b"annotation-xml" AREA b"area" B b"b" BASE b"base"
    BASEFONT b"basefont" BGSOUND b"bgsound" BIG b"big" BLOCKQUOTE b"blockquote" BODY b"body" BR b"br" CAPTION b"caption" CENTER b"center" CIRCLE b"circle"
    CODE b"code" COL b"col" COLGROUP b"colgroup" DD b"dd" DESC b"desc" DIV b"div" DL b"dl" DT b"dt" ELLIPSE b"ellipse" EM b"em" EMBED b"embed" FONT b"font"
    FOREIGN_OBJECT b"foreignobject" FRAMESET b"frameset" H1 b"h1" H2 b"h2" H3 b"h3" H4 b"h4" H5 b"h5" H6 b"h6"
    HEAD b"head" HR b"hr" HTML b"html" I b"i" IFRAME b"iframe" IMG b"img" INPUT b"input" KEYGEN b"keygen" LI b"li" LINE b"line" LINK b"link"
    LISTING b"listing" MALIGNMARK b"malignmark" MATH b"math" MENU b"menu" META b"meta" MGLYPH b"mglyph" MI b"mi" MN b"mn" MO b"mo" MS b"ms" MTEXT b"mtext"
    NOBR b"nobr" NOEMBED b"noembed" NOFRAMES b"noframes" NOSCRIPT b"noscript" OL b"ol" P b"p" PARAM b"param" PATH b"path"
    PLAINTEXT b"plaintext" POLYGON b"polygon" POLYLINE b"polyline" PRE b"pre" RECT b"rect" RUBY b"ruby" S b"s" SCRIPT b"script" SELECT b"select" SMALL b"small"
    SOURCE b"source" SPAN b"span" STOP b"stop" STRIKE b"strike" STRONG b"strong" STYLE b"style" SUB b"sub" SUP b"sup" SVG b"svg"
    TABLE b"table" TBODY b"tbody" TD b"td" TEMPLATE b"template" TEXTAREA b"textarea" TFOOT b"tfoot" TH b"th" THEAD b"thead" TITLE b"title" TR b"tr" TRACK b"track" TT b"tt" U b"u" UL b"ul" USE b"use"
    VAR b"var" WBR b"wbr" XMP b"xmp"
}

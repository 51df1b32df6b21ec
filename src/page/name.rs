//! Names of elements, and what a parser of HTML does with them.

/// The name of an element, whatever its case: its first eight bytes, and the next eight. Of what is longer, the second is a hash.
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
            let byte = (byte.to_ascii_lowercase() as u64).wrapping_shl(at.wrapping_mul(8));
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
        Self(first, second)
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
    BASEFONT b"basefont" BGSOUND b"bgsound" BIG b"big" BLOCKQUOTE b"blockquote" BODY b"body" BR b"br" CENTER b"center"
    CODE b"code" COL b"col" DD b"dd" DESC b"desc" DIV b"div" DL b"dl" DT b"dt" EM b"em" EMBED b"embed" FONT b"font"
    FOREIGN_OBJECT b"foreignobject" FRAMESET b"frameset" H1 b"h1" H2 b"h2" H3 b"h3" H4 b"h4" H5 b"h5" H6 b"h6"
    HEAD b"head" HR b"hr" I b"i" IFRAME b"iframe" IMG b"img" INPUT b"input" KEYGEN b"keygen" LI b"li" LINK b"link"
    LISTING b"listing" MATH b"math" MENU b"menu" META b"meta" MI b"mi" MN b"mn" MO b"mo" MS b"ms" MTEXT b"mtext"
    NOBR b"nobr" NOEMBED b"noembed" NOFRAMES b"noframes" NOSCRIPT b"noscript" OL b"ol" P b"p" PARAM b"param"
    PLAINTEXT b"plaintext" PRE b"pre" RUBY b"ruby" S b"s" SCRIPT b"script" SELECT b"select" SMALL b"small"
    SOURCE b"source" SPAN b"span" STRIKE b"strike" STRONG b"strong" STYLE b"style" SUB b"sub" SUP b"sup" SVG b"svg"
    TABLE b"table" TEMPLATE b"template" TEXTAREA b"textarea" TITLE b"title" TRACK b"track" TT b"tt" U b"u" UL b"ul"
    VAR b"var" WBR b"wbr" XMP b"xmp"
}

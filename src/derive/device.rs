//! Device, operating system and browser from a user-agent string.
//!
//! Each answer is a table of marks in order: the first line with a mark that
//! occurs in the string decides. Case matters, as browsers write these names
//! in one way only. A string can claim anything, so this is for presentation,
//! never for trust.
//!
//! Known limits: Safari on an iPad asks for desktop pages by default and then
//! says `Macintosh`, so it counts as a desktop with macOS; so does any browser
//! that is asked for the desktop site. Browsers that only rename themselves in
//! client hints (Brave) count as Chrome. Versions are not read.

use super::Output;

/// How much of a user-agent string is looked at, in code units. Real ones are
/// seldom longer than 300; this bounds the work for others.
pub const MAX_LENGTH: usize = 1024;

/// Lines of an answer and its marks, which `|` separates.
type Table = &'static [(&'static str, &'static str)];

const KIND: Table = &[
    // A make of phone whose name ends like a crawler's.
    ("mobile", "Cubot"),
    // Crawlers, link previews, monitors and HTTP libraries. Most crawlers call
    // themselves a bot or give an address to write to.
    (
        "bot",
        "bot|Bot|http|spider|Spider|crawl|Crawl|facebookexternalhit|WhatsApp/|Slurp|-Google\
         |Google-|Google Favicon|Web Preview|BingPreview\
         |Lighthouse|Monitor|Gecko; compatible",
    ),
    ("tablet", "iPad|Kindle"),
    // Televisions: large, and without touch.
    ("desktop", "SMART-TV|SmartTV|Smart TV|SmartHub|Android TV|GoogleTV|BRAVIA|HbbTV|Web0S"),
    ("mobile", "iPhone|iPod|Mobi|Opera Mini|BlackBerry|Windows Phone|MIDP"),
    // Android writes `Mobile` on phones only.
    ("tablet", "Android|PlayBook"),
    // Two browsers that also say `compatible`, as crawlers do.
    ("desktop", "MSIE|Konqueror"),
    ("bot", "(compatible"),
    // Every browser begins with one of these; what does not is a program.
    ("desktop", "Mozilla/|Opera/"),
];

const OS: Table = &[
    // Windows Phone also claims to be Android and an iPhone.
    ("windows", "Windows Phone"),
    ("ios", "iPhone|iPad|iPod"),
    ("other", "Tizen|Web0S"),
    ("android", "Android"),
    ("chromeos", "CrOS"),
    ("windows", "Windows"),
    ("macos", "Macintosh|Mac OS X"),
    ("linux", "Linux"),
];

const BROWSER: Table = &[
    ("edge", "Edg/|EdgA/|EdgiOS/|Edge/"),
    ("opera", "OPR/|OPT/|OPX/|OPiOS/|Opera"),
    ("samsung", "SamsungBrowser/"),
    // Browsers and views within apps that also claim to be one of those below.
    (
        "other",
        "; wv)|FBAN/|FBAV/|Instagram|GSA/|YaBrowser/|Vivaldi/|DuckDuckGo/|Ddg/|UCBrowser/|UBrowser/\
         |MiuiBrowser/|HuaweiBrowser/|HeyTapBrowser/|VivoBrowser/|MQQBrowser/|QQBrowser/|Whale/|Silk/\
         |Electron/|SeaMonkey/|Ecosia|like Safari|Version/4.0 Chrome/",
    ),
    ("firefox", "Firefox/|FxiOS/"),
    ("chrome", "Chrome/|CriOS/|Chromium/"),
    // WebKit without Chrome on Linux, Android, a BlackBerry or a console.
    ("other", "Linux|Android|BB10|BlackBerry|PlayStation|PhantomJS"),
    ("safari", "Safari/"),
];

/// `mobile`, `tablet`, `desktop` or `bot`. Missing only if the string is empty.
pub fn kind(user_agent: &[u16]) -> Output<'static> {
    decide(KIND, user_agent, "bot")
}

/// `ios`, `android`, `windows`, `macos`, `chromeos`, `linux` or `other`;
/// missing only if the string is empty.
pub fn os(user_agent: &[u16]) -> Output<'static> {
    decide(OS, user_agent, "other")
}

/// `chrome`, `safari`, `firefox`, `edge`, `opera`, `samsung` or `other`;
/// missing only if the string is empty.
pub fn browser(user_agent: &[u16]) -> Output<'static> {
    decide(BROWSER, user_agent, "other")
}

fn decide(table: Table, user_agent: &[u16], otherwise: &'static str) -> Output<'static> {
    if user_agent.is_empty() {
        return Output::Missing;
    }
    let text = user_agent.get(..MAX_LENGTH).unwrap_or(user_agent);
    for &(answer, marks) in table {
        let mut marks = marks.as_bytes().split(|&byte| byte == b'|');
        if marks.any(|mark| contains(text, mark)) {
            return Output::Static(answer);
        }
    }
    Output::Static(otherwise)
}

fn contains(mut text: &[u16], mark: &[u8]) -> bool {
    while let Some(place) = text.get(..mark.len()) {
        if place.iter().zip(mark).all(|(&unit, &byte)| unit == u16::from(byte)) {
            return true;
        }
        let [_, rest @ ..] = text else {
            return false;
        };
        text = rest;
    }
    false
}

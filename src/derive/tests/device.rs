use std::collections::BTreeSet;

use super::units;
use crate::derive::{
    LIST, Output, Values,
    device::{self, MAX_LENGTH},
};

const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const WIN: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
const X11: &str = "Mozilla/5.0 (X11; Linux x86_64)";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)";
const IPAD: &str = "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X)";
const PHONE: &str = "Mozilla/5.0 (Linux; Android 10; K)";
const WEBKIT: &str = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
const BLINK: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";

/// What stands for the engine between `{}` is written out from the constants above.
#[rustfmt::skip]
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    // platform, the rest, type, os, browser
    (MAC, "{webkit} Version/17.5 Safari/605.1.15", "desktop", "macos", "safari"),
    (MAC, "{blink} Chrome/126.0.0.0 Safari/537.36", "desktop", "macos", "chrome"),
    (MAC, "{blink} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "desktop", "macos", "edge"),
    (MAC, "{blink} Chrome/126.0.0.0 Safari/537.36 OPR/111.0.0.0", "desktop", "macos", "opera"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0)", "Gecko/20100101 Firefox/127.0", "desktop", "macos", "firefox"),
    (WIN, "{blink} Chrome/126.0.0.0 Safari/537.36", "desktop", "windows", "chrome"),
    (WIN, "{blink} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.56", "desktop", "windows", "edge"),
    (WIN, "{blink} Chrome/64.0.3282.140 Safari/537.36 Edge/17.17134", "desktop", "windows", "edge"),
    (WIN, "{blink} Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0", "desktop", "windows", "opera"),
    (WIN, "{blink} Chrome/126.0.0.0 Safari/537.36 Vivaldi/6.8.3381.46", "desktop", "windows", "other"),
    (WIN, "{blink} Chrome/124.0.0.0 YaBrowser/24.6.0.0 Safari/537.36", "desktop", "windows", "other"),
    (WIN, "{blink} SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36", "desktop", "windows", "samsung"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0)", "Gecko/20100101 Firefox/128.0", "desktop", "windows", "firefox"),
    ("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0)", "like Gecko", "desktop", "windows", "other"),
    ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; Tablet PC 2.0)", "", "desktop", "windows", "other"),
    ("Opera/9.80 (Windows NT 6.1; U; pl)", "Presto/2.10.229 Version/11.62", "desktop", "windows", "opera"),
    (X11, "{blink} Chrome/126.0.0.0 Safari/537.36", "desktop", "linux", "chrome"),
    (X11, "{blink} HeadlessChrome/126.0.0.0 Safari/537.36", "desktop", "linux", "chrome"),
    (X11, "{blink} Ubuntu Chromium/80.0.3987.87 Chrome/80.0.3987.87 Safari/537.36", "desktop", "linux", "chrome"),
    (X11, "{webkit} Version/17.0 Safari/605.1.15", "desktop", "linux", "other"),
    ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0)", "Gecko/20100101 Firefox/127.0", "desktop", "linux", "firefox"),
    ("Mozilla/5.0 (X11; FreeBSD amd64; rv:127.0)", "Gecko/20100101 Firefox/127.0", "desktop", "other", "firefox"),
    ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)", "{blink} Chrome/126.0.0.0 Safari/537.36", "desktop", "chromeos", "chrome"),
    (IPHONE, "{webkit} Version/17.5 Mobile/15E148 Safari/604.1", "mobile", "ios", "safari"),
    (IPHONE, "{webkit} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "mobile", "ios", "chrome"),
    (IPHONE, "{webkit} FxiOS/127.0 Mobile/15E148 Safari/605.1.15", "mobile", "ios", "firefox"),
    (IPHONE, "{webkit} Version/17.0 EdgiOS/126.0.2592.56 Mobile/15E148 Safari/605.1.15", "mobile", "ios", "edge"),
    (IPHONE, "{webkit} Version/17.5 Mobile/15E148 Safari/604.1 OPT/4.7.0", "mobile", "ios", "opera"),
    (IPHONE, "{webkit} GSA/322.0.646670413 Mobile/15E148 Safari/604.1", "mobile", "ios", "other"),
    (IPHONE, "{webkit} Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15", "mobile", "ios", "other"),
    (IPHONE, "{webkit} Mobile/15E148 [FBAN/FBIOS;FBAV/468.0.0.40.109;FBDV/iPhone14,5]", "mobile", "ios", "other"),
    (IPHONE, "{webkit} Mobile/15E148", "mobile", "ios", "other"),
    ("Mozilla/5.0 (iPod touch; CPU iPhone OS 12_5_7 like Mac OS X)", "{webkit} Version/12.1.2 Mobile/15E148 Safari/604.1", "mobile", "ios", "safari"),
    (IPAD, "{webkit} Version/16.6 Mobile/15E148 Safari/604.1", "tablet", "ios", "safari"),
    (IPAD, "{webkit} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "tablet", "ios", "chrome"),
    (IPAD, "{webkit} FxiOS/127.0 Mobile/15E148 Safari/605.1.15", "tablet", "ios", "firefox"),
    (PHONE, "{blink} Chrome/126.0.0.0 Mobile Safari/537.36", "mobile", "android", "chrome"),
    (PHONE, "{blink} Chrome/126.0.0.0 Safari/537.36", "tablet", "android", "chrome"),
    (PHONE, "{blink} Chrome/126.0.0.0 Mobile Safari/537.36 EdgA/126.0.0.0", "mobile", "android", "edge"),
    (PHONE, "{blink} Chrome/126.0.0.0 Mobile Safari/537.36 OPR/83.0.0.0", "mobile", "android", "opera"),
    (PHONE, "{blink} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", "mobile", "android", "samsung"),
    ("Mozilla/5.0 (Linux; Android 13; SM-X906B)", "{blink} SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36", "tablet", "android", "samsung"),
    ("Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A.230803.041; wv)", "{blink} Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36", "mobile", "android", "other"),
    ("Mozilla/5.0 (Linux; Android 9; Cubot_P30)", "{blink} Chrome/126.0.0.0 Mobile Safari/537.36", "mobile", "android", "chrome"),
    ("Mozilla/5.0 (Android 14; Mobile; rv:127.0)", "Gecko/127.0 Firefox/127.0", "mobile", "android", "firefox"),
    ("Mozilla/5.0 (Android 13; Tablet; rv:127.0)", "Gecko/127.0 Firefox/127.0", "tablet", "android", "firefox"),
    ("Mozilla/5.0 (Linux; U; Android 2.3.6; pl-pl; GT-S5830)", "AppleWebKit/533.1 (KHTML, like Gecko) Version/4.0 Mobile Safari/533.1", "mobile", "android", "other"),
    ("Mozilla/5.0 (Linux; Android 9; KFMAWI)", "{blink} Silk/124.1.1 like Chrome/124.0.6367.82 Safari/537.36", "tablet", "android", "other"),
    ("Opera/9.80 (J2ME/MIDP; Opera Mini/9.80; U; pl)", "Presto/2.5.25 Version/10.54", "mobile", "other", "opera"),
    ("Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0)", "Gecko/48.0 Firefox/48.0 KAIOS/2.5", "mobile", "other", "firefox"),
    ("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950)", "{blink} Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.14977", "mobile", "windows", "edge"),
    ("Mozilla/5.0 (BB10; Touch)", "AppleWebKit/537.10+ (KHTML, like Gecko) Version/10.0.9.2372 Mobile Safari/537.10+", "mobile", "other", "other"),
    ("Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0)", "AppleWebKit/538.1 (KHTML, like Gecko) Version/6.0 TV Safari/538.1", "desktop", "other", "other"),
    ("Mozilla/5.0 (Web0S; Linux/SmartTV)", "{blink} Chrome/79.0.3945.79 Safari/537.36", "desktop", "other", "chrome"),
    ("Mozilla/5.0 (Linux; Android 12; BRAVIA 4K VH2)", "{blink} Chrome/126.0.0.0 Safari/537.36", "desktop", "android", "chrome"),
    // Bots: the device they claim to be still gives system and browser.
    ("Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P)", "{blink} Chrome/126.0.6478.61 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot", "android", "chrome"),
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "", "bot", "other", "other"),
    ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "Chrome/116.0.1938.76 Safari/537.36", "bot", "other", "chrome"),
    (IPHONE, "{webkit} Version/17.5 Mobile/15E148 Safari/604.1 (Applebot/0.1)", "bot", "ios", "safari"),
    ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "", "bot", "other", "other"),
    ("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "", "bot", "other", "other"),
    ("Mediapartners-Google", "", "bot", "other", "other"),
    ("WhatsApp/2.23.20.0 A", "", "bot", "other", "other"),
    ("curl/8.5.0", "", "bot", "other", "other"),
    ("python-requests/2.32.3", "", "bot", "other", "other"),
    ("Go-http-client/2.0", "", "bot", "other", "other"),
    ("Mozilla/5.0 (compatible; Konqueror/4.14; Linux)", "KHTML/4.14 (like Gecko)", "desktop", "linux", "other"),
    ("Mozilla/5.0 (compatible; SomeScraper)", "", "bot", "other", "other"),
    ("some text", "", "bot", "other", "other"),
    (IPHONE, "{webkit} Version/18.0 Mobile/15E148 Snapchat/14.25.0.48 (like Safari/8624.5.1.10.3, panda)", "mobile", "ios", "other"),
];

#[test]
fn recognises_what_visitors_use() {
    for (platform, rest, kind, os, browser) in CASES {
        let rest = rest.replace("{webkit}", WEBKIT).replace("{blink}", BLINK);
        let user_agent = units(format!("{platform} {rest}").trim_end());
        let case = String::from_utf16_lossy(&user_agent);
        assert_eq!(device::kind(&user_agent), Output::Static(kind), "type of {case}");
        assert_eq!(device::os(&user_agent), Output::Static(os), "os of {case}");
        assert_eq!(device::browser(&user_agent), Output::Static(browser), "browser of {case}");
    }
}

#[test]
fn says_nothing_but_what_is_listed() {
    let listed = |name: &str| match LIST.iter().find(|(path, ..)| *path == name) {
        Some((_, _, _, Values::OneOf(values), _)) => values.iter().copied().collect::<BTreeSet<_>>(),
        _ => panic!("{name} is not one of some texts"),
    };
    assert_eq!(CASES.iter().map(|case| case.2).collect::<BTreeSet<_>>(), listed("device.type"));
    assert_eq!(CASES.iter().map(|case| case.3).collect::<BTreeSet<_>>(), listed("device.os"));
    assert_eq!(CASES.iter().map(|case| case.4).collect::<BTreeSet<_>>(), listed("device.browser"));
}

#[test]
fn knows_nothing_from_an_empty_string() {
    assert_eq!(device::kind(&[]), Output::Missing);
    assert_eq!(device::os(&[]), Output::Missing);
    assert_eq!(device::browser(&[]), Output::Missing);
}

#[test]
fn looks_at_a_bounded_length() {
    let mark = "iPad";
    let fits = " ".repeat(MAX_LENGTH - mark.len()) + mark;
    assert_eq!(device::os(&units(&fits)), Output::Static("ios"));
    let too_late = format!(" {fits}");
    assert_eq!(device::os(&units(&too_late)), Output::Static("other"));
}

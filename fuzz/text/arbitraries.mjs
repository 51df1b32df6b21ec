// Texts as visitors send them, and as nobody should.

import fc from "fast-check";

/** Names that mean something to JavaScript. */
const HOSTILE_NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "length",
  "0",
  "",
];

/** What the readers here look for, and what could confuse them. */
const PIECES = [
  ...[
    "slotwise_id",
    "slotwise_consent",
    "slotwise_sticky",
    "slotwise_profile",
    "slotwise_as",
    "as.hour",
    "as.date",
    "as.place",
    "as.visitor",
  ],
  ...["personalization", "analytics", "none", "denied", "false", "hero", "urgent", "cta__0", "on", "off"],
  ...[
    "=",
    ";",
    "; ",
    ",",
    ":",
    ".",
    "&",
    "?",
    "#",
    "%",
    "%2",
    "%00",
    "%0A",
    "%C3%28",
    "%3B",
    "%26",
    "+",
    '"',
    "\\",
    "\t",
    " ",
  ],
  ...[
    "<",
    "</script>",
    "<!--",
    "{",
    "}",
    "[",
    "]",
    "null",
    "1e999",
    "-0",
    "23:59",
    "2026-02-30",
    "Europe/Warsaw",
    "+24:00",
  ],
  ...["\u0000", "\u2028", "\ud800", "\udc00", "é", "İ", "🍕", "\ufeff", "\u00a0"],
  ...HOSTILE_NAMES,
];

/** Any text: characters of every kind, pieces of what is looked for, and now and then a great deal of one piece. */
export const text = () =>
  fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
    {
      weight: 6,
      arbitrary: fc
        .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })), { maxLength: 24 })
        .map((all) => all.join("")),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...PIECES), fc.integer({ min: 1, max: 4000 }))
        .map(([piece, times]) => piece.repeat(times)),
    },
  );

/** A name, hostile ones among them. */
export const name = () => fc.oneof(fc.constantFrom(...HOSTILE_NAMES), text());

/** A name that a cookie may have: a token of RFC 6265. */
export const cookieName = () =>
  fc.oneof(
    fc.constantFrom(
      "slotwise_id",
      "slotwise_consent",
      "slotwise_sticky",
      "slotwise_profile",
      "__proto__",
      "constructor",
      "a",
    ),
    fc.stringMatching(/^[\w!#$%&'*+.^`|~-]{1,20}$/),
  );

/** A value that a cookie may have: the octets of RFC 6265. */
export const cookieValue = () => fc.stringMatching(/^[!#-+\--:<-[\]-~]{0,40}$/);

/** A text that a header may carry: what `Headers` takes as it is. */
export const headerText = () => text().map((given) => given.replace(/[^\t\x20-\x7e\x80-\xff]/g, "~").trim());

/** A `Cookie` header: cookies of this project with values of every kind among others, up to a bomb of a thousand. */
export const cookieHeader = () =>
  fc.oneof(
    { weight: 4, arbitrary: headerText() },
    {
      weight: 6,
      arbitrary: fc
        .array(fc.tuple(cookieName(), fc.oneof(cookieValue(), headerText())), { maxLength: 12 })
        .map((pairs) => pairs.map((pair) => pair.join("=")).join("; ")),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(cookieName(), cookieValue(), fc.integer({ min: 200, max: 1000 }))
        .map(([named, value, times]) => `${named}=${value}; `.repeat(times)),
    },
  );

/** A record, with names that mean something to JavaScript as members of its own. */
export const record = (values) =>
  fc.array(fc.tuple(name(), values), { maxLength: 12 }).map((entries) => Object.fromEntries(entries));

/** JSON of any shape, or with such names, or nearly JSON. */
export const jsonText = () =>
  fc.oneof(
    fc.json(),
    record(fc.jsonValue()).map((value) => JSON.stringify(value)),
    text(),
  );

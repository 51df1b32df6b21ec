// Values that tell conversions apart, for conditions and for what visitors send.

const TEXTS = [
  "",
  "a",
  "b",
  "A",
  "abc",
  "ABC",
  "null",
  "undefined",
  "true",
  "NaN",
  "[object Object]",
  "1,2",
  "/shop/1",
  "pl-PL",
  "2026-11-22T07:30:00Z",
  "2026-11-22",
  // Casing that is not one letter to one letter, or depends on where the letter stands.
  "łódź",
  "ŁÓDŹ",
  "straße",
  "STRASSE",
  "ΟΔΟΣ",
  "οδος",
  "İ",
  "i̇",
  "K",
  "k",
  "ſ",
  "s",
  "ǅ",
  "🍕",
  "🍕🍕",
  "𐐀",
  "𐐨",
  "\u2028",
  "a\nb",
  "\ufeff",
];
const NUMERIC_TEXTS = [
  "0",
  "1",
  "2",
  "10",
  "9",
  " 1 ",
  "\ufeff1\n",
  "1.0",
  "01",
  "1e0",
  "0x1",
  "0b1",
  "1_0",
  "+1",
  "-1",
  "-0",
  ".5",
  "5.",
  ".",
  "Infinity",
  "-Infinity",
  "infinity",
  "1e21",
  "1e1000",
  "0.1",
];
const VERSIONS = [
  "1.2.3",
  "v1.2.3",
  "1.2.3-rc.1",
  "1.2.3-rc.10",
  "1.2.3+build.5",
  "1.10.0",
  "1.9",
  "2",
  "0.0.0",
  "123456.0.0",
  "1.2.x",
  "1..3",
  "1.2.3-",
  "+",
  "v",
  "1.2.3\n+4",
];
const NUMBERS = [
  0,
  1,
  2,
  10,
  -1,
  0.1,
  0.1 + 0.2,
  1.5,
  1e21,
  1e-7,
  123456789012345680000,
  5e-324,
  2 ** 53,
  1.7976931348623157e308,
];
/** What JSON cannot hold, so only visitors have it. */
const LONE = ["\ud800", "a\udc00", "\udc00\ud800", "\ud83c", "1\ud800"];
const ODD_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];

/** Names of members. None is a derived attribute's or inherited, and some order themselves as indices. */
export const NAMES = ["v", "w", "list", "deep", "0", "1", "2", "ł", "🍕", "length"];

/** A path that may lead somewhere in what `attributes` makes. */
export function path(random) {
  return Array.from({ length: 1 + random.below(random.chance(0.4) ? 3 : 1) }, () => random.one(NAMES)).join(".");
}

/** Text of an authored condition. */
export function text(random) {
  return random.one(random.chance(0.3) ? NUMERIC_TEXTS : random.chance(0.2) ? VERSIONS : TEXTS);
}

export function number(random) {
  return random.one(NUMBERS);
}

export function version(random) {
  return random.one(VERSIONS);
}

/** A single value that JSON holds. */
export function scalar(random) {
  return random.one([
    () => text(random),
    () => text(random),
    () => number(random),
    () => random.chance(0.5),
    () => null,
  ])();
}

/** Any value that JSON holds. */
export function json(random, depth = 2) {
  if (depth === 0 || random.chance(0.6)) return scalar(random);
  return structure(random, () => json(random, depth - 1));
}

/** Any value that a visitor's context may hold. */
export function sent(random, depth = 3) {
  if (depth > 0 && random.chance(0.4)) return structure(random, () => sent(random, depth - 1));
  if (random.chance(0.85)) return scalar(random);
  return random.one([...LONE, ...ODD_NUMBERS, undefined]);
}

/** The attributes of a visitor. */
export function attributes(random) {
  const names = NAMES.filter(() => random.chance(0.7));
  return Object.fromEntries(names.map((name) => [name, sent(random)]));
}

function structure(random, member) {
  if (random.chance(0.6)) return random.list(3, member);
  return Object.fromEntries(random.list(3, () => [random.one(NAMES), member()]));
}

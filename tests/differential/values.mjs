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
  "🍕",
  "🍕🍕",
  "\u2028",
  "a\nb",
  "\ufeff",
];
/** Casing that is not one letter to one letter, or depends on where the letter stands. */
const CASED = [
  "łódź",
  "ŁÓDŹ",
  "straße",
  "STRASSE",
  "ß",
  "ẞ",
  "SS",
  "ΟΔΟΣ",
  "οδος",
  "οδοσ",
  "Σ",
  "İ",
  "i̇",
  "ı",
  "\u212a",
  "k",
  "ſ",
  "s",
  "ǅ",
  "ŉ",
  "ﬁ",
  "𐐀",
  "𐐨",
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
  "1.2.3+4\n5",
  "+1\n+2",
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

/** One value that JSON holds of every kind there is, and those at the edges between kinds. */
export const SCALARS = [...TEXTS, ...CASED, ...NUMERIC_TEXTS, ...VERSIONS, ...NUMBERS, true, false, null];
export const STRUCTURES = [
  [],
  [null],
  [0],
  [1],
  ["1"],
  ["a"],
  ["a", "A", 1],
  [[1]],
  [[], null],
  [true, false],
  ["ŁÓDŹ", "STRASSE"],
  [1, 2, 3],
  {},
  { v: 1 },
  { w: null, v: 1 },
  { 1: "a", 0: "b" },
  [{ v: 1 }],
];
/** Everything that a visitor may send, in the same way. */
export const SAMPLES = [
  ...SCALARS,
  ...STRUCTURES,
  ...LONE,
  ...ODD_NUMBERS,
  undefined,
  [undefined],
  [Number.NaN],
  ["\ud800"],
  { v: undefined },
  { v: Number.NaN },
];

/** Where letters have case, some of it odd; then marks, digits, symbols, and what lies outside the basic plane. */
const RANGES = [
  [0x20, 0x7e],
  [0xc0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x52f],
  [0x531, 0x587],
  [0x10a0, 0x10ff],
  [0x13a0, 0x13fd],
  [0x1c80, 0x1c88],
  [0x1e00, 0x1fff],
  [0x2000, 0x214e],
  [0x2c00, 0x2d2d],
  [0xa640, 0xa69b],
  [0xa722, 0xa7ca],
  [0xab30, 0xabbf],
  [0xff21, 0xff5a],
  [0x10400, 0x1044f],
  [0x1e900, 0x1e943],
  [0x1f600, 0x1f64f],
];

/** Names of members. None is a derived attribute's or inherited, and some order themselves as indices. */
export const NAMES = ["v", "w", "list", "deep", "0", "1", "2", "ł", "🍕", "length", "$x"];
/** Those that a condition may begin with: behind `$` come operators. */
const AUTHORED = NAMES.filter((name) => !name.startsWith("$"));

/** A path that may lead somewhere in what `attributes` makes. */
export function path(random) {
  const further = random.chance(0.7) ? 0 : random.below(4);
  return [random.one(AUTHORED), ...Array.from({ length: further }, () => random.one(NAMES))].join(".");
}

/** Text of an authored condition. */
export function text(random) {
  return random.weighted([
    [30, () => random.one(TEXTS)],
    [15, () => random.one(CASED)],
    [20, () => random.one(NUMERIC_TEXTS)],
    [10, () => random.one(VERSIONS)],
    [10, () => date(random)],
    [15, () => random.list(4, () => letter(random)).join("")],
    [5, () => String(double(random))],
  ]);
}

/** A code point that has been given a meaning: whether the others have a lower case depends on the version of Unicode. */
function letter(random) {
  for (;;) {
    const [first, last] = random.one(RANGES);
    const found = String.fromCodePoint(first + random.below(last - first + 1));
    if (!/\p{Cn}/u.test(found)) return found;
  }
}

/** A day, or a moment of it, close to all others. */
function date(random) {
  const at = new Date(Date.UTC(2026, 9 + random.below(3), 1 + random.below(30), random.below(24)));
  return random.chance(0.5) ? at.toISOString().slice(0, 10) : at.toISOString();
}

export function number(random) {
  return random.weighted([
    [70, () => random.one(NUMBERS)],
    [20, () => random.below(7) - 2],
    [10, () => double(random)],
  ]);
}

/** Any finite double, from its bits. */
function double(random) {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setUint32(0, random.below(2 ** 32));
  bits.setUint32(4, random.below(2 ** 32));
  const found = bits.getFloat64(0);
  return Number.isFinite(found) ? found : random.share();
}

export function version(random) {
  if (random.chance(0.5)) return random.one(VERSIONS);
  const numbers = Array.from({ length: 1 + random.below(4) }, () => random.one([0, 1, 2, 9, 10, 9999, 12345, 100000]));
  const ends = ["", "", "-rc.1", "-alpha", "-beta.2", "+build", "-rc.1+b-2"];
  return `${random.chance(0.2) ? "v" : ""}${numbers.join(".")}${random.one(ends)}`;
}

/** A single value that JSON holds. */
export function scalar(random) {
  return random.weighted([
    [35, () => text(random)],
    [30, () => number(random)],
    [17, () => random.chance(0.5)],
    [18, () => null],
  ]);
}

/** Any value that JSON holds. */
export function json(random, depth = 2) {
  if (depth === 0 || random.chance(0.6)) return scalar(random);
  return random.chance(0.6) ? list(random, depth) : object(random, depth);
}

/** A list of such values. */
export function list(random, depth = 2) {
  return random.list(3, () => json(random, depth - 1));
}

/** An object of such values. */
export function object(random, depth = 2) {
  return Object.fromEntries(random.list(3, () => [random.one(AUTHORED), json(random, depth - 1)]));
}

/** Any value that a visitor's context may hold. */
export function sent(random, depth = 4) {
  if (depth > 0 && random.chance(0.4)) {
    const member = () => sent(random, depth - 1);
    if (random.chance(0.6)) return random.list(3, member);
    return Object.fromEntries(random.list(3, () => [random.one(NAMES), member()]));
  }
  return random.chance(0.6) ? scalar(random) : odd(random);
}

/** A value that JSON cannot hold. */
export function odd(random) {
  return random.one([() => random.one(LONE), () => random.one(ODD_NUMBERS), () => undefined])();
}

/** The attributes of a visitor. */
export function attributes(random) {
  const names = NAMES.filter(() => random.chance(0.85));
  return Object.fromEntries(names.map((name) => [name, sent(random)]));
}

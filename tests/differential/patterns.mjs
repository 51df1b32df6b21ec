// Random regular expressions of the kind that both GrowthBook and Slotwise run.
//
// Left out: look-around, back-references and modifiers, which no linear-time automaton can do; and what GrowthBook's cache of
// patterns gets wrong (see `isShared`).

/** Patterns that have been thought about. */
export const KNOWN = [
  "a",
  "^a$",
  "^[a-c]+$",
  "[^a]",
  "^.$",
  "^..$",
  "\\d",
  "^\\d+$",
  "\\w+",
  "\\s",
  "\\bb\\b",
  "^$",
  "o|ó",
  "(a|b)c?",
  "^/shop/",
  "^\\/shop\\/\\d",
  "null|undefined",
  "[\\u0100-\\u017f]",
  "🍕",
  "^🍕{2}$",
  "k",
  "ſ",
  "^ß",
  "σ$",
  "[^\\W]",
  "^[\\s\\S]{2,3}$",
  "\\.",
  "1?2*,",
  "(?:1|e)+",
  "^(?:ab|cd|[01])*$",
  "(?:a|bc)+x?",
  "^(?:(?:1|2|0)?[.-]){0,3}\\d*$",
  "a\\nb",
];

const CHARACTERS = [..."aAbBkKsS019 ,:/-ółŁßſΣσςİı🍕𐐀"];
const ESCAPES = [
  ..."dDwWsSnt./-".split("").map((character) => `\\${character}`),
  ...["\\x61", "\\u0142", "\\ud83c", "\\cJ", "\\012"],
  // What the grammar of Annex B makes of escapes that are none, or go on in what follows.
  ...["\\0", "\\01", "\\x4", "\\u12", "\\8", "\\c", "\\q", "{", "}", "]", "a{,2}", "a{2"],
];
const ASSERTIONS = ["^", "$", "\\b", "\\B"];
const CLASSES = [
  "[a-z]",
  "[^a-z]",
  "[A-Z0-9]",
  "[\\d.]",
  "[^\\s,]",
  "[ó-ž]",
  "[🍕]",
  "[\\udf00-\\udfff]",
  "[-_]",
  "[]",
  "[^]",
];
const BOUNDED = ["?", "??", "{0,2}", "{1,2}?"];
const UNBOUNDED = ["*", "+", "*?", "+?", "{2,}"];

/** A whole pattern. */
export function pattern(random) {
  for (;;) {
    const made = random.chance(0.4) ? random.one(KNOWN) : alternatives(random, 2);
    if (isValid(made) && isShared(made) && isQuick(made)) return made;
  }
}

/** Whether parts that are right by themselves, such as `{`, `1` and `}`, are so together. */
function isValid(made) {
  try {
    return new RegExp(made) instanceof RegExp;
  } catch {
    return false;
  }
}

/**
 * GrowthBook keeps patterns by their source in a plain object, those without regard to case under the source and `/i`. So it finds
 * what every object inherits instead of `constructor`, and mistakes `a/i` for `a` without regard to case.
 */
function isShared(made) {
  return !(made in {}) && !made.endsWith("/i");
}

/** Whether few enough parts repeat without a bound: backtracking takes as many powers of a text's length as there are. */
function isQuick(made) {
  return made.split(/[*+]|\{2,\}/).length <= 4;
}

/**
 * What is repeated is of a fixed length and has no alternatives (`isFixed`): where there is more than one way to match, backtracking
 * tries them all, which are exponentially many.
 */
function alternatives(random, depth, isFixed = false) {
  const one = () => random.list(3, () => term(random, depth, isFixed)).join("");
  return isFixed || random.chance(0.7) ? one() : `${one()}|${one()}`;
}

function term(random, depth, isFixed) {
  if (random.chance(0.15)) return random.one(ASSERTIONS);
  const quantifier = random.weighted([
    [6, () => ""],
    [1, () => "{2}"],
    [isFixed ? 0 : 2, () => random.one(BOUNDED)],
    [isFixed ? 0 : 2, () => random.one(UNBOUNDED)],
  ]);
  const inner = () => alternatives(random, depth - 1, isFixed || quantifier !== "");
  const atom = random.weighted([
    [5, () => random.one(CHARACTERS)],
    [2, () => random.one(ESCAPES)],
    [2, () => random.one(CLASSES)],
    [1, () => "."],
    [depth > 0 ? 2 : 0, () => `${random.one(["(", "(?:"])}${inner()})`],
  ]);
  return atom + quantifier;
}

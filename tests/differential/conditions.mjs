// Random conditions of every operator that GrowthBook and Slotwise share.
//
// What is left out differs on purpose; `tests/node/differential.test.mjs` has a test for each:
//
// - operands that a check refuses: lists and objects for $eq and inside $in, anything but numbers and texts for $lt and its
//   like, patterns that are no regular expression, and so on. GrowthBook takes them for conditions that never hold;
// - look-around and back-references, which have no linear-time automaton;
// - paths that lead to inherited members such as `constructor`: Slotwise reads own properties only;
// - lone surrogates in a condition: a bundle is JSON text, which cannot hold them well-formed.

import { json, number, path, scalar, text, version } from "./values.mjs";

export const GROUPS = { staff: ["a", "łódź", 1, true], none: [], codes: ["1", "10", "🍕", 0, 0.1, false, null] };

const PATTERNS = [
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
  "a\\nb",
];

/** A whole condition. */
export function condition(random, depth = 3) {
  const members = Array.from({ length: random.chance(0.1) ? 0 : 1 + random.below(2) }, () => member(random, depth));
  return Object.fromEntries(members);
}

function member(random, depth) {
  const inner = () => condition(random, depth - 1);
  if (depth > 0 && random.chance(0.25)) {
    return random.one([
      () => ["$and", random.list(3, inner)],
      () => ["$or", random.list(3, inner)],
      () => ["$nor", random.list(2, inner)],
      () => ["$not", inner()],
    ])();
  }
  return [path(random), onValue(random, depth)];
}

/** What is asked of one value: a constant, or operators. */
function onValue(random, depth) {
  if (random.chance(0.25)) return random.chance(0.6) ? scalar(random) : json(random);
  const count = random.chance(0.8) ? 1 : 2;
  return Object.fromEntries(Array.from({ length: count }, () => operator(random, depth)));
}

function operator(random, depth) {
  const inner = () => (depth > 0 ? onValue(random, depth - 1) : scalar(random));
  const comparable = () => (random.chance(0.5) ? number(random) : text(random));
  const name = random.one(Object.keys(OPERANDS));
  return [name, OPERANDS[name]({ random, inner, comparable, depth })];
}

const OPERANDS = {
  $eq: ({ random }) => scalar(random),
  $ne: ({ random }) => scalar(random),
  $lt: ({ comparable }) => comparable(),
  $lte: ({ comparable }) => comparable(),
  $gt: ({ comparable }) => comparable(),
  $gte: ({ comparable }) => comparable(),
  $in: ({ random }) => random.list(4, () => scalar(random)),
  $nin: ({ random }) => random.list(4, () => scalar(random)),
  $ini: ({ random }) => random.list(4, () => scalar(random)),
  $nini: ({ random }) => random.list(4, () => scalar(random)),
  $all: ({ random, inner }) => random.list(3, inner),
  $alli: ({ random, inner }) => random.list(3, () => (random.chance(0.7) ? text(random) : inner())),
  $exists: ({ random }) => random.chance(0.5),
  $type: ({ random }) => random.one(["string", "number", "boolean", "array", "object", "null", "undefined"]),
  $size: ({ random }) =>
    random.chance(0.5) ? random.below(4) : { [random.one(["$gt", "$lte", "$ne"])]: random.below(3) },
  $elemMatch: ({ random, inner, depth }) => {
    if (random.chance(0.5)) return Object.fromEntries([operator(random, Math.max(depth - 1, 0))]);
    return { [path(random)]: inner() };
  },
  $regex: ({ random }) => random.one(PATTERNS),
  $regexi: ({ random }) => random.one(PATTERNS),
  $veq: ({ random }) => version(random),
  $vne: ({ random }) => version(random),
  $vgt: ({ random }) => version(random),
  $vgte: ({ random }) => version(random),
  $vlt: ({ random }) => version(random),
  $vlte: ({ random }) => version(random),
  $inGroup: ({ random }) => random.one(Object.keys(GROUPS)),
  $notInGroup: ({ random }) => random.one(Object.keys(GROUPS)),
  $not: ({ inner }) => inner(),
};

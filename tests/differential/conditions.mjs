// Random conditions. The language that GrowthBook and Slotwise share is `SHARED`. What is left out of it differs on purpose, and is listed in
// docs/conditions.md; `tests/node/growthbook-differences.test.mjs` has a case for each:
//
// - operands that a check refuses: lists and objects for $eq and inside $in, anything but numbers and texts for $lt and its
//   like, patterns that are no regular expression, and so on. GrowthBook takes them for conditions that never hold;
// - look-around and back-references, and patterns that GrowthBook's cache mistakes for others (`patterns.mjs`);
// - paths that lead to inherited members such as `constructor`, paths that begin with `$`, paths with an empty name;
// - lone surrogates in a condition: a bundle is JSON text, which cannot hold them well-formed;
// - letters that are newer than the version of Unicode on either side (`values.mjs`).

import { pattern } from "./patterns.mjs";
import { list, number, object, path, scalar, text, version } from "./values.mjs";

export const GROUPS = { staff: ["a", "łódź", 1, true], none: [], codes: ["1", "10", "🍕", 0, 0.1, false, null] };
export const SEGMENTS = { of: { v: { $exists: true } }, not: { $not: { "deep.v": { $exists: true } } } };
export const TYPES = ["string", "number", "boolean", "array", "object", "null", "undefined"];

/** What a condition is made of: paths, what can be asked of a value, and what can stand beside paths. */
export const SHARED = {
  path,
  operators: {
    $eq: ({ random }) => scalar(random),
    $ne: ({ random }) => scalar(random),
    $lt: ({ comparable }) => comparable(),
    $lte: ({ comparable }) => comparable(),
    $gt: ({ comparable }) => comparable(),
    $gte: ({ comparable }) => comparable(),
    $in: ({ random }) => random.list(5, () => scalar(random)),
    $nin: ({ random }) => random.list(5, () => scalar(random)),
    $ini: ({ random }) => random.list(5, () => scalar(random)),
    $nini: ({ random }) => random.list(5, () => scalar(random)),
    $all: ({ random, inner }) => random.list(3, inner),
    $alli: ({ random, inner }) => random.list(3, () => (random.chance(0.7) ? text(random) : inner())),
    $exists: ({ random }) => random.chance(0.5),
    $type: ({ random }) => random.one(TYPES),
    $size: ({ random, operators }) => (random.chance(0.5) ? random.below(4) : operators()),
    $elemMatch: ({ random, operators, onElement }) => (random.chance(0.5) ? operators() : onElement()),
    $regex: ({ random }) => pattern(random),
    $regexi: ({ random }) => pattern(random),
    $veq: ({ random }) => version(random),
    $vne: ({ random }) => version(random),
    $vgt: ({ random }) => version(random),
    $vgte: ({ random }) => version(random),
    $vlt: ({ random }) => version(random),
    $vlte: ({ random }) => version(random),
    $inGroup: ({ random }) => random.one(Object.keys(GROUPS)),
    $notInGroup: ({ random }) => random.one(Object.keys(GROUPS)),
    $not: ({ inner }) => inner(),
  },
  members: { $segment: (random) => random.one(Object.keys(SEGMENTS)) },
};

/** A whole condition. */
export function condition(random, depth = random.one([1, 2, 3, 6]), language = SHARED) {
  const count = random.chance(0.05) ? 0 : 1 + random.below(2);
  return Object.fromEntries(Array.from({ length: count }, () => member(random, depth, language)));
}

function member(random, depth, language) {
  const inner = () => condition(random, depth - 1, language);
  const others = Object.entries(language.members);
  return random.weighted([
    [10, () => [language.path(random), onValue(random, depth, language)]],
    [depth > 0 ? 1 : 0, () => ["$and", random.list(3, inner)]],
    [depth > 0 ? 1 : 0, () => ["$or", random.list(3, inner)]],
    [depth > 0 ? 1 : 0, () => ["$nor", random.list(2, inner)]],
    [depth > 0 ? 1 : 0, () => ["$not", inner()]],
    ...others.map(([name, make]) => [1, () => [name, make(random)]]),
  ]);
}

/** What is asked of one value: a constant, or operators. Each kind is as probable as each operator. */
function onValue(random, depth, language) {
  return random.weighted([
    [1, () => text(random)],
    [1, () => number(random)],
    [1, () => random.chance(0.5)],
    [1, () => null],
    [1, () => list(random)],
    [1, () => object(random)],
    [Object.keys(language.operators).length, () => operators(random, depth, language)],
  ]);
}

function operators(random, depth, language) {
  const count = random.chance(0.8) ? 1 : 2;
  return Object.fromEntries(Array.from({ length: count }, () => operator(random, depth, language)));
}

function operator(random, depth, language) {
  const deeper = Math.max(depth - 1, 0);
  const name = random.one(Object.keys(language.operators));
  const operand = language.operators[name]({
    random,
    inner: () => (depth > 0 ? onValue(random, deeper, language) : scalar(random)),
    comparable: () => (random.chance(0.5) ? number(random) : text(random)),
    operators: () => operators(random, deeper, language),
    // A path keeps it from being taken for operators; what is about the visitor cannot be asked of an element.
    onElement: () => {
      const onElements = { ...language, path, members: {} };
      if (random.chance(0.1)) return {};
      return { ...condition(random, deeper, onElements), [path(random)]: onValue(random, deeper, onElements) };
    },
  });
  return [name, operand];
}

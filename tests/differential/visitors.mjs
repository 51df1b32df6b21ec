// Visitors for whom random conditions hold, or nearly so: left to chance alone, most would not hold for anybody.

import { GROUPS } from "./conditions.mjs";
import { attributes, NAMES, scalar, sent } from "./values.mjs";

/** The attributes of a visitor for whom some of these conditions hold, or nearly so. */
export function visitorFor(random, conditions) {
  const visitor = attributes(random);
  for (let count = random.below(40); count > 0; count--) satisfy(random, random.one(conditions), visitor);
  return visitor;
}

function satisfy(random, when, visitor) {
  for (const [name, asked] of Object.entries(when)) {
    if (name === "$and" || name === "$or") for (const part of asked) satisfy(random, part, visitor);
    else if (!name.startsWith("$")) {
      plant(visitor, name.split("."), random.chance(0.75) ? witness(random, asked) : sent(random, 1));
    }
  }
}

/** Puts a value where a path leads; lists get no other members than elements. */
function plant(place, [name, ...rest], value) {
  if (Array.isArray(place) && !/^\d$/.test(name)) return;
  const next = Object.hasOwn(place, name) ? place[name] : undefined;
  if (rest.length === 0) place[name] = value;
  else if (typeof next === "object" && next !== null) plant(next, rest, value);
  else {
    place[name] = {};
    plant(place[name], rest, value);
  }
}

/** A value that passes a test, or comes close. */
function witness(random, asked) {
  if (typeof asked !== "object" || asked === null) return alike(random, asked);
  const [[name, operand] = []] = Object.entries(asked);
  if (!name?.startsWith("$")) return structuredClone(asked);
  return Object.hasOwn(WITNESSES, name) ? WITNESSES[name](random, operand) : alike(random, operand);
}

const amongst = (random, operand) => {
  const member = () => alike(random, operand.length > 0 ? random.one(operand) : "a");
  return random.chance(0.3) ? random.list(2, member) : member();
};
const inGroup = (random, operand) => random.one([...GROUPS[operand], "a"]);
const anything = (random) => scalar(random);
const each = (random, operand) => operand.map((part) => witness(random, part));

const WITNESSES = {
  $in: amongst,
  $nin: amongst,
  $ini: amongst,
  $nini: amongst,
  $inGroup: inGroup,
  $notInGroup: inGroup,
  $all: each,
  $alli: each,
  $elemMatch: (random, operand) => [...random.list(2, () => element(random, operand)), element(random, operand)],
  $size: (random, operand) => new Array(typeof operand === "number" ? operand : random.below(4)).fill(1),
  $type: (_, operand) => ({ string: "a", number: 1, boolean: true, array: [1], object: { v: 1 }, null: null })[operand],
  $exists: (_, operand) => (operand ? 1 : null),
  $not: anything,
  $regex: anything,
  $regexi: anything,
  $near: (random, { latitude, longitude }) => ({ latitude, longitude: longitude + random.one([0, 0, 1, 90]) }),
  $glob: (random) => random.one(["/shop/x", "/a/1", "x", "a", ""]),
};

function element(random, operand) {
  if (Object.keys(operand).every((name) => name.startsWith("$"))) return witness(random, operand);
  const made = {};
  satisfy(random, operand, made);
  return made;
}

/** A constant, or something that converts to it, is next to it, or is the same but for its case or its sign. */
function alike(random, constant) {
  const isNumber = typeof constant === "number";
  return random.weighted([
    [6, () => constant],
    [1, () => [constant]],
    [1, () => String(constant)],
    [1, () => String(constant).toUpperCase()],
    [1, () => String(constant).toLowerCase()],
    [1, () => (isNumber ? constant + random.one([-1, 1]) : Number(constant))],
    [isNumber ? 1 : 0, () => -constant],
    [1, () => ({ [random.one(NAMES)]: constant })],
  ]);
}

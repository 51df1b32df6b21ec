// Every operator with every kind of operand, each to be asked of every kind of value: nothing here is random.

import { GROUPS, SHARED, TYPES } from "./conditions.mjs";
import { KNOWN } from "./patterns.mjs";
import { SCALARS, STRUCTURES } from "./values.mjs";

const comparable = SCALARS.filter((operand) => typeof operand === "string" || typeof operand === "number");
const texts = SCALARS.filter((operand) => typeof operand === "string" && operand !== "");
const alone = SCALARS.map((operand) => [operand]);
const groups = Object.keys(GROUPS);

/** The operands that are tried with each operator. */
const OPERANDS = {
  $eq: SCALARS,
  $ne: SCALARS,
  $lt: comparable,
  $lte: comparable,
  $gt: comparable,
  $gte: comparable,
  $in: [[], ...alone, SCALARS],
  $nin: [[], ...alone, SCALARS],
  $ini: [[], ...alone, SCALARS],
  $nini: [[], ...alone, SCALARS],
  $all: [[], ...alone, [1, "1"], ["a", "A"]],
  $alli: [[], ...alone, [1, "1"], ["a", "A"]],
  $exists: [true, false],
  $type: TYPES,
  $size: [0, 1, 2, 3, 0.5, { $gt: 0 }, { $in: [1, 3] }, { $not: 1 }],
  $elemMatch: [{}, { v: 1 }, { length: 1 }, ...SCALARS.map((operand) => ({ $eq: operand }))],
  $regex: KNOWN,
  $regexi: KNOWN,
  $veq: texts,
  $vne: texts,
  $vgt: texts,
  $vgte: texts,
  $vlt: texts,
  $vlte: texts,
  $inGroup: groups,
  $notInGroup: groups,
  $not: [...SCALARS, ...STRUCTURES, { $exists: true }, { $type: "undefined" }, { $gt: 0 }],
};

/** What can be asked of the attribute `v`: bare values, and operators one at a time. */
export function pairings() {
  const bare = [...SCALARS, ...STRUCTURES].map((operand) => ({ v: operand }));
  const operators = Object.keys(SHARED.operators).flatMap((name) =>
    OPERANDS[name].map((operand) => ({ v: { [name]: operand } })),
  );
  return [...bare, ...operators];
}

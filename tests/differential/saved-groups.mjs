// Segments as GrowthBook has them: saved groups that hold a condition.

import { GROUPS, SEGMENTS } from "./conditions.mjs";

const idOf = (segment) => `segment ${segment}`;

export const SAVED_GROUPS = {
  ...GROUPS,
  ...Object.fromEntries(
    Object.entries(SEGMENTS).map(([name, when]) => [idOf(name), { type: "condition", condition: when }]),
  ),
};

/** A condition in GrowthBook's words. */
export function asCondition(when) {
  return Object.fromEntries(Object.entries(when).map(([name, operand]) => asMember(name, operand)));
}

function asMember(name, operand) {
  switch (name) {
    case "$segment":
      return ["$savedGroup", { id: idOf(operand) }];
    case "$not":
      return [name, asCondition(operand)];
    case "$and":
    case "$or":
    case "$nor":
      return [name, operand.map(asCondition)];
    default:
      return [name, operand];
  }
}

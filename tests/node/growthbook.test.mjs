// The same questions to GrowthBook's own SDK: thousands of random conditions and experiments, without one mismatch.
//
//   SEED=1234 node --test tests/node/growthbook.test.mjs     repeats a run

import assert from "node:assert/strict";
import { test } from "node:test";
import { SHARED } from "../differential/conditions.mjs";
import { compareConditions, compareExperiments, comparePairings } from "../differential/growthbook.mjs";
import { seedOfRun } from "../differential/random.mjs";
import { KINDS } from "../differential/reach.mjs";

const SEED = seedOfRun();
const CONDITIONS = 40_000;
const EXPERIMENTS = 20_000;

const TESTS = [
  ...Object.keys(SHARED.operators),
  ...["text", "number", "boolean", "null", "list", "object"].map((kind) => `bare ${kind}`),
];
const COMBINATIONS = ["$and", "$or", "$nor", "$not", "$segment"].map((name) => `${name}, combining`);
const OUTCOMES = [...TESTS, ...COMBINATIONS].flatMap((name) => [`${name}: true`, `${name}: false`]);
const OPERANDS = TESTS.flatMap((name) => KINDS.map((kind) => `${name} of ${kind}`));
const NESTING = [0, 1, 2, 3, 4, 5].map((depth) => `nesting of ${depth}`);

test("every operator with every kind of operand and of value", async (t) => {
  t.diagnostic(`${await comparePairings()} cases`);
});

test("conditions", async (t) => {
  const { done, reach } = await compareConditions({ seed: SEED, cases: CONDITIONS });
  t.diagnostic(`seed ${SEED}: ${done} cases; rarest: ${reach.entries()[0].join(" ")}`);
  // Cases that miss an operator, or an outcome of it, would prove nothing of it.
  assert.deepEqual(reach.lacking(OUTCOMES, 50), []);
  assert.deepEqual(reach.lacking(OPERANDS, 5), []);
  assert.deepEqual(reach.lacking(NESTING, 5), []);
});

test("experiments", async (t) => {
  const { done, reach } = await compareExperiments({ seed: SEED, cases: EXPERIMENTS });
  t.diagnostic(`seed ${SEED}: ${done} cases`);
  const reasons = [
    "assigned",
    "sticky",
    "arm_forced",
    "no_hash_value",
    "sticky_blocked",
    "not_in_namespace",
    "not_targeted",
    "requirement_unmet",
    "not_covered",
  ];
  assert.deepEqual(reach.lacking(reasons, 50), []);
});

// What tells a mismatch makes its case as small as it gets.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compareConditions, holdsInGrowthBook } from "../differential/growthbook.mjs";
import { shrunk, source } from "../differential/shrink.mjs";

const holds = (value, wanted) => JSON.stringify(value).includes(wanted);

test("only what matters is left of a case", async () => {
  const condition = { $and: [{ v: { $in: ["a", "xsecretx", 3] } }, { w: 1 }], $not: { deep: [1, 2, 3] } };
  const isStillWrong = ([when, visitor]) => holds(when, "secret") && visitor.list.length > 1;
  const smallest = await shrunk([condition, { list: [1, 2, 3], w: { v: 1 } }], (candidate) => {
    try {
      return isStillWrong(candidate);
    } catch {
      return false;
    }
  });
  assert.deepEqual(smallest, ["secret", { list: [0, 0] }]);
});

test("a run ends at the first mismatch, and tells it", async () => {
  // A reference that takes 2 and more for less than 2.
  const reference = (attributes, when) => {
    const holds = holdsInGrowthBook(attributes, when);
    return JSON.stringify(when).includes('{"$lt":2}') ? !holds : holds;
  };
  await assert.rejects(compareConditions({ seed: 1, cases: 100_000, reference }), ({ message }) => {
    assert.equal(message.split("\n")[0], "SEED=1");
    assert.match(message, /condition {3}\{ "[^".]+": \{ "\$lt": 2 \} \}\n {2}attributes {2}\{ {2}\}\n/);
    return true;
  });
});

test("a case is told as source text, with what JSON cannot hold", () => {
  const value = { "a b": [Number.NaN, -0, undefined, "\ud800"], v: null };
  assert.equal(source(value), '{ "a b": [NaN, -0, undefined, "\\ud800"], "v": null }');
});

// What tells a mismatch makes its case as small as it gets.

import assert from "node:assert/strict";
import { test } from "node:test";
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

test("a case is told as source text, with what JSON cannot hold", () => {
  const value = { "a b": [Number.NaN, -0, undefined, "\ud800"], v: null };
  assert.equal(source(value), '{ "a b": [NaN, -0, undefined, "\\ud800"], "v": null }');
});

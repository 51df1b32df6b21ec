// The README's figures are those of the last `make bench`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { results, withFigures } from "../../tools/readme-figures.mjs";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

test("the README has the figures of benches/results.json", () => {
  assert.equal(withFigures(readme, results()), readme, "run `node tools/readme-figures.mjs` and look at what changed");
});

test("another figure would be noticed", () => {
  const [first, ...rest] = results();
  assert.notEqual(withFigures(readme, [{ ...first, ours: first.ours + 1 }, ...rest]), readme);
});

// The figures of the README are those of the last `make bench`, and sizes in prose are those of what is built.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { results, withFigures } from "../../tools/readme-figures.mjs";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const readme = read("README.md");

test("the README has the figures of benches/results.json", () => {
  assert.equal(withFigures(readme, results()), readme, "run `node tools/readme-figures.mjs` and look at what changed");
});

test("another figure would be noticed", () => {
  const [first, ...rest] = results();
  assert.notEqual(withFigures(readme, [{ ...first, ours: first.ours + 1 }, ...rest]), readme);
});

test("the README has the budgets that sizes are held to", () => {
  const budgets = JSON.parse(read("tools/size-budgets.json"));
  const said = readme.match(
    /budgets that the tests hold: (\d+) KB for the engine.*?(\d+) KB for a page.*?(\d+) KB before/s,
  );
  const held = ["slotwise", "a page that decides by itself", "slotwise/browser, before paint"];
  assert.deepEqual(
    said?.slice(1).map((kilobytes) => Number(kilobytes) * 1024),
    held.map((name) => budgets[name]),
  );
});

test("docs/browser.md says how large the WebAssembly files are", () => {
  const files = [...read("docs/browser.md").matchAll(/`(\w+)\.wasm`(?: alone)?, (\d+) KB/g)];
  assert.deepEqual(
    files.map(([, name]) => name),
    ["runtime", "profile", "rank"],
  );
  for (const [, name, said] of files) {
    const bytes = readFileSync(new URL(`../../pkg/dist/${name}.wasm`, import.meta.url));
    assert.equal(Number(said), Math.round(gzipSync(bytes, { level: 9 }).length / 1024), name);
  }
});

// The vectors of tests/spec inside workerd, with what Node gives as the measure.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { installed } from "../support/installed.mjs";
import { listed, runInNode } from "../support/spec.mjs";
import { startWorker } from "../support/worker.mjs";

const CONFIG = `
name = "vectors"
main = "vectors-worker.mjs"
compatibility_date = "2026-10-01"
`;

const site = installed("vectors-worker.mjs", "vectors.mjs", "js-values.mjs");
let worker;
let node;
let edge;

before(async () => {
  writeFileSync(join(site.folder, "wrangler.toml"), CONFIG);
  worker = await startWorker({ config: join(site.folder, "wrangler.toml") });
  node = await runInNode();
  const files = node.files.map((file) => Buffer.from(file).toString("base64"));
  const response = await worker.fetch("/", {
    method: "POST",
    body: JSON.stringify({ documents: node.documents, files }),
  });
  edge = await response.json();
});

after(async () => {
  await worker?.dispose();
  site.dispose();
});

test("every vector gives what is expected", (t) => {
  assert.equal(listed(edge.failures), "");
  t.diagnostic(`${edge.results.length} vectors`);
  assert.equal(edge.results.length, node.plan.tests.length);
});

test("every vector gives what it gives in Node, bit for bit", () => {
  for (const [index, { file, name }] of node.plan.tests.entries()) {
    assert.equal(edge.results[index], node.results[index], `${file}: ${name}`);
  }
});

test("a visitor's id can be minted in a handler", () => {
  assert.match(edge.id, /^[0-9a-f]{32}$/);
});

// The vectors of tests/spec in Chromium, from plain module scripts without any bundler, with what Node gives as the measure.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { chromiumOptions } from "../../tools/chromium.mjs";
import { listed, runInNode } from "../support/spec.mjs";
import { startProjectServer } from "../support/static-server.mjs";

let browser;
let site;
let node;
let there;

before(async () => {
  node = await runInNode();
  site = await startProjectServer();
  browser = await chromium.launch(chromiumOptions());
  // Vectors without a time zone mean Universal Time, where a page takes its own.
  const page = await browser.newPage({ timezoneId: "UTC" });
  await page.goto(site.url.href);
  there = await page.evaluate(runVectors, node.documents);
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/** Runs in the page: compiles, loads, decides and explains there. */
async function runVectors(documents) {
  const { load } = await import("/pkg/dist/index.web.js");
  const { check, compile } = await import("/pkg/dist/compiler.web.js");
  const { profiles } = await import("/pkg/dist/profile.web.js");
  const { planOf, runPlan, runRefusals } = await import("/tests/support/vectors.mjs");
  const plan = planOf(documents);
  const files = [];
  for (const bundle of plan.bundles) files.push((await compile(bundle)).bytes);
  const engines = await Promise.all(files.map((file) => load(file)));
  const steps = [];
  for (const { file, bundle, contexts } of plan.tests) {
    if (file !== "experiments" && file !== "decisions") continue;
    for (const context of contexts) steps.push(JSON.stringify(await engines[bundle].explain(context)));
  }
  const refusals = await runRefusals(plan, check);
  return { ...runPlan(plan, engines, await profiles()), files: files.map((file) => Array.from(file)), refusals, steps };
}

test("every vector gives what is expected", (t) => {
  assert.equal(listed(there.failures), "");
  assert.equal(listed(there.refusals), "");
  t.diagnostic(`${there.results.length} vectors`);
  assert.equal(there.results.length, node.plan.tests.length);
});

test("bundles are compiled to the same bytes as in Node", () => {
  for (const [index, file] of there.files.entries()) assert.deepEqual(file, Array.from(node.files[index]));
});

test("every vector gives what it gives in Node, bit for bit", () => {
  for (const [index, { file, name }] of node.plan.tests.entries()) {
    assert.equal(there.results[index], node.results[index], `${file}: ${name}`);
  }
});

test("whole decisions are explained as in Node, word for word", async () => {
  const steps = [];
  for (const { file, bundle, contexts } of node.plan.tests) {
    if (file !== "experiments" && file !== "decisions") continue;
    for (const context of contexts) steps.push(JSON.stringify(await node.engines[bundle].explain(context)));
  }
  assert.deepEqual(there.steps, steps);
});

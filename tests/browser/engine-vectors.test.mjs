// The vectors of tests/spec in Chromium, from plain module scripts without any bundler, with what Node gives as the measure.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { chromiumOptions } from "../../tools/chromium.mjs";
import { serve } from "../support/site.mjs";
import { listed, runInNode } from "../support/spec.mjs";

let browser;
let site;
let node;
let there;

before(async () => {
  node = await runInNode();
  site = await serve({ "/first.slotwise": node.files[0] });
  browser = await chromium.launch(chromiumOptions());
  there = await (await pageIn("UTC")).evaluate(runVectors, node.documents);
});

after(async () => {
  await browser?.close();
  await site?.close();
});

async function pageIn(timezoneId) {
  const page = await browser.newPage({ timezoneId });
  await page.goto(site.url);
  return page;
}

/** Runs in the page: compiles, loads, decides and explains there. */
async function runVectors(documents) {
  const { load } = await import("/pkg/dist/index.web.js");
  const { check, compile } = await import("/pkg/dist/compiler.web.js");
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
  return { ...runPlan(plan, engines), files: files.map((file) => Array.from(file)), refusals, steps };
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

test("a page's own time zone is the visitor's, unless the context names another", async () => {
  const page = await pageIn("Asia/Kathmandu");
  const hours = await page.evaluate(async () => {
    const { load } = await import("/pkg/dist/index.web.js");
    const { compile } = await import("/pkg/dist/compiler.web.js");
    const slots = { hour: { default: "v", variants: { v: { html: "{{time.hour}}" } } } };
    const engine = await load((await compile({ version: 1, id: "hour", slots })).bytes);
    const hourIn = (timeZone) => engine.personalize({ now: 0, timeZone }).slots.hour.content.html;
    return [hourIn(undefined), hourIn("UTC"), hourIn("Europe/Warsaw"), hourIn(120)];
  });
  // At the epoch Nepal was 5:30 ahead of UTC, Poland 1:00.
  assert.deepEqual(hours, ["5", "0", "1", "2"]);
});

test("a bundle is loaded by its address, or from what fetch promises", async () => {
  const page = await pageIn("UTC");
  const ids = await page.evaluate(async () => {
    const { load } = await import("/pkg/dist/index.web.js");
    const address = new URL("/first.slotwise", location.href);
    return [(await load(address)).id, (await load(fetch(address))).id, (await load(await fetch(address))).id];
  });
  assert.deepEqual(ids, ["spec", "spec", "spec"]);
});

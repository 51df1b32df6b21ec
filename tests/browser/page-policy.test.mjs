// A page with a strict content security policy, behind the real Worker: adapted, handed over, gone on with and previewed, without
// a single violation.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openPage } from "../support/browser.mjs";
import { startEdge } from "../support/edge.mjs";
import { send } from "../support/origin.mjs";

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'";
const PAGE =
  '<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="/icon.svg"></head><body>' +
  '<section data-slot="hero"><h1>Hello</h1></section><p data-slot="order"><a href="/order">Order</a></p></body></html>';

let edge;
let browser;
before(async () => {
  [edge, browser] = await Promise.all([startEdge("policy", { from: "worker/site" }), launch()]);
  edge.origin.answers.set("/", send(PAGE, { "content-security-policy": POLICY }));
  edge.origin.answers.set("/icon.svg", send("<svg/>", { "content-type": "image/svg+xml" }));
});
after(async () => {
  await browser?.close();
  await edge?.close();
});

async function open(path) {
  const visit = await openPage(browser);
  await visit.page.addInitScript(() => {
    window.__violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const domain = edge.url.hostname;
  await visit.page.context().addCookies([
    { name: "slotwise_id", value: "ewa", domain, path: "/" },
    { name: "slotwise_consent", value: "personalization", domain, path: "/" },
  ]);
  await visit.page.goto(new URL(path, edge.url).href);
  return visit;
}

test("the page goes on deciding where the edge has stopped", async () => {
  const { page, complaints, close } = await open("/");
  assert.equal(await page.locator("[data-slot=order] a").textContent(), "Order today");
  const hero = await page.evaluate(async () => {
    const { session } = await import("/_slotwise/slotwise.js");
    await (await session).update({ attributes: { geo: { city: "Łódź" } } });
    return document.querySelector("[data-slot=hero]").textContent;
  });
  assert.equal(hero, "Hello, Łódź");
  // The edge's context was asked for: the visitor is the same, and so is the arm.
  assert.equal(await page.locator("[data-slot=order] a").textContent(), "Order today");
  assert.deepEqual(await page.evaluate(() => window.__violations), []);
  assert.deepEqual(complaints, []);
  await close();
});

test("a preview shows what it forces from the first HTML on, and the panel that explains it", async () => {
  const { page, complaints, close } = await open("/?slotwise=order:plain");
  assert.equal(await page.locator("[data-slot=order]").getAttribute("data-slotwise"), "plain");
  const steps = await page.evaluate(async () => {
    const { session } = await import("/_slotwise/slotwise.js");
    return (await (await session).explain()).steps.order.map(({ text }) => text).join("\n");
  });
  assert.match(steps, /forced/);
  await page.locator("slotwise-preview").waitFor({ state: "attached" });
  assert.deepEqual(await page.evaluate(() => window.__violations), []);
  assert.deepEqual(complaints, []);
  await close();
});

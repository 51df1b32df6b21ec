// Consent that the page cannot see, because a header or a setting at the edge gives it: what the visitor does before the page has decided
// anything counts with it, and is kept nowhere without.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { startEdge } from "../support/edge.mjs";
import { send } from "../support/origin.mjs";

const VIEWS = { $did: { event: "view_item", within: "10m", times: { $gte: 2 } } };
const BUNDLE = {
  version: 1,
  id: "consent",
  slots: {
    hero: {
      default: "base",
      variants: { base: {}, advice: { html: "<h1>Need help to decide?</h1>" } },
      rules: [{ when: VIEWS, show: "advice" }],
    },
  },
};
const PAGE =
  '<!doctype html><html lang="en"><head><title>Shop</title></head><body><section data-slot="hero"><h1>Hello</h1></section></body></html>';

let assuming;
let reading;
let unasked;
let browser;
let context;
/** Paths that the page has asked for. */
let asked;
before(async () => {
  [assuming, reading, unasked, browser] = await Promise.all([
    startEdge("consent-assumed", {
      bundle: BUNDLE,
      from: "worker/site",
      vars: { CONSENT_DEFAULT: "personalization", PERSONAS: "on" },
    }),
    startEdge("consent-header", {
      bundle: BUNDLE,
      from: "worker/site",
      vars: { CONSENT_HEADER: "x-consent", PERSONAS: "on" },
    }),
    startEdge("consent-unasked", {
      bundle: { ...BUNDLE, consent: { profiles: "none" } },
      from: "worker/site",
    }),
    launch(),
  ]);
  for (const { origin } of [assuming, reading, unasked]) origin.answers.set("/", send(PAGE));
});
after(async () => {
  await browser?.close();
  await assuming?.close();
  await reading?.close();
  await unasked?.close();
});
afterEach(() => context?.close());

async function open({ url }, { path = "/", answer, header } = {}) {
  context = await browser.newContext({ ...(header && { extraHTTPHeaders: { "x-consent": header } }) });
  if (answer) await context.addCookies([{ name: "slotwise_consent", value: answer, url: url.href }]);
  asked = [];
  context.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const page = await context.newPage();
  await page.goto(new URL(path, url).href);
  return page;
}

/** Tracks two views in a row as the page's very first deed. */
const track = (page) =>
  page.evaluate(async () => {
    const session = await (await import("/_slotwise/slotwise.js")).session;
    for (const item of ["boots", "hat"]) await session.track("view_item", { item });
    return (await session.profile())?.items;
  });
const heading = (page) => page.locator("h1").textContent();
const kept = async (page) => [
  (await context.cookies()).map(({ name }) => name).filter((name) => name === "slotwise_profile"),
  await page.evaluate(() => Object.keys(localStorage)),
];

for (const [what, edge, options] of [
  ["the edge assumes", () => assuming, {}],
  ["a header gives", () => reading, { header: "personalization" }],
  ["a persona has", () => reading, { path: "/?as.visitor=joe" }],
]) {
  test(`the first events of a page count with the consent that ${what}`, async () => {
    const page = await open(edge(), options);
    assert.deepEqual((await track(page)).sort(), ["boots", "hat"]);
    assert.equal(await heading(page), "Need help to decide?");
    assert.deepEqual(await kept(page), [["slotwise_profile"], ["slotwise_profile"]]);
  });
}

for (const [what, edge, options] of [
  ["nobody has given any", () => reading, {}],
  ["a header refuses", () => reading, { header: "none" }],
  ["the visitor has refused what the edge assumes", () => assuming, { answer: "none" }],
  ["a persona has not agreed", () => assuming, { path: "/?as.visitor=" }],
]) {
  test(`the first events of a page are dropped when ${what}`, async () => {
    const page = await open(edge(), options);
    assert.equal(await track(page), undefined);
    assert.equal(await heading(page), "Hello");
    assert.deepEqual(await kept(page), [[], []]);
  });
}

for (const answer of [undefined, "none"]) {
  test(`a bundle whose profiles need no consent keeps none of a visitor whose answer is ${answer}`, async () => {
    const page = await open(unasked, { answer });
    assert.equal(await track(page), undefined);
    assert.equal(await heading(page), "Hello");
    assert.deepEqual(await kept(page), [[], []]);
  });
}

test("a bundle whose profiles need no consent keeps those of visitors who have agreed to anything", async () => {
  const page = await open(unasked, { answer: "analytics" });
  assert.deepEqual((await track(page)).sort(), ["boots", "hat"]);
  assert.deepEqual(await kept(page), [["slotwise_profile"], ["slotwise_profile"]]);
  await page.reload();
  assert.equal(await heading(page), "Need help to decide?");
});

test("the edge is not asked for what the visitor has said", async () => {
  for (const answer of ["none", "personalization"]) {
    const page = await open(assuming, { answer });
    await page.evaluate(async () => (await (await import("/_slotwise/slotwise.js")).session).profile());
    assert.ok(asked.includes("/_slotwise/bundle"), `${asked}`);
    assert.ok(!asked.includes("/_slotwise/decide"), `${asked}`);
    await context.close();
  }
});

// <adaptive-slot> in Chromium, with the page's own script and engine.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { launch, openPage } from "../support/browser.mjs";
import { compiled } from "../support/bundles.mjs";
import { always, startStaticServer } from "../support/static-server.mjs";

const FOLDER = "target/test-element";

const BUNDLE = {
  consent: { ids: "none", experiments: "none" },
  experiments: { cta: { variants: { control: 0, urgent: 1 } } },
  slots: {
    hero: {
      default: "base",
      variants: { base: {}, hello: { html: "<h1>Hello, {{name}}</h1>" } },
      rules: [{ when: { name: { $exists: true } }, show: "hello" }],
    },
    order: {
      default: "control",
      variants: { control: {}, urgent: { patches: [{ op: "text", selector: "a", value: "Order today" }] } },
      rules: [{ experiment: "cta" }],
    },
    flow: { default: "v1", variants: { v1: { value: { steps: 3 } } } },
  },
};
const ORDER = '<adaptive-slot name="order"><a href="/order">Order</a></adaptive-slot>';
const CONTEXT =
  '<script type="application/json" id="slotwise-context">{"attributes":{"id":"ada","name":"Ada"}}</script>';

/** A component as a site would write it: with slots inside of its shadow root. */
const CARD = `customElements.define("shop-card", class extends HTMLElement {
  constructor() { super(); this.attachShadow({ mode: this.getAttribute("mode") ?? "open" }).innerHTML = ${JSON.stringify(ORDER)}; window.inside = this.shadowRoot ?? window.inside; }
});`;

let server;
let browser;
let visit;
before(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  cpSync("pkg/dist", `${FOLDER}/dist`, { recursive: true });
  cpSync("pkg/hold.css", `${FOLDER}/hold.css`);
  writeFileSync(`${FOLDER}/bundle.slotwise`, await compiled(BUNDLE));
  [server, browser] = await Promise.all([startStaticServer(FOLDER), launch()]);
});
after(async () => {
  await browser?.close();
  server?.close();
});
afterEach(() => visit?.close());

const ELEMENT = '<script type="module" src="/dist/element.js"></script>';
const SLOTWISE = '<script type="module" src="/dist/slotwise.js" data-bundle="/bundle.slotwise"></script>';

async function open(body, scripts = ELEMENT + SLOTWISE) {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Element</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/hold.css">${body}${CONTEXT}${scripts}</html>`;
  server.answers.set("/", always("text/html; charset=utf-8", html));
  visit = await openPage(browser);
  await visit.page.goto(server.url.href);
  return visit;
}

const decided = (page) => page.locator("html[data-slotwise=page]").waitFor();
const session = (page, run, argument) =>
  page.evaluate(
    async ([code, given]) => {
      const { session } = await import("/dist/slotwise.js");
      return new Function("session", "given", `return (${code})(session, given)`)(await session, given);
    },
    [run.toString(), argument],
  );

test("shows what is decided, as a block, and says what it is", async () => {
  const { page, complaints } = await open(`<adaptive-slot name="hero"><h1>Welcome</h1></adaptive-slot>${ORDER}`);
  await decided(page);
  assert.equal(await page.locator("adaptive-slot[name=hero]").innerHTML(), "<h1>Hello, Ada</h1>");
  assert.equal(await page.locator("adaptive-slot a").textContent(), "Order today");
  const told = await page.locator("adaptive-slot[name=hero]").evaluate((slot) => {
    const { name, variant, decision } = slot;
    return {
      name,
      variant,
      reason: decision.reason,
      display: getComputedStyle(slot).display,
      mark: slot.dataset.slotwise,
    };
  });
  assert.deepEqual(told, { name: "hero", variant: "hello", reason: "matched", display: "block", mark: "hello" });
  assert.deepEqual(complaints, []);
});

test("a site's own style wins over the block", async () => {
  const style = "<style>adaptive-slot { display: flex } adaptive-slot[hidden] { display: none }</style>";
  const { page } = await open(
    `${style}<adaptive-slot name="hero"></adaptive-slot><adaptive-slot hidden></adaptive-slot>`,
  );
  await decided(page);
  const displays = await page
    .locator("adaptive-slot")
    .evaluateAll((slots) => slots.map((slot) => getComputedStyle(slot).display));
  assert.deepEqual(displays, ["flex", "none"]);
});

test("without a decision, it shows its default and says so", async () => {
  const { page } = await open(
    '<adaptive-slot name="hero">Welcome</adaptive-slot><adaptive-slot>No name</adaptive-slot>',
    ELEMENT,
  );
  await page.evaluate(() => customElements.whenDefined("adaptive-slot"));
  const told = await page
    .locator("adaptive-slot")
    .evaluateAll((slots) =>
      slots.map(({ name, variant, decision, textContent }) => [name, variant, decision, textContent]),
    );
  assert.deepEqual(told, [
    ["hero", undefined, undefined, "Welcome"],
    ["", undefined, undefined, "No name"],
  ]);
});

for (const mode of ["open", "closed"]) {
  test(`takes part inside of a shadow root that is ${mode}`, async () => {
    const { page, complaints } = await open("<main></main>");
    await decided(page);
    const text = await page.evaluate(
      async ([code, mode]) => {
        const heard = new Promise((resolve) => {
          document.addEventListener("slotwise:exposure", ({ detail }) => resolve(detail), { once: true });
        });
        new Function(code)();
        const card = document.createElement("main");
        card.innerHTML = `<shop-card mode="${mode}"></shop-card>`;
        document.body.append(card);
        const { slot, arm } = await heard;
        return { slot, arm };
      },
      [CARD, mode],
    );
    assert.deepEqual(text, { slot: "order", arm: "urgent" });
    assert.deepEqual(complaints, []);
  });
}

test("is adapted in a shadow root that was there before the page's script", async () => {
  const { page } = await open("<shop-card></shop-card>", `<script>${CARD}</script>${ELEMENT}${SLOTWISE}`);
  await decided(page);
  const inside = page.locator("shop-card adaptive-slot");
  assert.equal(await inside.locator("a").textContent(), "Order today");
  assert.equal(await inside.getAttribute("data-slotwise"), "urgent");
});

test("hears of changes, as an event on the element that leaves shadow roots", async () => {
  const { page } = await open(`<adaptive-slot name="hero"><h1>Welcome</h1></adaptive-slot>`);
  await decided(page);
  const changed = page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener("slotwise:change", ({ target, detail, composed }) =>
          resolve([target.localName, target.variant, detail.variant, composed]),
        );
      }),
  );
  await session(page, (session) => session.update({ force: { hero: "base" } }));
  assert.deepEqual(await changed, ["adaptive-slot", "base", "base", true]);
  assert.equal(await page.locator("adaptive-slot").innerHTML(), "<h1>Welcome</h1>");
});

test("a name that is set before the element is defined counts", async () => {
  const { page } = await open("<main></main>", SLOTWISE);
  await decided(page);
  await page.evaluate(async () => {
    const slot = document.createElement("adaptive-slot");
    slot.name = "hero";
    slot.innerHTML = "<a>Order</a>";
    document.querySelector("main").append(slot);
    await import("/dist/element.js");
  });
  await page.locator("adaptive-slot[data-slotwise=hello]").waitFor();
  assert.equal(await page.locator("adaptive-slot").innerHTML(), "<h1>Hello, Ada</h1>");
});

test("with another name, it shows that slot's decision in place of the default that it had", async () => {
  const { page } = await open('<adaptive-slot name="hero"><a>Order</a></adaptive-slot>');
  await decided(page);
  await page.locator("adaptive-slot[data-slotwise=hello]").waitFor();
  await page.locator("adaptive-slot").evaluate((slot) => {
    slot.name = "order";
  });
  await page.locator("adaptive-slot[data-slotwise=urgent]").waitFor();
  assert.equal(await page.locator("adaptive-slot").innerHTML(), "<a>Order today</a>");
});

test("leaves nothing behind in the page when it goes, and comes back", async () => {
  const { page } = await open("<shop-card></shop-card>", `<script>${CARD}</script>${ELEMENT}${SLOTWISE}`);
  await decided(page);
  const counts = await page.evaluate(async () => {
    const { registered } = globalThis[Symbol.for("slotwise.page")];
    const card = document.querySelector("shop-card");
    const sizes = [registered.size];
    card.remove();
    sizes.push(registered.size);
    document.body.append(card);
    sizes.push(registered.size);
    return sizes;
  });
  assert.deepEqual(counts, [1, 0, 1]);
  assert.equal(await page.locator("shop-card a").textContent(), "Order today");
});

test("imported twice, the first definition stays", async () => {
  const { page, complaints } = await open('<adaptive-slot name="hero"></adaptive-slot>');
  await decided(page);
  await page.evaluate(() => import("/dist/element.js?again"));
  assert.deepEqual(complaints, []);
});

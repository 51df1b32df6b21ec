// Pages that ask for Trusted Types: what patches put into them goes through a policy of ours, at the edge and where the page decides.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { launch, openPage } from "../support/browser.mjs";
import { startEdge } from "../support/edge.mjs";
import { send } from "../support/origin.mjs";

const OPS = ["html", "append", "prepend", "before", "after", "replace"];
const BUNDLE = {
  version: 1,
  id: "trusted",
  slots: {
    hero: {
      default: "base",
      variants: {
        base: { html: "<h1>Hello</h1>" },
        pro: { html: "<h1>Hello, {{name}}</h1>" },
      },
      rules: [{ when: { plan: "pro" }, show: "pro" }],
    },
    list: {
      default: "base",
      variants: {
        base: {},
        pro: { patches: OPS.map((op) => ({ op, selector: `.${op}`, value: `<b>${op} {{name}}</b>` })) },
      },
      rules: [{ when: { plan: "pro" }, show: "pro" }],
    },
  },
};
const REQUIRED = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'";
const POLICIES = {
  "/any": REQUIRED,
  "/named": `${REQUIRED}; trusted-types slotwise`,
  "/none": `${REQUIRED}; trusted-types 'none'`,
  "/none?slotwise=hero:pro": `${REQUIRED}; trusted-types 'none'`,
};
const SLOTS =
  '<section data-slot="hero"><h1>Page</h1></section>' +
  `<section data-slot="list">${OPS.map((op) => `<p class="${op}">${op}</p>`).join("")}</section>`;
const page = (head) =>
  `<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="/icon.svg">${head}</head><body>${SLOTS}</body></html>`;
const TAGS =
  '<link rel="stylesheet" href="/_slotwise/hold.css">' +
  '<script type="module" src="/_slotwise/slotwise.js" data-bundle="/_slotwise/bundle" data-deadline="60000"></script>';
/** What the patches make of it. */
const PATCHED = [
  '<p class="html"><b>html Ada</b></p>',
  '<p class="append">append<b>append Ada</b></p>',
  '<p class="prepend"><b>prepend Ada</b>prepend</p>',
  '<b>before Ada</b><p class="before">before</p>',
  '<p class="after">after</p><b>after Ada</b>',
  "<b>replace Ada</b>",
].join("");

let edge;
let browser;
let visit;
before(async () => {
  [edge, browser] = await Promise.all([startEdge("trusted", { bundle: BUNDLE, from: "worker/site" }), launch()]);
  edge.origin.answers.set("/icon.svg", send("<svg/>", { "content-type": "image/svg+xml" }));
  for (const [path, policy] of Object.entries(POLICIES)) {
    edge.origin.answers.set(path, send(page(""), { "content-security-policy": policy }));
  }
});
after(async () => {
  await browser?.close();
  await edge?.close();
});
afterEach(() => visit?.close());

async function open(path) {
  visit = await openPage(browser);
  await visit.page.addInitScript(() => {
    window.__violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  // As a host without a Worker serves it.
  if (path.startsWith("/static")) {
    await visit.page.route(`**${path}`, (route) =>
      route.fulfill({
        contentType: "text/html",
        headers: { "content-security-policy": POLICIES[path.slice("/static".length)] },
        body: page(TAGS),
      }),
    );
  }
  await visit.page.goto(new URL(path, edge.url).href);
  await visit.page.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
  });
  return visit.page;
}

const becomePro = (page) => page.evaluate(() => window.session.update({ attributes: { plan: "pro", name: "Ada" } }));
const hero = (page) => page.locator("h1").textContent();
const list = (page) => page.locator("[data-slot=list]").innerHTML();
const violations = (page) => page.evaluate(() => window.__violations);

for (const [who, prefix, first] of [
  ["the edge has", "", "edge"],
  ["nobody has", "/static", "page"],
]) {
  describe(`where ${who} adapted the page`, () => {
    for (const path of ["/any", "/named"]) {
      test(`every kind of patch works where ${path === "/any" ? "any policy" : "ours alone"} may be made`, async () => {
        const page = await open(`${prefix}${path}`);
        assert.equal(await page.evaluate(() => window.session.decidedBy), first);
        assert.equal(await hero(page), "Hello");
        await becomePro(page);
        assert.equal(await hero(page), "Hello, Ada");
        assert.equal(await list(page), PATCHED);
        assert.deepEqual(await violations(page), []);
        assert.deepEqual(visit.complaints, []);
      });
    }

    test("everything stays as it is where no policy may be made, and the console says what to allow", async () => {
      const page = await open(`${prefix}/none`);
      const before = [await hero(page), await list(page)];
      assert.equal(before[0], first === "edge" ? "Hello" : "Page");
      await becomePro(page);
      assert.deepEqual([await hero(page), await list(page)], before);
      assert.equal(await page.locator("h1").isVisible(), true);
      assert.deepEqual(visit.exceptions, []);
      assert.match(visit.complaints.join("\n"), /slotwise: .*trusted-types slotwise/);
    });
  });
}

test("the preview's panel needs no policy", async () => {
  const page = await open("/none?slotwise=hero:pro");
  assert.equal(await hero(page), "Hello, ");
  await page.locator("slotwise-preview").waitFor({ state: "attached" });
  await page.evaluate(() => window.session.explain());
  await page.locator("slotwise-preview").getByText("hero", { exact: true }).first().waitFor();
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(visit.complaints, []);
});

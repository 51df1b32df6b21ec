// What a visitor sends never runs in the page, and reads as it was sent, whoever decides: the edge or the browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { compile } from "../../pkg/dist/compiler.node.js";
import { addressOf, VISITORS } from "../../tools/visitors.mjs";
import { launch, openPage, settled, slotsOf } from "../support/browser.mjs";
import { HOSTILE_BUNDLE, HOSTILE_PAGE, HOSTILE_VALUES, readings } from "../support/hostile.mjs";
import { makeSite } from "../support/sites.mjs";
import { startStaticServer } from "../support/static-server.mjs";
import { startWorker } from "../support/worker.mjs";

/** Decides in the page; the value comes as an attribute that the page's own code gives, or from the address. */
const IN_PAGE = `<script type="module">
  import { personalize } from "/_slotwise/browser.js";
  const campaign = new URLSearchParams(location.search).get("given");
  const attributes = campaign === null ? {} : { utm: { campaign } };
  window.session = await personalize({ bundle: "/bundle.slotwise", attributes });
</script>`;

let worker;
let demo;
let server;
let browser;
/** One page for all: each test navigates it anew. */
let visit;
before(async () => {
  const { bytes, problems } = await compile(HOSTILE_BUNDLE);
  assert.deepEqual(problems, []);
  const edge = makeSite(
    "hostile-edge",
    { "index.html": HOSTILE_PAGE, "bundle.slotwise": bytes },
    { from: "worker/site" },
  );
  const page = makeSite(
    "hostile-page",
    {
      "index.html": HOSTILE_PAGE.replace("</body>", `${IN_PAGE}\n  </body>`),
      "bundle.slotwise": bytes,
      "_slotwise/browser.js": readFileSync("pkg/dist/browser.js"),
    },
    { from: "worker/site" },
  );
  worker = await startWorker({ config: edge.config });
  demo = await startWorker();
  server = await startStaticServer(page.site);
  browser = await launch();
  visit = await openPage(browser);
});
after(async () => {
  await browser?.close();
  server?.close();
  await demo?.dispose();
  await worker?.dispose();
});

async function read(address) {
  const { page } = visit;
  await page.goto(address);
  await page.locator('[data-slot="value"][data-slotwise]').waitFor({ state: "attached" });
  const found = await page.evaluate(`(${readings})(document)`);
  found.hit = await page.evaluate(() => window.__hit);
  // What waits for the mouse or the focus.
  await page.evaluate(() => {
    for (const element of document.querySelectorAll("body *")) {
      for (const type of ["mouseover", "focus", "load", "error"]) element.dispatchEvent(new Event(type));
    }
  });
  found.hitByEvents = await page.evaluate(() => window.__hit);
  return found;
}

for (const value of HOSTILE_VALUES) {
  const expected = {
    markup: value,
    title: value,
    text: value,
    attribute: value,
    append: value,
    after: value,
    elements: 11,
    end: "end",
    hit: undefined,
    hitByEvents: undefined,
  };
  const sent = encodeURIComponent(value);
  const ways = {
    "decided at the edge": () => new URL(`/?utm_campaign=${sent}`, worker.url).href,
    "decided in the page, from the address": () => new URL(`/?utm_campaign=${sent}`, server.url).href,
    "decided in the page, from an attribute": () => new URL(`/?given=${sent}`, server.url).href,
  };
  for (const [way, address] of Object.entries(ways)) {
    test(`${JSON.stringify(value)}, ${way}`, async () => {
      assert.deepEqual(await read(address()), expected);
      assert.deepEqual(visit.complaints, []);
    });
  }

  test(`${JSON.stringify(value)}, as the name of a city`, async () => {
    const { context } = VISITORS[0];
    const geo = { ...context.attributes.geo, city: value };
    const { page, complaints } = visit;
    await page.goto(addressOf({ context: { ...context, attributes: { ...context.attributes, geo } } }, demo.url));
    await settled(page);
    assert.equal(await page.locator("h1").textContent(), `Good morning, ${value}`);
    assert.equal(await page.evaluate(() => window.__hit), undefined);
    assert.equal((await slotsOf(page)).order.text, "Order today’s roast");
    assert.deepEqual(complaints, []);
  });
}

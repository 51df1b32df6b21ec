// The page in Chromium, through the real Worker: the edge has decided, the browser only takes over.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { addressOf, VISITORS } from "../../tools/visitors.mjs";
import { launch, openPage, settled, slotsOf } from "../support/browser.mjs";
import { startWorker } from "../support/worker.mjs";

// By the bundle in www/; which arm an id falls in is said in tests/edge/page.test.mjs. One bag of each comes to 139 zł.
const EXPECTED = [
  {
    hero: "Good morning, Kraków Today’s coffee left the drum at six. Order now, and a rider from Kazimierz brings it over by lunch.",
    order: "Order today’s roast",
    delivery: "Free same-day delivery from 60 zł",
    shipping: "Delivery is free, and today.",
  },
  {
    hero: "Good evening, New York We roast while you sleep: order tonight, and your bag leaves Kraków with the next post.",
    order: "Order coffee",
    delivery: "Free delivery from 250 zł, in 5 days",
    shipping: "111 zł more, and delivery is free.",
  },
  {
    hero: "Coffee, roasted this morning Three coffees a season, from growers we know by name. Roasted in Kraków, sent the same day.",
    order: "Order coffee",
    delivery: "Free delivery from 250 zł, in 5 days",
    shipping: "111 zł more, and delivery is free.",
  },
];

let worker;
let browser;
before(async () => {
  [worker, browser] = await Promise.all([startWorker(), launch()]);
});
after(async () => {
  await browser?.close();
  await worker?.dispose();
});

/** The texts of the slots that are looked at here. */
const texts = (slots) => Object.fromEntries(["hero", "order", "delivery"].map((slot) => [slot, slots[slot].text]));

for (const [index, visitor] of VISITORS.entries()) {
  const { shipping, ...slots } = EXPECTED[index];

  describe(visitor.name, () => {
    test("sees the adapted page with JavaScript off", async () => {
      const { page, complaints, close } = await openPage(browser, { javaScriptEnabled: false });
      await page.goto(addressOf(visitor, worker.url));
      const seen = {};
      for (const slot of Object.keys(slots)) {
        const text = await page.locator(`[data-slot="${slot}"]`).innerText();
        seen[slot] = text.replace(/\s+/g, " ").trim();
      }
      assert.deepEqual(seen, slots);
      assert.equal(await page.locator("#why").isVisible(), false);
      assert.deepEqual(complaints, []);
      await close();
    });

    test("sees the same with JavaScript on, and nothing is applied twice", async () => {
      const { page, complaints, close } = await openPage(browser);
      await page.goto(addressOf(visitor, worker.url));
      await settled(page);
      assert.deepEqual(texts(await slotsOf(page)), slots);
      assert.deepEqual(await page.evaluate(() => window.__changes), []);
      assert.equal(await page.evaluate(() => window.__shift), 0);
      assert.deepEqual(complaints, []);
      await close();
    });

    test("gets the value to the page's own script", async () => {
      const { page, close } = await openPage(browser);
      await page.goto(addressOf(visitor, worker.url));
      await settled(page);
      assert.equal(await page.locator("#shipping").textContent(), shipping);
      assert.equal(await page.locator("#decided-by").textContent(), "Decided at the edge, before the page was sent.");
      await close();
    });

    test("fetches neither wasm nor bundle before the first paint", async () => {
      const { page, close } = await openPage(browser);
      await page.goto(addressOf(visitor, worker.url));
      await settled(page);
      // The engine comes when the page is idle, so both can be compared.
      const [painted, fetched] = await page.evaluate(async () => {
        const first = (type, wanted) =>
          new Promise((resolve) => {
            new PerformanceObserver((list) => {
              const found = list.getEntries().find(({ name }) => wanted.test(name));
              if (found !== undefined) resolve(found.startTime);
            }).observe({ type, buffered: true });
          });
        const painting = first("paint", /^first-contentful-paint$/);
        const fetching = [/runtime\.wasm$/, /_slotwise\/bundle$/].map((name) => first("resource", name));
        return [await painting, Math.min(...(await Promise.all(fetching)))];
      });
      assert.ok(painted > 0);
      assert.ok(fetched > painted, `fetched at ${fetched} ms, painted at ${painted} ms`);
      await close();
    });
  });
}

test("the strip on top says why each slot is as it is", async () => {
  const { page, close } = await openPage(browser, { viewport: { width: 390, height: 844 } });
  await page.goto(addressOf(VISITORS[0], worker.url));
  await settled(page);
  await page.locator(".demo-bar summary").click();
  const decisions = await page.locator("#decisions").innerText();
  assert.match(decisions, /hero shows krakow-morning because rule “krakow-morning” matched\./);
  assert.match(
    decisions,
    /order shows todays-roast because experiment “order-button” put this visitor into “todays-roast”\./,
  );
  await close();
});

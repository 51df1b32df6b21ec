// The shop in Chromium through the real Worker, as people use it: with a keyboard, with a screen reader, going back and forth, and
// with scripts that write over what the edge has shown.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { chromiumOptions } from "../../tools/chromium.mjs";
import { addressOf, VISITORS } from "../../tools/visitors.mjs";
import { seriousViolations } from "../support/axe.mjs";
import { launch, openPage, slotsOf } from "../support/browser.mjs";
import { startWorker } from "../support/worker.mjs";

const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
const [EWA, JOE] = VISITORS;

let worker;
let browser;
before(async () => {
  [worker, browser] = await Promise.all([startWorker(), launch()]);
});
after(async () => {
  await browser?.close();
  await worker?.dispose();
});

test("two visitors are sent different pages", async () => {
  const pages = await Promise.all(
    [EWA, JOE].map(async (visitor) => {
      const { page, close } = await openPage(browser, { javaScriptEnabled: false });
      await page.goto(addressOf(visitor, worker.url));
      const heading = await page.locator("h1").textContent();
      await close();
      return heading;
    }),
  );
  assert.deepEqual(pages, ["Good morning, Kraków", "Good evening, New York"]);
});

describe("axe finds nothing serious", () => {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      test(`on a ${size}, ${colorScheme}`, async () => {
        const { page, close } = await openPage(browser, { viewport, colorScheme });
        await page.goto(addressOf(EWA, worker.url));
        assert.deepEqual(await seriousViolations(page), []);
        await close();
      });
    }
  }
});

test("a keyboard gets past the strip and the menu, and into what the edge has shown", async () => {
  const { page, close } = await openPage(browser);
  await page.goto(addressOf(EWA, worker.url));
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const focused = await page.evaluate(() => ({
    slot: document.activeElement.closest("[data-slot]")?.dataset.slot,
    text: document.activeElement.textContent,
  }));
  assert.deepEqual(focused, { slot: "order", text: "Order today’s roast" });
  await close();
});

test("going back gives the page as it was, from the back/forward cache", async () => {
  // playwright turns it off.
  const caching = await chromium.launch({ ...chromiumOptions(), ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  try {
    const { page, complaints } = await openPage(caching);
    await page.goto(addressOf(EWA, worker.url));
    const shown = await slotsOf(page);
    await page.evaluate(() => {
      addEventListener("pageshow", ({ persisted }) => {
        window.persisted = persisted;
      });
    });
    await page.goto(new URL("/coffee/", worker.url).href);
    await page.goBack({ waitUntil: "commit" });
    await page.waitForFunction(() => window.persisted === true);
    assert.deepEqual(await slotsOf(page), shown);
    assert.deepEqual(await page.evaluate(() => window.__changes), []);
    assert.deepEqual(complaints, []);
  } finally {
    await caching.close();
  }
});

test("a slot with a value and patches is whole in an element that comes later", async () => {
  const { page, close } = await openPage(browser);
  await page.goto(addressOf(EWA, worker.url));
  await page.evaluate(() => {
    const another = document.createElement("p");
    another.id = "another";
    another.dataset.slot = "delivery";
    another.textContent = "Free delivery from 120 zł, in 2 days";
    document.querySelector("main").append(another);
  });
  await page.locator("#another[data-slotwise=local]", { hasText: "Free same-day delivery from 60 zł" }).waitFor();
  await close();
});

test("what a script undoes once, deep inside and in place, is made again", async () => {
  const { page, close } = await openPage(browser);
  await page.addInitScript(() => {
    document.addEventListener("DOMContentLoaded", () => {
      document.querySelector("[data-slot=order] a").firstChild.data = "Order coffee";
    });
  });
  await page.goto(addressOf(EWA, worker.url));
  await page.locator("[data-slot=order] a", { hasText: "Order today’s roast" }).waitFor();
  await page.evaluate(() => {
    document.querySelector("[data-slot=order] a").textContent = "Order coffee";
  });
  await page.locator("[data-slot=order] a", { hasText: "Order today’s roast" }).waitFor();
  await close();
});

test("a script that writes over an arm again and again wins, and the exposure says so", async () => {
  const { page, close } = await openPage(browser);
  await page.addInitScript(() => {
    window.exposed = new Promise((resolve) => {
      document.addEventListener("slotwise:exposure", ({ detail }) => resolve(detail), { once: true });
    });
    window.written = 0;
    document.addEventListener("DOMContentLoaded", () => {
      const slot = document.querySelector("[data-slot=order]");
      const write = () => {
        if (slot.textContent === "Mine") return;
        const mine = document.createElement("a");
        mine.className = "button";
        mine.textContent = "Mine";
        slot.replaceChildren(mine);
        window.written++;
      };
      write();
      new MutationObserver(write).observe(slot, { childList: true, characterData: true, subtree: true });
    });
  });
  await page.goto(addressOf(EWA, worker.url));
  const exposure = await page.evaluate(() => window.exposed);
  assert.deepEqual(
    { experiment: exposure.experiment, arm: exposure.arm, slot: exposure.slot, overridden: exposure.overridden },
    { experiment: "order-button", arm: "todays-roast", slot: "order", overridden: true },
  );
  assert.equal(await page.locator("[data-slot=order] a").textContent(), "Mine");
  const written = await page.evaluate(() => window.written);
  assert.ok(written <= 4, `the script had to write ${written} times`);
  await close();
});

// The page in Chromium on a host without a Worker: the browser loads the engine, decides and swaps, or keeps the defaults.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { compile } from "../../pkg/dist/compiler.node.js";
import { load } from "../../pkg/dist/index.node.js";
import { launch, openPage, settled, slotsOf } from "../support/browser.mjs";
import { always, startStaticServer } from "../support/static-server.mjs";

const SITE = "target/static-site";
const BUNDLE = readFileSync(`${SITE}/bundle.slotwise`);
const DEADLINE = 1000;
const DEFAULTS = {
  delivery: "Free delivery from 120 zł, in 2 days",
  hero: "Coffee, roasted this morning Three coffees a season, from growers we know by name. Roasted in Kraków, sent the same day.",
  order: "Order coffee",
};

let server;
let browser;
let visit;
before(async () => {
  [server, browser] = await Promise.all([startStaticServer(SITE), launch()]);
});
after(async () => {
  await browser?.close();
  server?.close();
});
beforeEach(() => server.answers.clear());
afterEach(() => visit?.close());

/** Opens the page at a moment, for a visitor whose clock is set to a time zone. */
async function open({ now = "2026-11-20T15:00:00+09:00", timezoneId = "Asia/Tokyo", ...options } = {}) {
  visit = await openPage(browser, { timezoneId, locale: "en-GB", ...options });
  await visit.page.clock.setFixedTime(new Date(now));
  await visit.page.goto(server.url.href, { waitUntil: "commit" });
  return visit;
}

/** What is looked at here of the slots that are on the page. */
const texts = (slots) => Object.fromEntries(Object.keys(DEFAULTS).map((slot) => [slot, slots[slot].text]));
const marks = (slots) => Object.fromEntries(Object.keys(DEFAULTS).map((slot) => [slot, slots[slot].variant]));

describe("decides in the page", () => {
  // On a busy machine that takes longer than the second after which the page would keep its default.
  const patient = readFileSync(`${SITE}/index.html`, "utf8").replace(
    "data-bundle=",
    'data-deadline="60000" data-bundle=',
  );
  beforeEach(() => {
    assert.ok(patient.includes("data-deadline"));
    server.answers.set("/", always("text/html; charset=utf-8", patient));
  });

  // A static host knows no place and, here, no id: the hour alone decides.
  const cases = [
    {
      now: "2026-11-20T08:30:00+01:00",
      timezoneId: "Europe/Warsaw",
      hero: ["morning", "Good morning The first cup sets the day. Make it one from growers we know by name."],
    },
    {
      now: "2026-11-20T19:30:00-05:00",
      timezoneId: "America/New_York",
      hero: [
        "evening",
        "Good evening We roast while you sleep: order tonight, and your bag leaves Kraków with the next post.",
      ],
    },
    { now: "2026-11-20T15:00:00+09:00", timezoneId: "Asia/Tokyo", hero: ["everywhere", DEFAULTS.hero] },
  ];
  for (const { now, timezoneId, hero } of cases) {
    test(`${hero[0]}, at ${now} in ${timezoneId}`, async () => {
      const { page, complaints } = await open({ now, timezoneId });
      await settled(page);
      const slots = await slotsOf(page);
      assert.deepEqual(marks(slots), { delivery: "standard", hero: hero[0], order: "plain" });
      assert.deepEqual(texts(slots), { ...DEFAULTS, hero: hero[1] });
      assert.ok(Object.values(slots).every(({ visible }) => visible));
      assert.equal(await page.locator("#shipping").textContent(), "Delivery is free.");
      assert.equal(
        await page.locator("#decided-by").textContent(),
        "Decided in your browser, before the slots were shown.",
      );
      assert.equal(await page.evaluate(() => window.__shift), 0);
      assert.deepEqual(complaints, []);
    });

    test(`as the engine does in Node, at ${now} in ${timezoneId}`, async () => {
      const { page } = await open({ now, timezoneId });
      await settled(page);
      const inPage = await page.evaluate(async () => {
        const { slots, exposures, decidedBy } = await (await import("/_slotwise/slotwise.js")).session;
        const { userAgent, language } = navigator;
        return {
          slots,
          exposures,
          decidedBy,
          request: { url: location.href, referrer: document.referrer, userAgent, language },
        };
      });
      const engine = await load(BUNDLE);
      const { slots, exposures } = engine.personalize({
        request: inPage.request,
        now: Date.parse(now),
        timeZone: timezoneId,
      });
      assert.equal(inPage.decidedBy, "page");
      assert.deepEqual({ slots: inPage.slots, exposures: inPage.exposures }, { slots, exposures });
    });
  }

  test("before the slots are seen, however slowly the script comes", async () => {
    server.answers.set("/_slotwise/slotwise.js", async (_, response) => {
      await pause(DEADLINE / 3);
      response.writeHead(200, { "content-type": "text/javascript" }).end(readFileSync(`${SITE}/_slotwise/slotwise.js`));
    });
    const { page } = await open({ now: "2026-11-20T08:30:00Z", timezoneId: "UTC" });
    await settled(page);
    assert.deepEqual(await page.evaluate(() => window.__seen), ["Good morning"]);
  });

  test("changes each slot once", async () => {
    const { page } = await open({ now: "2026-11-20T08:30:00Z", timezoneId: "UTC" });
    await settled(page);
    const changes = await page.evaluate(() => window.__changes);
    assert.deepEqual(changes.filter((change) => change.endsWith("attributes data-slotwise")).sort(), [
      "delivery: attributes data-slotwise",
      "for-you: attributes data-slotwise",
      "hero: attributes data-slotwise",
      "last-viewed: attributes data-slotwise",
      "news: attributes data-slotwise",
      "order: attributes data-slotwise",
      "payment: attributes data-slotwise",
      "promises: attributes data-slotwise",
      "scene: attributes data-slotwise",
    ]);
    assert.deepEqual(
      changes.filter((change) => change.endsWith("childList")),
      ["hero: childList", "hero: childList"],
    );
  });

  test("loads each file once", async () => {
    const { page, requests } = await open();
    await settled(page);
    assert.equal(requests.filter((path) => path === "/bundle.slotwise").length, 1);
    assert.equal(requests.filter((path) => path === "/_slotwise/runtime.wasm").length, 1);
    assert.equal(new Set(requests).size, requests.length, requests.join(" "));
  });

  test("leaves the page as authored with JavaScript off", async () => {
    const { page } = await open({ javaScriptEnabled: false });
    for (const [slot, text] of Object.entries(DEFAULTS)) {
      const element = page.locator(`[data-slot="${slot}"]`);
      assert.equal((await element.innerText()).replace(/\s+/g, " ").trim(), text);
      assert.equal(await element.isVisible(), true);
    }
  });
});

describe("keeps the default content", () => {
  const notFound = (_, response) => response.writeHead(404).end();
  const damaged = Buffer.from(BUNDLE);
  damaged[damaged.length >> 1] ^= 0xff;
  const failures = [
    { what: "the bundle is missing", path: "/bundle.slotwise", answer: notFound },
    { what: "the bundle is damaged", path: "/bundle.slotwise", answer: (_, response) => response.end(damaged) },
    {
      what: "the bundle is cut short",
      path: "/bundle.slotwise",
      answer: (_, response) => response.end(BUNDLE.subarray(0, 60)),
    },
    {
      what: "the bundle is a page",
      path: "/bundle.slotwise",
      answer: (_, response) => response.end("<!doctype html>"),
    },
    { what: "the connection breaks", path: "/bundle.slotwise", answer: (request) => request.socket.destroy() },
    { what: "the engine is missing", path: "/_slotwise/runtime.wasm", answer: notFound },
    { what: "the engine is damaged", path: "/_slotwise/runtime.wasm", answer: (_, response) => response.end("\0asm") },
  ];
  for (const { what, path, answer } of failures) {
    test(`when ${what}`, async () => {
      server.answers.set(path, answer);
      const { page, exceptions } = await open({ now: "2026-11-20T08:30:00Z", timezoneId: "UTC" });
      await settled(page);
      await assertDefaults(page);
      assert.deepEqual(exceptions, []);
    });
  }

  test("when the script does not come, after the deadline", async () => {
    server.answers.set("/_slotwise/slotwise.js", notFound);
    const { page, exceptions } = await open({ now: "2026-11-20T08:30:00Z", timezoneId: "UTC" });
    await page.waitForLoadState();
    await pause(DEADLINE * 1.2);
    assert.deepEqual(texts(await slotsOf(page)), DEFAULTS);
    assert.ok(Object.values(await slotsOf(page)).every(({ visible }) => visible));
    assert.deepEqual(exceptions, []);
  });

  test("when the bundle comes after the deadline, and for good", async () => {
    let answered;
    const sent = new Promise((resolve) => {
      answered = resolve;
    });
    server.answers.set("/bundle.slotwise", async (_, response) => {
      await pause(DEADLINE * 2);
      response.end(BUNDLE, answered);
    });
    const { page, complaints } = await open({ now: "2026-11-20T08:30:00Z", timezoneId: "UTC" });
    await page.waitForFunction(() => getComputedStyle(document.querySelector(".hero")).visibility === "hidden");
    const hidden = Date.now();
    await page.waitForFunction(() => getComputedStyle(document.querySelector(".hero")).visibility === "visible");
    assert.ok(Date.now() - hidden < DEADLINE * 1.8);
    await settled(page);
    await assertDefaults(page);
    await sent;
    await pause(300);
    await assertDefaults(page);
    assert.equal(await page.evaluate(() => window.__shift), 0);
    assert.deepEqual(complaints, []);
  });
});

async function assertDefaults(page) {
  const slots = await slotsOf(page);
  assert.deepEqual(texts(slots), DEFAULTS);
  assert.deepEqual(marks(slots), { delivery: null, hero: null, order: null });
  assert.ok(Object.values(slots).every(({ visible }) => visible));
  assert.deepEqual(await page.evaluate(() => window.__changes), []);
  assert.equal(await page.locator("#decided-by").textContent(), "Decided by nobody: the page is as everyone sees it.");
  assert.equal(await page.locator("#shipping").textContent(), "");
}

describe("all that a page fetches to decide by itself stays within its budget", () => {
  const budgets = JSON.parse(readFileSync("tools/size-budgets.json", "utf8"));

  /** How many bytes of ours the page has fetched, compressed. */
  async function fetched() {
    const { page, requests } = await open();
    await settled(page);
    const files = [...new Set(requests.filter((path) => path.startsWith("/_slotwise/")))];
    assert.ok(files.includes("/_slotwise/slotwise.js") && files.includes("/_slotwise/runtime.wasm"), files.join(" "));
    const sizes = files.map((path) => gzipSync(readFileSync(`${SITE}${path}`), { level: 9 }).length);
    return { files, total: sizes.reduce((sum, size) => sum + size, 0) };
  }

  test("by a bundle that neither ranks nor asks what visitors did", async () => {
    const { catalog, slots, ...bundle } = JSON.parse(readFileSync("www/bundle.json", "utf8"));
    const plain = Object.entries(slots).filter(([, { rules }]) => rules.every(({ rank }) => rank === undefined));
    const { bytes } = await compile({ ...bundle, slots: Object.fromEntries(plain) });
    server.answers.set("/bundle.slotwise", always("application/octet-stream", Buffer.from(bytes)));
    const { files, total } = await fetched();
    assert.ok(!files.some((file) => /(rank|profile)\.wasm$/.test(file)), files.join(" "));
    const budget = budgets["a page that decides by itself"];
    assert.ok(total <= budget, `${total} bytes, of ${budget}`);
  });

  test("by one that does both", async () => {
    const { files, total } = await fetched();
    assert.ok(files.includes("/_slotwise/rank.wasm") && files.includes("/_slotwise/profile.wasm"), files.join(" "));
    const budget = budgets["a page that ranks by itself"];
    assert.ok(total <= budget, `${total} bytes, of ${budget}`);
  });
});

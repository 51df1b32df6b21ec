// What a visitor does in a page changes what its slots show, here and at the edge; and nothing is kept without consent.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { startEdge } from "../support/edge.mjs";
import { markOf } from "../support/markup.mjs";
import { send } from "../support/origin.mjs";

const VIEWS = { $did: { event: "view_item", within: "10m", times: { $gte: 3 } } };
const BUNDLE = {
  version: 1,
  id: "profile",
  slots: {
    hero: {
      default: "base",
      variants: { base: {}, advice: { html: "<h1>Need help to decide?</h1>" } },
      rules: [{ when: VIEWS, show: "advice" }],
    },
    likes: {
      default: "none",
      variants: { none: {}, shoes: { html: "<p>More {{#profile.categories}}{{.}}{{/profile.categories}}</p>" } },
      rules: [{ when: { "profile.categories": { $in: ["shoes"] } }, show: "shoes" }],
    },
  },
};
const PAGE =
  '<!doctype html><html lang="en"><head><title>Shop</title></head><body><section data-slot="hero"><h1>Hello</h1></section>' +
  '<section data-slot="likes"><p>Everything</p></section></body></html>';

/** Marked elements: what is used, sent, seen and dwelt upon. */
const MARKED =
  '<!doctype html><html lang="en"><head><title>Item</title></head><body><section data-slot="hero"><h1>Hello</h1></section>' +
  '<main data-item="boots" data-category="shoes"><article data-track="view_item">Boots</article>' +
  '<p data-track="dwell">Long text</p>' +
  '<button data-track="add_to_cart" data-value="80"><b>Buy</b></button>' +
  '<form data-track="begin_checkout" onsubmit="return false"><button id="send">Order</button></form></main>' +
  '<div style="height: 4000px"></div><p data-track="view_item_list" data-item="below">Below</p></body></html>';

/** Two things to dwell upon; what is dwelt upon is seen before the item, so that it is noticed before. */
const LONG =
  '<!doctype html><html lang="en"><head><title>Guide</title></head><body><section data-slot="hero"><h1>Hello</h1></section>' +
  '<div data-item="guide"><p id="guide" data-track="dwell">Long text</p></div><p data-track="dwell" data-item="stays">Other text</p>' +
  '<article data-track="view_item" data-item="boots">Boots</article></body></html>';

let edge;
let browser;
let context;
before(async () => {
  [edge, browser] = await Promise.all([startEdge("page-profile", { bundle: BUNDLE, from: "worker/site" }), launch()]);
  edge.origin.answers.set("/", send(PAGE));
  edge.origin.answers.set("/item", send(MARKED));
  edge.origin.answers.set("/guide", send(LONG));
  edge.origin.answers.set("/bare", send("a text", { headers: { "content-type": "text/plain" } }));
});
after(async () => {
  await browser?.close();
  await edge?.close();
});
afterEach(() => context?.close());

async function open({ consents, path = "/" }) {
  context = await browser.newContext();
  if (consents) {
    await context.addCookies([{ name: "slotwise_consent", value: "personalization", url: edge.url.href }]);
  }
  const page = await context.newPage();
  await page.goto(new URL(path, edge.url).href);
  await page.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
  });
  return page;
}

/** Waits until the profile says something. */
async function until(page, says) {
  const told = await page.evaluate(async (source) => {
    const says = new Function(`return (${source})`)();
    const end = Date.now() + 20_000;
    for (;;) {
      const summary = await window.session.profile();
      if (summary !== undefined && says(summary)) return undefined;
      if (Date.now() > end) return JSON.stringify(summary);
      await new Promise(requestAnimationFrame);
    }
  }, says.toString());
  assert.equal(told, undefined, `never: ${says}`);
}

const timesOf = ({ likedItems }, item) => likedItems.find(({ key }) => key === item)?.times;

const track = (page, ...items) =>
  page.evaluate(async (items) => {
    for (const item of items) {
      // What agrees in everything counts once, even in the time.
      await window.session.track("view_item", { item, category: "shoes", id: crypto.randomUUID() });
    }
  }, items);
const shown = (page) => page.locator("h1, section p").allTextContents();
const cookieNames = async () => (await context.cookies()).map(({ name }) => name).sort();
const storage = (page) => page.evaluate(() => ({ ...localStorage }));

test("what is tracked changes the page at once, and the next one at the edge", async () => {
  const page = await open({ consents: true });
  assert.deepEqual(await shown(page), ["Hello", "Everything"]);
  await track(page, "boots", "sandals");
  assert.deepEqual(await shown(page), ["Hello", "More shoes"]);
  await track(page, "boots");
  assert.deepEqual(await shown(page), ["Need help to decide?", "More shoes"]);

  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const html = await (await edge.get("/", { accept: "text/html", cookie })).text();
  assert.deepEqual([markOf(html, "hero"), markOf(html, "likes")], ["advice", "shoes"]);
  assert.match(html, /Need help to decide\?/);
  await page.reload();
  assert.deepEqual(await shown(page), ["Need help to decide?", "More shoes"]);
});

test("what does not depend on what was tracked is left alone", async () => {
  const page = await open({ consents: true });
  await track(page, "boots", "sandals");
  assert.deepEqual(await shown(page), ["Hello", "More shoes"]);
  await page.evaluate(() => {
    window.touched = [];
    const observer = new MutationObserver((records) => {
      for (const { target } of records)
        window.touched.push(target.closest?.("[data-slot]")?.dataset.slot ?? target.nodeName);
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await track(page, "boots");
  assert.deepEqual(await shown(page), ["Need help to decide?", "More shoes"]);
  assert.deepEqual(await page.evaluate(() => [...new Set(window.touched)]), ["hero"]);
});

test("a visitor may read what is known of them", async () => {
  const page = await open({ consents: true });
  await track(page, "boots", "boots", "hat");
  const { likedItems, ...summary } = await page.evaluate(() => window.session.profile());
  assert.deepEqual(
    likedItems.map(({ key, times }) => [key, times]),
    [
      ["boots", 2],
      ["hat", 1],
    ],
  );
  assert.deepEqual([summary.isNew, summary.engagement, summary.categories], [true, "medium", ["shoes"]]);
});

test("without consent nothing is kept, read or changed", async () => {
  const page = await open({ consents: false });
  await track(page, "boots", "boots", "boots");
  assert.deepEqual(await shown(page), ["Hello", "Everything"]);
  assert.equal(await page.evaluate(() => window.session.profile()), undefined);
  assert.deepEqual(await cookieNames(), []);
  assert.deepEqual(await storage(page), {});
});

test("who is forgotten has done nothing", async () => {
  const page = await open({ consents: true });
  await track(page, "boots", "boots", "boots");
  assert.ok((await cookieNames()).includes("slotwise_profile"));
  await page.evaluate(() => window.session.forget());
  assert.deepEqual(await shown(page), ["Hello", "Everything"]);
  assert.deepEqual(await cookieNames(), ["slotwise_consent"]);
  assert.deepEqual(await storage(page), {});
});

test("what a page sends with a beacon decides the next one, there and at the edge", async () => {
  const page = await open({ consents: true });
  await track(page, "boots");
  const told = page.waitForResponse(/\/_slotwise\/events$/);
  const sent = await page.evaluate(() =>
    navigator.sendBeacon(
      "/_slotwise/events",
      JSON.stringify(["a", "b"].map((item) => ({ name: "view_item", item, category: "shoes" }))),
    ),
  );
  assert.equal(sent, true);
  assert.equal((await told).status(), 200);
  await page.reload();
  assert.deepEqual(await shown(page), ["Need help to decide?", "More shoes"]);
  await page.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
  });
  await until(page, ({ likedItems }) => likedItems.length === 3);
  await track(page, "c");
  await until(page, ({ likedItems }) => likedItems.length === 4);
});

test("who is forgotten at the edge is not known from the page's storage", async () => {
  const page = await open({ consents: true });
  await track(page, "boots", "boots", "boots");
  assert.ok("slotwise_profile" in (await storage(page)));
  await page.evaluate(() => fetch("/_slotwise/profile", { method: "DELETE" }));
  await page.reload();
  assert.deepEqual(await shown(page), ["Hello", "Everything"]);
  await page.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
  });
  assert.deepEqual((await page.evaluate(() => window.session.profile())).items, []);
  await track(page, "hat");
  await until(page, ({ items }) => items.join() === "hat");
});

test("who refuses at the edge and agrees again later has done nothing", async () => {
  const page = await open({ consents: true });
  const answer = (personalization) =>
    page.evaluate(
      (body) => fetch("/_slotwise/consent", { method: "POST", body, headers: { "content-type": "application/json" } }),
      JSON.stringify({ personalization }),
    );
  await track(page, "boots", "boots", "boots");
  // As a site would that asks on a page without us.
  await page.goto(new URL("/bare", edge.url).href);
  await answer(false);
  assert.deepEqual(await cookieNames(), ["slotwise_consent"]);
  await page.goto(edge.url.href);
  assert.deepEqual(await shown(page), ["Hello", "Everything"]);
  await page.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
    await window.session.profile();
  });
  assert.deepEqual(await storage(page), {});
  await answer(true);
  await page.reload();
  assert.deepEqual(await shown(page), ["Hello", "Everything"]);
});

test("two tabs add to one profile", async () => {
  const page = await open({ consents: true });
  const other = await context.newPage();
  await other.goto(edge.url.href);
  await other.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
  });
  const [some, others] = ["a", "b"].map((tab) => Array.from({ length: 12 }, (_, place) => `${tab}${place}`));
  await Promise.all([track(page, ...some), track(other, ...others)]);
  const { likedItems } = await page.evaluate(() => window.session.profile());
  assert.deepEqual(likedItems.map(({ key }) => key).sort(), [...some, ...others].sort());
});

test("the profiles module is not fetched before it is needed", async () => {
  context = await browser.newContext();
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(edge.url.href);
  await page.waitForLoadState("load");
  assert.ok(asked.length > 0);
  assert.ok(!asked.some((path) => path.endsWith("/profile.wasm")), `${asked}`);
});

test("a visit counts, and so does what is done with marked elements", async () => {
  const page = await open({ consents: true, path: "/item" });
  await until(page, ({ sessions }) => sessions === 1);
  // The item is seen; what is below the screen is not.
  await until(page, ({ likedItems }) => likedItems.some(({ key, times }) => key === "boots" && times === 1));
  await page.locator("button b").click();
  await until(page, ({ likedItems }) => likedItems[0].times === 2 && likedItems[0].worth > 3.9);
  await page.locator("#send").click();
  await until(page, ({ likedItems }) => likedItems[0].times === 3 && likedItems[0].worth > 7.9);
  const summary = await page.evaluate(() => window.session.profile());
  assert.deepEqual([timesOf(summary, "boots"), timesOf(summary, "below")], [3, undefined]);
  assert.deepEqual(summary.categories, ["shoes"]);
  await page.locator("text=Below").scrollIntoViewIfNeeded();
  await until(page, ({ likedItems }) => likedItems.some(({ key }) => key === "below"));
});

test("how long something was looked at is told when the page is left", async () => {
  const page = await open({ consents: true, path: "/item" });
  await until(page, ({ likedItems }) => likedItems.some(({ key, times }) => key === "boots" && times === 1));
  await page.waitForTimeout(1500);
  // As when another tab comes to the front.
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await until(page, ({ likedItems }) => likedItems[0].times === 2);
});

describe("what is dwelt upon", () => {
  /** The worth of a dwell is a view for each half a minute. */
  const worthOf = ({ likedItems }, item) => likedItems.find(({ key }) => key === item)?.worth.toFixed(1);

  async function openGuide() {
    const page = await open({ consents: true, path: "/guide" });
    await until(page, ({ likedItems }) => likedItems.some(({ key }) => key === "boots"));
    await page.evaluate(() => {
      window.clock = performance.now();
      performance.now = () => window.clock;
    });
    return page;
  }
  const pass = (page, seconds) =>
    page.evaluate((milliseconds) => {
      window.clock += milliseconds;
    }, seconds * 1000);
  /** Takes the guide out of the page, or back in, which observers hear of before the next frame. */
  const move = (page, isIn) =>
    page.evaluate(async (isIn) => {
      window.taken ??= document.querySelector("#guide");
      if (isIn) document.querySelector("[data-item=guide]").append(window.taken);
      else window.taken.remove();
      await new Promise(requestAnimationFrame);
    }, isIn);
  const leave = (page) =>
    page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });

  test("counts as long as it is on the page", async () => {
    const page = await openGuide();
    await pass(page, 60);
    await move(page, false);
    await until(page, ({ likedItems }) => likedItems.some(({ key }) => key === "guide"));
    await pass(page, 30);
    await leave(page);
    await until(page, ({ likedItems }) => likedItems.some(({ key }) => key === "stays"));
    const summary = await page.evaluate(() => window.session.profile());
    assert.deepEqual([worthOf(summary, "guide"), worthOf(summary, "stays")], ["2.0", "3.0"]);
    assert.deepEqual([timesOf(summary, "guide"), timesOf(summary, "stays")], [1, 1]);
  });

  test("counts on when it has only been moved", async () => {
    const page = await openGuide();
    await pass(page, 60);
    await page.evaluate(() => document.body.append(document.querySelector("#guide").parentNode));
    await pass(page, 30);
    await leave(page);
    await until(page, ({ likedItems }) => likedItems.some(({ key }) => key === "guide"));
    const summary = await page.evaluate(() => window.session.profile());
    assert.deepEqual([worthOf(summary, "guide"), timesOf(summary, "guide")], ["3.0", 1]);
  });

  test("counts again when it comes back", async () => {
    const page = await openGuide();
    await pass(page, 60);
    await move(page, false);
    await pass(page, 600);
    await move(page, true);
    await page.evaluate(() => {
      document.body.insertAdjacentHTML("beforeend", '<p data-track="view_item" data-item="after">After</p>');
    });
    await until(page, ({ likedItems }) => likedItems.some(({ key }) => key === "after"));
    await pass(page, 30);
    await leave(page);
    await until(page, ({ likedItems }) => likedItems.some(({ key, times }) => key === "guide" && times === 2));
    assert.equal(worthOf(await page.evaluate(() => window.session.profile()), "guide"), "3.0");
  });
});

test("marked elements that come later count as well", async () => {
  const page = await open({ consents: true });
  await until(page, ({ sessions }) => sessions === 1);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("afterbegin", '<p data-track="view_item" data-item="late">Late</p>');
  });
  await until(page, ({ likedItems }) => likedItems.some(({ key }) => key === "late"));
});

test("without consent nothing that is marked is tracked", async () => {
  const page = await open({ consents: false, path: "/item" });
  await page.locator("button b").click();
  await page.waitForTimeout(2500);
  assert.deepEqual(await cookieNames(), []);
  assert.deepEqual(await storage(page), {});
});

// A page that the edge has adapted, in Chromium: what is fetched and when, and how it goes on from there.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { slot, startAdaptedSite } from "../support/adapted-site.mjs";
import { launch, openPage, slotsOf } from "../support/browser.mjs";

const BUNDLE = {
  slots: {
    hero: {
      default: "base",
      variants: {
        base: { html: "<h1>Shop</h1>" },
        sale: { html: "<h1>Sale in {{geo.city}}</h1>" },
        city: { html: "<h1>Hello, {{geo.city}}</h1>" },
      },
      rules: [
        { when: { "url.path": "/sale" }, show: "sale" },
        { when: { "geo.city": { $exists: true } }, show: "city" },
      ],
    },
    late: {
      default: "base",
      variants: { base: {}, here: { html: "<p>Only in {{geo.city}}</p>" } },
      rules: [{ when: { "geo.city": "Gdynia" }, show: "here" }],
    },
    flow: {
      default: "v1",
      variants: { v1: { value: 1 }, v2: { value: 2 } },
      rules: [{ when: { plan: "pro" }, show: "v2" }],
    },
  },
};

let site;
let browser;
let visit;
before(async () => {
  [site, browser] = await Promise.all([startAdaptedSite(BUNDLE), launch()]);
  site.page("/", (shown) => `${slot("hero", shown, "<h1>Shop</h1>")}<p>Text</p>`, { edge: true });
});
after(async () => {
  await browser?.close();
  site?.close();
});
beforeEach(() => {
  site.knows = { geo: { city: "Gdynia" } };
  site.decisions.length = 0;
});
afterEach(() => visit?.close());

async function open(path = "/", options = {}) {
  visit = await openPage(browser, options);
  await visit.page.goto(new URL(path, site.url).href);
  await visit.page.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
  });
  return visit;
}

const isWasm = (path) => path.endsWith(".wasm") || path.endsWith("/bundle");

test("nothing is decided again, and no wasm and no bundle is fetched before the first paint", async () => {
  const { page, complaints } = await open();
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith(".wasm")));
  const { paint, heavy } = await page.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    heavy: performance
      .getEntriesByType("resource")
      .filter(({ name }) => /\.wasm$|\/bundle$/.test(name))
      .map(({ startTime }) => startTime),
  }));
  assert.equal(heavy.length, 2);
  assert.ok(
    heavy.every((start) => start > paint),
    `${heavy} are not all after ${paint}`,
  );
  assert.deepEqual(await slotsOf(page), { hero: { variant: "city", text: "Hello, Gdynia", visible: true } });
  assert.deepEqual(await page.evaluate(() => window.__changes), []);
  assert.equal(await page.evaluate(() => window.__shift), 0);
  assert.deepEqual(site.decisions, []);
  assert.deepEqual(complaints, []);
});

test("the session says what the edge has decided", async () => {
  const { page } = await open();
  const session = await page.evaluate(() => {
    const { decidedBy, slots, exposures } = window.session;
    return { decidedBy, slots, exposures };
  });
  assert.deepEqual(session, {
    decidedBy: "edge",
    slots: {
      hero: { variant: "city", source: "rule", reason: "matched", rule: 1, content: {} },
      late: { variant: "here", source: "rule", reason: "matched", rule: 0, content: {} },
      flow: { variant: "v1", source: "default", reason: "no_match", content: { value: 1 } },
    },
    exposures: [],
  });
});

test("a visitor who saves data loads no engine", async () => {
  visit = await openPage(browser);
  await visit.page.addInitScript(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true } });
    window.__idle = 0;
    const { requestIdleCallback } = window;
    window.requestIdleCallback = (run, options) => {
      window.__idle++;
      return requestIdleCallback(run, options);
    };
  });
  await visit.page.goto(site.url.href, { waitUntil: "load" });
  await visit.page.waitForLoadState("networkidle");
  assert.equal(await visit.page.evaluate(() => window.__idle), 0);
  assert.deepEqual(visit.requests.filter(isWasm), []);
});

test("what the edge knows is asked for once, and counts in decisions of the page", async () => {
  const { page, complaints } = await open();
  const texts = await page.evaluate(async () => {
    const { session } = window;
    const hero = document.querySelector("h1");
    history.pushState(null, "", "/sale");
    await new Promise((resolve) => session.on("change", ({ slot }) => slot === "hero" && resolve()));
    const texts = [hero.textContent, document.querySelector("h1").textContent];
    history.pushState(null, "", "/");
    await new Promise((resolve) => session.on("change", ({ slot }) => slot === "hero" && resolve()));
    return [
      ...texts,
      document.querySelector("h1").textContent,
      session.decidedBy,
      document.documentElement.dataset.slotwise,
    ];
  });
  assert.deepEqual(texts, ["Hello, Gdynia", "Sale in Gdynia", "Hello, Gdynia", "page", "page"]);
  assert.deepEqual(
    site.decisions.map(({ url }) => new URL(url).pathname),
    ["/sale"],
  );
  assert.deepEqual(complaints, []);
});

test("what the page says counts more than what the edge knows, member by member", async () => {
  const { page } = await open();
  const hero = await page.evaluate(async () => {
    await window.session.update({ attributes: { geo: { region: "north" }, plan: "pro" } });
    return [document.querySelector("h1").textContent, window.session.slots.flow.content.value];
  });
  assert.deepEqual(hero, ["Hello, Gdynia", 2]);
  const other = await page.evaluate(async () => {
    await window.session.update({ attributes: { geo: { city: "Sopot" } } });
    return document.querySelector("h1").textContent;
  });
  assert.equal(other, "Hello, Sopot");
});

for (const [what, path] of [
  ["edge", "/_slotwise/decide"],
  ["bundle", "/_slotwise/bundle"],
  ["engine", "/_slotwise/runtime.wasm"],
]) {
  test(`everything stays as it is when the ${what} cannot be reached, and goes on when it can again`, async () => {
    visit = await openPage(browser);
    const { page, exceptions } = visit;
    // The route stays: to take it away would lose whatever is being asked for at that moment.
    let isReached = false;
    await page.route(`**${path}`, (route) => (isReached ? route.continue() : route.abort()));
    await page.goto(site.url.href);
    const stays = await page.evaluate(async () => {
      window.session = await (await import("/_slotwise/slotwise.js")).session;
      await window.session.update({ attributes: { plan: "pro" } });
      return [document.querySelector("h1").textContent, window.session.slots.flow.variant, window.session.decidedBy];
    });
    assert.deepEqual(stays, ["Hello, Gdynia", "v1", "edge"]);
    isReached = true;
    const goesOn = await page.evaluate(async () => {
      await window.session.update({});
      return [document.querySelector("h1").textContent, window.session.slots.flow.variant, window.session.decidedBy];
    });
    assert.deepEqual(goesOn, ["Hello, Gdynia", "v2", "page"]);
    assert.deepEqual(exceptions, []);
  });
}

test("a slot that appears later is held until its content is there, and never shows the default", async () => {
  const { page } = await open();
  const seen = await page.evaluate(async () => {
    const seen = [];
    const slot = document.createElement("div");
    slot.dataset.slot = "late";
    slot.textContent = "default";
    document.body.append(slot);
    for (let frame = 0; frame < 300 && seen.at(-1) !== "Only in Gdynia"; frame++) {
      await new Promise(requestAnimationFrame);
      const text = getComputedStyle(slot).visibility === "visible" ? slot.textContent : "(held)";
      if (seen.at(-1) !== text) seen.push(text);
    }
    return seen;
  });
  assert.deepEqual(
    seen.filter((text) => text !== "(held)"),
    ["Only in Gdynia"],
  );
});

test("a slot that appears later is seen as it is when its content does not come in time, and is not swapped then", async () => {
  let answer;
  const { page } = await (async () => {
    visit = await openPage(browser);
    await visit.page.route("**/_slotwise/decide", async (route) => {
      await new Promise((resolve) => {
        answer = resolve;
      });
      await route.continue();
    });
    await visit.page.goto(site.url.href);
    return visit;
  })();
  const held = await page.evaluate(async () => {
    await (await import("/_slotwise/slotwise.js")).session;
    const slot = document.createElement("div");
    slot.dataset.slot = "late";
    slot.textContent = "default";
    await new Promise((resolve) => setTimeout(resolve, 100));
    const appeared = performance.now();
    document.body.append(slot);
    await new Promise(requestAnimationFrame);
    const { visibility } = getComputedStyle(slot);
    while (getComputedStyle(slot).visibility === "hidden") await new Promise(requestAnimationFrame);
    return { visibility, text: slot.textContent, after: performance.now() - appeared };
  });
  assert.equal(held.visibility, "hidden");
  assert.equal(held.text, "default");
  assert.ok(held.after > 900 && held.after < 1500, `${held.after} ms`);
  answer();
  await page.waitForFunction(() => document.documentElement.dataset.slotwise === "page");
  assert.equal(await page.locator('[data-slot="late"]').textContent(), "default");
});

test("an element whose name is of no slot is left alone, and nothing is fetched for it", async () => {
  const { page, requests } = await open();
  await page.evaluate(async () => {
    document.body.insertAdjacentHTML("beforeend", '<button data-slot="button">Buy</button>');
    await new Promise(requestAnimationFrame);
  });
  assert.equal(await page.locator("button").evaluate((element) => getComputedStyle(element).visibility), "visible");
  assert.ok(!requests.includes("/_slotwise/decide"));
});

test("a forced preview is shown where the edge has not done it, and stays for the tab", async () => {
  const { page } = await open("/?slotwise=hero:sale");
  await page.getByText("Sale in Gdynia").waitFor();
  await page.goto(site.url.href);
  await page.getByText("Sale in Gdynia").waitFor();
  await page.goto(new URL("/?slotwise=off", site.url).href);
  await page.evaluate(async () => (await import("/_slotwise/slotwise.js")).session);
  assert.equal(await page.locator("h1").textContent(), "Hello, Gdynia");
});

test("explains what the edge decides, with every step", async () => {
  const { page } = await open();
  const { steps, result } = await page.evaluate(() => window.session.explain());
  assert.equal(result.slots.hero.variant, "city");
  assert.ok(steps.hero.length > 1);
  assert.equal(site.decisions[0].explain, true);
});

// When a variant counts as seen: at least half of the slot, for a second, while somebody can look; once per experiment and page.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { slot, startAdaptedSite } from "../support/adapted-site.mjs";
import { launch, openPage, prerendered } from "../support/browser.mjs";

const tested = (experiment, variants = { plain: {}, urgent: { html: "<p>Urgent</p>" } }) => ({
  default: "plain",
  variants,
  rules: [{ experiment }],
});
const certain = { variants: { plain: 0, urgent: 1 }, hashAttribute: "user" };
const BUNDLE = {
  consent: { ids: "none", experiments: "none" },
  holdouts: { all: { coverage: 1, hashAttribute: "user" } },
  experiments: { cta: certain, other: certain, held: { ...certain, holdout: "all" } },
  slots: {
    hero: tested("cta"),
    second: tested("cta"),
    other: tested("other"),
    held: tested("held"),
    flow: tested("other", { plain: { value: 1 }, urgent: { value: 2 } }),
    fixed: { default: "it", variants: { it: { html: "<p>Always</p>" } } },
  },
};
const CONTEXT = '<script type="application/json" id="slotwise-context">{"attributes":{"user":"u1"}}</script>';
const EXPOSURE = { experiment: "cta", arm: "urgent", hashAttribute: "user" };

let site;
let browser;
let visit;
before(async () => {
  [site, browser] = await Promise.all([startAdaptedSite(BUNDLE), launch()]);
  const rules = [
    ".box { height: 200px }",
    ".tall { height: 3000px }",
    ".space { height: 700px }",
    ".clear { opacity: 0 }",
  ];
  site.answers.set("/style.css", (_, response) =>
    response.writeHead(200, { "content-type": "text/css" }).end(`body, p { margin: 0 } ${rules.join(" ")}`),
  );
});
after(async () => {
  await browser?.close();
  site?.close();
});
afterEach(() => visit?.close());

/** Opens a page, 600 pixels high, whose clock stands still, and whose exposures are noted. */
async function open(body, { script, edge = false } = {}) {
  const head = '<link rel="stylesheet" href="/style.css">';
  site.page("/", (shown) => CONTEXT + (typeof body === "function" ? body(shown) : body), { head, edge });
  visit = await openPage(browser, { viewport: { width: 800, height: 600 } });
  const { page } = visit;
  if (script) await page.addInitScript(script);
  await page.addInitScript(() => {
    window.seen = [];
    window.events = [];
    document.addEventListener("slotwise:exposure", ({ target, detail }) =>
      window.events.push([target.dataset.slot, detail]),
    );
  });
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1000);
  await page.goto(site.url.href);
  await page.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
    window.session.on("exposure", (exposure) => window.seen.push(exposure));
  });
  await looked();
  return visit;
}

const isChunk = (path) => path.includes("/chunk-");

/** Waits until the browser has said what is in sight: observers are told in the order in which they began. */
const looked = () =>
  visit.page.evaluate(async () => {
    for (let round = 0; round < 2; round++) {
      await new Promise((resolve) => new IntersectionObserver(resolve).observe(document.documentElement));
    }
  });

const seen = () =>
  visit.page.evaluate(() => window.seen.map(({ experiment, holdout, slot }) => `${experiment ?? holdout} in ${slot}`));

async function scrollTo(top) {
  await visit.page.evaluate((top) => window.scrollTo(0, top), top);
  await looked();
}

test("after a second, and not before; told to listeners and by an event", async () => {
  const { page, complaints } = await open(slot("hero", undefined, "<p>Plain</p>", 'class="box"'));
  await page.clock.runFor(990);
  assert.deepEqual(await seen(), []);
  await page.clock.runFor(10);
  const exposures = await page.evaluate(() => ({ seen: window.seen, events: window.events }));
  const [{ bucket, ...exposure }] = exposures.seen;
  assert.ok(bucket >= 0 && bucket < 1);
  assert.deepEqual(exposure, { ...EXPOSURE, slots: ["hero", "second"], slot: "hero", page: "/" });
  assert.deepEqual(exposures.events, [["hero", exposures.seen[0]]]);
  await page.clock.runFor(10_000);
  assert.deepEqual(await seen(), ["cta in hero"]);
  assert.deepEqual(complaints, []);
});

test("onExposure is told, and a listener that fails is reported and disturbs nobody", async () => {
  site.script(
    "/own.js",
    `import { personalize } from "/_slotwise/browser.js";
     window.told = [];
     const session = await personalize({ onExposure: ({ slot }) => { window.told.push(slot); throw new Error("broken listener"); } });
     window.isSame = session === (await (await import("/_slotwise/slotwise.js")).session);`,
  );
  site.page("/own", () => `${CONTEXT}${slot("hero")}<script type="module" src="/own.js"></script>`);
  visit = await openPage(browser);
  const { page, exceptions } = visit;
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1000);
  await page.goto(new URL("/own", site.url).href);
  await page.waitForFunction(() => window.isSame);
  await page.evaluate(async () => {
    window.seen = [];
    window.session = await (await import("/_slotwise/slotwise.js")).session;
    window.session.on("exposure", (exposure) => window.seen.push(exposure));
  });
  await looked();
  await page.clock.runFor(1000);
  assert.deepEqual(await page.evaluate(() => window.told), ["hero"]);
  assert.deepEqual(await seen(), ["cta in hero"]);
  assert.deepEqual(exceptions, ["broken listener"]);
});

test("not where less than half is in sight", async () => {
  const { page } = await open(
    `<div class="space"></div>${slot("hero", undefined, "", 'class="box"')}<div class="tall"></div>`,
  );
  await scrollTo(190);
  await page.clock.runFor(5000);
  assert.deepEqual(await seen(), []);
  await scrollTo(210);
  await page.clock.runFor(1000);
  assert.deepEqual(await seen(), ["cta in hero"]);
});

test("not when it is scrolled away within the second; coming back counts from the start", async () => {
  const { page } = await open(`${slot("hero", undefined, "", 'class="box"')}<div class="tall"></div>`);
  await page.clock.runFor(700);
  await scrollTo(1000);
  await page.clock.runFor(5000);
  await scrollTo(0);
  await page.clock.runFor(700);
  assert.deepEqual(await seen(), []);
  await page.clock.runFor(300);
  assert.deepEqual(await seen(), ["cta in hero"]);
});

test("a slot taller than the screen has to cover half of the screen", async () => {
  const { page } = await open(`<div class="space"></div>${slot("hero", undefined, "", 'class="tall"')}`);
  await scrollTo(350);
  await page.clock.runFor(5000);
  assert.deepEqual(await seen(), []);
  await scrollTo(450);
  await page.clock.runFor(1000);
  assert.deepEqual(await seen(), ["cta in hero"]);
});

test("not while the tab is hidden", async () => {
  const { page } = await open(slot("hero", undefined, "", 'class="box"'));
  const setVisibility = (state) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await page.clock.runFor(700);
  await setVisibility("hidden");
  await page.clock.runFor(5000);
  await setVisibility("visible");
  await page.clock.runFor(700);
  assert.deepEqual(await seen(), []);
  await page.clock.runFor(300);
  assert.deepEqual(await seen(), ["cta in hero"]);
});

test("not while it cannot be seen in its place", async () => {
  const { page } = await open(slot("hero", undefined, "", 'class="box clear"'));
  await page.clock.runFor(5000);
  assert.deepEqual(await seen(), []);
  await page.evaluate(() => document.querySelector(".clear").classList.remove("clear"));
  await page.clock.runFor(1000);
  assert.deepEqual(await seen(), ["cta in hero"]);
});

test("a slot without a box of its own counts by its content", async () => {
  site.answers.set("/contents.css", (_, response) =>
    response.writeHead(200, { "content-type": "text/css" }).end("[data-slot] { display: contents }"),
  );
  const { page } = await open(`<link rel="stylesheet" href="/contents.css">${slot("hero")}`);
  await page.clock.runFor(1000);
  assert.deepEqual(await seen(), ["cta in hero"]);
});

test("once for an experiment on a page, whichever slot is seen first, and again on another page", async () => {
  const { page } = await open(`${slot("second")}${slot("hero")}${slot("other")}${slot("fixed")}`);
  await page.clock.runFor(1000);
  assert.deepEqual((await seen()).sort(), ["cta in second", "other in other"]);
  const go = async (path) => {
    await page.evaluate(async (path) => {
      window.seen = [];
      history.pushState(null, "", path);
      await window.session.update({});
    }, path);
    await looked();
    await page.clock.runFor(3000);
    return (await seen()).sort();
  };
  assert.deepEqual(await go("/?page=2"), []);
  assert.deepEqual(await go("/other"), ["cta in second", "other in other"]);
  assert.deepEqual(await go("/"), []);
});

test("a navigation within the second starts it anew", async () => {
  const { page } = await open(slot("hero"));
  await page.clock.runFor(700);
  await page.evaluate(async () => {
    history.pushState(null, "", "/other");
    await window.session.update({});
  });
  await page.clock.runFor(700);
  assert.deepEqual(await seen(), []);
  await page.clock.runFor(300);
  assert.deepEqual(await page.evaluate(() => window.seen.map((exposure) => exposure.page)), ["/other"]);
});

test("visitors who are held out are exposed to that", async () => {
  const { page } = await open(slot("held"));
  await page.clock.runFor(1000);
  assert.deepEqual(await seen(), ["all in held"]);
});

test("values are seen when the code says so", async () => {
  const { page } = await open("<p>No slot</p>");
  const both = await page.evaluate(async () => {
    window.session.expose("flow");
    window.session.expose("flow");
    window.session.expose("nothing-of-that-name");
    await Promise.resolve();
    await new Promise((resolve) => queueMicrotask(resolve));
    return window.events.length;
  });
  assert.equal(both, 0);
  assert.deepEqual(await seen(), ["other in flow"]);
});

test("what is forced, and what no experiment decided, is no exposure", async () => {
  const { page } = await open(`${slot("hero")}${slot("fixed")}`);
  await page.evaluate(() => window.session.update({ force: { hero: "urgent" } }));
  await looked();
  await page.clock.runFor(5000);
  assert.deepEqual(await seen(), []);
});

test("a prerendered page waits until it is opened", async () => {
  const { page } = await open(slot("hero"), {
    script: prerendered,
  });
  await page.clock.runFor(5000);
  assert.deepEqual(await seen(), []);
  await page.evaluate(() => window.activate());
  await page.clock.runFor(1000);
  assert.deepEqual(await seen(), ["cta in hero"]);
});

test("what the edge has decided counts alike", async () => {
  site.knows = { user: "u1" };
  const { page, requests } = await open((shown) => slot("hero", shown, "<p>Plain</p>"), { edge: true });
  while (!requests.some(isChunk)) await page.waitForRequest((request) => isChunk(request.url()));
  await page.evaluate((path) => import(path), requests.find(isChunk));
  await looked();
  await page.clock.runFor(1000);
  assert.deepEqual(await page.evaluate(() => window.seen), [
    { ...EXPOSURE, slots: ["hero", "second"], slot: "hero", page: "/" },
  ]);
  assert.ok(!requests.includes("/_slotwise/decide"));
});

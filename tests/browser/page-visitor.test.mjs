// What is kept of a visitor, and that nothing is without consent; several tabs; pages that are prerendered or come back.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { chromiumOptions } from "../../tools/chromium.mjs";
import { slot, startAdaptedSite } from "../support/adapted-site.mjs";
import { launch, prerendered } from "../support/browser.mjs";

const BUNDLE = {
  experiments: { cta: { variants: { plain: 0, urgent: 1 }, sticky: true } },
  slots: {
    hero: {
      default: "base",
      variants: { base: {}, plain: {}, urgent: { html: "<h1>Urgent</h1>" } },
      rules: [{ experiment: "cta" }],
    },
  },
};
const YES = { personalization: true };
const CONSENT = { name: "slotwise_consent", value: "personalization" };

let site;
let browser;
let context;
before(async () => {
  [site, browser] = await Promise.all([startAdaptedSite(BUNDLE), launch()]);
  const page = () => `${slot("hero", undefined, "<h1>Page</h1>")}<a href="/away">away</a>`;
  site.page("/", page);
  site.page("/away", () => "<p>Away</p>");
  site.page("/gpc", page, { tag: 'data-gpc="ignore"' });
  site.page("/named", page, { tag: 'data-consent-cookie="cmp"' });
  site.page(
    "/script",
    () =>
      `<script type="application/json" id="slotwise-context">{"consent":{"personalization":true}}</script>${page()}`,
  );
  site.page("/broken", () => `<script type="application/json" id="slotwise-context">{"consent":</script>${page()}`);
  site.page("/edge", (shown) => slot("hero", shown, "<h1>Page</h1>"), { edge: true });
});
after(async () => {
  await browser?.close();
  site?.close();
});
afterEach(() => context?.close());

async function visitor({ consents = false, script } = {}) {
  context = await browser.newContext();
  if (consents) await context.addCookies([{ ...CONSENT, url: site.url.href }]);
  if (script) await context.addInitScript(script);
  return context;
}

async function open(path = "/") {
  const page = await context.newPage();
  await page.goto(new URL(path, site.url).href);
  await ready(page);
  return page;
}

const ready = (page) =>
  page.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
  });
const hero = (page) => page.evaluate(() => window.session.slots.hero.reason);
const heading = (page) => page.locator("h1").textContent();
const cookies = async () => Object.fromEntries((await context.cookies()).map(({ name, value }) => [name, value]));
const kept = async () =>
  Object.keys(await cookies())
    .filter((name) => name !== CONSENT.name)
    .sort();

describe("without consent", () => {
  test("nothing is stored, and the context alone decides", async () => {
    await visitor();
    const page = await open();
    assert.equal(await hero(page), "consent_required");
    assert.deepEqual(await kept(), []);
    assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
    assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).length), 0);
  });

  test("an id from earlier is not read", async () => {
    await visitor();
    await context.addCookies([{ name: "slotwise_id", value: "a".repeat(32), url: site.url.href }]);
    assert.equal(await hero(await open()), "consent_required");
  });

  for (const [path, expected] of [
    ["/", "consent_required"],
    ["/gpc", "assigned"],
  ]) {
    test(`Global Privacy Control ${path === "/" ? "is a refusal" : "is no refusal where the site says so"}`, async () => {
      await visitor({
        consents: true,
        script: () => Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true }),
      });
      assert.equal(await hero(await open(path)), expected);
      assert.equal((await kept()).length > 0, path === "/gpc");
    });
  }
});

describe("with consent", () => {
  test("an id is made and kept with the arm, first-party and for a year", async () => {
    await visitor({ consents: true });
    const page = await open();
    assert.equal(await heading(page), "Urgent");
    const all = await context.cookies();
    const { value, expires, ...cookie } = all.find(({ name }) => name === "slotwise_id");
    assert.match(value, /^[0-9a-f]{32}$/);
    assert.ok(Math.abs(expires - Date.now() / 1000 - 365 * 24 * 3600) < 60);
    const first = { domain: site.url.hostname, path: "/", httpOnly: false, secure: true, sameSite: "Lax" };
    assert.deepEqual(cookie, { name: "slotwise_id", ...first });
    assert.equal((await cookies()).slotwise_sticky, "cta__0=urgent");
  });

  test("the id is the same on the next page, and the arm is the one that was given", async () => {
    await visitor({ consents: true });
    const page = await open();
    const { slotwise_id } = await cookies();
    await page.reload();
    await ready(page);
    assert.equal((await cookies()).slotwise_id, slotwise_id);
    assert.equal(await hero(page), "sticky");
  });

  test("an id that the site gives is used, and none is made", async () => {
    await visitor({ consents: true });
    site.page(
      "/own-id",
      () => `<script type="application/json" id="slotwise-context">{"attributes":{"id":"u1"}}</script>${slot("hero")}`,
    );
    assert.equal(await hero(await open("/own-id")), "assigned");
    assert.deepEqual(await kept(), ["slotwise_sticky"]);
  });

  test("consent may be in another cookie, or in the page", async () => {
    await visitor();
    await context.addCookies([{ name: "cmp", value: "personalization.ads", url: site.url.href }]);
    assert.equal(await hero(await open("/named")), "assigned");
    await context.clearCookies();
    assert.equal(await hero(await open("/script")), "assigned");
    await context.clearCookies();
    assert.equal(await hero(await open("/broken")), "consent_required");
  });

  test("nobody is split by an id that cannot be kept", async () => {
    await visitor({
      consents: true,
      script: () =>
        Object.defineProperty(Document.prototype, "cookie", {
          get: () => "slotwise_consent=personalization",
          set: () => {},
        }),
    });
    assert.equal(await hero(await open()), "no_hash_value");
  });

  test("a bundle that reads no id makes none", async () => {
    const other = await startAdaptedSite({
      slots: { hero: { default: "it", variants: { it: { html: "<h1>It</h1>" } } } },
    });
    try {
      other.page("/", () => slot("hero"));
      context = await browser.newContext();
      await context.addCookies([{ ...CONSENT, url: other.url.href }]);
      const page = await context.newPage();
      await page.goto(other.url.href);
      await ready(page);
      assert.equal(await heading(page), "It");
      assert.deepEqual(await kept(), []);
    } finally {
      other.close();
    }
  });
});

test("arms that do not fit the cookie do not have it written again with every decision", async () => {
  const names = Array.from({ length: 12 }, (_, place) => `e${place}`);
  const arm = "long".repeat(25);
  const other = await startAdaptedSite({
    experiments: Object.fromEntries(names.map((name) => [name, { variants: { [arm]: 1, no: 0 }, sticky: true }])),
    slots: Object.fromEntries(
      names.map((name) => [name, { default: arm, variants: { [arm]: {}, no: {} }, rules: [{ experiment: name }] }]),
    ),
  });
  try {
    other.page("/", () => slot("e0"));
    context = await browser.newContext();
    await context.addCookies([{ ...CONSENT, url: other.url.href }]);
    await context.addInitScript(() => {
      window.written = [];
      const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
      Object.defineProperty(document, "cookie", {
        get: () => get.call(document),
        set(text) {
          window.written.push(text.split("=")[0]);
          set.call(document, text);
        },
      });
    });
    const page = await context.newPage();
    await page.goto(other.url.href);
    await ready(page);
    assert.equal(Object.keys(await page.evaluate(() => window.session.slots)).length, names.length);
    const { slotwise_sticky } = await cookies();
    // Each has 106 characters, with an ampersand before it: nine fit into 1,024.
    assert.equal(slotwise_sticky.split("&").length, 9, slotwise_sticky);
    await page.evaluate(() => window.session.update({ attributes: { plan: "pro" } }));
    assert.deepEqual(await page.evaluate(() => window.written), ["slotwise_id", "slotwise_sticky"]);
  } finally {
    other.close();
  }
});

for (const what of ["with locks", "without locks"]) {
  test(`tabs that make an id at once end with one, ${what}`, async () => {
    const script = what === "with locks" ? undefined : () => delete Navigator.prototype.locks;
    await visitor({ consents: true, script });
    const pages = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
    await Promise.all(pages.map((page) => page.goto(site.url.href)));
    await Promise.all(pages.map(ready));
    const { slotwise_id } = await cookies();
    const buckets = await Promise.all(pages.map((page) => page.evaluate(() => window.session.slots.hero.bucket)));
    assert.match(slotwise_id, /^[0-9a-f]{32}$/);
    if (what === "with locks") assert.equal(new Set(buckets).size, 1, `${buckets}`);
  });
}

test("update() with consent makes an id, and taking it back deletes what was kept", async () => {
  await visitor();
  const page = await open();
  await page.evaluate((consent) => window.session.update({ consent }), YES);
  assert.equal(await heading(page), "Urgent");
  assert.deepEqual(await kept(), ["slotwise_id", "slotwise_sticky"]);
  await page.evaluate(() => window.session.update({ consent: { personalization: false } }));
  assert.equal(await heading(page), "Page");
  assert.deepEqual(await kept(), []);
});

test("forget() deletes what is kept, and is heard in other tabs", async () => {
  await visitor({ consents: true });
  const pages = [await open(), await open()];
  assert.equal(await heading(pages[1]), "Urgent");
  await pages[0].evaluate(() => window.session.forget());
  for (const page of pages) {
    await page.getByRole("heading", { name: "Page" }).waitFor();
    assert.equal(await hero(page), "consent_required");
  }
  assert.deepEqual(await kept(), []);
  // The site's own cookie still says yes; this page goes on without.
  await pages[0].evaluate(() => window.session.update({ attributes: { plan: "pro" } }));
  assert.deepEqual(await kept(), []);
});

test("forget() after the edge's decision", async () => {
  await visitor({ consents: true });
  await context.addCookies([{ name: "slotwise_id", value: "b".repeat(32), url: site.url.href }]);
  const page = await open("/edge");
  assert.equal(await hero(page), "assigned");
  await page.evaluate(() => window.session.forget());
  assert.deepEqual(await kept(), []);
  assert.deepEqual(site.decisions.at(-1).consent, {});
});

test("consent that is taken back in another tab is heard", async () => {
  await visitor({ consents: true });
  const [page, other] = [await open(), await open()];
  await other.evaluate(() => window.session.update({ consent: { personalization: false } }));
  await page.getByRole("heading", { name: "Page" }).waitFor();
  assert.deepEqual(await kept(), []);
});

test("consent that the site takes back by its cookie is heard, and what it gives waits for the next decision", async () => {
  await visitor();
  const page = await open();
  await page.evaluate(async () => {
    await cookieStore.set("slotwise_consent", "personalization");
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  assert.equal(await heading(page), "Page");
  await page.evaluate(() => window.session.update({}));
  assert.equal(await heading(page), "Urgent");
  await page.evaluate(() => cookieStore.set("slotwise_consent", "none"));
  await page.getByRole("heading", { name: "Page" }).waitFor();
  assert.deepEqual(await kept(), []);
});

test("a prerendered page keeps nothing until it is opened, and is not swapped then", async () => {
  await visitor({
    consents: true,
    script: prerendered,
  });
  const page = await open();
  assert.equal(await heading(page), "Urgent");
  assert.deepEqual(await kept(), []);
  const bucket = await page.evaluate(async () => {
    window.activate();
    while (!document.cookie.includes("slotwise_id")) await new Promise((resolve) => setTimeout(resolve, 5));
    await window.session.update({});
    return [window.session.slots.hero.bucket, window.session.slots.hero.variant];
  });
  assert.equal(bucket[1], "urgent");
  assert.deepEqual(await kept(), ["slotwise_id", "slotwise_sticky"]);
});

describe("the back/forward cache", () => {
  let cached;
  before(async () => {
    // playwright turns it off.
    cached = await chromium.launch({ ...chromiumOptions(), ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  });
  after(() => cached?.close());

  test("holds the page, which counts no exposure twice and reads consent again", async () => {
    context = await cached.newContext();
    await context.addCookies([{ ...CONSENT, url: site.url.href }]);
    const page = await context.newPage();
    await page.goto(site.url.href);
    await ready(page);
    await page.evaluate(() => {
      window.seen = [];
      window.persisted = false;
      addEventListener("pageshow", (event) => {
        window.persisted = event.persisted;
      });
      return new Promise((resolve) => {
        window.session.on("exposure", (exposure) => {
          window.seen.push(exposure.experiment);
          resolve();
        });
      });
    });
    await page.goto(new URL("/away", site.url).href);
    await page.goBack({ waitUntil: "commit" });
    await page.waitForFunction(() => window.persisted);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1300)));
    assert.deepEqual(await page.evaluate(() => window.seen), ["cta"]);
    assert.equal(await heading(page), "Urgent");

    await page.goto(new URL("/away", site.url).href);
    await context.addCookies([{ ...CONSENT, value: "none", url: site.url.href }]);
    await page.goBack({ waitUntil: "commit" });
    await page.getByRole("heading", { name: "Page" }).waitFor();
    assert.equal(await page.evaluate(() => window.persisted), true);
    assert.deepEqual(await kept(), []);
  });
});

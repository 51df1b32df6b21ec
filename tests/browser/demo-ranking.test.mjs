// The demonstration's rows in Chromium through the real Worker: what a visitor does decides what is in them next, at the edge and in
// the page alike, and every card says why it is there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { demoLog } from "../../tools/demo-log.mjs";
import { items } from "../../tools/site-pages.mjs";
import { personaFields, VISITORS } from "../../tools/visitors.mjs";
import { seriousViolations } from "../support/axe.mjs";
import { launch, openPage, settled } from "../support/browser.mjs";
import { startWorker } from "../support/worker.mjs";

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const ITEMS = new Map(items().map((item) => [item.id, item]));
const GRINDERS = ["/equipment/travel-grinder/", "/equipment/grinder/"];
/** Somebody in Kraków, whoever they are: only their place is a persona's. */
const IN_KRAKOW = `?${new URLSearchParams({ "as.place": JSON.stringify({ country: "PL", city: "Kraków" }) })}`;

const GOES_WITH = JSON.parse(readFileSync("www/goes-with.json", "utf8"));
const LOG = demoLog()
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

/** The items that most visitors of a country chose, by the log that the model was learned from. */
function mostChosen(country) {
  const choosers = new Map();
  for (const { visitor, item } of LOG.filter(({ attributes }) => attributes.geo.country === country)) {
    choosers.set(item, (choosers.get(item) ?? new Set()).add(visitor));
  }
  return [...choosers].sort(([, one], [, other]) => other.size - one.size).map(([item]) => item);
}

let worker;
let browser;
let visit;
before(async () => {
  [worker, browser] = await Promise.all([startWorker(), launch()]);
});
after(async () => {
  await browser?.close();
  await worker?.dispose();
});
afterEach(() => visit?.close());

async function open(path = `/${IN_KRAKOW}`, options = {}) {
  visit = await openPage(browser, { viewport: SIZES.desktop, ...options });
  await go(path, options);
  return visit.page;
}

async function go(path, { javaScriptEnabled = true } = {}) {
  await visit.page.goto(new URL(path, worker.url).href);
  if (javaScriptEnabled) await settled(visit.page);
}

/** The items of a row, in its order. */
const rowOf = (page, slot) =>
  page.locator(`[data-slot="${slot}"] [data-item]`).evaluateAll((cards) => cards.map((card) => card.dataset.item));
const headings = (page) => page.locator(".for-you h2, .last-viewed h2").allInnerTexts();

/** The same as the edge has it in the page that it sends to this browser now. */
async function rowAtEdge(page, slot) {
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const answer = await worker.fetch("/", { headers: { accept: "text/html", cookie: cookies } });
  const html = await answer.text();
  const state = JSON.parse(/id="slotwise-state">(.*?)<\/script>/.exec(html)[1]);
  const [, start] = html.split(`data-slot="${slot}"`);
  const cards = [...start.split("data-slot=")[0].matchAll(/data-item="([^"]*)"/g)].map(([, id]) =>
    id.replaceAll("&#x2F;", "/"),
  );
  assert.deepEqual(
    cards,
    state.slots[slot].items.map(({ id }) => id),
    "the markup and the handoff",
  );
  return cards;
}

/** Looks at the pages of items for long enough. */
async function look(page, ...paths) {
  for (const path of paths) {
    await go(path);
    await until(page, (summary, item) => summary.likedItems.some(({ key }) => key === item), path);
  }
}

/** Waits until the profile says something. */
async function until(page, says, given) {
  const isSaid = await page.evaluate(
    async ([source, given]) => {
      const says = new Function(`return (${source})`)();
      const session = await (await import("/_slotwise/slotwise.js")).session;
      const end = performance.now() + 20_000;
      while (performance.now() < end) {
        const summary = await session.profile();
        if (summary !== undefined && says(summary, given)) return true;
        await new Promise(requestAnimationFrame);
      }
      return false;
    },
    [says.toString(), given],
  );
  assert.ok(isSaid, `never: ${says} ${given}`);
}

const accept = (page) => page.getByRole("button", { name: "Yes, follow" }).click();
const cookieNames = async (page) => (await page.context().cookies()).map(({ name }) => name).sort();

describe("somebody of whom nothing is known", () => {
  test("sees what is popular where they are, with and without JavaScript", async () => {
    // What most of those in Poland chose leads there, and what most in Japan did in Tokyo.
    const inTokyo = `?${new URLSearchParams({ "as.place": JSON.stringify({ country: "JP", city: "Tokyo" }) })}`;
    for (const javaScriptEnabled of [true, false]) {
      const page = await open(`/${IN_KRAKOW}`, { javaScriptEnabled });
      assert.deepEqual(await headings(page), ["Popular where you are"]);
      assert.deepEqual((await rowOf(page, "for-you")).slice(0, 2), mostChosen("PL").slice(0, 2));
      await go(`/${inTokyo}`, { javaScriptEnabled });
      assert.deepEqual((await rowOf(page, "for-you")).slice(0, 2), mostChosen("JP").slice(0, 2));
      await visit.close();
    }
  });

  test("sees on an item's page what goes with it", async () => {
    const page = await open("/equipment/cone/", { javaScriptEnabled: false });
    // What visitors of the log go on to from there, which the model has found again.
    assert.deepEqual((await rowOf(page, "with-this")).sort(), Object.keys(GOES_WITH["/equipment/cone/"]).sort());
    await page.locator(".why summary").first().click();
    assert.equal(await page.locator(".why[open] p").innerText(), "It goes well with Bolesławiec cone.");
  });

  test("is shown nothing that is sold out", async () => {
    const page = await open("/equipment/cupping-set/");
    const soldOut = [...ITEMS.values()].filter(({ stock }) => stock === 0).map(({ id }) => id);
    assert.notEqual(soldOut.length, 0);
    for (const id of await rowOf(page, "with-this")) assert.ok(!soldOut.includes(id), id);
  });
});

describe("somebody who has agreed", () => {
  test("sees more of what they looked at, and what goes with the last of it", async () => {
    const page = await open();
    const before = await rowOf(page, "for-you");
    await accept(page);
    await look(page, ...GRINDERS);
    await go("/");
    assert.deepEqual(await headings(page), ["For you", "Because you viewed Hand grinder"]);
    const row = await rowOf(page, "for-you");
    assert.notDeepEqual(row, before);
    assert.deepEqual(
      row.slice(0, 2).map((id) => ITEMS.get(id).category),
      ["grinders", "grinders"],
    );
    for (const id of GRINDERS) assert.ok(!row.includes(id), `${id} has been looked at`);
    // By www/goes-with.json.
    assert.equal((await rowOf(page, "last-viewed")).includes("/equipment/scale/"), true);
    assert.equal(await page.locator("#decided-by").textContent(), "Decided at the edge, before the page was sent.");
    assert.equal(await page.evaluate(() => window.__shift), 0);
    assert.deepEqual(visit.complaints, []);
  });

  test("sees the same in the same order, whether the edge or the page decides", async () => {
    const page = await open();
    await accept(page);
    await look(page, ...GRINDERS);
    await go("/");
    for (const slot of ["for-you", "last-viewed"])
      assert.deepEqual(await rowOf(page, slot), await rowAtEdge(page, slot));
    // From here on the page decides: something else is known of the visitor, at first to the page alone.
    const changed = page.evaluate(async () => {
      const { session } = await import("/_slotwise/slotwise.js");
      return new Promise((resolve) =>
        session.then((live) => live.on("change", ({ slot }) => slot === "for-you" && resolve())),
      );
    });
    await page.evaluate(async () => {
      const session = await (await import("/_slotwise/slotwise.js")).session;
      await session.track("view_item", { item: "/coffee/guji/", category: "coffee" });
    });
    await changed;
    assert.deepEqual(await headings(page), ["For you", "Because you viewed Guji"]);
    for (const slot of ["for-you", "last-viewed"])
      assert.deepEqual(await rowOf(page, slot), await rowAtEdge(page, slot));
  });

  test("says more of a card, and the row changes at once", async () => {
    const page = await open();
    await accept(page);
    await look(page, GRINDERS[0]);
    await go("/");
    const before = await rowOf(page, "for-you");
    await page.locator(".for-you .why summary").first().click();
    // What is done with marked elements is noticed once the page is at rest.
    await until(page, ({ sessions }) => sessions === 1);
    await page.getByRole("button", { name: "Less like this" }).click();
    await page.waitForFunction((id) => document.querySelector(`.for-you [data-item="${id}"]`) === null, before[0]);
    assert.equal((await rowOf(page, "for-you")).length, 6);
    assert.deepEqual(await rowOf(page, "for-you"), await rowAtEdge(page, "for-you"));
  });

  test("may be a persona, whose past is not that of the next one", async () => {
    const [ewa, joe] = VISITORS;
    const page = await open(`/?${personaFields(ewa.context)}`);
    assert.deepEqual(await headings(page), ["Popular where you are"]);
    await look(page, GRINDERS[1]);
    await go("/");
    assert.deepEqual(await headings(page), ["For you", "Because you viewed Hand grinder"]);
    await page.getByRole("link", { name: joe.who }).click();
    await page.waitForURL((url) => url.searchParams.get("as.visitor") === "joe");
    await settled(page);
    assert.deepEqual(await headings(page), ["Popular where you are"]);
  });

  test("is forgotten when they ask for it", async () => {
    const page = await open();
    await accept(page);
    await look(page, GRINDERS[0]);
    await go("/");
    assert.deepEqual(await headings(page), ["For you", "Because you viewed Travel grinder"]);
    await page.getByRole("button", { name: "Forget me" }).click();
    await page.getByRole("heading", { name: "Popular where you are" }).waitFor();
    assert.deepEqual(await headings(page), ["Popular where you are"]);
    assert.deepEqual(await cookieNames(page), ["slotwise_as", "slotwise_consent"]);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Let it follow me");
    await go("/");
    assert.deepEqual(await headings(page), ["Popular where you are"]);
  });
});

test("whoever refuses keeps the rows of their place, and nothing is kept of them", async () => {
  const page = await open();
  const before = await rowOf(page, "for-you");
  await page.getByRole("button", { name: "No, thanks" }).click();
  await go(GRINDERS[0]);
  // As long as it takes to notice a view, and that page is at rest.
  await page.waitForTimeout(2500);
  await go("/");
  assert.deepEqual(await headings(page), ["Popular where you are"]);
  assert.deepEqual(await rowOf(page, "for-you"), before);
  assert.deepEqual(await cookieNames(page), ["slotwise_as", "slotwise_consent"]);
  assert.equal(await page.locator(".follow").innerText(), "This row goes by your place alone.\nLet it follow me");
});

describe("why this?", () => {
  test("opens with the keyboard, and says it in words and in shares", async () => {
    const page = await open();
    await accept(page);
    await look(page, ...GRINDERS);
    await go("/");
    await page.locator(".for-you h3 a").first().focus();
    await page.keyboard.press("Tab");
    const [first] = await rowOf(page, "for-you");
    const asked = await page.evaluate(() => document.activeElement.textContent);
    assert.equal(asked, `Why this? ${ITEMS.get(first).name}`);
    await page.keyboard.press("Enter");
    const why = page.locator(".for-you .why[open]");
    await why.locator(".shares").waitFor();
    assert.match(
      await why.locator("p").first().innerText(),
      /^It is much like (Travel grinder|Hand grinder), which you looked at\.$/,
    );
    const shares = (await why.locator(".shares li").allInnerTexts()).map((text) => text.split("\n"));
    assert.equal(shares[0][0], "Alike");
    const percents = shares.map(([, percent]) => Number.parseInt(percent, 10));
    assert.ok(
      percents.every((percent, index) => index === 0 || percent <= percents[index - 1]),
      `${percents}`,
    );
    assert.ok(
      Math.abs(percents.reduce((sum, percent) => sum + Math.abs(percent), 0) - 100) <= percents.length,
      `${percents}`,
    );
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "More like this");
  });

  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      test(`axe finds nothing serious while it is open: ${size}, ${colorScheme}`, async () => {
        const page = await open("/", { viewport, colorScheme });
        await accept(page);
        await look(page, GRINDERS[0]);
        await go("/");
        await page.locator(".for-you .why summary").first().click();
        await page.locator(".for-you .shares").waitFor();
        assert.deepEqual(await seriousViolations(page), []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
      });
    }
  }
});

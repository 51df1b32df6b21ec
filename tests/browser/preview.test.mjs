// The preview's overlay in Chromium, on a page with the strictest policy that the package supports.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { build } from "esbuild";
import { load } from "../../pkg/dist/index.node.js";
import { AXE } from "../support/axe.mjs";
import { launch, openPage } from "../support/browser.mjs";
import { compiled } from "../support/bundles.mjs";
import { startStaticServer } from "../support/static-server.mjs";

const FOLDER = "target/test-preview";
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const BUNDLE = {
  revision: 3,
  consent: { ids: "none", experiments: "none" },
  segments: { "big-city-morning": { "geo.city": { $in: ["New York", "Kraków"] }, "time.hour": { $lt: 12 } } },
  experiments: { cta: { variants: { control: 0.5, urgent: 0.5 } } },
  slots: {
    hero: {
      default: "base",
      variants: {
        base: {},
        morning: { html: "<h1>Good morning, {{geo.city}}</h1>" },
        evening: { html: "<h1>Good evening</h1>" },
      },
      rules: [{ id: "morning", when: { $segment: "big-city-morning" }, show: "morning" }],
    },
    order: {
      default: "control",
      variants: { control: {}, urgent: { patches: [{ op: "text", selector: "a", value: "Order today" }] } },
      rules: [{ id: "cta", experiment: "cta" }],
    },
    delivery: {
      default: "standard",
      variants: { standard: { value: { days: 2 } }, local: { value: { days: 0 } } },
      rules: [{ when: { "geo.country": "PL" }, show: "local" }],
    },
  },
};
const ADA = { attributes: { id: "ada", geo: { city: "Kraków" } }, timeZone: 60, now: Date.UTC(2026, 10, 20, 8) };

let engine;
let server;
let browser;
let visit;
before(async () => {
  const client = build({
    entryPoints: ["tests/support/preview-client.mjs"],
    outfile: `${FOLDER}/client.js`,
    bundle: true,
    format: "esm",
  });
  [engine, server, browser] = await Promise.all([
    compiled(BUNDLE).then(load),
    startStaticServer(FOLDER),
    launch(),
    client,
  ]);
});
after(async () => {
  await browser?.close();
  server?.close();
});
afterEach(() => visit?.close());

/** What a session of the engine's would say of a context. */
async function said(context = ADA) {
  const { result, steps } = await engine.explain(context);
  // The edge's handoff has no buckets; an explanation has.
  const without = Object.entries(result.slots).map(([name, { bucket: _, ...shown }]) => [name, shown]);
  const variants = Object.fromEntries(engine.slots.map((slot) => [slot, engine.variants(slot)]));
  return { slots: Object.fromEntries(without), explained: result.slots, steps, variants };
}

async function open(how, { path = "/page?a=1", ...options } = {}) {
  const json = JSON.stringify(how).replaceAll("<", "\\u003c");
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Shop</title><link rel="icon" href="/icon"><link rel="stylesheet" href="/style.css">
<header><b>Beanery</b><nav><a href="/coffee">Coffee</a> <a href="/tea">Tea</a></nav></header>
<main><section data-slot="hero" data-slotwise="morning"><h1>Good morning, Kraków</h1></section>
<p>Three coffees a season, from growers we know by name. Roasted in Kraków, sent the same day.</p>
<p data-slot="order"><a id="order" href="/order">Order coffee</a></p><p>Free delivery from 120 zł, in 2 days.</p></main>
<script type="application/json" id="how">${json}</script><script type="module" src="/client.js"></script></html>`;
  const css = `body { margin: 0; font: 18px/1.5 Georgia, serif; color: #2b1d12; background: #fbf6ee } button { background: red !important }
    header, main { padding: 1rem 2rem } header { display: flex; gap: 2rem; background: #3b2415; color: #fff } header a { color: #fff }
    h1 { font-size: 3rem; line-height: 1.1; margin: 2rem 0 } p { max-width: 34rem }`;
  server.answers.set("/page", (_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY });
    response.end(html);
  });
  server.answers.set("/style.css", (_, response) => response.writeHead(200, { "content-type": "text/css" }).end(css));
  server.answers.set("/icon", (_, response) => response.writeHead(204).end());
  visit = await openPage(browser, options);
  await visit.page.goto(new URL(path, server.url).href);
  await visit.page.locator("slotwise-preview").waitFor({ state: "attached" });
  return visit;
}

const panel = (page) => page.getByRole("complementary", { name: "Preview" });
const card = (page, slot) => page.getByRole("region", { name: slot, exact: true });
/** What has the focus, inside the overlay or outside of it. */
const focused = (page) =>
  page.evaluate(() => {
    const host = document.activeElement;
    const element = host?.shadowRoot?.activeElement ?? host;
    return element.getAttribute("aria-label") || element.id || element.textContent;
  });

describe("what it shows", () => {
  test("each slot's variant, why, and the facts", async () => {
    const { page, complaints } = await open(await said());
    await panel(page).getByText("Decided before the page was sent. No variant is forced.").waitFor();
    const hero = card(page, "hero");
    assert.equal(await hero.locator("strong").textContent(), "morning");
    await hero.getByText("The rule applies").waitFor();
    assert.deepEqual(await hero.locator("dt, dd").allTextContents(), ["Decided by", "a rule", "Rule", "morning"]);
    const { arm } = engine.personalize(ADA).slots.order;
    assert.deepEqual(await card(page, "order").locator("dt, dd").allTextContents(), [
      ...["Decided by", "an experiment", "Rule", "cta", "Experiment", "cta", "Arm", arm],
    ]);
    const delivery = card(page, "delivery");
    await delivery.getByText("No rule applies to this visitor, so the default shows.").waitFor();
    await delivery.getByText("not on this page").waitFor();
    assert.deepEqual(complaints, []);
  });

  test("every step of why, asked for once and on demand", async () => {
    const { page } = await open(await said());
    assert.equal(await page.evaluate(() => window.test.explained()), 0);
    await card(page, "order").getByText("Every step of why").click();
    const { steps, explained } = await said();
    await card(page, "order").locator("li").first().waitFor();
    assert.deepEqual(
      await card(page, "order").locator("li").allTextContents(),
      steps.order.map(({ text }) => text.trim()),
    );
    await card(page, "order").getByText(String(explained.order.bucket), { exact: true }).waitFor();
    await card(page, "hero").getByText("Every step of why").click();
    await card(page, "hero").locator("li").first().waitFor();
    assert.equal(await page.evaluate(() => window.test.explained()), 1);
    // Tests inside of a segment stand further in than the segment.
    const inset = (text) =>
      card(page, "hero")
        .locator("li", { hasText: text })
        .first()
        .evaluate((item) => parseFloat(getComputedStyle(item).paddingInlineStart));
    assert.ok((await inset("geo.city is")) > (await inset("segment")));
  });

  test("what cannot be explained says why, and can be asked for again", async () => {
    const { page } = await open({ ...(await said()), unexplained: "the bundle is not there" });
    const summary = card(page, "hero").getByText("Every step of why");
    await summary.click();
    await card(page, "hero").getByText("This cannot be explained here: the bundle is not there").waitFor();
    assert.equal(await card(page, "hero").locator("li").count(), 0);
  });

  test("a change of the session's", async () => {
    const { page } = await open(await said());
    const evening = await said({ ...ADA, attributes: { id: "ada" }, force: { hero: "evening" } });
    await page.evaluate((slots) => window.test.change(slots), evening.slots);
    assert.equal(await card(page, "hero").locator("strong").textContent(), "evening");
    await card(page, "hero").getByText("This preview asks for it.").waitFor();
    await panel(page).getByText("One variant is forced, in this tab only.").waitFor();
  });

  test("hostile names and values as text", async () => {
    const hostile = '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>';
    const shown = {
      variant: hostile,
      source: hostile,
      reason: hostile,
      rule: hostile,
      experiment: hostile,
      content: {},
    };
    const steps = { [hostile]: [{ step: hostile, text: `  ${hostile}` }], __proto__x: [] };
    const { page, complaints } = await open({ slots: { [hostile]: shown }, variants: { [hostile]: [hostile] }, steps });
    assert.equal(await card(page, hostile).locator("h3").textContent(), hostile);
    await panel(page).getByText("Every step of why").click();
    assert.equal(await panel(page).locator("li").textContent(), hostile);
    const markup = await page.evaluate(() => {
      const root = document.querySelector("slotwise-preview").shadowRoot;
      return [root.querySelectorAll("img, script").length, window.hacked ?? false];
    });
    assert.deepEqual(markup, [0, false]);
    assert.deepEqual(complaints, []);
  });
});

describe("choosing", () => {
  test("another variant is forced in the address", async () => {
    const { page } = await open(await said());
    const apply = panel(page).getByRole("button", { name: "Show the chosen variants" });
    assert.equal(await apply.isVisible(), false);
    await page.getByLabel("Show instead in hero").selectOption("evening");
    await page.getByLabel("Show instead in delivery").selectOption("local");
    await Promise.all([page.waitForEvent("load"), apply.click()]);
    assert.equal(new URL(page.url()).search, "?a=1&slotwise=hero:evening,delivery:local");
    const kept = await page.evaluate(() => JSON.parse(sessionStorage.getItem("kept")));
    assert.deepEqual(kept, { hero: "evening", delivery: "local" });
  });

  test("what is forced is chosen already, and can be given back", async () => {
    const { page } = await open(await said({ ...ADA, force: { hero: "evening" } }), {
      path: "/page?slotwise=hero:evening",
    });
    await panel(page).getByText("One variant is forced").waitFor();
    assert.equal(await page.getByLabel("Show instead in hero").inputValue(), "=evening");
    await page.getByLabel("Show instead in hero").selectOption({ index: 0 });
    await Promise.all([
      page.waitForEvent("load"),
      panel(page).getByRole("button", { name: "Show the chosen variants" }).click(),
    ]);
    assert.equal(new URL(page.url()).search, "?slotwise=on");
    assert.equal(await page.evaluate(() => sessionStorage.getItem("kept")), "{}");
  });

  test("the preview can be ended", async () => {
    const { page } = await open(await said(), { path: "/page?slotwise=hero:evening&b=2#part" });
    await Promise.all([page.waitForEvent("load"), panel(page).getByRole("button", { name: "End preview" }).click()]);
    assert.equal(page.url(), new URL("/page?b=2&slotwise=off#part", server.url).href);
    assert.equal(await page.evaluate(() => sessionStorage.getItem("kept")), "ended");
  });

  test("a link to what is chosen can be copied", async () => {
    const { page } = await open(await said(), { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByLabel("Show instead in hero").selectOption("evening");
    await panel(page).getByRole("button", { name: "Copy link" }).click();
    await panel(page).getByText("The link is copied.").waitFor();
    const link = new URL("/page?a=1&slotwise=hero:evening", server.url).href;
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  });

  test("where copying is not allowed, the link is shown", async () => {
    const { page } = await open(await said());
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    await panel(page).getByRole("button", { name: "Copy link" }).click();
    await panel(page).getByText(new URL("/page?a=1&slotwise=on", server.url).href).waitFor();
  });

  test("names that the address cannot hold cannot be chosen", async () => {
    const shown = { variant: "a", source: "default", reason: "no_match", content: {} };
    const { page } = await open({ slots: { s: shown }, variants: { s: ["a", "b,c", "d:e", "f & g+h"] }, steps: {} });
    const disabled = await page
      .getByLabel("Show instead in s")
      .evaluate((select) => [...select.options].filter((option) => option.disabled).map(({ text }) => text));
    assert.deepEqual(disabled, ["b,c", "d:e"]);
    await page.getByLabel("Show instead in s").selectOption("f & g+h");
    await Promise.all([
      page.waitForEvent("load"),
      panel(page).getByRole("button", { name: "Show the chosen variants" }).click(),
    ]);
    assert.equal(new URL(page.url()).searchParams.get("slotwise"), "s:f & g+h");
  });
});

describe("keyboard", () => {
  test("opens without taking the focus, and the page comes first", async () => {
    const { page } = await open(await said());
    assert.equal(await page.evaluate(() => document.activeElement.localName), "body");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Coffee");
  });

  test("Escape closes and gives the focus back; the button opens and takes it in", async () => {
    const { page } = await open(await said());
    await panel(page).getByRole("button", { name: "Copy link" }).focus();
    await page.keyboard.press("Escape");
    assert.equal(await panel(page).count(), 0);
    const toggle = page.getByRole("button", { name: "Preview", expanded: false });
    assert.equal(await toggle.evaluate((button) => button.getRootNode().activeElement === button), true);
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "panel");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Close the preview panel");
    await page.keyboard.press("Enter");
    assert.equal(await panel(page).count(), 0);
    assert.equal(await toggle.evaluate((button) => button.getRootNode().activeElement === button), true);
  });

  test("everything is reached in order, and the page again after it", async () => {
    const { page } = await open(await said());
    await page.locator("#order").focus();
    const reached = [];
    for (let step = 0; step < 14; step++) {
      await page.keyboard.press("Tab");
      reached.push(await focused(page));
      if (reached.at(-1) === "End preview") break;
    }
    const name = (slot) => [`Find ${slot} on the page`, `Show instead in ${slot}`, "Every step of why"];
    assert.deepEqual(reached, [
      "Close the preview panel",
      ...name("hero"),
      ...name("order"),
      ...name("delivery").slice(1),
      "Copy link",
      "End preview",
    ]);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await card(page, "delivery").locator("li").first().waitFor();
  });

  test("Escape on the page is the page's", async () => {
    const { page } = await open(await said());
    await page.locator("#order").focus();
    await page.keyboard.press("Escape");
    assert.equal(await panel(page).count(), 1);
  });

  test("what has the focus is seen to have it", async () => {
    const { page } = await open(await said());
    await page.locator("#order").focus();
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement.shadowRoot.activeElement);
      return `${outlineStyle} ${outlineWidth}`;
    });
    assert.equal(outline, "solid 2px");
  });
});

test("a panel that was closed stays closed on the tab's next page", async () => {
  const { page } = await open(await said());
  await panel(page).getByRole("button", { name: "Close the preview panel" }).click();
  await page.reload();
  const toggle = page.getByRole("button", { name: "Preview", exact: true });
  await toggle.waitFor();
  assert.equal(await panel(page).count(), 0);
  await toggle.click();
  await page.reload();
  await panel(page).waitFor();
});

test("finds a slot on the page", async () => {
  const { page } = await open(await said(), { viewport: { width: 900, height: 300 } });
  const order = page.locator("#order");
  await page.getByRole("button", { name: "Find order on the page" }).click();
  await page.locator(".spot").waitFor();
  const [frame, element] = await Promise.all([page.locator(".spot").boundingBox(), order.boundingBox()]);
  assert.ok(frame.y <= element.y && frame.y + frame.height >= element.y + element.height);
  assert.ok(element.y > 0 && element.y < 300);
  await page.locator(".spot").waitFor({ state: "detached" });
});

test("taken away, nothing is left of it", async () => {
  const { page } = await open(await said());
  await page.evaluate(() => window.test.close());
  assert.deepEqual(
    await page.evaluate(() => [document.querySelectorAll("slotwise-preview").length, window.test.listeners.size]),
    [0, 0],
  );
});

for (const [device, viewport] of Object.entries({
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
})) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing, on a ${device} in ${colorScheme}, and no policy is violated`, async () => {
      const forced = await said({ ...ADA, force: { order: "urgent" } });
      const { page, complaints } = await open(forced, { viewport, colorScheme, reducedMotion: "reduce" });
      await card(page, "hero").getByText("Every step of why").click();
      await card(page, "hero").locator("li").first().waitFor();
      await page.getByLabel("Show instead in hero").selectOption("evening");
      assert.deepEqual(complaints, []);
      // It lives beside the body, where axe cannot tell contrasts.
      await page.evaluate(() => document.body.append(document.querySelector("slotwise-preview")));
      await page.evaluate(AXE);
      const { violations, passes } = await page.evaluate(() => window.axe.run(["slotwise-preview"]));
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
        [],
      );
      const contrast = passes.find(({ id }) => id === "color-contrast");
      assert.ok(contrast.nodes.length > 10, "the contrast of what is in the shadow root was not looked at");
    });
  }
}

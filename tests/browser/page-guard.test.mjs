// Slots that come, go and are written over by the page's own scripts.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { slot, startAdaptedSite } from "../support/adapted-site.mjs";
import { launch, openPage } from "../support/browser.mjs";

const always = (variant, shown) => ({ default: variant, variants: { [variant]: shown } });
const BUNDLE = {
  experiments: { cta: { variants: { plain: 0, urgent: 1 }, hashAttribute: "user", consent: "none" } },
  consent: { ids: "none" },
  slots: {
    hero: always("urgent", { html: "<h1>Ours</h1>" }),
    list: always("more", {
      patches: [
        { op: "append", value: "<li>last</li>" },
        { op: "prepend", value: "<li>first</li>" },
        { op: "before", selector: "b", value: "<p>before</p>" },
        { op: "after", selector: "b", value: "<p>after</p>" },
        { op: "class", value: "loud -quiet" },
        { op: "text", selector: "b", value: "ours" },
      ],
    }),
    outer: always("nested", { html: '<div data-slot="hero">inner</div><div data-slot="outer">not again</div>' }),
    away: always("away", { patches: [{ op: "remove" }] }),
    tested: {
      default: "plain",
      variants: { plain: {}, urgent: { html: "<p>Urgent</p>" } },
      rules: [{ experiment: "cta" }],
    },
  },
};

let site;
let browser;
let visit;
before(async () => {
  [site, browser] = await Promise.all([startAdaptedSite(BUNDLE), launch()]);
});
after(async () => {
  await browser?.close();
  site?.close();
});
afterEach(() => visit?.close());

async function open(body, options = {}) {
  site.page("/", typeof body === "function" ? body : () => body, options);
  visit = await openPage(browser);
  await visit.page.goto(site.url.href);
  await visit.page.evaluate(async () => {
    window.session = await (await import("/_slotwise/slotwise.js")).session;
    window.frame = () => new Promise(requestAnimationFrame);
  });
  return visit;
}

const CONTEXT = '<script type="application/json" id="slotwise-context">{"attributes":{"user":"u1"}}</script>';

describe("slots that appear later", () => {
  test("show what is decided before they are painted", async () => {
    const { page } = await open("<p>Nothing yet</p>");
    const texts = await page.evaluate(async () => {
      const seen = [];
      const slot = document.createElement("div");
      slot.dataset.slot = "hero";
      slot.textContent = "default";
      const inner = document.createElement("div");
      inner.innerHTML = '<div><div data-slot="list"><b>page</b></div></div>';
      document.body.append(slot, inner);
      requestAnimationFrame(() => seen.push(slot.textContent, inner.innerText.replace(/\s+/g, " ").trim()));
      await window.frame();
      await window.frame();
      return seen;
    });
    assert.deepEqual(texts, ["Ours", "first before ours after last"]);
  });

  test("are held while the engine has still to come, and never show the default", async () => {
    let answer;
    site.page("/slow", () => "<p>Nothing yet</p>");
    visit = await openPage(browser);
    await visit.page.route("**/bundle.slotwise", async (route) => {
      await new Promise((resolve) => {
        answer = resolve;
      });
      await route.continue();
    });
    const { page } = visit;
    await page.goto(new URL("/slow", site.url).href, { waitUntil: "commit" });
    const seen = page.evaluate(async () => {
      while (!document.body) await new Promise(requestAnimationFrame);
      const slot = document.createElement("div");
      slot.dataset.slot = "hero";
      slot.textContent = "default";
      document.body.append(slot);
      const seen = [];
      const from = performance.now();
      while (!seen.includes("Ours") && performance.now() - from < 3000) {
        await new Promise(requestAnimationFrame);
        const text = getComputedStyle(slot).visibility === "visible" ? slot.textContent : "(held)";
        if (seen.at(-1) !== text) seen.push(text);
      }
      return seen;
    });
    await page.waitForFunction(() => document.querySelector("[data-slot]"));
    for (; answer === undefined; ) await page.waitForTimeout(10);
    answer();
    assert.deepEqual(await seen, ["(held)", "Ours"]);
  });

  test("also those that patches bring along; what a slot brings along is never that slot again", async () => {
    const { page, exceptions } = await open(slot("outer"));
    assert.equal(
      await page.locator("body > [data-slot]").innerHTML(),
      '<div data-slot="hero" data-slotwise="urgent"><h1>Ours</h1></div><div data-slot="outer">not again</div>',
    );
    assert.deepEqual(exceptions, []);
  });

  test("also in shadow roots, once they are registered", async () => {
    site.script(
      "/shadow.js",
      'import { registerSlot } from "/_slotwise/browser.js"; window.registerSlot = registerSlot;',
    );
    const { page } = await open("<div id=host></div>", { head: '<script type="module" src="/shadow.js"></script>' });
    const texts = await page.evaluate(async () => {
      const root = document.querySelector("#host").attachShadow({ mode: "open" });
      root.innerHTML = '<div data-slot="hero">default</div>';
      await window.frame();
      const texts = [root.textContent];
      const leave = window.registerSlot(root.firstElementChild);
      texts.push(root.textContent);
      root.firstElementChild.remove();
      leave();
      root.innerHTML = '<div data-slot="hero">rendered again</div>';
      await window.frame();
      return [...texts, root.textContent];
    });
    assert.deepEqual(texts, ["default", "Ours", "Ours"]);
  });

  test("also <adaptive-slot name>", async () => {
    const { page } = await open('<adaptive-slot name="hero">default</adaptive-slot>');
    await page.evaluate(() =>
      document.body.insertAdjacentHTML("beforeend", '<adaptive-slot name="hero">x</adaptive-slot>'),
    );
    assert.deepEqual(await page.locator("adaptive-slot").allTextContents(), ["Ours", "Ours"]);
  });

  test("those that somebody else shows are never patched", async () => {
    const { page } = await open(slot("hero", undefined, "React’s", 'data-slotwise-owner="react"'));
    assert.equal(await page.locator('[data-slot="hero"]').textContent(), "React’s");
  });
});

describe("the page's scripts write over a slot", () => {
  test("once, as hydration does: it is made again, before it is painted", async () => {
    const { page } = await open(`<main>${slot("hero", undefined, "<h1>Page</h1>")}</main>`);
    const seen = await page.evaluate(async () => {
      document.querySelector("main").innerHTML = '<section data-slot="hero"><h1>Page</h1></section>';
      const seen = [];
      for (let frame = 0; frame < 5; frame++) {
        await window.frame();
        seen.push(document.querySelector("h1").textContent);
      }
      return seen;
    });
    assert.deepEqual(new Set(seen), new Set(["Ours"]));
  });

  const writers = {
    "replaces the element": () => {
      const slot = document.createElement("section");
      slot.dataset.slot = "hero";
      slot.innerHTML = "<h1>Page</h1>";
      document.querySelector('[data-slot="hero"]').replaceWith(slot);
    },
    "fills the element": () => {
      document.querySelector('[data-slot="hero"]').innerHTML = "<h1>Page</h1>";
    },
    "takes the mark away and fills the element": () => {
      const slot = document.querySelector('[data-slot="hero"]');
      slot.removeAttribute("data-slotwise");
      slot.innerHTML = "<h1>Page</h1>";
    },
  };
  for (const [how, write] of Object.entries(writers)) {
    test(`again and again, and ${how}: three times it is made again, then the page wins`, async () => {
      const { page, exceptions } = await open(slot("hero", undefined, "<h1>Page</h1>"));
      const rounds = [];
      for (let round = 0; round < 6; round++) {
        await page.evaluate(write);
        rounds.push(
          await page.evaluate(async () => {
            await window.frame();
            return document.querySelector("h1").textContent;
          }),
        );
      }
      assert.deepEqual(rounds, ["Ours", "Ours", "Ours", "Page", "Page", "Page"]);
      assert.deepEqual(exceptions, []);
    });
  }

  test("in answer to every change: no endless loop, and the page wins", async () => {
    const { page } = await open(slot("hero", undefined, "<h1>Page</h1>"));
    const { writes, text } = await page.evaluate(async () => {
      const slot = document.querySelector('[data-slot="hero"]');
      let writes = 0;
      new MutationObserver(() => {
        if (slot.textContent === "Page") return;
        writes++;
        slot.innerHTML = "<h1>Page</h1>";
      }).observe(slot, { childList: true, subtree: true });
      slot.innerHTML = "<h1>Page</h1>";
      for (let frame = 0; frame < 10; frame++) await window.frame();
      return { writes, text: slot.textContent };
    });
    assert.equal(text, "Page");
    assert.equal(writes, 3);
  });

  test("puts back what a decision has taken away: no endless loop", async () => {
    const { page } = await open(`<main>${slot("away", undefined, "Page")}</main>`);
    const { count, puts } = await page.evaluate(async () => {
      const main = document.querySelector("main");
      const put = () => main.insertAdjacentHTML("beforeend", '<section data-slot="away">Page</section>');
      const isThere = () => main.querySelector("[data-slot]") !== null;
      let puts = 0;
      new MutationObserver(() => {
        if (isThere()) return;
        puts++;
        put();
      }).observe(main, { childList: true });
      put();
      for (let frame = 0; frame < 10; frame++) await window.frame();
      return { count: main.querySelectorAll("[data-slot]").length, puts };
    });
    assert.equal(count, 1);
    assert.ok(puts <= 4, `${puts}`);
  });

  test("and what is made again is not doubled", async () => {
    const { page } = await open(`<main>${slot("list", undefined, "<b>page</b>", 'class="quiet"')}</main>`);
    const html = () => page.locator("main").innerHTML();
    const once =
      '<section data-slot="list" data-slotwise="more" class="loud"><li>first</li><p>before</p><b>ours</b><p>after</p><li>last</li></section>';
    const clean = (text) =>
      text.replace(/<section[^>]*>/, '<section data-slot="list" data-slotwise="more" class="loud">');
    assert.equal(clean(await html()), once);
    // Only the mark, then everything inside.
    await page.locator("section").evaluate((slot) => slot.removeAttribute("data-slotwise"));
    assert.equal(clean(await html()), once);
    await page.locator("section").evaluate((slot) => {
      slot.innerHTML = "<b>page</b>";
      slot.className = "quiet";
    });
    assert.equal(clean(await html()), once);
    assert.equal(await page.locator("section").getAttribute("class"), "loud");
  });

  test("a notice that the visitor closes stays closed", async () => {
    const { page } = await open(slot("hero", undefined, "<h1>Page</h1>"));
    const text = await page.evaluate(async () => {
      document.querySelector("h1").remove();
      await window.frame();
      return document.querySelector('[data-slot="hero"]').textContent;
    });
    assert.equal(text, "");
  });
});

describe("after the edge, hydration", () => {
  test("that replaces the element, before or after our script, does not win", async () => {
    const { page } = await open((shown) => `<main>${slot("hero", shown, "<h1>Page</h1>")}</main>`, { edge: true });
    const seen = await page.evaluate(async () => {
      document.querySelector("main").innerHTML = '<section data-slot="hero"><h1>Page</h1></section>';
      const seen = [];
      const slot = document.querySelector("[data-slot]");
      for (let frame = 0; frame < 300 && seen.at(-1) !== "Ours"; frame++) {
        await window.frame();
        const text = getComputedStyle(slot).visibility === "visible" ? slot.textContent : "(held)";
        if (seen.at(-1) !== text) seen.push(text);
      }
      return seen;
    });
    assert.deepEqual(
      seen.filter((text) => text !== "(held)"),
      ["Ours"],
    );
  });

  test("that fills the element does not win", async () => {
    const { page } = await open((shown) => slot("hero", shown, "<h1>Page</h1>"), { edge: true });
    await page.evaluate(() => {
      document.querySelector("[data-slot]").innerHTML = "<h1>Page</h1>";
    });
    await page.getByText("Ours").waitFor();
    assert.equal(await page.locator("h1").count(), 1);
  });

  test("that only takes the mark away needs no engine", async () => {
    const { page, requests } = await open((shown) => slot("hero", shown, "<h1>Page</h1>"), { edge: true });
    await page.evaluate(async () => {
      document.querySelector("[data-slot]").removeAttribute("data-slotwise");
      await window.frame();
    });
    assert.equal(await page.locator("[data-slot]").getAttribute("data-slotwise"), "urgent");
    assert.equal(await page.locator("h1").textContent(), "Ours");
    assert.ok(!requests.includes("/_slotwise/decide"));
  });
});

test("an exposure says that the page has won", async () => {
  const { page } = await open(`${CONTEXT}${slot("tested", undefined, "<p>Page</p>")}`);
  const exposures = await page.evaluate(async () => {
    const seen = new Promise((resolve) => window.session.on("exposure", resolve));
    const slot = document.querySelector('[data-slot="tested"]');
    const texts = [slot.textContent];
    for (let round = 0; round < 5; round++) {
      slot.innerHTML = "<p>Page</p>";
      await window.frame();
    }
    return [...texts, slot.textContent, await seen];
  });
  assert.equal(exposures[0], "Urgent");
  assert.equal(exposures[1], "Page");
  const { bucket, ...exposure } = exposures[2];
  assert.ok(bucket >= 0 && bucket < 1);
  assert.deepEqual(exposure, {
    experiment: "cta",
    arm: "urgent",
    hashAttribute: "user",
    slots: ["tested"],
    slot: "tested",
    page: "/",
    overridden: true,
  });
});

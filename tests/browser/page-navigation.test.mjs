// Single-page applications: another URL, another decision, and nobody loses his place.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { slot, startAdaptedSite } from "../support/adapted-site.mjs";
import { launch, openPage } from "../support/browser.mjs";

const links = (...names) => names.map((name) => `<a href="/to-${name}" id="${name}">${name}</a>`).join(" ");
const on = (path, show) => ({ when: { "url.path": path }, show });

const BUNDLE = {
  slots: {
    hero: {
      default: "base",
      variants: {
        base: {},
        ids: { html: `<p>Both pages have this</p>${links("first", "second")}` },
        like: { html: '<a href="/one">one</a> <button>press</button> <a href="/two">two</a>' },
        bare: { html: "<p>Nothing to focus</p>" },
        patched: {
          patches: [
            { op: "append", value: "<b>new</b>" },
            { op: "class", value: "loud" },
            { op: "attribute", selector: "a", name: "href", value: "/elsewhere" },
          ],
        },
        replaced: {
          patches: [
            { op: "replace", selector: "p", value: "<h2>instead</h2>" },
            { op: "remove", selector: "a" },
          ],
        },
        gone: { patches: [{ op: "remove" }] },
        tall: { html: '<div class="tall">tall</div>' },
      },
      rules: ["ids", "like", "bare", "patched", "replaced", "gone", "tall"].map((name) => on(`/${name}`, name)),
    },
    price: { default: "usual", variants: { usual: { value: 10 }, low: { value: 5 } }, rules: [on("/sale", "low")] },
    fresh: { default: "base", variants: { base: {}, it: { html: "<p>fresh</p>" } }, rules: [on("/ids", "it")] },
  },
};
const ORIGINAL = '<p>Text of the page</p><a href="/x">link</a> <a id="second" href="/y">other</a>';

let site;
let browser;
let visit;
before(async () => {
  [site, browser] = await Promise.all([startAdaptedSite(BUNDLE), launch()]);
  const style = '<link rel="stylesheet" href="/style.css">';
  site.answers.set("/style.css", (_, response) =>
    response
      .writeHead(200, { "content-type": "text/css" })
      .end("body, p { margin: 0 } .tall { height: 700px } #long { height: 4000px } * { overflow-anchor: none }"),
  );
  site.page("/", () => `${slot("hero", undefined, ORIGINAL)}<p id="after">After</p><div id="long">Long</div>`, {
    head: style,
  });
  site.page("/edge", (shown) => `${slot("hero", shown, ORIGINAL)}`, { edge: true });
  site.page("/ids", (shown) => `${slot("hero", shown, ORIGINAL)}`, { edge: true });
});
after(async () => {
  await browser?.close();
  site?.close();
});
afterEach(() => visit?.close());

/** Opens a page whose `go(path)` navigates as an application does and resolves once the page has decided again. */
async function open(path = "/", { api = "navigation", reducedMotion = "reduce", ...options } = {}) {
  visit = await openPage(browser, { reducedMotion, ...options });
  const { page } = visit;
  await page.addInitScript((api) => {
    if (api === "history") delete window.navigation;
    const { startViewTransition } = Document.prototype;
    window.__transitions = 0;
    Document.prototype.startViewTransition = function (update) {
      window.__transitions++;
      return startViewTransition.call(this, update);
    };
  }, api);
  await page.goto(new URL(path, site.url).href);
  await page.evaluate(async () => {
    const { session } = await import("/_slotwise/slotwise.js");
    window.session = await session;
    // The engine answers in order, so what follows an update has seen the navigation before it.
    window.go = async (path, how = "pushState") => {
      history[how](null, "", path);
      await new Promise((resolve) => setTimeout(resolve));
      await window.session.update({});
    };
    window.hero = () => document.querySelector('[data-slot="hero"]').innerHTML;
  });
  return visit;
}

for (const api of ["navigation", "history"]) {
  describe(`with the ${api === "history" ? "History" : "Navigation"} API`, () => {
    test("slots are decided again where the URL changes, and put back", async () => {
      const { page, complaints } = await open("/", { api });
      const shown = await page.evaluate(async () => {
        const changes = [];
        const told = [];
        window.session.on("change", ({ slot, variant }) => changes.push(`${slot}: ${variant}`));
        document.addEventListener("slotwise:change", ({ target, detail }) =>
          told.push(`${target.dataset.slot}: ${detail.variant} of ${detail.slot}`),
        );
        const seen = [window.hero()];
        const changed = () => new Promise((resolve) => window.session.on("change", resolve));
        const goOn = async (navigate) => {
          const waiting = changed();
          navigate();
          await waiting;
          seen.push(window.hero());
        };
        await goOn(() => history.pushState(null, "", "/bare"));
        await goOn(() => history.replaceState(null, "", "/like?page=2"));
        await goOn(() => history.pushState(null, "", "/"));
        await goOn(() => history.back());
        await goOn(() => history.forward());
        return { seen, changes, told };
      });
      const [bare, like] = ["bare", "like"].map((name) => BUNDLE.slots.hero.variants[name].html);
      assert.deepEqual(shown.seen, [ORIGINAL, bare, like, ORIGINAL, like, ORIGINAL]);
      const variants = ["bare", "like", "base", "like", "base"];
      assert.deepEqual(
        shown.changes,
        variants.map((variant) => `hero: ${variant}`),
      );
      assert.deepEqual(
        shown.told,
        variants.map((variant) => `hero: ${variant} of hero`),
      );
      assert.deepEqual(complaints, []);
    });

    test("values are told, and another fragment is the same page", async () => {
      const { page } = await open("/", { api });
      const prices = await page.evaluate(async () => {
        const prices = [];
        window.session.on("change", ({ slot, content }) => prices.push(slot, content.value));
        await window.go("/sale");
        prices.push(window.session.slots.price.content.value);
        history.pushState(null, "", "/sale#reviews");
        location.hash = "questions";
        await new Promise((resolve) => setTimeout(resolve, 100));
        return prices;
      });
      assert.deepEqual(prices, ["price", 5, 5]);
    });
  });
}

test("a navigation that an application intercepts is waited for, while new elements show what is decided at once", async () => {
  const { page } = await open();
  const order = await page.evaluate(async () => {
    const order = [];
    let render;
    const rendered = new Promise((resolve) => {
      render = resolve;
    });
    navigation.addEventListener("navigate", (event) => event.intercept({ handler: () => rendered }), { once: true });
    navigation.navigate("/ids");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const fresh = document.createElement("div");
    fresh.dataset.slot = "fresh";
    document.body.append(fresh);
    await Promise.resolve();
    order.push(window.hero().includes("Both pages"), fresh.textContent);
    const changed = new Promise((resolve) => window.session.on("change", ({ slot }) => slot === "hero" && resolve()));
    render();
    await changed;
    order.push(window.hero().includes("Both pages"));
    return order;
  });
  assert.deepEqual(order, [false, "fresh", true]);
});

describe("puts back what patches have changed", () => {
  for (const variant of ["patched", "replaced", "gone", "bare"]) {
    test(variant, async () => {
      const { page } = await open();
      const { before, between, after, again, isSame } = await page.evaluate(async (path) => {
        const html = () => document.body.firstElementChild.outerHTML.replace(/ data-slotwise="\w*"/, "");
        const link = document.querySelector("a");
        const before = html();
        await window.go(path);
        const between = html();
        await window.go("/");
        const after = html();
        const isSame = document.querySelector("a") === link;
        await window.go(path);
        return { before, between, after, again: html(), isSame };
      }, `/${variant}`);
      assert.notEqual(between, before);
      assert.equal(after.replace(' class=""', ""), before);
      assert.equal(again, between);
      assert.ok(isSame, "the page's own elements are the same ones");
    });
  }
});

describe("in a view transition", () => {
  test("when something changes", async () => {
    const { page } = await open("/", { reducedMotion: "no-preference" });
    await page.evaluate(() => window.go("/bare"));
    assert.equal(await page.evaluate(() => window.__transitions), 1);
    assert.equal(await page.locator('[data-slot="hero"]').innerHTML(), BUNDLE.slots.hero.variants.bare.html);
  });

  test("not when nothing does, nor for readers who want less motion", async () => {
    const { page } = await open("/", { reducedMotion: "no-preference" });
    await page.evaluate(() => window.go("/nothing-here"));
    assert.equal(await page.evaluate(() => window.__transitions), 0);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.evaluate(() => window.go("/bare"));
    assert.equal(await page.evaluate(() => window.__transitions), 0);
  });

  test("not while one is running, which it would cut short", async () => {
    const { page } = await open("/", { reducedMotion: "no-preference" });
    const end = await page.evaluate(async () => {
      const transition = document.startViewTransition(() => {});
      await transition.ready;
      await window.go("/bare");
      return transition.finished.then(
        () => "finished",
        () => "cut short",
      );
    });
    assert.equal(end, "finished");
    assert.equal(await page.evaluate(() => window.__transitions), 1);
  });
});

describe("keeps the focus", () => {
  const focused = (page) =>
    page.evaluate(() => {
      const { activeElement } = document;
      return activeElement.id || activeElement.textContent;
    });

  test("on an element beside the slot, and on one that survives", async () => {
    const { page } = await open();
    await page.evaluate(() => document.querySelector("#second").focus());
    await page.evaluate(() => window.go("/patched"));
    assert.equal(await focused(page), "second");
  });

  test("on the element with the same id", async () => {
    const { page } = await open();
    await page.evaluate(() => document.querySelector("#second").focus());
    await page.evaluate(() => window.go("/ids"));
    assert.equal(await focused(page), "second");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "/to-second");
  });

  test("at the same place among its like", async () => {
    const { page } = await open();
    await page.evaluate(() => window.go("/ids"));
    await page.evaluate(() => document.querySelector("#second").focus());
    await page.evaluate(() => window.go("/like"));
    assert.equal(await focused(page), "two");
  });

  test("near, where nothing can have it: the next Tab goes on from there", async () => {
    const { page } = await open();
    await page.evaluate(() => document.querySelector("#second").focus());
    await page.evaluate(() => window.go("/bare"));
    assert.equal(await page.evaluate(() => document.activeElement.dataset.slot), "hero");
    await page.evaluate(() => {
      document.querySelector("#after").innerHTML = '<a href="/next">next</a>';
    });
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "next");
    assert.equal(await page.locator('[data-slot="hero"]').getAttribute("tabindex"), null);
  });

  test("and leaves it where nobody has it in the slot", async () => {
    const { page } = await open();
    await page.evaluate(() => window.go("/bare"));
    assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  });
});

test("keeps text selected that is still there", async () => {
  const { page } = await open();
  const select = () => {
    const text = document.querySelector('[data-slot="hero"] p').firstChild;
    getSelection().setBaseAndExtent(text, 5, text, 10);
  };
  await page.evaluate(() => window.go("/ids"));
  await page.evaluate(select);
  await page.evaluate(() => window.session.update({ force: { hero: "like" } }));
  await page.evaluate(() => window.session.update({ force: { hero: "ids" } }));
  // "pages" was selected, then gone with its text, and what is not there is not searched for ever.
  await page.evaluate(select);
  const before = await page.evaluate(() => getSelection().toString());
  await page.evaluate(() => {
    document.querySelector('[data-slot="hero"]').removeAttribute("data-slotwise");
    document.querySelector('[data-slot="hero"]').innerHTML = "<p>Both pages have this</p>";
  });
  await page.evaluate(select);
  await page.evaluate(() => window.session.update({ force: { hero: "ids" } }));
  assert.deepEqual([before, await page.evaluate(() => getSelection().toString())], ["pages", "pages"]);
});

test("what is being read stays where it is when a slot above it grows", async () => {
  const { page } = await open();
  const { before, after } = await page.evaluate(async () => {
    const after = document.querySelector("#long");
    scrollTo(0, 400);
    const before = after.getBoundingClientRect().top;
    await window.go("/tall");
    return { before, after: after.getBoundingClientRect().top };
  });
  assert.equal(after, before);
  assert.equal(await page.evaluate(() => window.__shift), 0);
});

test("after the edge, content that would leave something of the old one is not shown", async () => {
  const { page } = await open("/ids");
  const { shown, variant } = await page.evaluate(async () => {
    await window.go("/edge");
    return { shown: window.hero(), variant: window.session.slots.hero.variant };
  });
  // What the edge has replaced is not known here, so "as the page has it" cannot be had.
  assert.equal(shown, BUNDLE.slots.hero.variants.ids.html);
  assert.equal(variant, "ids");
  const other = await page.evaluate(async () => {
    await window.go("/like");
    await window.go("/ids");
    return window.hero();
  });
  assert.equal(other, BUNDLE.slots.hero.variants.ids.html);
});

test("after close() nothing is decided any more", async () => {
  const { page } = await open();
  const hero = await page.evaluate(async () => {
    window.session.close();
    await window.go("/bare");
    await new Promise((resolve) => setTimeout(resolve, 50));
    return window.hero();
  });
  assert.equal(hero, ORIGINAL);
});

// The React binding in Chromium: pages that Node renders and React's development build takes over.

import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { build } from "esbuild";
import { createElement as h } from "react";
import { renderToString } from "react-dom/server";
import { launch, openPage } from "../support/browser.mjs";
import { compiled, engineOf } from "../support/bundles.mjs";
import { ADA, App, BUNDLE } from "../support/react-app.mjs";
import { always, startStaticServer } from "../support/static-server.mjs";

const FOLDER = "target/test-react";

let engine;
let server;
let browser;
let visit;
before(async () => {
  const client = build({
    entryPoints: ["tests/support/react-client.mjs"],
    outfile: `${FOLDER}/client.js`,
    bundle: true,
    format: "esm",
    external: ["/dist/*"],
    define: { "process.env.NODE_ENV": '"development"' },
  });
  cpSync("pkg/dist", `${FOLDER}/dist`, { recursive: true });
  writeFileSync(`${FOLDER}/bundle.slotwise`, await compiled(BUNDLE));
  [engine, server, browser] = await Promise.all([engineOf(BUNDLE), startStaticServer(FOLDER), launch(), client]);
});
after(async () => {
  await browser?.close();
  server?.close();
});
afterEach(() => visit?.close());

/** Serves a page with some markup in the root, and opens it. `how` is for the client. */
async function open(markup, how = {}, { afterRoot = "", blocked = false, policy } = {}) {
  const json = JSON.stringify(how).replaceAll("<", "\\u003c");
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>React</title>${policy ? `<meta http-equiv="content-security-policy" content="${policy}">` : ""}<link rel="icon" href="data:,">
<div id="root">${markup}</div><script type="application/json" id="how">${json}</script>${afterRoot}
<script type="module" src="/client.js"></script></html>`;
  server.answers.set("/", always("text/html; charset=utf-8", page));
  visit = await openPage(browser);
  if (blocked) await visit.page.route("**/client.js", (route) => route.abort());
  await visit.page.goto(server.url.href);
  return visit;
}

const decided = (context = ADA) => engine.personalize(context);
const rendered = (context) => renderToString(h(App, { given: { result: decided(context), engine } }));
const root = (page) => page.locator("#root").innerHTML();
/** Waits until React has taken the page over. */
const ready = (page) => page.locator("html[data-ready]").waitFor();

test("where the page asks for Trusted Types, slots are hydrated and follow changes", async () => {
  const policy = "require-trusted-types-for 'script'; trusted-types slotwise";
  const { page, exceptions } = await open(rendered(), { session: decided().slots }, { policy });
  await ready(page);
  await page.evaluate((slots) => window.test.session.change(slots), {
    hero: { ...decided().slots.hero, variant: "bye", content: { html: "<h1>Goodbye</h1>" } },
  });
  await page.locator("section h1", { hasText: "Goodbye" }).waitFor();
  assert.deepEqual(exceptions, []);
});

for (const strict of [false, true]) {
  const mode = strict ? "StrictMode" : "plain";

  test(`hydration changes nothing and warns of nothing, ${mode}`, async () => {
    const markup = rendered();
    const { page, complaints } = await open(markup, { strict });
    await ready(page);
    const [changes, problems] = await page.evaluate(() => [window.__changes, window.test.problems]);
    assert.deepEqual([changes, problems], [[], []]);
    assert.equal(await page.locator("#flow").textContent(), "v2: 1 steps");
    assert.equal(await page.locator("[data-slot=cta]").innerHTML(), "<strong>Order today</strong>");
    // The one warning is ours: patches cannot be drawn. In StrictMode as well it comes once.
    assert.equal(complaints.length, 1, complaints.join("\n"));
    assert.match(complaints[0], /slotwise: <Slot name="link">.*"sale"/);
    assert.equal(await page.locator("#slotwise-state").count(), 1);
  });

  test(`the session's changes are followed, until the tree goes, ${mode}`, async () => {
    const { page, complaints } = await open(rendered({}), { strict, session: decided({}).slots });
    await ready(page);
    await page.locator("#counter").click();
    assert.equal(await page.locator("#counter").textContent(), "Clicked 1");
    assert.equal(await page.locator("#flow").textContent(), "v1: 3 steps");
    const hero = await page.locator("section").elementHandle();

    await page.evaluate((slots) => window.test.session.change(slots), decided().slots);
    await page.locator("section h1", { hasText: "Hello, Ada & <Bob>" }).waitFor();
    assert.equal(await page.locator("section").getAttribute("data-slotwise"), "hello");
    assert.equal(await page.locator("#flow").textContent(), "v2: 1 steps");
    assert.equal(await page.locator("[data-slot=note]").textContent(), "For <Ada & <Bob>> only");
    // The same element, so that whoever watches it need not look for it again.
    assert.equal(await hero.evaluate((element) => element === document.querySelector("section")), true);

    // From HTML to HTML, and back to children, which start anew.
    await page.evaluate((slots) => window.test.session.change(slots), {
      hero: { ...decided().slots.hero, variant: "bye", content: { html: "<h1>Goodbye</h1>" } },
    });
    await page.locator("section h1", { hasText: "Goodbye" }).waitFor();
    await page.evaluate((slots) => window.test.session.change(slots), decided({}).slots);
    await page.locator("section h1", { hasText: "Welcome" }).waitFor();
    assert.equal(await page.locator("#counter").textContent(), "Clicked 0");
    assert.equal(await page.locator("[data-slot=link]").getAttribute("data-slotwise"), "old");

    const counts = await page.evaluate(async () => {
      const { session, root } = window.test;
      const before = session.listeners.size;
      root.unmount();
      await new Promise((done) => setTimeout(done));
      session.change({});
      return [before, session.listeners.size, document.getElementById("root").childElementCount];
    });
    assert.deepEqual(counts, [1, 0, 0]);
    assert.ok(
      complaints.every((text) => text.startsWith("slotwise: ")),
      complaints.join("\n"),
    );
  });
}

test("a session that arrives later is followed as well, and hydration does not wait for it", async () => {
  const { page, complaints } = await open(rendered({}), { promise: true, strict: true });
  await ready(page);
  await page.locator("#counter").click();
  assert.equal(await page.locator("#counter").textContent(), "Clicked 1");
  await page.evaluate((slots) => window.test.arrive(slots), decided().slots);
  await page.locator("section h1", { hasText: "Hello, Ada" }).waitFor();
  assert.ok(
    complaints.every((text) => text.startsWith("slotwise: ")),
    complaints.join("\n"),
  );
});

test("a session that knows more than the server hydrates what the server rendered, then shows its own", async () => {
  const { page, complaints } = await open(rendered({}), { session: decided().slots });
  await page.locator("section h1", { hasText: "Hello, Ada" }).waitFor();
  assert.deepEqual(await page.evaluate(() => window.test.problems), []);
  assert.ok(
    complaints.every((text) => text.startsWith("slotwise: ")),
    complaints.join("\n"),
  );
});

test("a part of the page that hydrates after a change hydrates what the server rendered, then shows the change", async () => {
  const { page, complaints } = await open(rendered({}), { session: decided({}).slots, late: true, strict: true });
  await ready(page);
  await page.evaluate((slots) => window.test.session.change(slots), decided().slots);
  await page.locator("section h1", { hasText: "Hello, Ada" }).waitFor();
  assert.equal(await page.locator("em").textContent(), "Late");
  await page.evaluate(() => window.test.loadLate());
  await page.locator("em", { hasText: "Late hello" }).waitFor();
  assert.deepEqual(await page.evaluate(() => window.test.problems), []);
  assert.ok(
    complaints.every((text) => text.startsWith("slotwise: ")),
    complaints.join("\n"),
  );
});

test("plain data hydrates what it rendered", async () => {
  const { slots, exposures } = decided();
  const { page, complaints } = await open(rendered(), { state: { id: "app", revision: 7, slots, exposures } });
  await ready(page);
  assert.deepEqual(await page.evaluate(() => [window.__changes, window.test.problems]), [[], []]);
  assert.equal(complaints.length, 1, complaints.join("\n"));
});

test("a page that React renders in the browser alone shows the session's decisions at once", async () => {
  const { page, complaints } = await open("", { create: true, strict: true, session: decided().slots });
  await page.locator("h1").waitFor();
  assert.equal(await page.locator("h1").textContent(), "Hello, Ada & <Bob>");
  assert.equal(await page.locator("#slotwise-state").count(), 0);
  assert.equal(complaints.length, 1, complaints.join("\n"));
});

test("behind the edge, a page that was rendered without decisions hydrates, then shows what the edge handed over", async () => {
  const { slots } = decided();
  const handoff = JSON.stringify({ id: "app", revision: 7, slots }).replaceAll("<", "\\u003c");
  const afterRoot = `<script type="application/json" id="slotwise-state">${handoff}</script>`;
  const { page, complaints } = await open(renderToString(h(App, { given: {} })), { strict: true }, { afterRoot });
  await page.locator("section h1", { hasText: "Hello, Ada & <Bob>" }).waitFor();
  assert.equal(await page.locator("#flow").textContent(), "v2: 1 steps");
  assert.deepEqual(await page.evaluate(() => window.test.problems), []);
  assert.equal(complaints.length, 1, complaints.join("\n"));
});

test("with the page's own script, which leaves React's slots alone but sees them", async () => {
  const real = { bundle: "/bundle.slotwise", attributes: ADA.attributes };
  const { page, complaints } = await open(rendered(), { strict: true, real });
  const exposure = page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener("slotwise:exposure", ({ target, detail }) => {
          resolve([target.dataset.slot, detail.slot, detail.arm]);
        });
      }),
  );
  await ready(page);
  const decidedBy = await page.evaluate(async () => (await window.test.session).decidedBy);
  assert.equal(decidedBy, "edge");
  assert.deepEqual(await exposure, ["cta", "cta", "urgent"]);
  assert.deepEqual(await page.evaluate(() => [window.__changes, window.test.problems]), [[], []]);
  assert.ok(!server.asked.includes("/_slotwise/bundle"), "a React server has no routes of the Worker's");

  await page.evaluate(async () =>
    (await window.test.session).update({ attributes: { name: "Eve <1>", plan: "basic" } }),
  );
  await page.locator("output", { hasText: "v1: 3 steps" }).waitFor();
  assert.equal(await page.locator("[data-slot=link]").getAttribute("data-slotwise"), "old");
  assert.equal(await page.locator("section h1").textContent(), "Hello, Eve <1>");
  assert.equal(await page.locator("[data-slot=note]").textContent(), "For <Eve <1>> only");
  assert.equal(complaints.length, 1, complaints.join("\n"));
});

test("without scripts, the page is what the server rendered", async () => {
  const markup = rendered();
  const { page } = await open(markup, {}, { blocked: true });
  const parsed = await page.evaluate((html) => {
    const template = document.createElement("div");
    template.innerHTML = html;
    return template.innerHTML;
  }, markup);
  assert.equal(await root(page), parsed);
  assert.equal(await page.locator("h1").textContent(), "Hello, Ada & <Bob>");
});

// The preview on a page with its own script and engine: who gets it, and what it does to the page.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { launch, openPage } from "../support/browser.mjs";
import { compiled } from "../support/bundles.mjs";
import { startStaticServer } from "../support/static-server.mjs";

const FOLDER = "target/test-preview-page";
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
/** The overlay's element, which only its own code names. */
const OVERLAY = "slotwise-preview";

const BUNDLE = {
  consent: { ids: "none", experiments: "none" },
  experiments: { cta: { variants: { control: 1, urgent: 0 } } },
  slots: {
    hero: {
      default: "base",
      variants: { base: {}, hello: { html: "<h1>Hello</h1>" }, bye: { html: "<h1>Goodbye</h1>" } },
      rules: [{ id: "greet", when: { "time.hour": { $gte: 0 } }, show: "hello" }],
    },
    order: {
      default: "control",
      variants: { control: {}, urgent: { patches: [{ op: "text", selector: "a", value: "Order today" }] } },
      rules: [{ experiment: "cta" }],
    },
  },
};
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><link rel="icon" href="/icon">
<main data-slot="hero"><h1>Welcome</h1></main><p data-slot="order"><a href="/order">Order</a></p>
<script type="module" src="/dist/slotwise.js" data-bundle="/bundle.slotwise"></script></html>`;

let server;
let browser;
let visit;
before(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  cpSync("pkg/dist", `${FOLDER}/dist`, { recursive: true });
  writeFileSync(`${FOLDER}/bundle.slotwise`, await compiled(BUNDLE));
  [server, browser] = await Promise.all([startStaticServer(FOLDER), launch()]);
  server.answers.set("/icon", (_, response) => response.writeHead(204).end());
  server.answers.set("/", (_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY });
    response.end(PAGE);
  });
});
after(async () => {
  await browser?.close();
  server?.close();
});
afterEach(() => visit?.close());

async function open(query = "") {
  visit = await openPage(browser);
  await visit.page.goto(new URL(`/${query}`, server.url).href);
  await visit.page.locator("html[data-slotwise=page]").waitFor();
  return visit;
}

const panel = (page) => page.getByRole("complementary", { name: "Preview" });
const heading = (page) => page.locator("h1").textContent();
/** Which of the scripts that a page asked for hold the overlay. */
const overlays = (requests) =>
  requests
    .filter((path) => path.startsWith("/dist/") && path.endsWith(".js"))
    .filter((path) => readFileSync(`${FOLDER}${path}`, "utf8").includes(OVERLAY));

test("without the parameter, nothing of the overlay is fetched", async () => {
  const { page, requests, complaints } = await open();
  await page.waitForLoadState("networkidle");
  assert.equal(await heading(page), "Hello");
  assert.ok(requests.includes("/dist/slotwise.js"));
  assert.deepEqual(overlays(requests), []);
  assert.equal(await page.locator(OVERLAY).count(), 0);
  assert.deepEqual(complaints, []);
});

test("with it, the panel shows what is decided and why, under a strict policy", async () => {
  const { page, requests, complaints } = await open("?slotwise");
  await panel(page).waitFor();
  assert.equal(overlays(requests).length, 1);
  const hero = page.getByRole("region", { name: "hero" });
  assert.equal(await hero.locator("strong").textContent(), "hello");
  await hero.getByText("Every step of why").click();
  await hero.locator("li", { hasText: "time.hour is" }).waitFor();
  await hero.locator("li", { hasText: 'shows "hello"' }).waitFor();
  const options = await page.getByLabel("Show instead in hero").locator("option").allTextContents();
  assert.deepEqual(options, ["What is decided: hello", "base", "hello", "bye"]);
  assert.deepEqual(complaints, []);
});

test("another variant can be shown, kept on the next page, given back, and ended", async () => {
  const { page, requests } = await open("?slotwise=on");
  await page.getByLabel("Show instead in hero").selectOption("bye");
  const apply = panel(page).getByRole("button", { name: "Show the chosen variants" });
  await apply.click();
  await page.locator("h1", { hasText: "Goodbye" }).waitFor();
  await page.goto(server.url.href);
  await panel(page).getByText("One variant is forced").waitFor();
  assert.equal(await heading(page), "Goodbye");

  await page.getByLabel("Show instead in hero").selectOption({ index: 0 });
  await apply.click();
  await page.locator("h1", { hasText: "Hello" }).waitFor();
  await panel(page).getByText("No variant is forced.").waitFor();

  await panel(page).getByRole("button", { name: "End preview" }).click();
  await page.waitForURL("**/?slotwise=off");
  await page.goto(server.url.href);
  await page.locator("h1", { hasText: "Hello" }).waitFor();
  requests.length = 0;
  await page.reload({ waitUntil: "networkidle" });
  assert.equal(await page.locator(OVERLAY).count(), 0);
  assert.deepEqual(overlays(requests), []);
});

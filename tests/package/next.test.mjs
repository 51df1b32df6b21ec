// The package in Next.js, without a line of configuration: on the server, in the browser, and in its edge runtime.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { ANSWER } from "./answer.mjs";
import { installApp } from "./app.mjs";
import { modulesIn } from "./modules.mjs";
import { checkPage } from "./page.mjs";

let app;
let browser;
let server;
before(async () => {
  app = await installApp("next");
  await app.run("npm", "run", "build");
  server = await app.serve("node_modules/.bin/next", "start", "--hostname", "127.0.0.1", "--port", "0");
  browser = await launch();
});
after(async () => {
  await server?.close();
  await browser?.close();
  app?.dispose();
});

test("the server sends the decisions", async () => {
  const html = await (await fetch(server.url)).text();
  assert.match(html, /<section [^>]*data-slotwise="city"[^>]*><h1>Hello, Kraków<\/h1><\/section>/);
  assert.match(html, /<strong>Order today<\/strong>/);
  assert.match(html, /Here in (<!-- -->)?2 days/);
  assert.match(html, /<script type="application\/json" id="slotwise-state">\{"id":"edge","revision":7,/);
});

test("the browser takes them over, and decides and explains as the server does", async () => {
  await checkPage(browser, app, server.url, async (page) => {
    for (const name of ["answer", "reason"]) {
      const there = await page.locator(`#${name}-of-the-server`).textContent();
      assert.equal(await page.locator(`#${name}`).textContent(), there);
    }
  });
});

test("the edge runtime decides the same", async () => {
  assert.deepEqual(await (await fetch(new URL("/edge", server.url))).json(), ANSWER);
});

test("visitors and the edge have the runtime once each, and a server that is deployed takes its own along", () => {
  assert.deepEqual(modulesIn(app, ".next/static"), ["compiler", "profile", "rank", "runtime"]);
  assert.deepEqual(modulesIn(app, ".next/server"), ["runtime"]);
  const trace = JSON.parse(readFileSync(join(app.folder, ".next/server/app/page.js.nft.json"), "utf8")).files;
  for (const name of ["compiler", "profile", "rank", "runtime"]) {
    assert.ok(
      trace.some((path) => path.endsWith(`/node_modules/slotwise/dist/${name}.wasm`)),
      name,
    );
  }
});

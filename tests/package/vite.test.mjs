// The package in Vite, with React, without a line of configuration: as it is developed, and as it is built.

import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { startStaticServer } from "../support/static-server.mjs";
import { installApp } from "./app.mjs";
import { modulesIn } from "./modules.mjs";
import { checkPage } from "./page.mjs";

let app;
let browser;
before(async () => {
  app = await installApp("vite");
  copyFileSync(join(app.folder, "shared/index.html"), join(app.folder, "index.html"));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  app?.dispose();
});

async function looksLikeAShop(page) {
  await page.locator("#shop", { hasText: "Here in 2 days" }).waitFor();
  assert.equal(await page.locator("#shop strong").textContent(), "Order today");
  assert.equal(await page.locator("adaptive-slot").textContent(), "Order today");
}

test("built", async () => {
  await app.run("npm", "run", "build");
  assert.deepEqual(modulesIn(app, "dist"), ["compiler", "profile", "rank", "runtime"]);
  const server = await startStaticServer(join(app.folder, "dist"));
  try {
    await checkPage(browser, app, server.url, looksLikeAShop);
  } finally {
    server.close();
  }
});

test("in development", async () => {
  const server = await app.serve("node_modules/.bin/vite", "--host", "127.0.0.1", "--port", "0");
  try {
    await checkPage(browser, app, server.url, looksLikeAShop);
  } finally {
    await server.close();
  }
});

// The package without a bundler: by an import map, and by the script tag as docs/static.md has it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, openPage, slotsOf } from "../support/browser.mjs";
import { startStaticServer } from "../support/static-server.mjs";
import { installApp } from "./app.mjs";
import { fetchedModules, modulesIn } from "./modules.mjs";
import { checkPage } from "./page.mjs";

let app;
let browser;
before(async () => {
  app = await installApp("script");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  app?.dispose();
});

test("module scripts find the package by an import map", async () => {
  const server = await startStaticServer(app.folder);
  server.answers.set("/bundle.slotwise", (_request, response) => {
    response.end(readFileSync(join(app.folder, "public/bundle.slotwise")));
  });
  try {
    await checkPage(browser, app, server.url);
  } finally {
    server.close();
  }
});

test("one tag is enough, with the files that the guide says", async () => {
  const guide = readFileSync(new URL("../../docs/static.md", import.meta.url), "utf8");
  const [, copying] = /^ *npm install slotwise\n(.*?)```/ms.exec(guide);
  await app.run("sh", "-ec", copying);
  assert.deepEqual(modulesIn(app, "public"), ["profile", "rank", "runtime"]);
  const server = await startStaticServer(join(app.folder, "public"));
  const { page, complaints, close } = await openPage(browser);
  try {
    const modules = fetchedModules(app, page);
    await page.goto(server.url.href);
    await page.locator("html[data-slotwise=page]").waitFor();
    assert.deepEqual(await slotsOf(page), {
      hero: { variant: "city", text: "Hello, Kraków", visible: true },
      order: { variant: "urgent", text: "Order today", visible: true },
    });
    assert.deepEqual(await modules(), ["runtime"]);
    assert.deepEqual(complaints, []);
  } finally {
    await close();
    server.close();
  }
});

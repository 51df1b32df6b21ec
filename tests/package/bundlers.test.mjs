// The package in bundlers that have no server of their own. What they need is in the app's package.json, under "build".

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../support/browser.mjs";
import { startStaticServer } from "../support/static-server.mjs";
import { installApp } from "./app.mjs";
import { modulesIn } from "./modules.mjs";
import { checkPage } from "./page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

for (const name of ["webpack", "esbuild"]) {
  test(name, async () => {
    const app = await installApp(name);
    const server = await startStaticServer(join(app.folder, "public"));
    try {
      await app.run("npm", "run", "build");
      assert.deepEqual(modulesIn(app, "public"), ["compiler", "profile", "rank", "runtime"]);
      await checkPage(browser, app, server.url);
    } finally {
      server.close();
      app.dispose();
    }
  });
}

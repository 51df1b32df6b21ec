// The Worker as the package has it: deployed by a site that has no clone of this project.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compiled } from "../support/bundles.mjs";
import { BUNDLE, EWA, PAGE } from "../support/edge.mjs";
import { installed } from "../support/installed.mjs";
import { htmlOf } from "../support/markup.mjs";
import { startWorker } from "../support/worker.mjs";

const CONFIG = `
name = "from-the-package"
main = "node_modules/slotwise/dist/worker.js"
compatibility_date = "2026-10-01"
[assets]
directory = "public"
binding = "ASSETS"
run_worker_first = true
`;

test("serves and adapts a folder of pages", async () => {
  const site = installed();
  const folder = join(site.folder, "public");
  mkdirSync(folder);
  writeFileSync(join(folder, "index.html"), PAGE);
  writeFileSync(join(folder, "bundle.slotwise"), await compiled(BUNDLE));
  writeFileSync(join(site.folder, "wrangler.toml"), CONFIG);
  const worker = await startWorker({ config: join(site.folder, "wrangler.toml") });
  try {
    const answer = await worker.fetch("/", { headers: EWA });
    assert.equal(answer.headers.get("x-slotwise"), "adapted");
    assert.equal(htmlOf(await answer.text(), "order"), '<a href="/order">Order today</a>');
  } finally {
    await worker.dispose();
    site.dispose();
  }
});

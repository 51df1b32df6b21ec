// The Worker as the package has it: deployed by a site that has no clone of this project.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compiled } from "../support/bundles.mjs";
import { BUNDLE, EWA, PAGE } from "../support/edge.mjs";
import { installed } from "../support/installed.mjs";
import { htmlOf } from "../support/markup.mjs";
import { problemOf, ROUTE, TOKEN } from "../support/publishing.mjs";
import { startWorker } from "../support/worker.mjs";

const CONFIG = `
name = "from-the-package"
main = "node_modules/slotwise/dist/worker.js"
compatibility_date = "2026-10-01"
[assets]
directory = "public"
binding = "ASSETS"
run_worker_first = true
[[kv_namespaces]]
binding = "BUNDLES"
id = "bundles"
[vars]
BUNDLE_TOKEN = "${TOKEN}"
`;

const site = installed();
let worker;

before(async () => {
  const folder = join(site.folder, "public");
  mkdirSync(folder);
  writeFileSync(join(folder, "index.html"), PAGE);
  writeFileSync(join(folder, "bundle.slotwise"), await compiled(BUNDLE));
  writeFileSync(join(site.folder, "wrangler.toml"), CONFIG);
  worker = await startWorker({ config: join(site.folder, "wrangler.toml") });
});

after(async () => {
  await worker?.dispose();
  site.dispose();
});

test("serves and adapts a folder of pages", async () => {
  const answer = await worker.fetch("/", { headers: EWA });
  assert.equal(answer.headers.get("x-slotwise"), "adapted");
  assert.equal(htmlOf(await answer.text(), "order"), '<a href="/order">Order today</a>');
});

test("refuses a damaged bundle, and says so", async () => {
  const body = await compiled({ ...BUNDLE, revision: 8 });
  body[body.length - 1] ^= 1;
  const answer = await worker.fetch(ROUTE, { method: "PUT", body, headers: { authorization: `Bearer ${TOKEN}` } });
  const { status, code } = await problemOf(answer);
  assert.deepEqual([status, code], [422, "damaged"]);
});

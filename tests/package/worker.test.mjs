// The package in a Worker of somebody's own: the engine, with and without its WebAssembly given, and the edge behind them.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EWA, PAGE } from "../support/edge.mjs";
import { htmlOf } from "../support/markup.mjs";
import { startWorker } from "../support/worker.mjs";
import { ANSWER } from "./answer.mjs";
import { installApp } from "./app.mjs";
import { modulesIn } from "./modules.mjs";

let app;
let worker;
before(async () => {
  app = await installApp("worker");
  writeFileSync(join(app.folder, "public/index.html"), PAGE);
  worker = await startWorker({ config: join(app.folder, "wrangler.toml") });
});
after(async () => {
  await worker?.dispose();
  app?.dispose();
});

test("decides", async () => {
  assert.deepEqual(await (await worker.fetch("/answer")).json(), ANSWER);
});

test("explains, with WebAssembly that the Worker brings along", async () => {
  assert.match(await (await worker.fetch("/reason")).text(), /Kraków/);
});

test("hands requests to the edge", async () => {
  const answer = await worker.fetch("/", { headers: EWA });
  assert.equal(answer.headers.get("x-slotwise"), "adapted");
  assert.equal(htmlOf(await answer.text(), "order"), '<a href="/order">Order today</a>');
});

test("is deployed with each module once", async () => {
  await app.run("wrangler", "deploy", "--dry-run", "--outdir", "deployed");
  assert.deepEqual(modulesIn(app, "deployed"), ["compiler", "page", "profile", "rank", "runtime"]);
});

// An engine that fails inside workerd: what the isolate answers then, and from then on.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compiled, when } from "../support/bundles.mjs";
import { faultyModule } from "../support/faulty.mjs";
import { installed } from "../support/installed.mjs";
import { startWorker } from "../support/worker.mjs";

const CONFIG = `
name = "faulty"
main = "faulty-worker.mjs"
compatibility_date = "2026-10-01"
`;

const site = installed("faulty-worker.mjs");
let worker;

before(async () => {
  writeFileSync(join(site.folder, "wrangler.toml"), CONFIG);
  writeFileSync(join(site.folder, "faulty.wasm"), faultyModule("runtime.wasm"));
  worker = await startWorker({ config: join(site.folder, "wrangler.toml") });
  const { status } = await worker.fetch("/", { method: "PUT", body: await compiled(when({ n: { $gt: 5 } })) });
  assert.equal(status, 204);
});

after(async () => {
  await worker?.dispose();
  site.dispose();
});

async function shown(engine, n) {
  const response = await worker.fetch("/", { method: "POST", body: JSON.stringify({ engine, n }) });
  return response.json();
}

test("one request gets the page as it is, and every later one what is right", async () => {
  for (const failing of [0, 1]) {
    const { variant, source, reason, content, maxAge } = await shown(failing, "7");
    assert.deepEqual(
      { variant, source, reason, content, maxAge },
      { variant: "no", source: "error", reason: "engine_failed", content: {}, maxAge: 0 },
    );
    for (const engine of [0, 1]) {
      assert.equal((await shown(engine, 7)).variant, "yes");
      assert.equal((await shown(engine, 3)).variant, "no");
    }
  }
});

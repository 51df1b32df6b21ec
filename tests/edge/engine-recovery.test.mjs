// An engine that fails inside workerd: what the isolate answers then, and from then on, in a Worker of one's own and through the
// Worker's pages.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startBareWorker } from "../support/bare-worker/bare-worker.mjs";
import { compiled, when } from "../support/bundles.mjs";
import { JOE, PAGE, startEdge } from "../support/edge.mjs";
import { faultyModule, narrowModule } from "../support/faulty.mjs";
import { installed } from "../support/installed.mjs";
import { htmlOf, markOf } from "../support/markup.mjs";
import { send } from "../support/origin.mjs";
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

describe("a page for which the engine fails", () => {
  // The query's text would have to be read as a number, which is where the module traps.
  const bundle = {
    version: 1,
    id: "edge",
    slots: {
      hero: {
        default: "few",
        variants: { few: {}, many: { html: "<h1>Many</h1>" } },
        rules: [{ when: { "url.query.n": { $gt: 5 } }, show: "many" }],
      },
    },
  };
  let edge;
  before(async () => {
    const replaced = { "runtime.wasm": faultyModule("runtime.wasm") };
    edge = await startEdge("engine-fails", { bundle, start: ({ config }) => startBareWorker({ config, replaced }) });
    edge.origin.answers.set("/", send(PAGE, { "cache-control": "public, max-age=600" }));
  });
  after(() => edge?.close());

  test("is the origin's, byte for byte and kept by nobody, and every other page is adapted", async () => {
    for (let visit = 0; visit < 3; visit++) {
      const failed = await edge.get("/?n=7", JOE);
      assert.equal(failed.status, 200);
      assert.equal(failed.headers.get("x-slotwise"), "untouched; engine: it failed, and starts anew");
      assert.equal(failed.headers.get("cache-control"), "private, no-cache");
      assert.equal(await failed.text(), PAGE);

      const next = await edge.get(`/?m=${visit}`, JOE);
      assert.equal(next.headers.get("x-slotwise"), "adapted");
      assert.equal(markOf(await next.text(), "hero"), "few");
    }
  });

  test("takes no page with it that is asked for at the same time", async () => {
    const visits = Array.from({ length: 20 }, async (_, visit) => {
      const answer = await edge.get(visit % 2 === 0 ? "/?n=7" : `/?m=${visit}`, JOE);
      return [answer.headers.get("x-slotwise").split(";")[0], htmlOf(await answer.text(), "hero")];
    });
    const expected = (visit) => [visit % 2 === 0 ? "untouched" : "adapted", "<h1>Hello</h1>"];
    assert.deepEqual(
      await Promise.all(visits),
      visits.map((_, visit) => expected(visit)),
    );
  });

  test("is said in the log, without who asked", async () => {
    const untouched = () => edge.worker.logs.filter((line) => line.includes('"outcome":"untouched"'));
    // The log comes by another way than the pages.
    for (let tries = 0; untouched().length < 13 && tries < 100; tries++) await pause(20);
    const failures = untouched().map((line) => JSON.parse(line));
    assert.equal(failures.length, 13);
    for (const failure of failures) {
      assert.deepEqual(failure, {
        message: "slotwise: page",
        path: "/",
        outcome: "untouched",
        reason: "engine: it failed, and starts anew",
        status: 200,
        sample: 1,
      });
    }
  });
});

describe("a page at which the page reader fails", () => {
  // A tag for which there is no room in the module's memory.
  const endless = `<img src="data:image/png;base64,${"A".repeat(3_000_000)}">`;
  const page = `<h1 data-slot="hero">Hello</h1>${endless}<p data-slot="hero">Hello</p>`;
  let edge;
  before(async () => {
    const replaced = { "page.wasm": narrowModule("page.wasm") };
    edge = await startEdge("page-reader-fails", { start: ({ config }) => startBareWorker({ config, replaced }) });
    edge.origin.answers.set("/", send(PAGE));
    edge.origin.answers.set("/endless", send(page));
  });
  after(() => edge?.close());

  test("passes as it is from there on, and the next page is adapted", async () => {
    for (let visit = 0; visit < 3; visit++) {
      const failed = await (await edge.get("/endless", JOE)).text();
      const [shown, rest] = failed.split(endless);
      assert.notEqual(markOf(shown, "hero"), undefined);
      assert.equal(rest, '<p data-slot="hero">Hello</p>');
      assert.notEqual(markOf(await (await edge.get("/", JOE)).text(), "hero"), undefined);
    }
  });

  test("is said in the log", () => {
    const told = edge.worker.logs.filter((line) => line.includes("the rest of a page passes as it is"));
    assert.equal(told.length, 3);
  });
});

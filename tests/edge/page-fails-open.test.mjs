// Whatever goes wrong at the edge, the visitor gets the page as it was authored, and a header says why.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { markOf, scriptsOf, stateOf } from "../support/markup.mjs";
import { makeSite } from "../support/sites.mjs";
import { startWorker } from "../support/worker.mjs";

const PAGE = readFileSync("worker/site/index.html", "utf8");
const BUNDLE = readFileSync("worker/site/bundle.slotwise");
const COOKIE = { cookie: "slotwise_id=ewa; slotwise_consent=personalization" };

/** The bundle with one byte turned over. */
function damaged() {
  const bytes = Buffer.from(BUNDLE);
  bytes[bytes.length >> 1] ^= 0xff;
  return bytes;
}

const broken = [
  { what: "missing", bundle: undefined, why: /^untouched; .*\/bundle\.slotwise answered 404/ },
  { what: "damaged", bundle: damaged(), why: /^untouched; .+/ },
  { what: "cut short", bundle: BUNDLE.subarray(0, 100), why: /^untouched; .+/ },
  { what: "empty", bundle: Buffer.alloc(0), why: /^untouched; .+/ },
  { what: "something else", bundle: readFileSync("worker/site/_slotwise/runtime.wasm"), why: /^untouched; .+/ },
];

for (const { what, bundle, why } of broken) {
  describe(`a bundle that is ${what}`, () => {
    let worker;
    before(async () => {
      const { config } = makeSite(
        `bundle-${what.replaceAll(" ", "-")}`,
        { "bundle.slotwise": bundle },
        { from: "worker/site" },
      );
      worker = await startWorker({ config });
    });
    after(() => worker?.dispose());

    test("leaves the page untouched, and says so every time", async () => {
      for (let visit = 0; visit < 3; visit++) {
        const answer = await worker.fetch("/", { headers: COOKIE });
        assert.equal(answer.status, 200);
        assert.match(answer.headers.get("x-slotwise"), why);
        assert.match(answer.headers.get("x-slotwise"), /^[ -~]{1,220}$/);
        assert.equal(await answer.text(), PAGE);
      }
    });
  });
}

describe("a site of its own", () => {
  const missing = '<!doctype html><title>Not here</title><p data-slot="hero">Not here</p>';
  const plain = "<!doctype html><title>Plain</title><p>No slots</p>";
  let worker;
  before(async () => {
    const files = {
      "404.html": missing,
      "plain.html": `${plain}</body>`,
      "open.html": '<!doctype html><title>Open</title><p data-slot="delivery">as it was',
      "note.txt": '<p data-slot="hero"></p></body>',
    };
    worker = await startWorker({ config: makeSite("own", files, { from: "worker/site" }).config });
  });
  after(() => worker?.dispose());

  test("a 404 page passes as it is", async () => {
    const answer = await worker.fetch("/nothing-here");
    assert.equal(answer.status, 404);
    assert.match(answer.headers.get("content-type"), /^text\/html/);
    assert.equal(answer.headers.get("x-slotwise"), null);
    assert.equal(await answer.text(), missing);
  });

  test("a page without slots gets no handoff and no script", async () => {
    assert.equal(await (await worker.fetch("/plain")).text(), `${plain}</body>`);
  });

  test("a page that leaves out its end tags is handed over all the same", async () => {
    const html = await (await worker.fetch("/open")).text();
    assert.notEqual(markOf(html, "delivery"), undefined);
    assert.equal(stateOf(html).slots.delivery.variant, markOf(html, "delivery"));
    assert.deepEqual(scriptsOf(html).slice(1), ['type="module" src="/_slotwise/slotwise.js"']);
  });

  test("text that looks like a page passes as it is", async () => {
    const answer = await worker.fetch("/note.txt");
    assert.equal(answer.headers.get("x-slotwise"), null);
    assert.equal(await answer.text(), '<p data-slot="hero"></p></body>');
  });

  test("a redirect passes as it is", async () => {
    const answer = await worker.fetch("/index.html");
    assert.equal(answer.status, 307);
    assert.equal(answer.headers.get("location"), "/");
  });
});

// A store that fails, and bundles that are replaced while pages are asked for.

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { BUNDLE, JOE } from "../support/edge.mjs";
import { htmlOf, stateOf } from "../support/markup.mjs";
import { revision, startPublishing } from "../support/publishing.mjs";

describe("a store that fails", () => {
  let edge;
  afterEach(() => edge?.close());
  const start = (name, vars = {}) => startPublishing(name, { main: "tests/support/faulty-store-worker.mjs", vars });
  const fault = (what) => edge.worker.fetch("/__fault", { method: "POST", body: JSON.stringify(what) });

  test("slowly: the page does not wait longer than the deadline, and is adapted once the bundle is there", async () => {
    edge = await start("store-slow", { DEADLINE: 100 });
    await fault({ wait: 1500 });
    const begun = Date.now();
    const first = await edge.page();
    const took = Date.now() - begun;
    assert.equal(first.outcome, "untouched; deadline: the bundle was not there in time");
    assert.equal(first.hero, "<h1>Hello</h1>");
    assert.ok(took < 1200, `${took} ms`);
    await fault({});
    for (let tries = 0; (await edge.page()).outcome !== "adapted"; tries++) {
      assert.ok(tries < 50);
      await pause(50);
    }
  });

  const failures = [
    { what: "with an error", fault: { fail: "KV is down" }, why: "bundle: KV is down" },
    { what: "by holding garbage", fault: { hold: { live: '"?"' } }, why: /^bundle: the key "live" of the store/ },
    { what: "by leading to what is not there", fault: { hold: { live: pointerTo(5) } }, why: /revision 5, or not yet/ },
    {
      what: "by holding something else than a bundle",
      fault: { hold: { live: pointerTo(5), [`bundle/5/${"0".repeat(64)}`]: "<!doctype html>" } },
      why: /^bundle: this is not a compiled Slotwise bundle/,
    },
  ];
  for (const [index, { what, fault: told, why }] of failures.entries()) {
    test(`${what}: the page comes as it is and says why; what was live before stays live`, async () => {
      edge = await start(`store-fails-${index}`);
      await fault(told);
      const untouched = await edge.page();
      assert.equal(untouched.hero, "<h1>Hello</h1>");
      const reason = untouched.outcome.replace(/^untouched; /, "");
      if (typeof why === "string") assert.equal(reason, why);
      else assert.match(reason, why);
      const health = await edge.get("/_slotwise/health");
      assert.equal(health.status, 503);
      assert.equal((await health.json()).status, "failing");
      await fault({});
      await pause(1100);
      assert.equal((await edge.put(revision(8))).status, 201);
      await fault(told);
      await pause(1100);
      await edge.page();
      assert.deepEqual(await edge.page(), { hero: "<h1>Revision 8</h1>", outcome: "adapted" });
      const degraded = await (await edge.get("/_slotwise/health")).json();
      assert.equal(degraded.status, "degraded");
    });
  }
});

test("a bundle that is replaced while pages are asked for: every page is of one revision, and none fails", async () => {
  const bundle = (number) => {
    const shown = { default: "it", variants: { it: { html: `${number}` } } };
    return { ...BUNDLE, revision: number, slots: { hero: shown, order: shown } };
  };
  const edge = await startPublishing("replaced", { bundle: bundle(1) });
  try {
    let publishing = true;
    const seen = new Set();
    const visitors = Array.from({ length: 8 }, async () => {
      while (publishing) {
        const answer = await edge.get("/", JOE);
        const html = await answer.text();
        assert.equal(answer.headers.get("x-slotwise"), "adapted");
        assert.equal(htmlOf(html, "hero"), htmlOf(html, "order"));
        assert.equal(stateOf(html).revision, Number(htmlOf(html, "hero")));
        seen.add(htmlOf(html, "hero"));
      }
    });
    for (let number = 2; number <= 12; number++) assert.equal((await edge.put(bundle(number))).status, 201);
    publishing = false;
    await Promise.all(visitors);
    assert.ok(seen.size > 1, [...seen].join());
  } finally {
    await edge.close();
  }
});

/** A pointer to a revision that nobody has published. */
function pointerTo(number) {
  const live = { revision: number, digest: "0".repeat(64), at: 0 };
  return JSON.stringify({ live, highest: number, sequence: 1, history: [] });
}

// A store that fails, and bundles that are replaced while pages are asked for.

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { compiled } from "../support/bundles.mjs";
import { BUNDLE, JOE } from "../support/edge.mjs";
import { htmlOf, stateOf } from "../support/markup.mjs";
import { problemOf, revision, startPublishing } from "../support/publishing.mjs";

/** Milliseconds that no test lasts. */
const FOREVER = 3_600_000;
const LATE = "untouched; deadline: the bundle was not there in time";
const SILENT = "the store did not answer within 5 seconds";
/** The key of a bundle that nobody has published, and which {@link pointerTo} names. */
const FIFTH = `bundle/5/${"0".repeat(64)}`;
/** Where a compiled bundle has the version of its format, two bytes with the lower one first. */
const FORMAT_AT = 8;
const file = await compiled(revision(5));

describe("a store that fails", () => {
  let edge;
  afterEach(() => edge?.close());
  const start = (name, vars = {}) => startPublishing(name, { main: "tests/support/faulty-store-worker.mjs", vars });
  const fault = (what) => edge.worker.fetch("/__fault", { method: "POST", body: JSON.stringify(what) });

  test("slowly: the page does not wait longer than the deadline, and is adapted once the bundle is there", async () => {
    edge = await start("store-slow", { DEADLINE: 100 });
    await fault({ wait: 400 });
    const first = await edge.page();
    assert.equal(first.outcome, LATE);
    assert.equal(first.hero, "<h1>Hello</h1>");
    for (let tries = 0; (await edge.page()).outcome !== "adapted"; tries++) assert.ok(tries < 50);
  });

  test("by never answering: pages come all the same, and after five seconds it counts as failing", async () => {
    edge = await start("store-silent", { DEADLINE: 100 });
    await fault({ wait: FOREVER });
    for (let visit = 0; visit < 3; visit++) assert.equal((await edge.page()).outcome, LATE);
    const health = await edge.get("/_slotwise/health");
    assert.equal(health.status, 503);
    assert.equal((await health.json()).failure, SILENT);
    // For a while, pages do not even wait for the deadline, and neither do the routes.
    assert.equal((await edge.page()).outcome, `untouched; bundle: ${SILENT}`);
    const answer = await edge.get("/_slotwise/bundle");
    assert.equal(answer.status, 503);
    assert.equal((await problemOf(answer)).detail, SILENT);
  });

  test("by never answering again: no page waits for it, and what was live before stays live", async () => {
    edge = await start("store-silent-later");
    assert.equal((await edge.put(revision(8))).status, 201);
    await fault({ wait: FOREVER });
    for (let visit = 0; visit < 3; visit++) {
      await pause(1100);
      assert.deepEqual(await edge.page(), { hero: "<h1>Revision 8</h1>", outcome: "adapted" });
    }
  });

  test("by being empty: the bundle that was deployed with the Worker is live", async () => {
    edge = await start("store-empty");
    await fault({ hold: { live: null } });
    const { hero, outcome } = await edge.page();
    assert.equal(outcome, "adapted");
    assert.match(hero, /^<h1>Hello, /);
  });

  test("by answering with what was there before: what was published here stays live", async () => {
    edge = await start("store-outdated");
    assert.equal((await edge.put(revision(8))).status, 201);
    for (const live of [null, pointerTo(7, 0)]) {
      await fault({ hold: { live } });
      await pause(1100);
      await edge.page();
      await edge.get("/_slotwise/health");
      assert.deepEqual(await edge.page(), { hero: "<h1>Revision 8</h1>", outcome: "adapted" });
    }
    await fault({});
    assert.equal((await edge.put(revision(9))).status, 201);
    assert.equal((await edge.page()).hero, "<h1>Revision 9</h1>");
  });

  test("when a bundle is published: that is said, and what was live stays live", async () => {
    edge = await start("store-full");
    assert.equal((await edge.put(revision(8))).status, 201);
    await fault({ failPut: "KV is full" });
    const answer = await edge.put(revision(9));
    assert.equal(answer.status, 500);
    await problemOf(answer);
    assert.equal((await edge.page()).hero, "<h1>Revision 8</h1>");
    await fault({});
    assert.equal((await edge.put(revision(9))).status, 201);
    assert.equal((await edge.page()).hero, "<h1>Revision 9</h1>");
  });

  const failures = [
    { what: "with an error", fault: { fail: "KV is down" }, why: "bundle: KV is down" },
    { what: "by holding garbage", fault: { hold: { live: '"?"' } }, why: /^bundle: the key "live" of the store/ },
    { what: "by leading to what is not there", fault: { hold: { live: pointerTo(5) } }, why: /revision 5, or not yet/ },
    {
      what: "by holding something else than a bundle",
      fault: { hold: { live: pointerTo(5), [FIFTH]: "<!doctype html>" } },
      why: /^bundle: this is not a compiled Slotwise bundle/,
    },
    {
      what: "by holding nothing under the key of a bundle",
      fault: { hold: { live: pointerTo(5), [FIFTH]: "" } },
      why: /^bundle: /,
    },
    {
      what: "by holding half a bundle",
      fault: { hold: { live: pointerTo(5), [FIFTH]: [...file.subarray(0, file.length >> 1)] } },
      why: /^bundle: .*ends/,
    },
    {
      what: "by holding a damaged bundle",
      fault: { hold: { live: pointerTo(5), [FIFTH]: [...file.with(file.length - 1, file.at(-1) ^ 0xff)] } },
      why: /^bundle: the bundle's checksum does not match/,
    },
    {
      what: "by holding a bundle of a newer format",
      fault: { hold: { live: pointerTo(5), [FIFTH]: [...file.with(FORMAT_AT, 99)] } },
      why: /^bundle: .*newer/,
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

/** A pointer to a revision that nobody has published, by default after everything that a test publishes. */
function pointerTo(number, at = Date.now() + FOREVER) {
  const live = { revision: number, digest: "0".repeat(64), at };
  return JSON.stringify({ live, highest: number, sequence: 1, history: [] });
}

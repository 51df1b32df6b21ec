// The Worker's variables: another prefix, values that make no sense, and what is logged.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { logPage } from "../../worker/src/log.ts";
import { JOE, PAGE, startEdge } from "../support/edge.mjs";
import { scriptsOf, stateOf } from "../support/markup.mjs";
import { send } from "../support/origin.mjs";

test("the routes can be elsewhere, and the page says where", async () => {
  const edge = await startEdge("prefix", { vars: { PREFIX: "/assets/slots/" }, from: "worker/site" });
  try {
    edge.origin.answers.set("/", send(PAGE));
    edge.origin.answers.set("/_slotwise/health", send("the site's own"));
    const html = await (await edge.get("/", JOE)).text();
    assert.equal(stateOf(html).prefix, "/assets/slots/");
    assert.equal(scriptsOf(html)[1], 'type="module" src="/assets/slots/slotwise.js"');
    assert.equal((await edge.get("/assets/slots/health")).status, 200);
    const script = await edge.get("/assets/slots/slotwise.js", {});
    assert.match(script.headers.get("content-type"), /javascript/);
    assert.equal(await (await edge.get("/_slotwise/health")).text(), "the site's own");
  } finally {
    await edge.close();
  }
});

test("a value that makes no sense counts as missing, and the health says so", async () => {
  const wrong = {
    PREFIX: "nowhere",
    DEADLINE: "soon",
    GPC: "maybe",
    LOG_SAMPLE: "2",
    COOKIE_DOMAIN: "a b",
    PAGE_CACHE: "yes",
  };
  const edge = await startEdge("mistakes", { vars: wrong });
  try {
    edge.origin.answers.set("/", send(PAGE));
    assert.equal((await edge.get("/", JOE)).headers.get("x-slotwise"), "adapted");
    const answer = await edge.get("/_slotwise/health");
    const { status, mistakes } = await answer.json();
    assert.equal(answer.status, 200);
    assert.equal(status, "degraded");
    for (const [name, value] of Object.entries(wrong)) {
      assert.ok(
        mistakes.some((mistake) => mistake.startsWith(`${name} is "${value}", but should be `)),
        name,
      );
    }
    assert.equal(mistakes.length, Object.keys(wrong).length);
  } finally {
    await edge.close();
  }
});

test("pages are logged by sample, failures always, and nothing of them tells who the visitor is", () => {
  const lines = [];
  const note = (line) => lines.push(JSON.parse(line));
  mock.method(console, "log", note);
  mock.method(console, "warn", note);
  try {
    const request = new Request("https://example.com/shop?email=ada%40example.com", {
      headers: { cookie: "slotwise_id=ewa" },
    });
    const result = { slots: { hero: { variant: "city", bucket: 0.5 } } };
    logPage({ logSample: 0 }, request, { outcome: "adapted", status: 200, result });
    assert.deepEqual(lines, []);
    logPage({ logSample: 1 }, request, { outcome: "adapted", status: 200, result, timings: { origin: 12 } });
    logPage({ logSample: 0 }, request, { outcome: "untouched", reason: "deadline", status: 200 });
    const common = { message: "slotwise: page", path: "/shop", status: 200, sample: 1 };
    assert.deepEqual(lines, [
      { ...common, outcome: "adapted", timings: { origin: 12 }, slots: { hero: "city" } },
      { ...common, outcome: "untouched", reason: "deadline" },
    ]);
  } finally {
    mock.restoreAll();
  }
});

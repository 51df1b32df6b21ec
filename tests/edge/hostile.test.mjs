// What a visitor may send too much of, or what may mean more than it says: every such request is answered, and the next one as ever.

import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, afterEach, before, describe, test } from "node:test";
import { startBareWorker } from "../support/bare-worker/bare-worker.mjs";
import { JOE, NAVIGATION, PAGE, startEdge } from "../support/edge.mjs";
import { markOf, stateOf } from "../support/markup.mjs";
import { send } from "../support/origin.mjs";

const KB = 1024;
const AGREED = "slotwise_id=joe; slotwise_consent=personalization";

let edge;
let usual;
before(async () => {
  edge = await startEdge("hostile-requests", { start: startBareWorker, vars: { PERSONAS: "on" } });
  edge.origin.answers.set("/", send(PAGE));
  usual = (await visited("/", JOE)).text;
  assert.equal(markOf(usual, "order"), "plain");
});
after(() => edge?.close());
afterEach(async () => assert.equal((await visited("/", JOE)).text, usual));

/** A page as it comes; headers may hold any byte. */
async function visited(path, headers) {
  const asking = request({ host: edge.url.hostname, port: edge.url.port, path, headers, agent: false }).end();
  const [answer] = await once(asking, "response");
  let text = "";
  for await (const part of answer.setEncoding("utf8")) text += part;
  return { status: answer.statusCode, headers: answer.headers, text };
}

function decide(body) {
  const headers = { ...JOE, "content-type": "application/json" };
  const sent = typeof body === "string" ? body : JSON.stringify(body);
  return edge.worker.fetch("/_slotwise/decide", { method: "POST", body: sent, headers });
}

describe("cookies", () => {
  const bombs = {
    "400 KB of them": `${"a=b; ".repeat(80 * KB)}${AGREED}`,
    "one of 400 KB": `a=${"b".repeat(400 * KB)}; ${AGREED}`,
    "400 KB without a value": `${"; ".repeat(200 * KB)}${AGREED}`,
    "400 KB of equals signs": `${"=".repeat(400 * KB)}; ${AGREED}`,
    "arms of 400 KB": `${AGREED}; slotwise_sticky=${"order-button__0=urgent&".repeat(18 * KB)}`,
    "a persona of 400 KB": `${AGREED}; slotwise_as=${"%2525".repeat(80 * KB)}`,
    "10,000 ids, of which the first counts": `${AGREED}; ${"slotwise_id=ewa; ".repeat(10_000)}`,
    "18,000 answers to the question of consent, of which the first counts": `${AGREED}; ${"slotwise_consent=none; ".repeat(18 * KB)}`,
  };
  for (const [what, cookie] of Object.entries(bombs)) {
    test(`${what}: the page is the visitor's`, async () => {
      const { status, headers, text } = await visited("/", { ...NAVIGATION, cookie });
      assert.equal(status, 200);
      assert.equal(headers["x-slotwise"], "adapted");
      assert.equal(markOf(text, "order"), "plain");
      const set = (headers["set-cookie"] ?? []).join("\n");
      assert.ok(set.length < 1500, `${set.length} characters are set`);
    });
  }

  test("an agreement to 200,000 purposes: it is none", async () => {
    const cookie = `slotwise_id=joe; slotwise_consent=personalization${".a".repeat(200_000)}`;
    const { text } = await visited("/", { ...NAVIGATION, cookie });
    assert.equal(stateOf(text).slots.order.reason, "consent_required");
  });

  test("more than workerd takes are refused by it", async () => {
    assert.equal((await visited("/", { ...NAVIGATION, cookie: "a=b; ".repeat(200 * KB) })).status, 431);
  });
});

describe("addresses", () => {
  const addresses = {
    "with 8,000 parameters": `/?${"a=b&".repeat(8000)}`,
    "with a preview of 2,000 slots": `/?slotwise=${"order:nothing,".repeat(2000)}`,
    "with a preview of odd names": "/?slotwise=__proto__:x,constructor:y,toString:z,order:__proto__",
    "with a persona of 30 KB": `/?as.place=${encodeURIComponent(`{"city":${"[".repeat(3000)}`)}`,
    "with what cannot be decoded": "/?a=%&b=%ff%fe&slotwise=%c3&as.place=%",
  };
  for (const [what, path] of Object.entries(addresses)) {
    test(`${what}: the page is adapted`, async () => {
      const { headers, text } = await visited(path, JOE);
      assert.equal(headers["x-slotwise"], "adapted");
      assert.equal(stateOf(text).slots.order.variant, "plain");
    });
  }
});

describe("headers", () => {
  test("with every byte that a header may have", async () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte >= 0x20 && byte !== 0x7f);
    const odd = Buffer.from(bytes).toString("latin1");
    const names = [
      "referer",
      "user-agent",
      "accept-language",
      "if-none-match",
      "sec-gpc",
      "cache-control",
      "accept-encoding",
    ];
    for (const name of names) {
      const { status, headers } = await visited("/", { ...JOE, [name]: odd });
      assert.equal(status, 200, name);
      assert.equal(headers["x-slotwise"], "adapted", name);
    }
  });

  test("of an answer hold nothing that the address has put there", async () => {
    const expected = (await visited("/", { ...NAVIGATION, cookie: AGREED })).headers;
    const smuggled = encodeURIComponent("x\r\nx-smuggled: 1\r\nset-cookie: smuggled=1\r\n\r\n<p>");
    const { headers } = await visited(
      `/?slotwise=${smuggled}:${smuggled}&as.visitor=${smuggled}&as.place=${smuggled}`,
      {
        ...NAVIGATION,
        cookie: AGREED,
      },
    );
    const persona = headers["set-cookie"].filter((cookie) => cookie.startsWith("slotwise_as="));
    assert.equal(persona.length, 1);
    assert.match(persona[0], /^slotwise_as=[\w.%~!*'()-]+; Path=\/; SameSite=Lax$/);
    assert.deepEqual(
      headers["set-cookie"].filter((cookie) => cookie.includes("smuggled=1")),
      [],
    );
    const names = (all) => Object.keys(all).filter((name) => name !== "set-cookie");
    assert.deepEqual(names(headers), names(expected));
  });
});

describe("what is asked of the decide route", () => {
  const MOST = 64 * KB;
  const deep = (text) => text.repeat((MOST - 200) / text.length);
  const bodies = {
    "lists in lists": `{"attributes":{"geo":${"[".repeat(MOST / 2 - 50)}${"]".repeat(MOST / 2 - 50)}},"explain":true}`,
    "objects in objects": `{"attributes":{"geo":${deep('{"city":').slice(0, 25_000 * 1)}1${"}".repeat(3125)}},"explain":true}`,
    "one long text": JSON.stringify({ attributes: { geo: { city: "x".repeat(MOST - 200) } }, explain: true }),
    "many members": JSON.stringify({
      attributes: Object.fromEntries(Array.from({ length: 4000 }, (_, at) => [`m${at}`, at])),
    }),
    "names that JavaScript knows": `{"attributes":{"__proto__":{"geo":{"city":"x"}},"constructor":{"prototype":{"geo":{}}},"toString":1},
      "consent":{"__proto__":{"personalization":true}},"force":{"__proto__":"urgent","constructor":"urgent"},"explain":true}`,
  };
  for (const [what, body] of Object.entries(bodies)) {
    test(`${what}: it is decided`, async () => {
      assert.ok(body.length <= MOST, `${body.length}`);
      JSON.parse(body);
      const answer = await decide(body);
      assert.equal(answer.status, 200, await answer.clone().text());
      const { slots } = await answer.json();
      assert.equal(slots.delivery.variant, "two");
      assert.notEqual(slots.order.source, "forced");
    });
  }

  test("a megabyte: it is refused", async () => {
    const answer = await decide({ attributes: { geo: { city: "x".repeat(KB * KB) } } });
    assert.equal(answer.status, 413);
  });

  test("a member that is markup: it is said to be none, in JSON that no browser takes for a page", async () => {
    const answer = await decide({ "<script>window.__hit=true</script>": 1 });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  });
});

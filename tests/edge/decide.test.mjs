// `POST decide`: what a page asks when it goes on deciding, and what code asks that has no page.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { check } from "../../pkg/dist/compiler.node.js";
import { EWA, JOE, startEdge } from "../support/edge.mjs";

let edge;
before(async () => {
  edge = await startEdge("decide");
});
after(() => edge?.close());

function decide(body, headers = JOE, options = {}) {
  const sent = typeof body === "string" ? body : JSON.stringify(body);
  return edge.worker.fetch("/_slotwise/decide", {
    method: "POST",
    body: sent,
    headers: { ...headers, "content-type": "application/json" },
    ...options,
  });
}

test("answers with every slot's content, and what the edge knows that the bundle reads", async () => {
  const cf = { city: "Wieliczka", country: "PL", latitude: "49.98", longitude: "20.06", timezone: "Europe/Warsaw" };
  const answer = await decide({}, EWA, { cf });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("cache-control"), "private, no-store");
  const told = await answer.json();
  assert.deepEqual([told.id, told.revision], ["edge", 7]);
  assert.equal(told.slots.hero.content.html, "<h1>Hello, Wieliczka</h1>");
  assert.deepEqual(told.slots.order.content, { patches: [{ op: "text", selector: "a", value: "Order today" }] });
  assert.deepEqual(
    told.exposures.map(({ experiment, arm, slots }) => ({ experiment, arm, slots })),
    [{ experiment: "order-button", arm: "urgent", slots: ["order"] }],
  );
  // The bundle reads the city and the id; the country and the coordinates stay at the edge.
  assert.deepEqual(told.context, {
    attributes: { geo: { city: "Wieliczka" }, id: "ewa" },
    timeZone: "Europe/Warsaw",
    consent: { personalization: true },
  });
});

test("knows the visitor's place, of which check knows the names", async () => {
  const place = {
    continent: "EU",
    country: "PL",
    region: "Pomerania",
    city: "Gdynia",
    postalCode: "81-004",
    latitude: 54.52,
    longitude: 18.53,
    timeZone: "Europe/Warsaw",
  };
  const bundleOf = (names) => ({
    version: 1,
    id: "place",
    slots: {
      place: {
        default: "a",
        variants: { a: {}, b: {} },
        rules: [{ when: Object.fromEntries(names.map((name) => [name, { $exists: true }])), show: "b" }],
      },
    },
  });
  const names = Object.keys(place).map((member) => `geo.${member}`);
  const placed = await startEdge("decide-place", { bundle: bundleOf(names) });
  try {
    const { timeZone, ...geo } = place;
    const cf = { ...geo, latitude: "54.52", longitude: "18.53", timezone: timeZone };
    const answer = await placed.worker.fetch("/_slotwise/decide", {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
      cf,
    });
    const { slots, context } = await answer.json();
    assert.equal(slots.place.variant, "b");
    assert.deepEqual(context.attributes, { geo: place });
  } finally {
    await placed.close();
  }
  assert.deepEqual(await check(bundleOf(names)), []);
  const problems = await check(bundleOf(names.map((name) => `${name}s`)));
  assert.deepEqual(
    problems.map(({ severity, help }) => [severity, help]),
    names.map((name) => ["warning", `did you mean "${name}"?`]),
  );
});

test("takes attributes, and forced variants", async () => {
  const told = await (await decide({ attributes: { geo: { city: "Łódź" } }, force: { order: "urgent" } })).json();
  assert.equal(told.slots.hero.content.html, "<h1>Hello, Łódź</h1>");
  assert.deepEqual([told.slots.order.variant, told.slots.order.source], ["urgent", "forced"]);
});

test("consent can be taken back, but not given, in the body", async () => {
  const reason = async (body, headers) => (await (await decide(body, headers)).json()).slots.order.reason;
  assert.equal(await reason({}, JOE), "assigned");
  assert.equal(await reason({ consent: {} }, JOE), "consent_required");
  assert.equal(await reason({ consent: { personalization: true } }, { cookie: "slotwise_id=joe" }), "consent_required");
});

test("what was kept is not looked at where consent is taken back, and nothing is set", async () => {
  const bundle = {
    version: 1,
    id: "withdrawn",
    consent: { profiles: "none", ids: "none" },
    slots: {
      viewed: {
        default: "no",
        variants: { no: {}, yes: {} },
        rules: [{ when: { $did: { event: "view_item", within: "10m" } }, show: "yes" }],
      },
      known: {
        default: "no",
        variants: { no: {}, yes: {} },
        rules: [{ when: { id: { $exists: true } }, show: "yes" }],
      },
    },
  };
  const withdrawn = await startEdge("decide-withdrawn", { bundle });
  try {
    const post = (path, body, cookie) =>
      withdrawn.worker.fetch(`/_slotwise/${path}`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", cookie },
      });
    const agreed = "slotwise_consent=personalization";
    const [cookie] = (await post("events", { name: "view_item", item: "boots" }, agreed)).headers.getSetCookie();
    const cookies = `${agreed}; ${cookie.split(";")[0]}`;
    const told = async (body) => {
      const answer = await post("decide", body, cookies);
      const { viewed, known } = (await answer.json()).slots;
      return [viewed.variant, known.variant, answer.headers.getSetCookie().length];
    };
    // The id is a new one.
    assert.deepEqual(await told({}), ["yes", "yes", 1]);
    assert.deepEqual(await told({ consent: { personalization: false } }), ["no", "no", 0]);
    assert.deepEqual(await told({ consent: {}, attributes: { id: "own" } }), ["no", "yes", 0]);
  } finally {
    await withdrawn.close();
  }
});

test("mints an id for one who has agreed, and sets it", async () => {
  const answer = await decide({}, { cookie: "slotwise_consent=personalization" });
  const [cookie] = answer.headers.getSetCookie();
  const [, id] = /^slotwise_id=([0-9a-f]{32});/.exec(cookie);
  assert.equal((await answer.json()).context.attributes.id, id);
});

test("explains when asked", async () => {
  const told = await (await decide({ explain: true })).json();
  const text = told.steps.order.map((step) => step.text).join("\n");
  assert.match(text, /"order-button" gives "plain" \(assigned, bucket 0\.0177\)/);
  assert.equal((await (await decide({})).json()).steps, undefined);
});

describe("refuses, in problem details,", () => {
  const cases = [
    { what: "another method", options: { method: "GET", body: undefined }, status: 405 },
    { what: "another type", headers: { "content-type": "text/plain" }, status: 415 },
    { what: "what is no JSON", body: "{", status: 400 },
    { what: "what is no object", body: "[]", status: 400 },
    { what: "a member that there is not", body: { atributes: {} }, status: 400 },
    { what: "what is too large", body: { attributes: { x: "x".repeat(70_000) } }, status: 413 },
  ];
  for (const { what, body = {}, headers = {}, options = {}, status } of cases) {
    test(what, async () => {
      const sent = typeof body === "string" ? body : JSON.stringify(body);
      const answer = await edge.worker.fetch("/_slotwise/decide", {
        method: "POST",
        body: sent,
        headers: { "content-type": "application/json", ...headers },
        ...options,
      });
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
      const problem = await answer.json();
      assert.equal(problem.status, status);
      assert.ok(problem.detail.length > 10);
    });
  }
});

describe("whatever is sent", () => {
  const odd = [
    { attributes: null, consent: 5, timeZone: {}, url: [], force: "hero" },
    { attributes: { geo: [[[]]], id: { toString: "x" } }, timeZone: "Nowhere/Atall", url: "::" },
    { attributes: JSON.parse('{"__proto__":{"geo":{"city":"x"}},"constructor":{"prototype":{}}}') },
    { force: { hero: "nothing", nobody: "x", __proto__: "y" } },
    `{"attributes":{"geo":${"[".repeat(5000)}${"]".repeat(5000)}}}`,
  ];
  for (const [index, body] of odd.entries()) {
    test(`is decided (${index})`, async () => {
      const answer = await decide(body, { ...JOE, cookie: "slotwise_id=%00; =; ;;" });
      assert.equal(answer.status, 200);
      assert.equal((await answer.json()).slots.delivery.variant, "two");
    });
  }
});

test("what is not there, and files of the package", async () => {
  const get = (path, options) => edge.worker.fetch(`/_slotwise/${path}`, options);
  assert.equal((await get("nothing")).status, 404);
  assert.equal((await get("nothing", { method: "POST" })).status, 404);
  for (const path of ["..%2f..%2fbundle.slotwise", "constructor", "__proto__", "bundle/../../bundle.slotwise%00"]) {
    assert.equal((await get(path)).status, 404, path);
  }
});

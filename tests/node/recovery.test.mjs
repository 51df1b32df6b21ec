// What becomes of engines when the wasm fails in the middle of its work: one answer is the page as it is, the next is right.

import assert from "node:assert/strict";
import { after, before, beforeEach, mock, test } from "node:test";
import { load as soundLoad } from "../../pkg/dist/index.node.js";
import { compiled } from "../support/bundles.mjs";
import { faultyPackage } from "../support/faulty.mjs";

/** Asks for everything that can fail: a number that may come as text, and templates of long texts. */
const ONE = {
  id: "one",
  consent: { ids: "none", experiments: "none" },
  experiments: { e: { variants: { a: 0.5, b: 0.5 }, sticky: true } },
  slots: {
    number: { default: "few", variants: { many: {}, few: {} }, rules: [{ when: { n: { $gt: 5 } }, show: "many" }] },
    texts: { default: "base", variants: { base: { html: "<p>{{text}}{{more}}{{rest}}</p>" } } },
    split: { default: "b", variants: { a: {}, b: {} }, rules: [{ experiment: "e" }] },
  },
};
const OTHER = { ...ONE, id: "other", revision: 2 };

const SOUND = { attributes: { id: "u1", n: 7, text: "<b>", more: "!" }, now: 0 };
const LONG = "x".repeat(262_144);
/** Contexts that a visitor can send, at which the faulty module fails. */
const FAULTS = {
  "a trap in the middle of a decision": { n: "7" },
  "no memory left for a decision": { text: LONG },
  "no memory left for a context": { text: LONG, more: LONG, rest: LONG },
};

let faulty;
let load;
let bytes;
let expected;

before(async () => {
  faulty = faultyPackage("runtime.wasm", "compiler.wasm");
  ({ load } = await faulty.open("index.node.js"));
  bytes = await Promise.all([ONE, OTHER].map(compiled));
  expected = await Promise.all(bytes.map(async (file) => (await soundLoad(file)).personalize(SOUND).toJSON()));
});

after(() => faulty.remove());

beforeEach(() => mock.restoreAll());

/** Engines of both bundles, in the one instance of the faulty module. */
const engines = () => Promise.all(bytes.map((file) => load(file.slice())));

const fail = (engine, attributes) => engine.personalize({ attributes: { id: "u1", ...attributes }, now: 0 });

for (const [name, attributes] of Object.entries(FAULTS)) {
  test(`${name} is answered with the page as it is`, async () => {
    const logged = mock.method(console, "error", () => {});
    const [one] = await engines();
    const result = fail(one, attributes);
    const shown = (variant) => ({ variant, source: "error", reason: "engine_failed", content: {} });
    const { cache, ...told } = result.toJSON();
    assert.deepEqual(told, {
      slots: { number: shown("few"), texts: shown("base"), split: shown("b") },
      exposures: [],
      sticky: {},
    });
    assert.equal(cache.maxAge, 0);
    assert.equal(one.render(result, "texts"), "");
    assert.equal(logged.mock.callCount(), 1);
    const keys = [cache.key, fail(one, attributes).cache.key, one.personalize(SOUND).cache.key];
    assert.equal(new Set(keys).size, keys.length, `${keys}`);
  });

  test(`after ${name}, every engine decides as before`, async () => {
    mock.method(console, "error", () => {});
    const both = await engines();
    for (const order of [
      [0, 1],
      [1, 0],
      [1, 1, 0],
    ]) {
      assert.equal(fail(both[order.at(-1)], attributes).slots.number.reason, "engine_failed");
      for (const which of order) assert.deepEqual(both[which].personalize(SOUND).toJSON(), expected[which]);
    }
  });

  test(`after ${name}, engines can be freed and loaded`, async () => {
    mock.method(console, "error", () => {});
    const both = await engines();
    fail(both[0], attributes);
    for (const engine of both) engine.free();
    const [one, other] = await engines();
    fail(one, attributes);
    assert.deepEqual(other.personalize(SOUND).toJSON(), expected[1]);
    // One that has not been used since is freed without harm to the one that has.
    one.free();
    assert.deepEqual(other.personalize(SOUND).toJSON(), expected[1]);
    assert.match(other.mintId(), /^[0-9a-f]{32}$/);
  });
}

test("failing over and over does not use anything up", async () => {
  mock.method(console, "error", () => {});
  const [one, other] = await engines();
  for (let round = 0; round < 200; round++) {
    fail(one, Object.values(FAULTS)[round % 3]);
    assert.deepEqual(other.personalize(SOUND).toJSON(), expected[1]);
  }
});

test("a failure while another context is being read spoils at most that answer", async () => {
  mock.method(console, "error", () => {});
  const [one, other] = await engines();
  const attributes = {
    id: "u1",
    get n() {
      fail(other, { n: "7" });
      return 7;
    },
  };
  const { source } = one.personalize({ attributes, now: 0 }).slots.number;
  assert.ok(source === "rule" || source === "error", source);
  assert.deepEqual(one.personalize(SOUND).toJSON(), expected[0]);
  assert.deepEqual(other.personalize(SOUND).toJSON(), expected[1]);
});

test("a file that is refused leaves the instance in use alone", async () => {
  const [one] = await engines();
  one.personalize(SOUND);
  const made = mock.method(WebAssembly, "Instance");
  await assert.rejects(load(bytes[0].slice(0, 50)), { code: "truncated" });
  assert.deepEqual(one.personalize(SOUND).toJSON(), expected[0]);
  assert.equal(made.mock.callCount(), 0);
});

test("an engine that was freed says so, and others go on", async () => {
  const [one, other] = await engines();
  one.free();
  one.free();
  assert.throws(() => one.personalize(SOUND), { name: "SlotwiseError", code: "freed" });
  assert.deepEqual(other.personalize(SOUND).toJSON(), expected[1]);
});

test("the compiler recovers as well", async () => {
  mock.method(console, "error", () => {});
  const { check, compile } = await faulty.open("compiler.node.js");
  const [one] = await engines();
  const { result, steps } = await one.explain(SOUND);
  await assert.rejects(one.explain({ attributes: { n: "7" }, now: 0 }), {
    name: "SlotwiseError",
    code: "engine_failed",
  });
  assert.deepEqual((await one.explain(SOUND)).result.toJSON(), result.toJSON());
  assert.deepEqual((await one.explain(SOUND)).steps, steps);
  await assert.rejects(one.explain({ attributes: { n: "7" }, now: 0 }), { code: "engine_failed" });
  assert.deepEqual((await compile({ version: 1, ...ONE })).bytes, bytes[0]);
  assert.deepEqual(await check({ version: 1, ...OTHER }), []);
  assert.equal(await one.matches({ n: { $gt: 5 } }, { n: 7 }), true);
});

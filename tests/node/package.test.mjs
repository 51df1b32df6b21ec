// The calls of a loaded engine, and the compiler's, as documented.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { check, compile, SlotwiseError, schema } from "../../pkg/dist/compiler.node.js";
import { compiled, engineOf, SHOP, shows, when } from "../support/bundles.mjs";

const NOON = Date.UTC(2026, 10, 22, 12);
const ADA = { attributes: { id: "u1", name: "Ada" }, consent: { personalization: true }, now: NOON, timeZone: 0 };
let shop;

before(async () => {
  shop = await engineOf(SHOP);
});

test("a result names what every slot shows and why", () => {
  const result = shop.personalize(ADA);
  assert.deepEqual(Object.keys(result.slots), ["hero", "flow", "banner", "title"]);
  const { hero, flow, banner, title } = result.slots;
  assert.equal(hero.source, "experiment");
  assert.equal(hero.rule, "cta");
  assert.equal(hero.experiment, "cta");
  assert.equal(hero.variant, hero.arm);
  assert.ok(hero.bucket >= 0 && hero.bucket < 1);
  assert.deepEqual(flow, {
    variant: "v1",
    source: "default",
    reason: "no_match",
    content: { value: { steps: [1, 2, 3] } },
  });
  assert.deepEqual(banner, {
    variant: "plain",
    source: "rule",
    reason: "matched",
    content: {
      patches: [
        { op: "text", selector: "b", value: "Hello, Ada" },
        { op: "html", value: "<i>Ada</i>" },
      ],
    },
    rule: 0,
  });
  assert.deepEqual(Object.keys(title.factors), ["title", "image"]);
  assert.equal(title.variant, title.factors.title);
  assert.deepEqual(result.sticky, { cta__0: hero.arm });
  assert.deepEqual(
    result.exposures.map(({ experiment, slots, hashAttribute }) => ({ experiment, slots, hashAttribute })),
    [
      { experiment: "cta", slots: ["hero"], hashAttribute: "id" },
      { experiment: "page", slots: ["title"], hashAttribute: "id" },
    ],
  );
  assert.equal(typeof result.cache.key, "string");
  // The hour was read; it changes at one o'clock.
  assert.equal(result.cache.maxAge, 3600);
});

test("each of many slots says what is its own", async () => {
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  const slotOf = (number) => ({
    default: `none-${number}`,
    variants: { [`none-${number}`]: {}, [`some-${number}`]: { value: number } },
    rules: [{ when: { [`a${number % 3}`]: true }, show: `some-${number}` }],
  });
  const slots = Object.fromEntries(numbers.map((number) => [`slot-${number}`, slotOf(number)]));
  const engine = await engineOf({ version: 1, id: "many", slots });
  for (const asked of [0, 1, 2]) {
    const result = engine.personalize({ attributes: { [`a${asked}`]: true } });
    assert.deepEqual(Object.keys(result.slots), Object.keys(slots));
    for (const number of numbers) {
      const { variant, content } = result.slots[`slot-${number}`];
      const expected = number % 3 === asked ? [`some-${number}`, number] : [`none-${number}`, undefined];
      assert.deepEqual([variant, content.value], expected);
    }
  }
});

test("without a context, the default of everything is decided for now", () => {
  for (const result of [shop.personalize(), shop.personalize({}), shop.personalize({ timeZone: "UTC" })]) {
    assert.equal(result.slots.flow.variant, "v1");
    assert.deepEqual(result.exposures, []);
    assert.deepEqual(result.sticky, {});
  }
});

test("JSON.stringify tells the whole result", () => {
  const result = shop.personalize(ADA);
  const { slots, exposures, sticky, cache } = result;
  assert.deepEqual(JSON.parse(JSON.stringify(result)), JSON.parse(JSON.stringify({ slots, exposures, sticky, cache })));
  assert.equal(JSON.stringify(result), JSON.stringify(shop.personalize(ADA)));
});

/** Everything that can be written to, written to. */
function vandalise(value, depth = 0) {
  if (typeof value !== "object" || value === null || depth > 8) return;
  for (const name of Object.keys(value)) {
    vandalise(value[name], depth + 1);
    Reflect.set(value, name, "changed");
    Reflect.deleteProperty(value, name);
  }
  Reflect.set(value, "added", true);
}

test("content is frozen, and changing a result changes no other", () => {
  const expected = JSON.stringify(shop.personalize(ADA));
  const first = shop.personalize(ADA);
  for (const { content } of Object.values(first.slots)) assert.ok(Object.isFrozen(content));
  assert.ok(Object.isFrozen(first.slots.flow.content.value.steps));
  assert.ok(Object.isFrozen(first.slots.banner.content.patches[0]));
  for (const part of [first.exposures, first.sticky, first.cache, first.slots, first]) vandalise(part);
  assert.equal(JSON.stringify(shop.personalize(ADA)), expected);
});

test("a result keeps its answer while others are decided", () => {
  const first = shop.personalize(ADA);
  const told = JSON.stringify(first);
  for (let index = 0; index < 50; index++) {
    shop.personalize({ ...ADA, attributes: { id: `user-${index}`, name: "x".repeat(index * 5000) } });
  }
  assert.equal(JSON.stringify(first), told);
});

test("a context is only read", () => {
  const context = {
    ...structuredClone(ADA),
    sticky: { cta__0: "urgent" },
    force: { flow: "v2" },
    request: { url: "/" },
  };
  const before = structuredClone(context);
  shop.personalize(context);
  assert.deepEqual(context, before);
  const frozen = Object.freeze({ ...ADA, attributes: Object.freeze({ ...ADA.attributes }) });
  assert.equal(JSON.stringify(shop.personalize(frozen)), JSON.stringify(shop.personalize(ADA)));
});

test("a forced variant wins over everything, an unknown one over nothing", () => {
  const forced = shop.personalize({ ...ADA, force: { hero: "morning", flow: "v2", banner: "nope", none: "x" } });
  const { hero, flow, banner } = forced.slots;
  assert.deepEqual([hero.variant, hero.source, hero.reason], ["morning", "forced", "forced"]);
  assert.equal(hero.content.html, "<h1>Good morning, Ada</h1>");
  assert.deepEqual(flow.content, { value: null });
  assert.equal(banner.source, "rule");
  assert.ok(forced.exposures.every(({ experiment }) => experiment !== "cta"));
});

test("an arm of an earlier visit is kept", () => {
  for (const arm of ["control", "urgent"]) {
    const { slots, sticky } = shop.personalize({ ...ADA, sticky: { cta__0: arm } });
    assert.equal(slots.hero.variant, arm);
    assert.equal(slots.hero.reason, "sticky");
    assert.deepEqual(sticky, { cta__0: arm });
  }
  assert.equal(shop.personalize({ ...ADA, sticky: { cta__0: "nope" } }).slots.hero.reason, "assigned");
});

test("what a visitor sends is escaped in HTML, and left alone as text", () => {
  const name = `<img src=x onerror="alert('1')">&`;
  const [text, html] = shop.personalize({ ...ADA, attributes: { name } }).slots.banner.content.patches;
  assert.equal(text.value, `Hello, ${name}`);
  assert.doesNotMatch(html.value, /<img|"|'/);
});

test("render gives the HTML that a slot shows", () => {
  const morning = { ...ADA, now: Date.UTC(2026, 10, 22, 8) };
  const result = shop.personalize(morning);
  assert.equal(shop.render(result, "hero"), "<h1>Good morning, Ada</h1>");
  assert.equal(shop.render(result, "banner"), "<i>Ada</i>");
  assert.equal(shop.render(result, "flow"), "");
  for (const slot of ["unknown", "constructor", "__proto__", "toString"]) assert.equal(shop.render(result, slot), "");
});

test("rendered text keeps every character, a byte order mark included", async () => {
  const engine = await engineOf(shows("{{v}}"));
  for (const v of ["\ufeffa", "\ufeff", "a\ufeff", "łódź 🍕", "\u0000", "\u2028"]) {
    assert.equal(engine.personalize({ attributes: { v } }).slots.slot.content.html, v, JSON.stringify(v));
  }
});

test("rendered text is well-formed: half of a pair is the replacement character", async () => {
  const engine = await engineOf(shows("{{v}}"));
  for (const [v, shown] of [
    ["\ud800", "\ufffd"],
    ["a\udc00b", "a\ufffdb"],
    ["\udc00\ud800", "\ufffd\ufffd"],
    ["\ud83c\udf55\ud83c", "🍕\ufffd"],
  ]) {
    assert.equal(engine.personalize({ attributes: { v } }).slots.slot.content.html, shown);
  }
});

test("variants are those of a slot, in the bundle's order", () => {
  assert.deepEqual(shop.variants("hero"), ["base", "morning", "control", "urgent"]);
  for (const slot of ["unknown", "constructor", "", undefined]) assert.deepEqual(shop.variants(slot), []);
});

test("a minted id is 128 random bits in hexadecimal", () => {
  const ids = Array.from({ length: 1000 }, () => shop.mintId());
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal(new Set(ids).size, ids.length);
  // Every digit takes every value: with 1000 ids, one that is missing somewhere has a chance of 10^-25.
  for (let place = 0; place < 32; place++) assert.equal(new Set(ids.map((id) => id[place])).size, 16);
});

test("explain gives the decision and its steps", async () => {
  const { result, steps } = await shop.explain(ADA);
  assert.equal(JSON.stringify(result), JSON.stringify(shop.personalize(ADA)));
  assert.deepEqual(Object.keys(steps), shop.slots);
  assert.deepEqual(
    steps.hero.map(({ step }) => step),
    ["rule", "test", "ruleFailed", "rule", "experiment", "assigned", "decided"],
  );
  const { text, ...assigned } = steps.hero[5];
  const { arm, bucket } = result.slots.hero;
  assert.deepEqual(assigned, { step: "assigned", name: "cta", arm, reason: "assigned", bucket, depth: 0 });
  assert.match(text, /cta/);
  const none = await shop.explain();
  assert.equal(none.result.slots.flow.variant, "v1");
});

test("matches tests one condition", async () => {
  assert.equal(await shop.matches({ plan: "pro" }, { plan: "pro" }), true);
  assert.equal(await shop.matches({ plan: "pro" }, {}), false);
  assert.equal(await shop.matches({ id: "u1" }, { id: "u1" }), true);
  assert.equal(await shop.matches({}, {}), true);
  await assert.rejects(shop.matches({ "a.b": { $lt: true } }, {}), (thrown) => {
    assert.ok(thrown instanceof SlotwiseError);
    assert.equal(thrown.code, "bad_condition");
    assert.equal(thrown.path, "/a.b/$lt");
    return true;
  });
});

test("matches refuses what is no condition", async () => {
  const cyclic = {};
  cyclic.self = cyclic;
  for (const condition of [undefined, null, 5, "x", [], () => {}, 5n, { v: 5n }, cyclic]) {
    await assert.rejects(shop.matches(condition, {}), { name: "SlotwiseError", code: "bad_condition" });
  }
});

test("compile gives bytes, or every problem with its place", async () => {
  const good = await compile(SHOP);
  assert.ok(good.bytes instanceof Uint8Array);
  assert.deepEqual(Buffer.from(good.bytes), Buffer.from((await compile(JSON.stringify(SHOP))).bytes));
  const bad = {
    version: 1,
    id: "x",
    slots: { a: { default: "b", variants: { c: {} } }, d: { default: 5, variants: {} } },
  };
  const { bytes, problems } = await compile(bad);
  assert.equal(bytes, undefined);
  const pointers = problems.filter(({ severity }) => severity === "error").map(({ pointer }) => pointer);
  assert.ok(pointers.includes("/slots/a/default") && pointers.includes("/slots/d/default"), `${pointers}`);
  for (const { severity, message, help } of problems) {
    assert.ok(severity === "error" || severity === "warning");
    assert.ok(typeof message === "string" && message !== "");
    assert.ok(help === undefined || typeof help === "string");
  }
  assert.deepEqual(await check(bad), problems);
});

test("a bundle with warnings compiles, and they are told", async () => {
  const bundle = {
    version: 1,
    id: "x",
    slots: { a: { default: "b", variants: { b: {}, unused: {} }, rules: [] } },
  };
  const { bytes, problems } = await compile(bundle);
  assert.ok(bytes instanceof Uint8Array);
  assert.deepEqual(
    problems.map(({ severity }) => severity),
    ["warning"],
  );
  assert.deepEqual(await check(SHOP), []);
});

test("anything at all can be checked", async () => {
  const deep = "[".repeat(100_000);
  for (const bundle of [undefined, null, 5, "", "{", "nonsense", "\ud800", deep, [], {}, () => {}, true]) {
    const problems = await check(bundle);
    assert.ok(
      problems.some(({ severity }) => severity === "error"),
      String(bundle).slice(0, 20),
    );
  }
  const cyclic = { version: 1, id: "x" };
  cyclic.slots = cyclic;
  for (const bundle of [cyclic, { version: 5n }]) {
    const { bytes, problems } = await compile(bundle);
    assert.equal(bytes, undefined);
    assert.equal(problems[0].severity, "error");
  }
});

test("files that are handed over as something else are refused, and the compiler goes on", async () => {
  const numbers = new Float32Array(4);
  const bundle = {
    version: 1,
    id: "x",
    catalog: { items: "items.jsonl", content: { vectors: "content.npy" } },
    slots: { a: { default: "b", variants: { b: {} }, rules: [{ rank: { show: "b" } }] } },
  };
  const items = new TextEncoder().encode('{ "id": "boots" }\n{ "id": "hat" }');
  const content = { columns: 2, numbers };
  assert.ok((await compile(bundle, { files: { "items.jsonl": items, "content.npy": content } })).bytes);
  for (const [name, odd] of [
    ["items.jsonl", '{ "id": "boots" }'],
    ["items.jsonl", null],
    ["content.npy", { columns: 2, numbers: [0, 0, 0, 0] }],
    ["content.npy", { columns: 2, numbers: new Float64Array(4) }],
    ["content.npy", { columns: 3, numbers }],
    ["content.npy", { columns: 2.5, numbers }],
    ["content.npy", { numbers }],
  ]) {
    const files = { "items.jsonl": items, "content.npy": content, [name]: odd };
    const { bytes, problems } = await compile(bundle, { files });
    assert.equal(bytes, undefined, name);
    assert.deepEqual(await check(bundle, { files }), problems);
    assert.equal(problems.length, 1);
    assert.ok(problems[0].severity === "error" && problems[0].message.includes(`"${name}"`) && problems[0].help);
  }
});

test("names that every object inherits are names like any other", async () => {
  for (const name of ["constructor", "toString", "hasOwnProperty", "valueOf", "then"]) {
    const engine = await engineOf({
      consent: { ids: "none", experiments: "none" },
      segments: { [name]: { [name]: name } },
      groups: { [name]: [name] },
      experiments: { [name]: { variants: { [name]: 1, other: 0 }, sticky: true } },
      holdouts: { [name]: { coverage: 0 } },
      slots: {
        [name]: {
          default: name,
          variants: { [name]: { html: `{{${name}}}` }, other: {} },
          rules: [{ id: name, when: { $segment: name }, show: "other" }, { experiment: name }],
        },
      },
    });
    const absent = engine.personalize({ attributes: {} });
    assert.deepEqual(Object.keys(absent.slots), [name]);
    assert.equal(absent.slots[name].reason, "no_hash_value");
    assert.equal(absent.slots[name].content.html, "");
    const there = engine.personalize({ attributes: { id: "u", [name]: "x" }, force: {}, sticky: {} });
    assert.equal(there.slots[name].arm, name);
    assert.equal(there.slots[name].content.html, "x");
    assert.deepEqual(there.sticky, { [`${name}__0`]: name });
    assert.equal(engine.personalize({ attributes: { [name]: name } }).slots[name].rule, name);
    const { steps } = await engine.explain({ attributes: { id: "u" } });
    assert.equal(steps[name].at(-1).variant, name);
  }
});

test("the one name that objects cannot hold is refused for a slot, and harmless elsewhere", async () => {
  const slot = JSON.parse('{"__proto__": {"default": "b", "variants": {"b": {}}}}');
  assert.ok((await check({ version: 1, id: "x", slots: slot })).some(({ pointer }) => pointer === "/slots/__proto__"));
  const json = `{ "version": 1, "id": "x", "consent": { "ids": "none", "experiments": "none" },
    "experiments": { "__proto__": { "factors": { "__proto__": { "__proto__": 1, "b": 0 }, "c": { "d": 1, "e": 0 } }, "sticky": true } },
    "segments": { "__proto__": { "__proto__": "x" } },
    "slots": { "s": { "default": "__proto__", "variants": { "__proto__": { "value": { "__proto__": { "polluted": 1 } } }, "b": {} },
      "rules": [{ "id": "__proto__", "when": { "$segment": "__proto__" }, "show": "__proto__" },
                { "experiment": "__proto__", "factor": "__proto__" }] } } }`;
  const { bytes, problems } = await compile(json);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error"),
    [],
  );
  const { load } = await import("../../pkg/dist/index.node.js");
  const engine = await load(bytes);
  const known = JSON.parse('{"id": "u", "__proto__": "x"}');
  const matched = engine.personalize({ attributes: known }).slots.s;
  assert.equal(matched.rule, "__proto__");
  const result = engine.personalize({ attributes: { id: "u" } });
  assert.equal(result.slots.s.variant, "__proto__");
  assert.deepEqual(Object.keys(result.slots.s.factors), ["__proto__", "c"]);
  assert.equal(result.exposures[0].experiment, "__proto__");
  assert.deepEqual(JSON.parse(JSON.stringify(result.sticky)), { __proto____0: "__proto__+d" });
  assert.equal({}.polluted, undefined);
  assert.equal(JSON.stringify(await engine.explain({ attributes: { id: "u" } })).includes("__proto__"), true);
});

test("the schema is the one that is published", async () => {
  const published = await readFile(new URL("../../pkg/bundle.schema.json", import.meta.url), "utf8");
  assert.deepEqual(await schema(), JSON.parse(published));
});

test("compiled bundles are the same each time", async () => {
  assert.deepEqual(Buffer.from(await compiled(SHOP)), Buffer.from(await compiled(structuredClone(SHOP))));
});

test("engines do not disturb each other", async () => {
  const engines = await Promise.all(Array.from({ length: 30 }, (_, index) => engineOf(when({ v: index }))));
  for (let round = 0; round < 3; round++) {
    for (const [index, engine] of engines.entries()) {
      assert.equal(engine.personalize({ attributes: { v: index } }).slots.slot.variant, "yes");
      assert.equal(engine.personalize({ attributes: { v: -1, w: "x".repeat(100_000) } }).slots.slot.variant, "no");
    }
  }
});

test("the custom element can be imported where there are no elements", async () => {
  const { AdaptiveSlot } = await import("../../pkg/dist/element.js");
  assert.equal(typeof AdaptiveSlot, "function");
  assert.equal(globalThis.customElements, undefined);
});

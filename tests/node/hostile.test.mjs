// Whatever a context holds, there is a decision and never a throw; one visitor's context changes nothing for the next.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { compile } from "../../pkg/dist/compiler.node.js";
import { load } from "../../pkg/dist/index.node.js";
import { compiled, engineOf, shows, when } from "../support/bundles.mjs";
import { described, nested, Point, VALUES } from "../support/odd-values.mjs";

/** Reads everything that a bundle can read: attributes at several depths, the request, the time, ids, sticky arms. */
const EVERYTHING = {
  consent: { ids: "personalization", experiments: "personalization" },
  experiments: {
    cta: { variants: { control: 0.5, urgent: 0.5 }, sticky: true, fallbackAttribute: "device.id" },
    old: { variants: { a: 0.5, b: 0.5 }, sticky: true, bucketVersion: 2, minBucketVersion: 2, hashAttribute: "v" },
  },
  holdouts: { all: { coverage: 0.1 } },
  slots: {
    plain: {
      default: "no",
      variants: { no: {}, yes: {} },
      rules: [
        {
          when: {
            v: { $regex: "x$" },
            "v.w": { $in: ["a", 1, null] },
            list: { $elemMatch: { $gt: 5 } },
            "deep.er.still": [{ a: 1 }],
            other: { $ini: ["straße"] },
          },
          show: "yes",
        },
        { when: { $or: [{ v: "a" }, { v: 1 }, { v: { $size: 2 } }, { v: { $veq: "1.0" } }] }, show: "yes" },
      ],
    },
    derived: {
      default: "no",
      variants: { no: { html: "{{time.hour}} {{url.path}} {{url.query.q}} {{language}}" }, yes: {} },
      rules: [{ when: { "device.type": "mobile", "referrer.host": "x.example", "time.weekday": 8 }, show: "yes" }],
    },
    cta: { default: "control", variants: { control: {}, urgent: {} }, rules: [{ experiment: "cta" }] },
    old: { default: "a", variants: { a: {}, b: {} }, rules: [{ experiment: "old" }] },
    text: {
      default: "v",
      variants: { v: { html: "<p>{{v}}</p>{{#list}}<i>{{.}}{{w}}</i>{{/list}}{{^deep}}none{{/deep}}" } },
    },
  },
};

const GOOD = {
  attributes: { id: "u1", v: "a", list: [1, { w: "łódź" }], device: { id: "d" } },
  request: { url: "https://shop.example/a?q=1", userAgent: "iPhone", language: "pl", referrer: "https://x.example/" },
  consent: { personalization: true },
  now: 0,
  timeZone: "Europe/Warsaw",
  sticky: { cta__0: "urgent" },
};

let engine;
let good;

before(async () => {
  engine = await engineOf(EVERYTHING);
  good = JSON.stringify(engine.personalize(GOOD));
});

/** Asserts that a context is decided, and that a good one is decided as ever behind it. */
function decides(context, told) {
  let result;
  try {
    result = engine.personalize(context);
  } catch (thrown) {
    assert.fail(`${told}: threw ${thrown?.stack ?? String(thrown)}`);
  }
  const { slots, exposures, sticky, cache } = JSON.parse(JSON.stringify(result));
  assert.deepEqual(Object.keys(slots), Object.keys(EVERYTHING.slots), told);
  for (const [name, { variant }] of Object.entries(slots)) {
    assert.ok(Object.hasOwn(EVERYTHING.slots[name].variants, variant), `${told}: ${name} shows ${variant}`);
  }
  assert.ok(Array.isArray(exposures) && typeof sticky === "object", told);
  assert.ok(Number.isInteger(cache.maxAge) && cache.maxAge >= 0 && typeof cache.key === "string", told);
  assert.equal(JSON.stringify(engine.personalize(GOOD)), good, `${told}: the next visitor is decided otherwise`);
  return result;
}

const MEMBERS = ["attributes", "request", "consent", "now", "timeZone", "sticky", "force", "profile"];

test("any value as the context, and as every member of it", (t) => {
  let count = 0;
  for (const [name, value] of Object.entries(VALUES)) {
    decides(value, name);
    for (const member of MEMBERS) decides({ ...GOOD, [member]: value }, `${member}: ${name}`);
    count += 1 + MEMBERS.length;
  }
  t.diagnostic(`${count} contexts`);
});

test("any value as an attribute, a fact, a purpose, an arm or a variant", (t) => {
  let count = 0;
  for (const [name, value] of Object.entries(VALUES)) {
    for (const attribute of ["id", "v", "list", "deep", "other", "device", "url", "time", "language"]) {
      decides({ ...GOOD, attributes: { ...GOOD.attributes, [attribute]: value } }, `${attribute}: ${name}`);
      count++;
    }
    for (const fact of ["url", "referrer", "userAgent", "language"]) {
      decides({ ...GOOD, request: { ...GOOD.request, [fact]: value } }, `${fact}: ${name}`);
      count++;
    }
    decides({ ...GOOD, consent: { personalization: value } }, `consent: ${name}`);
    decides({ ...GOOD, sticky: { cta__0: value, old__0: value, old__2: value } }, `sticky: ${name}`);
    decides({ ...GOOD, force: { plain: value, unknown: value } }, `force: ${name}`);
    decides({ ...GOOD, attributes: { v: { w: value }, deep: { er: { still: [value] } }, list: [value, value] } }, name);
    count += 4;
  }
  t.diagnostic(`${count} contexts`);
});

test("only `true` is consent", () => {
  for (const [name, value] of Object.entries(VALUES)) {
    if (value === true) continue;
    const { slots, exposures } = engine.personalize({ ...GOOD, consent: { personalization: value } });
    assert.equal(slots.cta.reason, "consent_required", name);
    assert.deepEqual(exposures, [], name);
  }
});

test("what one input holds does not shift the others", async () => {
  const several = await engineOf({
    consent: { ids: "none" },
    slots: { slot: { default: "v", variants: { v: { html: "{{first}}|{{last}}" } } } },
  });
  for (const [name, first] of Object.entries(VALUES)) {
    const { html } = several.personalize({ attributes: { first, last: "last" } }).slots.slot.content;
    assert.ok(html.endsWith("|last"), `${name}: ${html.slice(-100)}`);
  }
});

test("an explanation never throws either, and decides the same", async () => {
  for (const [name, value] of Object.entries(VALUES)) {
    for (const context of [value, { ...GOOD, attributes: value }, { ...GOOD, attributes: { v: value } }]) {
      const explained = await engine.explain(context).catch((thrown) => assert.fail(`${name}: ${thrown?.stack}`));
      if (context === value) continue;
      assert.equal(JSON.stringify(explained.result), JSON.stringify(engine.personalize(context)), name);
    }
  }
});

test("matches never throws for attributes", async () => {
  for (const [name, value] of Object.entries(VALUES)) {
    for (const attributes of [value, { v: value }]) {
      const answer = await engine.matches({ v: { $exists: true } }, attributes).catch((thrown) => thrown);
      assert.equal(typeof answer, "boolean", `${name}: ${answer?.stack}`);
    }
  }
});

test("inherited properties are not read, wherever a context has them", async () => {
  const inherited = Object.create({
    attributes: { v: "a" },
    force: { slot: "yes" },
  });
  const reads = await engineOf(
    when({ $or: [{ v: "a" }, { "toString.name": "toString" }, { "list.at": { $exists: true } }] }),
  );
  for (const attributes of [Object.create({ v: "a" }), { toString() {}, list: [] }, [], new Point()]) {
    const { variant } = reads.personalize({ attributes }).slots.slot;
    assert.equal(variant, "no");
  }
  assert.equal(reads.personalize(inherited).slots.slot.variant, "no");
  assert.equal(
    engine.personalize({ ...GOOD, consent: Object.create({ personalization: true }) }).slots.cta.reason,
    "consent_required",
  );
  assert.notEqual(engine.personalize({ ...GOOD, force: Object.create({ plain: "yes" }) }).slots.plain.source, "forced");
  assert.notEqual(
    engine.personalize({ ...GOOD, sticky: Object.create({ cta__0: "urgent" }) }).slots.cta.reason,
    "sticky",
  );
});

/** Runs with a property on `Object.prototype`, as a page with a careless library has it. */
async function polluted(properties, run) {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: true });
  }
  try {
    return await run();
  } finally {
    for (const name of Object.keys(properties)) Reflect.deleteProperty(Object.prototype, name);
  }
}

test("a polluted Object.prototype is not read", async () => {
  const bare = { now: 0, timeZone: 0 };
  const expected = JSON.stringify(engine.personalize(bare));
  const pollutions = [
    { v: "a", id: "u1", w: 1 },
    { attributes: { v: "a", id: "u1" } },
    { consent: { personalization: true } },
    { personalization: true },
    { force: { plain: "yes" }, plain: "yes" },
    { sticky: { cta__0: "urgent" }, cta__0: "urgent" },
    { request: { url: "/x", language: "pl" } },
    { url: "/x?q=1", userAgent: "iPhone", referrer: "https://x.example/", language: "pl" },
    { profile: new Uint8Array(1) },
    { length: 5 },
  ];
  for (const properties of pollutions) {
    const told = JSON.stringify(properties);
    const fresh = { attributes: { list: Object.assign(new Array(2), { 1: 1 }) }, ...bare };
    const expectedOfList = JSON.stringify(engine.personalize(fresh));
    await polluted(properties, () => {
      assert.equal(JSON.stringify(engine.personalize(bare)), expected, told);
      assert.equal(JSON.stringify(engine.personalize(fresh)), expectedOfList, told);
    });
  }
  const year = await engineOf(shows("{{time.date}}"));
  const dateNow = () => year.personalize({ timeZone: 0 }).slots.slot.content.html;
  await polluted({ now: 0, timeZone: 0 }, () => assert.notEqual(dateNow(), "1970-01-01"));
});

test("bundles are compiled and loaded with a polluted Object.prototype", async () => {
  const bundle = when({ v: 1 });
  const expected = Buffer.from(await compiled(bundle));
  const bytes = await compiled(EVERYTHING);
  await polluted({ attribute: ["v"], sticky: ["x", 0], request: "url" }, async () => {
    const { bytes: again } = await compile({ version: 1, id: "test", ...bundle });
    assert.ok(expected.equals(again));
    assert.equal(JSON.stringify((await load(bytes)).personalize(GOOD)), good);
  });
});

test("nothing is polluted by what a visitor sends", () => {
  const known = Reflect.ownKeys(Object.prototype).length;
  const evil = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
  for (const member of MEMBERS) {
    engine.personalize({ ...GOOD, [member]: evil });
    engine.personalize(JSON.parse(`{"__proto__": {"${member}": {"v": "a"}}}`));
  }
  assert.equal({}.polluted, undefined);
  assert.equal(Reflect.ownKeys(Object.prototype).length, known);
});

/** What is shown of three attributes when `meddle` is called while they are read. */
async function meddledWith(meddle) {
  const text = await engineOf(shows("{{a}}|{{b}}|{{c}}"));
  const attributes = {
    a: 1,
    get b() {
      meddle(text);
      return 2;
    },
    c: 3,
  };
  return text.personalize({ attributes }).slots.slot.content.html;
}

test("a getter that asks the same engine for somebody else does not mix the visitors up", async () => {
  const meddle = (text) => text.personalize({ attributes: { a: "A", b: "B", c: "C" } });
  assert.equal(await meddledWith(meddle), "1|2|3");
});

test("a getter that asks other engines, so that memory grows, does not mix the visitors up", async () => {
  const text = "x".repeat(1 << 20);
  // So many that it has grown for certain.
  const others = await Promise.all(Array.from({ length: 40 }, () => engineOf(shows("{{v}}{{w}}"))));
  const grow = () => others.forEach((engine) => void engine.personalize({ attributes: { v: text, w: text } }));
  assert.equal(await meddledWith(grow), "1|2|3");
});

test("work is bounded by a count, not by what is sent", () => {
  let reads = 0;
  const counted = new Proxy([], {
    get: (_, name) => {
      reads++;
      return name === "length" ? 20_000 : counted;
    },
  });
  decides({ ...GOOD, attributes: { v: counted } }, "an array of itself");
  // A value may hold 20,000 nodes and be 32 levels deep; `v` is read as an input of its own and on the way to `v.w`.
  assert.ok(reads > 0 && reads < 32 * 20_000 * 2, `${reads} reads`);

  let keys = 0;
  const counting = () =>
    new Proxy(
      {},
      {
        ownKeys: () => ["a", "b", "c", "d"],
        getOwnPropertyDescriptor: described,
        get: () => {
          keys++;
          return counting();
        },
      },
    );
  decides({ ...GOOD, attributes: { v: counting() } }, "four members at every level");
  assert.ok(keys > 0 && keys < 1_000_000, `${keys} reads`);
});

test("a value too large is null or cut, and the rest of the context counts", async () => {
  const reads = await engineOf(when({ big: { $exists: true }, small: "x" }));
  const shown = (big) => reads.personalize({ attributes: { big, small: "x" } }).slots.slot.variant;
  assert.equal(shown("x".repeat(50 << 20)), "yes");
  assert.equal(shown([1]), "yes");
  assert.equal(shown(new Array(4_000_000_000)), "no");
  assert.equal(shown(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [index, 1]))), "no");
});

/** The longest text of an attribute that is read, in UTF-16 code units; docs/bundle.md says so. */
const LONGEST = 262_144;

/** Patterns on which engines that backtrack take exponential time, with what they match of nothing but one letter, and with another at the end. */
const CATASTROPHIC = [
  { pattern: "^(a+)+$", letter: "a", pure: "yes" },
  { pattern: "^(a|aa)+$", letter: "a", pure: "yes" },
  { pattern: "^(a*)*b$", letter: "a", pure: "no" },
  { pattern: "(x+x+)+y", letter: "x", pure: "no" },
  { pattern: "^(([a-z])+.)+[A-Z]([a-z])+$", letter: "a", pure: "no" },
  { pattern: "^(\\w+\\s?)*$", letter: "a", pure: "yes" },
];
for (const { pattern, letter, pure } of CATASTROPHIC) {
  test(`${pattern} is answered for the longest text: one step for each letter`, async (t) => {
    const reads = await engineOf(when({ v: { $regex: pattern } }));
    const shown = (v) => reads.personalize({ attributes: { v } }).slots.slot.variant;
    // With backtracking, the second would take as many steps as two to the power of its letters.
    assert.equal(shown(letter.repeat(LONGEST)), pure);
    assert.equal(shown(`${letter.repeat(LONGEST - 1)}!`), "no");
    const texts = [LONGEST / 10, LONGEST].map((length) => `${letter.repeat(length - 1)}!`);
    const [short, long] = texts.map((text) => quickest(() => shown(text)));
    t.diagnostic(`ten times the text takes ${(long / short).toFixed(1)} times as long`);
  });
}

/** How long something takes when nothing comes in between. */
function quickest(run) {
  const times = Array.from({ length: 15 }, () => {
    const begun = performance.now();
    run();
    return performance.now() - begun;
  });
  return Math.min(...times);
}

test("of a text, as much is read as the documentation says, and of a megabyte no more", async () => {
  const reads = await engineOf(when({ v: { $regex: "!$" } }));
  const shown = (v) => reads.personalize({ attributes: { v } }).slots.slot.variant;
  assert.equal(shown(`${"x".repeat(LONGEST - 1)}!`), "yes");
  assert.equal(shown(`${"x".repeat(LONGEST)}!`), "no");
  assert.equal(shown(`${"x".repeat(LONGEST - 1)}!${"x".repeat(1 << 20)}`), "yes");
  const printed = await engineOf(shows("<p>{{v}}</p>"));
  const { html } = printed.personalize({ attributes: { v: "x".repeat(1 << 20) } }).slots.slot.content;
  assert.equal(html, `<p>${"x".repeat(LONGEST)}</p>`);
});

test("a template that a visitor makes long ends in the default, at the documented length", async () => {
  const bundle = {
    consent: { ids: "none" },
    slots: {
      slot: {
        default: "plain",
        variants: { plain: {}, list: { html: "{{#list}}{{text}}{{/list}}" } },
        rules: [{ show: "list" }],
      },
    },
  };
  const lists = await engineOf(bundle);
  const list = (length) => Array.from({ length }, () => ({}));
  const shown = (attributes) => lists.personalize({ attributes }).slots.slot;
  assert.equal(shown({ list: list(3), text: "x".repeat(LONGEST) }).content.html.length, 3 * LONGEST);
  const { variant, reason } = shown({ list: list(5), text: "x".repeat(LONGEST) });
  assert.deepEqual([variant, reason], ["plain", "too_large"]);
});

test("JSON that is nested a hundred thousand deep is decided, as an attribute and as the whole context", () => {
  const text = `${'{"v":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  const deep = JSON.parse(text);
  decides({ ...GOOD, attributes: { v: deep, list: [deep], deep } }, "deep attributes");
  decides(deep, "a deep context");
  decides({ ...GOOD, attributes: deep, request: deep, sticky: deep, force: deep }, "deep members");
});

test("deep values are read to the documented depth on every side", async () => {
  const path = (depth) => Array.from({ length: depth }, () => "d").join(".");
  for (const depth of [1, 31, 32, 33, 100]) {
    // A path is followed by the caller's side and may be as long as it likes.
    const reads = await engineOf(when({ [path(depth)]: "x" }));
    const attributes = nested(depth, (d) => ({ d }));
    assert.equal(reads.personalize({ attributes }).slots.slot.variant, "yes", `${depth}`);
  }
});

// Where GrowthBook's SDK and Slotwise differ on purpose, as docs/conditions.md lists it: both answers, case by case.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { GrowthBookClient } from "@growthbook/growthbook";
import { check } from "../../pkg/dist/compiler.node.js";
import { GROUPS } from "../differential/conditions.mjs";
import { engineFor, holdsInGrowthBook } from "../differential/growthbook.mjs";
import { source } from "../differential/shrink.mjs";
import { engineOf } from "../support/bundles.mjs";
import { tableRows } from "../support/markdown.mjs";

/** Whether a condition holds, in GrowthBook and here. A throw is told as such. */
async function answers(when, attributes) {
  const engine = await engineFor([when]);
  const here = engine.personalize({ attributes }).slots.test0.variant === "yes";
  try {
    return [holdsInGrowthBook(attributes, when), here];
  } catch (thrown) {
    return [thrown.constructor.name, here];
  }
}

/** Each case is a condition, the attributes, GrowthBook's answer and ours. */
async function assertDiffer(...cases) {
  for (const [when, attributes, theirs, ours] of cases) {
    assert.deepEqual(await answers(when, attributes), [theirs, ours], source(when));
  }
}

/** What check says against a bundle. */
async function errorsOf(bundle) {
  const problems = await check({ version: 1, id: "test", groups: GROUPS, ...bundle });
  return problems.filter(({ severity }) => severity === "error");
}

async function assertRefused(...conditions) {
  for (const when of conditions) {
    const slot = { default: "no", variants: { no: {}, yes: {} }, rules: [{ when, show: "yes" }] };
    assert.notEqual((await errorsOf({ slots: { slot } })).length, 0, source(when));
  }
}

const CONDITIONS = {
  "properties that an object inherits": () =>
    assertDiffer(
      ...["constructor", "toString", "v.constructor", "v.hasOwnProperty", "list.map", "__proto__"].map((path) => [
        { [path]: { $exists: true } },
        { v: {}, list: [] },
        true,
        false,
      ]),
    ),
  "members that `Object.keys` does not list, inside `$elemMatch` and in whole values": () =>
    assertDiffer([
      { list: { $elemMatch: { v: 1 } } },
      { list: [Object.defineProperty({}, "v", { value: 1 }), Object.assign([], { v: 1 })] },
      true,
      false,
    ]),
  "`valueOf`, `toString` and `toJSON` of an attribute": () =>
    assertDiffer(
      [{ v: 1 }, { v: { valueOf: () => 1 } }, true, false],
      [{ v: { $gt: 0 } }, { v: { valueOf: () => 1 } }, true, false],
      [{ v: "a" }, { v: { toString: () => "a" } }, true, false],
      [{ v: { $regex: "^a$" } }, { v: { toString: () => "a" } }, true, false],
      [{ v: [] }, { v: { toJSON: () => [] } }, true, false],
      [{ v: "a" }, { v: Object("a") }, true, false],
    ),
  "an object without a prototype, where it is converted": () =>
    assertDiffer([{ v: "[object Object]" }, { v: Object.create(null) }, "TypeError", true]),
  "a getter or proxy that throws": async () => {
    const attributes = {
      get v() {
        throw new RangeError("no");
      },
    };
    await assertDiffer([{ v: null }, attributes, "RangeError", true]);
  },
  "a `Date`": () =>
    assertDiffer(
      [{ v: { $regex: "^2026-11-22T07:30" } }, { v: new Date("2026-11-22T07:30:00Z") }, false, true],
      [{ v: { $gt: 0 } }, { v: new Date("2026-11-22T07:30:00Z") }, true, false],
      [{ v: null }, { v: new Date(Number.NaN) }, false, true],
    ),
  "a `bigint`": () =>
    assertDiffer(
      [{ v: { $type: "string" } }, { v: 5n }, false, true],
      [{ v: { $gt: "10" } }, { v: 5n }, false, true],
      [{ v: 5 }, { v: 5n }, "TypeError", true],
    ),
  "a function or a symbol": () =>
    assertDiffer(
      [{ v: { $exists: true } }, { v: () => {} }, true, false],
      [{ v: { $type: "undefined" } }, { v: () => {} }, false, true],
      [{ v: "undefined" }, { v: Symbol("x") }, "TypeError", true],
    ),
  "very large attributes": () =>
    assertDiffer(
      [{ v: { $regex: "b$" } }, { v: `${"a".repeat(262_144)}b` }, true, false],
      [{ v: { $type: "array" } }, { v: new Array(20_001).fill(1) }, true, false],
    ),
  'an operand that can never match or is of the wrong type, such as `{ "$in": "PL" }` or `{ "$exists": 1 }`': () =>
    assertRefused(
      { v: { $in: "a" } },
      { v: { $lt: true } },
      { v: { $gt: null } },
      { v: { $lte: [1] } },
      { v: { $exists: 1 } },
      { v: { $type: "date" } },
      { v: { $size: "1" } },
      { v: { $elemMatch: [] } },
      { v: { $regex: 5 } },
      { v: { $veq: "" } },
      { v: { $vgt: 2 } },
      { $or: {} },
      { $not: 1 },
    ),
  "a list or an object for `$eq`, `$ne`, or inside `$in` and its kin": () =>
    assertRefused({ v: { $eq: [1] } }, { v: { $ne: { a: 1 } } }, { v: { $in: [[1]] } }, { v: { $nini: [{}] } }),
  "an unknown operator; operators mixed with other members": () =>
    assertRefused({ v: { $unknown: 1 } }, { v: { $in: [1], a: 1 } }, { v: { $elemMatch: { $or: [] } } }),
  "an unknown group": () => assertRefused({ v: { $inGroup: "unknown" } }),
  "a regular expression that is wrong": () =>
    assertRefused(
      ...["(", "(?=a)", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<x>a)\\k<x>", "(?i:a)"].map(($regex) => ({
        v: { $regex },
      })),
    ),
  'a regular expression such as `constructor`, which every object has a member of; `a/i` beside `{ "$regexi": "a" }`':
    () =>
      assertDiffer(
        [{ v: { $regex: "constructor" } }, { v: "a constructor" }, false, true],
        // GrowthBook keeps the first under the name that the second has.
        [{ v: { $regexi: "zq" } }, { v: "ZQ" }, true, true],
        [{ v: { $regex: "zq/i" } }, { v: "ZQ" }, true, false],
      ),
  "letters that the other side does not know yet, without regard to case": () =>
    // Of Unicode 16: GARAY CAPITAL LETTER A and its small letter.
    assertDiffer([
      { v: { $ini: ["\u{10d70}"] } },
      { v: "\u{10d50}" },
      Number(process.versions.unicode.split(".")[0]) >= 16,
      true,
    ]),
  "`$savedGroup`": () => assertRefused({ $savedGroup: { id: "staff" } }),
  "a path with an empty name, such as `a..b`; one that begins with `$`": () =>
    assertRefused({ "v..w": 1 }, { "": 1 }, { $x: 1 }),
  "half of a surrogate pair in a condition; a number beyond the largest double": async () => {
    await assertRefused({ v: "\ud800" });
    const json =
      '{"version":1,"id":"t","slots":{"s":{"default":"a","variants":{"a":{}},"rules":[{"when":{"v":1e400},"show":"a"}]}}}';
    assert.match((await check(json))[0].message, /not JSON/);
  },
};

const GROWTHBOOK = new GrowthBookClient({});

/** The arm of a visitor in an experiment of 50 : 50, in GrowthBook and here. What else each knows of the visitor is its own. */
async function arms(attributes, experiment, { context = {}, visitor = {} } = {}) {
  const weights = { control: 0.5, urgent: 0.5 };
  const bundle = {
    experiments: { test: { variants: weights, consent: "none", ...experiment } },
    slots: { slot: { default: "no", variants: { no: {}, yes: {} }, rules: [{ experiment: "test", show: "yes" }] } },
  };
  const engine = await engineOf(bundle);
  const { arm } = engine.personalize({ attributes, ...context }).slots.slot;
  const { sticky, ...shared } = experiment;
  const variations = Object.keys(weights);
  const meta = variations.map((key) => ({ key }));
  const theirs = GROWTHBOOK.runInlineExperiment(
    { key: "test", variations, meta, weights: [0.5, 0.5], disableStickyBucketing: !sticky, ...shared },
    { attributes, saveStickyBucketAssignmentDoc: async () => {}, ...visitor },
  );
  return [theirs.inExperiment ? theirs.value : undefined, arm];
}

async function assertRefusedExperiment(...experiments) {
  for (const experiment of experiments) {
    const bundle = {
      experiments: { test: { variants: { a: 0.5, b: 0.5 }, ...experiment } },
      slots: { slot: { default: "no", variants: { no: {} }, rules: [{ experiment: "test", show: "no" }] } },
    };
    assert.notEqual((await errorsOf(bundle)).length, 0, source(experiment));
  }
}

const EXPERIMENTS = {
  "`hashVersion`, when it is left out": async () => {
    // With the seed "seed", "a" has the bucket 0.0505 in version 2 (GrowthBook's published vectors), and 0.913 in version 1.
    assert.deepEqual(await arms({ id: "a" }, { seed: "seed" }), ["urgent", "control"]);
    assert.deepEqual(await arms({ id: "a" }, { seed: "seed", hashVersion: 1 }), ["urgent", "urgent"]);
    assert.deepEqual(await arms({ id: "a" }, { seed: "seed", hashVersion: 2 }), ["control", "control"]);
  },
  "weights that do not add up to 1": () =>
    assertRefusedExperiment({ variants: { a: 0.5, b: 0.4 } }, { variants: { a: 1, b: 0.02 } }),
  "a share below 0 or above 1; fewer than two arms; an empty part of a namespace; another `hashVersion`": () =>
    assertRefusedExperiment(
      { coverage: 1.5 },
      { coverage: -0.1 },
      { variants: { a: 1 } },
      { namespace: ["n", 0.5, 0.5] },
      { namespace: ["n", 0, 1.1] },
      { hashVersion: 3 },
    ),
  "a `minBucketVersion` above the `bucketVersion`": () =>
    assertRefusedExperiment({ sticky: true, bucketVersion: 1, minBucketVersion: 2 }),
  "`hashAttribute`": async () => {
    const experiment = { hashVersion: 2, hashAttribute: "user.id" };
    const [one, other] = await arms({ "user.id": "a" }, experiment);
    assert.notEqual(one, undefined);
    assert.equal(other, undefined);
    const [theirs, ours] = await arms({ user: { id: "a" } }, experiment);
    assert.equal(theirs, undefined);
    assert.equal(ours, one);
  },
  "a `fallbackAttribute` without sticky arms": async () => {
    const experiment = { hashVersion: 2, fallbackAttribute: "deviceId" };
    const [theirs, ours] = await arms({ deviceId: "a" }, experiment);
    assert.equal(theirs, undefined);
    assert.equal(ours, (await arms({ id: "a" }, { hashVersion: 2 }))[1]);
  },
  "sticky arms": async () => {
    const experiment = { hashVersion: 2, sticky: true };
    const [, drawn] = await arms({ id: "a" }, experiment);
    const other = drawn === "control" ? "urgent" : "control";
    const document = { attributeName: "id", attributeValue: "b", assignments: { test__0: other } };
    const known = {
      visitor: { stickyBucketAssignmentDocs: { "id||b": document } },
      context: { sticky: { test__0: other } },
    };
    assert.deepEqual(await arms({ id: "a" }, experiment, known), [drawn, other]);
  },
  "an arm in the address, such as `?test=0`": async () => {
    const url = "https://shop.example/?test=0";
    const addressed = { visitor: { url }, context: { request: { url } } };
    assert.deepEqual(await arms({ id: "a" }, { hashVersion: 2 }), ["urgent", "urgent"]);
    assert.deepEqual(await arms({ id: "a" }, { hashVersion: 2 }, addressed), ["control", "urgent"]);
  },
};

for (const [name, holds] of Object.entries({ ...CONDITIONS, ...EXPERIMENTS })) test(`on purpose: ${name}`, holds);

test("the documentation lists these differences and no others", () => {
  const page = readFileSync(new URL("../../docs/conditions.md", import.meta.url), "utf8");
  const listed = (head) => tableRows(page, head).map((row) => row[head.split(" | ")[0]]);
  assert.deepEqual(listed("in conditions | GrowthBook's JavaScript SDK"), Object.keys(CONDITIONS));
  assert.deepEqual(listed("in experiments | GrowthBook's JavaScript SDK"), Object.keys(EXPERIMENTS));
});

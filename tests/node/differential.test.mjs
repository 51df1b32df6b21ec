// The same questions to GrowthBook's own SDK: thousands of random conditions, splits and experiments, without one mismatch.
//
//   SEED=1234 node --test tests/node/differential.test.mjs     repeats a run

import assert from "node:assert/strict";
import { test } from "node:test";
import { GrowthBook } from "@growthbook/growthbook";
import { evalCondition } from "../../node_modules/@growthbook/growthbook/dist/esm/mongrule.mjs";
import {
  chooseVariation,
  getBucketRanges,
  hash,
  inNamespace,
} from "../../node_modules/@growthbook/growthbook/dist/esm/util.mjs";
import { check, compile } from "../../pkg/dist/compiler.node.js";
import { load } from "../../pkg/dist/index.node.js";
import { condition, GROUPS } from "../differential/conditions.mjs";
import { Random, seedOfRun } from "../differential/random.mjs";
import { shrunk, source } from "../differential/shrink.mjs";
import { attributes, sent, text } from "../differential/values.mjs";

const SEED = seedOfRun();
const BUNDLES = 20;
const PER_BUNDLE = 250;
const VISITORS = 8;

const SLOT = { default: "no", variants: { no: {}, yes: {} } };

/** An engine with one slot for each condition. */
async function engineFor(conditions) {
  const slots = conditions.map((when, index) => [`test${index}`, { ...SLOT, rules: [{ when, show: "yes" }] }]);
  return engineOf({ groups: GROUPS, slots: Object.fromEntries(slots) });
}

async function engineOf(bundle) {
  const { bytes, problems } = await compile({ version: 1, id: "test", consent: { ids: "none" }, ...bundle });
  if (bytes === undefined) throw new Error(JSON.stringify(problems[0]));
  return load(bytes);
}

/** Whether the two disagree on a case; a case that is not valid does not fail. */
async function disagree(candidate) {
  try {
    const [when, visitor] = candidate;
    const engine = await engineFor([when]);
    const ours = engine.personalize({ attributes: visitor }).slots.test0.variant === "yes";
    return typeof visitor === "object" && ours !== evalCondition(visitor, when, GROUPS);
  } catch {
    return false;
  }
}

test("conditions", async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const random = new Random(SEED);
  let [cases, held] = [0, 0];
  for (let bundle = 0; bundle < BUNDLES; bundle++) {
    const conditions = Array.from({ length: PER_BUNDLE }, () => condition(random));
    const engine = await engineFor(conditions);
    for (let count = 0; count < VISITORS; count++) {
      const visitor = attributes(random);
      const { slots } = engine.personalize({ attributes: visitor });
      for (const [index, when] of conditions.entries()) {
        const ours = slots[`test${index}`].variant === "yes";
        const theirs = evalCondition(visitor, when, GROUPS);
        cases++;
        held += theirs ? 1 : 0;
        if (ours === theirs) continue;
        const [smaller, known] = await shrunk([when, visitor], disagree);
        const answers = `GrowthBook: ${evalCondition(known, smaller, GROUPS)}, Slotwise: not`;
        assert.fail(`SEED=${SEED}\n  condition   ${source(smaller)}\n  attributes  ${source(known)}\n  ${answers}`);
      }
    }
  }
  t.diagnostic(`${cases} cases, of which ${held} hold`);
  assert.ok(held > cases / 10 && held < (cases * 9) / 10, "the cases are lopsided");
});

/** Shares that add up to 1, or nearly so. */
function weights(random) {
  const raw = Array.from({ length: 2 + random.below(4) }, () => (random.chance(0.1) ? 0 : random.share()));
  const total = raw.reduce((sum, share) => sum + share, 0);
  if (total === 0) return [0.5, 0.5];
  return random.chance(0.2) ? raw.map(() => 1 / raw.length) : raw.map((share) => share / total);
}

function experiment(random) {
  const start = random.share() * 0.5;
  const namespace = [text(random), start, start + 0.05 + random.share() * 0.45];
  return {
    weights: weights(random),
    coverage: random.chance(0.5) ? 1 : random.share(),
    // GrowthBook takes an empty seed for none and uses the experiment's key.
    seed: `${text(random)}${random.below(1000)}`,
    hashVersion: 1 + random.below(2),
    ...(random.chance(0.4) && { namespace }),
  };
}

function visitorId(random) {
  if (random.chance(0.2)) return sent(random);
  return random.chance(0.5) ? `user-${random.below(1e6)}` : `${text(random)}${random.below(100)}`;
}

/** The experiments as a bundle has them, one slot each. */
function bundleOf(experiments) {
  const slots = {};
  const authored = {};
  for (const [index, { weights, when, ...rest }] of experiments.entries()) {
    const variants = Object.fromEntries(weights.map((weight, arm) => [`arm${arm}`, weight]));
    authored[`test${index}`] = { ...rest, variants, when, consent: "none" };
    slots[`test${index}`] = { ...SLOT, rules: [{ experiment: `test${index}`, show: "yes" }] };
  }
  return { groups: GROUPS, experiments: authored, slots };
}

const armOf = ({ arm }) => (arm === undefined ? -1 : Number(arm.slice("arm".length)));

test("buckets, namespaces and arms", async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const random = new Random(SEED ^ 0x5bd1e995);
  let [cases, assigned] = [0, 0];
  for (let bundle = 0; bundle < 20; bundle++) {
    const experiments = Array.from({ length: 50 }, () => experiment(random));
    const engine = await engineOf(bundleOf(experiments));
    for (let count = 0; count < 10; count++) {
      const id = visitorId(random);
      const { slots } = engine.personalize({ attributes: { id } });
      for (const [index, { seed, hashVersion, weights, coverage, namespace }] of experiments.entries()) {
        cases++;
        const shown = slots[`test${index}`];
        const told = `SEED=${SEED} ${source(experiments[index])} id ${source(id)}`;
        if (!id) {
          assert.equal(shown.reason, "no_hash_value", told);
          continue;
        }
        const isInside = namespace === undefined || inNamespace(id, namespace);
        assert.equal(shown.reason !== "not_in_namespace", isInside, told);
        if (!isInside) continue;
        const bucket = hash(seed, id, hashVersion);
        const arm = chooseVariation(bucket, getBucketRanges(weights.length, coverage, weights));
        assert.equal(armOf(shown), arm, told);
        assert.equal(shown.bucket, arm < 0 ? undefined : bucket, told);
        assigned += arm < 0 ? 0 : 1;
      }
    }
  }
  t.diagnostic(`${cases} cases, of which ${assigned} are assigned`);
  assert.ok(assigned > cases / 10);
});

test("whole experiments", async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const random = new Random(SEED ^ 0x1b873593);
  let [cases, assigned] = [0, 0];
  for (let bundle = 0; bundle < 20; bundle++) {
    const experiments = Array.from({ length: 40 }, () => ({
      ...experiment(random),
      ...(random.chance(0.4) && { when: condition(random, 1) }),
    }));
    const engine = await engineOf(bundleOf(experiments));
    for (let count = 0; count < 8; count++) {
      const known = { ...attributes(random), id: visitorId(random) };
      const { slots, exposures } = engine.personalize({ attributes: known });
      const growthbook = new GrowthBook({ attributes: known, savedGroups: GROUPS });
      for (const [index, { when, ...rest }] of experiments.entries()) {
        const key = `test${index}`;
        const variations = rest.weights.map((_, arm) => arm);
        const theirs = growthbook.run({ key, variations, condition: when, ...rest });
        const told = `SEED=${SEED} ${source(experiments[index])} ${source(known)}`;
        assert.equal(armOf(slots[key]), theirs.inExperiment ? theirs.variationId : -1, told);
        cases++;
        if (!theirs.inExperiment) continue;
        assigned++;
        assert.equal(slots[key].bucket, theirs.bucket, told);
        const { hashAttribute } = exposures.find((exposure) => exposure.experiment === key);
        assert.equal(hashAttribute, theirs.hashAttribute, told);
      }
      growthbook.destroy();
    }
  }
  t.diagnostic(`${cases} cases, of which ${assigned} are assigned`);
  assert.ok(assigned > cases / 10);
});

// What differs, and does so on purpose.

/** What check says of a condition. */
async function problemsOf(when) {
  const slots = { slot: { ...SLOT, rules: [{ when, show: "yes" }] } };
  return (await check({ version: 1, id: "test", groups: GROUPS, slots })).filter(
    ({ severity }) => severity === "error",
  );
}

test("by design: only own properties are read", async () => {
  // GrowthBook asks `in`, and so finds what every object inherits.
  for (const path of ["constructor", "toString", "v.constructor", "v.hasOwnProperty", "list.map"]) {
    const when = { [path]: { $exists: true } };
    const visitor = { v: {}, list: [] };
    const engine = await engineFor([when]);
    assert.equal(evalCondition(visitor, when), true, path);
    assert.equal(engine.personalize({ attributes: visitor }).slots.test0.variant, "no", path);
  }
});

test("by design: nothing of a visitor's object is called", async () => {
  // GrowthBook's conversions call them. Here objects convert as plain objects do.
  const number = { valueOf: () => 1 };
  const text = { toString: () => "a" };
  const list = { toJSON: () => [] };
  const cases = [
    [{ v: 1 }, number],
    [{ v: { $gt: 0 } }, number],
    [{ v: "a" }, text],
    [{ v: { $regex: "^a$" } }, text],
    [{ v: [] }, list],
  ];
  for (const [when, v] of cases) {
    const engine = await engineFor([when]);
    assert.equal(evalCondition({ v }, when), true, source(when));
    assert.equal(engine.personalize({ attributes: { v } }).slots.test0.variant, "no", source(when));
  }
});

test("by design: a Date is its ISO text", async () => {
  const when = { v: { $regex: "^2026-11-22T07:30" } };
  const visitor = { v: new Date("2026-11-22T07:30:00Z") };
  const engine = await engineFor([when]);
  assert.equal(evalCondition(visitor, when), false);
  assert.equal(engine.personalize({ attributes: visitor }).slots.test0.variant, "yes");
});

test("by design: patterns without a linear-time automaton are refused", async () => {
  for (const pattern of ["(?=a)", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<x>a)\\k<x>"]) {
    const [problem] = await problemsOf({ v: { $regex: pattern } });
    assert.match(problem.message, /not supported/, pattern);
  }
});

test("by design: operands that can only be mistakes are refused", async () => {
  // GrowthBook evaluates all of these, most to false.
  const mistakes = [
    { v: { $eq: [1] } },
    { v: { $ne: { a: 1 } } },
    { v: { $in: "a" } },
    { v: { $in: [[1]] } },
    { v: { $lt: true } },
    { v: { $gt: null } },
    { v: { $lte: [1] } },
    { v: { $exists: 1 } },
    { v: { $type: "date" } },
    { v: { $size: "1" } },
    { v: { $elemMatch: [] } },
    { v: { $regex: "(" } },
    { v: { $regex: 5 } },
    { v: { $veq: "" } },
    { v: { $vgt: 2 } },
    { v: { $inGroup: "unknown" } },
    { v: { $unknown: 1 } },
    { v: { $in: [1], a: 1 } },
    { v: { $elemMatch: { $or: [] } } },
    { $or: {} },
    { $not: 1 },
    { "v..w": 1 },
  ];
  for (const when of mistakes) assert.notEqual((await problemsOf(when)).length, 0, source(when));
});

test("by design: a bundle cannot hold half of a surrogate pair", async () => {
  const [problem] = await problemsOf({ v: "\ud800" });
  assert.match(problem.message, /not JSON/);
});

// The same questions to GrowthBook's own SDK and to Slotwise: random conditions and random experiments.
//
// Each comparison throws at the first mismatch, with the case made as small as it gets. `onProgress` is told how many cases are
// done.

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { GrowthBookClient } from "@growthbook/growthbook";
import { evalCondition } from "../../node_modules/@growthbook/growthbook/dist/esm/mongrule.mjs";
import { engineOf } from "../support/bundles.mjs";
import { condition, GROUPS, SEGMENTS } from "./conditions.mjs";
import {
  areShared,
  asBundle,
  asDocuments,
  asExperiment,
  asFeatures,
  asText,
  experiment,
  stickyFor,
  visitorOf,
} from "./experiments.mjs";
import { pairings } from "./pairings.mjs";
import { Random } from "./random.mjs";
import { Reach } from "./reach.mjs";
import { asCondition, SAVED_GROUPS } from "./saved-groups.mjs";
import { isObject, shrunk, source } from "./shrink.mjs";
import { SAMPLES } from "./values.mjs";
import { visitorFor } from "./visitors.mjs";

const CONDITIONS = 20;
const VISITORS = 5;
const EXPERIMENTS = 40;

/** An engine with one slot for each condition, which shows "yes" where it holds. */
export function engineFor(conditions) {
  const slot = { default: "no", variants: { no: {}, yes: {} } };
  const slots = conditions.map((when, index) => [`test${index}`, { ...slot, rules: [{ when, show: "yes" }] }]);
  return engineOf({ consent: { ids: "none" }, groups: GROUPS, segments: SEGMENTS, slots: Object.fromEntries(slots) });
}

/** What GrowthBook says of a condition. */
export function holdsInGrowthBook(attributes, when) {
  return evalCondition(attributes, asCondition(when), SAVED_GROUPS);
}

/** Compares conditions; says what was reached. */
export async function compareConditions({ seed, cases, reference = holdsInGrowthBook, onProgress = () => {} }) {
  const random = new Random(seed);
  const reach = new Reach(reference);
  let done = 0;
  while (done < cases) {
    const conditions = Array.from({ length: CONDITIONS }, () => condition(random));
    const engine = await engineFor(conditions);
    for (let count = 0; count < VISITORS; count++) {
      const attributes = visitorFor(random, conditions);
      for (const when of conditions) reach.note(when, attributes);
      await compareOne(engine, conditions, attributes, reference, `SEED=${seed}`);
      done += CONDITIONS;
    }
    engine.free();
    onProgress(done);
  }
  return { done, reach };
}

/** Compares every pairing of operators, operands and values, of which none is random; says how many there are. */
export async function comparePairings() {
  const conditions = pairings();
  const engine = await engineFor(conditions);
  for (const v of SAMPLES) await compareOne(engine, conditions, { v }, holdsInGrowthBook, "pairings");
  return conditions.length * SAMPLES.length;
}

async function compareOne(engine, conditions, attributes, reference, run) {
  const { slots } = engine.personalize({ attributes });
  for (const [index, when] of conditions.entries()) {
    const holds = slots[`test${index}`].variant === "yes";
    if (holds !== reference(attributes, when)) await tellCondition(run, reference, when, attributes);
  }
}

async function tellCondition(run, reference, ...start) {
  const disagree = async (candidate) => {
    try {
      const [when, attributes] = candidate;
      const engine = await engineFor([when]);
      const holds = engine.personalize({ attributes }).slots.test0.variant === "yes";
      return isObject(attributes) && holds !== reference(attributes, when);
    } catch {
      return false; // It is no case any more.
    }
  };
  const [when, attributes] = await shrunk(start, disagree);
  const theirs = reference(attributes, when);
  const told = [
    `condition   ${source(when)}`,
    `attributes  ${source(attributes)}`,
    `GrowthBook  ${theirs}, Slotwise not`,
  ];
  assert.fail(`${run}\n  ${told.join("\n  ")}`);
}

/** Compares whole experiments; says what was reached. */
export async function compareExperiments({ seed, cases, onProgress = () => {} }) {
  const random = new Random(seed);
  const reach = new Reach(holdsInGrowthBook);
  let done = 0;
  while (done < cases) {
    const experiments = [];
    while (experiments.length < EXPERIMENTS) experiments.push(experiment(random, experiments));
    const engine = await engineOf(asBundle(experiments));
    const inGrowthBook = growthBookOf(experiments);
    for (let count = 0; count < VISITORS; count++) {
      const attributes = visitorOf(random, experiments);
      const sticky = stickyFor(random, experiments);
      const decided = engine.personalize({ attributes, sticky }).toJSON();
      const documents = asDocuments(experiments, attributes, sticky);
      for (const { key } of experiments) {
        const ours = inSlotwise(decided, key);
        const theirs = inGrowthBook(attributes, documents, key);
        if (!isDeepStrictEqual(ours, theirs)) await tellExperiment(seed, experiments, attributes, sticky, key);
        reach.count(decided.slots[key].reason);
        done++;
      }
    }
    engine.free();
    onProgress(done);
  }
  return { done, reach };
}

/** What became of an experiment: why, the arm, the bucket, what identified the visitor, and what is kept for the next visit. */
function inSlotwise({ slots, exposures, sticky }, key) {
  const { reason, arm, bucket } = slots[key];
  if (arm === undefined) return { reason: ALIKE[reason] ?? reason };
  if (reason === "arm_forced") return { reason, arm };
  const { hashAttribute } = exposures.find((exposure) => exposure.experiment === key);
  const kept = Object.entries(sticky).filter(([name]) => name.startsWith(`${key}__`));
  return { reason, arm, bucket, hashAttribute, kept: Object.fromEntries(kept) };
}

/** GrowthBook asks for blocked versions last, Slotwise first, so either may be the reason. */
const ALIKE = { sticky_blocked: "out", not_in_namespace: "out", not_targeted: "out", requirement_unmet: "out" };
const REASONS = {
  "Skip because missing hashAttribute": "no_hash_value",
  "Skip because of coverage": "not_covered",
};

/** What GrowthBook makes of these experiments, told as {@link inSlotwise} does. */
function growthBookOf(experiments) {
  let messages = [];
  const log = (message, { id }) => messages.push([id, message]);
  const client = new GrowthBookClient({ debug: true, log });
  client.initSync({ payload: { features: asFeatures(experiments), savedGroups: SAVED_GROUPS } });
  const authored = new Map(experiments.map((experiment) => [experiment.key, asExperiment(experiment)]));
  return (attributes, known, key) => {
    messages = [];
    // What is kept of one experiment is not yet known to the next.
    const documents = { ...known };
    const visitor = {
      attributes,
      stickyBucketAssignmentDocs: documents,
      saveStickyBucketAssignmentDoc: async () => {},
    };
    const result = client.runInlineExperiment(authored.get(key), visitor);
    const { inExperiment, hashUsed, hashAttribute, hashValue, bucket, stickyBucketUsed, value: arm } = result;
    if (!inExperiment) return { reason: REASONS[messages.findLast(([id]) => id === key)[1]] ?? "out" };
    if (!hashUsed) return { reason: "arm_forced", arm };
    const kept = Object.entries(documents[`${hashAttribute}||${asText(hashValue)}`]?.assignments ?? {});
    const name = `${key}__${authored.get(key).bucketVersion}`;
    const reason = stickyBucketUsed ? "sticky" : "assigned";
    return { reason, arm, bucket, hashAttribute, kept: Object.fromEntries(kept.filter(([known]) => known === name)) };
  };
}

async function tellExperiment(seed, ...start) {
  const answers = async ([experiments, attributes, sticky, key]) => {
    const engine = await engineOf(asBundle(experiments));
    return [
      inSlotwise(engine.personalize({ attributes, sticky }), key),
      growthBookOf(experiments)(attributes, asDocuments(experiments, attributes, sticky), key),
    ];
  };
  const disagree = async (candidate) => {
    try {
      return areShared(candidate[0]) && isObject(candidate[1]) && !isDeepStrictEqual(...(await answers(candidate)));
    } catch {
      return false; // It is no case any more.
    }
  };
  const smallest = await shrunk(start, disagree);
  const [experiments, attributes, sticky, key] = smallest.map(source);
  const [ours, theirs] = (await answers(smallest)).map(source);
  const told = { experiments, attributes, sticky, key, Slotwise: ours, GrowthBook: theirs };
  const lines = Object.entries(told).map(([name, value]) => `${name.padEnd(12)}${value}`);
  assert.fail(`SEED=${seed}\n  ${lines.join("\n  ")}`);
}

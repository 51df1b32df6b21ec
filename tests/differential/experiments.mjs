// Random experiments, and what becomes of them in a bundle and in GrowthBook's SDK.
//
// What GrowthBook and Slotwise share is made here. Left out, because it differs on purpose (docs/conditions.md has the list, and
// `tests/node/growthbook-differences.test.mjs` a case for each):
//
// - what a check refuses: weights that do not add up to 1, shares beyond 0 and 1, a single arm, an empty part of a namespace, a
//   `minBucketVersion` above the `bucketVersion`, other versions of the hash;
// - experiments that leave out `hashVersion`: GrowthBook's SDK takes 1, Slotwise 2;
// - a `fallbackAttribute` without sticky arms, which GrowthBook ignores;
// - a `hashAttribute` with a dot in it, which is a path in Slotwise and a name in GrowthBook;
// - some experiments that are required, because GrowthBook requires features and not experiments: those with `force`, which a
//   feature's experiment cannot have, and sticky ones that require others, which a feature asks of sticky visitors as well.

import { hash } from "../../node_modules/@growthbook/growthbook/dist/esm/util.mjs";
import { condition, GROUPS, SEGMENTS } from "./conditions.mjs";
import { asCondition } from "./saved-groups.mjs";
import { sent, text } from "./values.mjs";
import { visitorFor } from "./visitors.mjs";

const ATTRIBUTES = ["id", "id", "deviceId", "v"];

/** An experiment that may require those before it. Arms are known by their place. */
export function experiment(random, before) {
  const key = `test${before.length}`;
  const sticky = random.chance(0.4);
  const bucketVersion = sticky ? random.below(3) : 0;
  const maybe = (share, make) => (random.chance(share) ? make() : undefined);
  const required = before.filter(isFeature);
  const seed = maybe(0.7, () => `${text(random)}${random.chance(0.5) ? random.below(1000) : ""}`);
  const hashVersion = 1 + random.below(2);
  const weights = weightsOf(random, () => hash(seed || key, knownVisitor(random), hashVersion));
  const made = {
    key,
    weights,
    coverage: maybe(0.6, () => random.one([0, 1, 1e-4, 1e-9, 0.9999, share(random), share(random), share(random)])),
    seed,
    hashVersion,
    hashAttribute: maybe(0.5, () => random.one(ATTRIBUTES)),
    namespace: maybe(0.3, () => namespace(random)),
    when: maybe(0.3, () => condition(random, 1)),
    requires: random.chance(0.25) ? random.list(2, () => requirement(random, required)).filter(Boolean) : undefined,
    force: maybe(0.1, () => random.below(weights.length)),
    ...(sticky && { sticky, bucketVersion, minBucketVersion: random.below(bucketVersion + 1) }),
    ...(sticky && random.chance(0.5) && { fallbackAttribute: random.one(ATTRIBUTES) }),
  };
  return Object.fromEntries(Object.entries(made).filter(([, member]) => member !== undefined));
}

/** One of few visitors, who come so often that edges can be drawn where they are. */
const knownVisitor = (random) => `user-${random.below(20)}`;

/** Whether a feature of GrowthBook can stand for an experiment. */
function isFeature({ force, sticky, requires }) {
  return force === undefined && !(sticky && requires !== undefined);
}

/** Whether a part of such experiments is still of the kind that both share; what a bundle cannot hold, its check says. */
export function areShared(experiments) {
  const isPlain = ({ hashVersion, sticky, fallbackAttribute }) =>
    hashVersion !== undefined && (sticky === true || fallbackAttribute === undefined);
  const isRequired = (key) => experiments.some(({ requires = [] }) => requires.some((one) => one.experiment === key));
  return experiments.every((one) => isPlain(one) && (isFeature(one) || !isRequired(one.key)));
}

/** Where the edge of a bucket is, or somewhere in between. */
function share(random) {
  return random.chance(0.5) ? random.below(1001) / 1000 : random.share();
}

/** Shares that add up to 1, or as nearly so as GrowthBook allows; some change where a known visitor is. */
function weightsOf(random, placed) {
  if (random.chance(0.4)) {
    const first = random.chance(0.7) ? placed() : share(random);
    return [first, 1 - first];
  }
  const raw = Array.from({ length: 2 + random.below(4) }, () => (random.chance(0.15) ? 0 : random.share()));
  const total = raw.reduce((sum, share) => sum + share, 0);
  if (total === 0) return [0.5, 0.5];
  if (random.chance(0.2)) return raw.map(() => 1 / raw.length);
  const target = random.chance(0.7) ? 1 : 0.991 + random.share() * 0.018;
  return raw.map((share) => Math.min((share / total) * target, 1));
}

function namespace(random) {
  const name = text(random);
  const edge = () => (random.chance(0.5) ? hash(`__${name}`, knownVisitor(random), 1) : share(random));
  const [start, end] = [edge(), edge()].sort((one, other) => one - other);
  return start < end ? [name, start, end] : [name, 0, 1];
}

function requirement(random, required) {
  if (random.chance(0.3)) return { segment: random.one(Object.keys(SEGMENTS)) };
  if (required.length === 0) return undefined;
  const { key, weights } = random.one(required);
  const variants = weights.map((_, arm) => armName(arm)).filter(() => random.chance(0.6));
  return { experiment: key, ...(variants.length > 0 && { variants }) };
}

const armName = (arm) => `arm${arm}`;

/** An experiment as a bundle has it. */
export function authored({ key, weights, force, ...rest }) {
  const variants = Object.fromEntries(weights.map((weight, arm) => [armName(arm), weight]));
  return { ...rest, variants, consent: "none", ...(force !== undefined && { force: armName(force) }) };
}

/** The experiments as a bundle has them, one slot each. */
export function asBundle(experiments) {
  const slot = { default: "no", variants: { no: {}, yes: {} } };
  const slots = experiments.map(({ key }) => [key, { ...slot, rules: [{ experiment: key, show: "yes" }] }]);
  return {
    consent: { ids: "none" },
    groups: GROUPS,
    segments: SEGMENTS,
    experiments: Object.fromEntries(experiments.map((experiment) => [experiment.key, authored(experiment)])),
    slots: Object.fromEntries(slots),
  };
}

/** An experiment as GrowthBook has it. */
export function asExperiment({ key, weights, sticky = false, when = {}, requires = [], ...rest }) {
  const segments = requires.filter(({ segment }) => segment !== undefined);
  const condition = asCondition({ $and: [when, ...segments.map(({ segment }) => ({ $segment: segment }))] });
  const parents = requires.filter(({ experiment }) => experiment !== undefined);
  const arms = weights.map((_, arm) => armName(arm));
  return {
    key,
    variations: arms,
    meta: arms.map((name) => ({ key: name })),
    weights,
    condition,
    parentConditions: parents.map(({ experiment, variants }) => ({
      id: experiment,
      condition: { value: variants === undefined ? { $exists: true } : { $in: variants } },
    })),
    disableStickyBucketing: !sticky,
    ...rest,
  };
}

/** Features that have the arm's name for a value, so that experiments can require them. */
export function asFeatures(experiments) {
  return Object.fromEntries(
    experiments
      .filter(isFeature)
      .map((experiment) => [experiment.key, { defaultValue: null, rules: [asExperiment(experiment)] }]),
  );
}

/** A visitor, of whom more or less that identifies is known. */
export function visitorOf(random, experiments) {
  const conditions = experiments.flatMap(({ when }) => when ?? []);
  const visitor = visitorFor(random, conditions.length > 0 ? conditions : [{}]);
  for (const name of ["id", "deviceId"]) if (random.chance(0.85)) visitor[name] = identity(random);
  return visitor;
}

function identity(random) {
  if (random.chance(0.2)) return sent(random);
  return random.chance(0.5) ? knownVisitor(random) : `${text(random)}${random.below(1000)}`;
}

/** Arms that earlier visits were given, by the name under which both keep them. */
export function stickyFor(random, experiments) {
  const kept = experiments.filter(({ sticky }) => sticky && random.chance(0.5));
  return Object.fromEntries(
    kept.map(({ key, weights, bucketVersion }) => {
      const version = random.chance(0.7) ? bucketVersion : random.below(bucketVersion + 1);
      return [`${key}__${version}`, random.chance(0.85) ? armName(random.below(weights.length)) : "gone"];
    }),
  );
}

/** The same as GrowthBook keeps them: for each experiment, under what identifies the visitor. */
export function asDocuments(experiments, attributes, sticky) {
  const documents = {};
  for (const { key, hashAttribute = "id", fallbackAttribute } of experiments) {
    const name = [hashAttribute, fallbackAttribute].find((name) => name !== undefined && attributes[name]);
    if (name === undefined) continue;
    const attributeValue = asText(attributes[name]);
    const kept = Object.entries(sticky).filter(([arm]) => arm.startsWith(`${key}__`));
    const at = `${name}||${attributeValue}`;
    documents[at] ??= { attributeName: name, attributeValue, assignments: {} };
    Object.assign(documents[at].assignments, Object.fromEntries(kept));
  }
  return documents;
}

/** How GrowthBook writes what identifies a visitor. */
export const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value));

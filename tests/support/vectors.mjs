// Runs the vectors of tests/spec on the package's public API, wherever that runs: nothing here needs Node.
//
//   const plan = planOf(documents);           // documents by the name of their file: { conditions: […], … }
//   const engines = …                         // plan.bundles, compiled and loaded
//   const { failures, results } = runPlan(plan, engines);
//
// Planning is separate from running because a place may have no compiler: the plan is the same everywhere, so bundles
// compiled in one place fit the plan made in another. What a vector gave is in `results` as JSON, to be compared bit
// for bit between places.

import { revive } from "./js-values.mjs";

export const FILES = [
  "conditions",
  "conditions-refused",
  "bucketing",
  "derived",
  "profiles",
  "rankings",
  "templates",
  "experiments",
  "decisions",
];

/** Tests share bundles, one slot each, because compiling a bundle costs far more than deciding one. */
const SLOTS_PER_BUNDLE = 200;
/** Templates read the visitor's id as any other attribute, and conditions may. */
const RELAXED = { version: 1, id: "spec", consent: { ids: "none" } };

/** The bundles to compile, the decisions to make with them, and the documents that a check must refuse. */
export function planOf(documents) {
  const plan = { bundles: [], tests: [], refusals: [] };
  planConditions(plan, documents.conditions);
  planRefusedConditions(plan, documents["conditions-refused"]);
  planBucketing(plan, documents.bucketing);
  planDerived(plan, documents.derived);
  planProfiles(plan, documents.profiles);
  planRankings(plan, documents.rankings);
  planTemplates(plan, documents.templates);
  planDecisions(plan, "experiments", documents.experiments);
  planDecisions(plan, "decisions", documents.decisions);
  return plan;
}

/** Makes every decision of a plan. Engines are in the order of `plan.bundles`; `profiles` are those of the place. */
export function runPlan(plan, engines, profiles) {
  const failures = [];
  const results = [];
  for (const { file, name, bundle, contexts, read, judge, events } of plan.tests) {
    try {
      const profile = events && profileOf(profiles, events);
      const known = profile && { profile: profile.toBytes() };
      const decisions = contexts.map((context) => engines[bundle].personalize({ ...context, ...known }));
      const summary = profile?.summary(NOON);
      profile?.free();
      results.push(JSON.stringify(summary === undefined ? decisions.map(read) : [...decisions.map(read), summary]));
      const problem = judge(decisions.map((decision) => JSON.parse(JSON.stringify(decision))));
      if (problem !== undefined) failures.push({ file, name, problem });
    } catch (thrown) {
      failures.push({ file, name, problem: `threw ${thrown?.stack ?? thrown}` });
    }
  }
  return { failures, results };
}

/** Checks what a plan says must be refused; `check` is the compiler's. */
export async function runRefusals(plan, check) {
  const failures = [];
  for (const { file, name, bundle, pointer, isExact, message } of plan.refusals) {
    const problems = await check(bundle);
    const isMeant = (problem) =>
      problem.severity === "error" &&
      (isExact ? problem.pointer === pointer : problem.pointer.startsWith(pointer)) &&
      message.every((part) => `${problem.message} ${problem.help ?? ""}`.includes(part));
    if (!problems.some(isMeant)) failures.push({ file, name, problem: `found ${JSON.stringify(problems)}` });
  }
  return failures;
}

function planConditions(plan, vectors) {
  for (const shared of groupedBy(vectors, ({ segments, groups }) => JSON.stringify({ segments, groups }))) {
    planSlots(plan, "conditions", shared, {
      head: { segments: shared[0].segments, groups: shared[0].groups },
      slot: ({ condition }) => whenSlot(condition),
      key: ({ condition }) => JSON.stringify(condition),
      contexts: ({ attributes }) => [{ attributes: revive(attributes), now: 0, timeZone: 0 }],
      // All slots: whatever the other conditions make of these attributes must be the same everywhere, too.
      read: () => (decision) => Object.values(decision.slots).map(({ variant }) => variant),
      judge: (vector, slot) => (decision) => differs(vector.expected, decision.slots[slot].variant === "yes"),
    });
  }
}

function planRefusedConditions(plan, vectors) {
  for (const { name, condition, pointer, message } of vectors) {
    plan.refusals.push({
      file: "conditions-refused",
      name,
      bundle: { ...RELAXED, segments: { known: {} }, groups: { beta: [1] }, slots: { slot: whenSlot(condition) } },
      pointer: `/slots/slot/rules/0/when${pointer ?? ""}`,
      isExact: pointer !== undefined && pointer !== null,
      message,
    });
  }
}

function planBucketing(plan, vectors) {
  const experimentOf = ({ seed = "s", version = 2, weights = [1, 0], coverage = 1, namespace }) => ({
    variants: Object.fromEntries(weights.map((weight, arm) => [`arm${arm}`, weight])),
    consent: "none",
    seed,
    hashVersion: version,
    coverage,
    namespace,
  });
  planSlots(plan, "bucketing", vectors, {
    head: {},
    experiment: experimentOf,
    slot: (_, name) => ({
      default: "no",
      variants: { no: {}, yes: {} },
      rules: [{ experiment: name, show: "yes" }],
    }),
    key: (vector) => JSON.stringify(experimentOf(vector)),
    contexts: ({ value }) => [{ attributes: { id: revive(value) }, now: 0 }],
    read: (slot) => (decision) => decision.slots[slot],
    judge: (vector, slot) => (decision) => {
      const { reason, arm, bucket } = decision.slots[slot];
      if (vector.namespace !== undefined) return differs(vector.expected, reason !== "not_in_namespace");
      if (vector.weights === undefined) return differs(vector.expected, bucket);
      return differs(vector.expected, arm === undefined ? null : Number(arm.slice("arm".length)));
    },
  });
}

function planDerived(plan, vectors) {
  for (const shared of groupedBy(vectors, ({ attribute }) => attribute)) {
    const conditionOf = ({ attribute, expected }) => ({
      [attribute]: expected === null ? { $exists: false } : { $eq: expected },
    });
    planSlots(plan, "derived", shared, {
      head: {},
      slot: (vector) => whenSlot(conditionOf(vector)),
      key: (vector) => JSON.stringify(conditionOf(vector)),
      contexts: contextsOf,
      read: (slot) => (decision) => [decision.slots[slot], decision.cache],
      judge: (_, slot) => (decision) => differs("yes", decision.slots[slot].variant),
    });
  }
}

/** 2026-03-01, noon in UTC: when profiles are asked. */
const NOON = 1_772_366_400_000;
const MINUTES = { m: 1, h: 60, d: 1440 };

function planProfiles(plan, { events, clusters, vectors }) {
  for (const shared of groupedBy(vectors, (vector) => vector.clusters)) {
    planSlots(plan, "profiles", shared, {
      head: { clusters: clusters[shared[0].clusters] },
      slot: ({ condition }) => whenSlot(condition),
      key: ({ condition }) => JSON.stringify(condition),
      contexts: ({ attributes, consent = { personalization: true } }) => [
        { attributes, consent, now: NOON, timeZone: 0 },
      ],
      read: () => (decision) => [Object.values(decision.slots).map(({ variant }) => variant), decision.cache],
      judge: (vector, slot) => (decision) => differs(vector.expected, decision.slots[slot].variant === "yes"),
      events: (vector) => events[vector.events],
    });
  }
}

function planRankings(plan, { events, bundles, vectors }) {
  const granted = { now: NOON, consent: { personalization: true } };
  const whole = vectors.map((vector) => ({ ...vector, context: { ...granted, ...vector.context } }));
  planDecisions(plan, "rankings", { bundles, vectors: whole }, (vector) => events[vector.events]);
}

/** The profile of somebody who did these things, each added when it happened. */
function profileOf(profiles, events) {
  const profile = profiles.open();
  for (const { ago, ...event } of events) {
    const time = NOON - Number(ago.slice(0, -1)) * MINUTES[ago.at(-1)] * 60_000;
    profile.track({ ...event, time }, time);
  }
  return profile;
}

function planTemplates(plan, vectors) {
  const patchOf = (template) => [{ op: "text", value: template }];
  // A value between angle brackets cannot be HTML; as text it is the same where nothing has to be escaped.
  const isText = (vector) => vector.escape !== "html" || vector.template.includes("<{{");
  planSlots(
    plan,
    "templates",
    vectors.filter(({ error }) => error === undefined),
    {
      head: {},
      slot: (vector) => ({
        default: "v",
        variants: { v: isText(vector) ? { patches: patchOf(vector.template) } : { html: vector.template } },
      }),
      key: (vector) => JSON.stringify([vector.template, vector.escape]),
      contexts: ({ view }) => [{ attributes: revive(view), now: 0 }],
      read: (slot) => (decision) => decision.slots[slot].content,
      judge: (vector, slot) => (decision) => {
        const { html, patches } = decision.slots[slot].content;
        return differs(vector.expected, html ?? patches[0].value);
      },
    },
  );
  for (const { template, error } of vectors) {
    if (error === undefined) continue;
    const slot = { default: "v", variants: { v: { html: template } } };
    // What a template's own code is called is not public; that it is refused where it stands is.
    const pointer = "/slots/slot/variants/v/html";
    const bundle = { ...RELAXED, slots: { slot } };
    plan.refusals.push({ file: "templates", name: template, bundle, pointer, isExact: true, message: [] });
  }
}

function planDecisions(plan, file, { bundles, vectors }, eventsOf = () => undefined) {
  const places = new Map();
  for (const [name, bundle] of Object.entries(bundles)) places.set(name, plan.bundles.push(bundle) - 1);
  for (const vector of vectors) {
    const isPair = vector.contexts !== undefined;
    plan.tests.push({
      file,
      name: vector.name,
      bundle: places.get(vector.bundle),
      contexts: isPair ? vector.contexts.map((context) => contextsOf(context)[0]) : contextsOf(vector.context),
      read: (decision) => decision,
      judge: isPair
        ? ([one, other]) => differs(vector.sameKey, one.cache.key === other.cache.key)
        : (decisions) => firstOf(decisions, (decision) => mismatches(vector.expected, decision).join("; ")),
      events: eventsOf(vector),
    });
  }
}

/** Plans tests that each look at one slot, with as many of them in a bundle as fit. */
function planSlots(plan, file, vectors, { head, experiment, slot, key, contexts, read, judge, events }) {
  let names = new Map();
  let bundle;
  for (const vector of vectors) {
    if (bundle === undefined || (names.size >= SLOTS_PER_BUNDLE && !names.has(key(vector)))) {
      names = new Map();
      bundle = { ...RELAXED, ...head, experiments: {}, slots: {} };
      plan.bundles.push(bundle);
    }
    let name = names.get(key(vector));
    if (name === undefined) {
      name = `test${names.size}`;
      names.set(key(vector), name);
      if (experiment !== undefined) bundle.experiments[name] = experiment(vector);
      bundle.slots[name] = slot(vector, name);
    }
    const judged = judge(vector, name);
    plan.tests.push({
      file,
      name: vector.name ?? JSON.stringify(vector),
      bundle: plan.bundles.length - 1,
      contexts: contexts(vector),
      read: read(name),
      judge: (decisions) => firstOf(decisions, judged),
      events: events?.(vector),
    });
  }
}

/**
 * A vector's context as the package takes it. One that gives the offset from UTC as well as a time zone is decided with
 * either, unless the offset ends at some time, which a number cannot say.
 */
function contextsOf({ utcOffset = 0, utcOffsetUntil, timeZone, ...vector }) {
  const { now, attributes, request, consent, sticky, force } = revive(vector);
  const given = Object.entries({ now, attributes, request, consent, sticky, force });
  const context = Object.fromEntries(given.filter(([, member]) => member !== undefined));
  const zones =
    timeZone === undefined ? [utcOffset] : utcOffsetUntil === undefined ? [timeZone, utcOffset] : [timeZone];
  return zones.map((zone) => ({ ...context, timeZone: zone }));
}

function whenSlot(condition) {
  return { default: "no", variants: { no: {}, yes: {} }, rules: [{ when: condition, show: "yes" }] };
}

function groupedBy(vectors, key) {
  const groups = new Map();
  for (const vector of vectors) {
    const group = groups.get(key(vector));
    if (group === undefined) groups.set(key(vector), [vector]);
    else group.push(vector);
  }
  return [...groups.values()];
}

function firstOf(decisions, judge) {
  return decisions.map((decision) => judge(decision)).find((problem) => problem !== undefined && problem !== "");
}

function differs(expected, actual) {
  return Object.is(expected, actual)
    ? undefined
    : `gave ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
}

/** Everything expected must be there: members of objects, all elements of lists. `{"$absent": true}` must not. */
function mismatches(expected, actual, at = "") {
  if (typeof expected !== "object" || expected === null) {
    const problem = differs(expected, actual);
    return problem === undefined ? [] : [`${at}: ${problem}`];
  }
  if (expected.$absent === true) return actual === undefined ? [] : [`${at}: ${JSON.stringify(actual)} is there`];
  if (typeof actual !== "object" || actual === null || Array.isArray(actual) !== Array.isArray(expected)) {
    return [`${at}: gave ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`];
  }
  const wrongLength = Array.isArray(expected) && expected.length !== actual.length;
  const wrong = Object.entries(expected).flatMap(([name, member]) => {
    const found = Object.hasOwn(actual, name) ? actual[name] : undefined;
    return mismatches(member, found, `${at}/${name}`);
  });
  return wrongLength ? [`${at}: has ${actual.length} elements, expected ${expected.length}`, ...wrong] : wrong;
}

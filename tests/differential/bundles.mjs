// Random bundles that use everything a bundle can have: segments, holdouts, experiments of every kind, schedules, templates.

import { condition, GROUPS, SHARED } from "./conditions.mjs";
import { authored, experiment } from "./experiments.mjs";
import { template } from "./templates.mjs";
import { json, number, path } from "./values.mjs";

/** 2026-11-01T06:00:00Z, when New York's clocks change; schedules and visits lie around it. */
export const START = Date.UTC(2026, 10, 1, 6);
const HOUR = 3_600_000;

export const PURPOSES = ["personalization", "analytics", "none"];
/** What is worked out from the request and the time. */
export const DERIVED = [
  "time.hour",
  "time.weekday",
  "time.month",
  "time.date",
  "url.path",
  "url.host",
  "url.query.x",
  "utm.source",
  "referrer.host",
  "device.type",
  "device.os",
  "device.browser",
  "language",
  "locale",
];
const IDENTITIES = ["id", "deviceId", "v", "account.id"];
const GLOBS = ["**", "*", "/shop/**", "/{a,b}/?", "**/x", "\\*", "a*", "🍕?"];

/** Everything that a condition can say, with these segments to ask. */
function language(segments) {
  return {
    path: (random) =>
      random.weighted([
        [3, () => path(random)],
        [2, () => random.one(DERIVED)],
        [1, () => random.one(["id", "account", "account.id", "account.plan", "geo", "geo.city"])],
      ]),
    operators: {
      ...SHARED.operators,
      $near: ({ random }) => ({
        latitude: random.below(181) - 90,
        longitude: (random.share() - 0.5) * 360,
        km: 1 + random.share() * 20_000,
      }),
      $glob: ({ random }) => (random.chance(0.5) ? random.one(GLOBS) : random.list(3, () => random.one(GLOBS))),
    },
    members: segments.length === 0 ? {} : { $segment: (random) => random.one(segments) },
  };
}

/** A bundle without mistakes. */
export function bundle(random) {
  const segments = {};
  // The first two are those that experiments require.
  for (const name of ["of", "not", "third", "fourth"]) {
    segments[name] = condition(random, 2, language(Object.keys(segments)));
  }
  const all = language(Object.keys(segments));
  const holdouts = { held: { coverage: random.share() * 0.3 }, other: { coverage: 0.5, hashAttribute: "deviceId" } };
  const experiments = {};
  const shared = [];
  for (let count = 2 + random.below(5); count > 0; count--) {
    shared.push(experiment(random, shared));
    experiments[shared.at(-1).key] = withMore(random, authored(shared.at(-1)), all);
  }
  if (random.chance(0.5)) experiments.factorial = withMore(random, factorial(random), all);
  const slots = Array.from({ length: 2 + random.below(4) }, (_, index) => [
    `slot${index}`,
    slot(random, experiments, all),
  ]);
  return {
    version: 1,
    id: "random",
    revision: random.below(100),
    consent: { ids: random.one(PURPOSES), experiments: random.one(PURPOSES) },
    groups: GROUPS,
    segments,
    holdouts,
    experiments,
    slots: Object.fromEntries(slots),
  };
}

/** An experiment with what GrowthBook does not have. */
function withMore(random, made, language) {
  const maybe = (share, member) => (random.chance(share) ? member() : {});
  const { consent, ...rest } = made;
  return {
    ...rest,
    ...maybe(0.4, () => ({ consent: random.one(PURPOSES) })),
    ...maybe(0.3, () => ({ holdout: random.one(["held", "other"]) })),
    ...maybe(0.4, () => ({ schedule: schedule(random) })),
    ...maybe(0.3, () => ({ requires: [...(rest.requires ?? []), { segment: random.one(["of", "third", "fourth"]) }] })),
    ...maybe(rest.variants === undefined ? 0 : 0.2, () => ({ force: random.one(Object.keys(rest.variants)) })),
    ...maybe(0.2, () => ({ sticky: true, bucketVersion: 2, minBucketVersion: random.below(3) })),
    ...maybe(0.3, () => ({ hashAttribute: random.one(IDENTITIES) })),
    ...maybe(0.2, () => ({ fallbackAttribute: random.one(IDENTITIES) })),
    ...maybe(0.2, () => ({ when: condition(random, 2, language) })),
  };
}

function factorial(random) {
  const share = random.below(11) / 10;
  return { factors: { size: { small: share, large: 1 - share }, colour: { red: 0.3, blue: 0.7 } } };
}

/** Steps and ramps, one after the other. */
function schedule(random) {
  let at = START - random.below(48) * HOUR;
  const moment = () => new Date(at).toISOString();
  return random.list(3, () => {
    at += random.below(30 * 60) * 60_000;
    const from = moment();
    if (random.chance(0.5)) return { from, coverage: random.share() };
    at += random.below(30 * 60) * 60_000;
    return { from, to: moment(), coverage: random.share() };
  });
}

function slot(random, experiments, language) {
  const names = ["base", "a", "b", "c"];
  return {
    default: random.one(names),
    variants: Object.fromEntries(names.map((name) => [name, variant(random)])),
    rules: random.list(4, () => rule(random, names, experiments, language)),
  };
}

function variant(random) {
  return {
    ...random.weighted([
      [1, () => ({})],
      [3, () => ({ html: text(random, true) })],
      // More than a slot may hold, for a visitor with a long list.
      [1, () => ({ html: "{{#big}}{{#big}}{{.}}{{/big}}{{/big}}" })],
      [3, () => ({ patches: Array.from({ length: 1 + random.below(3) }, () => patch(random)) })],
    ]),
    ...(random.chance(0.3) && { value: random.chance(0.5) ? json(random, 3) : number(random) }),
  };
}

function patch(random) {
  return random.weighted([
    [2, () => ({ op: "text", value: text(random, false) })],
    [1, () => ({ op: random.one(["append", "prepend"]), selector: "p", value: text(random, true) })],
    [1, () => ({ op: "attribute", selector: "a", name: "title", value: text(random, false) })],
    [1, () => ({ op: "attribute", selector: "a", name: "href", value: "/x?q={{url.query.x}}" })],
    [1, () => ({ op: "class", value: `x ${text(random, false)}` })],
    [1, () => ({ op: "remove", selector: "i" })],
  ]);
}

function text(random, isHtml) {
  return random.chance(0.5) ? template(random, isHtml) : `${template(random, isHtml)}{{${random.one(DERIVED)}}}{{id}}`;
}

function rule(random, names, experiments, language) {
  const when = random.chance(0.4) ? { when: condition(random, 3, language) } : {};
  const [key, { variants, factors } = {}] = random.one([...Object.entries(experiments), []]);
  if (key === undefined || random.chance(0.2)) return { ...when, show: random.one(names) };
  const factor = factors !== undefined && random.chance(0.8) ? random.one(Object.keys(factors)) : undefined;
  const arms = Object.keys(factors?.[factor] ?? variants ?? {});
  const each = Object.fromEntries(arms.map((arm) => [arm, random.one(names)]));
  const show = arms.length === 0 || random.chance(0.2) ? random.one(names) : each;
  return { ...when, experiment: key, ...(factor !== undefined && { factor }), show };
}

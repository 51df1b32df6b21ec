// Random contexts for random bundles: what visitors send, and what they might.

import { DERIVED, PURPOSES, START } from "./bundles.mjs";
import { sent, text } from "./values.mjs";
import { visitorFor } from "./visitors.mjs";

/** Zones whose rules have been the same for many years, so that every version of the database agrees; and none. */
const ZONES = [
  "UTC",
  "Europe/Warsaw",
  "America/New_York",
  "America/St_Johns",
  "Asia/Kathmandu",
  "Asia/Tokyo",
  "Australia/Lord_Howe",
  "Nowhere/City",
];
const OFFSETS = [0, 60, -210, 840, 1440, -1441];
const HOUR = 3_600_000;
/** Clock changes in those zones: Warsaw, New York, Lord Howe. */
const CHANGES = [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1), START, Date.UTC(2026, 3, 4, 15)];
const URLS = [
  "https://shop.example/shop/x?x=1&utm_source=news&y=%FF#z",
  "https://KRAKÓW.example/",
  "/shop?x=<b>&x=2",
  "https://[::1]:8080/a/b?x=%F0%9F%8D%95+%ED%A0%80",
  "",
  "://?x",
];
const AGENTS = [
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "curl/8",
  "",
];
const LANGUAGES = ["pl-PL,en;q=0.5", "de-ch-1996", "*", "x", "en;q=0.1, zh-hant-tw;q=0.9", ""];

/** Everything that is known for one decision. Members are of the right types, what they hold need not be. */
export function context(random, bundle) {
  return {
    attributes: attributes(random, bundle),
    ...(random.chance(0.8) && { request: request(random) }),
    ...(random.chance(0.9) && { consent: consent(random) }),
    ...(random.chance(0.9) ? moment(random) : farMoment(random)),
    ...(random.chance(0.8) && { sticky: sticky(random, bundle) }),
    ...(random.chance(0.15) && { force: force(random, bundle) }),
  };
}

function attributes(random, { segments, experiments, slots }) {
  const rules = Object.values(slots).flatMap((slot) => slot.rules);
  const conditions = [
    ...Object.values(segments),
    ...[...rules, ...Object.values(experiments)].flatMap(({ when }) => when ?? []),
  ];
  const visitor = visitorFor(random, conditions);
  const give = (share, name, make) => random.chance(share) && Object.assign(visitor, { [name]: make() });
  const identity = () => (random.chance(0.8) ? `user-${random.below(1e6)}` : sent(random, 1));
  give(0.9, "id", identity);
  give(0.8, "deviceId", identity);
  give(0.5, "account", () => (random.chance(0.8) ? { id: identity(), plan: text(random) } : sent(random)));
  give(0.5, "geo", () => (random.chance(0.8) ? place(random) : sent(random)));
  give(0.4, "big", () => new Array(random.one([2, 1100])).fill(1));
  // What is given wins over what would be worked out.
  give(0.1, random.one(DERIVED).split(".")[0], () => sent(random));
  give(0.05, "deep", () => nested(20 + random.below(40)));
  return visitor;
}

function place(random) {
  const degrees = (most) => (random.share() - 0.5) * 2 * most;
  const written = (value) => (random.chance(0.2) ? String(value) : value);
  return { city: text(random), latitude: written(degrees(91)), longitude: written(degrees(181)) };
}

/** Deeper than a value may be. */
function nested(depth) {
  let value = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { v: value };
  return value;
}

function request(random) {
  const fact = (known) => (random.chance(0.8) ? random.one(known) : random.chance(0.5) ? text(random) : null);
  const cut = (value) => (value !== null && random.chance(0.1) ? `${value}\ud83c` : value);
  return {
    url: cut(fact(URLS)),
    referrer: cut(fact(URLS)),
    userAgent: cut(fact(AGENTS)),
    language: cut(fact(LANGUAGES)),
  };
}

function consent(random) {
  return Object.fromEntries(PURPOSES.map((purpose) => [purpose, random.chance(0.8)]));
}

function moment(random) {
  const now = random.weighted([
    [6, () => START + (random.below(200) - 100) * HOUR + random.below(3600) * 1000],
    [3, () => random.one(CHANGES) + (random.below(56) - 28) * HOUR + random.one([0, -1, 1, 0.5])],
    [2, () => random.below(2 ** 31) * 1000 + random.share()],
  ]);
  return { now, timeZone: random.one(random.chance(0.7) ? ZONES : OFFSETS) };
}

/** Where databases of time zones differ or end: with minutes only. */
function farMoment(random) {
  return { now: random.one([0, -1, 8.64e15, -8.64e15, 8.64e15 + 1, 1e300]), timeZone: random.one(OFFSETS) };
}

function sticky(random, { experiments }) {
  const kept = Object.entries(experiments).filter(() => random.chance(0.8));
  return Object.fromEntries(
    kept.map(([key, { variants = {} }]) => [
      `${key}__${random.below(3)}`,
      random.one([...Object.keys(variants), "gone"]),
    ]),
  );
}

function force(random, { slots }) {
  const forced = [...Object.keys(slots), "gone"].filter(() => random.chance(0.4));
  return Object.fromEntries(forced.map((name) => [name, random.one(["base", "a", "b", "gone"])]));
}

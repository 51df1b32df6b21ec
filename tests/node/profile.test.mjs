// Profiles by the package's API: what is tracked, what decisions make of it, and for how long that holds.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { check, compile } from "../../pkg/dist/compiler.node.js";
import { load } from "../../pkg/dist/index.node.js";
import { profiles } from "../../pkg/dist/profile.node.js";
import { loadWith } from "../../pkg/dist/slim.js";
import { narrowPackage } from "../support/faulty.mjs";

const NOW = Date.UTC(2026, 2, 1, 12);
const MINUTE = 60_000;
const CONSENT = { personalization: true };

let opened;
before(async () => {
  opened = await profiles();
});

function slotOf(when) {
  return { default: "no", variants: { no: {}, yes: {} }, rules: [{ when, show: "yes" }] };
}

async function bytesOf(slots) {
  const { bytes, problems } = await compile({ version: 1, id: "profiles", slots });
  assert.deepEqual(problems, []);
  return bytes;
}

function tracked(...events) {
  const profile = opened.open();
  for (const [name, ago, more] of events) profile.track({ name, time: NOW - ago, ...more }, NOW - ago);
  return profile;
}

class Odd extends Uint8Array {
  get length() {
    throw new Error("no");
  }
}

const VIEWED = { $did: { event: "view_item", within: "10m" } };

for (const name of ["profile", "clusters", "ranking"]) {
  test(`the example of docs/${name}.md prints what it says`, () => {
    const guide = readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), "utf8");
    const [, example] = /^```js run\n(.*?)^```$/ms.exec(guide);
    const said = [...example.matchAll(/; \/\/ (.*)$/gm)].map(([, printed]) => printed);
    const folder = fileURLToPath(new URL("../../target/guide/", import.meta.url));
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}${name}.mjs`, example);
    const printed = execFileSync(process.execPath, [`${folder}${name}.mjs`], { encoding: "utf8" });
    assert.equal(printed, `${said.join("\n")}\n`);
  });
}

test("a profile that is read again after it was written is the one of those bytes, whatever has been done since", () => {
  const at = (profile, name, minute) =>
    profile.track({ name, item: name, time: NOW + minute * MINUTE }, NOW + minute * MINUTE);
  const views = (bytes) => opened.answer(bytes, [{ count: ["view_item", "ever"] }], NOW + 60 * MINUTE).answers;
  const first = tracked(["view_item", MINUTE]);
  const written = first.toBytes();
  const before = written.slice();
  first.free();
  // The bytes as they are, from memory; then changed by whoever has them; then as they were.
  assert.deepEqual(views(written), [1]);
  written[written.length - 1] ^= 255;
  assert.deepEqual(views(written), [0], "these bytes are no profile");
  assert.deepEqual(views(before), [1]);

  const again = opened.open(before);
  again.free();
  const [one, other] = [opened.open(before), opened.open(before)];
  at(one, "view_item", 1);
  at(other, "purchase", 1);
  assert.deepEqual([views(one.toBytes()), views(other.toBytes()), views(before)], [[2], [1], [1]]);
  for (const profile of [one, other]) profile.free();
  assert.deepEqual(views(before), [1]);

  // One that is freed without having been written is nobody's.
  const lost = opened.open(before);
  at(lost, "view_item", 2);
  lost.free();
  assert.deepEqual(views(before), [1]);
});

test("a profile whose instance has failed is gone, and those after it are not", async () => {
  const narrow = narrowPackage("profile.wasm");
  try {
    const { profiles } = await narrow.open("profile.node.js");
    const opened = await profiles();
    const kept = opened.open();
    kept.track({ name: "view_item", item: "boots", time: NOW }, NOW);
    const bytes = kept.toBytes();
    kept.free();
    const failing = opened.open();
    assert.throws(() => failing.track({ name: "x".repeat(8_000_000) }, NOW), { code: "engine_failed" });
    failing.free();
    const again = opened.open(bytes);
    assert.equal(again.summary(NOW).likedItems[0].key, "boots");
    again.free();
    assert.deepEqual(opened.answer(bytes, [{ count: ["view_item", "ever"] }], NOW).answers, [1]);
  } finally {
    narrow.remove();
  }
});

test("pages that write each event say what a profile that stays open says", () => {
  const open = opened.open();
  let bytes = open.toBytes();
  for (let number = 0; number < 400; number++) {
    const event = {
      name: ["view_item", "add_to_cart", "purchase", "search"][number % 4],
      item: `item-${(number * 37) % 90}`,
      category: `category-${(number * 13) % 20}`,
      value: number,
      time: NOW + number * 11 * MINUTE,
    };
    open.track(event, event.time);
    const page = opened.open(bytes);
    page.track(event, event.time);
    bytes = page.toBytes();
    page.free();
    // Another profile takes the place in memory: the next event begins from the bytes alone.
    if (number % 3 === 0) {
      const another = tracked(["like", MINUTE]);
      another.toBytes();
      another.free();
    }
    assert.deepEqual(bytes, open.toBytes(), `after ${number} events`);
  }
});

test("an answer holds until the event leaves the window", async () => {
  const engine = await load(await bytesOf({ slot: slotOf(VIEWED) }));
  const profile = tracked(["view_item", 4 * MINUTE]).toBytes();
  const at = (now) => engine.personalize({ profile, consent: CONSENT, now });
  assert.equal(at(NOW).slots.slot.variant, "yes");
  assert.equal(at(NOW).cache.maxAge, 6 * 60);
  assert.deepEqual(at(NOW).cache.varies, ["$did view_item within 10m"]);
  assert.equal(at(NOW + 6 * MINUTE - 1).slots.slot.variant, "yes");
  assert.equal(at(NOW + 6 * MINUTE).slots.slot.variant, "no");
  assert.equal(at(NOW + 6 * MINUTE).cache.maxAge, 31_536_000);
});

test("a cluster holds until the days since the last purchase change", async () => {
  const clusters = {
    features: [{ of: "profile.rfm.recency", log: true, mean: 1, deviation: 0.5 }],
    clusters: [
      { name: "active", center: [-1] },
      { name: "lapsed", center: [1] },
    ],
  };
  const slots = { slot: slotOf({ "profile.cluster": "active" }) };
  const { bytes } = await compile({ version: 1, id: "shop", clusters, slots });
  const engine = await load(bytes);
  const profile = tracked(["purchase", 2.25 * 24 * 60 * MINUTE, { value: 50 }]).toBytes();
  const at = (now) => engine.personalize({ profile, consent: CONSENT, now });
  // (ln 3 - 1) / 0.5 = 0.2 is nearer to 1; a day before, (ln 2 - 1) / 0.5 = -0.6 was nearer to -1.
  assert.equal(at(NOW).slots.slot.variant, "no");
  assert.equal(at(NOW - 24 * 60 * MINUTE).slots.slot.variant, "yes");
  assert.equal(at(NOW).cache.maxAge, 18 * 60 * 60);
});

test("templates know features of the profile", async () => {
  const likes = { html: "<p>{{#profile.categories}}{{.}} {{/profile.categories}}</p>" };
  const engine = await load(await bytesOf({ slot: { default: "likes", variants: { likes } } }));
  const profile = tracked(["like", 0, { category: "<b>shoes" }], ["view_item", 0, { category: "hats" }]).toBytes();
  const { slots } = engine.personalize({ profile, consent: CONSENT, now: NOW });
  assert.equal(slots.slot.content.html, "<p>&lt;b&gt;shoes hats </p>");
});

test("whatever is handed over as a profile, there is a decision", async () => {
  const engine = await load(await bytesOf({ slot: slotOf(VIEWED), new: slotOf({ "profile.isNew": true }) }));
  const bytes = tracked(["view_item", 0]).toBytes();
  const odd = [
    undefined,
    null,
    "",
    5,
    {},
    [],
    new Uint8Array(),
    bytes.slice(1),
    bytes.slice(0, -1),
    new Uint8Array(5000),
  ];
  for (const profile of [...odd, bytes.buffer, new Proxy(bytes, {}), new Odd(bytes.length)]) {
    const { slots } = engine.personalize({ profile, consent: CONSENT, now: NOW });
    assert.deepEqual([slots.slot.variant, slots.new.variant], ["no", "yes"]);
  }
  const throwing = {
    consent: CONSENT,
    get profile() {
      throw new Error("no");
    },
  };
  assert.equal(engine.personalize(throwing).slots.slot.variant, "no");
});

test("the bytes of a profile are read as they are, wherever they lie and whatever members their array has", () => {
  const bytes = tracked(["view_item", 0, { item: "a" }]).toBytes();
  const larger = new Uint8Array(4000).fill(7);
  larger.set(bytes, 100);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const lying = Object.defineProperty(bytes.slice(), "length", { value: 5000 });
  const arrays = [larger.subarray(100, 100 + bytes.length), shared, lying, Buffer.from(bytes), new Odd(bytes)];
  const empty = opened.open().summary(NOW);
  for (const array of arrays) {
    // Another one is read in between, and both are there afterwards.
    const [profile, other] = [opened.open(array), opened.open(tracked(["search", 0]).toBytes())];
    assert.deepEqual(
      profile.summary(NOW).likedItems.map(({ key }) => key),
      ["a"],
    );
    assert.deepEqual(other.summary(NOW).likedItems, []);
    assert.notDeepEqual(other.summary(NOW), empty);
  }
  assert.deepEqual(opened.open(larger).summary(NOW), empty);
});

test("a bundle that asks for a profile is not loaded without profiles", async () => {
  const bytes = await bytesOf({ slot: slotOf(VIEWED) });
  const wasm = readFileSync(new URL("../../pkg/dist/runtime.wasm", import.meta.url));
  const slim = loadWith({ wasm });
  await assert.rejects(slim(bytes.slice()), { code: "no_profiles", message: /load\(bundle, \{ profiles \}\)/ });
  const engine = await slim(bytes, { profiles });
  const profile = tracked(["view_item", 0]).toBytes();
  assert.equal(engine.personalize({ profile, consent: CONSENT, now: NOW }).slots.slot.variant, "yes");
  assert.equal(engine.needsProfile, true);
  assert.equal((await load(await bytesOf({ slot: slotOf({ a: 1 }) }))).needsProfile, false);
});

test("an explanation says what was counted", async () => {
  const engine = await load(await bytesOf({ slot: slotOf(VIEWED) }));
  const profile = tracked(["view_item", 2 * MINUTE], ["view_item", MINUTE]).toBytes();
  const { steps, result } = await engine.explain({ profile, consent: CONSENT, now: NOW });
  assert.equal(result.slots.slot.variant, "yes");
  const [test] = steps.slot.filter(({ step }) => step === "test");
  assert.match(test.text, /\$did view_item within 10m/);
  assert.equal(test.value, 2);
});

test("what is summed up is what was tracked", () => {
  const profile = tracked(
    ["purchase", 2 * 1440 * MINUTE, { item: "boots", category: "shoes", value: 80 }],
    ["view_item", MINUTE, { item: "hat", category: "hats" }],
  );
  const { likedItems, likedCategories, ...features } = profile.summary(NOW);
  assert.deepEqual(features, {
    isNew: false,
    sessions: 2,
    engagement: "medium",
    "rfm.recency": 2,
    "rfm.frequency": 1,
    "rfm.monetary": 80,
    categories: ["shoes", "hats"],
    items: ["boots", "hat"],
    leftCart: false,
  });
  const [boots] = likedItems;
  assert.deepEqual(
    { ...boots, worth: boots.worth.toFixed(6) },
    {
      key: "boots",
      worth: (5 * 2 ** (-2 / 7)).toFixed(6),
      times: 1,
      last: NOW - 2 * 1440 * MINUTE,
      isBought: true,
    },
  );
  assert.deepEqual(
    likedCategories.map(({ key }) => key),
    ["shoes", "hats"],
  );
});

test("profiles are merged without counting twice", () => {
  const before = tracked(["view_item", 2 * MINUTE, { item: "hat" }]);
  const known = opened.open(before.toBytes());
  known.track({ name: "like", item: "hat", time: NOW }, NOW);
  const other = tracked(["view_item", MINUTE, { item: "boots" }]);
  for (let again = 0; again < 3; again++) {
    known.merge(before.toBytes());
    known.merge(other.toBytes());
  }
  const { likedItems, sessions } = known.summary(NOW);
  assert.deepEqual(
    likedItems.map(({ key, times }) => [key, times]),
    [
      ["hat", 2],
      ["boots", 1],
    ],
  );
  assert.equal(sessions, 1);
});

test("ten thousand events fit a cookie", () => {
  const profile = opened.open();
  for (let number = 0; number < 10_000; number++) {
    profile.track(
      { name: "view_item", item: `item ${number}`, category: `category ${number % 300}` },
      NOW + number * MINUTE,
    );
  }
  const bytes = profile.toBytes();
  assert.ok(bytes.length <= 1536);
  const read = opened.open(bytes);
  assert.equal(read.summary(NOW + 10_000 * MINUTE).sessions, 1);
  assert.deepEqual(read.toBytes(), bytes);
});

test("an event of the wrong types is taken for what it says, and does no harm", () => {
  const profile = opened.open();
  assert.equal(profile.track({ name: "like", item: 42, category: null, value: "7", time: NOW }, NOW), true);
  for (const odd of [{}, { name: 5 }, { name: "like", item: {}, value: Number.NaN, time: Number.NaN }])
    profile.track(odd, NOW);
  assert.equal(profile.track({ name: "like", item: "after" }, Number.NaN), false);
  assert.throws(() => profile.track({ name: Symbol("no") }, NOW), TypeError);
  assert.equal(profile.track({ name: "like", item: "after" }, NOW), true, "nothing was left behind");
  assert.deepEqual(profile.summary(NOW).items.sort(), ["42", "[object Object]", "after"]);
});

test("a profile that was freed says so, and the others stay as they are", () => {
  const [freed, other] = [opened.open(), opened.open()];
  other.track({ name: "view_item", item: "boots", time: NOW }, NOW);
  freed.free();
  freed.free();
  for (const use of [
    () => freed.toBytes(),
    () => freed.track({ name: "like" }, NOW),
    () => freed.summary(NOW),
    () => freed.merge(new Uint8Array()),
  ])
    assert.throws(use, { code: "freed" });
  assert.throws(() => other.summary(Symbol("no")), TypeError, "what is no number stops nothing in the middle");
  assert.deepEqual(other.summary(NOW).items, ["boots"]);
});

test("a value beyond what is kept of values takes nothing else with it", () => {
  for (const value of [3.5e38, -1e39, 1.7e308]) {
    const profile = opened.open();
    profile.track({ name: "view_item", item: "boots", time: NOW }, NOW);
    for (const id of ["one", "other"]) profile.track({ name: "purchase", id, value, time: NOW }, NOW);
    const read = opened.open(profile.toBytes()).summary(NOW);
    assert.deepEqual(read, profile.summary(NOW), `${value}`);
    assert.deepEqual([read.items, read["rfm.frequency"], read["rfm.monetary"]], [["boots"], 2, 0], `${value}`);
  }
});

test("a name that is nearly one of those known everywhere is pointed out", async () => {
  const when = { $did: { event: "view_items" } };
  const problems = await check({ version: 1, id: "profiles", slots: { slot: slotOf(when) } });
  assert.deepEqual(
    problems.map(({ severity, pointer }) => [severity, pointer]),
    [["warning", "/slots/slot/rules/0/when/$did/event"]],
  );
  assert.match(problems[0].help, /"view_item"/);
  assert.deepEqual(
    await check({ version: 1, id: "profiles", slots: { slot: slotOf({ $did: { event: "quiz_done" } }) } }),
    [],
  );
});

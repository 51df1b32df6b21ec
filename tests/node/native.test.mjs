// What native code compiles and decides is what the package does, to the last bit: whole decisions, keys and steps, and lists of items.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { load } from "../../pkg/dist/index.node.js";
import { profiles } from "../../pkg/dist/profile.node.js";
import { Random } from "../differential/random.mjs";
import { native } from "../support/native.mjs";
import { runInNode } from "../support/spec.mjs";

const cli = native();
after(() => cli.dispose());

let ran;
let whole;
before(async () => {
  ran = await runInNode();
  whole = ran.plan.tests.filter(({ file }) => file === "experiments" || file === "decisions");
});

test("a bundle is compiled to the same file", () => {
  const bundles = [...new Set(whole.map(({ bundle }) => bundle))];
  for (const bundle of [...bundles, 0]) {
    const { bytes } = cli.build(ran.plan.bundles[bundle]);
    assert.ok(bytes.equals(ran.files[bundle]), JSON.stringify(ran.plan.bundles[bundle]));
  }
});

test("whole decisions and their steps are the same", async (t) => {
  const paths = new Map();
  let count = 0;
  for (const { name, bundle, contexts } of whole) {
    if (!paths.has(bundle)) paths.set(bundle, cli.build(ran.plan.bundles[bundle]).path);
    for (const context of contexts) {
      // JSON cannot hold every context, and the command line refuses some that the engine makes do with.
      const told = isDeepStrictEqual(JSON.parse(JSON.stringify(context)), context)
        ? cli.explain(paths.get(bundle), context)
        : undefined;
      if (told === undefined) continue;
      const { slots, exposures, sticky, cache } = told;
      const { result, steps } = await ran.engines[bundle].explain(context);
      const explained = Object.entries(JSON.parse(JSON.stringify(result.slots))).map(([slot, shown]) => [
        slot,
        { ...shown, steps: steps[slot].map(({ text, ...fields }) => fields) },
      ]);
      const decided = { slots: Object.fromEntries(explained), exposures: result.exposures, sticky: result.sticky };
      assert.deepEqual({ ...decided, cache: result.cache }, { slots, exposures, sticky, cache }, name);
      count++;
    }
  }
  t.diagnostic(`${count} decisions`);
  assert.ok(count > 200);
});

const NOW = Date.UTC(2026, 2, 1, 12, 34, 56);
const DAY = 86_400_000;

/** A catalog in which everything speaks for some items, and a slot that ranks it in every way. */
function rankingOf(random, count, dimensions) {
  const items = Array.from({ length: count }, (_, number) => ({
    id: `item-${number}`,
    category: random.one(["boots", "hats", "coats"]),
    sold: random.below(100),
    added: NOW - random.share() * 100 * DAY,
    stock: random.below(3),
  }));
  const vectors = (width) => items.map(() => Array.from({ length: width }, () => Math.fround(random.share() * 2 - 1)));
  const another = () => random.one(items).id;
  const neighbours = items.map(({ id }) => [id, { [another()]: random.share(), [another()]: random.share() }]);
  const ranked = {
    show: "cards",
    limit: 20,
    where: { stock: { $gt: 0 } },
    exclude: ["seen"],
    diversity: { amount: 0.3 },
  };
  const weights = { popularity: random.share(), recency: random.share(), factors: random.share() };
  return {
    version: 1,
    id: "native",
    catalog: {
      items,
      content: { vectors: vectors(dimensions) },
      factors: { vectors: vectors(16), regularization: 0.1, alpha: 2 },
      neighbours: Object.fromEntries(neighbours),
      popularity: { member: "sold" },
      recency: { halfLife: 30 },
    },
    slots: {
      list: {
        default: "none",
        variants: { none: {}, cards: { html: "{{#items}}{{id}} {{/items}}" } },
        rules: [{ rank: { ...ranked, weights, explore: 0.3, boosts: [{ where: { category: "hats" }, add: 0.1 }] } }],
      },
    },
  };
}

/** What a visitor may have done with a catalog's items. */
async function visited(random, { items }) {
  const profile = (await profiles()).open();
  const times = Array.from({ length: 15 }, () => NOW - random.below(7 * DAY)).sort((one, other) => one - other);
  for (const time of times) {
    const name = random.one(["view_item", "like", "dislike", "purchase", "dwell"]);
    const { id: item, category } = random.one(items);
    profile.track({ name, item, category, value: random.below(90), time }, time);
  }
  const bytes = profile.toBytes();
  profile.free();
  return bytes;
}

test("lists, what they are made of and how probable their exploring was are the same", async (t) => {
  const seed = Number(process.env.SEED ?? 5);
  const random = new Random(seed);
  let [explored, diverse] = [0, 0];
  for (const dimensions of [8, 17, 64, 200]) {
    const bundle = rankingOf(random, 50 + random.below(500), dimensions);
    const { path, bytes } = cli.build(bundle);
    const engine = await load(new Uint8Array(bytes));
    for (let visitor = 0; visitor < 4; visitor++) {
      const profile = await visited(random, bundle.catalog);
      const context = { now: NOW, consent: { personalization: true }, attributes: { id: `visitor-${visitor}` } };
      const here = engine.personalize({ ...context, profile }).slots.list;
      const { steps, ...there } = cli.explain(path, context, profile).slots.list;
      assert.deepEqual(there, JSON.parse(JSON.stringify(here)), `seed ${seed}, ${dimensions} dimensions`);
      assert.equal(here.items.length, 20);
      explored += here.items.filter(({ propensity }) => propensity < 0.5).length;
      const scores = here.items.map(({ score }) => score);
      diverse += isDeepStrictEqual(
        scores,
        scores.toSorted((one, other) => other - one),
      )
        ? 0
        : 1;
    }
    engine.free();
  }
  t.diagnostic(`${explored} items were explored, ${diverse} lists are in another order than that of their scores`);
  assert.ok(explored > 20 && diverse > 8);
});

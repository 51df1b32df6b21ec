// Ranking 10,000 items for a visitor: the nearest ones by their vectors, and the whole decision with a filter, a blend and a list that is
// not all alike. Vectors are those of items in clusters, as embeddings are, made from a seed.

import { readFile } from "node:fs/promises";
import { create, insertMultiple, searchVector } from "@orama/orama";
import { load } from "slotwise";
import { compile } from "slotwise/compiler";
import { profiles } from "slotwise/profile";
import * as voyGlue from "voy-search/voy_search_bg.js";
import { medians } from "./measure.mjs";
import { timed } from "./report.mjs";

const ITEMS = 10_000;
const CLUSTERS = 100;
const SHOWN = 10;
const NOW = Date.UTC(2026, 2, 1, 12);
const DAY = 86_400_000;

export async function rows(progress) {
  const all = [];
  for (const [dimensions, peers] of [
    [64, ["a Float32Array loop"]],
    [384, ["a Float32Array loop", "voy-search", "@orama/orama"]],
  ]) {
    progress(`top ${SHOWN} of ${ITEMS} × ${dimensions}`);
    all.push(...(await nearestRows(dimensions, peers)));
  }
  progress(`${ITEMS} items filtered, blended, 6 of 50 diversified`);
  return [...all, await wholeRow()];
}

const TARGETS = {
  "64 a Float32Array loop": 10,
  "384 voy-search": 12,
  "384 @orama/orama": 25,
};

async function nearestRows(dimensions, peers) {
  const catalog = makeCatalog(dimensions);
  const visitors = makeVisitors(catalog);
  const rank = { show: "list", limit: SHOWN, candidates: SHOWN, weights: { content: 1 } };
  const ours = await decider(catalog, rank);
  const searches = {
    "a Float32Array loop": loop(catalog),
    "voy-search": peers.includes("voy-search") ? await voy(catalog) : undefined,
    "@orama/orama": peers.includes("@orama/orama") ? await orama(catalog) : undefined,
  };
  checkSame(visitors, ours, searches["a Float32Array loop"]);
  const candidates = Object.fromEntries(peers.map((peer) => [peer, (call) => searches[peer](of(visitors, call))]));
  const times = medians({ slotwise: (call) => ours(of(visitors, call)), ...candidates });
  return peers.map((peer) =>
    timed(`top ${SHOWN} of ${ITEMS} × ${dimensions}`, times, peer, TARGETS[`${dimensions} ${peer}`]),
  );
}

async function wholeRow() {
  const catalog = makeCatalog(64);
  const visitors = makeVisitors(catalog);
  const ours = await decider(catalog, {
    show: "list",
    limit: 6,
    candidates: 50,
    where: { stock: { $gt: 0 }, price: { $lt: 150 } },
    weights: { content: 1, popularity: 0.3, recency: 0.2 },
    diversity: { amount: 0.4 },
    exclude: ["seen"],
  });
  const theirs = idiomatic(catalog);
  checkSame(visitors, ours, theirs);
  const times = medians({
    slotwise: (call) => ours(of(visitors, call)),
    "the same in JavaScript": (call) => theirs(of(visitors, call)),
  });
  return timed(`rank ${ITEMS} items: filter, blend, 6 of 50 diversified`, times, "the same in JavaScript", 8);
}

const of = (visitors, call) => visitors[call % visitors.length];

/** Numbers from 0 up to 1 (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function makeCatalog(dimensions) {
  const next = random(dimensions);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const centres = Array.from({ length: CLUSTERS }, () => Array.from({ length: dimensions }, normal));
  const vectors = new Float32Array(ITEMS * dimensions);
  const items = [];
  for (let item = 0; item < ITEMS; item++) {
    const row = centres[item % CLUSTERS].map((number) => number + 0.7 * normal());
    const length = Math.hypot(...row);
    vectors.set(
      row.map((number) => number / length),
      item * dimensions,
    );
    items.push({
      id: `item-${String(item).padStart(5, "0")}`,
      title: `Item ${item}`,
      price: Math.round(5 + next() * 200),
      stock: Math.floor(next() * 5),
      popularity: Math.floor(1000 * next() ** 4),
      added: NOW - Math.floor(next() * 90) * DAY,
    });
  }
  return { dimensions, items, vectors };
}

/** Visitors who have viewed three items of one cluster, most lately the last of them. */
function makeVisitors({ items, vectors, dimensions }) {
  return Array.from({ length: 64 }, (_, visitor) => {
    const viewed = [0, 1, 2].map((view) => visitor + CLUSTERS * (3 * visitor + view)).map((item) => item % ITEMS);
    const interest = new Float32Array(dimensions);
    for (const item of viewed) {
      for (let place = 0; place < dimensions; place++)
        interest[place] += vectors[item * dimensions + place] / viewed.length;
    }
    return { viewed: viewed.map((item) => items[item].id), interest };
  });
}

/** The whole of it: the visitor's profile in, items with their reasons out. */
async function decider({ items, vectors, dimensions }, rank) {
  const { bytes, problems } = await compile(
    {
      version: 1,
      id: "bench",
      catalog: {
        items,
        members: ["title"],
        content: { vectors: "vectors" },
        popularity: {},
        recency: { halfLife: 30 },
      },
      slots: {
        list: {
          default: "none",
          variants: { none: {}, list: { value: "list" } },
          rules: [{ rank: { ...rank, weights: { ...SILENT, ...rank.weights } } }],
        },
      },
    },
    { files: { vectors: { columns: dimensions, numbers: vectors } } },
  );
  if (bytes === undefined) throw new Error(`the bundle has problems: ${JSON.stringify(problems.slice(0, 3))}`);
  const engine = await load(bytes);
  const { open } = await profiles();
  const profileOf = ({ viewed }) => {
    const profile = open();
    for (const item of viewed) profile.track({ name: "view_item", item, time: NOW }, NOW);
    return profile.toBytes();
  };
  const kept = new WeakMap();
  return (visitor) => {
    if (!kept.has(visitor)) kept.set(visitor, profileOf(visitor));
    const profile = kept.get(visitor);
    const { slots } = engine.personalize({ profile, consent: { personalization: true }, now: NOW });
    return slots.list.items;
  };
}

const SILENT = { content: 0, factors: 0, neighbours: 0, popularity: 0, recency: 0, boost: 0 };

/** What one writes without a library: a product with each row, and the best few kept in order. */
function loop({ items, vectors, dimensions }) {
  return ({ interest }) => {
    const best = [];
    for (let item = 0; item < ITEMS; item++) {
      let score = 0;
      for (let place = 0, at = item * dimensions; place < dimensions; place++, at++)
        score += vectors[at] * interest[place];
      if (best.length < SHOWN || score > best[best.length - 1].score) {
        let place = best.length;
        while (place > 0 && best[place - 1].score < score) place--;
        best.splice(place, 0, { id: items[item].id, score });
        if (best.length > SHOWN) best.pop();
      }
    }
    return best;
  };
}

async function voy({ items, vectors, dimensions }) {
  const wasm = await readFile(new URL("./node_modules/voy-search/voy_search_bg.wasm", import.meta.url));
  const { instance } = await WebAssembly.instantiate(wasm, { "./voy_search_bg.js": voyGlue });
  voyGlue.__wbg_set_wasm(instance.exports);
  const embeddings = items.map(({ id, title }, item) => ({
    id,
    title,
    url: id,
    embeddings: Array.from(vectors.subarray(item * dimensions, (item + 1) * dimensions)),
  }));
  const index = new voyGlue.Voy({ embeddings });
  return ({ interest }) => index.search(interest, SHOWN).neighbors;
}

async function orama({ items, vectors, dimensions }) {
  const index = create({ schema: { title: "string", embedding: `vector[${dimensions}]` } });
  await insertMultiple(
    index,
    items.map(({ id, title }, item) => ({
      id,
      title,
      embedding: Array.from(vectors.subarray(item * dimensions, (item + 1) * dimensions)),
    })),
  );
  return ({ interest }) =>
    searchVector(index, {
      mode: "vector",
      vector: { value: Array.from(interest), property: "embedding" },
      similarity: 0,
      limit: SHOWN,
    }).hits;
}

/** The same decision as a site would write it. */
function idiomatic({ items, vectors, dimensions }) {
  const most = Math.max(...items.map(({ popularity }) => popularity));
  const dot = (one, other) => {
    let sum = 0;
    for (let place = 0; place < dimensions; place++) sum += one[place] * other[place];
    return sum;
  };
  const rows = items.map((item, place) => ({
    ...item,
    vector: vectors.subarray(place * dimensions, (place + 1) * dimensions),
  }));
  return ({ viewed, interest }) => {
    const seen = new Set(viewed);
    const candidates = rows
      .filter(({ id, stock, price }) => stock > 0 && price < 150 && !seen.has(id))
      .map((item) => {
        const content = dot(item.vector, interest);
        const popularity = 0.3 * (item.popularity / most);
        const recency = 0.2 * 2 ** (-(NOW - item.added) / (30 * DAY));
        return { item, score: content + popularity + recency, because: { content, popularity, recency } };
      })
      .sort((one, other) => other.score - one.score)
      .slice(0, 50);
    const worst = candidates[candidates.length - 1].score;
    const spread = candidates[0].score - worst;
    const open = candidates.map((candidate) => ({
      ...candidate,
      relevance: (candidate.score - worst) / spread,
      nearest: 0,
    }));
    const list = [];
    while (list.length < 6) {
      let best = 0;
      const value = ({ relevance, nearest }) => 0.6 * relevance - 0.4 * nearest;
      for (let place = 1; place < open.length; place++) if (value(open[place]) > value(open[best])) best = place;
      const [{ item, score, because }] = open.splice(best, 1);
      list.push({ id: item.id, score, because });
      for (const other of open) other.nearest = Math.max(other.nearest, dot(item.vector, other.item.vector));
    }
    return list;
  };
}

/** Both find nearly the same items: ours counts in twelve bits. */
function checkSame(visitors, ours, theirs) {
  let same = 0;
  let all = 0;
  for (const visitor of visitors) {
    const expected = theirs(visitor).map(({ id }) => id);
    const found = new Set(ours(visitor).map(({ id }) => id));
    same += expected.filter((id) => found.has(id)).length;
    all += expected.length;
  }
  if (same < 0.98 * all) throw new Error(`${same} of ${all} items are the same`);
}

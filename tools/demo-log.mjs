// What the demonstration's visitors did, made up: `slotwise train` learns from it what the shop's rows are ranked with.
//
// Visitors of four countries come for what is liked there (www/favourites.json) or sold most, go on to what goes with it
// (www/goes-with.json) or lies beside it on the shelf, and buy some of it. The same log every time.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { items } from "./site-pages.mjs";

const VISITORS = 2500;
/** How many of a hundred come from where. */
const COUNTRIES = { PL: 45, DE: 22, JP: 16, US: 17 };
/** How much more a country's favourites are looked at there than what is sold most anywhere. */
const FAVOURED = 30;
const FIRST_DAY = Date.parse("2026-05-01T06:00:00Z");
const DAYS = 180;
const DAY = 86_400_000;

const json = (name) => JSON.parse(readFileSync(join("www", name), "utf8"));

/** Lines of JSON, an event each. */
export function demoLog() {
  const catalog = items();
  const [favourites, goesWith] = [json("favourites.json"), json("goes-with.json")];
  const draw = generator(1);
  const pick = (weights) => {
    const entries = Object.entries(weights);
    let left = draw() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left <= 0) return name;
    }
    return entries.at(-1)[0];
  };
  const byId = new Map(catalog.map((item) => [item.id, item]));
  const liked = Object.fromEntries(
    Object.keys(COUNTRIES).map((country) => [
      country,
      Object.fromEntries(
        catalog.map(({ id, sold = 0 }) => [id, Math.sqrt(sold) + FAVOURED * (favourites[country][id] ?? 0)]),
      ),
    ]),
  );
  const shelf = (item) =>
    Object.fromEntries(
      catalog.filter(({ category, id }) => category === item.category && id !== item.id).map(({ id }) => [id, 1]),
    );
  const next = (item, country) => {
    const chance = draw();
    if (chance < 0.6 && goesWith[item.id] !== undefined) return pick(goesWith[item.id]);
    return chance < 0.85 ? pick({ ...shelf(item), [item.id]: 0.1 }) : pick(liked[country]);
  };

  const events = [];
  for (let visitor = 0; visitor < VISITORS; visitor++) {
    const country = pick(COUNTRIES);
    let time = FIRST_DAY + Math.floor(draw() * DAYS) * DAY + Math.floor(draw() * 0.6 * DAY);
    let item = byId.get(pick(liked[country]));
    while (item !== undefined) {
      const told = { visitor: `v${visitor}`, item: item.id, category: item.category, attributes: { geo: { country } } };
      events.push({ ...told, name: "view_item", time });
      if (draw() < 0.25) events.push({ ...told, name: "add_to_cart", time: time + 20_000 });
      if (draw() < 0.15) events.push({ ...told, name: "purchase", value: item.price, time: time + 90_000 });
      const chance = draw();
      // Some go on, some come back another day to where they were, and some do not.
      time += chance < 0.7 ? 120_000 : Math.floor(draw() * 20 * DAY);
      item = chance < 0.82 ? byId.get(next(item, country)) : undefined;
    }
  }
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

/** Numbers from 0 to 1 that look random: mulberry32, by Tommy Ettinger. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

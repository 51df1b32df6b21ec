// What the script around rankings does by itself: it keeps the members of items that it has read once, as many as there is room for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { engineOf } from "../support/bundles.mjs";

/** A list of `size` items a page, the most sold first. */
function pages(count, size) {
  const items = Array.from({ length: count * size }, (_, number) => {
    return {
      id: `item-${number}`,
      page: Math.floor(number / size),
      sold: count * size - number,
      title: `title ${number}`,
    };
  });
  const rules = Array.from({ length: count }, (_, page) => {
    return { when: { page }, rank: { show: "cards", limit: size, candidates: size, where: { page } } };
  });
  return engineOf({
    catalog: { items, popularity: { member: "sold" } },
    slots: {
      row: { default: "none", variants: { none: {}, cards: { html: "{{#items}}{{title}};{{/items}}" } }, rules },
    },
  });
}

const shown = (engine, page) => engine.personalize({ attributes: { page } }).slots.row.content.html;

test("items are shown with their own members, of however many they were read before", async () => {
  const [count, size] = [25, 100];
  const engine = await pages(count, size);
  for (const round of [1, 2]) {
    for (let page = 0; page < count; page++) {
      const titles = Array.from({ length: size }, (_, place) => `title ${page * size + place};`);
      assert.equal(shown(engine, page), titles.join(""), `page ${page}, round ${round}`);
    }
  }
});

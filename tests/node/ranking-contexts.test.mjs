// Rankings, and visitors whose context runs code of its own or holds what ends a reason.

import assert from "node:assert/strict";
import { test } from "node:test";
import { engineOf } from "../support/bundles.mjs";

const consent = { personalization: true };

const CATALOG = {
  items: ["boots", "clogs", "hat", "scarf", "socks"].map((id) => ({ id })),
  neighbours: { boots: { socks: 1 }, hat: { scarf: 1 } },
};

/** A slot that shows the ids of its list. */
function slotOf(rank) {
  const variants = { none: {}, list: { html: "{{#items}}{{id}} {{/items}}" } };
  return { default: "none", variants, rules: [{ rank: { show: "list", limit: 1, ...rank } }] };
}

test("a getter that asks the same engine while lists are made does not mix the visitors up", async () => {
  const engine = await engineOf({
    catalog: CATALOG,
    slots: {
      first: slotOf({ about: { attribute: "first" } }),
      second: slotOf({ about: { attribute: "second" } }),
      third: slotOf({ about: { attribute: "second" } }),
    },
  });
  let reads = 0;
  const asked = (at) => ({
    attributes: { first: "boots", second: "hat" },
    get consent() {
      if (reads++ === at) engine.personalize({ consent, attributes: { first: "hat", second: "boots" } });
      return consent;
    },
  });
  const shown = ({ slots }) => Object.values(slots).map(({ content, items }) => [content.html, items[0].id]);
  const expected = [
    ["socks ", "socks"],
    ["scarf ", "scarf"],
    ["scarf ", "scarf"],
  ];
  assert.deepEqual(shown(engine.personalize(asked(-1))), expected);
  const most = reads;
  assert.ok(most > 3, `${most} reads`);
  for (let at = 0; at < most; at++) {
    reads = 0;
    assert.deepEqual(shown(engine.personalize(asked(at))), expected, `at the reading ${at}`);
  }
});

test("what a visitor is told apart by is the whole id, whatever is in it", async () => {
  const engine = await engineOf({ catalog: CATALOG, slots: { slot: slotOf({ explore: 1 }) } });
  const shown = (id) => engine.personalize({ consent, attributes: { id } }).slots.slot.items[0].id;
  // One of five, each as likely: that forty see the same happens once in 5³⁹.
  assert.ok(new Set(Array.from({ length: 40 }, (_, number) => shown(`u\u001e${number}`))).size > 1);
});

// The soak tells right answers from wrong ones: what it compares, and what it takes for a memory that grows.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { memoryOf, slopeOf } from "../soak/memory.mjs";
import { bundleOf, ORIGINAL, revisionOfDecision, revisionOfPage } from "../soak/site.mjs";
import { engineOf } from "../support/bundles.mjs";

/** What the engine decides for a visitor by a revision. */
async function decided(revision) {
  const engine = await engineOf(bundleOf(revision));
  return engine.personalize({
    attributes: { id: "joe" },
    request: { url: "https://soak.example/?v=5" },
    consent: { personalization: true },
  });
}

/** The page adapted by hand: in the original's sections, what the engine decides. */
function adapted({ slots }, revision) {
  const handed = Object.entries(slots).map(([name, { variant, content }]) => [name, { variant, value: content.value }]);
  const handoff = JSON.stringify({ id: "soak", revision, slots: Object.fromEntries(handed) });
  const html = ORIGINAL.replaceAll(/<section data-slot="([^"]+)">(.*?)<\/section>/g, (_, name, before) => {
    const { variant, content } = slots[name];
    const inner = content.html ?? before.replace("as it was", content.patches[0].value);
    return `<section data-slot="${name}" data-slotwise="${variant}">${inner}</section>`;
  });
  const script = '<script type="module" src="/_slotwise/slotwise.js"></script>';
  return html.replace(
    "</body>",
    () => `<script type="application/json" id="slotwise-state">${handoff}</script>${script}</body>`,
  );
}

describe("a page", () => {
  let page;
  let next;
  before(async () => {
    page = adapted(await decided(7), 7);
    next = adapted(await decided(8), 8);
  });

  test("that is whole and of one revision is of that revision", () => {
    assert.equal(revisionOfPage(page, "5", "newcomer"), 7);
    assert.equal(revisionOfPage(next, "5", "newcomer"), 8);
  });

  test("with the list of another visitor is found out", () => {
    assert.throws(() => revisionOfPage(page, "5", "known"), /item/);
  });

  const wrongs = {
    "is cut off": (html) => html.slice(0, -1),
    "is cut off before the handoff": (html) => html.slice(0, html.indexOf("<script")),
    "lacks a piece": (html) => html.replace("What stands between", ""),
    "has something twice": (html) => html.replace("</body>", "</body></body>"),
    "is as its origin has it": () => ORIGINAL,
    "has one slot of another revision": (html) => html.replace("revision 7", "revision 8"),
    "has the handoff of another revision": (html) => html.replace('"revision":7', '"revision":8'),
    "begins with one revision and ends with another": (html) => html.slice(0, 9000) + next.slice(9000),
    "was made for another visitor": (html) => html.replace(", 5.", ", 6."),
    "shows another arm than it says": (html) =>
      html.replace(/arm [ab]/, (arm) => (arm.endsWith("a") ? "arm b" : "arm a")),
  };
  for (const [what, change] of Object.entries(wrongs)) {
    test(`that ${what} is found out`, () => {
      assert.notEqual(change(page), page);
      assert.throws(() => revisionOfPage(change(page), "5", "newcomer"));
    });
  }
});

test("a decision of one revision is told from one that is mixed", async () => {
  const { slots } = await decided(7);
  assert.equal(revisionOfDecision(JSON.stringify({ revision: 7, slots }), "5", "newcomer"), 7);
  assert.throws(() => revisionOfDecision(JSON.stringify({ revision: 8, slots }), "5", "newcomer"));
  assert.throws(() => revisionOfDecision(JSON.stringify({ revision: 7, slots }), "6", "newcomer"));
  assert.throws(() => revisionOfDecision(JSON.stringify({ revision: 7, slots }), "5", "known"));
});

test("a memory that grows is told from one that warms up, and in a short run neither is", () => {
  const samples = (minutes, mb) =>
    Array.from({ length: minutes * 60 + 1 }, (_, second) => ({ minute: second / 60, bytes: mb(second) * 2 ** 20 }));
  const growing = memoryOf(samples(5, (second) => 100 + second));
  assert.equal(growing.isFlat, false);
  assert.equal(Math.round(growing.slope), 60);
  assert.equal(Math.round(slopeOf(samples(2, (second) => 100 - second / 60))), -1);
  const warming = (second) => Math.min(100 + 2 * second, 200);
  const { start, warm, end, isFlat } = memoryOf(samples(5, warming));
  assert.deepEqual([start, warm, end, isFlat], [100, 200, 200, true]);
  assert.equal(memoryOf(samples(1, warming)).isFlat, undefined);
});

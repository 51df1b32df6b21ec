import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonText, name, record, text } from "../arbitraries.mjs";
import { isPlain } from "../harmless.mjs";
import { parsers } from "../parsers.mjs";

const { readHandoff, writeHandoff } = parsers;

const reason = fc.constantFrom("matched", "assigned", "sticky", "held_out", "no_match", "forced");
const shown = () =>
  fc.oneof(
    fc.record({
      variant: name(),
      source: fc.constantFrom("rule", "default"),
      reason,
      content: fc.record({ value: fc.jsonValue() }),
    }),
    fc.record({
      variant: name(),
      source: fc.constant("experiment"),
      reason,
      experiment: name(),
      arm: name(),
      content: fc.constant({}),
    }),
    fc.record({
      variant: name(),
      source: fc.constant("holdout"),
      reason: fc.constant("held_out"),
      holdout: name(),
      content: fc.constant({}),
    }),
  );
const handoffs = () =>
  fc.record({ id: text(), revision: fc.nat(), slots: record(shown()), exposures: fc.constant([]) });

/** JSON in the shape of a handoff, of which any part may be something else. */
const alike = () =>
  record(
    fc.oneof(
      fc.jsonValue(),
      fc.record(
        { variant: fc.jsonValue(), reason, experiment: fc.jsonValue(), hashAttribute: fc.jsonValue() },
        { requiredKeys: [] },
      ),
    ),
  ).map((slots) => JSON.stringify({ slots }));

export const handoff = {
  "any text is a handoff, or none": fc.property(fc.oneof(jsonText(), alike()), (given) => {
    const read = readHandoff(given);
    if (read === undefined) return;
    isPlain(read.slots, given);
    const slots = new Set(Object.keys(read.slots));
    for (const exposure of read.exposures) for (const slot of exposure.slots) assert.ok(slots.has(slot));
  }),

  "what was handed over is read, and can end no script": fc.property(handoffs(), (given) => {
    const written = writeHandoff(given);
    assert.match(written, /^[\x20-\x7e]*$/);
    assert.ok(!written.includes("<"));
    const read = readHandoff(written);
    const state = ({ id, revision, slots }) => JSON.parse(JSON.stringify({ id, revision, slots }));
    assert.deepEqual(state(read), state(given));
  }),
};

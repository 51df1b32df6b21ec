// One answer everywhere: random bundles and contexts in native code, Node, workerd and Chromium, compared byte for byte.
//
//   SEED=1234 tools/test-js.sh browser tests/browser/one-answer.test.mjs     repeats a run

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compareEverywhere, startPlaces } from "../differential/everywhere.mjs";
import { seedOfRun } from "../differential/random.mjs";

const SEED = seedOfRun();
const DECISIONS = 600;

/** What decides a slot, and why; and every kind of step. */
const REACHED = [
  "forced, forced",
  "rule, matched",
  "experiment, assigned",
  "experiment, sticky",
  "experiment, arm_forced",
  "holdout, held_out",
  "default, no_match",
  "default, consent_required",
  "default, no_hash_value",
  "default, not_targeted",
  "default, requirement_unmet",
  "default, not_in_namespace",
  "default, not_covered",
  "default, not_started",
  "default, sticky_blocked",
  "error, too_large",
  "error, default_too_large",
  "factors",
  ...["rule", "ruleFailed", "segment", "segmentHeld", "experiment", "assigned", "decided"],
];

let started;
before(async () => {
  started = await startPlaces();
});
after(() => started?.close());

test("files, decisions, cache keys and steps are the same in native code, Node, workerd and Chromium", async (t) => {
  const { done, reach } = await compareEverywhere({ seed: SEED, cases: DECISIONS, places: started.places });
  t.diagnostic(`seed ${SEED}: ${done} decisions in each of ${Object.keys(started.places).join(", ")}`);
  assert.deepEqual(reach.lacking(REACHED, 1), []);
});

// Cookies, consent, sticky arms, handoff, preview and request of any text: a bounded run of the laws in fuzz/text.
//
//   SEED=1234 node --test tests/node/untrusted-text.test.mjs     repeats a run

import { describe, test } from "node:test";
import fc from "fast-check";
import { KEPT } from "../../fuzz/text/kept.mjs";
import { LAWS } from "../../fuzz/text/laws.mjs";
import { seedOfRun } from "../differential/random.mjs";

const SEED = seedOfRun();
const CASES = 300;

for (const [about, laws] of Object.entries(LAWS)) {
  describe(about, () => {
    for (const [says, law] of Object.entries(laws)) {
      test(says, (t) => {
        t.diagnostic(`SEED=${SEED}`);
        fc.assert(law, { seed: SEED, numRuns: CASES, examples: KEPT[says] ?? [] });
      });
    }
  });
}

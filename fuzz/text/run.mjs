// Tries every law of visitors' text for a long time: MINUTES=60 node fuzz/text/run.mjs
//
// Random as fast-check draws them: not guided by what an input reaches, unlike the targets of libFuzzer. Ends with 1 when a
// law is broken, and says how to repeat it.

import fc from "fast-check";
import { KEPT } from "./kept.mjs";
import { LAWS } from "./laws.mjs";

const minutes = Number(process.env.MINUTES ?? 1);
if (!(minutes > 0)) {
  console.error(`error: MINUTES is "${process.env.MINUTES}", but should be a number above 0.`);
  process.exit(2);
}
const laws = Object.values(LAWS).flatMap(Object.entries);
const until = performance.now() + minutes * 60_000;
/** Each law has its turn for so long at most, so that all are tried equally. */
const TURN = Math.min(10_000, (minutes * 60_000) / laws.length);
const tried = new Map(laws.map(([says]) => [says, { cases: 0, slowest: 0 }]));

let failed = 0;
for (let round = 1; performance.now() < until && failed === 0; round++) {
  for (const [says, law] of laws) {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const known = tried.get(says);
    const details = fc.check(watched(law, known), {
      seed,
      examples: KEPT[says] ?? [],
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: TURN,
    });
    known.cases += details.numRuns;
    if (details.failed && details.counterexample !== null) {
      failed++;
      console.error(`error: this law is broken: ${says}\n${fc.defaultReportMessage(details)}`);
      console.error(
        `       Keep the counterexample in fuzz/text/kept.mjs, then: tools/test-js.sh node tests/node/untrusted-text.test.mjs`,
      );
    }
  }
  const cases = [...tried.values()].reduce((sum, { cases }) => sum + cases, 0);
  const left = Math.max(0, (until - performance.now()) / 60_000).toFixed(1);
  console.log(`text: round ${round}, ${cases.toLocaleString("en")} cases, ${left} minutes left`);
}
for (const [says, { cases, slowest }] of tried) {
  console.log(
    `text: ${cases.toLocaleString("en").padStart(12)} cases, slowest ${slowest.toFixed(1).padStart(6)} ms: ${says}`,
  );
}
process.exit(failed === 0 ? 0 : 1);

/** Milliseconds that this process has computed, whatever else the machine did. */
function computed() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The same law, of which the slowest case is remembered. */
function watched(law, known) {
  return Object.assign(Object.create(law), {
    run(...arguments_) {
      const start = computed();
      const outcome = law.run(...arguments_);
      known.slowest = Math.max(known.slowest, computed() - start);
      return outcome;
    },
  });
}

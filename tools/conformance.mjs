// The long run of what `make test` runs in short: random cases against GrowthBook's SDK, against mustache.js, and in all places.
//
//   make conformance                        a million cases against GrowthBook, and as many of the others as take a similar time
//   SEED=1234 CASES=100000 make conformance repeats or shortens a run
//
// Ends with the smallest case and an exit code of 1 at the first mismatch.

import { compareEverywhere, startPlaces } from "../tests/differential/everywhere.mjs";
import { compareConditions, compareExperiments } from "../tests/differential/growthbook.mjs";
import { compareTemplates } from "../tests/differential/mustache.mjs";
import { seedOfRun } from "../tests/differential/random.mjs";

const SEED = seedOfRun();
const CASES = Number(process.env.CASES ?? 1_000_000);
/** How often progress is told, where it is not written over. */
const INTERVAL = 10_000;

if (!Number.isInteger(SEED) || !(CASES > 0)) {
  console.error(`error: SEED and CASES are numbers, not "${process.env.SEED}" and "${process.env.CASES}"`);
  process.exit(2);
}

const RUNS = [
  { name: "conditions, GrowthBook", cases: CASES, compare: compareConditions },
  { name: "experiments, GrowthBook", cases: CASES, compare: compareExperiments },
  { name: "templates, mustache.js", cases: CASES, compare: compareTemplates },
  { name: "decisions, everywhere", cases: Math.ceil(CASES / 50), compare: inAllPlaces },
];

async function inAllPlaces(run) {
  const { places, close } = await startPlaces();
  try {
    return await compareEverywhere({ ...run, places });
  } finally {
    await close();
  }
}

/** Says how far a run is. */
function progress(name, cases) {
  const start = Date.now();
  let told = start;
  return (done) => {
    const now = Date.now();
    if (done < cases && now - told < (process.stderr.isTTY ? 200 : INTERVAL)) return;
    told = now;
    const seconds = (now - start) / 1000;
    const left = Math.max(0, Math.round((seconds / done) * (cases - done)));
    const line = `    ${name}: ${done.toLocaleString("en")} of ${cases.toLocaleString("en")}, ${Math.round(seconds)} s, ${left} s left`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  };
}

console.log(`SEED=${SEED} CASES=${CASES}`);
for (const { name, cases, compare } of RUNS) {
  const start = Date.now();
  try {
    const { done } = await compare({ seed: SEED, cases, onProgress: progress(name, cases) });
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    console.log(
      `${name.padEnd(26)}${done.toLocaleString("en").padStart(10)} cases, no mismatch, ${Math.round((Date.now() - start) / 1000)} s`,
    );
  } catch (thrown) {
    if (process.stderr.isTTY) process.stderr.write("\n");
    console.error(`\n${name}: ${thrown.name === "AssertionError" ? thrown.message : thrown.stack}`);
    process.exit(1);
  }
}

// Load for some minutes, with a bundle published every few seconds: `make soak`, or MINUTES=3 make soak.
//
// The real Worker runs in workerd, with an origin on this machine; every answer is compared to the letter with what it should be. Ends
// with a report, and with a status other than 0 when anything was wrong.

import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createHistogram } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Pool } from "undici";
import { startBareWorker } from "../support/bare-worker/bare-worker.mjs";
import { compiled } from "../support/bundles.mjs";
import { makeSite } from "../support/sites.mjs";
import { memoryOf } from "./memory.mjs";
import { bundleOf } from "./site.mjs";
import { browse, leaveEarly } from "./traffic.mjs";

const CONNECTIONS = 32;
/** Seconds between two publications, two samples of the memory, and two lines of progress. */
const PUBLISHED_EVERY = 5;
const SAMPLED_EVERY = 1;
const TOLD_EVERY = 15;
const REPORT = "target/soak/report.json";
const TOKEN = "soak";
const MB = 1024 * 1024;

const minutes = Number(process.env.MINUTES ?? 10);
if (!(minutes > 0)) {
  console.error(`error: MINUTES is "${process.env.MINUTES}", but should be a number above 0, such as 10 or 0.5`);
  process.exit(2);
}

const failures = new Map();
const fail = (message) => failures.set(message, (failures.get(message) ?? 0) + 1);

const origin = new Worker(new URL("origin.mjs", import.meta.url));
const [originUrl] = await once(origin, "message");
const first = await compiled(bundleOf(1));
const vars = { ORIGIN: originUrl, BUNDLE_TOKEN: TOKEN, BUNDLE_REFRESH: 1 };
const { config } = makeSite("soak", { "bundle.slotwise": first }, { kv: true, vars });
const worker = await startBareWorker({ config });
const pool = new Pool(worker.url.origin, { connections: CONNECTIONS, pipelining: 1 });

/** Which revision is live since when, and until when it may have been. Between asking for another and the answer, both may be. */
const live = [{ revision: 1, from: 0, until: Number.POSITIVE_INFINITY }];
const mayBe = (revision, begun, ended) =>
  live.some((one) => one.revision === revision && one.from <= ended && one.until >= begun);

async function makeLive(revision, path, options) {
  const last = live.at(-1);
  live.push({ revision, from: performance.now(), until: Number.POSITIVE_INFINITY });
  const headers = { authorization: `Bearer ${TOKEN}` };
  const answer = await worker.fetch(path, { headers, ...options });
  const told = await answer.text();
  if (!answer.ok) fail(`publication: status ${answer.status}: ${told}`);
  last.until = performance.now();
}

/** Publishes: JSON and compiled files in turn, and now and then what was live before. */
async function publish(signal) {
  let revision = 1;
  for (let count = 1; !signal.aborted; count++) {
    if (count % 6 === 0) {
      const body = JSON.stringify({ revision: live.at(-2).revision });
      await makeLive(live.at(-2).revision, "/_slotwise/bundle/rollback", { method: "POST", body });
    } else {
      revision++;
      const bundle = bundleOf(revision);
      const body = count % 2 === 0 ? await compiled(bundle) : JSON.stringify(bundle);
      await makeLive(revision, "/_slotwise/bundle", { method: "PUT", body });
    }
    await pause(PUBLISHED_EVERY * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** Of all answers, in microseconds. */
const latency = createHistogram();
const answers = {};

function answered({ kind, begun, ended, revision }) {
  latency.record(Math.max(1, Math.round((ended - begun) * 1000)));
  answers[kind] = (answers[kind] ?? 0) + 1;
  if (revision !== undefined && !mayBe(revision, begun, ended)) {
    fail(`${kind}: revision ${revision} was shown, and revision ${live.at(-1).revision} is live`);
  }
}

const begun = performance.now();
const elapsed = () => (performance.now() - begun) / 60_000;
const sum = (counts) => counts.reduce((total, count) => total + count, 0);
const requests = () => sum(Object.values(answers));
const samples = [];

async function sample(signal) {
  while (!signal.aborted) {
    samples.push({ minute: elapsed(), bytes: await worker.memory() });
    if (samples.length % (TOLD_EVERY / SAMPLED_EVERY) === 0) {
      const rate = Math.round(requests() / elapsed() / 60);
      const memory = Math.round(samples.at(-1).bytes / MB);
      console.log(
        `${elapsed().toFixed(1)} of ${minutes} min: ${requests()} answers (${rate}/s), revision ${live.at(-1).revision}, ` +
          `${memory} MB, ${sum([...failures.values()])} failures`,
      );
    }
    await pause(SAMPLED_EVERY * 1000, undefined, { signal }).catch(() => undefined);
  }
}

console.log(`${minutes} min on ${CONNECTIONS} connections, a publication every ${PUBLISHED_EVERY} s …`);
const end = new AbortController();
const { signal } = end;
process.once("SIGINT", () => end.abort());
setTimeout(() => end.abort(), minutes * 60_000).unref();
const [, left] = await Promise.all([
  browse(pool, { connections: CONNECTIONS, signal, onAnswer: answered, onFailure: fail }),
  leaveEarly(worker.url, signal),
  publish(signal),
  sample(signal),
]);

const milliseconds = (microseconds) => Number((microseconds / 1000).toFixed(1));
const memory = memoryOf(samples);
const report = {
  minutes: Number(elapsed().toFixed(2)),
  answers,
  requests: requests(),
  perSecond: Math.round(requests() / elapsed() / 60),
  left,
  publications: live.length - 1,
  latency: {
    p50: milliseconds(latency.percentile(50)),
    p99: milliseconds(latency.percentile(99)),
    max: milliseconds(latency.max),
  },
  memory: Object.fromEntries(
    Object.entries(memory).map(([name, value]) => [name, typeof value === "number" ? Number(value.toFixed(2)) : value]),
  ),
  failures: Object.fromEntries(failures),
};
mkdirSync("target/soak", { recursive: true });
writeFileSync(REPORT, `${JSON.stringify(report, null, 2)}\n`);
await pool.destroy();
await worker.dispose();
await origin.terminate();

const { latency: times, memory: taken } = report;
console.log(`
answers      ${report.requests} in ${report.minutes} min, ${report.perSecond}/s: ${JSON.stringify(answers)}
left early   ${left}
bundles      ${report.publications} made live under load
latency      p50 ${times.p50} ms, p99 ${times.p99} ms, most ${times.max} ms
memory       ${taken.start} MB at the start, ${taken.warm} MB warm, ${taken.end} MB at the end, ${taken.most} MB at most; ${taken.slope} MB a minute
failures     ${sum([...failures.values()])}
report       ${REPORT}`);
for (const [message, count] of [...failures].slice(0, 20)) console.error(`error: ${message} (${count} times)`);
if (memory.isFlat === false) console.error(`error: the memory has grown from ${taken.warm} MB to ${taken.end} MB`);
const isRight = failures.size === 0 && memory.isFlat !== false && requests() > 0;
const ofMemory = memory.isFlat === undefined ? "it was too short to judge the memory" : "the memory is flat";
console.log(
  isRight
    ? `\nEvery answer was whole and of one revision, which was live; ${ofMemory}.`
    : "\nThat is not as it should be.",
);
process.exitCode = isRight ? 0 : 1;

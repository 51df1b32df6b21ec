// Workers in the real workerd, in front of one origin: requests a second for a page of 100 KB that gets ten changes, the time to the
// first byte of a page that trickles, and what is added to the page.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { compile } from "slotwise/compiler";
import { headersOf, requestsPerSecond, SENDER } from "./edge/load.mjs";
import { changedPage, makeBundle, makePage, makePayload } from "./edge/page.mjs";
import { startOurs, startPeer } from "./edge/workerd.mjs";
import { median } from "./measure.mjs";
import { versionOf } from "./versions.mjs";

const ROUNDS = 9;
const SECONDS = 3;
const TRICKLES = 5;
const GROWTHBOOK = "@growthbook/edge-cloudflare";
const NO_OP = "a no-op HTMLRewriter";

export async function rows(progress) {
  const { bytes, problems } = await compile(makeBundle());
  if (bytes === undefined) throw new Error(`the bundle has problems: ${JSON.stringify(problems)}`);
  const origin = await startOrigin();
  const workers = {
    slotwise: await startOurs(origin.url, bytes),
    [GROWTHBOOK]: await startPeer("growthbook", origin.url, { PAYLOAD: JSON.stringify(makePayload()) }),
    [NO_OP]: await startPeer("no-op", origin.url),
  };
  try {
    progress("pages of the Workers");
    const added = await addedBytes(workers);
    progress("requests a second");
    const requests = await race(workers, ({ url }) => requestsPerSecond(url, SECONDS), ROUNDS);
    progress("time to the first byte of a page that trickles");
    const { slotwise, [NO_OP]: noOp } = workers;
    const firstBytes = await race({ slotwise, [NO_OP]: noOp }, ({ url }) => firstByte(url), TRICKLES);
    const workerd = versionOf("workerd");
    const perSecond = (peer, atLeast) => ({
      name: "Worker, a 100 KB page with 10 slots",
      ours: requests.slotwise,
      theirs: requests[peer],
      peer,
      unit: "requests/s",
      better: "higher",
      target: { atLeast },
      versions: { workerd, ...SENDER },
    });
    return [
      perSecond(GROWTHBOOK, 5),
      perSecond(NO_OP, 0.85),
      {
        name: `Worker, first byte of a page that trickles, later than through ${NO_OP}`,
        ours: firstBytes.slotwise - firstBytes[NO_OP],
        unit: "ms",
        better: "lower",
        target: { atMost: 10 },
        versions: { workerd },
      },
      {
        name: "added to the page for 10 decisions, besides the changes",
        ours: added.slotwise,
        theirs: added[GROWTHBOOK],
        peer: GROWTHBOOK,
        unit: "bytes",
        better: "lower",
        target: { atMost: 1500 },
        versions: { workerd },
      },
    ];
  } finally {
    origin.close();
    for (const worker of Object.values(workers)) worker.close();
  }
}

async function startOrigin() {
  const child = spawn(process.execPath, [new URL("edge/origin.mjs", import.meta.url).pathname], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const port of createInterface({ input: child.stdout })) {
    return { url: `http://127.0.0.1:${port}`, close: () => child.kill("SIGKILL") };
  }
  throw new Error("the origin did not start: its message is above");
}

/** Medians of interleaved rounds. */
async function race(workers, measure, rounds) {
  const results = Object.fromEntries(Object.keys(workers).map((name) => [name, []]));
  for (const worker of Object.values(workers)) await measure(worker);
  for (let round = 0; round < rounds; round++) {
    for (const [name, worker] of Object.entries(workers)) results[name].push(await measure(worker));
  }
  return Object.fromEntries(Object.entries(results).map(([name, values]) => [name, median(values)]));
}

/** How much longer than the page with nothing but its changes each Worker's is; throws when a change is missing. */
async function addedBytes({ slotwise, [GROWTHBOOK]: growthbook }) {
  const plain = makePage();
  const ours = await pageOf(slotwise);
  const handoff = JSON.parse(/<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(ours)[1]);
  const arms = Object.fromEntries(Object.entries(handoff.slots).map(([name, { variant }]) => [name, variant]));
  const changed = changedPage(plain, (name) => arms[name]);
  const theirs = await pageOf(growthbook);
  for (const [name, page] of Object.entries({ slotwise: ours, [GROWTHBOOK]: theirs })) {
    const missing = missingChanges(plain, changed, page);
    if (missing.length > 0) throw new Error(`${name} did not make these changes: ${missing.join(", ")}`);
  }
  const bytes = (page) => Buffer.byteLength(page);
  return { slotwise: bytes(ours) - bytes(changed), [GROWTHBOOK]: bytes(theirs) - bytes(changed) };
}

/** The lines of the changed page, one a slot, that a page does not have. */
function missingChanges(plain, changed, page) {
  const before = new Set(plain.split("\n"));
  const texts = (line) => line.match(/>[^<]+</g) ?? [];
  const isThere = (line) => texts(line).every((text) => page.includes(text));
  return changed.split("\n").filter((line) => !before.has(line) && !isThere(line));
}

async function pageOf({ url }) {
  const response = await fetch(url, { headers: headersOf(3) });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

/** Milliseconds until the first bytes of the body. */
async function firstByte(url) {
  const start = performance.now();
  const response = await fetch(`${url}/trickle`, { headers: headersOf(3) });
  const reader = response.body.getReader();
  await reader.read();
  const spent = performance.now() - start;
  await reader.cancel();
  return spent;
}

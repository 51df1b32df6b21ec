// Requests for a while, as fast as they are answered: by wrk where it is installed, else by autocannon.

import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { versionOf } from "../versions.mjs";

const CONNECTIONS = 8;
const VISITORS = 200;

/** What a browser sends. Every visitor has agreed, and has a name for either side. */
export function headersOf(visitor) {
  return {
    accept: "text/html,application/xhtml+xml,*/*;q=0.8",
    "accept-encoding": "identity",
    "user-agent": "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    cookie: `slotwise_id=visitor-${visitor}; slotwise_consent=personalization; gbuuid=visitor-${visitor}`,
  };
}

const { error, stdout: about } = spawnSync("wrk", ["-v"], { encoding: "utf8" });
const hasWrk = error === undefined;

/** What sends the requests, and its version. */
export const SENDER = hasWrk
  ? { wrk: /[\d.]+/.exec(about)?.[0] ?? "unknown" }
  : { autocannon: versionOf("autocannon") };

/** Sends requests of many visitors for so many seconds; resolves to requests a second. */
export async function requestsPerSecond(url, seconds) {
  return hasWrk ? wrk(url, seconds) : autocannon(url, seconds);
}

async function wrk(url, seconds) {
  const script = join(mkdtempSync(join(tmpdir(), "slotwise-wrk-")), "visitors.lua");
  writeFileSync(script, `${scriptFor()}\n`);
  const options = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "-s", script, url];
  const { stdout } = await promisify(execFile)("wrk", options);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk met errors at ${url}:\n${stdout}`);
  return Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)[1]);
}

/** Makes wrk send the requests of one visitor after the other. */
function scriptFor() {
  const requests = Array.from({ length: VISITORS }, (_, visitor) => {
    const headers = Object.entries(headersOf(visitor));
    const fields = headers.map(([name, value]) => `["${name}"] = ${JSON.stringify(value)}`);
    return `wrk.format("GET", "/", { ${fields.join(", ")} })`;
  });
  return `local requests, next
function init() requests, next = { ${requests.join(",\n")} }, 0 end
function request() next = next % ${VISITORS} + 1; return requests[next] end`;
}

async function autocannon(url, seconds) {
  const { default: run } = await import("autocannon");
  const requests = Array.from({ length: VISITORS }, (_, visitor) => ({ headers: headersOf(visitor) }));
  const result = await run({ url, connections: CONNECTIONS, duration: seconds, requests });
  if (result.non2xx + result.errors > 0) throw new Error(`autocannon met errors at ${url}`);
  return result.requests.average;
}

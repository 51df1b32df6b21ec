// The decision of wide.mjs for visitors that were read from JSON, as a server is sent them.

import { race } from "./decide.mjs";
import { timed } from "./report.mjs";
import { WIDE } from "./wide.mjs";
import { makeVisitors } from "./workload.mjs";

const PEERS = ["@openfeature/flagd-core", "@growthbook/growthbook", "@growthbook/growthbook, an instance a visitor"];

export async function rows(progress) {
  progress("the same, from JSON");
  const visitors = makeVisitors(WIDE).map((visitor) => JSON.parse(JSON.stringify(visitor)));
  const times = await race(["slotwise", ...PEERS], visitors);
  return PEERS.map((peer) => timed("decide 10 slots, 5 of 50 attributes, from JSON", times, peer));
}

// The decision of decide.mjs for visitors of whom fifty attributes are known, of which five are read. The attributes were added one by one,
// as code does that gathers them from several places.

import { race } from "./decide.mjs";
import { timed } from "./report.mjs";
import { makeVisitors } from "./workload.mjs";

/** How many attributes there are that nobody asks for. */
export const WIDE = 45;

const TARGETS = {
  "@openfeature/flagd-core": 50,
  "@growthbook/growthbook": 150,
  "@growthbook/growthbook, an instance a visitor": undefined,
};

export async function rows(progress) {
  progress("10 slots, 50 attributes of which 5 are read");
  const times = await race(["slotwise", ...Object.keys(TARGETS)], makeVisitors(WIDE));
  return Object.entries(TARGETS).map(([peer, atLeast]) =>
    timed("decide 10 slots, 5 of 50 attributes, added one by one", times, peer, atLeast),
  );
}

// Loading: a compiled bundle in an engine that runs, against parsing the JSON that it was compiled from.

import { load } from "slotwise";
import { median } from "./measure.mjs";
import * as slotwise from "./slotwise.mjs";
import { makeSlots } from "./workload.mjs";

const [SLOTS, RULES] = [200, 5];
const [WARM_UP, ROUNDS] = [300, 300];

export async function rows(progress) {
  progress("load a bundle of 1,000 rules");
  const slots = makeSlots(SLOTS, RULES);
  const text = JSON.stringify(slotwise.bundle(slots));
  const file = await slotwise.compiled(slots);
  const times = { ours: [], theirs: [] };
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    // A view of its own each time: the same object again would be the engine that is loaded already.
    const bytes = file.subarray();
    const start = performance.now();
    const engine = await load(bytes);
    const loaded = performance.now();
    JSON.parse(text);
    const parsed = performance.now();
    engine.free();
    if (round < WARM_UP) continue;
    times.ours.push((loaded - start) * 1000);
    times.theirs.push((parsed - loaded) * 1000);
  }
  return [
    {
      name: "load a compiled bundle of 1,000 rules",
      ours: median(times.ours),
      theirs: median(times.theirs),
      peer: "JSON.parse of its JSON",
      unit: "µs",
      better: "lower",
      target: { atLeast: 1 },
    },
  ];
}

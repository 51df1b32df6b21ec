// Large bundles: a thousand slots of five rules each, and how the time grows with the rules.

import * as growthbook from "./growthbook.mjs";
import { medians } from "./measure.mjs";
import * as slotwise from "./slotwise.mjs";
import { checkSplit, makeSlots, makeVisitors } from "./workload.mjs";

const RULES = 5;

export async function rows(progress) {
  const [few, many] = [makeSlots(100, RULES), makeSlots(1000, RULES)];
  const visitors = makeVisitors();
  const at = (decide) => (call) => decide(visitors[call % visitors.length]);
  const ours = { few: await slotwise.decider(few), many: await slotwise.decider(many) };
  const theirs = growthbook.shared(many);
  checkSplit("slotwise", visitors, ours.many, many, slotwise.armOf);
  checkSplit("growthbook", visitors, theirs, many, growthbook.armOf);

  progress("1,000 slots, 5,000 rules");
  const times = medians({ few: at(ours.few), many: at(ours.many), theirs: at(theirs) });
  return [
    {
      name: "decide 1,000 slots with 5,000 rules",
      ours: times.many,
      theirs: times.theirs,
      peer: "@growthbook/growthbook",
      unit: "µs",
      better: "lower",
      target: { atLeast: 10 },
    },
    {
      name: "the time for ten times the slots and rules",
      ours: times.many / times.few,
      unit: "×",
      better: "lower",
      target: { atMost: 10 },
    },
  ];
}

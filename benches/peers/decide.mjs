// One decision over ten slots, each with a condition and a 50/50 experiment: from the visitor's object to objects that say what
// to show. A new visitor each time. Each engine is used the fastest way that its documentation has.

import * as devcycle from "./devcycle.mjs";
import * as flagd from "./flagd.mjs";
import * as flipt from "./flipt.mjs";
import * as growthbook from "./growthbook.mjs";
import { medians } from "./measure.mjs";
import { timed } from "./report.mjs";
import * as slotwise from "./slotwise.mjs";
import { checkSplit, makeSlots, makeVisitors } from "./workload.mjs";

const slots = makeSlots(10);

const ENGINES = {
  slotwise: async () => ({ decide: await slotwise.decider(slots), armOf: slotwise.armOf }),
  "@openfeature/flagd-core": () => ({ decide: flagd.compiled(slots), armOf: flagd.armOf }),
  "@growthbook/growthbook": () => ({ decide: growthbook.shared(slots), armOf: growthbook.armOf }),
  "@growthbook/growthbook, an instance a visitor": () => ({
    decide: growthbook.perVisitor(slots),
    armOf: growthbook.armOf,
  }),
  "@flipt-io/flipt-client-js": async () => ({ decide: await flipt.batch(slots), armOf: flipt.armOf }),
  "@devcycle/bucketing-assembly-script": async () => ({ decide: await devcycle.single(slots), armOf: devcycle.armOf }),
};

export async function rows(progress) {
  progress("10 slots, 5 attributes");
  const times = await race(Object.keys(ENGINES), makeVisitors(), { floor: await slotwise.floor(slots) });
  const row = (peer, atLeast) => timed("decide 10 slots, 5 attributes", times, peer, atLeast);
  return [
    row("@openfeature/flagd-core", 3),
    row("@growthbook/growthbook", 15),
    row("@growthbook/growthbook, an instance a visitor"),
    row("@flipt-io/flipt-client-js", 60),
    row("@devcycle/bucketing-assembly-script", 20),
    row("floor"),
  ];
}

/** The time of a decision of some engines, once it is certain that they do the same, and of what else is given. */
export async function race(names, visitors, others = {}) {
  const engines = {};
  for (const name of names) engines[name] = await ENGINES[name]();
  for (const [name, { decide, armOf }] of Object.entries(engines)) checkSplit(name, visitors, decide, slots, armOf);
  checkSameArms(engines, visitors);
  const deciders = Object.entries(engines).map(([name, { decide }]) => [name, decide]);
  const candidates = [...deciders, ...Object.entries(others)].map(([name, decide]) => [
    name,
    (call) => decide(visitors[call % visitors.length]),
  ]);
  return medians(Object.fromEntries(candidates));
}

/** GrowthBook hashes as we do, so both have to give every visitor the same arms. */
function checkSameArms({ slotwise: ours, "@growthbook/growthbook": theirs }, visitors) {
  for (const visitor of visitors) {
    const [here, there] = [ours.decide(visitor), theirs.decide(visitor)];
    for (const { name } of slots) {
      const arms = [ours.armOf(here, name), theirs.armOf(there, name)];
      if (arms[0] !== arms[1])
        throw new Error(`${visitor.targetingKey} gets ${arms.join(" here and ")} with GrowthBook in ${name}`);
    }
  }
}

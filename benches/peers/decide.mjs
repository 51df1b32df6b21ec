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

export async function rows(progress) {
  const engines = {
    slotwise: { decide: await slotwise.decider(slots), armOf: slotwise.armOf },
    "@openfeature/flagd-core": { decide: flagd.compiled(slots), armOf: flagd.armOf },
    "@growthbook/growthbook": { decide: growthbook.shared(slots), armOf: growthbook.armOf },
    "@growthbook/growthbook, an instance a visitor": { decide: growthbook.perVisitor(slots), armOf: growthbook.armOf },
    "@flipt-io/flipt-client-js": { decide: await flipt.batch(slots), armOf: flipt.armOf },
    "@devcycle/bucketing-assembly-script": { decide: await devcycle.single(slots), armOf: devcycle.armOf },
  };
  for (const [name, { decide, armOf }] of Object.entries(engines)) checkSplit(name, decide, slots, armOf);
  checkSameArms(engines);
  const deciders = Object.fromEntries(Object.entries(engines).map(([name, { decide }]) => [name, decide]));

  progress("10 slots, 5 attributes");
  const five = race({ ...deciders, floor: await slotwise.floor(slots) }, makeVisitors());
  progress("10 slots, 50 attributes of which 5 are read");
  const wide = [
    "slotwise",
    "@openfeature/flagd-core",
    "@growthbook/growthbook",
    "@growthbook/growthbook, an instance a visitor",
  ];
  const fifty = race(Object.fromEntries(wide.map((name) => [name, deciders[name]])), makeVisitors(45));

  return [
    timed("decide 10 slots, 5 attributes", five, "@openfeature/flagd-core", 3),
    timed("decide 10 slots, 5 attributes", five, "@growthbook/growthbook", 15),
    timed("decide 10 slots, 5 attributes", five, "@growthbook/growthbook, an instance a visitor"),
    timed("decide 10 slots, 5 attributes", five, "@flipt-io/flipt-client-js", 60),
    timed("decide 10 slots, 5 attributes", five, "@devcycle/bucketing-assembly-script", 20),
    timed("decide 10 slots, 5 attributes", five, "floor"),
    timed("decide 10 slots, 50 attributes of which 5 are read", fifty, "@openfeature/flagd-core", 50),
    timed("decide 10 slots, 50 attributes of which 5 are read", fifty, "@growthbook/growthbook", 150),
    timed("decide 10 slots, 50 attributes of which 5 are read", fifty, "@growthbook/growthbook, an instance a visitor"),
  ];
}

function race(deciders, visitors) {
  const candidates = Object.entries(deciders).map(([name, decide]) => [
    name,
    (call) => decide(visitors[call % visitors.length]),
  ]);
  return medians(Object.fromEntries(candidates));
}

/** GrowthBook hashes as we do, so both have to give every visitor the same arms. */
function checkSameArms({ slotwise: ours, "@growthbook/growthbook": theirs }) {
  for (const visitor of makeVisitors()) {
    const [here, there] = [ours.decide(visitor), theirs.decide(visitor)];
    for (const { name } of slots) {
      const arms = [ours.armOf(here, name), theirs.armOf(there, name)];
      if (arms[0] !== arms[1])
        throw new Error(`${visitor.id} gets ${arms.join(" here and ")} with GrowthBook in ${name}`);
    }
  }
}

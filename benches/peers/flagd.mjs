import { FlagdCore } from "@openfeature/flagd-core";
import { ARMS } from "./workload.mjs";

const QUIET = { error() {}, warn() {}, info() {}, debug() {} };

/** One flag a slot, its targeting compiled to a JavaScript function; for slots of one rule. */
export function compiled(slots) {
  const core = new FlagdCore(undefined, QUIET);
  const variants = { none: "none", ...Object.fromEntries(ARMS.map((arm) => [arm, arm])) };
  const flags = slots.map(({ name, test }) => [
    name,
    { state: "ENABLED", variants, defaultVariant: "none", targeting: targeting(name, test) },
  ]);
  core.setConfigurations(JSON.stringify({ flags: Object.fromEntries(flags) }));
  const names = slots.map(({ name }) => name);
  return (visitor) => {
    const results = {};
    for (const name of names) results[name] = core.resolveStringEvaluation(name, "none", visitor, QUIET);
    return results;
  };
}

function targeting(name, { attribute, in: values, is, atLeast }) {
  const value = { var: attribute };
  const holds = values ? { in: [value, values] } : is ? { "==": [value, is] } : { ">=": [value, atLeast] };
  const split = { fractional: [{ cat: [name, { var: "targetingKey" }] }, ...ARMS.map((arm) => [arm, 50])] };
  return { if: [holds, split, "none"] };
}

export const armOf = (results, name) => results[name].value;

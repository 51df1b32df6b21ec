import { GrowthBook, GrowthBookClient } from "@growthbook/growthbook";
import { ARMS } from "./workload.mjs";

/** The bundle's counterpart: one feature a slot; its last rule is an experiment with a condition. */
function features(slots) {
  const feature = ({ name, misses, test }) => ({
    defaultValue: "none",
    rules: [...misses.map((miss) => ({ condition: condition(miss), force: "missed" })), experiment(name, test)],
  });
  return Object.fromEntries(slots.map((slot) => [slot.name, feature(slot)]));
}

function condition({ attribute, in: values, is, atLeast }) {
  return { [attribute]: values ? { $in: values } : (is ?? { $gte: atLeast }) };
}

function experiment(name, test) {
  return {
    condition: condition(test),
    key: name,
    seed: name,
    variations: ARMS,
    weights: [0.5, 0.5],
    hashAttribute: "targetingKey",
    hashVersion: 2,
  };
}

/** An SDK instance for each visitor, as its guide for servers shows. */
export function perVisitor(slots) {
  const payload = features(slots);
  const names = slots.map(({ name }) => name);
  return (visitor) => {
    const sdk = new GrowthBook({ features: payload, attributes: visitor });
    const results = {};
    for (const name of names) results[name] = sdk.evalFeature(name);
    return results;
  };
}

/** One client for all visitors, the newer way. */
export function shared(slots) {
  const client = new GrowthBookClient().initSync({ payload: { features: features(slots) } });
  const names = slots.map(({ name }) => name);
  return (visitor) => {
    const context = { attributes: visitor };
    const results = {};
    for (const name of names) results[name] = client.evalFeature(name, context);
    return results;
  };
}

export const armOf = (results, name) => results[name].value;

import { FliptClient } from "@flipt-io/flipt-client-js";
import { ARMS } from "./workload.mjs";

/** What a Flipt server would answer: one flag a slot, its segment and a half for each arm; for slots of one rule. */
export function snapshot(slots) {
  return { namespace: { key: "default", name: "default" }, flags: slots.map(flag) };
}

function flag({ name, test }) {
  const segment = { key: `${name}-segment`, matchType: "ALL_MATCH_TYPE", constraints: [constraint(name, test)] };
  const distributions = ARMS.map((arm) => ({
    ruleId: `${name}-rule`,
    variantId: `${name}-${arm}`,
    variantKey: arm,
    variantAttachment: "",
    rollout: 50,
  }));
  const rule = {
    id: `${name}-rule`,
    rank: 1,
    segments: [segment],
    segmentOperator: "OR_SEGMENT_OPERATOR",
    distributions,
  };
  return { key: name, name, description: "", enabled: true, type: "VARIANT_FLAG_TYPE", rules: [rule], rollouts: [] };
}

function constraint(name, { attribute, in: values, is, atLeast }) {
  const asked = values
    ? { type: "STRING_CONSTRAINT_COMPARISON_TYPE", operator: "isoneof", value: JSON.stringify(values) }
    : is
      ? { type: "STRING_CONSTRAINT_COMPARISON_TYPE", operator: "eq", value: is }
      : { type: "NUMBER_CONSTRAINT_COMPARISON_TYPE", operator: "gte", value: String(atLeast) };
  return { id: `${name}-constraint`, property: attribute, ...asked };
}

/** A client that was given its snapshot by a fetcher instead of the network. */
export function open(document) {
  const headers = { get: () => null };
  const fetcher = async () => ({ ok: true, status: 200, statusText: "OK", headers, json: async () => document });
  return FliptClient.init({ fetcher, updateInterval: 0 });
}

/** All flags in one batch, which is faster than one by one. Flipt takes texts only, so numbers are written out. */
export async function batch(slots) {
  const flipt = await open(snapshot(slots));
  return (visitor) => {
    const context = { ...visitor, visits: String(visitor.visits) };
    const requests = slots.map(({ name }) => ({ flagKey: name, entityId: visitor.targetingKey, context }));
    return flipt.evaluateBatch(requests).responses;
  };
}

export const armOf = (responses, _, index) => responses[index].variantEvaluationResponse.variantKey;

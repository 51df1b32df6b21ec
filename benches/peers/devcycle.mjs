import devcycle from "@devcycle/bucketing-assembly-script";
import { ARMS } from "./workload.mjs";

const { instantiate, ProtobufTypes } = devcycle;
const { SDKVariable_PB, VariableForUserParams_PB } = ProtobufTypes;
const STRING = 2;
const PLATFORM = { platform: "NodeJS", platformVersion: "22", sdkType: "server", sdkVersion: "1", hostname: "host" };

/** The bundle's counterpart: one variable and one feature a slot, half of the audience for each variation; for slots of one rule. */
function config(slots) {
  return {
    project: { _id: "project", key: "project", a0_organization: "org", settings: { edgeDB: { enabled: false } } },
    environment: { _id: "environment", key: "environment" },
    features: slots.map(feature),
    variables: slots.map(({ name }) => ({ _id: `var-${name}`, type: "String", key: name })),
    variableHashes: {},
  };
}

function feature({ name, test }) {
  const variations = ARMS.map((arm) => ({
    _id: `${name}-${arm}`,
    name: arm,
    key: arm,
    variables: [{ _var: `var-${name}`, value: arm }],
  }));
  const target = {
    _id: `target-${name}`,
    _audience: { _id: "", filters: { operator: "and", filters: [filter(test)] } },
    distribution: ARMS.map((arm) => ({ _variation: `${name}-${arm}`, percentage: 0.5 })),
  };
  const configuration = { _id: `configuration-${name}`, targets: [target], forcedUsers: {} };
  return { _id: `feature-${name}`, type: "experiment", key: name, configuration, variations };
}

function filter({ attribute, in: values, is, atLeast }) {
  const asked = values
    ? { dataKeyType: "String", comparator: "=", values }
    : is
      ? { dataKeyType: "String", comparator: "=", values: [is] }
      : { dataKeyType: "Number", comparator: ">=", values: [atLeast] };
  return { type: "user", subType: "customData", dataKey: attribute, ...asked };
}

/**
 * Each variable by itself, by the protocol buffers that their SDKs use: several times as fast as all variables in one call
 * as JSON.
 */
export async function single(slots) {
  const { initEventQueue, setPlatformData, setConfigData, variableForUser_PB } = await instantiate(false);
  initEventQueue("sdk", "client", "{}");
  setPlatformData(JSON.stringify(PLATFORM));
  setConfigData("sdk", JSON.stringify(config(slots)));
  return ({ targetingKey, ...attributes }) => {
    const user = { user_id: targetingKey, customData: { value: customData(attributes), isNull: false } };
    const results = {};
    for (const { name } of slots) {
      const question = { sdkKey: "sdk", variableKey: name, variableType: STRING, user, shouldTrackEvent: false };
      const answer = variableForUser_PB(VariableForUserParams_PB.encode(question).finish());
      results[name] = SDKVariable_PB.decode(answer);
    }
    return results;
  };
}

function customData(attributes) {
  const entries = Object.entries(attributes).map(([key, value]) => [
    key,
    typeof value === "number" ? { type: 1, doubleValue: value } : { type: 2, stringValue: value },
  ]);
  return Object.fromEntries(entries);
}

export const armOf = (results, name) => results[name].stringValue;

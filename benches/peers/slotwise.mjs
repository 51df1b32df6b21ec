import { load } from "slotwise";
import { compile } from "slotwise/compiler";
import { ARMS } from "./workload.mjs";

const CONSENT = { experiments: true, personalization: true };

/** The bundle: the last rule of each slot is an experiment for those for whom its condition holds. */
export function bundle(slots) {
  return {
    version: 1,
    id: "bench",
    experiments: Object.fromEntries(
      slots.map(({ name }) => [name, { hashAttribute: "targetingKey", variants: weights() }]),
    ),
    slots: Object.fromEntries(slots.map((slot) => [slot.name, rules(slot)])),
  };
}

function weights() {
  return Object.fromEntries(ARMS.map((arm) => [arm, 1 / ARMS.length]));
}

function rules({ name, misses, test }) {
  const shown = (misses.length > 0 ? [...ARMS, "missed"] : ARMS).map((variant) => [variant, { value: variant }]);
  return {
    default: "none",
    variants: { none: {}, ...Object.fromEntries(shown) },
    rules: [
      ...misses.map((miss) => ({ when: condition(miss), show: "missed" })),
      { when: condition(test), experiment: name },
    ],
  };
}

function condition({ attribute, in: values, is, atLeast }) {
  return { [attribute]: values ? { $in: values } : (is ?? { $gte: atLeast }) };
}

/** The compiled file. */
export async function compiled(slots) {
  const { bytes, problems } = await compile(bundle(slots));
  if (bytes === undefined) throw new Error(`the bundle has problems: ${JSON.stringify(problems)}`);
  return bytes;
}

/** Every slot in one decision. */
export async function decider(slots) {
  const loaded = await load(await compiled(slots));
  return (visitor) => loaded.personalize({ attributes: visitor, consent: CONSENT }).slots;
}

export const armOf = (slots, name) => slots[name].variant;

/** The floor: the same texts handed over, and one slot whose rule only looks at them. */
export async function floor(slots) {
  const asked = ["targetingKey", ...new Set(slots.map(({ test }) => test.attribute))];
  const when = Object.fromEntries(asked.map((attribute) => [attribute, { $exists: true }]));
  const slot = { default: "a", variants: { a: {}, b: {} }, rules: [{ when, show: "b" }] };
  const { bytes } = await compile({ version: 1, id: "floor", slots: { slot } });
  const loaded = await load(bytes);
  return (visitor) => loaded.personalize({ attributes: visitor, consent: CONSENT }).slots;
}

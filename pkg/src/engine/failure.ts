import type { Result, Shown } from "../types.js";
import { FAILED } from "./instance.js";
import { freeze } from "./manifest.js";
import type { Names } from "./names.js";

/** The answer of an engine that has failed: the page stays as it is, nothing is logged, and nothing may be kept. */
export function failure({ manifest, checksum }: Names): Result {
  const slots = manifest.slots.map(({ name, default: variant }): [string, Shown] => {
    return [name, { variant, source: "error", reason: FAILED, content: freeze({}) }];
  });
  // A key of its own, so that a cache takes it for no other answer.
  const key = `${checksum}!${Date.now().toString(36)}${Math.random().toString(36).slice(1)}`;
  const told = { slots: Object.fromEntries(slots), exposures: [], sticky: {}, cache: { key, maxAge: 0, varies: [] } };
  return { ...told, toJSON: () => told };
}

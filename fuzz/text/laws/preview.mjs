import assert from "node:assert/strict";
import fc from "fast-check";
import { text } from "../arbitraries.mjs";
import { isPlain } from "../harmless.mjs";
import { parsers } from "../parsers.mjs";

const { readForce } = parsers;

export const preview = {
  "any parameter names slots and variants, or none": fc.property(text(), (parameter) => {
    const force = readForce(parameter);
    isPlain(force, parameter);
    for (const [slot, variant] of Object.entries(force)) {
      assert.ok(slot !== "" && variant !== "" && !/[,:]/.test(slot) && !variant.includes(","));
      assert.ok(parameter.includes(slot) && parameter.includes(variant));
    }
  }),
};

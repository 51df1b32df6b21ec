import assert from "node:assert/strict";
import fc from "fast-check";
import { name, record, text } from "../arbitraries.mjs";
import { isPlain } from "../harmless.mjs";
import { parsers } from "../parsers.mjs";

const { isPreviewable, previewing, readForce } = parsers;

export const preview = {
  "any parameter names slots and variants, or none": fc.property(text(), (parameter) => {
    const force = readForce(parameter);
    isPlain(force, parameter);
    for (const [slot, variant] of Object.entries(force)) {
      assert.ok(slot !== "" && variant !== "" && !/[,:]/.test(slot) && !variant.includes(","));
      assert.ok(parameter.includes(slot) && parameter.includes(variant));
    }
  }),

  "what an address previews is what was chosen": fc.property(
    record(name()),
    fc.constantFrom(
      "https://a.example/",
      "https://a.example/b?c=d&slotwise=off#e",
      "https://a.example/?slotwise=hero:x&slotwise",
    ),
    (chosen, href) => {
      const pairs = Object.entries(chosen).filter((pair) =>
        pair.every((part) => part.isWellFormed() && isPreviewable(part)),
      );
      const force = Object.fromEntries(pairs);
      globalThis.location = { href };
      const { searchParams, hash } = new URL(previewing(force));
      const parameters = searchParams.getAll("slotwise");
      assert.equal(parameters.length, 1);
      assert.deepEqual(readForce(parameters[0]), force);
      assert.equal(hash, new URL(href).hash);
    },
  ),
};

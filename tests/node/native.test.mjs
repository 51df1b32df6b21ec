// What native code compiles and decides is what the package does, to the last bit: whole decisions, keys and steps.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { native } from "../support/native.mjs";
import { runInNode } from "../support/spec.mjs";

const cli = native();
after(() => cli.dispose());

let ran;
let whole;
before(async () => {
  ran = await runInNode();
  whole = ran.plan.tests.filter(({ file }) => file === "experiments" || file === "decisions");
});

test("a bundle is compiled to the same file", () => {
  const bundles = [...new Set(whole.map(({ bundle }) => bundle))];
  for (const bundle of [...bundles, 0]) {
    const { bytes } = cli.build(ran.plan.bundles[bundle]);
    assert.ok(bytes.equals(ran.files[bundle]), JSON.stringify(ran.plan.bundles[bundle]));
  }
});

test("whole decisions and their steps are the same", async (t) => {
  const paths = new Map();
  let count = 0;
  for (const { name, bundle, contexts } of whole) {
    if (!paths.has(bundle)) paths.set(bundle, cli.build(ran.plan.bundles[bundle]).path);
    for (const context of contexts) {
      // JSON cannot hold every context, and the command line refuses some that the engine makes do with.
      const told = isDeepStrictEqual(JSON.parse(JSON.stringify(context)), context)
        ? cli.explain(paths.get(bundle), context)
        : undefined;
      if (told === undefined) continue;
      const { slots, exposures, sticky, cache } = told;
      const { result, steps } = await ran.engines[bundle].explain(context);
      const explained = Object.entries(JSON.parse(JSON.stringify(result.slots))).map(([slot, shown]) => [
        slot,
        { ...shown, steps: steps[slot].map(({ text, ...fields }) => fields) },
      ]);
      const decided = { slots: Object.fromEntries(explained), exposures: result.exposures, sticky: result.sticky };
      assert.deepEqual({ ...decided, cache: result.cache }, { slots, exposures, sticky, cache }, name);
      count++;
    }
  }
  t.diagnostic(`${count} decisions`);
  assert.ok(count > 200);
});

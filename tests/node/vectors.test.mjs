// The vectors of tests/spec in Node, through the public API.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { check } from "../../pkg/dist/compiler.node.js";
import { listed, runInNode } from "../support/spec.mjs";
import { FILES, runRefusals } from "../support/vectors.mjs";

let ran;
before(async () => {
  ran = await runInNode();
});

for (const file of FILES.filter((name) => name !== "conditions-refused")) {
  test(`${file} give what is expected`, (t) => {
    const count = ran.plan.tests.filter((vector) => vector.file === file).length;
    t.diagnostic(`${count} vectors`);
    assert.ok(count > 0);
    assert.equal(listed(ran.failures.filter((failure) => failure.file === file)), "");
  });
}

test("what must be refused is refused, at its place", async (t) => {
  t.diagnostic(`${ran.plan.refusals.length} vectors`);
  assert.equal(listed(await runRefusals(ran.plan, check)), "");
});

test("an explanation decides the same, and its last step says so", async () => {
  const whole = ran.plan.tests.filter(({ file }) => file === "experiments" || file === "decisions");
  for (const { name, bundle, contexts } of whole) {
    for (const context of contexts) {
      const engine = ran.engines[bundle];
      const { result, steps } = await engine.explain(context);
      assert.equal(JSON.stringify(result), JSON.stringify(engine.personalize(context)), name);
      for (const [slot, shown] of Object.entries(result.slots)) {
        const { step, variant, source, reason } = steps[slot].at(-1);
        const { variant: v, source: s, reason: r } = shown;
        assert.deepEqual(
          { step, variant, source, reason },
          { step: "decided", variant: v, source: s, reason: r },
          name,
        );
        assert.ok(
          steps[slot].every(({ text }) => typeof text === "string" && text !== ""),
          name,
        );
      }
    }
  }
});

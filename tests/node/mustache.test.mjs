// The same templates to mustache.js, without one mismatch; and where the two differ on purpose, as docs/bundle.md lists it.
//
//   SEED=1234 node --test tests/node/mustache.test.mjs     repeats a run

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import mustache from "mustache";
import { check } from "../../pkg/dist/compiler.node.js";
import { compareTemplates } from "../differential/mustache.mjs";
import { seedOfRun } from "../differential/random.mjs";
import { KINDS } from "../differential/reach.mjs";
import { engineOf, shows } from "../support/bundles.mjs";
import { tableRows } from "../support/markdown.mjs";

const SEED = seedOfRun();
const CASES = 20_000;

/** What is looked up, and found, in every kind of place. */
const FOUND = ["a name", "a dotted name", "the element"].flatMap((name) =>
  KINDS.map((kind) => `${name} inside of sections: ${kind}`),
);

test("templates", async (t) => {
  const { done, reach } = await compareTemplates({ seed: SEED, cases: CASES });
  const excluded = ["an element that is null", "the whole view"].map((name) => `${name}: ${reach.of(name)}`);
  t.diagnostic(`seed ${SEED}: ${done} cases, of which not compared: ${excluded.join(", ")}`);
  assert.deepEqual(reach.lacking(FOUND, 5), []);
  assert.ok(reach.of("compared") > done * 0.9, "too many cases are left out");
});

/** What mustache.js makes of it, and what is shown here. */
async function both(template, attributes) {
  const engine = await engineOf(shows(template));
  const { content, source } = engine.personalize({ attributes }).slots.slot;
  return { theirs: () => mustache.render(template, attributes), ours: content.html, source };
}

/** Both answers, worked out by hand. */
async function assertBoth(template, attributes, expected) {
  const { theirs, ours } = await both(template, attributes);
  assert.deepEqual([theirs(), ours], expected, template);
}

async function assertRefused(...templates) {
  for (const html of templates) {
    const problems = await check({ version: 1, id: "test", ...shows(html) });
    assert.ok(
      problems.some(({ severity, pointer }) => severity === "error" && pointer === "/slots/slot/variants/v/html"),
      html,
    );
  }
}

const DIFFERENCES = {
  "unescaped variables, partials, other delimiters, names that begin with `<` or `$`": () =>
    assertRefused("{{{a}}}", "{{&a}}", "{{>a}}", "{{=<% %>=}}", "{{<a}}", "{{$a}}"),
  "names with spaces or braces, with an empty part; sections more than 32 deep": () =>
    assertRefused("{{a b}}", "{{a{b}}", "{{a..b}}", "{{.a}}", "{{#a}}".repeat(33) + "{{/a}}".repeat(33)),
  "properties that an object inherits": async () => {
    await assertBoth("{{constructor.name}}.{{#a}}{{valueOf.name}}{{/a}}", { a: {} }, ["Object.valueOf", "."]);
  },
  "members of a text": async () => {
    await assertBoth("{{a.length}}{{a.0}}", { a: "xyz" }, ["3x", ""]);
  },
  "a function": async () => {
    await assertBoth("{{a}}{{#a}}x{{/a}}", { a: () => "called" }, ["calledx", ""]);
  },
  "`valueOf` and `toString` of an attribute": async () => {
    await assertBoth("{{a}}", { a: { toString: () => "text" } }, ["text", "[object Object]"]);
  },
  "an element that is `null` or `undefined`, and a name inside": async () => {
    for (const element of [null, undefined]) {
      const { theirs, ours } = await both("{{#a}}{{b}};{{/a}}", { a: [element, 1], b: "x" });
      assert.throws(theirs, TypeError);
      assert.equal(ours, "x;x;");
    }
  },
  "`{{.}}` outside of every section": () => assertRefused("{{.}}", "{{^a}}{{.}}{{/a}}"),
  "`{{.}}` in a section of `true`, outside of all others": async () => {
    await assertBoth("{{#a}}{{.}}{{/a}}", { a: true }, ["[object Object]", ""]);
  },
  "a `Date`": async () => {
    const { theirs, ours } = await both("{{a}}", { a: new Date("2026-11-22T07:30:00Z") });
    assert.match(theirs(), /^Sun Nov 22 2026/);
    assert.equal(ours, "2026-11-22T07:30:00.000Z");
  },
  "half of a surrogate pair": async () => {
    await assertBoth("{{a}}", { a: "x\ud83c" }, ["x\ud83c", "x\ufffd"]);
  },
  "a getter that throws": async () => {
    const thrower = {
      get a() {
        throw new Error("no");
      },
    };
    const { theirs, ours } = await both("[{{a}}]", thrower);
    assert.throws(theirs, /no/);
    assert.equal(ours, "[]");
  },
  "more than [the limits](#limits) allow": async () => {
    const a = new Array(1100).fill(1);
    const { theirs, source } = await both("{{#a}}{{#a}}.{{/a}}{{/a}}", { a });
    assert.equal(theirs().length, 1100 * 1100);
    assert.equal(source, "error");
  },
};

for (const [name, holds] of Object.entries(DIFFERENCES)) test(`on purpose: ${name}`, holds);

test("the documentation lists these differences and no others", () => {
  const page = readFileSync(new URL("../../docs/bundle.md", import.meta.url), "utf8");
  const rows = tableRows(page, "mustache.js 4");
  assert.deepEqual(
    rows.map((row) => row.what),
    Object.keys(DIFFERENCES),
  );
});

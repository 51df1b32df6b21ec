// What the documentation says, against the package: its bundles, its conditions, and its tables of codes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { check } from "../../pkg/dist/compiler.node.js";
import { load } from "../../pkg/dist/index.node.js";
import { tableRows } from "../support/markdown.mjs";
import { compileAll } from "../support/spec.mjs";

const ROOT = new URL("../../", import.meta.url);
const PAGES = ["README.md", ...readdirSync(new URL("docs/", ROOT)).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, text: readFileSync(new URL(name, ROOT), "utf8") }));
const pageOf = (name) => PAGES.find((page) => page.name === name).text;

/** The fenced JSON blocks of all pages. A `part` holds what changes in the whole bundle above it. */
const BLOCKS = PAGES.flatMap(({ name, text }) => {
  let whole;
  return [...text.matchAll(/^```json *([^\n]*)\n(.*?)^```$/gms)].map(({ 1: info, 2: source, index }) => {
    const place = `${name}:${text.slice(0, index).split("\n").length}`;
    const json = parsed(source, place);
    if (info === "part") assert.ok(whole, `${place}: there is no whole bundle above this part`);
    const isWhole = "version" in json && "slots" in json;
    if (isWhole) whole = json;
    return { place, info, isWhole, json: info === "part" ? merged(whole, json) : json };
  });
});

for (const { place, info, json } of BLOCKS.filter((block) => block.isWhole || block.info === "part")) {
  test(`${place} is a bundle ${info === "warnings" ? "with warnings only" : "without problems"}`, async () => {
    const problems = await check(json);
    const isAllowed = ({ severity }) => info === "warnings" && severity === "warning";
    assert.deepEqual(
      problems.filter((problem) => !isAllowed(problem)),
      [],
    );
    if (info === "warnings") assert.notEqual(problems.length, 0, "there is nothing to warn of any more");
  });
}

for (const { place, json } of BLOCKS.filter((block) => block.info === "condition")) {
  test(`${place} is a condition`, async () => {
    assert.deepEqual(await check(bundleOf([json])), []);
  });
}

const DEMO = JSON.parse(readFileSync(new URL("www/bundle.json", ROOT), "utf8"));
const EXCERPTS = BLOCKS.filter((block) => block.info === "demo");

for (const { place, json } of EXCERPTS) {
  test(`${place} is an excerpt of the demonstration's bundle`, () => assertWithin(json, DEMO, ""));
}

test("the commented bundle has excerpts, and speaks of every slot", () => {
  assert.notEqual(EXCERPTS.length, 0);
  const slots = tableRows(pageOf("docs/demo-bundle.md"), "slot | where").flatMap((row) => row.slot.match(/[\w-]+/g));
  assert.deepEqual(slots.sort(), Object.keys(DEMO.slots).sort());
});

test("examples in the tables of conditions compile, and hold for a missing value as said", async () => {
  const rows = tableRows(pageOf("docs/conditions.md"), "missing holds?");
  const examples = rows.map((row) => ({ row, condition: parsed(row.example.slice(1, -1), row.example) }));
  const [file] = await compileAll([bundleOf(examples.map(({ condition }) => condition))]);
  const { slots } = (await load(file)).personalize({ now: 0 });
  for (const [index, { row, condition }] of examples.entries()) {
    const [operator] = Object.keys(Object.values(condition)[0] ?? {}).filter((name) => name.startsWith("$"));
    if (operator !== undefined) assert.equal(row.operator, `\`${operator}\``, "the example is of another operator");
    const said = /^(yes|no)\b|^with `true` (no)/.exec(row["missing holds?"]);
    assert.equal(slots[`slot${index}`].variant, said[1] ?? said[2], row.example);
  }
});

test("the tables of operators list what the compiler lists, and nothing else", async () => {
  const [{ help }] = await check(bundleOf([{ v: { $nothing: 1 } }]));
  const known = help.match(/\$\w+/g).filter((name) => name !== "$did");
  const rows = tableRows(pageOf("docs/conditions.md"), "missing holds?").filter((row) => row.operator !== undefined);
  assert.deepEqual(rows.map((row) => row.operator.slice(1, -1)).sort(), known.sort());
});

test("the tables of sources and reasons have the engine's codes", () => {
  const source = readFileSync(new URL("pkg/src/engine/codes.ts", ROOT), "utf8");
  const named = (name) => new RegExp(`${name} =\\s*"(.*?)"`).exec(source)[1].split(" ");
  const page = pageOf("docs/bundle.md");
  const codes = (head) => tableRows(page, head).flatMap((row) => row[head.split(" ")[0]].match(/\w+/g));
  // That the engine has failed is said by what called it.
  const reasons = [...named("REASONS"), "engine_failed"];
  assert.deepEqual(codes("reason | source | meaning").sort(), reasons.sort());
  assert.deepEqual(codes("source | what decided").sort(), named("SOURCES").sort());
});

test("the reference of bundles is what the schema says", () => {
  execFileSync(process.execPath, [fileURLToPath(new URL("tools/schema-docs.mjs", ROOT)), "--check"]);
});

test("links between the pages lead somewhere", () => {
  const anchors = new Map(
    PAGES.map(({ name, text }) => [name, [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => slug(title))]),
  );
  for (const { name, text } of PAGES) {
    for (const [link, path, anchor] of text.matchAll(/\]\(([\w./-]*\.md)?#([\w-]+)\)/g)) {
      const page = path === undefined ? name : new URL(path, new URL(name, ROOT)).href.slice(ROOT.href.length);
      assert.ok(anchors.get(page)?.includes(anchor), `${name}: ${link} leads nowhere`);
    }
  }
});

function parsed(source, place) {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new Error(`${place}: ${error.message}`);
  }
}

/** What an excerpt has must be so in the whole. It may leave out members of objects, but no elements of lists. */
function assertWithin(excerpt, whole, path) {
  if (typeof excerpt !== "object" || excerpt === null || Array.isArray(excerpt)) {
    return assert.deepEqual(excerpt, whole, `${path} is different in the bundle`);
  }
  for (const [name, member] of Object.entries(excerpt)) {
    assert.ok(Object.hasOwn(Object(whole), name), `${path}/${name} is not in the bundle`);
    if (Object.keys(Object(member)).length === 0) assert.deepEqual(member, whole[name], `${path}/${name}`);
    assertWithin(member, whole[name], `${path}/${name}`);
  }
}

/** A JSON Merge Patch (RFC 7396). */
function merged(target, patch) {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result = { ...target };
  for (const [name, member] of Object.entries(patch)) {
    if (member === null) delete result[name];
    else result[name] = merged(result[name], member);
  }
  return result;
}

/** A bundle with one slot for each condition, and with the segments and groups that they name. */
function bundleOf(conditions) {
  const named = (pattern, value) =>
    Object.fromEntries([...JSON.stringify(conditions).matchAll(pattern)].map(([, name]) => [name, value]));
  const slots = conditions.map((when, index) => [
    `slot${index}`,
    { default: "no", variants: { no: {}, yes: {} }, rules: [{ when, show: "yes" }] },
  ]);
  return {
    version: 1,
    id: "docs",
    segments: named(/"\$segment":"([^"]*)"/g, {}),
    groups: named(/"\$(?:in|notIn)Group":"([^"]*)"/g, ["a"]),
    slots: Object.fromEntries(slots),
  };
}

/** The anchor of a heading, as GitHub makes it. */
function slug(title) {
  return title
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

const sourceOf = (path) => readFileSync(new URL(path, ROOT), "utf8");

test("the guide to deploying has every kind of problem, with its status and an anchor", () => {
  const kinds = [...sourceOf("worker/src/problem.ts").matchAll(/^ {2}"?([a-z-]+)"?: \[(\d{3}),/gm)];
  const documented = [...pageOf("docs/deploy.md").matchAll(/<a id="([a-z-]+)"><\/a>`([a-z-]+)` \| (\d{3}) \|/g)];
  assert.ok(kinds.length > 10);
  assert.deepEqual(
    documented.map(([, anchor, kind, status]) => [anchor, kind, status]),
    kinds.map(([, kind, status]) => [kind, kind, status]),
  );
});

test("the guide to deploying has every variable and binding of the Worker", () => {
  const [, members] = /export interface Env \{([^}]*)\}/.exec(sourceOf("worker/src/settings.ts"));
  const names = [...members.matchAll(/^ {2}([A-Z_]+)\??:/gm)].map(([, name]) => name);
  const documented = [...pageOf("docs/deploy.md").matchAll(/^\| `([A-Z_]+)`(?: \(secret\))? \|/gm)].map(
    ([, name]) => name,
  );
  assert.ok(names.length > 10);
  assert.deepEqual(documented.toSorted(), names.toSorted());
});

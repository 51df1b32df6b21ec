// The package in Node: the machine's own, and the one that Wrangler needs.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ANSWER } from "./answer.mjs";
import { installApp } from "./app.mjs";
import { modulesIn } from "./modules.mjs";

let app;
before(async () => {
  app = await installApp("node");
});
after(() => app?.dispose());

for (const node of new Set([process.env.HOST_NODE ?? process.execPath, process.execPath])) {
  test(`decides, explains and compiles in ${node === process.execPath ? process.version : "the machine's Node"}`, async () => {
    const { answer, reason, ...rest } = JSON.parse(await app.run(node, "main.js"));
    assert.deepEqual(JSON.parse(answer), ANSWER);
    assert.match(reason, /Kraków/);
    assert.deepEqual(rest, { compilesTheSame: true, refuses: "not_a_bundle" });
  });
}

test("the package has each module once, and whatever its exports lead to", () => {
  const installed = join(app.folder, "node_modules/slotwise");
  assert.deepEqual(modulesIn(app, "node_modules/slotwise"), ["compiler", "page", "profile", "rank", "runtime"]);
  const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const targets = Object.values(exports).flatMap((to) => (typeof to === "string" ? to : Object.values(to)));
  assert.ok(targets.length > Object.keys(exports).length);
  for (const target of targets) assert.ok(existsSync(join(installed, target)), target);
});

test("the package has the licence of every library that is bundled into it", () => {
  const dist = join(app.folder, "node_modules/slotwise/dist");
  const scripts = readdirSync(dist).filter((file) => file.endsWith(".js.map"));
  const sources = scripts.flatMap((file) => JSON.parse(readFileSync(join(dist, file), "utf8")).sources);
  const libraries = new Set(sources.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]));
  libraries.delete(undefined);
  assert.deepEqual([...libraries].sort(), ["boolbase", "css-what", "http-cache-semantics", "nth-check"]);
  for (const library of libraries) assert.ok(existsSync(join(dist, `LICENSE-${library}`)), library);
});

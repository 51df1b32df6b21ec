// The package's types in strict projects: by TypeScript 5, which the app has, and by the one of this project.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ANSWER } from "./answer.mjs";
import { installApp } from "./app.mjs";

let app;
before(async () => {
  app = await installApp("typescript");
});
after(() => app?.dispose());

for (const compiler of ["node_modules/.bin/tsc", "tsc"]) {
  for (const resolution of ["nodenext", "bundler"]) {
    const which = compiler === "tsc" ? "this project's TypeScript" : "TypeScript 5";
    test(`what is right compiles and runs, what is wrong does not compile: ${resolution}, ${which}`, async () => {
      await app.run(compiler, "--project", `tsconfig.${resolution}.json`);
      assert.deepEqual(JSON.parse(await app.run("node", `${resolution}/main.js`)), ANSWER);
    });
  }
}

test("the app uses everything that the package exports", () => {
  const ts = createRequire(join(app.folder, "package.json"))("typescript");
  const config = ts.getParsedCommandLineOfConfigFile(join(app.folder, "tsconfig.nodenext.json"), {}, ts.sys);
  const program = ts.createProgram(config.fileNames, config.options);
  const checker = program.getTypeChecker();
  const modules = new Map();
  const used = new Set();
  const original = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  for (const file of config.fileNames.filter((name) => !name.endsWith("/wrong.tsx"))) {
    for (const statement of program.getSourceFile(file).statements.filter(ts.isImportDeclaration)) {
      modules.set(statement.moduleSpecifier.text, checker.getSymbolAtLocation(statement.moduleSpecifier));
      const { name, namedBindings } = statement.importClause;
      const names = [...(name ? [name] : []), ...(namedBindings?.elements ?? []).map((element) => element.name)];
      for (const imported of names) used.add(original(checker.getSymbolAtLocation(imported)));
    }
  }
  const { exports } = JSON.parse(readFileSync(join(app.folder, "node_modules/slotwise/package.json"), "utf8"));
  const entries = Object.keys(exports).map((path) => path.replace(".", "slotwise"));
  const imported = entries.filter((entry) => !/\.(css|wasm)$/.test(entry)).sort();
  assert.deepEqual([...modules.keys()].sort(), imported);
  for (const [entry, module] of modules) {
    if (entry.endsWith(".json")) continue;
    const names = checker.getExportsOfModule(module);
    assert.ok(names.length > 0, entry);
    const unused = names.filter((symbol) => !used.has(original(symbol))).map(({ name }) => name);
    assert.deepEqual(unused, [], entry);
  }
});

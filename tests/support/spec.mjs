// What Node brings to the vectors for every place they run in: the files, and the compiled bundles.

import { readFile } from "node:fs/promises";
import { compile } from "../../pkg/dist/compiler.node.js";
import { load } from "../../pkg/dist/index.node.js";
import { profiles } from "../../pkg/dist/profile.node.js";
import { FILES, planOf, runPlan } from "./vectors.mjs";

const SPEC = new URL("../spec/", import.meta.url);

/** The vector files by name. */
export async function readDocuments() {
  const read = async (name) => [name, JSON.parse(await readFile(new URL(`${name}.json`, SPEC), "utf8"))];
  return Object.fromEntries(await Promise.all(FILES.map(read)));
}

/** Compiled bundles; throws for one that has errors, with all of them. */
export async function compileAll(bundles) {
  const compiled = [];
  for (const bundle of bundles) {
    const { bytes, problems } = await compile(bundle);
    if (bytes === undefined) throw new Error(`a bundle is refused: ${JSON.stringify(problems, null, 2)}`);
    compiled.push(bytes);
  }
  return compiled;
}

/** The vectors as Node runs them: what every other place must give as well. */
export async function runInNode() {
  const documents = await readDocuments();
  const plan = planOf(documents);
  const files = await compileAll(plan.bundles);
  const engines = await Promise.all(files.map((file) => load(file)));
  return { documents, plan, files, engines, ...runPlan(plan, engines, await profiles()) };
}

/** Failures in a form to read. */
export function listed(failures) {
  return failures.map(({ file, name, problem }) => `${file}: ${name}\n    ${problem}`).join("\n");
}

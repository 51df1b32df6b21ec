// Prints what the built files weigh compressed, beside their budgets (tools/size-budgets.json, bytes of gzip).
// With --check it fails when one is over.
//
// JavaScript counts as a client fetches it: the entry and what it imports statically, each file compressed by itself.
// What an entry imports later, with import(), is not in its row.

import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ROWS = [
  { name: "slotwise", entry: "pkg/dist/index.web.js", wasm: ["pkg/dist/runtime.wasm"] },
  { name: "slotwise/slim", entry: "pkg/dist/slim.js", wasm: ["pkg/dist/runtime.wasm"] },
  { name: "slotwise/browser, before paint", entry: "pkg/dist/browser.js" },
  { name: "slotwise/browser, preview", entry: "pkg/src/preview/overlay.ts", bundled: true },
  { name: "slotwise/rank", entry: "pkg/dist/rank.web.js", wasm: ["pkg/dist/rank.wasm"] },
  { name: "slotwise/profile", entry: "pkg/dist/profile.web.js", wasm: ["pkg/dist/profile.wasm"] },
  { name: "slotwise/element", entry: "pkg/dist/element.js" },
  { name: "slotwise/react", entry: "pkg/dist/react.js" },
  { name: "slotwise/compiler", entry: "pkg/dist/compiler.web.js", wasm: ["pkg/dist/compiler.wasm"] },
  {
    name: "worker, without the compiler",
    entry: "worker/src/index.ts",
    wasm: ["pkg/dist/runtime.wasm", "pkg/dist/page.wasm", "pkg/dist/profile.wasm", "pkg/dist/rank.wasm"],
    bundled: true,
  },
];

const CONDITIONS = ["workerd", "worker", "browser"];
const EXTERNAL = ["*.wasm", "node:*", "cloudflare:*", "react"];

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const budgets = JSON.parse(readFileSync(resolve(root, "tools/size-budgets.json"), "utf8"));

const gzipped = (path) => gzipSync(readFileSync(resolve(root, path)), { level: 9 }).length;
const sum = (paths) => paths.reduce((total, path) => total + gzipped(path), 0);

async function staticFiles(entry) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    outdir: "unused",
    splitting: true,
    conditions: CONDITIONS,
    external: EXTERNAL,
  });
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const imported of metafile.inputs[path].imports) {
      if (imported.kind === "import-statement" && !imported.external) visit(imported.path);
    }
  };
  visit(entry);
  return [...found];
}

/** What an entry and everything that it imports weighs in one file, as wrangler or another bundler makes it. */
async function bundledSize(entry) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    outdir: "unused",
    conditions: CONDITIONS,
    external: EXTERNAL,
  });
  return outputFiles.reduce((total, { contents }) => total + gzipSync(contents, { level: 9 }).length, 0);
}

async function measure({ name, entry, wasm = [], bundled = false }) {
  for (const path of [entry, ...wasm]) {
    if (!existsSync(resolve(root, path))) {
      console.error(`error: ${path} is missing.\n       Build it first: make build`);
      process.exit(1);
    }
  }
  const files = bundled ? [entry] : await staticFiles(entry);
  const script = bundled ? await bundledSize(entry) : sum(files);
  const module = sum(wasm);
  const budget = budgets[name];
  if (budget === undefined) throw new Error(`tools/size-budgets.json has no budget for "${name}"; add one`);
  return { name, script, module, total: script + module, files: files.length, budget };
}

const kilobytes = (bytes) => (bytes ? `${(bytes / 1024).toFixed(1)} KB` : "–");
const line = (cells) => cells.map((cell, i) => (i ? cell.padStart(11) : cell.padEnd(32))).join("");

const measured = [];
for (const row of ROWS) measured.push(await measure(row));

console.log(line(["gzip", "JavaScript", "wasm", "together", "budget"]));
for (const { name, script, module, total, files, budget } of measured) {
  const note = files > 1 ? `  ${files} scripts` : "";
  console.log(line([name, kilobytes(script), kilobytes(module), kilobytes(total), kilobytes(budget)]) + note);
}

const failing = process.argv.includes("--check");
const over = measured.filter(({ total, budget }) => total > budget);
for (const { name, total, budget } of over) {
  const kind = failing ? "error" : "warning";
  console.error(`${kind}: ${name} is ${total - budget} bytes over its budget of ${budget}.`);
}
if (failing && over.length) {
  console.error("       Make it smaller, or raise tools/size-budgets.json and say why in the change.");
  process.exitCode = 1;
}

// Builds the npm package's dist/ from pkg/src: JavaScript by esbuild, types by tsc, and the wasm that build-wasm.sh made.
//
// Everything lands flat in dist/, chunks included, so that "./runtime.wasm" and "./compiler.wasm" mean the same from every file.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";

const SOURCE = "pkg/src";
const DIST = "pkg/dist";
const MODULES = ["runtime", "compiler", "page", "profile", "rank"];

function wasmOf(name) {
  const path = join(SOURCE, "generated", name, "slotwise_bg.wasm");
  if (existsSync(path)) return path;
  console.error(`error: ${path} is missing.\n       Build it first: tools/build-wasm.sh ${name}`);
  process.exit(1);
}

function bundle(entryPoints, options = {}) {
  return build({
    entryPoints,
    outdir: DIST,
    outbase: join(SOURCE, "entries"),
    chunkNames: "chunk-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    minify: true,
    sourcemap: "linked",
    logLevel: "warning",
    ...options,
    external: ["node:*", "*.wasm", "*.wasm?module", "react", ...(options.external ?? [])],
  });
}

/** esbuild imports chunks for the sake of side effects that they do not have; each would be a request, and a warning of other bundlers. */
function dropBareImports(path) {
  // Blanks in their place, so that the source map still fits.
  const code = readFileSync(path, "utf8").replace(/\bimport"\.\/chunk-\w+\.js";/g, ({ length }) => " ".repeat(length));
  writeFileSync(path, code);
}

/** The Worker, for sites that deploy it from the package. It imports the package by its name, as any Worker does. */
function bundleWorker() {
  return build({
    entryPoints: { worker: "worker/src/index.ts" },
    outdir: DIST,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["main"],
    target: "es2022",
    external: ["slotwise", "slotwise/*"],
    minify: true,
    sourcemap: "linked",
    logLevel: "warning",
  });
}

/**
 * tsc leaves out the declarations that wasm-bindgen already wrote, although ours may refer to them. Nobody disposes of what they
 * declare, and TypeScript knows `Symbol.dispose` only where a project asks for the newest of libraries.
 */
function emitTypes() {
  execFileSync("tsc", ["--project", "tsconfig.json"], { stdio: "inherit" });
  for (const path of globSync(`${SOURCE}/generated/*/slotwise.d.ts`)) {
    const target = join(DIST, "types", path.slice(SOURCE.length));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, readFileSync(path, "utf8").replaceAll(/^ *\[Symbol\.dispose\]\(\): void;\n/gm, ""));
  }
}

const modules = MODULES.map((name) => [wasmOf(name), join(DIST, `${name}.wasm`)]);
rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST, { recursive: true });
for (const [from, to] of modules) copyFileSync(from, to);

// A page loads the first four alone and before it paints, and a server starts with the last: each bundled by itself, they share no chunk
// that would be one more request, or one more file to read (half a millisecond).
const ALONE = ["browser.ts", "slotwise.ts", "element.ts", "react.ts", "index.node.ts"];
const entries = globSync(`${SOURCE}/entries/*.ts`);
const isAlone = (path) => ALONE.includes(basename(path));
await bundle(entries.filter((path) => !isAlone(path)));
for (const entry of entries.filter(isAlone)) {
  // What a server fetches of itself later costs it nothing to have.
  const options = basename(entry) === "index.node.ts" ? { splitting: false, external: ["./*.node.js"] } : {};
  await bundle([entry], options);
}
for (const path of globSync(`${DIST}/*.js`)) dropBareImports(path);
await bundleWorker();
emitTypes();

for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(licence, join("pkg", licence));
// What the Worker has of others.
for (const library of ["boolbase", "css-what", "http-cache-semantics", "nth-check"]) {
  copyFileSync(`node_modules/${library}/LICENSE`, join(DIST, `LICENSE-${library}`));
}

// What a browser has to fetch before it can decide: all JavaScript, as a bundler makes it, and WebAssembly, each file with gzip.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const require = createRequire(import.meta.url);
const KILOBYTE = 1024;

/** An app of each: it loads the engine, and exports what decides so that nothing it needs is dropped. */
const APPS = {
  slotwise: {
    code: 'import { load } from "slotwise"; export const engine = load(new URL("/bundle.slotwise", location.href));',
    wasm: require.resolve("slotwise/runtime.wasm"),
  },
  "@devcycle/bucketing-assembly-script": {
    code: 'export { instantiate } from "@devcycle/bucketing-assembly-script/build/bucketing-lib.release.js";',
    wasm: require.resolve("@devcycle/bucketing-assembly-script/build/bucketing-lib.release.wasm"),
  },
  "@flipt-io/flipt-client-js": {
    code: 'import { FliptClient } from "@flipt-io/flipt-client-js"; export const client = FliptClient.init();',
  },
  "@growthbook/growthbook": {
    code: 'import { GrowthBook } from "@growthbook/growthbook"; export const sdk = new GrowthBook();',
  },
  "@openfeature/flagd-core": {
    code: 'import { FlagdCore } from "@openfeature/flagd-core"; export const core = new FlagdCore();',
  },
};

export async function rows(progress) {
  progress("sizes");
  const sizes = {};
  for (const [name, app] of Object.entries(APPS)) sizes[name] = (await sizeOf(app)) / KILOBYTE;
  const row = (peer, target) => ({
    name: "fetched before a browser can decide, gzip",
    ours: sizes.slotwise,
    theirs: sizes[peer],
    peer,
    unit: "KB",
    better: "lower",
    target,
  });
  return [
    row("@devcycle/bucketing-assembly-script", { atMost: 36 }),
    row("@flipt-io/flipt-client-js", { atMost: 36 }),
    row("@growthbook/growthbook"),
    row("@openfeature/flagd-core"),
  ];
}

async function sizeOf({ code, wasm }) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    outdir: "out",
    external: ["*.wasm", "node:*"],
    logLevel: "error",
  });
  // What is imported with import() is fetched later, or never.
  const first = new Set();
  const visit = (path) => {
    if (first.has(path)) return;
    first.add(path);
    for (const imported of metafile.outputs[path].imports)
      if (imported.kind === "import-statement" && !imported.external) visit(imported.path);
  };
  visit("out/stdin.js");
  const scripts = outputFiles.filter(({ path }) => [...first].some((name) => path.endsWith(name)));
  const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;
  return scripts.reduce((sum, { contents }) => sum + gzipped(contents), wasm ? gzipped(readFileSync(wasm)) : 0);
}

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compilerOf } from "../compiler/compiler.js";
import * as glue from "../generated/compiler/slotwise.js";

export type { Compiled, CompileOptions, Rows } from "../compiler/compiler.js";
export * from "../public.js";

/** The compiler: bundles as JSON into bytes, or what is wrong with them. */
export const { check, compile, schema, tools } = compilerOf(glue, async () => {
  // By its path, as the runtime in index.node.ts.
  return WebAssembly.compile(await readFile(join(dirname(fileURLToPath(import.meta.url)), "compiler.wasm")));
});

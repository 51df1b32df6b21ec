import { promises, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Instance } from "../engine/instance.js";
import { loader } from "../engine/load.js";
import * as glue from "../generated/runtime/slotwise.js";

export * from "../public.js";

/** Loads a compiled bundle: its bytes, a `Response`, or its address. Creating an engine throws a `SlotwiseError`. */
export const load = loader({
  glue,
  instance: new Instance(glue),
  local: false,
  // By its path: bundlers of servers turn `new URL(…, import.meta.url)` into an address that browsers fetch. And at once: both
  // steps take a millisecond, and threads that do them in the background take five.
  module: async () =>
    new WebAssembly.Module(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "runtime.wasm"))),
  fetch: (url) => (url.protocol === "file:" ? promises.readFile(url) : fetch(url)),
  tools: async () => (await import("./compiler.node.js")).tools(),
  profiles: async () => (await import("./profile.node.js")).profiles(),
  ranks: async () => (await import("./rank.node.js")).ranks(),
});

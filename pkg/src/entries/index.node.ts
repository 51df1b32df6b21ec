import { readFile } from "node:fs/promises";
import { Instance } from "../engine/instance.js";
import { loader } from "../engine/load.js";
import * as glue from "../generated/runtime/slotwise.js";

export * from "../public.js";

/** Loads a compiled bundle: its bytes, a `Response`, or its address. Creating an engine throws a `SlotwiseError`. */
export const load = loader({
  glue,
  instance: new Instance(glue),
  local: false,
  module: async () => WebAssembly.compile(await readFile(new URL("./runtime.wasm", import.meta.url))),
  fetch: (url) => (url.protocol === "file:" ? readFile(url) : fetch(url)),
  tools: async () => (await import("./compiler.node.js")).tools(),
});

import { Instance } from "../engine/instance.js";
import { loader } from "../engine/load.js";
import * as glue from "../generated/runtime/slotwise.js";

export * from "../public.js";

/** Loads a compiled bundle: its bytes, a `Response`, or its address. Creating an engine throws a `SlotwiseError`. */
export const load = loader({
  glue,
  instance: new Instance(glue),
  local: true,
  module: () => fetch(new URL("./runtime.wasm", import.meta.url)),
  fetch: (url) => fetch(url),
  tools: async () => (await import("./compiler.web.js")).tools(),
  profiles: async () => (await import("./profile.web.js")).profiles(),
  ranks: async () => (await import("./rank.web.js")).ranks(),
});

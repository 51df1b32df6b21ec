import { Instance } from "../engine/instance.js";
import { loader } from "../engine/load.js";
import * as glue from "../generated/runtime/slotwise.js";
import runtime from "./runtime.wasm?module";

export * from "../public.js";

/** Loads a compiled bundle: its bytes, a `Response`, or its address. Creating an engine throws a `SlotwiseError`. */
export const load = loader({
  glue,
  instance: new Instance(glue),
  local: false,
  module: async () => runtime,
  fetch: (url) => fetch(url),
});

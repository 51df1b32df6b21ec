import type { Tools } from "../engine/engine.js";
import { Instance } from "../engine/instance.js";
import { type Load, loader } from "../engine/load.js";
import * as glue from "../generated/runtime/slotwise.js";

export * from "../public.js";

/** What the slim entry is given instead of finding it. */
export interface SlimOptions {
  /** The runtime module, from `slotwise/runtime.wasm`: a module, its bytes, or a response that holds it. */
  wasm: WebAssembly.Module | BufferSource | Response | Promise<Response>;
  /** Whether the host's time zone is the visitor's, as in a page. */
  local?: boolean;
  /** The compiler's `tools`, for `explain` and `matches`. */
  tools?: () => Promise<Tools>;
}

const instance = new Instance(glue);

/** Makes a `load` that uses the runtime module that it is given, for places where nothing else finds it. */
export function loadWith(options: SlimOptions): Load {
  const { wasm, local = false, tools } = options;
  return loader({
    glue,
    instance,
    local,
    async module() {
      const found = await wasm;
      return found instanceof WebAssembly.Module || found instanceof Response ? found : WebAssembly.compile(found);
    },
    fetch: (url) => fetch(url),
    tools,
  });
}

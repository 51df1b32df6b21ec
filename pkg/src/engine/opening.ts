import { SlotwiseError } from "../error.js";
import type { Instance } from "./instance.js";

/** Opens what lives in a module of its own: started once, and tried again after a failure. `whose` says whose WebAssembly it is. */
export function openingOf<T>(
  instance: Instance,
  module: () => Promise<WebAssembly.Module | Response>,
  whose: string,
  opened: T,
): () => Promise<T> {
  let started: Promise<void> | undefined;
  return async () => {
    started ??= module().then((found) => instance.start(found));
    try {
      await started;
    } catch (thrown) {
      started = undefined;
      throw new SlotwiseError("no_wasm", `${whose} could not be started: ${(thrown as Error)?.message}`);
    }
    return opened;
  };
}

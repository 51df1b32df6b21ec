// Starts the Worker's WebAssembly and gives its fetch handler to the runtime.
import { fetch, initSync } from "./build/slotwise_worker.js";
import module from "./build/slotwise_worker_bg.wasm";

initSync({ module });

export default { fetch };

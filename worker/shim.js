// Starts the Worker's WebAssembly and gives pages to it. Whatever happens there, the visitor gets the page.
import { fetch as adapt, initSync } from "./build/slotwise_worker.js";
import module from "./build/slotwise_worker_bg.wasm";
import { marked } from "./rewrite.ts";

initSync({ module });

export default {
  async fetch(request, env, context) {
    if (request.method !== "GET" && request.method !== "HEAD") return env.ASSETS.fetch(request);
    try {
      return await adapt(request, env, context);
    } catch (thrown) {
      console.error("slotwise: the engine failed:", thrown);
      return marked(await env.ASSETS.fetch(request), "untouched; the engine failed");
    }
  },
};

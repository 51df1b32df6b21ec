// The Worker with a store that fails as it is told: POST /__fault takes `{ wait?, fail?, hold? }`, for all that follows.
// `wait` is in milliseconds; `fail` is a message to throw; `hold` has, by key, what the store holds instead, as text.

import worker from "../../worker/src/index.ts";

let fault = {};

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== "/__fault") {
      return worker.fetch(request, { ...env, BUNDLES: faulty(env.BUNDLES) }, context);
    }
    fault = await request.json();
    return new Response("as you wish");
  },
};

function faulty(store) {
  return {
    async get(key, type) {
      const { wait, fail, hold } = fault;
      if (wait !== undefined) await new Promise((resolve) => setTimeout(resolve, wait));
      if (fail !== undefined) throw new Error(fail);
      const held = hold?.[key];
      if (held === undefined) return store.get(key, type);
      return type === "json" ? JSON.parse(held) : new TextEncoder().encode(held).buffer;
    },
    put: (key, value) => store.put(key, value),
  };
}

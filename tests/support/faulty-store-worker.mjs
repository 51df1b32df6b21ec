// The Worker with a store that fails as it is told: POST /__fault takes `{ wait?, fail?, failPut?, hold? }`, for all that follows.
// `wait` is in milliseconds; `fail` is a message to throw, `failPut` one for writing alone; `hold` has, by key, what the store holds
// instead: text, a list of bytes, or nothing (`null`).

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
      if (held === null) return null;
      if (type === "json") return JSON.parse(held);
      return (typeof held === "string" ? new TextEncoder().encode(held) : Uint8Array.from(held)).buffer;
    },
    async put(key, value) {
      if (fault.failPut !== undefined) throw new Error(fault.failPut);
      return store.put(key, value);
    },
  };
}

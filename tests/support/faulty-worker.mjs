// A Worker whose runtime fails at will (see faulty.mjs), with two engines in the isolate's one instance. It is sent the
// compiled bundle once, then asked for numbers: what the first engine shows for each, or the second.

import { loadWith } from "slotwise/slim";
import wasm from "./faulty.wasm";

const load = loadWith({ wasm });
let engines;

export default {
  async fetch(request) {
    if (request.method === "PUT") {
      const file = new Uint8Array(await request.arrayBuffer());
      engines = [await load(file), await load(file.slice())];
      return new Response(null, { status: 204 });
    }
    const { engine, n } = await request.json();
    const { slots, cache } = engines[engine].personalize({ attributes: { n } });
    return Response.json({ ...slots.slot, maxAge: cache.maxAge });
  },
};

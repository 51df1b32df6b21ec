// A Worker that loads what it is sent, if it is signed by the key in the header, and answers with the bundle's id or the
// error's code.

import { load } from "slotwise";

export default {
  async fetch(request) {
    try {
      const publicKey = request.headers.get("x-public-key");
      return new Response((await load(await request.arrayBuffer(), { publicKey })).id);
    } catch (thrown) {
      return new Response(thrown.code ?? thrown.stack);
    }
  },
};

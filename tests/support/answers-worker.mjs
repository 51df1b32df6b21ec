// A Worker that answers cases with the package as Workers import it.

import { compile, tools } from "slotwise/compiler";
import wasm from "slotwise/runtime.wasm";
import { loadWith } from "slotwise/slim";
import { answersOf } from "./answers.mjs";

const load = loadWith({ wasm, tools });

export default {
  async fetch(request) {
    return Response.json(await answersOf(await request.json(), { compile, load }));
  },
};

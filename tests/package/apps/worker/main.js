import { load } from "slotwise";
import { tools } from "slotwise/compiler";
import runtime from "slotwise/runtime.wasm";
import { loadWith } from "slotwise/slim";
import site from "slotwise/worker";
import bundle from "./public/bundle.slotwise";
import { answerOf, reasonOf } from "./shared/visitor.js";

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/answer") return new Response(answerOf(await load(bundle)));
    if (pathname === "/reason") return new Response(await reasonOf(await loadWith({ wasm: runtime, tools })(bundle)));
    return site.fetch(request, env, context);
  },
};

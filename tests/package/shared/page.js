// What a page does with the package, whoever has bundled it. Its HTML is in index.html.

import { load } from "slotwise";
import { personalize } from "slotwise/browser";
import "slotwise/element";
import { answerOf, reasonOf, VISITOR } from "./visitor.js";

/** The deadline is long, because a development server builds while the page waits. */
export const session = personalize({ bundle: "/bundle.slotwise", ...VISITOR, deadline: 60_000 });

const engine = await load(fetch("/bundle.slotwise"));
document.querySelector("#why").addEventListener("click", async () => {
  document.querySelector("#reason").textContent = await reasonOf(engine);
});
await session;
document.querySelector("#answer").textContent = answerOf(engine);

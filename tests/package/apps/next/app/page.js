import { readFile } from "node:fs/promises";
import { load } from "slotwise";
import { Slot, SlotProvider } from "slotwise/react";
import { Shop } from "../shared/shop.js";
import { answerOf, reasonOf, VISITOR } from "../shared/visitor.js";
import { InTheBrowser } from "./in-the-browser.js";

export const dynamic = "force-dynamic";

export default async function Page() {
  const engine = await load(await readFile("public/bundle.slotwise"));
  const { id, revision } = engine;
  const { slots, exposures } = engine.personalize(VISITOR);
  return (
    <SlotProvider state={{ id, revision, slots, exposures }}>
      <Slot name="hero" as="section">
        <h1>Hello</h1>
      </Slot>
      <Shop />
      <pre id="answer-of-the-server">{answerOf(engine)}</pre>
      <pre id="reason-of-the-server">{await reasonOf(engine)}</pre>
      <InTheBrowser />
    </SlotProvider>
  );
}

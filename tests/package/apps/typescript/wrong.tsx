// What must not compile. Where it does, because a type is missing or too wide, the directive above it is an error.

// @ts-expect-error: it is not exported
import { type Engine, Frame, load, type Result } from "slotwise";
import { personalize, registerSlot, type Session } from "slotwise/browser";
import { check, type Problem } from "slotwise/compiler";
// @ts-expect-error: only what the exports name can be imported
import { Instance } from "slotwise/dist/types/engine/instance.js";
import { AdaptiveSlot } from "slotwise/element";
import { Slot, SlotProvider, useSlot } from "slotwise/react";
import { loadWith } from "slotwise/slim";
import { session as ofTheTag } from "slotwise/slotwise.js";
import worker from "slotwise/worker";

export { Frame, Instance };

export function engines(engine: Engine, result: Result) {
  // @ts-expect-error: an address is a URL
  load("bundle.slotwise");
  // @ts-expect-error: the module is missing
  loadWith({ local: true });
  // @ts-expect-error: a misspelt member
  engine.personalize({ atributes: {} });
  // @ts-expect-error: consent is true or false
  engine.personalize({ consent: { personalization: "yes" } });
  // @ts-expect-error: nobody decides as "guess"
  const isGuess = result.slots.hero?.source === "guess";
  // @ts-expect-error: the bundle may have no such slot
  const { variant } = result.slots.hero;
  // @ts-expect-error: a revision is a number
  const revision: string = engine.revision;
  // @ts-expect-error: problems come later
  const problems: Problem[] = check({});
  // @ts-expect-error: a Worker needs its environment
  worker.fetch(new Request("https://shop.example/"));
  return { isGuess, variant, revision, problems };
}

export function pages(session: Session) {
  // @ts-expect-error: milliseconds are a number
  personalize({ deadline: "1000" });
  // @ts-expect-error: there is no such event
  session.on("changed", () => {});
  // @ts-expect-error: it is said by the session
  session.decidedBy = "edge";
  // @ts-expect-error: the session comes later
  const { slots } = ofTheTag;
  // @ts-expect-error: an element, not its name
  registerSlot("hero");
  // @ts-expect-error: the decision is not the page's to make
  new AdaptiveSlot().decision = undefined;
  return slots;
}

export function Components() {
  // @ts-expect-error: which slot?
  const { content } = useSlot();
  return (
    // @ts-expect-error: a result is what an engine gives
    <SlotProvider result={{ hero: "city" }}>
      {/* @ts-expect-error: a slot has a name */}
      <Slot as="section">{content.html}</Slot>
      {/* @ts-expect-error: a section leads nowhere */}
      <Slot name="hero" as="section" href="/order" />
    </SlotProvider>
  );
}

// Everything that is public in a page.

import type {
  ContextUpdate,
  PersonalizeOptions,
  SeenExposure,
  Session,
  SessionEvents,
  SessionExplanation,
  SlotChange,
} from "slotwise/browser";
import { personalize, registerSlot } from "slotwise/browser";
import { AdaptiveSlot } from "slotwise/element";
import { session as ofTheTag } from "slotwise/slotwise.js";

const options: PersonalizeOptions = {
  bundle: new URL("https://shop.example/bundle.slotwise"),
  attributes: { plan: "pro" },
  deadline: 500,
  gpc: "ignore",
  onExposure: ({ experiment, slot, page, overridden }: SeenExposure) => console.log(experiment, slot, page, overridden),
};

export async function started(): Promise<Session> {
  const session: Session = await personalize(options);
  const off: () => void = session.on("change", ({ slot, variant }: SlotChange) => console.log(slot, variant));
  session.on("exposure", (event: SessionEvents["exposure"]) => console.log(event.page));
  const known: ContextUpdate = { consent: { personalization: true } };
  await session.update(known);
  const { result, steps }: SessionExplanation = await session.explain();
  console.log(result.slots.hero?.variant, steps.hero?.[0]?.text, session.decidedBy);
  session.expose("delivery");
  await session.forget();
  off();
  session.close();
  return ofTheTag;
}

export function shadowed(root: ShadowRoot): () => void {
  const slot: AdaptiveSlot = document.createElement("adaptive-slot");
  root.append(slot);
  return slot instanceof AdaptiveSlot && slot.decision?.reason === "matched" ? () => slot.remove() : registerSlot(slot);
}

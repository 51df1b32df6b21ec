// Everything that is public in React.

import type { Engine, Result } from "slotwise";
import { personalize } from "slotwise/browser";
import type { SlotDecision, SlotProps, SlotProviderProps, SlotSession, SlotState } from "slotwise/react";
import { Slot, SlotProvider, useSlot } from "slotwise/react";

const session: Promise<SlotSession> = personalize({ bundle: "/bundle.slotwise" });

export const inTheBrowser = (children: SlotProviderProps["children"]) => (
  <SlotProvider session={session}>{children}</SlotProvider>
);

export const onAServer = (engine: Engine, result: Result) => (
  <SlotProvider result={result} engine={engine}>
    <Shop />
  </SlotProvider>
);

export function asData({ id, revision }: Engine, { slots, exposures }: Result) {
  const state: SlotState = { id, revision, slots, exposures };
  return (
    <SlotProvider state={state}>
      <Shop />
    </SlotProvider>
  );
}

function Shop() {
  const { variant, content }: SlotDecision = useSlot("delivery");
  const link: SlotProps<"a"> = { name: "order", as: "a", href: "/order", variants: { urgent: <b>Today</b> } };
  return (
    <main>
      <Slot name="hero" as="section" className="wide">
        {variant ?? "nothing"} {content.html}
      </Slot>
      <Slot {...link} />
    </main>
  );
}

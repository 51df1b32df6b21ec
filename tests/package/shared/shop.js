"use client";

import { createElement as h } from "react";
import { Slot, useSlot } from "slotwise/react";

/** A slot with a component for a variant, and a component that reads a value. */
export function Shop() {
  const { content } = useSlot("delivery");
  return h(
    "div",
    { id: "shop" },
    h(Slot, { name: "order", as: "p", variants: { urgent: h("strong", null, "Order today") } }, "Order"),
    h("p", null, `Here in ${content.value?.days ?? "some"} days`),
  );
}

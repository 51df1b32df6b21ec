import { AdaptiveSlot } from "../element/adaptive-slot.js";

// The package may be on a page twice; the first one defines it.
if (typeof customElements === "object" && customElements.get("adaptive-slot") === undefined) {
  customElements.define("adaptive-slot", AdaptiveSlot);
}

export type * from "../types.js";
export { AdaptiveSlot };

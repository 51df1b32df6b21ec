// The preview's overlay on a page of its own. `#how` in the page has what its session says; `window.test` is what a test holds on to.

import { openOverlay } from "../../pkg/src/preview/overlay.ts";

const how = JSON.parse(document.getElementById("how").textContent);
const listeners = new Set();
let explained = 0;

const session = {
  decidedBy: "edge",
  slots: how.slots,
  on(event, listener) {
    if (event !== "change") throw new Error(`unknown event "${event}"`);
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  async explain() {
    explained++;
    if (how.unexplained) throw new Error(how.unexplained);
    return { result: { slots: { ...session.slots, ...how.explained } }, steps: how.steps };
  },
};

window.test = {
  close: openOverlay(session, {
    variants: async (slot) => how.variants[slot] ?? [],
    keep: (force) => sessionStorage.setItem("kept", JSON.stringify(force)),
    end: () => sessionStorage.setItem("kept", "ended"),
  }),
  listeners,
  explained: () => explained,
  change(slots) {
    session.slots = { ...session.slots, ...slots };
    for (const listener of listeners) listener({});
  },
};

// What a site's own code does with a value slot.
import { session } from "/_slotwise/slotwise.js";

const { slots, decidedBy } = await session;
const delivery = slots.delivery?.content.value;
if (delivery !== undefined) {
  const when = delivery.days === 0 ? "today" : `in ${delivery.days} days`;
  document.getElementById("delivery").textContent = `Free delivery from ${delivery.freeFrom} zł, ${when}.`;
}
document.getElementById("decided").dataset.by = decidedBy;

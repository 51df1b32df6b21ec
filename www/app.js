// What a site's own code does with a decision: a value slot in a sum, and a look behind the page.
import { session } from "/_slotwise/slotwise.js";

const DECIDED_BY = {
  edge: "Decided at the edge, before the page was sent.",
  page: "Decided in your browser, before the slots were shown.",
  nobody: "Decided by nobody: the page is as everyone sees it.",
};

const { slots, decidedBy } = await session;

const delivery = slots.delivery?.content.value;
if (delivery !== undefined) {
  const prices = [...document.querySelectorAll(".beans data")].map((price) => Number(price.value));
  const missing = delivery.freeFrom - prices.reduce((sum, price) => sum + price, 0);
  document.getElementById("shipping").textContent =
    missing > 0 ? `${missing} zł more, and delivery is free.` : "Delivery is free.";
}

document.getElementById("decided-by").textContent = DECIDED_BY[decidedBy];
for (const [name, { variant, source, reason, rule }] of Object.entries(slots)) {
  const term = document.createElement("dt");
  term.textContent = name;
  const why = document.createElement("dd");
  why.textContent = `${variant}: ${source}${rule === undefined ? "" : ` “${rule}”`}, ${reason.replaceAll("_", " ")}`;
  document.getElementById("decisions").append(term, why);
}
document.getElementById("why").hidden = false;

// Draws what speaks for an item of a row, signal by signal, when a visitor asks "Why this?".
// The sentence is in the page already; without a script it stays at that.

import { session } from "/_slotwise/slotwise.js";

const SIGNALS = {
  content: "Alike",
  factors: "Same taste",
  neighbours: "Goes together",
  popularity: "Popular",
  recency: "New",
};

// The event does not bubble.
document.addEventListener("toggle", ({ target }) => target.matches(".why[open]") && draw(target), { capture: true });

async function draw(details) {
  const { slots } = await session;
  const { slot } = details.closest("[data-slot]").dataset;
  const { item } = details.closest("[data-item]").dataset;
  const ranked = slots[slot]?.items?.find(({ id }) => id === item);
  if (ranked === undefined || details.querySelector(".shares") !== null) return;
  details.append(bars(ranked.because.shares));
  // Only where it is known what a visitor did, saying more changes the row.
  if (slot === "for-you" && slots[slot].reason === "ranked") details.append(taste());
}

function bars(shares) {
  const list = document.createElement("ul");
  list.className = "shares";
  const entries = Object.entries(shares).sort(([, one], [, other]) => other - one);
  const whole = entries.reduce((sum, [, share]) => sum + Math.abs(share), 0);
  for (const [signal, share] of entries) {
    const percent = Math.round((share / whole) * 100);
    if (percent !== 0) list.append(bar(SIGNALS[signal], percent));
  }
  return list;
}

function bar(label, percent) {
  const line = document.createElement("li");
  line.append(element("span", label), element("span", `${percent} %`));
  line.classList.toggle("against", percent < 0);
  line.style.setProperty("--share", `${Math.abs(percent)}%`);
  return line;
}

function taste() {
  const line = element("p", "");
  line.className = "taste";
  for (const [name, text] of [
    ["like", "More"],
    ["dislike", "Less"],
  ]) {
    const button = element("button", text);
    const rest = element("span", " like this");
    rest.className = "unseen";
    button.append(rest);
    button.type = "button";
    button.dataset.track = name;
    line.append(button);
  }
  return line;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

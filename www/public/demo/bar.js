// The strip on top of the demonstration: shows who the page is for, and says why each slot is as it is.

import { session } from "/_slotwise/slotwise.js";
import { personaFields } from "./persona.js";

const DECIDED_BY = {
  edge: "Decided at the edge, before the page was sent.",
  page: "Decided in your browser, before the slots were shown.",
  nobody: "Decided by nobody: the page is as everyone sees it.",
};
/** Why a slot shows what it shows, by the reason of its decision. */
const BECAUSE = {
  matched: ({ rule }) => `because rule “${rule}” matched.`,
  assigned: ({ experiment, arm }) => `because experiment “${experiment}” put this visitor into “${arm}”.`,
  sticky: ({ experiment }) => `because experiment “${experiment}” showed it on an earlier visit.`,
  arm_forced: ({ experiment }) => `because experiment “${experiment}” has ended with it.`,
  held_out: ({ holdout }) => `because this visitor is held out of experiments, by “${holdout}”.`,
  forced: () => "because the address asks for it.",
  no_match: () => "as for everyone, because no rule matched.",
  ranked: ({ rule, items }) => `because rule “${rule}” ranked the catalog and found ${items.length} items.`,
  nothing_to_rank: () => "as for everyone, because there was nothing to rank.",
  consent_required: ({ items }) =>
    items === undefined
      ? "as for everyone, because experiments need consent."
      : `because its ${items.length} items are what fits the place; what the visitor did needs consent.`,
  no_hash_value: () => "as for everyone, because nothing identifies this visitor.",
};
/** Whoever types in a list chooses with every letter: the page waits for the next one, in milliseconds. */
const TYPING = 400;
/** Where the bar leaves a note for the page that comes next. */
const NOTE = "slotwise-demo";

const bar = document.querySelector(".demo-bar");
const panel = bar.querySelector("details");
const form = bar.querySelector("form");
const fields = personaFields();

consent();
fillForm();
markPreset();
takeUp();
bar.querySelector(".demo-how").textContent = "as soon as you choose";
let submission;
form.addEventListener("change", ({ target }) => {
  leave({ scroll: scrollY, focus: target.id });
  clearTimeout(submission);
  submission = setTimeout(() => form.requestSubmit(), TYPING);
});
for (const preset of bar.querySelectorAll("nav a")) {
  preset.addEventListener("click", () => {
    leave({ scroll: scrollY });
    // What one persona has done is not the next one's past.
    if (fields.has("as.visitor")) session.then((adapted) => adapted.forget());
  });
}
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !panel.open) return;
  panel.open = false;
  panel.querySelector("summary").focus();
});
document.addEventListener("click", ({ target }) => {
  if (!bar.contains(target)) panel.open = false;
});
const adapted = await session;
explain(adapted);
adapted.on("change", () => explain(adapted));

/** A persona has consented, which the edge knows of the address and the page has to be told; `context.js` does it without a Worker. */
function consent() {
  if (!fields.has("as.visitor") || document.getElementById("slotwise-context") !== null) return;
  const element = document.createElement("script");
  element.type = "application/json";
  element.id = "slotwise-context";
  element.textContent = JSON.stringify({ consent: { personalization: true } });
  document.head.append(element);
}

function fillForm() {
  for (const [name, value] of fields) {
    const select = form.elements.namedItem(name);
    if (select === null) continue;
    select.value = value;
    // Somebody who is not in the list, because the address was written by hand.
    if (select.value !== value) select.add(new Option(name === "as.place" ? cityOf(value) : value, value, true, true));
  }
}

function cityOf(place) {
  try {
    return String(JSON.parse(place).city ?? "Elsewhere");
  } catch {
    return "Elsewhere";
  }
}

function markPreset() {
  const persona = sorted(fields);
  for (const preset of bar.querySelectorAll("nav a")) {
    const its = sorted(new URLSearchParams(preset.search)).filter(([name]) => name !== "as.clear");
    if (JSON.stringify(its) === JSON.stringify(persona)) preset.setAttribute("aria-current", "true");
  }
}

function sorted(fields) {
  return [...fields].filter(([, value]) => value !== "").sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Keeps the place on the page and in the form while the page is loaded anew. */
function leave(note) {
  try {
    sessionStorage.setItem(NOTE, JSON.stringify(note));
  } catch {
    // Without storage the page begins at its top.
  }
}

function takeUp() {
  let note = null;
  try {
    note = JSON.parse(sessionStorage.getItem(NOTE));
    sessionStorage.removeItem(NOTE);
  } catch {
    // As above.
  }
  if (note === null) return;
  scrollTo({ top: note.scroll, behavior: "instant" });
  // On a phone the panel covers the page, so it stays shut to show what has changed.
  if (note.focus === undefined || !matchMedia("(min-width: 60rem)").matches) return;
  panel.open = true;
  document.getElementById(note.focus)?.focus({ preventScroll: true });
}

function explain({ slots, decidedBy }) {
  document.getElementById("decided-by").textContent = DECIDED_BY[decidedBy];
  const here = new Set([...document.querySelectorAll("[data-slot]")].map((slot) => slot.dataset.slot));
  const decisions = Object.entries(slots).filter(([name]) => here.has(name));
  document.getElementById("decisions").replaceChildren(...decisions.map(sentence));
  const address = new URLSearchParams(fields);
  address.set("slotwise", "");
  document.getElementById("preview").search = address;
  document.getElementById("why").hidden = false;
}

function sentence([name, decision]) {
  const { variant, reason } = decision;
  const because = BECAUSE[reason]?.(decision) ?? `as for everyone (${reason.replaceAll("_", " ")}).`;
  const item = document.createElement("li");
  item.append(strong(name), " shows ", strong(variant), ` ${because}`);
  return item;
}

function strong(text) {
  const element = document.createElement("strong");
  element.textContent = text;
  return element;
}

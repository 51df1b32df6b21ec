// Asks whether the row on the front page may follow what a visitor looks at, and takes the answer back when they ask for it.
// The answer is the site's own cookie, which Slotwise reads here and at the edge.

import { session } from "/_slotwise/slotwise.js";

const COOKIE = "slotwise_consent";
const PURPOSE = "personalization";
const HALF_A_YEAR = 182 * 24 * 60 * 60;

const QUESTION = "May this row follow what you look at? Your browser remembers it, and we read it to sort this page.";

const line = document.querySelector(".follow");

if (line !== null) {
  const { slots } = await session;
  // Whatever has answered, the cookie or the strip on top: a ranking without consent says so.
  if (slots["for-you"]?.reason === "ranked" || answer() === PURPOSE) follows();
  else if (answer() === undefined) say(QUESTION, ["Yes, follow", accept], ["No, thanks", refuse]);
  else refused();
}

function follows() {
  say("This row follows what you look at.", ["Forget me", forget]);
}

function refused() {
  say("This row goes by your place alone.", ["Let it follow me", accept]);
}

async function accept() {
  keep(PURPOSE);
  follows();
  await (await session).update({ consent: { [PURPOSE]: true } });
}

function refuse() {
  keep("none");
  refused();
}

async function forget() {
  keep("none");
  refused();
  await (await session).forget();
}

function say(text, ...choices) {
  const hadFocus = line.contains(document.activeElement);
  const words = document.createElement("span");
  words.textContent = text;
  const buttons = choices.map(([label, choose]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", choose);
    return button;
  });
  line.replaceChildren(words, ...buttons);
  if (hadFocus) buttons[0].focus();
}

function answer() {
  const pair = document.cookie.split("; ").find((text) => text.startsWith(`${COOKIE}=`));
  return pair?.slice(COOKIE.length + 1);
}

function keep(value) {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet.
  document.cookie = `${COOKIE}=${value}; Path=/; Max-Age=${HALF_A_YEAR}; SameSite=Lax`;
}

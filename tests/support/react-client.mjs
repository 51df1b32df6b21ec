// The app in the browser. `#how` in the page says how it starts, and `window.test` is what a test holds on to.

import { createElement as h, lazy, StrictMode, useEffect } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { App, LateSlot } from "./react-app.mjs";

/** A session as `slotwise/browser` has it, whose decisions a test sets. */
class FakeSession {
  slots = {};
  listeners = new Set();

  constructor(slots) {
    this.slots = slots;
  }

  on(event, listener) {
    if (event !== "change") throw new Error(`unknown event "${event}"`);
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  change(slots) {
    this.slots = { ...this.slots, ...slots };
    for (const listener of this.listeners) listener();
  }
}

const how = JSON.parse(document.getElementById("how").textContent);
const real = how.real && import("/dist/browser.js").then(({ personalize }) => personalize(how.real));
const session = real || (how.session && new FakeSession(how.session));
const pending = how.promise && Promise.withResolvers();
const code = how.late && Promise.withResolvers();
const late = code ? lazy(() => code.promise) : LateSlot;

/** Says in the page that React has taken over, effects and what they lead to included. */
function Ready({ children }) {
  useEffect(() => {
    requestAnimationFrame(() => document.documentElement.setAttribute("data-ready", ""));
  }, []);
  return children;
}

const given = { session: pending ? pending.promise : session, state: how.state };
const app = h(Ready, null, h(App, { given, late }));
const element = how.strict ? h(StrictMode, null, app) : app;
const container = document.getElementById("root");
const problems = [];
const onRecoverableError = (error) => problems.push(error.message);
const root = how.create
  ? createRoot(container, { onRecoverableError })
  : hydrateRoot(container, element, { onRecoverableError });
if (how.create) root.render(element);

window.test = {
  root,
  session,
  problems,
  arrive: (slots) => pending.resolve(new FakeSession(slots)),
  loadLate: () => code.resolve({ default: LateSlot }),
};

// A small React app with a slot of every kind, rendered by tests on the server and, bundled, in the browser.

import { createElement as h, Suspense, useState } from "react";
import { Slot, SlotProvider, useSlot } from "../../pkg/dist/react.js";

/** What the app is personalised with. `{{name}}` is the visitor's. */
export const BUNDLE = {
  id: "app",
  revision: 7,
  consent: { ids: "none", experiments: "none" },
  experiments: { cta: { variants: { plain: 0, urgent: 1 } } },
  slots: {
    hero: {
      default: "base",
      variants: {
        base: {},
        hello: { html: "<h1>Hello, {{name}}</h1><p>Good to see you &amp; yours.</p>" },
        bye: { html: "<h1>Goodbye</h1>" },
      },
      rules: [{ when: { name: { $exists: true } }, show: "hello" }],
    },
    note: {
      default: "none",
      variants: { none: {}, named: { patches: [{ op: "text", value: "For <{{name}}> only" }] } },
      rules: [{ when: { name: { $exists: true } }, show: "named" }],
    },
    cta: {
      default: "plain",
      variants: { plain: {}, urgent: { html: "<b>never shown: the app renders it</b>" } },
      rules: [{ experiment: "cta" }],
    },
    flow: {
      default: "v1",
      variants: { v1: { value: { steps: 3 } }, v2: { value: { steps: 1 } } },
      rules: [{ when: { plan: "pro" }, show: "v2" }],
    },
    link: {
      default: "old",
      variants: { old: {}, sale: { patches: [{ op: "attribute", selector: "a", name: "href", value: "/sale" }] } },
      rules: [{ when: { plan: "pro" }, show: "sale" }],
    },
  },
};

/** A visitor for whom every slot differs from its default. */
export const ADA = { attributes: { id: "ada", name: "Ada & <Bob>", plan: "pro" } };

function Flow() {
  const { content, variant } = useSlot("flow");
  return h("output", { id: "flow" }, `${variant ?? "undecided"}: ${content.value?.steps ?? "?"} steps`);
}

function Counter() {
  const [count, setCount] = useState(0);
  return h("button", { id: "counter", type: "button", onClick: () => setCount(count + 1) }, `Clicked ${count}`);
}

/** Shown in a boundary of its own, which a client may hydrate later. */
export function LateSlot() {
  const variants = { hello: "Late hello" };
  return h(Slot, { name: "hero", as: "em", variants }, "Late");
}

/** The app; `given` are the provider's properties, and `late` is what comes last. */
export function App({ given, late = LateSlot }) {
  return h(
    SlotProvider,
    given,
    h(Slot, { name: "hero", as: "section", className: "wide" }, h("h1", null, "Welcome"), h(Counter)),
    h(Slot, { name: "note", as: "p" }, "For everybody"),
    h(Slot, { name: "cta", variants: { urgent: h("strong", null, "Order today") } }, h("span", null, "Order")),
    h(Slot, { name: "link" }, h("a", { href: "/shop" }, "Shop")),
    h(Flow),
    h(Suspense, { fallback: null }, h(late)),
  );
}

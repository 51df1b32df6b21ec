// Bundles that more than one test needs, and engines of them.

import { compile } from "../../pkg/dist/compiler.node.js";
import { load } from "../../pkg/dist/index.node.js";

/** One slot of every kind: a template, an experiment, a value, patches. */
export const SHOP = {
  version: 1,
  id: "shop",
  revision: 42,
  experiments: {
    cta: { variants: { control: 0.5, urgent: 0.5 }, sticky: true },
    page: { factors: { title: { short: 0.5, long: 0.5 }, image: { photo: 0.5, drawing: 0.5 } } },
  },
  slots: {
    hero: {
      default: "base",
      variants: {
        base: { html: "<h1>Shop</h1>" },
        morning: { html: "<h1>Good morning, {{name}}</h1>" },
        control: {},
        urgent: {},
      },
      rules: [
        { id: "morning", when: { "time.hour": { $lt: 12 } }, show: "morning" },
        { id: "cta", experiment: "cta" },
      ],
    },
    flow: {
      default: "v1",
      variants: { v1: { value: { steps: [1, 2, 3] } }, v2: { value: null } },
      rules: [{ when: { plan: "pro" }, show: "v2" }],
    },
    banner: {
      default: "none",
      variants: {
        none: {},
        plain: {
          patches: [
            { op: "text", selector: "b", value: "Hello, {{name}}" },
            { op: "html", value: "<i>{{name}}</i>" },
          ],
        },
      },
      rules: [{ when: { name: { $exists: true } }, show: "plain" }],
    },
    title: {
      default: "short",
      variants: { short: {}, long: {} },
      rules: [{ experiment: "page", factor: "title" }],
    },
  },
};

/** A compiled bundle; throws for one that is refused. */
export async function compiled(bundle) {
  const { bytes, problems } = await compile({ version: 1, id: "test", ...bundle });
  if (bytes === undefined) throw new Error(JSON.stringify(problems, null, 2));
  return bytes;
}

export async function engineOf(bundle) {
  return load(await compiled(bundle));
}

/** A bundle of one slot that shows "yes" where a condition holds. */
export function when(condition) {
  const slot = { default: "no", variants: { no: {}, yes: {} }, rules: [{ when: condition, show: "yes" }] };
  return { consent: { ids: "none" }, slots: { slot } };
}

/** A bundle of one slot that shows a template. */
export function shows(html) {
  return { consent: { ids: "none" }, slots: { slot: { default: "v", variants: { v: { html } } } } };
}

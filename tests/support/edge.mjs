// The Worker in front of an origin: a small shop whose bundle has a rule, an experiment and a value.

import { compiled } from "./bundles.mjs";
import { startOrigin } from "./origin.mjs";
import { makeSite } from "./sites.mjs";
import { startWorker } from "./worker.mjs";

/** By GrowthBook's hash, version 2, with the seed "order-button", "joe" falls at 0.0177 and "ewa" at 0.5579. */
export const BUNDLE = {
  version: 1,
  id: "edge",
  revision: 7,
  experiments: { "order-button": { variants: { plain: 0.5, urgent: 0.5 }, sticky: true } },
  slots: {
    hero: {
      default: "base",
      variants: { base: {}, city: { html: "<h1>Hello, {{geo.city}}</h1>" } },
      rules: [{ id: "city", when: { "geo.city": { $exists: true } }, show: "city" }],
    },
    order: {
      default: "plain",
      variants: { plain: {}, urgent: { patches: [{ op: "text", selector: "a", value: "Order today" }] } },
      rules: [{ experiment: "order-button" }],
    },
    delivery: { default: "two", variants: { two: { value: { days: 2 } } } },
  },
};

export const PAGE =
  '<!doctype html><html lang="en"><head><title>Shop</title></head><body><section data-slot="hero"><h1>Hello</h1></section>' +
  '<p data-slot="order"><a href="/order">Order</a></p></body></html>';

/** What a browser sends when it asks for a page. */
export const NAVIGATION = { accept: "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-dest": "document" };
/** Joe, who has agreed, and is shown "plain". */
export const JOE = { ...NAVIGATION, cookie: "slotwise_id=joe; slotwise_consent=personalization" };
/** Ewa, who has agreed, and is shown "urgent". */
export const EWA = { ...NAVIGATION, cookie: "slotwise_id=ewa; slotwise_consent=personalization" };

/**
 * Starts an origin and the Worker in front of it; `vars` are the Worker's variables, `bundle` what is deployed with it, compiled or not,
 * `start` starts the Worker of a configuration otherwise than Wrangler's development server does.
 */
export async function startEdge(name, { bundle = BUNDLE, vars = {}, start = startWorker, ...options } = {}) {
  const origin = await startOrigin();
  const file = bundle === null || bundle instanceof Uint8Array ? bundle : await compiled(bundle);
  const files = file === null ? {} : { "bundle.slotwise": file };
  const { config } = makeSite(name, files, { vars: { ORIGIN: origin.url, ...vars }, ...options });
  const worker = await start({ config });
  return {
    origin,
    worker,
    url: worker.url,
    /** Asks for a page as a browser does, unless told otherwise. */
    get: (path, headers = NAVIGATION, options = {}) => worker.fetch(path, { headers, ...options }),
    close: async () => {
      await worker.dispose();
      origin.close();
    },
  };
}

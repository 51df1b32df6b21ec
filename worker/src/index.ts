// Slotwise at the edge: a Cloudflare Worker in front of a site. Every page passes through as a stream; what its slots show is
// decided before the first byte leaves, by the same engine as in the browser. See docs/deploy.md.

import { fromOrigin } from "./page/origin.ts";
import { servePage } from "./page/page.ts";
import type { Place } from "./place.ts";
import { problem } from "./problem.ts";
import { route } from "./routes/index.ts";
import { type Env, settingsOf } from "./settings.ts";

export default {
  async fetch(request, env, context): Promise<Response> {
    // Where the Worker is a route in front of a site, the site answers if nothing here does.
    context.passThroughOnException();
    const settings = settingsOf(env);
    const url = new URL(request.url);
    const place: Place = { env, settings, url, waitUntil: (promise) => context.waitUntil(promise) };
    const { pathname } = url;
    if (pathname.startsWith(settings.prefix)) return answered(request, pathname.slice(settings.prefix.length), place);
    // A connection that is upgraded is not a page, and what is in it is not ours.
    if (request.headers.has("upgrade")) return fromOrigin(request, place);
    return servePage(request, place);
  },
} satisfies ExportedHandler<Env>;

async function answered(request: Request, path: string, place: Place): Promise<Response> {
  try {
    return await route(request, path, place);
  } catch (thrown) {
    console.error(JSON.stringify({ message: "slotwise: route", path, failure: String(thrown) }));
    return problem("failed", "The Worker's log says more.");
  }
}

import type { Place } from "../place.ts";
import { problem } from "../problem.ts";

/**
 * Refuses what a page of another site has sent: it would act for the visitor without their knowledge. Browsers say where a request comes
 * from, older ones by its `Origin` alone; whoever says nothing is no browser, and has no visitor's cookies.
 */
export function refuseFromElsewhere({ headers }: Request, { url }: Place): Response | undefined {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  const isOwn =
    site !== null ? site === "same-origin" || site === "none" : origin === null || hostOf(origin) === url.host;
  return isOwn ? undefined : problem("cross-site", "Only pages of this very host may send this.");
}

/** Not the scheme: what stands before the Worker may speak HTTPS for it. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

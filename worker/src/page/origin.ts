// The way to the origin and back: what a proxy has to say and to mend, and nothing else.

import type { Place } from "../place.ts";
import { problem } from "../problem.ts";
import type { Env, Settings } from "../settings.ts";

/**
 * What the origin answers, or that it does not. What only reads is asked for once more (RFC 9110, 9.2.2): an origin may close a connection
 * that is kept open at the very moment when it is used again.
 */
export async function fromOrigin(request: Request, { env, settings }: Place): Promise<Response> {
  const ask = () => fetchOrigin(request, env, settings);
  try {
    return await (request.method === "GET" || request.method === "HEAD" ? ask().catch(ask) : ask());
  } catch (thrown) {
    console.error(JSON.stringify({ message: "slotwise: origin", failure: String(thrown) }));
    return problem("origin-unreachable", "The site's own server could not be reached.");
  }
}

/** Fetches what a request asks for, from the origin or from the assets. Redirects are for the browser to follow. */
async function fetchOrigin(request: Request, env: Env, { origin }: Settings): Promise<Response> {
  if (origin === undefined) return env.ASSETS.fetch(request);
  const url = new URL(request.url);
  const target = new URL(origin.href.replace(/\/$/, "") + url.pathname + url.search);
  const forwarded = new Request(target, request);
  forwarded.headers.set("x-forwarded-host", url.host);
  forwarded.headers.set("x-forwarded-proto", url.protocol.slice(0, -1));
  const answer = await fetch(forwarded, { redirect: "manual" });
  return movedHere(answer, target, url);
}

/** Redirects to the origin lead to the site instead. */
function movedHere(answer: Response, target: URL, site: URL): Response {
  const location = answer.headers.get("location");
  if (location === null || target.origin === site.origin || !URL.canParse(location)) return answer;
  const url = new URL(location);
  if (url.origin !== target.origin) return answer;
  const moved = new Response(answer.body, answer);
  moved.headers.set("location", site.origin + url.pathname + url.search + url.hash);
  return moved;
}

/** Headers of a request that ask for a part of something, or whether it has changed. */
const CONDITIONS = ["if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "range", "if-range"];
/** What HTMLRewriter can read: other encodings are not asked for. */
const ENCODINGS = "gzip, br";

/**
 * A request for a whole page, whatever the browser has kept of it: a part, or word that the page has not changed, is of
 * no use for adapting it. With `validators`, of the page before it was adapted, only a changed page is asked for.
 */
export function forWholePage(request: Request, validators: string | undefined): Request {
  const whole = new Request(request);
  for (const name of CONDITIONS) whole.headers.delete(name);
  if (validators !== undefined) whole.headers.set("if-none-match", validators);
  whole.headers.set("accept-encoding", ENCODINGS);
  return whole;
}

/** Whether a page is asked for, as far as a request tells: browsers say so in one of these headers. */
export function asksForPage({ method, headers }: Request): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const destination = headers.get("sec-fetch-dest");
  if (destination !== null && /^i?frame$|^document$/.test(destination)) return true;
  return headers.get("accept")?.includes("text/html") ?? false;
}

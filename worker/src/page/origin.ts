// The way to the origin and back: what a proxy has to say and to mend, and nothing else.

import type { Place } from "../place.ts";
import { problem } from "../problem.ts";

/**
 * What the origin answers, or that it does not. `prepare` changes the headers of what it is asked. What only reads is asked for once more
 * (RFC 9110, 9.2.2): an origin may close a connection that is kept open at the very moment when it is used again.
 */
export async function fromOrigin(
  request: Request,
  place: Place,
  prepare?: (headers: Headers) => void,
): Promise<Response> {
  const ask = () => fetchOrigin(request, place, prepare);
  try {
    return await (request.method === "GET" || request.method === "HEAD" ? ask().catch(ask) : ask());
  } catch (thrown) {
    console.error(JSON.stringify({ message: "slotwise: origin", failure: String(thrown) }));
    return problem("origin-unreachable", "The site's own server could not be reached.");
  }
}

/** Fetches what a request asks for, from the origin or from the assets. Redirects are for the browser to follow. */
async function fetchOrigin(
  request: Request,
  { env, settings: { origin }, url }: Place,
  prepare: (headers: Headers) => void = () => undefined,
): Promise<Response> {
  if (origin === undefined) {
    const asked = new Request(request);
    prepare(asked.headers);
    return env.ASSETS.fetch(asked);
  }
  const asked = new Request(origin.href.replace(/\/$/, "") + url.pathname + url.search, request);
  asked.headers.set("x-forwarded-host", url.host);
  asked.headers.set("x-forwarded-proto", url.protocol.slice(0, -1));
  prepare(asked.headers);
  const answer = await fetch(asked, { redirect: "manual" });
  return movedHere(answer, origin, url);
}

/** Redirects to the origin lead to the site instead. */
function movedHere(answer: Response, origin: URL, site: URL): Response {
  const location = answer.headers.get("location");
  if (location === null || origin.origin === site.origin || !URL.canParse(location)) return answer;
  const url = new URL(location);
  if (url.origin !== origin.origin) return answer;
  const moved = new Response(answer.body, answer);
  moved.headers.set("location", site.origin + url.pathname + url.search + url.hash);
  return moved;
}

/** Headers of a request that ask for a part of something, or whether it has changed. */
const CONDITIONS = ["if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "range", "if-range"];
/** What the Worker can read: other encodings are not asked for. */
const ENCODINGS = "gzip, br";

/**
 * Makes a request's headers ask for a whole page, whatever the browser has kept of it: a part, or word that the page has not
 * changed, is of no use for adapting it. With `validators`, of the page before it was adapted, only a changed page is asked for.
 */
export function askForWhole(headers: Headers, validators: string | undefined): void {
  for (const name of CONDITIONS) headers.delete(name);
  if (validators !== undefined) headers.set("if-none-match", validators);
  headers.set("accept-encoding", ENCODINGS);
}

/** Whether a page is asked for, as far as a request tells: browsers say so in one of these headers. */
export function asksForPage({ method, headers }: Request): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const destination = headers.get("sec-fetch-dest");
  if (destination !== null && /^i?frame$|^document$/.test(destination)) return true;
  return headers.get("accept")?.includes("text/html") ?? false;
}

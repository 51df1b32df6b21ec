// Adapted pages at the edge, kept by what they show: only visitors who are shown the same are given the same.

import CachePolicy from "http-cache-semantics";
import type { Cache } from "slotwise";
import type { Decided } from "../decide.ts";

/** Paths of pages that the origin allows to be shared; others are not looked for. Bounded by {@link MOST_PATHS}. */
const shareable = new Set<string>();
const MOST_PATHS = 2000;
/** The largest page that is kept, in bytes: until it is whole, it is in memory. */
const LARGEST = 1024 * 1024;
const PART = 64 * 1024;
/** A cache of our own: what `fetch` finds in the default one must never be an adapted page. */
const NAME = "slotwise-pages";

/** Whether a page that shows this may be kept and given to others who are shown the same. */
export function mayShare(request: Request, { result, cache, visitor }: Decided): boolean {
  const { headers, method } = request;
  if (method !== "GET" || headers.has("authorization")) return false;
  // A reload asks for the page anew.
  if (/\bno-(cache|store)\b|max-age=0/i.test(headers.get("cache-control") ?? "")) return false;
  if (Object.values(result.slots).some(({ source }) => source === "forced" || source === "error")) return false;
  // A page that prints the id is nobody else's.
  return visitor.id === undefined || !cache.key.includes(visitor.id);
}

/** Whether pages of an address were kept before. */
export function hasKept(url: URL): boolean {
  return shareable.has(url.pathname);
}

/** Looks for a page. */
export async function kept(url: URL, shown: string): Promise<Response | undefined> {
  return (await caches.open(NAME)).match(keyOf(url, shown));
}

/** The seconds for which the origin and the clock allow a page to be kept. */
export function keptFor(request: Request, answer: Response, { maxAge }: Cache): number {
  // Most pages name no time, or refuse; that is told without reading everything that a cache has to heed.
  const control = answer.headers.get("cache-control") ?? "";
  if (!/\bmax-?age\b/i.test(control) && !answer.headers.has("expires")) return 0;
  if (/\b(?:private|no-store|no-cache)\b/i.test(control)) return 0;
  const vary = (answer.headers.get("vary") ?? "").split(",").map((name) => name.trim().toLowerCase());
  if (vary.some((name) => name !== "" && name !== "accept-encoding")) return 0;
  const policy = new CachePolicy(
    { url: request.url, method: request.method, headers: Object.fromEntries(request.headers) },
    { status: answer.status, headers: Object.fromEntries(answer.headers) },
    { shared: true, cacheHeuristic: 0 },
  );
  if (!policy.storable() || answer.headers.has("set-cookie")) return 0;
  return Math.min(Math.floor(policy.timeToLive() / 1000), maxAge);
}

/**
 * Keeps a page for as long as it holds, once it is there whole: what an origin breaks off in the middle must not become everybody's page,
 * and rejects.
 */
export async function keep(url: URL, shown: string, page: Response, seconds: number): Promise<void> {
  const parts = page.body === null ? undefined : await whole(page.body);
  if (parts === undefined) return;
  if (shareable.size >= MOST_PATHS) shareable.clear();
  shareable.add(url.pathname);
  const stored = new Response(new Blob(parts), page);
  stored.headers.set("cache-control", `public, max-age=${seconds}`);
  // The parts are not encoded; a cache that is told otherwise gives them back encoded twice.
  stored.headers.delete("content-encoding");
  await (await caches.open(NAME)).put(keyOf(url, shown), stored);
}

/** A body in parts; `undefined` as soon as it is too large to be kept. */
async function whole(body: ReadableStream<Uint8Array>): Promise<Uint8Array[] | undefined> {
  const reader = body.getReader({ mode: "byob" });
  const parts: Uint8Array[] = [];
  for (let length = 0; length <= LARGEST; ) {
    // Many small parts would each cost a turn.
    const { value, done } = await reader.readAtLeast(PART, new Uint8Array(PART));
    if (done) return parts;
    parts.push(value);
    length += value.byteLength;
  }
  await reader.cancel();
  return undefined;
}

function keyOf(url: URL, shown: string): string {
  const key = new URL(url);
  key.searchParams.append("slotwise-shown", shown);
  return key.href;
}

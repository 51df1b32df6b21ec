// What an adapted page says of itself: to caches, to the browser, and to whoever wonders what happened.

/** The header that says what became of a page. */
const OUTCOME = "x-slotwise";

/** Validators and lengths of the page before it was adapted, and orders to caches that know nothing of visitors. */
const NO_LONGER_TRUE = [
  "content-length",
  "content-md5",
  "digest",
  "content-digest",
  "repr-digest",
  "accept-ranges",
  "last-modified",
  "expires",
  "age",
  "pragma",
  "cdn-cache-control",
  "cloudflare-cdn-cache-control",
  "surrogate-control",
  "surrogate-key",
  "cache-tag",
];

/** Makes a page its visitor's alone: a browser may keep it, but has to ask whether it still holds. */
export function makePrivate(headers: Headers, etag: string | undefined): void {
  const isSecret = /\bno-store\b/i.test(headers.get("cache-control") ?? "");
  for (const name of NO_LONGER_TRUE) headers.delete(name);
  headers.set("cache-control", isSecret ? "private, no-store" : "private, no-cache");
  if (etag === undefined) headers.delete("etag");
  else headers.set("etag", etag);
}

/** How long something took, in milliseconds. Workers' clocks stand still between reads and writes: only waiting shows. */
export type Timings = Partial<Record<"bundle" | "origin" | "decide", number>>;

/** Says what became of a page. */
export function sayOutcome(headers: Headers, outcome: string, timings: Timings): void {
  const text = outcome.replace(/[^ -~]/g, "").slice(0, 200);
  headers.set(OUTCOME, text);
  const parts = [`slotwise;desc="${text.replace(/["\\]/g, "")}"`];
  for (const [name, duration] of Object.entries(timings)) parts.push(`slotwise-${name};dur=${duration}`);
  headers.append("server-timing", parts.join(", "));
}

const ADAPTED_TAG = /^W\/"(.*)\.([0-9a-f]{16})"$/;

/** The validator of an adapted page: the origin's, and the digest of what is shown. */
export function adaptedTag(tag: string | null, shown: string): string | undefined {
  const inner = tag === null ? undefined : /^(?:W\/)?"(.*)"$/.exec(tag)?.[1];
  return inner === undefined ? undefined : `W/"${inner}.${shown}"`;
}

/** The origin's validators, when what a browser has kept shows the same as would be shown now. */
export function originTags(condition: string | null, shown: string): string | undefined {
  const inner = tagsIn(condition).flatMap((tag) => {
    const [, origin, digest] = ADAPTED_TAG.exec(tag) ?? [];
    return digest === shown ? [origin] : [];
  });
  return inner.length === 0 ? undefined : inner.map((tag) => `"${tag}", W/"${tag}"`).join(", ");
}

/** The validators in an If-None-Match header; a comma may stand within quotes. */
export function tagsIn(condition: string | null): string[] {
  return condition?.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

/** The nonce that the page's policy asks of scripts. */
export function nonceOf(headers: Headers): string | undefined {
  const policy = headers.get("content-security-policy");
  if (policy === null) return undefined;
  const directive = ["script-src-elem", "script-src", "default-src"]
    .map((name) => new RegExp(`(?:^|[;,])\\s*${name}\\s([^;,]*)`, "i").exec(policy)?.[1])
    .find((sources) => sources !== undefined);
  return /'nonce-([\w+/=-]+)'/.exec(directive ?? "")?.[1];
}

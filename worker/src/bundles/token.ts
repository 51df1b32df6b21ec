import { problem } from "../problem.ts";
import type { Env, Settings } from "../settings.ts";

/** Lets a request pass that carries the token, else says what is missing. */
export async function refuseWithoutToken(
  request: Request,
  env: Env,
  settings: Settings,
): Promise<Response | undefined> {
  if (settings.token === undefined) {
    return problem("unauthorized", "Publishing is off: the secret BUNDLE_TOKEN is not set.");
  }
  const from = request.headers.get("cf-connecting-ip") ?? "unknown";
  if (env.PUBLISH_LIMIT !== undefined && !(await env.PUBLISH_LIMIT.limit({ key: from })).success) {
    return problem("too-many-requests", "Try again in a minute.", {}, { "retry-after": "60" });
  }
  const given = /^Bearer +(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  if (await same(given, settings.token)) return undefined;
  const detail = 'Send "Authorization: Bearer …" with the secret that BUNDLE_TOKEN holds.';
  return problem("unauthorized", detail, {}, { "www-authenticate": 'Bearer realm="slotwise"' });
}

/** Compares digests, so that neither the length nor the first difference can be told from the time it takes. */
async function same(one: string, other: string): Promise<boolean> {
  const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const [first, second] = await Promise.all([digest(one), digest(other)]);
  return crypto.subtle.timingSafeEqual(first, second);
}

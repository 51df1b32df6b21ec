// The demonstration's other visitors: fields of the address, such as `as.hour=8`, change what is known of the one who asks.
// Only where the variable PERSONAS is "on": on a real site nobody may choose who they are.

import type { Context } from "slotwise";
import { zoneAt } from "../../../pkg/src/engine/zone.ts";
import { cookie } from "../../../pkg/src/visitor/cookies.ts";

const COOKIE = "slotwise_as";
const MARK = "as.";
const CLEAR = "as.clear";
const LONGEST = 2048;

/** The persona that a request names, in its address or else in the cookie of an earlier one. */
export function personaOf(request: Request): URLSearchParams | undefined {
  const named = fieldsOf(new URL(request.url).searchParams);
  if (named.size > 0) return named.has(CLEAR) ? undefined : named;
  const kept = cookie(request.headers.get("cookie") ?? "", COOKIE);
  if (kept === undefined || kept.length > LONGEST) return undefined;
  // The cookie is a query string within a query string, so that whatever it holds is decoded without an error.
  const fields = fieldsOf(new URLSearchParams(new URLSearchParams(`kept=${kept}`).get("kept") ?? ""));
  return fields.size > 0 ? fields : undefined;
}

/** The cookie that keeps the persona until the browser is closed, when the address has named one. */
export function personaCookie(request: Request): string | undefined {
  const named = fieldsOf(new URL(request.url).searchParams);
  if (named.size === 0) return undefined;
  if (named.has(CLEAR)) return `${COOKIE}=; Path=/; Max-Age=0; SameSite=Lax`;
  const value = encodeURIComponent(named.toString());
  return value.length > LONGEST ? undefined : `${COOKIE}=${value}; Path=/; SameSite=Lax`;
}

/** Makes the visitor of a context a persona. */
export function assume(context: Context, persona: URLSearchParams): void {
  const attributes = { ...context.attributes };
  const field = (name: string) => persona.get(MARK + name) || undefined;
  const place = placeOf(field("place"));
  if (place !== undefined) {
    attributes.geo = place;
    if (typeof place.timeZone === "string") context.timeZone = place.timeZone;
  }
  const device = field("device");
  if (device !== undefined) attributes.device = { type: device };
  const campaign = field("campaign");
  if (campaign !== undefined) attributes.utm = { campaign };
  const referrer = field("referrer");
  if (referrer !== undefined && context.request !== undefined) context.request.referrer = referrer;
  if (persona.has(`${MARK}visitor`)) {
    const id = field("visitor");
    delete attributes.id;
    delete context.sticky;
    if (id !== undefined) attributes.id = id;
    context.consent = { personalization: id !== undefined };
  }
  context.attributes = attributes;
  context.now = momentOf(field("date"), field("hour"), context);
}

/** The moment at which a clock in the visitor's time zone shows a day and an hour. */
function momentOf(date: string | undefined, hour: string | undefined, { now = Date.now(), timeZone }: Context): number {
  const offset = (at: number) => zoneAt(timeZone, at, false).offset * 60_000;
  const [, hours, minutes = "0"] = /^([01]?\d|2[0-3])(?::([0-5]\d))?$/.exec(hour ?? "") ?? [];
  const [day] = /^\d{4}-\d\d-\d\d$/.exec(date ?? "") ?? [];
  if (hours === undefined && day === undefined) return now;
  const local = new Date(now + offset(now));
  const start = day === undefined ? local.setUTCHours(0, 0, 0, 0) : Date.parse(day);
  const time = hours === undefined ? local.getUTCHours() * 60 : Number(hours) * 60 + Number(minutes);
  const wall = start + time * 60_000;
  return Number.isNaN(wall) ? now : wall - offset(wall - offset(wall));
}

function placeOf(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const place: unknown = JSON.parse(text ?? "null");
    return typeof place === "object" && place !== null ? (place as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(parameters: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...parameters].filter(([name]) => name.startsWith(MARK)));
}

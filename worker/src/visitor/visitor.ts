// Who asks: what a request tells, what the visitor has agreed to, and what may be kept.

import type { Cache, Context, Engine, Result } from "slotwise";
import { type Consent, consentOf, mayKeep } from "../../../pkg/src/visitor/consent.ts";
import { cookie, cookieText, ID_COOKIE, isId, KEPT_FOR, STICKY_COOKIE } from "../../../pkg/src/visitor/cookies.ts";
import { PROFILE_COOKIE, readProfile } from "../../../pkg/src/visitor/profile.ts";
import { addSticky, readSticky } from "../../../pkg/src/visitor/sticky.ts";
import type { Settings } from "../settings.ts";

/** One visitor, for one request. */
export interface Visitor {
  consent: Consent;
  /** The id to decide with; nothing without consent. */
  id: string | undefined;
  /** Whether the id is new, and not kept yet. */
  isNew: boolean;
  /** Whether cookies may be set or deleted after this request. */
  keeps: boolean;
  /** The cookies that came with the request. */
  cookies: { id: string | undefined; sticky: string | undefined; profile: string | undefined };
}

/** What the visitor has agreed to. */
export function consentFrom({ headers }: Request, settings: Settings): Consent {
  const cookies = headers.get("cookie") ?? "";
  const answer =
    (settings.consentHeader && headers.get(settings.consentHeader)) || cookie(cookies, settings.consentCookie);
  return consentOf(answer || undefined, sendsGpc(headers), settings);
}

/** Whether the browser sends Global Privacy Control. */
export function sendsGpc(headers: Headers): boolean {
  return headers.get("sec-gpc") === "1";
}

/** Reads consent and id. An id is made up for a visitor who has consented; whether it is kept is decided later. */
export function visitorOf(request: Request, settings: Settings, engine: Engine): Visitor {
  const cookies = request.headers.get("cookie") ?? "";
  const consent = consentFrom(request, settings);
  const found = {
    id: cookie(cookies, settings.idCookie),
    sticky: cookie(cookies, STICKY_COOKIE),
    profile: cookie(cookies, PROFILE_COOKIE),
  };
  const id = isId(found.id) ? found.id : undefined;
  const hasConsent = Object.values(consent).some(Boolean);
  if (id !== undefined || !hasConsent || settings.idCookie !== ID_COOKIE) {
    return { consent, id: hasConsent ? id : undefined, isNew: false, keeps: true, cookies: found };
  }
  return { consent, id: engine.mintId(), isNew: true, keeps: true, cookies: found };
}

/** What the engine is told of a visitor's request. */
export function contextOf(request: Request, { consent, id, cookies }: Visitor): Context {
  const { headers } = request;
  const cf = request.cf as Partial<IncomingRequestCfProperties> | undefined;
  // Whether the visitor's consent covers it, the engine knows; see also `withoutKept`.
  const profile = readProfile(cookies.profile);
  return {
    attributes: { ...(cf && { geo: placeOf(cf) }), ...(id !== undefined && { id }) },
    request: {
      url: request.url,
      referrer: headers.get("referer"),
      userAgent: headers.get("user-agent"),
      language: headers.get("accept-language"),
    },
    consent: { ...consent },
    now: Date.now(),
    ...(cf?.timezone && { timeZone: cf.timezone }),
    ...(id !== undefined && { sticky: readSticky(cookies.sticky) }),
    ...(profile && { profile }),
  };
}

/** What was kept of a visitor is not looked at without consent, even where the bundle asks for none. */
export function withoutKept(context: Context): Context {
  if (mayKeep(context.consent ?? {}, undefined)) return context;
  const { profile, sticky, attributes, ...others } = context;
  const { id, ...unkept } = attributes ?? {};
  return { ...others, attributes: unkept };
}

/** What the network knows of the visitor's place. */
function placeOf(cf: Partial<IncomingRequestCfProperties>): Record<string, unknown> {
  const number = (text: unknown) => (text === undefined ? undefined : Number(text));
  return {
    continent: cf.continent,
    country: cf.country,
    region: cf.region,
    city: cf.city,
    postalCode: cf.postalCode,
    latitude: number(cf.latitude),
    longitude: number(cf.longitude),
    timeZone: cf.timezone,
  };
}

/**
 * The cookies to set: an id that is new and that a decision has read; the arms to keep. Without consent, what an earlier
 * visit has kept is deleted.
 */
export function cookiesFor(visitor: Visitor, { sticky }: Result, { varies }: Cache, settings: Settings): string[] {
  const { consent, id, isNew, keeps, cookies } = visitor;
  if (!keeps) return [];
  const domain = settings.cookieDomain;
  const kept = { maxAge: KEPT_FOR, domain };
  const deleted = { maxAge: 0, domain };
  const own = settings.idCookie === ID_COOKIE;
  const set: string[] = [];
  if (!Object.values(consent).some(Boolean)) {
    if (own && cookies.id !== undefined) set.push(cookieText(ID_COOKIE, "", deleted));
    if (cookies.sticky !== undefined) set.push(cookieText(STICKY_COOKIE, "", deleted));
    if (cookies.profile !== undefined) set.push(cookieText(PROFILE_COOKIE, "", deleted));
    return set;
  }
  if (id !== undefined && isNew && varies.includes("id")) set.push(cookieText(ID_COOKIE, id, kept));
  const arms = addSticky(cookies.sticky, sticky);
  if (arms !== undefined) set.push(cookieText(STICKY_COOKIE, arms, kept));
  return set;
}

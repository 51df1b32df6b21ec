/** The visitor's id: 32 hexadecimal digits. */
export const ID_COOKIE = "slotwise_id";
/** What the visitor has consented to; the site writes it. */
export const CONSENT_COOKIE = "slotwise_consent";
/** Arms of earlier visits. */
export const STICKY_COOKIE = "slotwise_sticky";

/** How long an id and its arms are kept, in seconds: a year. */
export const KEPT_FOR = 365 * 24 * 3600;

/** The value of a cookie in a `Cookie` header or `document.cookie`; the first one, as browsers send the closest path first. */
export function cookie(cookies: string, name: string): string | undefined {
  if (!cookies.includes(name)) return undefined;
  for (const pair of cookies.split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined;
  }
  return undefined;
}

/** Where a cookie may be read, and for how long. */
export interface CookieScope {
  /** Seconds; 0 deletes the cookie. */
  maxAge: number;
  /** The site's domain, to share the cookie with its subdomains; the host alone when missing. */
  domain?: string | undefined;
  /** Whether it may travel encrypted only. Default: it may not travel otherwise. */
  secure?: boolean | undefined;
}

/** A first-party cookie, as `Set-Cookie` and `document.cookie` take it. The value must be safe in a cookie. */
export function cookieText(name: string, value: string, { maxAge, domain, secure = true }: CookieScope): string {
  const scope = `${secure ? "; Secure" : ""}${domain === undefined ? "" : `; Domain=${domain}`}`;
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; SameSite=Lax${scope}`;
}

/** An id that can be taken as it is: what is longer or has other characters was not set by a site that means well. */
export function isId(value: string | undefined): value is string {
  return value !== undefined && /^[\w.~-]{1,128}$/.test(value);
}

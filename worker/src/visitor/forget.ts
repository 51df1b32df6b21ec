import type { Consent } from "../../../pkg/src/visitor/consent.ts";
import { cookieText, ID_COOKIE, KEPT_FOR, STICKY_COOKIE } from "../../../pkg/src/visitor/cookies.ts";
import { FORGOTTEN_PROFILE, PROFILE_COOKIE } from "../../../pkg/src/visitor/profile.ts";
import type { Settings } from "../settings.ts";

/**
 * The cookies that delete all that is kept of a visitor. An id of the site's own is the site's to delete. A visitor whose profile may be kept
 * again is given word that it was forgotten, because a page has it in its storage as well.
 */
export function forgetCookies(consent: Consent, { idCookie, cookieDomain: domain }: Settings): string[] {
  const deleted = (name: string) => {
    const cookies = [cookieText(name, "", { maxAge: 0, domain })];
    // A page that was not told of the domain has kept its own for the host.
    if (domain !== undefined) cookies.push(cookieText(name, "", { maxAge: 0 }));
    return cookies;
  };
  const cookies = [...(idCookie === ID_COOKIE ? deleted(ID_COOKIE) : []), ...deleted(STICKY_COOKIE)];
  const [profile = "", ...others] = deleted(PROFILE_COOKIE);
  const mayKeep = Object.values(consent).some(Boolean);
  const word = cookieText(PROFILE_COOKIE, FORGOTTEN_PROFILE, { maxAge: KEPT_FOR, domain });
  return [...cookies, ...others, mayKeep ? word : profile];
}

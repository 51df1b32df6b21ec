// The visitor's answer, for sites that keep it nowhere else.

import { writeConsent } from "../../../pkg/src/visitor/consent.ts";
import { CONSENT_COOKIE, cookieText, KEPT_FOR } from "../../../pkg/src/visitor/cookies.ts";
import type { Place } from "../place.ts";
import { problem } from "../problem.ts";
import { forgetCookies } from "../visitor/forget.ts";
import { sendsGpc } from "../visitor/visitor.ts";
import { isObject } from "./body.ts";
import { saidBy } from "./said.ts";

const LARGEST = 4096;

/** `POST consent`: keeps what the visitor has agreed to. Who agrees to nothing is forgotten. */
export async function postConsent(request: Request, place: Place): Promise<Response> {
  const { settings } = place;
  const said = await saidBy(request, place, LARGEST);
  if (said instanceof Response) return said;
  const { json } = said;
  if (!isObject(json)) {
    return problem("bad-request", 'Say yes or no to each purpose: {"personalization": true, "analytics": false}.');
  }
  const unclear = Object.keys(json).find((purpose) => typeof json[purpose] !== "boolean");
  if (unclear !== undefined) return problem("bad-request", `The answer to "${unclear}" should be true or false.`);
  const consent = json as Record<string, boolean>;
  const answer = writeConsent(consent);
  if (answer === undefined) {
    return problem(
      "bad-request",
      "A purpose has letters, digits, hyphens and underscores; all together at most 1,024.",
    );
  }
  if (settings.consentCookie !== CONSENT_COOKIE) {
    const detail = `This site keeps the answer itself, in the cookie "${settings.consentCookie}", or has it kept by whoever writes that.`;
    return problem("consent-not-taken", detail);
  }
  const agrees = Object.values(consent).some(Boolean);
  if (agrees && settings.heedsGpc && sendsGpc(request.headers)) {
    return problem("consent-not-taken", "The visitor's browser refuses, by Global Privacy Control, and that counts.");
  }
  const cookies = [cookieText(CONSENT_COOKIE, answer, { maxAge: KEPT_FOR, domain: settings.cookieDomain })];
  if (!agrees) cookies.push(...forgetCookies(consent, settings));
  const response = new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
  for (const text of cookies) response.headers.append("set-cookie", text);
  return response;
}

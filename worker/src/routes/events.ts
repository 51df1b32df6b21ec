// What the visitor did, from pages and applications that do not keep a profile themselves.

import { profiles } from "slotwise/profile";
import { cookieText, KEPT_FOR } from "../../../pkg/src/visitor/cookies.ts";
import { PROFILE_COOKIE, writeProfile } from "../../../pkg/src/visitor/profile.ts";
import type { Place } from "../place.ts";
import { keptProfile, type NotKept } from "../visitor/kept-profile.ts";
import { liveFor } from "./live.ts";
import { saidBy } from "./said.ts";
import { eventsIn } from "./tracked.ts";

/** As much as `navigator.sendBeacon` takes. */
const LARGEST = 64 * 1024;

/** `POST events`: adds one event, or a list of them, to the visitor's profile. */
export async function postEvents(request: Request, place: Place): Promise<Response> {
  const said = await saidBy(request, place, LARGEST);
  if (said instanceof Response) return said;
  const events = eventsIn(said.json);
  if (events instanceof Response) return events;
  const live = await liveFor(place);
  if (live instanceof Response) return live;
  const { bytes, notKept } = keptProfile(request, live.engine, place.settings);
  if (notKept !== undefined) return kept(0, notKept);
  const opened = await profiles();
  const profile = opened.open(bytes);
  try {
    const now = Date.now();
    const added = events.filter((event) => profile.track(event, now)).length;
    const response = kept(added);
    if (added > 0) {
      const scope = { maxAge: KEPT_FOR, domain: place.settings.cookieDomain };
      response.headers.append("set-cookie", cookieText(PROFILE_COOKIE, writeProfile(profile.toBytes()), scope));
    }
    return response;
  } finally {
    profile.free();
  }
}

function kept(count: number, reason?: NotKept): Response {
  return Response.json({ kept: count, reason }, { headers: { "cache-control": "no-store" } });
}

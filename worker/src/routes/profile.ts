// What is known of the visitor: for them to read, and to have forgotten.

import { profiles } from "slotwise/profile";
import type { Place } from "../place.ts";
import { forgetCookies } from "../visitor/forget.ts";
import { keptProfile } from "../visitor/kept-profile.ts";
import { consentFrom } from "../visitor/visitor.ts";
import { liveFor } from "./live.ts";
import { refuseFromElsewhere } from "./same-site.ts";

/** `GET profile`: what the profile says, as `session.profile()` has it. Of who has none, or has not agreed, nothing is known. */
export async function getProfile(request: Request, place: Place): Promise<Response> {
  const live = await liveFor(place);
  if (live instanceof Response) return live;
  const opened = await profiles();
  const profile = opened.open(keptProfile(request, live.engine, place.settings).bytes);
  try {
    const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
    return Response.json(profile.summary(), { headers });
  } finally {
    profile.free();
  }
}

/** `DELETE profile`: forgets the visitor, as far as the edge can. */
export function deleteProfile(request: Request, place: Place): Response {
  const refusal = refuseFromElsewhere(request, place);
  if (refusal !== undefined) return refusal;
  const response = new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
  for (const text of forgetCookies(consentFrom(request, place.settings), place.settings))
    response.headers.append("set-cookie", text);
  return response;
}

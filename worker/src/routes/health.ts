import { health, wanted } from "../bundles/live.ts";
import type { Place } from "../place.ts";

/** `GET health`: whether pages are adapted, by which bundle, and what is wrong if anything is. */
export async function getHealth(place: Place): Promise<Response> {
  await wanted(place).catch(() => undefined);
  const { live, failure, askedAt } = health();
  const { mistakes, origin } = place.settings;
  const state = {
    status: live === undefined ? "failing" : failure !== undefined || mistakes.length > 0 ? "degraded" : "ok",
    bundle: live && {
      id: live.engine.id,
      revision: live.engine.revision,
      digest: live.digest,
      from: live.from,
    },
    askedAt: Number.isFinite(askedAt) ? new Date(askedAt).toISOString() : undefined,
    failure,
    mistakes,
    origin: origin === undefined ? "assets" : "proxied",
  };
  const status = live === undefined ? 503 : 200;
  return Response.json(state, { status, headers: { "cache-control": "no-store" } });
}

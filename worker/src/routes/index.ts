import type { Place } from "../place.ts";
import { problem } from "../problem.ts";
import { getBundle, postRollback, putBundle } from "./bundle.ts";
import { postConsent } from "./consent.ts";
import { postDecide } from "./decide.ts";
import { postEvents } from "./events.ts";
import { getFile } from "./files.ts";
import { getHealth } from "./health.ts";
import { deleteProfile, getProfile } from "./profile.ts";

type Handler = (request: Request, place: Place) => Response | Promise<Response>;

/** The routes under the prefix, by path and method. */
const ROUTES: Record<string, Record<string, Handler>> = {
  decide: { POST: postDecide },
  events: { POST: postEvents },
  profile: { GET: getProfile, DELETE: deleteProfile },
  consent: { POST: postConsent },
  bundle: { GET: getBundle, HEAD: getBundle, PUT: putBundle },
  "bundle/rollback": { POST: postRollback },
  health: { GET: (_, place) => getHealth(place) },
};

/** Answers a request under the prefix. */
export async function route(request: Request, path: string, place: Place): Promise<Response> {
  const methods = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  if (methods === undefined) {
    if (request.method === "GET" || request.method === "HEAD") return getFile(request, path, place);
    return problem("not-found", `The Worker has no route "${path}".`);
  }
  const handler = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (handler !== undefined) return handler(request, place);
  const allow = Object.keys(methods).join(", ");
  return problem("method-not-allowed", `This route takes ${allow}.`, {}, { allow });
}

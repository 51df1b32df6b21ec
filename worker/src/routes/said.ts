import type { Place } from "../place.ts";
import { problem } from "../problem.ts";
import { jsonOf } from "./body.ts";
import { refuseFromElsewhere } from "./same-site.ts";

/** What a page says of its visitor, in JSON: with `fetch`, or with `navigator.sendBeacon`, which calls a text plain. */
export async function saidBy(request: Request, place: Place, most: number): Promise<{ json: unknown } | Response> {
  const refusal = refuseFromElsewhere(request, place);
  if (refusal !== undefined) return refusal;
  if (!/^(?:application\/json|text\/plain)\b/i.test(request.headers.get("content-type") ?? "")) {
    return problem("unsupported-type", "Send JSON, with the content type application/json or text/plain.");
  }
  return jsonOf(request, most);
}

import { type Live, wanted } from "../bundles/live.ts";
import type { Place } from "../place.ts";
import { problem } from "../problem.ts";

/** The live bundle; a problem when there is none. */
export async function liveFor(place: Place): Promise<Live | Response> {
  try {
    return await wanted(place);
  } catch (thrown) {
    return problem("no-bundle", (thrown as Error).message);
  }
}

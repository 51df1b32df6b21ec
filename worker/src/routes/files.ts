import type { Place } from "../place.ts";
import { problem } from "../problem.ts";

/** Where the files lie among the assets. */
const FOLDER = "/_slotwise/";

/** Serves the package's files for the browser. Those with a hash in their name are kept for a year. */
export async function getFile(request: Request, name: string, { env }: Place): Promise<Response> {
  const url = new URL(request.url);
  url.pathname = FOLDER + name;
  const file = await env.ASSETS.fetch(new Request(url, request));
  if (file.status === 404) return problem("not-found", `The Worker has no route and no file "${name}".`);
  if (!/^chunk-\w+\.js$/.test(name)) return file;
  const kept = new Response(file.body, file);
  kept.headers.set("cache-control", "public, max-age=31536000, immutable");
  return kept;
}

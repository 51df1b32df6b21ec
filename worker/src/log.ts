import type { Result } from "slotwise";
import type { Timings } from "./page/headers.ts";
import type { Settings } from "./settings.ts";

/** What is logged of a page. Nothing in it identifies the visitor: no id, no address, no query. */
interface Logged {
  outcome: string;
  reason?: string;
  status: number;
  result?: Result;
  timings?: Timings;
}

/** Logs one line of JSON for a sample of the pages, and for every page that should have been adapted and was not. */
export function logPage({ logSample }: Settings, request: Request, { result, ...logged }: Logged): void {
  const failed = logged.outcome === "untouched";
  if (!failed && (logSample === 0 || Math.random() >= logSample)) return;
  const slots =
    result && Object.fromEntries(Object.entries(result.slots).map(([name, shown]) => [name, shown.variant]));
  const line = {
    message: "slotwise: page",
    path: new URL(request.url).pathname,
    ...logged,
    slots,
    sample: failed ? 1 : logSample,
  };
  if (failed) console.warn(JSON.stringify(line));
  else console.log(JSON.stringify(line));
}

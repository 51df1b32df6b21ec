// Shows a decision in a page on its way to the visitor.

import { Rewriter } from "../html/rewriter.ts";
import { rewritten } from "../html/stream.ts";
import { type Rewriting, Slots } from "./slots.ts";

/** A page with the slots adapted. */
export async function rewrite(page: Response, rewriting: Rewriting): Promise<Response> {
  if (page.body === null) return new Response(null, page);
  const rewriter = new Rewriter(new Slots(rewriting), rewriting.charset);
  return new Response(await rewritten(page.body, lengthOf(page), rewriter), page);
}

/** The length of a page's body, where it is known. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.has("content-encoding") ? null : headers.get("content-length");
  return length === null ? undefined : Number(length);
}

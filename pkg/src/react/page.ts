import { type Handoff, readHandoff, STATE } from "../handoff/handoff.js";

/** What React says of itself in the handoff and on the slots' elements. */
export const OWNER = "react";

/** The handoff that a page came with. */
export interface PageHandoff {
  text: string;
  handoff: Handoff;
}

let found: PageHandoff | undefined;

/** The page's handoff, by React's server or by the edge; kept, because a tree that goes may take the element with it. */
export function pageHandoff(): PageHandoff | undefined {
  if (found === undefined && typeof document !== "undefined") {
    const text = document.getElementById(STATE)?.textContent ?? "";
    const handoff = readHandoff(text);
    if (handoff !== undefined) found = { text, handoff };
  }
  return found;
}

/** The page's handoff, if a React server wrote it. */
export function renderedHandoff(): PageHandoff | undefined {
  const page = pageHandoff();
  return page?.handoff.owner === OWNER ? page : undefined;
}

/** Runs something once the page is parsed, if it is not yet. Returns what calls it off. */
export function whenParsed(run: () => void): () => void {
  if (document.readyState !== "loading") return () => {};
  document.addEventListener("DOMContentLoaded", run);
  return () => document.removeEventListener("DOMContentLoaded", run);
}

import { type Handoff, readHandoff, STATE } from "../handoff/handoff.js";

/** Reads what the edge has handed over, if it has. */
export function handoff(document: Document): Handoff | undefined {
  const text = document.getElementById(STATE)?.textContent;
  return text ? readHandoff(text) : undefined;
}

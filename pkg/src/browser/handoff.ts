import type { Exposure, Shown } from "../types.js";

/** What the edge tells the page that it has adapted already. */
export interface Handoff {
  id: string;
  revision: number;
  slots: Record<string, Shown>;
  exposures: Exposure[];
}

/** The element that holds it. */
const STATE = "slotwise-state";

/** Reads what the edge has handed over, if it has. */
export function handoff(document: Document): Handoff | undefined {
  const text = document.getElementById(STATE)?.textContent;
  if (!text) return undefined;
  try {
    const given = JSON.parse(text) as Handoff | null;
    return typeof given?.slots === "object" && Array.isArray(given.exposures) ? given : undefined;
  } catch {
    return undefined;
  }
}

import type { Exposure, Shown } from "../types.js";
import type { Live, PersonalizeOptions, SeenExposure, Session, SlotChange } from "./session.js";

/** What scripts of one page share, also when the package is on it twice: as a script of the edge's and in a site's own bundle. */
export interface Page {
  /** The page's session, once somebody has asked for it. */
  session: Session | undefined;
  /** Kept when the first decision is shown; `undefined` while there is nothing to decide from. */
  started: Promise<void> | undefined;
  /** What goes on in the page, once that is loaded. */
  live: Promise<Live | undefined>;
  options: PersonalizeOptions;
  /** Who decided what is shown; `undefined` while that is open. */
  decidedBy: Session["decidedBy"] | undefined;
  slots: Record<string, Shown>;
  exposures: Exposure[];
  listeners: { change: Set<(change: SlotChange) => void>; exposure: Set<(exposure: SeenExposure) => void> };
  /** Slots in shadow roots, which nothing finds from outside. */
  registered: Set<Element>;
  /** Told of slots that are registered later. */
  onRegistered: ((slot: Element) => void) | undefined;
}

const PAGE = Symbol.for("slotwise.page");

/** The page that this script is on. */
export function thisPage(): Page {
  const holder = globalThis as { [PAGE]?: Page };
  holder[PAGE] ??= {
    session: undefined,
    started: undefined,
    live: Promise.resolve(undefined),
    options: {},
    decidedBy: undefined,
    slots: {},
    exposures: [],
    listeners: { change: new Set(), exposure: new Set() },
    registered: new Set(),
    onRegistered: undefined,
  };
  return holder[PAGE];
}

/**
 * Makes a slot's element inside a shadow root known, which the page cannot find by itself. Call what is returned when the
 * element leaves the page.
 */
export function registerSlot(slot: Element): () => void {
  const page = thisPage();
  page.registered.add(slot);
  page.onRegistered?.(slot);
  return () => page.registered.delete(slot);
}

// What visitors do with elements that say what it means: `<button data-track="add_to_cart" data-item="boots">`.

import type { TrackedEvent } from "../types.js";
import { Exposures } from "./exposure.js";

/** The attribute that names the event. */
const NAME = "data-track";
/** When the event happens: `click`, `submit`, `seen` or `dwell`. */
const ON = "data-track-on";
/** Controls are used, forms are sent, everything else is seen. */
const CONTROLS = "a, button, input, select, textarea, summary, label, [role=button]";

/** Shorter than this, an element was not dwelt upon, in seconds. */
const SHORTEST = 1;

/** Tracks what is done with marked elements, and with those that come later. */
export function trackMarked(track: (event: TrackedEvent) => void, signal: AbortSignal): void {
  for (const type of ["click", "submit"]) {
    const heard = ({ target }: Event) => {
      const element = target instanceof Element ? target.closest(`[${NAME}]`) : null;
      if (element !== null && occasion(element) === type) track(eventOf(element));
    };
    // Whoever stops the event later, it has happened.
    document.addEventListener(type, heard, { capture: true, signal });
  }
  const seen = new Exposures((_, element) => {
    seen.unwatch(element);
    if (occasion(element) === "seen") track(eventOf(element));
    else dwelling.begin(element);
  }, signal);
  const dwelling = new Dwelling(track, signal);
  const watched = new WeakSet<Element>();
  const look = () => {
    // Who comes back is to be seen once more.
    for (const element of dwelling.endOfMissing()) watched.delete(element);
    for (const element of document.querySelectorAll(`[${NAME}]`)) {
      if (watched.has(element) || !["seen", "dwell"].includes(occasion(element))) continue;
      watched.add(element);
      seen.watch(element, "");
    }
  };
  look();
  const changes = new MutationObserver(look);
  changes.observe(document.documentElement, { childList: true, subtree: true });
  signal.addEventListener("abort", () => changes.disconnect());
}

/** Counts how long elements are on the screen, from when they have been noticed. */
class Dwelling {
  readonly #track: (event: TrackedEvent) => void;
  /** What each means, and since when it has been looked at: `undefined` while the page is out of sight. */
  readonly #looked = new Map<Element, { event: TrackedEvent; since: number | undefined }>();

  constructor(track: (event: TrackedEvent) => void, signal: AbortSignal) {
    this.#track = track;
    const isHidden = () => document.visibilityState === "hidden";
    document.addEventListener("visibilitychange", () => (isHidden() ? this.#tell() : this.#resume()), { signal });
    addEventListener("pagehide", () => this.#tell(), { signal });
  }

  begin(element: Element): void {
    // Once it is taken out of the page, nothing around it says of which item it was.
    this.#looked.set(element, { event: eventOf(element), since: performance.now() });
  }

  /** Tells how long those were dwelt upon that are not on the page any more, and gives them. */
  endOfMissing(): Element[] {
    const missing = [...this.#looked.keys()].filter((element) => !element.isConnected);
    for (const element of missing) {
      this.#tellOf(element);
      this.#looked.delete(element);
    }
    return missing;
  }

  #resume(): void {
    for (const element of this.#looked.keys()) this.begin(element);
  }

  /** The page is left, perhaps for good: what was dwelt upon so far is told. */
  #tell(): void {
    for (const element of this.#looked.keys()) this.#tellOf(element);
  }

  #tellOf(element: Element): void {
    const looked = this.#looked.get(element);
    if (looked?.since === undefined) return;
    const seconds = (performance.now() - looked.since) / 1000;
    looked.since = undefined;
    if (seconds >= SHORTEST) this.#track({ ...looked.event, value: seconds });
  }
}

function occasion(element: Element): string {
  const named = element.getAttribute(ON);
  if (named !== null) return named;
  if (element.getAttribute(NAME) === "dwell") return "dwell";
  return element instanceof HTMLFormElement ? "submit" : element.matches(CONTROLS) ? "click" : "seen";
}

/** The event that an element means, with what it or an element around it says of the item. */
function eventOf(element: Element): TrackedEvent {
  const said = (name: string) => element.closest(`[data-${name}]`)?.getAttribute(`data-${name}`) ?? undefined;
  const [item, category, value] = ["item", "category", "value"].map(said);
  const number = value === undefined || value === "" ? Number.NaN : Number(value);
  return {
    name: element.getAttribute(NAME) ?? "",
    ...(item && { item }),
    ...(category && { category }),
    ...(Number.isFinite(number) && { value: number }),
  };
}

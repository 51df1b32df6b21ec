import { isPrerendered } from "./lifecycle.js";

/** How long at least half of a slot has to be in sight, in milliseconds. */
const LONG_ENOUGH = 1000;

interface Watched {
  slot: string;
  /** The element of the slot that tells of it; the event is dispatched there. */
  element: Element;
  isHalf: boolean;
  isAcross: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Notices which slots have been in sight for long enough while somebody could look. */
export class Exposures {
  readonly #seen: (slot: string, element: Element) => void;
  readonly #watched = new Map<Element, Watched>();
  readonly #targets = new Map<Element, Element>();
  readonly #half = new IntersectionObserver((entries) => this.#update(entries, "isHalf"), { threshold: 0.5 });
  /** The middle of the screen: what is taller than the screen and lies across it covers at least half. */
  readonly #middle = new IntersectionObserver((entries) => this.#update(entries, "isAcross"), {
    rootMargin: "-50% 0px",
  });

  constructor(seen: (slot: string, element: Element) => void, signal: AbortSignal) {
    this.#seen = seen;
    document.addEventListener("visibilitychange", () => this.restart(), { signal });
    document.addEventListener("prerenderingchange", () => this.restart(), { signal });
    addEventListener("pagehide", () => this.#pause(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.restart(), { signal });
    signal.addEventListener("abort", () => {
      this.#pause();
      this.#half.disconnect();
      this.#middle.disconnect();
    });
  }

  /** Watches an element, from the start when it is watched already. */
  watch(element: Element, slot: string): void {
    this.unwatch(element);
    const target = boxOf(element);
    this.#targets.set(element, target);
    this.#watched.set(target, { slot, element, isHalf: false, isAcross: false, timer: undefined });
    this.#half.observe(target);
    this.#middle.observe(target);
  }

  unwatch(element: Element): void {
    const target = this.#targets.get(element);
    if (target === undefined) return;
    clearTimeout(this.#watched.get(target)?.timer);
    this.#targets.delete(element);
    this.#watched.delete(target);
    this.#half.unobserve(target);
    this.#middle.unobserve(target);
  }

  /** Counts from now on what is in sight: the page, or who looks at it, is another. */
  restart(): void {
    this.#pause();
    for (const watched of this.#watched.values()) this.#count(watched);
  }

  #pause(): void {
    for (const watched of this.#watched.values()) {
      clearTimeout(watched.timer);
      watched.timer = undefined;
    }
  }

  #update(entries: IntersectionObserverEntry[], part: "isHalf" | "isAcross"): void {
    for (const { target, isIntersecting, intersectionRatio, boundingClientRect } of entries) {
      const watched = this.#watched.get(target);
      if (watched === undefined) continue;
      watched[part] =
        isIntersecting && (part === "isHalf" ? intersectionRatio >= 0.5 : boundingClientRect.height > innerHeight);
      this.#count(watched);
    }
  }

  #count(watched: Watched): void {
    const isSeen = (watched.isHalf || watched.isAcross) && document.visibilityState === "visible" && !isPrerendered();
    if (!isSeen) {
      clearTimeout(watched.timer);
      watched.timer = undefined;
    } else {
      watched.timer ??= setTimeout(() => this.#fire(watched), LONG_ENOUGH);
    }
  }

  #fire(watched: Watched): void {
    watched.timer = undefined;
    // In its place, but not to be seen: it may still fade in.
    if (isInvisible(watched.element)) this.#count(watched);
    else this.#seen(watched.slot, watched.element);
  }
}

/** The element whose box says where a slot is: one with `display: contents` has none of its own. */
function boxOf(element: Element): Element {
  return getComputedStyle(element).display === "contents" ? (element.firstElementChild ?? element) : element;
}

function isInvisible(element: Element): boolean {
  const { display } = getComputedStyle(element);
  if (display === "contents" || typeof element.checkVisibility !== "function") return false;
  return !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
}

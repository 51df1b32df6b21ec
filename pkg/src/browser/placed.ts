import type { Shown } from "../types.js";
import { type Change, isReplaced } from "./apply.js";
import { MARK, OWNER } from "./mark.js";

/** A slot's element on the page. */
export interface Placed {
  readonly slot: string;
  readonly element: Element;
  /** What it shows, when that is something decided. */
  shown: Shown | undefined;
  /** What was changed to show it. */
  changes: Change[];
  /** What somebody else had shown in it, and put there, before anything was changed here; whether its content is known. */
  given: { shown: Shown; nodes: Node[]; isKnown: boolean } | undefined;
  /** Keeps it out of sight until it is decided. */
  hold: Animation | undefined;
  /** It has to be made again, once its content is known. */
  isStale: boolean;
  /** Somebody has changed something in what the edge had made: whether it still holds shows once its content is known. */
  isDoubted: boolean;
  /** The reader sees the page's own content, which is not swapped without need. */
  isLeft: boolean;
}

/** A slot's element, of which nothing is known yet. */
export function place(slot: string, element: Element): Placed {
  return {
    slot,
    element,
    shown: undefined,
    changes: [],
    given: undefined,
    hold: undefined,
    isStale: false,
    isDoubted: false,
    isLeft: false,
  };
}

/** Whether an element, or what has come instead of it, is on the page. */
export function isHere({ element, changes }: Placed): boolean {
  return element.isConnected || changes.some(({ nodes }) => nodes.some((node) => node.isConnected));
}

/** Whether something else than we shows what is decided. */
export function isOwned(element: Element): boolean {
  return element.hasAttribute(OWNER);
}

/** Whether two decisions look different. */
export function differ(one: Shown, other: Shown): boolean {
  return one.variant !== other.variant || JSON.stringify(one.content) !== JSON.stringify(other.content);
}

/** Whether an element shows what is decided, as it was made. */
export function isOurs(placed: Placed): boolean {
  return placed.element.getAttribute(MARK) === placed.shown?.variant && !isLost(placed);
}

/** Whether an element does not show any more what it did, because somebody else has changed it. */
export function isLost({ element, shown, changes, given }: Placed): boolean {
  if (shown === undefined || !element.isConnected || isOwned(element)) return false;
  if (element.getAttribute(MARK) !== shown.variant) return true;
  if (changes.some((change) => change.isLost())) return true;
  return changes.length === 0 && given !== undefined && isReplaced(element, given.nodes);
}

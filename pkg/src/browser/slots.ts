import type { Shown } from "../types.js";
import { isReplaced, isUndone, show, undo } from "./apply.js";
import { replaces } from "./covering.js";
import { Guard } from "./guard.js";
import { MARK, SLOTS, slotOf } from "./mark.js";
import { differ, isHere, isLost, isOurs, isOwned, type Placed, place } from "./placed.js";

/** What an element that the edge has marked held at first. */
export interface Left {
  nodes: Node[];
  text: string | null;
}

/** What the slots ask of the rest. */
export interface SlotsHost {
  /** What a slot is to show, if that is known, and whether its content is. */
  decision(slot: string): { shown: Shown; isWhole: boolean } | undefined;
  /** Something has to be decided for a new element. For how many milliseconds it may be held back until then. */
  want(slot: string): number;
  /** An element shows what is decided, or has been left to the page. */
  settled(placed: Placed): void;
  /** An element has left the page. */
  gone(placed: Placed): void;
}

/** The slots' elements: finds them, now and later, shows decisions in them, and sees that these stay. */
export class Slots {
  readonly guard = new Guard();
  readonly #host: SlotsHost;
  readonly #left: Map<Element, Left>;
  readonly #placed = new Map<Element, Placed>();
  /** Elements that are not on the page at the moment, and may come back. */
  readonly #away = new WeakMap<Element, Placed>();
  /** For elements that patches have put into the page: the slots whose patches did. */
  readonly #makers = new WeakMap<Element, Set<string>>();
  readonly #observer: MutationObserver;
  #isQuiet = false;

  /** `left` has what the elements that the edge has marked held at first. */
  constructor(host: SlotsHost, left: Map<Element, Left>) {
    this.#host = host;
    this.#left = left;
    this.#observer = new MutationObserver((records) => this.#mutated(records));
  }

  /** Finds all there are, and those that come later. */
  start(registered: Iterable<Element>): void {
    this.#observe(document);
    this.#scan(document);
    for (const slot of registered) this.register(slot);
  }

  /** Takes in a slot that cannot be found from the document, because it is in a shadow root. */
  register(slot: Element): void {
    this.#observe(slot.getRootNode());
    this.#appear(slot);
  }

  stop(): void {
    this.#observer.disconnect();
  }

  /** All elements of a slot, as they are on the page. */
  of(slot: string): Placed[] {
    return [...this.#placed.values()].filter((placed) => placed.slot === slot);
  }

  /** Shows what is decided by now in all elements that wait for it. */
  settle(): void {
    this.quietly(() => {
      for (const placed of [...this.#placed.values()]) {
        if (placed.shown === undefined && !placed.isLeft) this.#settle(placed);
        else if (placed.isDoubted) this.#verify(placed);
      }
    });
  }

  /** Waits for nothing any more: what has not been decided is seen as it is. */
  leave(): void {
    for (const placed of this.#placed.values()) {
      placed.hold?.cancel();
      placed.hold = undefined;
      placed.isLeft = placed.shown === undefined;
    }
  }

  /** Elements that would look different if a slot showed this. */
  differing(slot: string, shown: Shown): Placed[] {
    const differs = (placed: Placed) => (placed.shown === undefined ? placed.isLeft : differ(placed.shown, shown));
    return this.of(slot).filter((placed) => differs(placed) && this.#canShow(placed, shown));
  }

  /** Whether every element of a slot can be made to show this. */
  canShow(slot: string, shown: Shown): boolean {
    return this.of(slot).every((placed) => this.#canShow(placed, shown));
  }

  /** Shows something else in an element. */
  swap(placed: Placed, shown: Shown): void {
    this.quietly(() => {
      if (!isOwned(placed.element)) {
        undo(placed.changes);
        placed.changes = [];
        if (placed.given !== undefined && !differ(placed.given.shown, shown)) {
          placed.element.setAttribute(MARK, shown.variant);
        } else {
          this.#show(placed, shown);
        }
      }
      placed.shown = shown;
      placed.isLeft = false;
      this.#host.settled(placed);
    });
  }

  /** Learns what the edge has shown: its content stayed there. */
  recall(slot: string, shown: Shown): void {
    for (const placed of this.of(slot)) {
      if (placed.shown?.variant === shown.variant) placed.shown = shown;
      if (placed.given?.shown.variant === shown.variant) Object.assign(placed.given, { shown, isKnown: true });
    }
  }

  /** Makes changes of our own: what others did before is answered first, these are not. */
  quietly(change: () => void): void {
    if (this.#isQuiet) {
      change();
      return;
    }
    this.#mutated(this.#observer.takeRecords());
    this.#isQuiet = true;
    try {
      change();
    } finally {
      this.#isQuiet = false;
      this.#observer.takeRecords();
    }
  }

  /** Of the page at large, only what can bring or take a slot; of a slot, everything. */
  #observe(node: Node): void {
    const isSlot = node instanceof Element;
    this.#observer.observe(node, {
      subtree: true,
      childList: true,
      ...(isSlot ? { attributes: true, characterData: true } : { attributeFilter: [MARK, "data-slot", "name"] }),
    });
  }

  #scan(root: ParentNode): void {
    for (const element of root.querySelectorAll(SLOTS)) this.#appear(element);
  }

  #appear(element: Element): void {
    const slot = slotOf(element);
    if (slot === null || this.#placed.has(element)) return;
    // What a slot's own patches bring along is that slot already, as it is at the edge.
    if (this.#makersOf(element).has(slot)) return;
    const placed = this.#away.get(element) ?? place(slot, element);
    this.#placed.set(element, placed);
    if (placed.shown !== undefined && isOurs(placed)) this.#host.settled(placed);
    else this.#settle(placed);
  }

  #settle(placed: Placed): void {
    const { slot, element } = placed;
    const decision = this.#host.decision(slot);
    const mark = element.getAttribute(MARK);
    const left = this.#left.get(element);
    this.#left.delete(element);
    const isGiven = isOwned(element) || left !== undefined || mark === decision?.shown.variant;
    if (decision !== undefined && isGiven && !placed.isStale) {
      const { shown, isWhole } = decision;
      placed.given = { shown, nodes: left?.nodes ?? [...element.childNodes], isKnown: isWhole };
      placed.shown = decision.shown;
      this.#observe(element);
      if (isLost(placed)) this.#repair(placed);
      else {
        this.#host.settled(placed);
        if (left !== undefined && left.text !== element.textContent) this.#doubt(placed);
      }
      return;
    }
    if (decision === undefined || !decision.isWhole) {
      this.#hold(placed, this.#host.want(slot));
      return;
    }
    placed.hold?.cancel();
    placed.hold = undefined;
    if (placed.isStale) {
      this.#remake(placed, decision.shown);
      return;
    }
    if (this.guard.isRerendered(slot) && !this.guard.mayRepair(slot)) {
      placed.shown = decision.shown;
      this.#host.settled(placed);
      return;
    }
    if (mark !== null) {
      placed.given = { shown: { ...decision.shown, variant: mark, content: {} }, nodes: [], isKnown: false };
    }
    if (!this.#canShow(placed, decision.shown)) return;
    this.quietly(() => this.#show(placed, decision.shown));
    this.#host.settled(placed);
  }

  /** An animation, because it needs no style sheet, is no change to the page, and ends by itself. */
  #hold(placed: Placed, milliseconds: number): void {
    if (placed.hold !== undefined) return;
    placed.isLeft = false;
    if (milliseconds <= 0) return;
    const steps = [{ visibility: "hidden" }, { visibility: "visible" }];
    placed.hold = placed.element.animate(steps, { duration: milliseconds, easing: "step-end" });
    placed.hold.onfinish = () => {
      placed.isLeft = placed.shown === undefined;
    };
  }

  #show(placed: Placed, shown: Shown, again = false): void {
    const { slot, element } = placed;
    placed.changes = show(element, shown, again);
    placed.shown = shown;
    const makers = this.#makersOf(element).add(slot);
    for (const node of placed.changes.flatMap(({ nodes }) => nodes)) {
      if (!(node instanceof Element)) continue;
      this.#makers.set(node, makers);
      if (node.matches(SLOTS)) this.#appear(node);
      this.#scan(node);
    }
    this.#observe(element);
    // Whoever puts an element back that a decision has taken away is at odds with it.
    if (!element.isConnected) this.guard.lose(slot);
  }

  #makersOf(element: Element): Set<string> {
    for (let maker: Element | null = element; maker !== null; maker = maker.parentElement) {
      const slots = this.#makers.get(maker);
      if (slots !== undefined) return new Set(slots);
    }
    return new Set();
  }

  /** Without what was there before the edge changed it, only what replaces all of that can be shown. */
  #canShow({ given, element }: Placed, shown: Shown): boolean {
    if (given === undefined || isOwned(element) || !differ(given.shown, shown)) return true;
    return replaces(given.shown, shown, given.isKnown);
  }

  #mutated(records: MutationRecord[]): void {
    if (records.length === 0) return;
    for (const placed of [...this.#placed.values()]) if (!isHere(placed)) this.#remove(placed);
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        if (!(node instanceof Element) || !node.isConnected) continue;
        if (node.matches(SLOTS)) this.#appear(node);
        this.#scan(node);
      }
    }
    for (const { target, attributeName } of records) {
      if (attributeName === "data-slot" || attributeName === "name") this.#renamed(target as Element);
    }
    for (const placed of [...this.#placed.values()]) {
      if (isLost(placed)) this.#repair(placed);
      else if (records.some(({ target }) => placed.element.contains(target))) this.#doubt(placed);
    }
  }

  /** What the edge has made is known only by its content, which may still have to come. */
  #doubt(placed: Placed): void {
    const { slot, element, shown, changes, given, isDoubted } = placed;
    if (given === undefined || shown === undefined || changes.length > 0 || isDoubted || isOwned(element)) return;
    if (this.guard.isOverridden(slot)) return;
    if (this.#host.decision(slot)?.isWhole) this.#verify(placed);
    else {
      placed.isDoubted = true;
      this.#host.want(slot);
    }
  }

  /** Makes what the edge has made again, where somebody has changed it. */
  #verify(placed: Placed): void {
    const { slot, element, given } = placed;
    placed.isDoubted = false;
    if (given === undefined || !isUndone(element, given.shown)) return;
    if (this.guard.mayRepair(slot)) this.#remake(placed, given.shown);
    else this.#host.settled(placed);
  }

  #renamed(element: Element): void {
    const placed = this.#placed.get(element);
    if (placed?.slot === slotOf(element)) return;
    if (placed !== undefined) {
      this.#forget(placed);
      // What it showed belongs to another slot.
      if (placed.shown !== undefined && !isOwned(element)) {
        this.quietly(() => {
          undo(placed.changes);
          element.removeAttribute(MARK);
        });
      }
    }
    this.#appear(element);
  }

  #remove(placed: Placed): void {
    this.#away.set(placed.element, placed);
    this.#forget(placed);
    if (placed.shown !== undefined) this.guard.lose(placed.slot);
  }

  #forget(placed: Placed): void {
    this.#placed.delete(placed.element);
    this.#host.gone(placed);
  }

  #repair(placed: Placed): void {
    const { slot, element, shown, changes, given } = placed;
    if (shown === undefined || this.guard.isOverridden(slot)) return;
    if (!this.guard.mayRepair(slot)) {
      this.#host.settled(placed);
      return;
    }
    const isOnlyMark = !changes.some((change) => change.isLost()) && !(given && isReplaced(element, given.nodes));
    const decision = this.#host.decision(slot);
    if (isOnlyMark) this.quietly(() => element.setAttribute(MARK, shown.variant));
    else if (decision?.isWhole) this.#remake(placed, decision.shown);
    else {
      placed.isStale = true;
      placed.shown = undefined;
      this.#hold(placed, this.#host.want(slot));
    }
  }

  #remake(placed: Placed, shown: Shown): void {
    placed.isStale = false;
    // What is there by now is the page's own.
    placed.given = undefined;
    this.quietly(() => {
      undo(placed.changes);
      this.#show(placed, shown, true);
    });
    this.#host.settled(placed);
  }
}

// What becomes of the slots of a page. `pkg/src/browser/apply.ts` makes the same changes in the DOM.

import type { Result, Shown } from "slotwise";
import { patchesOf } from "../../../pkg/src/engine/patches.ts";
import { STATE } from "../../../pkg/src/handoff/handoff.ts";
import type { Patch } from "../../../pkg/src/types.ts";
import type { Element } from "../html/element.ts";
import type { Editor } from "../html/rewriter.ts";
import { type Selector, selectorOf } from "../html/selector.ts";
import { Patcher } from "./patcher.ts";

/** What is put at the end of a page on which a slot was found. */
export interface Rewriting {
  result: Result;
  /**
   * Makes the markup for the end of the body, given the slots that somebody else fills and whose content has to be handed over;
   * `undefined` for a part of a page.
   */
  ending: ((owned: ReadonlySet<string>) => string) | undefined;
  /** The charset that the page is said to have. What is not known to be UTF-8 gets nothing but ASCII. */
  charset: string | undefined;
}

/** The attribute by which a slot is marked with the variant that it shows. */
const MARK = "data-slotwise";
/** On elements that somebody else fills, such as a framework that shows the handoff by itself. */
const OWNER = "data-slotwise-owner";

/** A slot that is open, and what has to be changed in it. */
interface OpenSlot {
  element: Element;
  patches: [selector: Selector, patch: Patch][];
}

/** Shows a decision in the slots of a page. */
export class Slots implements Editor {
  readonly #rewriting: Rewriting;
  readonly #patcher: Patcher;
  /** The slots around what is read that have patches for elements in them. */
  readonly #around: OpenSlot[] = [];
  /** Slots that somebody else fills. */
  readonly #owned = new Set<string>();
  #isFound = false;
  /** A server that renders slots by itself hands its own decisions over. */
  #isHandedOver = false;

  constructor(rewriting: Rewriting) {
    this.#rewriting = rewriting;
    this.#patcher = new Patcher(/^utf-?8$/i.test(rewriting.charset ?? ""));
  }

  get wantsAll(): boolean {
    return this.#around.length > 0;
  }

  opened(element: Element): void {
    const { tag } = element;
    if (tag.is("script") && tag.get("id") === STATE) this.#isHandedOver = true;
    // A slot is not in itself.
    const depth = this.#around.length;
    const name = tag.get("data-slot") ?? (tag.is("adaptive-slot") ? tag.get("name") : undefined);
    const { slots } = this.#rewriting.result;
    if (name !== undefined && Object.hasOwn(slots, name)) this.#show(element, name, slots[name] as Shown);
    for (const { element: slot, patches } of this.#around.slice(0, depth)) {
      for (const [selector, patch] of patches) {
        if (selector.matches(element, slot)) this.#patcher.apply(element, patch);
      }
    }
  }

  closed(element: Element): string {
    if (this.#around.at(-1)?.element === element) this.#around.pop();
    return element.tag.is("body") ? this.ended() : "";
  }

  ended(): string {
    const { ending } = this.#rewriting;
    const isDue = this.#isFound && !this.#isHandedOver && ending !== undefined;
    this.#isFound = false;
    return isDue ? ending(this.#owned) : "";
  }

  #show(element: Element, name: string, { variant, content }: Shown): void {
    this.#isFound = true;
    const { tag } = element;
    if (tag.has(OWNER)) this.#owned.add(name);
    // What is there adapted already is not made twice.
    if (tag.has(MARK) || tag.has(OWNER)) return;
    tag.set(MARK, this.#patcher.attribute(variant));
    const patches: OpenSlot["patches"] = [];
    for (const patch of patchesOf(content)) {
      if (patch.selector === undefined) this.#patcher.apply(element, patch);
      else patches.push([selectorOf(patch.selector), patch]);
    }
    if (patches.length > 0 && element.hasContent) this.#around.push({ element, patches });
  }
}

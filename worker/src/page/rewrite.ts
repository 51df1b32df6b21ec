// Shows a decision in a page while it streams. `pkg/src/browser/apply.ts` makes the same changes in the DOM.

import type { Result, Shown } from "slotwise";
import { holdsCode, patchedClasses, patchesOf } from "../../../pkg/src/engine/patches.ts";
import { STATE } from "../../../pkg/src/handoff/handoff.ts";
import type { Patch } from "../../../pkg/src/types.ts";
import type { Element } from "../html/element.ts";
import { type Editor, Rewriter } from "../html/rewriter.ts";
import { Selector } from "../html/selector.ts";
import { rewritten } from "../html/stream.ts";

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

/** A page with the slots adapted. */
export async function rewrite(page: Response, rewriting: Rewriting): Promise<Response> {
  if (page.body === null) return new Response(null, page);
  const rewriter = new Rewriter(new Slots(rewriting), rewriting.charset ?? "utf-8");
  return new Response(await rewritten(page.body, lengthOf(page), rewriter), page);
}

/** The length of a page's body, where it is known. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.has("content-encoding") ? null : headers.get("content-length");
  return length === null ? undefined : Number(length);
}

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

/** Selectors by their text. The texts are those of bundles; bounded for an isolate that sees many of them. */
const selectors = new Map<string, Selector>();
const MOST_SELECTORS = 1000;

function selectorOf(text: string): Selector {
  let selector = selectors.get(text);
  if (selector === undefined) {
    selector = new Selector(text);
    if (selectors.size >= MOST_SELECTORS) selectors.clear();
    selectors.set(text, selector);
  }
  return selector;
}

/** Makes patches, in characters that the page's charset has. */
class Patcher {
  readonly #isUtf8: boolean;

  constructor(isUtf8: boolean) {
    this.#isUtf8 = isUtf8;
  }

  /** What cannot be changed stays as it is: an error here would end the page in the middle. */
  apply(element: Element, patch: Patch): void {
    if (holdsCode(element.tag.name)) return;
    try {
      this.#make(element, patch);
    } catch (thrown) {
      console.error(JSON.stringify({ message: "slotwise: patch", op: patch.op, failure: String(thrown) }));
    }
  }

  #make(element: Element, { op, name = "", value }: Patch): void {
    const content = value ?? "";
    switch (op) {
      case "html":
        element.fill(this.#html(content));
        break;
      case "text":
        element.fill(this.#html(escaped(content)));
        break;
      case "attribute":
        if (value === undefined) element.tag.unset(name.toLowerCase());
        else element.tag.set(name.toLowerCase(), this.attribute(value));
        break;
      case "class":
        element.tag.set("class", patchedClasses(element.tag.get("class") ?? null, this.attribute(content)));
        break;
      case "remove":
        element.remove();
        break;
      default:
        element[op](this.#html(content));
    }
  }

  /** An attribute's value as it is written in HTML, but for quotes. */
  attribute(value: string): string {
    return this.#html(value.replaceAll("&", "&amp;"));
  }

  #html(markup: string): string {
    if (this.#isUtf8) return markup;
    return markup.replace(/[^\0-\x7f]/gu, (character) => `&#${character.codePointAt(0)};`);
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

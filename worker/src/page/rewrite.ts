// Shows a decision in a page while it streams. `pkg/src/browser/apply.ts` makes the same changes in the DOM.

import type { Result, Shown } from "slotwise";
import { holdsCode, patchedClasses, patchesOf } from "../../../pkg/src/engine/patches.ts";
import { STATE } from "../../../pkg/src/handoff/handoff.ts";
import type { Patch } from "../../../pkg/src/types.ts";

/** What is put at the end of a page on which a slot was found. */
export interface Rewriting {
  result: Result;
  /**
   * Makes the markup for the end of the body, given the slots that somebody else fills and whose content has to be handed over;
   * `undefined` for a part of a page.
   */
  ending: ((owned: ReadonlySet<string>) => string) | undefined;
  /** Whether the page is known to be in UTF-8; else only ASCII is written. */
  isUtf8: boolean;
}

/** The attribute by which a slot is marked with the variant that it shows. */
const MARK = "data-slotwise";
/** On elements that somebody else fills, such as a framework that shows the handoff by itself. */
const OWNER = "data-slotwise-owner";

/** A page with the slots adapted. */
export function rewrite(page: Response, { result, ending, isUtf8 }: Rewriting): Response {
  const rewriter = new HTMLRewriter();
  const patcher = new Patcher(isUtf8);
  /** Slots that were there adapted already, so that nothing is made twice. */
  const done = new Set<string>();
  const owned = new Set<string>();
  let found = false;
  /** A server that renders slots by itself hands its own decisions over. */
  let isHandedOver = false;
  const start = (element: Element, name: string | null) => {
    const shown = name !== null && Object.hasOwn(result.slots, name) ? result.slots[name] : undefined;
    if (name === null || shown === undefined) return;
    found = true;
    if (element.hasAttribute(OWNER)) owned.add(name);
    if (element.hasAttribute(MARK) || element.hasAttribute(OWNER)) {
      done.add(name);
      return;
    }
    done.delete(name);
    element.setAttribute(MARK, patcher.attribute(shown.variant));
    for (const patch of patchesOf(shown.content)) {
      if (patch.selector === undefined) patcher.apply(element, patch);
    }
  };
  rewriter.on("[data-slot]", { element: (element) => start(element, element.getAttribute("data-slot")) });
  rewriter.on("adaptive-slot[name]", {
    element: (element) => {
      if (!element.hasAttribute("data-slot")) start(element, element.getAttribute("name"));
    },
  });
  for (const [name, patch] of inner(result.slots)) {
    const element = (target: Element) => {
      if (!done.has(name)) patcher.apply(target, patch);
    };
    const quoted = `"${name.replace(/["\\]/g, "\\$&")}"`;
    rewriter.on(`[data-slot=${quoted}] ${patch.selector}`, { element });
    rewriter.on(`adaptive-slot[name=${quoted}] ${patch.selector}`, { element });
  }
  if (ending !== undefined) {
    rewriter.on(`script#${STATE}`, {
      element() {
        isHandedOver = true;
      },
    });
    const end = (write: (markup: string, options: { html: true }) => unknown) => {
      if (found && !isHandedOver) write(ending(owned), { html: true });
      found = false;
    };
    rewriter.on("body", { element: (body) => body.onEndTag((tag) => end(tag.before.bind(tag))) });
    // A page may leave out the end tag of its body.
    rewriter.onDocument({ end: (document) => end(document.append.bind(document)) });
  }
  return rewriter.transform(page);
}

/** The patches of elements inside slots. */
function* inner(slots: Readonly<Record<string, Shown>>): Iterable<[slot: string, patch: Patch]> {
  for (const [name, { content }] of Object.entries(slots)) {
    for (const patch of patchesOf(content)) if (patch.selector !== undefined) yield [name, patch];
  }
}

/** Makes patches, in characters that the page's charset has. */
class Patcher {
  readonly #isUtf8: boolean;

  constructor(isUtf8: boolean) {
    this.#isUtf8 = isUtf8;
  }

  /** What cannot be changed stays as it is: an error here would end the page in the middle. */
  apply(element: Element, patch: Patch): void {
    if (holdsCode(element.tagName)) return;
    try {
      this.#make(element, patch);
    } catch (thrown) {
      console.error(JSON.stringify({ message: "slotwise: patch", op: patch.op, failure: String(thrown) }));
    }
  }

  #make(element: Element, { op, name = "", value }: Patch): void {
    const content = value ?? "";
    const html = { html: true };
    switch (op) {
      case "html":
        element.setInnerContent(this.#html(content), html);
        break;
      case "text":
        element.setInnerContent(this.#html(escaped(content)), html);
        break;
      case "attribute":
        if (value === undefined) element.removeAttribute(name);
        else element.setAttribute(name, this.attribute(value));
        break;
      case "class":
        element.setAttribute("class", patchedClasses(element.getAttribute("class"), this.attribute(content)));
        break;
      case "remove":
        element.remove();
        break;
      default:
        element[op](this.#html(content), html);
    }
  }

  /** An attribute's value as it is written in HTML; HTMLRewriter takes care of quotes, but of nothing else. */
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

import { MARK, slotOf } from "../browser/mark.js";
import { registerSlot, thisPage } from "../browser/page.js";
import type { Shown } from "../types.js";

/** On servers there are no elements: importing this there does nothing. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/**
 * `<adaptive-slot name="hero">default</adaptive-slot>`: a slot as an element of its own. What is in it is the default, and what
 * is decided is shown in its place, as with `data-slot`; but here that also works inside of shadow roots.
 */
export class AdaptiveSlot extends Base {
  #unregister: (() => void) | undefined;

  constructor() {
    super();
    // Nothing but a block whose style any rule of the site's overrides: the content stays where the site's styles reach it.
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [blockSheet()];
    root.append(document.createElement("slot"));
  }

  /** The slot's name in the bundle. */
  get name(): string {
    return this.getAttribute("name") ?? "";
  }

  set name(name: string) {
    this.setAttribute("name", name);
  }

  /** The variant that is shown; `undefined` as long as none is. */
  get variant(): string | undefined {
    return this.getAttribute(MARK) ?? undefined;
  }

  /** The decision of its slot, and so its value; `undefined` as long as nobody has decided. */
  get decision(): Shown | undefined {
    const slot = slotOf(this) ?? "";
    const { slots } = thisPage();
    return Object.hasOwn(slots, slot) ? slots[slot] : undefined;
  }

  connectedCallback(): void {
    this.#takeOver("name");
    // Everywhere else, the page's script finds it by itself.
    if (this.getRootNode() instanceof ShadowRoot) this.#unregister = registerSlot(this);
  }

  disconnectedCallback(): void {
    this.#unregister?.();
    this.#unregister = undefined;
  }

  /** A property that was set before the element was defined hides the accessor. */
  #takeOver(property: "name"): void {
    if (!Object.hasOwn(this, property)) return;
    const value = this[property];
    delete (this as { name?: string })[property];
    this[property] = value;
  }
}

let sheet: CSSStyleSheet | undefined;

function blockSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(":host{display:block}:host([hidden]){display:none}");
  }
  return sheet;
}

declare global {
  interface HTMLElementTagNameMap {
    "adaptive-slot": AdaptiveSlot;
  }
}

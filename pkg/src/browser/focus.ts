/** What can have the focus. */
const FOCUSABLE =
  "a[href],area[href],button,input,select,textarea,summary,iframe,audio[controls],video[controls],[tabindex],[contenteditable]";

/**
 * Changes some elements so that whoever is in the middle of something there stays where he is: the focus is not lost, what is
 * selected stays selected, and what is being read does not move.
 */
export function keepingPlace(elements: Element[], change: () => void): void {
  const restore = [focusIn(elements), selectionIn(elements), scrollBeside(elements)];
  change();
  for (const put of restore) put?.();
}

function focusIn(elements: Element[]): (() => void) | undefined {
  const slot = elements.find((element) => element.contains(activeIn(element)));
  const active = slot && activeIn(slot);
  if (slot === undefined || !(active instanceof HTMLElement) || active === slot) return undefined;
  const parent = slot.parentElement;
  const role = roleOf(active);
  const place = focusable(slot, role).indexOf(active);
  const caret = caretOf(active);
  return () => {
    if (active.isConnected && activeIn(active) === active) return;
    const inside = slot.isConnected ? slot : parent;
    if (inside === null) return;
    const next = active.isConnected ? active : (sameId(inside, active) ?? samePlace(inside, role, place));
    if (next !== undefined) {
      next.focus({ preventScroll: true });
      caret?.(next);
    }
    if (next === undefined || activeIn(next) !== next) focusItself(inside as HTMLElement);
  };
}

function activeIn(element: Element): Element | null {
  return (element.getRootNode() as Document | ShadowRoot).activeElement;
}

function roleOf(element: Element): string {
  return element.getAttribute("role") ?? (element instanceof HTMLInputElement ? element.type : element.localName);
}

function focusable(root: Element, role?: string): HTMLElement[] {
  const found = [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((element) => !element.matches(":disabled"));
  return role === undefined ? found : found.filter((element) => roleOf(element) === role);
}

function sameId(root: Element, { id }: Element): HTMLElement | undefined {
  return id === "" ? undefined : (root.querySelector<HTMLElement>(`#${CSS.escape(id)}`) ?? undefined);
}

/** The element of the same kind at the same place among its like, or the nearest there is. */
function samePlace(root: Element, role: string, place: number): HTMLElement | undefined {
  const like = focusable(root, role);
  return like[Math.min(place, like.length - 1)] ?? focusable(root)[0];
}

/** Where nothing can have the focus, the slot itself takes it, so that the next Tab goes on from there. */
function focusItself(element: HTMLElement): void {
  if (!element.hasAttribute("tabindex")) {
    element.setAttribute("tabindex", "-1");
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus({ preventScroll: true });
}

/** What is selected in a field. */
function caretOf(element: Element): ((next: Element) => void) | undefined {
  if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)) return undefined;
  const { value, selectionStart, selectionEnd, selectionDirection } = element;
  return (next) => {
    const isField = next instanceof HTMLInputElement || next instanceof HTMLTextAreaElement;
    if (!isField || next === element || selectionStart === null) return;
    if (next.value === next.defaultValue) next.value = value;
    next.setSelectionRange(selectionStart, selectionEnd, selectionDirection ?? undefined);
  };
}

/** Text that is selected inside an element that changes, when the same text is in it afterwards. */
function selectionIn(elements: Element[]): (() => void) | undefined {
  const selection = getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const slot = elements.find((element) => element.contains(range.commonAncestorContainer));
  if (slot === undefined) return undefined;
  const text = range.toString();
  const before = document.createRange();
  before.setStart(slot, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const offset = before.toString().length;
  return () => {
    const there = slot.textContent;
    const start = there.startsWith(text, offset) ? offset : there.indexOf(text);
    if (getSelection()?.toString() === text || start < 0) return;
    const from = pointAt(slot, start);
    const to = pointAt(slot, start + text.length);
    if (from !== undefined && to !== undefined) selection.setBaseAndExtent(...from, ...to);
  };
}

/** The text node at an offset of an element's text, and the offset in it. */
function pointAt(element: Element, offset: number): [Node, number] | undefined {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = offset;
  while (texts.nextNode()) {
    const { length } = texts.currentNode as Text;
    if (left <= length) return [texts.currentNode, left];
    left -= length;
  }
  return undefined;
}

/** Keeps what is in sight where it is, when something above it changes its height. Not every browser does that by itself. */
function scrollBeside(elements: Element[]): (() => void) | undefined {
  if (scrollY <= 0 || !elements.some((element) => element.getBoundingClientRect().top < 0)) return undefined;
  const anchor = [0.1, 0.3, 0.5, 0.7, 0.9]
    .map((part) => document.elementFromPoint(innerWidth / 2, innerHeight * part))
    .find((element) => element !== null && isAnchor(element, elements));
  if (anchor === null || anchor === undefined) return undefined;
  const { top } = anchor.getBoundingClientRect();
  return () => {
    const moved = anchor.getBoundingClientRect().top - top;
    if (anchor.isConnected && moved !== 0) scrollBy({ top: moved, behavior: "instant" });
  };
}

/** Whether an element scrolls with the page and lies beside those that change. */
function isAnchor(element: Element, changing: Element[]): boolean {
  if (element === document.documentElement || element === document.body) return false;
  if (changing.some((other) => other.contains(element) || element.contains(other))) return false;
  for (let around: Element | null = element; around !== null; around = around.parentElement) {
    if (/fixed|sticky/.test(getComputedStyle(around).position)) return false;
  }
  return true;
}

import { holdsCode, patchedClasses, patchesOf } from "../engine/patches.js";
import type { Patch, Shown } from "../types.js";

/** On a slot's element: the variant that it shows. The edge sets it as well. */
export const MARK = "data-slotwise";

/** Shows a decision in a slot's element, unless it is shown already. */
export function show(slot: Element, shown: Shown): void {
  if (slot.getAttribute(MARK) === shown.variant) return;
  // Set first, so that what patches add is never taken for something that has to be patched again.
  slot.setAttribute(MARK, shown.variant);
  for (const patch of patchesOf(shown.content)) {
    const targets = patch.selector === undefined ? [slot] : [...slot.querySelectorAll(patch.selector)];
    for (const target of targets) apply(target, patch);
  }
}

/** One change; `worker/rewrite.ts` makes the same while the page streams. */
function apply(element: Element, { op, name = "", value }: Patch): void {
  if (holdsCode(element.localName)) return;
  const content = value ?? "";
  switch (op) {
    case "html":
      element.innerHTML = content;
      break;
    case "text":
      element.textContent = content;
      break;
    case "attribute":
      if (value === undefined) element.removeAttribute(name);
      else element.setAttribute(name, value);
      break;
    case "class":
      element.setAttribute("class", patchedClasses(element.getAttribute("class"), content));
      break;
    case "append":
      element.insertAdjacentHTML("beforeend", content);
      break;
    case "prepend":
      element.insertAdjacentHTML("afterbegin", content);
      break;
    case "before":
      element.insertAdjacentHTML("beforebegin", content);
      break;
    case "after":
      element.insertAdjacentHTML("afterend", content);
      break;
    case "replace":
      element.outerHTML = content;
      break;
    case "remove":
      element.remove();
      break;
  }
}

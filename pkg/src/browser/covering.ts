import { patchesOf } from "../engine/patches.js";
import type { Patch, Shown } from "../types.js";

/**
 * Whether showing one decision leaves nothing of another, when what was there before that one is not known: the other
 * only changed what is inside the slot, and this one fills the slot anew before it does anything else.
 */
export function replaces(other: Shown, shown: Shown): boolean {
  const [first] = patchesOf(shown.content);
  const fills = first !== undefined && first.selector === undefined && isFilling(first);
  return patchesOf(other.content).every(isInside) && (fills || isEmpty(other, shown));
}

function isFilling({ op }: Patch): boolean {
  return op === "html" || op === "text";
}

function isInside({ op, selector }: Patch): boolean {
  return selector !== undefined || isFilling({ op }) || op === "append" || op === "prepend";
}

/** Neither changes the page. */
function isEmpty(other: Shown, shown: Shown): boolean {
  return patchesOf(other.content).length === 0 && patchesOf(shown.content).length === 0;
}

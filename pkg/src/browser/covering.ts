import { patchesOf } from "../engine/patches.js";
import type { Patch, Shown } from "../types.js";

/**
 * Whether showing one decision leaves nothing of another, when what was there before that one is not known. Either the other
 * only changed what is inside the slot, and this one fills the slot anew before it does anything else; or all that the other wrote
 * is written over. `isKnown`: the other's content is known, and not only what it is called.
 */
export function replaces(other: Shown, shown: Shown, isKnown: boolean): boolean {
  const [before, patches] = [patchesOf(other.content), patchesOf(shown.content)];
  const [first] = patches;
  const fills = first !== undefined && first.selector === undefined && isFilling(first);
  if (fills && before.every(isInside)) return true;
  return isKnown ? isWrittenOver(before, patches) : before.length === 0 && patches.length === 0;
}

function isFilling({ op }: Patch): boolean {
  return op === "html" || op === "text";
}

function isInside({ op, selector }: Patch): boolean {
  return selector !== undefined || isFilling({ op }) || op === "append" || op === "prepend";
}

/** Whether each patch has its like: in the same place, and with nothing left of what the first has written. */
function isWrittenOver(before: Patch[], patches: Patch[]): boolean {
  const isSame = (one: Patch, other: Patch) =>
    one.selector === other.selector &&
    (isFilling(one) ? isFilling(other) : one.op === "attribute" && other.op === "attribute" && one.name === other.name);
  return before.every((one) => isFindable(one, patches) && patches.some((other) => isSame(one, other)));
}

/** Whether what a patch has written leaves selectors what they find: these may ask for attributes. */
function isFindable({ op, name = "" }: Patch, patches: Patch[]): boolean {
  if (op !== "attribute") return true;
  return !/^(class|id)$/i.test(name) && !patches.some(({ selector }) => selector?.includes("["));
}

import { patchesOf } from "../engine/patches.js";
import type { Content } from "../types.js";

/** How React draws a content: its own children, HTML or text in their place, or not at all. */
export type Drawing = { kind: "children" } | { kind: "html" | "text"; value: string } | { kind: "undrawable" };

/**
 * What can be drawn of a content. Patches to elements inside the slot or to its attributes would be made in what React
 * owns, and lost at the next render: a content that has any is not drawn at all rather than by half.
 */
export function drawingOf(content: Content): Drawing {
  let drawing: Drawing = { kind: "children" };
  for (const { op, selector, value = "" } of patchesOf(content)) {
    if (selector !== undefined || (op !== "html" && op !== "text")) return { kind: "undrawable" };
    drawing = { kind: op, value };
  }
  return drawing;
}

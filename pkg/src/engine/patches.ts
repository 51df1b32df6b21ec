import type { Content, Patch } from "../types.js";

/** The changes that a content stands for, in order. */
export function patchesOf(content: Content): Patch[] {
  if (Object.hasOwn(content, "html")) return [{ op: "html", value: content.html as string }];
  return Object.hasOwn(content, "patches") ? (content.patches ?? []) : [];
}

/** Whether an element holds code, which no patch touches: a visitor's value there could run. */
export function holdsCode(tagName: string): boolean {
  return /^(script|style)$/i.test(tagName);
}

/** Class names after a `class` patch: names are added, and those behind a `-` taken away. */
export function patchedClasses(before: string | null, patch: string): string {
  const classes = new Set(words(before ?? ""));
  for (const name of words(patch)) {
    if (name.startsWith("-")) classes.delete(name.slice(1));
    else classes.add(name);
  }
  return [...classes].join(" ");
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

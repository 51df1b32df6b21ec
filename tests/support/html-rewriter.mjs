// The changes that the Worker makes to a page, made by HTMLRewriter instead: what `worker/src/html/` has to agree with.

import { holdsCode, patchedClasses, patchesOf } from "../../pkg/src/engine/patches.ts";
import { STATE } from "../../pkg/src/handoff/handoff.ts";

const HTML = { html: true };
const MARK = "data-slotwise";
const OWNER = "data-slotwise-owner";

/** A page in UTF-8 with the slots adapted, and `ending` at the end of its body. */
export function adaptedByHtmlRewriter(page, { slots, ending }) {
  const rewriter = new HTMLRewriter();
  const done = new Set();
  let isFound = false;
  let isHandedOver = false;
  const start = (element, name) => {
    const shown = name !== null && Object.hasOwn(slots, name) ? slots[name] : undefined;
    if (shown === undefined) return;
    isFound = true;
    if (element.hasAttribute(MARK) || element.hasAttribute(OWNER)) {
      done.add(name);
      return;
    }
    done.delete(name);
    element.setAttribute(MARK, attribute(shown.variant));
    for (const patch of patchesOf(shown.content)) if (patch.selector === undefined) apply(element, patch);
  };
  rewriter.on("[data-slot]", { element: (element) => start(element, element.getAttribute("data-slot")) });
  rewriter.on("adaptive-slot[name]", {
    element: (element) => {
      if (!element.hasAttribute("data-slot")) start(element, element.getAttribute("name"));
    },
  });
  for (const [name, { content }] of Object.entries(slots)) {
    for (const patch of patchesOf(content).filter(({ selector }) => selector !== undefined)) {
      const element = (target) => {
        if (!done.has(name)) apply(target, patch);
      };
      rewriter.on(`[data-slot="${name}"] ${patch.selector}`, { element });
      rewriter.on(`adaptive-slot[name="${name}"] ${patch.selector}`, { element });
    }
  }
  rewriter.on(`script#${STATE}`, {
    element() {
      isHandedOver = true;
    },
  });
  const end = (write) => {
    if (isFound && !isHandedOver) write(ending, HTML);
    isFound = false;
  };
  rewriter.on("body", { element: (body) => body.onEndTag((tag) => end(tag.before.bind(tag))) });
  rewriter.onDocument({ end: (document) => end(document.append.bind(document)) });
  return rewriter.transform(page);
}

function apply(element, { op, name = "", value }) {
  if (holdsCode(element.tagName)) return;
  const content = value ?? "";
  if (op === "html") element.setInnerContent(content, HTML);
  else if (op === "text") element.setInnerContent(content);
  else if (op === "attribute" && value === undefined) element.removeAttribute(name);
  else if (op === "attribute") element.setAttribute(name, attribute(value));
  else if (op === "class") {
    element.setAttribute("class", patchedClasses(element.getAttribute("class"), attribute(content)));
  } else if (op === "remove") element.remove();
  else element[op](content, HTML);
}

function attribute(value) {
  return value.replaceAll("&", "&amp;");
}

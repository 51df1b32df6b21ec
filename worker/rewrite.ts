// The part of the Worker that only JavaScript can do: HTMLRewriter and Intl. `src/page.rs` decides, this shows.

import { holdsCode, patchedClasses, patchesOf } from "../pkg/src/engine/patches.js";
import { zoneAt } from "../pkg/src/engine/zone.js";
import type { Content, Patch } from "../pkg/src/types.js";

/** What is to be done to a page, as `Plan` in `src/page.rs`. */
interface Plan {
  slots: { name: string; variant: string; content: Content }[];
  state: string;
}

/** Applies a plan to a page while it streams, and hands it over to the browser when a slot was on the page. */
export function rewrite(page: Response, planText: string): Response {
  const plan = JSON.parse(planText) as Plan;
  const rewriter = new HTMLRewriter();
  let found = false;
  for (const { name, variant, content } of plan.slots) {
    const slot = `[data-slot="${name.replace(/["\\]/g, "\\$&")}"]`;
    const patches = patchesOf(content);
    rewriter.on(slot, {
      element(element) {
        found = true;
        element.setAttribute("data-slotwise", source(variant));
        for (const patch of patches) if (patch.selector === undefined) apply(element, patch);
      },
    });
    for (const patch of patches) {
      if (patch.selector === undefined) continue;
      rewriter.on(`${slot} ${patch.selector}`, { element: (element) => apply(element, patch) });
    }
  }
  const handoff =
    `<script type="application/json" id="slotwise-state">${plan.state}</script>` +
    '<script type="module" src="/_slotwise/slotwise.js"></script>';
  rewriter.on("body", {
    element(body) {
      body.onEndTag((end) => {
        if (found) end.before(handoff, { html: true });
        found = false;
      });
    },
  });
  // A page may leave out the end tag of its body.
  rewriter.onDocument({
    end(end) {
      if (found) end.append(handoff, { html: true });
    },
  });
  return rewriter.transform(page);
}

/** The page as it is, with headers of its own: `outcome` in `x-slotwise`, and nothing that would keep it for others. */
export function marked(page: Response, outcome: string): Response {
  const copy = new Response(page.body, page);
  copy.headers.set("x-slotwise", outcome);
  copy.headers.set("cache-control", "private, no-cache");
  copy.headers.delete("etag");
  copy.headers.delete("last-modified");
  return copy;
}

/** One change; `pkg/src/browser/apply.ts` makes the same in the DOM. */
function apply(element: HTMLRewriterElement, { op, name = "", value }: Patch): void {
  if (holdsCode(element.tagName)) return;
  const content = value ?? "";
  const html = { html: true };
  switch (op) {
    case "html":
      element.setInnerContent(content, html);
      break;
    case "text":
      element.setInnerContent(content, { html: false });
      break;
    case "attribute":
      if (value === undefined) element.removeAttribute(name);
      else element.setAttribute(name, source(value));
      break;
    case "class":
      element.setAttribute("class", patchedClasses(element.getAttribute("class"), source(content)));
      break;
    case "remove":
      element.remove();
      break;
    default:
      element[op](content, html);
  }
}

/** An attribute's value as it is written in HTML; HTMLRewriter takes care of quotes, but of nothing else. */
function source(value: string): string {
  return value.replaceAll("&", "&amp;");
}

/** Minutes ahead of UTC in a time zone, and until when (milliseconds since the epoch) that holds. */
export function zone(name: string, now: number): Float64Array {
  const { offset, until } = zoneAt(name, now, false);
  return Float64Array.of(offset, until);
}

/** What is used here of workerd's HTMLRewriter. */
interface HTMLRewriterElement {
  readonly tagName: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): unknown;
  removeAttribute(name: string): unknown;
  setInnerContent(content: string, options: { html: boolean }): unknown;
  append(content: string, options: { html: boolean }): unknown;
  prepend(content: string, options: { html: boolean }): unknown;
  before(content: string, options: { html: boolean }): unknown;
  after(content: string, options: { html: boolean }): unknown;
  replace(content: string, options: { html: boolean }): unknown;
  remove(): unknown;
  onEndTag(handler: (end: Pick<HTMLRewriterElement, "before">) => void): void;
}

declare class HTMLRewriter {
  on(selector: string, handlers: { element(element: HTMLRewriterElement): void }): this;
  onDocument(handlers: { end(end: Pick<HTMLRewriterElement, "append">): void }): this;
  transform(response: Response): Response;
}

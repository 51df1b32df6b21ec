// Reads a page as it was sent, without a browser. Good enough for pages whose slots do not lie in each other.

import assert from "node:assert/strict";

/** The start tag of a slot's element, and where it ends. */
function startOf(html, slot) {
  const found = new RegExp(`<([a-z]+)[^>]*data-slot="${slot}"[^>]*>`).exec(html);
  assert.ok(found, `the page has no slot "${slot}"`);
  return { tag: found[0], name: found[1], end: found.index + found[0].length };
}

/** The variant that a slot's element is marked with. */
export function markOf(html, slot) {
  return / data-slotwise="([^"]*)"/.exec(startOf(html, slot).tag)?.[1];
}

/** The markup inside a slot's element. */
export function htmlOf(html, slot) {
  const { name, end } = startOf(html, slot);
  return html.slice(end, html.indexOf(`</${name}>`, end));
}

/** The attributes of the page's script elements, in order. */
export function scriptsOf(html) {
  return [...html.matchAll(/<script\b ?([^>]*)>/gi)].map(([, attributes]) => attributes);
}

/** The text of the handoff, as an HTML parser would find it: up to the first end tag. */
export function stateTextOf(html) {
  const found = /<script type="application\/json" id="slotwise-state">([\s\S]*?)<\/script/i.exec(html);
  assert.ok(found, "the page has no handoff");
  return found[1];
}

/** The handoff. */
export function stateOf(html) {
  return JSON.parse(stateTextOf(html));
}

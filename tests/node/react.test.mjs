// The React binding on a server: what is rendered from an engine's answer, and the handoff that goes with it.

import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { createElement as h } from "react";
import { renderToPipeableStream, renderToString } from "react-dom/server";
import { Slot, SlotProvider, useSlot } from "../../pkg/dist/react.js";
import { engineOf } from "../support/bundles.mjs";
import { stateOf, stateTextOf } from "../support/markup.mjs";
import { ADA, App, BUNDLE } from "../support/react-app.mjs";

const engine = await engineOf(BUNDLE);
const result = engine.personalize(ADA);
const DEFAULTS =
  '<section class="wide" data-slot="hero" data-slotwise-owner="react"><h1>Welcome</h1>' +
  '<button id="counter" type="button">Clicked 0</button></section>' +
  '<p data-slot="note" data-slotwise-owner="react">For everybody</p>' +
  '<div data-slot="cta" data-slotwise-owner="react"><span>Order</span></div>' +
  '<div data-slot="link" data-slotwise-owner="react"><a href="/shop">Shop</a></div>' +
  '<output id="flow">undecided: ? steps</output><!--$--><em data-slot="hero" data-slotwise-owner="react">Late</em><!--/$-->';

const withoutState = (html) => html.replace(/<script type="application\/json" id="slotwise-state">.*?<\/script>/, "");

test("the visitor of these tests sees other than the defaults everywhere", () => {
  const variants = Object.entries(result.slots).map(([name, { variant }]) => [name, variant]);
  assert.deepEqual(Object.fromEntries(variants), {
    hero: "hello",
    note: "named",
    cta: "urgent",
    flow: "v2",
    link: "sale",
  });
});

test("slots render what the engine decided, and are marked with it and as React's", () => {
  const html = renderToString(h(App, { given: { result, engine } }));
  assert.equal(
    withoutState(html),
    '<section class="wide" data-slot="hero" data-slotwise="hello" data-slotwise-owner="react">' +
      "<h1>Hello, Ada &amp; &lt;Bob&gt;</h1><p>Good to see you &amp; yours.</p></section>" +
      '<p data-slot="note" data-slotwise="named" data-slotwise-owner="react">For &lt;Ada &amp; &lt;Bob&gt;&gt; only</p>' +
      '<div data-slot="cta" data-slotwise="urgent" data-slotwise-owner="react"><strong>Order today</strong></div>' +
      // Made of patches to what React renders: the default, and no mark that would count it as seen.
      '<div data-slot="link" data-slotwise-owner="react"><a href="/shop">Shop</a></div>' +
      '<output id="flow">v2: 1 steps</output><!--$--><em data-slot="hero" data-slotwise="hello" ' +
      'data-slotwise-owner="react">Late hello</em><!--/$-->',
  );
});

test("the handoff comes first, with all that the browser needs to render the same, and no id", () => {
  const html = renderToString(h(App, { given: { result, engine } }));
  assert.ok(html.startsWith('<script type="application/json" id="slotwise-state">'));
  const { slots, ...rest } = stateOf(html);
  assert.deepEqual(rest, { id: "app", revision: 7, prefix: "", owner: "react" });
  for (const [name, { bucket: _, arm, ...shown }] of Object.entries(result.slots)) {
    assert.deepEqual(slots[name], { ...shown, ...(arm !== shown.variant && arm && { arm }) });
  }
  assert.deepEqual(Object.keys(slots), engine.slots);
  assert.doesNotMatch(stateTextOf(html), /[<\u007f-\uffff]|"ada"/);
});

test("plain data does in place of a result and its engine", () => {
  const { slots, exposures } = result;
  const state = JSON.parse(JSON.stringify({ id: engine.id, revision: engine.revision, slots, exposures }));
  assert.equal(renderToString(h(App, { given: { state } })), renderToString(h(App, { given: { result, engine } })));
});

test("a stream is the same as a string", async () => {
  const stream = await new Promise((resolve, reject) => {
    const made = renderToPipeableStream(h(App, { given: { result, engine } }), {
      onAllReady: () => resolve(made),
      onError: reject,
    });
  });
  const chunks = [];
  for await (const chunk of stream.pipe(new PassThrough())) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).toString(), renderToString(h(App, { given: { result, engine } })));
});

test("without a decision, and without a provider, slots render their defaults and no handoff", () => {
  assert.equal(renderToString(h(App, { given: {} })), DEFAULTS);
  assert.equal(
    renderToString(h(Slot, { name: "hero" }, "Welcome")),
    '<div data-slot="hero" data-slotwise-owner="react">Welcome</div>',
  );
});

test("names that every object inherits are names like any other", () => {
  const Variant = ({ name }) => String(useSlot(name).variant);
  for (const name of ["constructor", "toString", "__proto__"]) {
    assert.equal(
      renderToString(h(SlotProvider, { result, engine }, h(Variant, { name }))).split("</script>")[1],
      "undefined",
    );
  }
  const shown = { variant: "constructor", source: "rule", reason: "matched", content: {} };
  const state = { id: "x", revision: 1, slots: { a: shown }, exposures: [] };
  const html = renderToString(h(SlotProvider, { state }, h(Slot, { name: "a", variants: {} }, "default")));
  assert.match(html, /data-slotwise="constructor" data-slotwise-owner="react">default</);
});

test("a variant of the map may be empty on purpose", () => {
  const html = renderToString(
    h(SlotProvider, { result, engine }, h(Slot, { name: "cta", variants: { urgent: null } }, "x")),
  );
  assert.match(html, /<div data-slot="cta" data-slotwise="urgent" data-slotwise-owner="react"><\/div>/);
});

test("what a visitor sends ends neither the slot nor the handoff", () => {
  const name = '</script><script>alert("1")</script><!--\u2028é';
  const hostile = engine.personalize({ attributes: { ...ADA.attributes, name } });
  const html = renderToString(h(App, { given: { result: hostile, engine } }));
  assert.equal(html.match(/<script/g).length, 1);
  assert.equal(stateOf(html).slots.hero.content.html, hostile.slots.hero.content.html);
  assert.match(html, /<h1>Hello, &lt;&#x2F;script&gt;&lt;script&gt;alert\(&quot;1&quot;\)/);
});

test("a result without its engine says what is missing", () => {
  assert.throws(() => renderToString(h(App, { given: { result } })), /engine=\{engine\}/);
});

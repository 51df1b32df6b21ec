// What a visitor sends is text wherever it lands in the page that the Worker sends.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { compile } from "../../pkg/dist/compiler.node.js";
import { HOSTILE_BUNDLE, HOSTILE_PAGE, HOSTILE_VALUES } from "../support/hostile.mjs";
import { scriptsOf, stateOf, stateTextOf } from "../support/markup.mjs";
import { makeSite } from "../support/sites.mjs";
import { startWorker } from "../support/worker.mjs";

let worker;
before(async () => {
  const { bytes, problems } = await compile(HOSTILE_BUNDLE);
  assert.deepEqual(problems, []);
  const { config } = makeSite("hostile", { "index.html": HOSTILE_PAGE, "bundle.slotwise": bytes });
  worker = await startWorker({ config });
});
after(() => worker?.dispose());

/** Where a value lands in the page: what must not be there raw, and what stands around it. */
const PLACES = [
  { place: "text of an html template", around: /<h1>([\s\S]*?)<\/h1>/, never: /[<>]/ },
  { place: "attribute in an html template", around: /<p title="([^"]*)">end<\/p><\/section>/, never: /["<>]/ },
  { place: "text patch", around: /<b>([\s\S]*?)<\/b>/, never: /[<>]/ },
  { place: "attribute patch", around: /<p data-slot="attribute" [^>]*?title="([^"]*)">as it was<\/p>/, never: /"/ },
  { place: "append patch", around: /<i>([\s\S]*?)<\/i>/, never: /[<>]/ },
  { place: "after patch", around: /<u>as it was<\/u><s>([\s\S]*?)<\/s>/, never: /[<>]/ },
];

const NAMED = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The text that a browser would read, for the few ways of writing a character that escaping uses. */
function decoded(markup) {
  return markup.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

for (const value of HOSTILE_VALUES) {
  describe(JSON.stringify(value), () => {
    let html;
    before(async () => {
      html = await (await worker.fetch(`/?utm_campaign=${encodeURIComponent(value)}`)).text();
    });

    for (const { place, around, never } of PLACES) {
      test(place, () => {
        const [, markup] = around.exec(html) ?? [];
        assert.notEqual(markup, undefined, html);
        assert.doesNotMatch(markup, never);
        assert.equal(decoded(markup), value);
      });
    }

    test("the handoff holds what the author wrote and nothing of it", () => {
      const text = stateTextOf(html);
      assert.ok(!text.includes("__hit"));
      assert.equal(stateOf(html).slots.value.value, HOSTILE_BUNDLE.slots.value.variants.it.value);
    });

    test("no script is added, and the page ends where it ended", () => {
      const withoutValues = html.replace(/ title="[^"]*"/g, "");
      assert.deepEqual(scriptsOf(withoutValues), [
        'type="application/json" id="slotwise-state"',
        'type="module" src="/_slotwise/slotwise.js"',
      ]);
      assert.ok(html.includes('<p id="end">end</p>\n  <script type="application/json"'));
      assert.match(html, /<\/body>\s*<\/html>\s*$/);
    });
  });
}

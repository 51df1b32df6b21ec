// The page, adapted by the real Worker in workerd: what leaves the edge, before any browser or script has seen it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { addressOf, VISITORS } from "../../tools/visitors.mjs";
import { htmlOf, markOf, scriptsOf, stateOf } from "../support/markup.mjs";
import { makeSite } from "../support/sites.mjs";
import { startWorker } from "../support/worker.mjs";

const [EWA, JOE, TOKYO] = VISITORS;
const BUNDLE = JSON.parse(readFileSync("www/bundle.json", "utf8"));
const AS_AUTHORED = readFileSync("worker/site/index.html", "utf8");

let worker;
before(async () => {
  worker = await startWorker();
});
after(() => worker?.dispose());

/** The page as one visitor gets it; `changes` are made to the context. */
async function pageFor({ context }, changes = {}) {
  const answer = await worker.fetch(addressOf({ context: { ...context, ...changes } }, worker.url));
  assert.equal(answer.status, 200);
  return { answer, html: await answer.text() };
}

describe("the first HTML", () => {
  // By the bundle in www/: the hero by place and hour; the button by the arm of an id (by GrowthBook's hash, version 2,
  // "ewa" falls at 0.5579 and "joe" at 0.0177 of 0.5 and 0.5); delivery by place.
  const expected = [
    {
      visitor: EWA,
      hero: ["krakow-morning", "<h1>Good morning, Kraków</h1>"],
      order: ["todays-roast", '<a class="button strong" href="#beans">Order today’s roast</a>'],
      delivery: ["local", "Free same-day delivery from 60 zł"],
      value: { freeFrom: 60, days: 0 },
    },
    {
      visitor: JOE,
      hero: ["evening", "<h1>Good evening, New York</h1>"],
      order: ["plain", '<a class="button" href="#beans">Order coffee</a>'],
      delivery: ["abroad", "Free delivery from 250 zł, in 5 days"],
      value: { freeFrom: 250, days: 5 },
    },
    {
      visitor: TOKYO,
      hero: ["everywhere", "<h1>Coffee, roasted this morning</h1>"],
      order: ["plain", '<a class="button" href="#beans">Order coffee</a>'],
      delivery: ["abroad", "Free delivery from 250 zł, in 5 days"],
      value: { freeFrom: 250, days: 5 },
    },
  ];
  for (const { visitor, value, ...slots } of expected) {
    test(`is right without a script for ${visitor.name}`, async () => {
      const { html } = await pageFor(visitor);
      const state = stateOf(html);
      for (const [slot, [variant, markup]] of Object.entries(slots)) {
        assert.equal(markOf(html, slot), variant, slot);
        assert.ok(htmlOf(html, slot).includes(markup), `${slot}: ${htmlOf(html, slot)}`);
        assert.equal(state.slots[slot].variant, variant, slot);
      }
      assert.deepEqual(state.slots.delivery.value, value);
    });
  }

  test("is the page as authored but for the slots, the handoff and the script that reads it", async () => {
    // In the middle of a day, where the network does not say in which country, every slot shows its default.
    const geo = { city: "Warszawa", latitude: 52.2297, longitude: 21.0122 };
    const { html } = await pageFor(TOKYO, {
      attributes: { geo, device: { type: "desktop" } },
      now: Date.parse("2026-11-20T15:00:00+01:00"),
      timeZone: "Europe/Warsaw",
    });
    const undone = html
      .replace(/ data-slotwise="[^"]*"/g, "")
      .replace(/<script type="application\/json" id="slotwise-state">.*?<\/script>/, "")
      .replace('<script type="module" src="/_slotwise/slotwise.js"></script>', "");
    assert.equal(undone, AS_AUTHORED);
  });

  test("follows the hour in the visitor's own time zone", async () => {
    const noon = Date.parse("2026-11-20T12:00:00+01:00");
    assert.equal(markOf((await pageFor(EWA, { now: noon - 1 })).html, "hero"), "krakow-morning");
    assert.equal(markOf((await pageFor(EWA, { now: noon })).html, "hero"), "krakow");
    assert.equal(markOf((await pageFor(EWA, { now: noon, timeZone: "Asia/Tokyo" })).html, "hero"), "krakow");
    assert.equal(markOf((await pageFor(EWA, { now: noon, timeZone: "UTC" })).html, "hero"), "krakow-morning");
  });

  test("knows the place that the network tells, without a persona", async () => {
    const cf = {
      country: "PL",
      city: "Wieliczka",
      latitude: "49.9871",
      longitude: "20.0647",
      timezone: "Europe/Warsaw",
    };
    const html = await (await worker.fetch("/", { cf })).text();
    assert.match(htmlOf(html, "hero"), /<h1>(Good morning|Hello), Wieliczka<\/h1>/);
    assert.equal(markOf(html, "delivery"), "local");
  });
});

describe("consent", () => {
  const cookies = (cookie) => ({ headers: { cookie } });

  test("cookies give an id its arm", async () => {
    const html = await (
      await worker.fetch("/", cookies("a=b; slotwise_id=ewa; slotwise_consent=personalization"))
    ).text();
    const { source, variant } = stateOf(html).slots.order;
    assert.deepEqual({ source, variant }, { source: "experiment", variant: "todays-roast" });
    assert.equal(markOf(html, "order"), "todays-roast");
  });

  for (const cookie of [
    "slotwise_id=ewa",
    "slotwise_id=ewa; slotwise_consent=analytics",
    "slotwise_id=ewa; slotwise_consent=",
  ]) {
    test(`nobody takes part in an experiment with the cookie ${cookie}`, async () => {
      const state = stateOf(await (await worker.fetch("/", cookies(cookie))).text());
      const { variant, source, reason } = state.slots.order;
      assert.deepEqual(
        { variant, source, reason },
        { variant: "plain", source: "default", reason: "consent_required" },
      );
    });
  }

  test("refusing leaves what follows from the context alone", async () => {
    const { html } = await pageFor(EWA, { consent: { personalization: false } });
    assert.equal(markOf(html, "hero"), "krakow-morning");
    assert.equal(markOf(html, "order"), "plain");
  });
});

describe("the handoff", () => {
  test("tells what was decided, and nothing that tells who the visitor is", async () => {
    const id = "visitor-5f3c9a1e";
    const { html } = await pageFor(EWA, { attributes: { ...EWA.context.attributes, id } });
    assert.ok(!html.includes(id));
    const state = stateOf(html);
    assert.deepEqual(Object.keys(state), ["id", "revision", "slots"]);
    assert.deepEqual(Object.keys(state.slots), Object.keys(BUNDLE.slots));
    assert.deepEqual(state.slots.hero, {
      variant: "krakow-morning",
      source: "rule",
      reason: "matched",
      rule: "krakow-morning",
    });
    // The arm has the variant's name, and the hash attribute is the usual one: neither travels.
    assert.deepEqual(state.slots.order, {
      variant: state.slots.order.variant,
      source: "experiment",
      reason: "assigned",
      rule: "order-button",
      experiment: "order-button",
    });
    assert.ok(!JSON.stringify(state).includes("bucket"));
  });

  test("is followed by the script that reads it, once, and the page's own script is still there", async () => {
    const { html } = await pageFor(JOE);
    assert.deepEqual(scriptsOf(html), [
      'type="module" src="/app.js"',
      'type="module" src="/why.js"',
      'type="module" src="/follow.js"',
      'type="module" src="/demo/bar.js"',
      'type="application/json" id="slotwise-state"',
      'type="module" src="/_slotwise/slotwise.js"',
    ]);
  });
});

describe("headers", () => {
  test("an adapted page is its visitor's alone", async () => {
    const { answer } = await pageFor(EWA);
    assert.equal(answer.headers.get("x-slotwise"), "adapted");
    const directives = answer.headers.get("cache-control").split(/,\s*/);
    assert.ok(directives.includes("private"), answer.headers.get("cache-control"));
    assert.ok(!directives.includes("public"));
    assert.match(answer.headers.get("etag"), /^W\/"[0-9a-f]+\.[0-9a-f]{16}"$/);
    assert.match(answer.headers.get("content-type"), /^text\/html/);
  });

  test("a browser that has kept the page from before there was a Worker is sent the adapted one", async () => {
    const { config } = makeSite("assets", {}, { from: "worker/site", adapted: false });
    const assets = await startWorker({ config });
    try {
      const kept = { accept: "text/html,*/*;q=0.8", "if-none-match": (await assets.fetch("/")).headers.get("etag") };
      assert.equal((await assets.fetch("/", { headers: kept })).status, 304);
      const answer = await worker.fetch("/", { headers: kept });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("x-slotwise"), "adapted");
    } finally {
      await assets.dispose();
    }
  });

  test("other files are not sent again to a browser that has kept them", async () => {
    const etag = (await worker.fetch("/style.css", { method: "HEAD" })).headers.get("etag");
    assert.equal((await worker.fetch("/style.css", { headers: { "if-none-match": etag } })).status, 304);
  });
});

describe("passes as it is", () => {
  for (const path of ["/style.css", "/app.js", "/bundle.slotwise", "/_slotwise/runtime.wasm"]) {
    test(path, async () => {
      const answer = await worker.fetch(path);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("x-slotwise"), null);
      assert.notEqual(answer.headers.get("etag"), null);
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), readFileSync(`worker/site${path}`));
    });
  }

  test("what is not there", async () => {
    const answer = await worker.fetch("/nothing-here");
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get("x-slotwise"), null);
  });

  test("a HEAD request has no body", async () => {
    const answer = await worker.fetch("/", { method: "HEAD" });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type"), /^text\/html/);
    assert.equal(await answer.text(), "");
  });

  for (const method of ["POST", "PUT", "DELETE"]) {
    test(`a ${method} request, as the assets answer it`, async () => {
      const answer = await worker.fetch("/", { method });
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.get("x-slotwise"), null);
    });
  }
});

describe("whatever is sent", () => {
  const odd = [
    "/?as=",
    "/?as=null",
    "/?as=[]",
    "/?as=%7B%22attributes%22:%7B%22geo%22:5,%22id%22:%7B%7D%7D,%22consent%22:%7B%22personalization%22:true%7D%7D",
    '/?as={"now":1e308,"timeZone":"Nowhere/Atall"}',
    `/?as={"attributes":{"geo":${"[".repeat(100)}${"]".repeat(100)}}}`,
    "/?%ff%fe=%zz&utm_campaign=%00",
    `/?q=${"x".repeat(7000)}`,
  ];
  for (const path of odd) {
    test(`the page comes for ${path.slice(0, 60)}`, async () => {
      const cookie = "slotwise_id=%00%ff; slotwise_consent=personalization.personalization..; =; ;;";
      const answer = await worker.fetch(path, {
        headers: { cookie, "accept-language": ";;;q=x", referer: "not a url" },
      });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("x-slotwise"), "adapted");
      assert.equal(stateOf(await answer.text()).id, "demo");
    });
  }
});

test("a page that there is not says so, in the shop's own words", async () => {
  for (const path of ["/nowhere/", "/coffee/nowhere", "/coffee/%2e%2e/%2e%2e/etc/passwd"]) {
    const answer = await worker.fetch(path, { headers: { accept: "text/html" } });
    assert.equal(answer.status, 404, path);
    assert.match(await answer.text(), /<h1>This shelf is empty<\/h1>[\s\S]*<a class="more" href="\/">/, path);
  }
});

// Nothing that a visitor sends runs in the page, and all of it reads as it was sent: each value that a visitor controls, in each place
// where a template may put it, decided at the edge and in the page, without a content security policy and under a strict one.

import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { profiles } from "../../pkg/dist/profile.node.js";
import { addressOf, VISITORS } from "../../tools/visitors.mjs";
import { launch, openPage, settled, slotsOf } from "../support/browser.mjs";
import { compiled } from "../support/bundles.mjs";
import { startEdge } from "../support/edge.mjs";
import { HOSTILE_VALUES, RUNNING } from "../support/hostile.mjs";
import { ADDRESSES, BUNDLE, expectation, page, reading, touch, unescapedPage } from "../support/hostile-places.mjs";
import { send } from "../support/origin.mjs";
import { startWorker } from "../support/worker.mjs";

const STRICT =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'";
const POLICIES = { "without a policy": undefined, "under a strict policy": STRICT };

/** Decides in the page. What is not in the address comes as attributes that the page's own code gives, keys and all. */
const DECIDER = `
  import { personalize } from "/_slotwise/browser.js";
  const value = new URLSearchParams(location.search).get("q");
  const attributes = { geo: { city: value, [value]: value }, id: value, [value]: { [value]: value } };
  window.session = await personalize({ bundle: "/bundle.slotwise", attributes, deadline: 60_000 });
`;

let edge;
let demo;
let browser;
/** One page for all: each test navigates it anew. */
let visit;
/** What the page's address is answered with, when it does not come from the Worker as it is. */
let instead;
before(async () => {
  const bundle = await compiled(BUNDLE);
  [edge, demo, browser] = await Promise.all([
    startEdge("hostile-places", { bundle, vars: { PERSONAS: "on", ID_COOKIE: "own_id" }, from: "worker/site" }),
    startWorker(),
    launch(),
  ]);
  const script = (code) => send(code, { "content-type": "text/javascript" });
  edge.origin.answers.set("/decide.js", script(DECIDER));
  edge.origin.answers.set(
    "/icon.svg",
    send("<svg xmlns='http://www.w3.org/2000/svg'/>", { "content-type": "image/svg+xml" }),
  );
  edge.origin.answers.set("/bundle.slotwise", send(bundle, { "content-type": "application/octet-stream" }));
  visit = await openPage(browser);
  await visit.page.addInitScript(() => {
    // Of what is kept there, nothing is for the visitor who comes next.
    if (location.protocol !== "about:") localStorage.clear();
    window.__violations = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      window.__violations.push(`${violatedDirective} ${blockedURI}`);
    });
  });
  await visit.page.route("**/*", async (route) => {
    const { pathname } = new URL(route.request().url());
    // Pictures and frames, whose addresses hold the value too.
    if (/^\/(?:i|f)\//.test(pathname)) return route.fulfill({ status: 200, contentType: "text/plain", body: "" });
    if (pathname === "/_slotwise/browser.js") return route.fulfill({ path: "pkg/dist/browser.js" });
    if (route.request().isNavigationRequest() && instead !== undefined) return route.fulfill(instead);
    return route.continue();
  });
});
after(async () => {
  await browser?.close();
  await demo?.dispose();
  await edge?.close();
});

/** The address with the value in its path and in its query. */
function addressWith(value) {
  const sent = encodeURIComponent(value);
  const city = encodeURIComponent(JSON.stringify({ city: value, [value]: { [value]: value } }));
  return new URL(`/in/${sent}?q=${sent}&utm_campaign=${sent}&as.place=${city}&${sent}=${sent}`, edge.url);
}

/** The cookie of a visitor who likes a category of this name. */
async function keptProfile(category) {
  const profile = (await profiles()).open();
  profile.track({ name: "like", category });
  const cookie = Buffer.from(profile.toBytes()).toString("base64url");
  profile.free();
  return cookie;
}

/** The page as the Worker sends it to a visitor whose headers and cookies hold the value as well, as far as headers can. */
async function fromEdge(value, policy) {
  const address = addressWith(value);
  edge.origin.answers.set(address.pathname, send(page(), policy && { "content-security-policy": policy }));
  const bytes = Buffer.from(value).toString("latin1");
  const headers = {
    accept: "text/html",
    "sec-fetch-dest": "document",
    "accept-encoding": "identity",
    "accept-language": bytes,
    "user-agent": bytes,
    referer: `https://${bytes}/`,
    cookie: `own_id=${bytes}; slotwise_id=${bytes}; slotwise_sticky=${bytes}; slotwise_consent=${bytes.replaceAll(";", "")}.personalization; slotwise_profile=${await keptProfile(value)}`,
  };
  const asking = request(address, { headers, agent: false }).end();
  const [answer] = await once(asking, "response");
  const parts = [];
  for await (const part of answer) parts.push(part);
  assert.equal(answer.headers["x-slotwise"], "adapted");
  return { status: 200, headers: headersOf(policy), body: Buffer.concat(parts) };
}

const headersOf = (policy) => ({
  "content-type": "text/html; charset=utf-8",
  ...(policy && { "content-security-policy": policy }),
});

/** Opens a page, does in it what a visitor may do, and tells what has come of it. */
async function opened(value, answer) {
  instead = answer;
  const { page, complaints } = visit;
  complaints.length = 0;
  const kept = { slotwise_consent: "personalization", slotwise_profile: await keptProfile(value) };
  const url = edge.url.href;
  // The page before writes what is kept once more when it is left.
  await page.goto("about:blank");
  await page.context().addCookies(Object.entries(kept).map(([name, value]) => ({ name, value, url })));
  await page.goto(addressWith(value).href);
  await page.locator("[data-slot]:not([data-slotwise])").first().waitFor({ state: "detached" });
  const found = await page.evaluate(
    `(${reading})(${JSON.stringify({ expected: expectation(value), addresses: ADDRESSES })})`,
  );
  return { ...found, ...(await touched()), complaints: [...complaints] };
}

async function touched() {
  await visit.page.evaluate(touch);
  return visit.page.evaluate(() => ({ hit: window.__hit, violations: window.__violations }));
}

const WAYS = {
  "decided at the edge": fromEdge,
  "decided in the page": (_value, policy) => {
    const body = page('<script type="module" src="/decide.js"></script>');
    return { status: 200, headers: headersOf(policy), body };
  },
};

for (const [told, policy] of Object.entries(POLICIES)) {
  for (const [way, answerTo] of Object.entries(WAYS)) {
    describe(`${way}, ${told}`, () => {
      let elements;
      before(async () => {
        const harmless = await opened("x", await answerTo("x", policy));
        assert.deepEqual(harmless.wrong, []);
        elements = harmless.elements;
      });
      for (const value of HOSTILE_VALUES) {
        test(JSON.stringify(value), async () => {
          assert.deepEqual(await opened(value, await answerTo(value, policy)), {
            wrong: [],
            elements,
            hit: undefined,
            violations: [],
            complaints: [],
          });
        });
      }
    });
  }
}

describe("the same values, not escaped,", () => {
  const open = async (value, policy) => {
    instead = { status: 200, headers: headersOf(policy), body: unescapedPage(value) };
    await visit.page.goto(addressWith(value).href);
    return touched();
  };
  for (const value of RUNNING) {
    test(`would run: ${JSON.stringify(value)}`, async () => {
      assert.equal((await open(value, undefined)).hit, true);
      const { hit, violations } = await open(value, STRICT);
      assert.equal(hit, undefined);
      assert.notDeepEqual(violations, []);
    });
  }
});

/** The demonstration, for a visitor whose city has this name. */
function demoFor(city) {
  const { context } = VISITORS[0];
  const geo = { ...context.attributes.geo, city };
  return new URL(addressOf({ context: { ...context, attributes: { ...context.attributes, geo } } }, demo.url));
}

for (const value of HOSTILE_VALUES) {
  test(`as the name of a city in the demonstration: ${JSON.stringify(value)}`, async () => {
    const { page, complaints } = visit;
    instead = undefined;
    complaints.length = 0;
    await page.goto(demoFor(value).href);
    await settled(page);
    assert.equal(await page.locator("h1").textContent(), `Good morning, ${value}`);
    assert.equal((await slotsOf(page)).order.text, "Order today’s roast");
    assert.equal((await touched()).hit, undefined);
    assert.deepEqual(complaints, []);
  });
}

for (const value of RUNNING) {
  test(`in the preview, in what it is asked for and in its explanations: ${JSON.stringify(value)}`, async () => {
    const { page, complaints } = visit;
    instead = undefined;
    complaints.length = 0;
    const address = demoFor(value);
    address.searchParams.set("slotwise", `on,${value}:${value},hero:${value}`);
    address.searchParams.set("as.campaign", value);
    await page.goto(address.href);
    await page.locator("slotwise-preview summary").first().click();
    const asked = `utm.campaign is ${JSON.stringify(value)}`;
    await page.locator("slotwise-preview ol li", { hasText: asked }).first().waitFor({ state: "attached" });
    assert.equal((await touched()).hit, undefined);
    assert.deepEqual(complaints, []);
  });

  test(`in a route that there is not: ${JSON.stringify(value)}`, async () => {
    instead = undefined;
    await visit.page.goto(new URL(`/_slotwise/${encodeURIComponent(value)}`, edge.url).href);
    assert.ok((await visit.page.locator("body").innerText()).includes("not-found"));
    assert.equal((await touched()).hit, undefined);
  });
}

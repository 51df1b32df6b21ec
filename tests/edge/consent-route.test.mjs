// `POST consent`: the visitor's answer, kept where pages and the edge read it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { NAVIGATION, PAGE, startEdge } from "../support/edge.mjs";
import { stateOf } from "../support/markup.mjs";
import { send } from "../support/origin.mjs";
import { problemOf } from "../support/publishing.mjs";

const KEPT = "Path=/; Max-Age=31536000; SameSite=Lax; Secure";
const DELETED = "Path=/; Max-Age=0; SameSite=Lax; Secure";
const FORGOTTEN = ["slotwise_id", "slotwise_sticky", "slotwise_profile"].map((name) => `${name}=; ${DELETED}`);

let edge;
before(async () => {
  edge = await startEdge("consent-route");
  edge.origin.answers.set("/", send(PAGE));
});
after(() => edge?.close());

function answer(consent, headers = {}, to = edge) {
  const body = typeof consent === "string" ? consent : JSON.stringify(consent);
  return to.worker.fetch("/_slotwise/consent", {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
}

async function reasonFor(cookie) {
  const page = await edge.get("/", { ...NAVIGATION, cookie });
  return stateOf(await page.text()).slots.order.reason;
}

test("a yes is kept, and counts for the next page", async () => {
  const kept = await answer({ personalization: true, analytics: true, ads: false });
  assert.equal(kept.status, 204);
  assert.equal(kept.headers.get("cache-control"), "no-store");
  assert.deepEqual(kept.headers.getSetCookie(), [`slotwise_consent=personalization.analytics; ${KEPT}`]);
  assert.equal(await reasonFor(kept.headers.getSetCookie()[0].split(";")[0]), "assigned");
});

for (const refusal of [{}, { personalization: false }]) {
  test(`a no is kept, and what was known of the visitor is not: ${JSON.stringify(refusal)}`, async () => {
    const cookie = "slotwise_id=ewa; slotwise_consent=personalization; slotwise_profile=AQ";
    const kept = await answer(refusal, { cookie });
    assert.equal(kept.status, 204);
    assert.deepEqual(kept.headers.getSetCookie(), [`slotwise_consent=none; ${KEPT}`, ...FORGOTTEN]);
    assert.equal(await reasonFor("slotwise_consent=none"), "consent_required");
  });
}

test("a beacon may bring it", async () => {
  const kept = await answer({ analytics: true }, { "content-type": "text/plain;charset=UTF-8" });
  assert.deepEqual(kept.headers.getSetCookie(), [`slotwise_consent=analytics; ${KEPT}`]);
});

test("Global Privacy Control is not overruled, and a no is no more than it says already", async () => {
  const yes = await answer({ personalization: true }, { "sec-gpc": "1" });
  assert.deepEqual(yes.headers.getSetCookie(), []);
  const { status, detail } = await problemOf(yes);
  assert.equal(status, 409);
  assert.match(detail, /Global Privacy Control/);
  const no = await answer({ personalization: false }, { "sec-gpc": "1" });
  assert.deepEqual(no.headers.getSetCookie(), [`slotwise_consent=none; ${KEPT}`, ...FORGOTTEN]);
});

test("a site that lets Global Privacy Control pass takes the yes, for all of its hosts", async () => {
  const own = await startEdge("consent-gpc", { vars: { GPC: "ignore", COOKIE_DOMAIN: "example.com" } });
  try {
    const yes = await answer({ personalization: true }, { "sec-gpc": "1" }, own);
    assert.deepEqual(yes.headers.getSetCookie(), [`slotwise_consent=personalization; ${KEPT}; Domain=example.com`]);
  } finally {
    await own.close();
  }
});

test("a cookie of the site's own is not written over", async () => {
  const own = await startEdge("consent-own", { vars: { CONSENT_COOKIE: "cmp" } });
  try {
    for (const consent of [{ personalization: true }, {}]) {
      const refused = await answer(consent, {}, own);
      assert.deepEqual(refused.headers.getSetCookie(), []);
      const { status, detail } = await problemOf(refused);
      assert.equal(status, 409);
      assert.match(detail, /"cmp"/);
    }
  } finally {
    await own.close();
  }
});

describe("refuses", () => {
  const cases = {
    "what is no object": ["[]", 400],
    "what is no JSON": ["personalization", 400],
    "an answer that is neither yes nor no": [{ personalization: "yes" }, 400],
    "a purpose that would be two": [{ "personalization.analytics": true }, 400],
    "a purpose that would end the cookie": [{ "a; Domain=evil.example": true }, 400],
    "a purpose with a line of its own": [{ "a\r\nset-cookie: b=c": true }, 400],
    "a purpose whose name is a refusal": [{ none: true }, 400],
    "a purpose without a name": [{ "": true }, 400],
    "names that JavaScript knows, with objects in them": ['{"__proto__":{"personalization":true}}', 400],
    "more purposes than would be read": [
      Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`purpose-number-${at}`, true])),
      400,
    ],
    "what is too large": [{ ["x".repeat(5000)]: true }, 413],
  };
  for (const [what, [consent, expected]] of Object.entries(cases)) {
    test(what, async () => {
      const refused = await answer(consent);
      assert.deepEqual(refused.headers.getSetCookie(), []);
      assert.equal((await problemOf(refused)).status, expected);
    });
  }

  test("another type", async () => {
    const form = await answer("personalization=true", { "content-type": "application/x-www-form-urlencoded" });
    assert.equal((await problemOf(form)).status, 415);
  });
});

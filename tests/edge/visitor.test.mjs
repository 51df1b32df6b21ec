// Who the Worker takes a visitor for: consent, ids and what is kept of them.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { EWA, JOE, NAVIGATION, PAGE, startEdge } from "../support/edge.mjs";
import { stateOf } from "../support/markup.mjs";
import { send } from "../support/origin.mjs";

const AGREED = { ...NAVIGATION, cookie: "slotwise_consent=personalization" };
const KEPT = "Path=/; Max-Age=31536000; SameSite=Lax; Secure";
const DELETED = "Path=/; Max-Age=0; SameSite=Lax; Secure";

let edge;
before(async () => {
  edge = await startEdge("visitor");
  edge.origin.answers.set("/", send(PAGE));
});
after(() => edge?.close());

/** The order slot and the cookies that a visitor is sent. */
async function visit(headers, to = edge) {
  const answer = await to.get("/", headers);
  return { order: stateOf(await answer.text()).slots.order, cookies: answer.headers.getSetCookie() };
}

describe("a visitor who has agreed", () => {
  test("is given an id, once, and the arm that follows from it", async () => {
    const { order, cookies } = await visit(AGREED);
    assert.equal(cookies.length, 2);
    const [, id] = /^slotwise_id=([0-9a-f]{32}); (.*)$/.exec(cookies[0]) ?? [];
    assert.equal(cookies[0], `slotwise_id=${id}; ${KEPT}`);
    assert.equal(order.source, "experiment");
    assert.equal(cookies[1], `slotwise_sticky=order-button__0=${order.variant}; ${KEPT}`);
    const back = await visit({ ...NAVIGATION, cookie: `slotwise_id=${id}; slotwise_consent=personalization` });
    assert.equal(back.order.variant, order.variant);
    assert.ok(!back.cookies.some((cookie) => cookie.startsWith("slotwise_id=")));
  });

  test("is not given the id of another", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await visit(AGREED)).cookies[0]));
    assert.equal(new Set(ids).size, 20);
  });

  test("keeps the arm of an earlier visit, and is sent no cookie anew", async () => {
    const cookie = `${JOE.cookie}; slotwise_sticky=order-button__0=urgent`;
    const { order, cookies } = await visit({ ...NAVIGATION, cookie });
    assert.deepEqual([order.variant, order.reason], ["urgent", "sticky"]);
    assert.deepEqual(cookies, []);
  });

  test("keeps the arm of an experiment that was not asked for this time", async () => {
    const cookie = `${EWA.cookie}; slotwise_sticky=elsewhere__3=blue`;
    const { cookies } = await visit({ ...NAVIGATION, cookie });
    assert.deepEqual(cookies, [`slotwise_sticky=order-button__0=urgent&elsewhere__3=blue; ${KEPT}`]);
  });

  const forged = ["x".repeat(129), "a b", '"><script>', "%00", "zażółć"];
  for (const id of forged) {
    test(`is given a new id instead of ${id.slice(0, 20)}`, async () => {
      const { cookies } = await visit({
        ...NAVIGATION,
        cookie: `slotwise_id=${encodeURIComponent(id)}%; slotwise_consent=personalization`,
      });
      assert.match(cookies[0], /^slotwise_id=[0-9a-f]{32};/);
    });
  }

  test("keeps no id when nothing was decided by it", async () => {
    const plain = await startEdge("no-ids", {
      bundle: { version: 1, id: "edge", slots: { order: { default: "plain", variants: { plain: {} } } } },
    });
    try {
      plain.origin.answers.set("/", send(PAGE));
      assert.deepEqual((await visit(AGREED, plain)).cookies, []);
    } finally {
      await plain.close();
    }
  });

  test("is given no id by a HEAD request", async () => {
    const answer = await edge.worker.fetch("/", { method: "HEAD", headers: AGREED });
    assert.deepEqual(answer.headers.getSetCookie(), []);
  });
});

describe("a visitor who has not agreed", () => {
  const refusals = [
    { what: "has not been asked", headers: NAVIGATION },
    { what: "has refused", headers: { ...NAVIGATION, cookie: "slotwise_consent=none" } },
    { what: "has agreed to nothing", headers: { ...NAVIGATION, cookie: "slotwise_consent=" } },
    { what: "sends Global Privacy Control", headers: { ...AGREED, "sec-gpc": "1" } },
  ];
  for (const { what, headers } of refusals) {
    test(`takes part in nothing and is sent no cookie when the visitor ${what}`, async () => {
      const { order, cookies } = await visit(headers);
      assert.deepEqual([order.variant, order.source, order.reason], ["plain", "default", "consent_required"]);
      assert.deepEqual(cookies, []);
    });
  }

  test("agrees to another purpose, and is still sent nothing", async () => {
    const { order, cookies } = await visit({ ...NAVIGATION, cookie: "slotwise_consent=analytics" });
    assert.equal(order.reason, "consent_required");
    assert.deepEqual(cookies, []);
  });

  test("takes back what was given: what was kept is deleted", async () => {
    const cookie = "slotwise_id=ewa; slotwise_sticky=order-button__0=urgent; slotwise_consent=none";
    const { order, cookies } = await visit({ ...NAVIGATION, cookie });
    assert.equal(order.variant, "plain");
    assert.deepEqual(cookies, [`slotwise_id=; ${DELETED}`, `slotwise_sticky=; ${DELETED}`]);
  });

  test("Global Privacy Control is stronger than an earlier yes", async () => {
    const { order, cookies } = await visit({ ...EWA, "sec-gpc": "1" });
    assert.equal(order.variant, "plain");
    assert.deepEqual(cookies, [`slotwise_id=; ${DELETED}`]);
  });
});

describe("a site that has its own ways", () => {
  let own;
  before(async () => {
    const vars = {
      CONSENT_COOKIE: "cmp",
      CONSENT_HEADER: "x-consent",
      CONSENT_DEFAULT: "personalization",
      GPC: "ignore",
      COOKIE_DOMAIN: "example.com",
    };
    own = await startEdge("own-ways", { vars });
    own.origin.answers.set("/", send(PAGE));
  });
  after(() => own?.close());

  test("may assume consent until the visitor has answered, and share cookies with its subdomains", async () => {
    const { order, cookies } = await visit(NAVIGATION, own);
    assert.equal(order.source, "experiment");
    assert.match(cookies[0], /^slotwise_id=[0-9a-f]{32}; .*; Domain=example\.com$/);
  });

  test("may take the answer from its own cookie", async () => {
    assert.equal((await visit({ ...NAVIGATION, cookie: "cmp=none" }, own)).order.reason, "consent_required");
    assert.equal((await visit({ ...NAVIGATION, cookie: "cmp=a%2Cpersonalization" }, own)).order.source, "experiment");
  });

  test("may take it from a header, which is asked first", async () => {
    const headers = { ...NAVIGATION, cookie: "cmp=personalization", "x-consent": "none" };
    assert.equal((await visit(headers, own)).order.reason, "consent_required");
  });

  test("may ignore Global Privacy Control", async () => {
    assert.equal((await visit({ ...NAVIGATION, "sec-gpc": "1" }, own)).order.source, "experiment");
  });
});

test("an id of the site's own is used, and neither minted nor deleted", async () => {
  const own = await startEdge("own-id", { vars: { ID_COOKIE: "customer" } });
  try {
    own.origin.answers.set("/", send(PAGE));
    const consent = "slotwise_consent=personalization";
    assert.equal((await visit({ ...NAVIGATION, cookie: `customer=ewa; ${consent}` }, own)).order.variant, "urgent");
    const without = await visit({ ...NAVIGATION, cookie: consent }, own);
    assert.equal(without.order.reason, "no_hash_value");
    assert.deepEqual(without.cookies, []);
    assert.deepEqual((await visit({ ...NAVIGATION, cookie: "customer=ewa; slotwise_consent=none" }, own)).cookies, []);
  } finally {
    await own.close();
  }
});

test("a sticky cookie is never longer than a kilobyte, and one that is longer is not read", async () => {
  const arm = (letter) => letter.repeat(120);
  const names = Array.from({ length: 20 }, (_, index) => `experiment-${index}`);
  const experiments = Object.fromEntries(
    names.map((name) => [name, { variants: { [arm("a")]: 0.5, [arm("b")]: 0.5 }, sticky: true }]),
  );
  const slots = Object.fromEntries(
    names.map((name) => [name, { default: "x", variants: { x: {} }, rules: [{ experiment: name, show: "x" }] }]),
  );
  const many = await startEdge("many-arms", {
    bundle: { version: 1, id: "edge", experiments, slots: { ...slots, order: { default: "x", variants: { x: {} } } } },
  });
  try {
    many.origin.answers.set("/", send(PAGE));
    const { cookies } = await visit(JOE, many);
    const [, value] = /^slotwise_sticky=([^;]*);/.exec(cookies.at(-1));
    assert.ok(value.length > 800 && value.length <= 1024, String(value.length));
    const tooLong = `experiment-0__0=${"a".repeat(2000)}`;
    const answer = await many.get("/", { ...NAVIGATION, cookie: `${JOE.cookie}; slotwise_sticky=${tooLong}` });
    assert.equal(answer.status, 200);
  } finally {
    await many.close();
  }
});

test("a persona leaves nothing behind of its arms, and takes nothing away", async () => {
  const demo = await startEdge("persona", { vars: { PERSONAS: "on" } });
  try {
    demo.origin.answers.set("/", send(PAGE));
    for (const query of ["as.visitor=ewa", "as.visitor="]) {
      const answer = await demo.get(`/?${query}`, { ...NAVIGATION, cookie: `${JOE.cookie}; slotwise_sticky=a__0=b` });
      const names = answer.headers.getSetCookie().map((cookie) => cookie.split("=", 1)[0]);
      assert.deepEqual(names, ["slotwise_as"], query);
    }
  } finally {
    await demo.close();
  }
});

// `GET` and `DELETE profile`, `POST events`: what the visitor did, sent to the edge, read there, and forgotten.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { profiles } from "../../pkg/dist/profile.node.js";
import { NAVIGATION, PAGE, startEdge } from "../support/edge.mjs";
import { markOf } from "../support/markup.mjs";
import { send } from "../support/origin.mjs";
import { problemOf } from "../support/publishing.mjs";

const BUNDLE = {
  version: 1,
  id: "profile",
  slots: {
    hero: {
      default: "base",
      variants: { base: {}, advice: { html: "<h1>Need help to decide?</h1>" } },
      rules: [{ when: { $did: { event: "view_item", within: "10m", times: { $gte: 3 } } }, show: "advice" }],
    },
  },
};
const AGREED = "slotwise_consent=personalization";
const KEPT = "Path=/; Max-Age=31536000; SameSite=Lax; Secure";
const DELETED = "Path=/; Max-Age=0; SameSite=Lax; Secure";
const VIEWS = ["boots", "sandals", "boots"].map((item, id) => ({
  name: "view_item",
  item,
  category: "shoes",
  id: `${id}`,
}));

let edge;
let opened;
before(async () => {
  [edge, opened] = await Promise.all([startEdge("profile-routes", { bundle: BUNDLE }), profiles()]);
  edge.origin.answers.set("/", send(PAGE));
});
after(() => edge?.close());

function post(events, { cookie = AGREED, headers = {}, to = edge } = {}) {
  const body = typeof events === "string" ? events : JSON.stringify(events);
  return to.worker.fetch("/_slotwise/events", {
    method: "POST",
    body,
    headers: { "content-type": "application/json", cookie, ...headers },
  });
}

async function summary(cookie, headers = {}) {
  const answer = await edge.worker.fetch("/_slotwise/profile", { headers: { cookie, ...headers } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  return answer.json();
}

/** The profile's cookie in an answer, as a browser sends it back. */
function kept(answer) {
  const [cookie, ...others] = answer.headers.getSetCookie();
  assert.deepEqual(others, []);
  const [, value] = /^slotwise_profile=([\w-]+); (.*)$/.exec(cookie) ?? [];
  assert.equal(cookie, `slotwise_profile=${value}; ${KEPT}`);
  return `${AGREED}; slotwise_profile=${value}`;
}

/** Of who nothing is known. */
const NOBODY = {
  isNew: true,
  sessions: 0,
  engagement: "low",
  "rfm.frequency": 0,
  "rfm.monetary": 0,
  categories: [],
  items: [],
  leftCart: false,
  likedCategories: [],
  likedItems: [],
};

describe("what is sent", () => {
  test("is kept, shown to the visitor, and decides the next page", async () => {
    const answer = await post(VIEWS);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.deepEqual(await answer.json(), { kept: 3 });
    const cookie = kept(answer);
    const { likedItems, categories, sessions, isNew } = await summary(cookie);
    assert.deepEqual(
      likedItems.map(({ key, times }) => [key, times]),
      [
        ["boots", 2],
        ["sandals", 1],
      ],
    );
    assert.deepEqual({ categories, sessions, isNew }, { categories: ["shoes"], sessions: 1, isNew: true });
    const page = await edge.get("/", { ...NAVIGATION, cookie });
    const html = await page.text();
    assert.equal(markOf(html, "hero"), "advice");
    assert.match(html, /Need help to decide\?/);
    assert.equal(markOf(await (await edge.get("/", { ...NAVIGATION, cookie: AGREED })).text(), "hero"), "base");
  });

  test("is added to what is there, once", async () => {
    const first = kept(await post(VIEWS[0]));
    const second = kept(await post(VIEWS, { cookie: first }));
    assert.deepEqual(
      (await summary(second)).likedItems.map(({ key, times }) => [key, times]),
      [
        ["boots", 2],
        ["sandals", 1],
      ],
    );
    const again = await post(VIEWS, { cookie: second });
    assert.deepEqual(await again.json(), { kept: 0 });
    assert.deepEqual(again.headers.getSetCookie(), []);
  });

  test("is read by pages, and the other way round", async () => {
    const page = opened.open();
    page.track(VIEWS[0]);
    page.track(VIEWS[1]);
    const cookie = `${AGREED}; slotwise_profile=${Buffer.from(page.toBytes()).toString("base64url")}`;
    const both = kept(await post(VIEWS[2], { cookie }));
    const read = opened.open(Buffer.from(/slotwise_profile=(.*)$/.exec(both)[1], "base64url"));
    assert.deepEqual(
      read.summary().likedItems.map(({ key, times }) => [key, times]),
      [
        ["boots", 2],
        ["sandals", 1],
      ],
    );
  });

  test("may be what a beacon sends: a plain text", async () => {
    const answer = await post(VIEWS[0], { headers: { "content-type": "text/plain;charset=UTF-8" } });
    assert.deepEqual(await answer.json(), { kept: 1 });
  });

  test("tells when it happened, in the past", async () => {
    const now = Date.now();
    const day = 24 * 3_600_000;
    const times = [now - 3 * day, now - 100 * day, now + 3 * day];
    const answer = await post(times.map((time, at) => ({ name: "purchase", value: 80, time, id: `order ${at}` })));
    assert.deepEqual(await answer.json(), { kept: 2 });
    const told = await summary(kept(answer));
    assert.deepEqual([told["rfm.frequency"], told["rfm.monetary"], told.sessions], [2, 160, 2]);
    assert.equal(told["rfm.recency"], 0, "what is to come has just happened");
  });

  test("may be a hundred events, of which the cookie keeps what fits", async () => {
    const events = Array.from({ length: 100 }, (_, id) => ({
      name: `event ${id}`,
      item: `${id}`.repeat(60),
      id: `${id}`,
    }));
    const answer = await post(events);
    assert.deepEqual(await answer.json(), { kept: 100 });
    assert.ok(kept(answer).length <= AGREED.length + "; slotwise_profile=".length + 2048);
  });

  test("may be nothing", async () => {
    const answer = await post([]);
    assert.deepEqual(await answer.json(), { kept: 0 });
    assert.deepEqual(answer.headers.getSetCookie(), []);
  });
});

describe("without consent", () => {
  const cookie = "slotwise_profile=AQ";
  const refusals = {
    "nobody has answered": { cookie },
    "the visitor has refused": { cookie: `slotwise_consent=none; ${cookie}` },
    "the visitor has agreed to something else": { cookie: `slotwise_consent=analytics; ${cookie}` },
    "the browser sends Global Privacy Control": { cookie: `${AGREED}; ${cookie}`, headers: { "sec-gpc": "1" } },
  };
  for (const [what, options] of Object.entries(refusals)) {
    test(`nothing is kept when ${what}, and nothing is known`, async () => {
      const answer = await post(VIEWS, options);
      assert.equal(answer.status, 200);
      assert.deepEqual(await answer.json(), { kept: 0, reason: "consent_required" });
      assert.deepEqual(answer.headers.getSetCookie(), []);
      const known = kept(await post(VIEWS)).replace(AGREED, "");
      assert.deepEqual(await summary(`${options.cookie.replace(cookie, "")}${known}`, options.headers), NOBODY);
    });
  }

  test("a bundle that asks for another purpose gets that, and one that does not ask keeps nothing", async () => {
    const other = await startEdge("other-purpose", { bundle: { ...BUNDLE, consent: { profiles: "analytics" } } });
    const unasked = await startEdge("unasked", { bundle: { ...BUNDLE, slots: {} } });
    try {
      const answers = [
        await post(VIEWS, { to: other }),
        await post(VIEWS, { to: other, cookie: "slotwise_consent=analytics" }),
        await post(VIEWS, { to: unasked }),
      ];
      assert.deepEqual(await Promise.all(answers.map((answer) => answer.json())), [
        { kept: 0, reason: "consent_required" },
        { kept: 3 },
        { kept: 0, reason: "not_asked" },
      ]);
      assert.deepEqual(answers[2].headers.getSetCookie(), []);
    } finally {
      await other.close();
      await unasked.close();
    }
  });
});

test("a bundle whose profiles need no consent keeps and reads none of a visitor who has agreed to nothing", async () => {
  const free = await startEdge("free", { bundle: { ...BUNDLE, consent: { profiles: "none" } } });
  try {
    free.origin.answers.set("/", send(PAGE));
    for (const cookie of ["", "slotwise_consent=none"]) {
      const answer = await post(VIEWS, { to: free, cookie });
      assert.deepEqual(await answer.json(), { kept: 0, reason: "consent_required" }, cookie);
      assert.deepEqual(answer.headers.getSetCookie(), []);
    }
    const agreed = "slotwise_consent=analytics";
    const profile = kept(await post(VIEWS, { to: free, cookie: agreed })).replace(AGREED, "");
    for (const [consent, variant] of [
      [agreed, "advice"],
      ["slotwise_consent=none", "base"],
    ]) {
      const page = await free.get("/", { ...NAVIGATION, cookie: `${consent}${profile}` });
      assert.equal(markOf(await page.text(), "hero"), variant, consent);
    }
  } finally {
    await free.close();
  }
});

test("a profile that somebody has made up is none", async () => {
  const made = ["x", "AQ", "forgotten", "A".repeat(2048), "A".repeat(100_000), "%00", '"><script>', "-_-_"];
  for (const value of made) {
    const cookie = `${AGREED}; slotwise_profile=${value}`;
    assert.deepEqual(await summary(cookie), NOBODY, value.slice(0, 20));
    const answer = await post(VIEWS, { cookie });
    assert.deepEqual(await answer.json(), { kept: 3 }, value.slice(0, 20));
    assert.equal((await summary(kept(answer))).likedItems.length, 2);
  }
});

describe("events that are wrong are refused as a whole, and the answer says which and why:", () => {
  const good = { name: "click" };
  const cases = [
    { what: "no event", sent: 5, pointers: [""] },
    { what: "an event without a name", sent: {}, pointers: [""] },
    { what: "an empty name", sent: [good, { name: "" }], pointers: ["/1/name"] },
    { what: "lists in a list", sent: [good, []], pointers: ["/1"] },
    { what: "nothing", sent: [null, good], pointers: ["/0"] },
    {
      what: "wrong types",
      sent: [{ name: "like", item: 42, category: {}, value: "7", time: "now", id: null }],
      pointers: ["/0/item", "/0/category", "/0/value", "/0/time", "/0/id"],
    },
    { what: "members that there are not", sent: { name: "like", "a/b~c": 1 }, pointers: ["/a~1b~0c"] },
    {
      what: "names that JavaScript knows",
      sent: '[{"name":"like","__proto__":{"item":"x"},"constructor":1}]',
      pointers: ["/0/__proto__", "/0/constructor"],
    },
  ];
  for (const { what, sent, pointers } of cases) {
    test(what, async () => {
      const answer = await post(sent);
      assert.deepEqual(answer.headers.getSetCookie(), []);
      const { status, problems } = await problemOf(answer);
      assert.equal(status, 400);
      assert.deepEqual(
        problems.map(({ pointer }) => pointer),
        pointers,
      );
      assert.ok(problems.every(({ message }) => message.length > 10));
    });
  }

  const bodies = [
    { what: "what is no JSON", body: "{", status: 400 },
    { what: "too many", body: JSON.stringify(Array.from({ length: 101 }, () => good)), status: 400 },
    { what: "lists in lists, 30,000 deep", body: "[".repeat(30_000) + "]".repeat(30_000), status: 400 },
    { what: "a text of 60 KB that is no name", body: JSON.stringify({ ["x".repeat(60_000)]: 1 }), status: 400 },
    { what: "a megabyte", body: JSON.stringify({ name: "x".repeat(1024 * 1024) }), status: 413 },
    { what: "a form", body: "name=click", type: "application/x-www-form-urlencoded", status: 415 },
  ];
  for (const { what, body, type = "application/json", status } of bodies) {
    test(what, async () => {
      const problem = await problemOf(await post(body, { headers: { "content-type": type } }));
      assert.equal(problem.status, status);
    });
  }

  test("a name of 60 KB is none of those, and is kept by its beginning", async () => {
    const answer = await post({ name: "x".repeat(60_000), item: "y".repeat(1000) });
    assert.deepEqual(await answer.json(), { kept: 1 });
    assert.ok(kept(answer).length < 300);
  });
});

describe("who asks to be forgotten", () => {
  const forget = (cookie, headers = {}, to = edge) =>
    to.worker.fetch("/_slotwise/profile", { method: "DELETE", headers: { cookie, ...headers } });

  test("has no cookie of ours left but word of it, and has done nothing", async () => {
    const cookie = `slotwise_id=ewa; slotwise_sticky=a__0=b; ${kept(await post(VIEWS))}`;
    const answer = await forget(cookie);
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.deepEqual(answer.headers.getSetCookie(), [
      `slotwise_id=; ${DELETED}`,
      `slotwise_sticky=; ${DELETED}`,
      `slotwise_profile=forgotten; ${KEPT}`,
    ]);
    const after = `${AGREED}; slotwise_profile=forgotten`;
    assert.deepEqual(await summary(after), NOBODY);
    assert.equal(markOf(await (await edge.get("/", { ...NAVIGATION, cookie: after })).text(), "hero"), "base");
  });

  test("leaves not even that without consent", async () => {
    const answer = await forget("slotwise_id=ewa; slotwise_profile=AQ");
    assert.equal(answer.headers.getSetCookie().at(-1), `slotwise_profile=; ${DELETED}`);
    assert.equal(answer.headers.getSetCookie().length, 3);
  });

  test("keeps an id that is the site's, and is forgotten under host and domain", async () => {
    const own = await startEdge("own-domain", {
      bundle: BUNDLE,
      vars: { ID_COOKIE: "customer", COOKIE_DOMAIN: "example.com" },
    });
    try {
      assert.deepEqual((await forget("customer=ewa", {}, own)).headers.getSetCookie(), [
        "slotwise_sticky=; Path=/; Max-Age=0; SameSite=Lax; Secure; Domain=example.com",
        `slotwise_sticky=; ${DELETED}`,
        `slotwise_profile=; ${DELETED}`,
        "slotwise_profile=; Path=/; Max-Age=0; SameSite=Lax; Secure; Domain=example.com",
      ]);
    } finally {
      await own.close();
    }
  });
});

describe("a page of another site", () => {
  const foreign = {
    "says so": { "sec-fetch-site": "cross-site" },
    "is a neighbour's": { "sec-fetch-site": "same-site" },
    "says so whatever its origin": { "sec-fetch-site": "cross-site", origin: "http://127.0.0.1" },
    "tells its origin alone": { origin: "https://evil.example" },
    "hides its origin": { origin: "null" },
    "has an odd origin": { origin: "::" },
  };
  for (const [what, headers] of Object.entries(foreign)) {
    test(`adds nothing and deletes nothing when it ${what}`, async () => {
      for (const [path, method, body] of [
        ["events", "POST", JSON.stringify(VIEWS)],
        ["consent", "POST", '{"personalization":true}'],
        ["profile", "DELETE", undefined],
      ]) {
        const answer = await edge.worker.fetch(`/_slotwise/${path}`, {
          method,
          body,
          headers: { "content-type": "text/plain", cookie: AGREED, ...headers },
        });
        assert.deepEqual(answer.headers.getSetCookie(), [], path);
        assert.equal((await problemOf(answer)).status, 403, path);
      }
    });
  }

  test("is told from the site's own", async () => {
    const own = [{ "sec-fetch-site": "same-origin" }, { origin: edge.url.origin }];
    for (const headers of own) assert.deepEqual(await (await post(VIEWS, { headers })).json(), { kept: 3 });
  });
});

test("other methods are refused", async () => {
  for (const [path, method, allow] of [
    ["profile", "PUT", "GET, DELETE"],
    ["events", "GET", "POST"],
    ["consent", "GET", "POST"],
  ]) {
    const answer = await edge.worker.fetch(`/_slotwise/${path}`, { method });
    assert.equal(answer.headers.get("allow"), allow);
    assert.equal((await problemOf(answer)).status, 405);
  }
});

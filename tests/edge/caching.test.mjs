// What caches may do with adapted pages: a browser asks again, and the edge gives a kept page to those alone who are shown the same.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { EWA, JOE, NAVIGATION, PAGE, startEdge } from "../support/edge.mjs";
import { markOf } from "../support/markup.mjs";
import { send } from "../support/origin.mjs";

let edge;
before(async () => {
  edge = await startEdge("caching");
});
after(() => edge?.close());
beforeEach(() => {
  edge.origin.answers.clear();
  edge.origin.asked.length = 0;
});

const header = (answer, name) => answer.headers.get(name);

describe("an adapted page", () => {
  const policies = ["public, max-age=600", "public, s-maxage=600", "max-age=600", "private, max-age=5", undefined];
  for (const policy of policies) {
    test(`is its visitor's alone when the origin says ${policy}`, async () => {
      const orders = {
        "cdn-cache-control": "max-age=600",
        "surrogate-control": "max-age=600",
        expires: "Thu, 01 Jan 2099 00:00:00 GMT",
      };
      const path = `/policy-${policies.indexOf(policy)}`;
      edge.origin.answers.set(path, send(PAGE, { ...(policy && { "cache-control": policy }), ...orders }));
      const answer = await edge.get(path, JOE);
      assert.equal(header(answer, "cache-control"), "private, no-cache");
      for (const name of Object.keys(orders)) assert.equal(header(answer, name), null, name);
    });
  }

  test("is not kept at all when the origin wants that", async () => {
    edge.origin.answers.set("/", send(PAGE, { "cache-control": "no-store" }));
    assert.equal(header(await edge.get("/", JOE), "cache-control"), "private, no-store");
  });
});

describe("a browser that has kept a page", () => {
  /** An origin that says when its page has not changed. */
  const versioned = (tag) => (asked, response) => {
    const known = asked.headers["if-none-match"]?.includes(tag);
    response.writeHead(known ? 304 : 200, { "content-type": "text/html; charset=utf-8", etag: tag });
    response.end(known ? undefined : PAGE);
  };

  test("is told that it still holds, when neither the page nor the decision has changed", async () => {
    edge.origin.answers.set("/", versioned('"v1"'));
    const etag = header(await edge.get("/", JOE), "etag");
    assert.match(etag, /^W\/"v1\.[0-9a-f]{16}"$/);
    const again = await edge.get("/", { ...JOE, "if-none-match": etag });
    assert.equal(again.status, 304);
    assert.equal(header(again, "etag"), etag);
    assert.equal(header(again, "cache-control"), "private, no-cache");
    assert.equal(header(again, "x-slotwise"), "adapted; not modified");
  });

  test("is sent the page when the decision is another", async () => {
    edge.origin.answers.set("/", versioned('"v1"'));
    const etag = header(await edge.get("/", JOE), "etag");
    const other = await edge.get("/", { ...EWA, "if-none-match": etag });
    assert.equal(other.status, 200);
    assert.notEqual(header(other, "etag"), etag);
    assert.equal(markOf(await other.text(), "order"), "urgent");
  });

  test("is sent the page when it has changed", async () => {
    edge.origin.answers.set("/", versioned('"v1"'));
    const etag = header(await edge.get("/", JOE), "etag");
    edge.origin.answers.set("/", versioned('"v2"'));
    const other = await edge.get("/", { ...JOE, "if-none-match": etag });
    assert.equal(other.status, 200);
    assert.match(header(other, "etag"), /^W\/"v2\./);
  });

  test("from before there was a Worker is sent the adapted page, whole", async () => {
    edge.origin.answers.set("/", versioned('"v1"'));
    const kept = { "if-none-match": '"v1"', "if-modified-since": new Date().toUTCString(), range: "bytes=0-9" };
    const answer = await edge.get("/", { ...JOE, ...kept });
    assert.equal(answer.status, 200);
    assert.equal(markOf(await answer.text(), "order"), "plain");
    for (const name of Object.keys(kept)) assert.equal(edge.origin.lastAsked("/").headers[name], undefined, name);
  });
});

describe("a page that the origin allows to be shared", () => {
  const shared = send(PAGE, { "cache-control": "public, max-age=600", etag: '"v1"' });
  const timesAsked = (path) => edge.origin.asked.filter(({ url }) => url.startsWith(path)).length;

  /** Asks until the page has been kept, which goes on after the answer. */
  async function warmed(path, headers) {
    for (let tries = 0; tries < 50; tries++) {
      const answer = await edge.get(path, headers);
      const html = await answer.text();
      if (header(answer, "x-slotwise").includes("cache")) return { answer, html };
    }
    return assert.fail("the page was not kept");
  }

  test("is kept by what it shows: nobody is given another's arm", async () => {
    edge.origin.answers.set("/shared", shared);
    const joe = await warmed("/shared", JOE);
    assert.equal(markOf(joe.html, "order"), "plain");
    assert.equal(header(joe.answer, "cache-control"), "private, no-cache");
    const before = timesAsked("/shared");
    const ewa = await edge.get("/shared", EWA);
    assert.equal(markOf(await ewa.text(), "order"), "urgent");
    assert.equal(timesAsked("/shared"), before + 1);
    // Another visitor who falls into the same arm ("joe" again, by another name for the cookie's sake) is given the kept one.
    const again = await edge.get("/shared", JOE);
    assert.equal(header(again, "x-slotwise"), "adapted; from the cache");
    assert.equal(timesAsked("/shared"), before + 1);
  });

  test("carries nobody's cookies when it is kept, and the visitor's own when it is given", async () => {
    edge.origin.answers.set("/fresh", shared);
    const agreed = { ...NAVIGATION, cookie: "slotwise_consent=personalization" };
    const ids = new Set();
    let fromCache = 0;
    for (let visit = 0; visit < 20; visit++) {
      const answer = await edge.get("/fresh", agreed);
      await answer.text();
      const cookies = answer.headers.getSetCookie();
      assert.equal(cookies.length, 2, cookies.join("\n"));
      ids.add(cookies[0]);
      if (header(answer, "x-slotwise").includes("cache")) fromCache++;
    }
    assert.equal(ids.size, 20);
    assert.ok(fromCache > 0);
  });

  test("is asked for anew by a reload", async () => {
    edge.origin.answers.set("/reload", shared);
    await warmed("/reload", JOE);
    const before = timesAsked("/reload");
    const answer = await edge.get("/reload", { ...JOE, "cache-control": "no-cache" });
    assert.equal(header(answer, "x-slotwise"), "adapted");
    assert.equal(timesAsked("/reload"), before + 1);
  });

  const encodings = [
    { name: "gzip", compress: gzipSync },
    { name: "br", compress: brotliCompressSync },
  ];
  for (const { name, compress } of encodings) {
    test(`reads the same from the cache when it comes in ${name}`, async () => {
      const path = `/${name}`;
      const headers = { "cache-control": "public, max-age=600", "content-encoding": name };
      edge.origin.answers.set(path, send(compress(PAGE), headers));
      const asked = { ...JOE, "accept-encoding": "gzip, br" };
      const first = await (await edge.get(path, asked)).text();
      assert.ok(first.endsWith("</html>"), first);
      assert.equal((await warmed(path, asked)).html, first);
    });
  }

  test("is not kept when the origin breaks it off, and is kept once it comes whole", async () => {
    const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "public, max-age=600" };
    const half = PAGE.slice(0, PAGE.indexOf("</section>"));
    edge.origin.answers.set("/broken", (_request, response) => {
      response.writeHead(200, headers);
      response.write(half, () => response.destroy());
    });
    for (let visit = 1; visit <= 3; visit++) {
      const answer = await edge.get("/broken", JOE);
      await answer.text().catch(() => undefined);
      assert.notEqual(header(answer, "x-slotwise"), "adapted; from the cache");
      assert.equal(timesAsked("/broken"), visit);
    }
    edge.origin.answers.set("/broken", shared);
    assert.ok((await warmed("/broken", JOE)).html.endsWith("</html>"));
  });

  test("is not kept when it is larger than a page that is kept in memory until it is whole", async () => {
    const text = `<p>${"x".repeat(1024 * 1024)}</p></body>`;
    edge.origin.answers.set("/large", send(PAGE.replace("</body>", text), { "cache-control": "public, max-age=600" }));
    for (let visit = 1; visit <= 3; visit++) {
      const answer = await edge.get("/large", JOE);
      assert.ok((await answer.text()).endsWith("</html>"));
      assert.equal(header(answer, "x-slotwise"), "adapted");
      assert.equal(timesAsked("/large"), visit);
    }
  });

  const alone = [
    { what: "sets a cookie", headers: { "cache-control": "public, max-age=600", "set-cookie": "a=1" } },
    { what: "varies by cookie", headers: { "cache-control": "public, max-age=600", vary: "Accept-Encoding, Cookie" } },
    { what: "is private", headers: { "cache-control": "private, max-age=600" } },
    { what: "says nothing", headers: {} },
  ];
  for (const [index, { what, headers }] of alone.entries()) {
    test(`is not one that ${what}`, async () => {
      const path = `/alone-${index}`;
      edge.origin.answers.set(path, send(PAGE, headers));
      for (let visit = 0; visit < 5; visit++) assert.equal(header(await edge.get(path, JOE), "x-slotwise"), "adapted");
      assert.equal(timesAsked(path), 5);
    });
  }

  test("is not one that prints the visitor's id", async () => {
    const bundle = {
      version: 1,
      id: "edge",
      slots: { hero: { default: "you", variants: { you: { html: "<p>{{id}}</p>" } } } },
    };
    const printing = await startEdge("printing", { bundle });
    try {
      printing.origin.answers.set("/", shared);
      for (let visit = 0; visit < 5; visit++) {
        const answer = await printing.get("/", JOE);
        assert.equal(header(answer, "x-slotwise"), "adapted");
        assert.match(await answer.text(), /<p>joe<\/p>/);
      }
    } finally {
      await printing.close();
    }
  });

  test("is not kept where the site has switched that off", async () => {
    const off = await startEdge("no-page-cache", { vars: { PAGE_CACHE: "off" } });
    try {
      off.origin.answers.set("/", shared);
      for (let visit = 0; visit < 5; visit++) assert.equal(header(await off.get("/", JOE), "x-slotwise"), "adapted");
    } finally {
      await off.close();
    }
  });
});

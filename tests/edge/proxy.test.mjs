// The Worker as a proxy: what passes, what is changed, and what is mended, against an origin that does as it is told.

import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, beforeEach, describe, test } from "node:test";
import { brotliCompressSync, gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import { reasonToPass } from "../../worker/src/page/adaptable.ts";
import { startBareWorker } from "../support/bare-worker/bare-worker.mjs";
import { JOE, NAVIGATION, PAGE, startEdge } from "../support/edge.mjs";
import { htmlOf, markOf, scriptsOf, stateOf } from "../support/markup.mjs";
import { send } from "../support/origin.mjs";

let edge;
before(async () => {
  edge = await startEdge("proxy", { vars: { PERSONAS: "on" } });
});
after(() => edge?.close());
beforeEach(() => {
  edge.origin.answers.clear();
  edge.origin.answers.set("/", send(PAGE));
});

/** An answer as it was on the wire: nothing decoded, every header line kept. */
async function raw(path, headers = {}, method = "GET", url = edge.url) {
  const asking = request(new URL(path, url), { method, headers, agent: false }).end();
  const [answer] = await once(asking, "response");
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { status: answer.statusCode, headers: answer.headers, lines: answer.rawHeaders, body: Buffer.concat(chunks) };
}

describe("a page", () => {
  test("is adapted, and says so", async () => {
    const answer = await edge.get("/", JOE);
    const html = await answer.text();
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("x-slotwise"), "adapted");
    assert.match(
      answer.headers.get("server-timing"),
      /^slotwise;desc="adapted"(, slotwise-bundle;dur=\d+)?, slotwise-origin;dur=\d+$/,
    );
    assert.equal(markOf(html, "order"), "plain");
    assert.equal(stateOf(html).slots.delivery.value.days, 2);
    assert.deepEqual(scriptsOf(html), [
      'type="application/json" id="slotwise-state"',
      'type="module" src="/_slotwise/slotwise.js"',
    ]);
  });

  test("is asked for with the visitor's headers and the address that the visitor sees", async () => {
    await edge.get("/?a=1&b=%20", { ...JOE, "x-own": "kept" });
    const { url, headers } = edge.origin.lastAsked("/");
    assert.equal(url, "/?a=1&b=%20");
    assert.equal(headers["x-own"], "kept");
    assert.equal(headers.cookie, JOE.cookie);
    assert.equal(headers.host, new URL(edge.origin.url).host);
    assert.equal(headers["x-forwarded-host"], edge.url.host);
    assert.equal(headers["x-forwarded-proto"], "http");
  });

  test("that a script asks for as a part gets its slots, and no handoff", async () => {
    edge.origin.answers.set("/part", send('<p data-slot="order"><a>Order</a></p>'));
    const answer = await edge.get("/part", { ...JOE, accept: "*/*", "sec-fetch-dest": "empty" });
    assert.equal(await answer.text(), '<p data-slot="order" data-slotwise="plain"><a>Order</a></p>');
  });

  test("that was adapted before is not adapted again", async () => {
    const adapted = await (await edge.get("/", { ...JOE, cookie: JOE.cookie.replace("joe", "ewa") })).text();
    edge.origin.answers.set("/twice", send(adapted.replace("Order today", "As the other left it")));
    const html = await (await edge.get("/twice", JOE)).text();
    assert.equal(markOf(html, "order"), "urgent");
    assert.equal(htmlOf(html, "order"), '<a href="/order">As the other left it</a>');
  });

  test("leaves alone what somebody else fills", async () => {
    edge.origin.answers.set(
      "/react",
      send('<body><p data-slot="order" data-slotwise-owner="react"><a>Order</a></p></body>'),
    );
    const html = await (await edge.get("/react", { ...JOE, cookie: JOE.cookie.replace("joe", "ewa") })).text();
    assert.equal(htmlOf(html, "order"), "<a>Order</a>");
    assert.equal(markOf(html, "order"), undefined);
    const { order, hero, delivery } = stateOf(html).slots;
    // Whoever fills it needs the content; nobody else does.
    assert.equal(order.variant, "urgent");
    assert.deepEqual(order.content, { patches: [{ op: "text", selector: "a", value: "Order today" }] });
    assert.ok(!("content" in hero) && !("content" in delivery) && delivery.value.days === 2);
  });

  test("with a handoff of its own keeps it, and gets no other", async () => {
    const own = '<script type="application/json" id="slotwise-state">{"id":"own"}</script>';
    edge.origin.answers.set(
      "/own",
      send(`<body>${own}<p data-slot="order" data-slotwise-owner="react" data-slotwise="plain">Order</p></body>`),
    );
    const html = await (await edge.get("/own", JOE)).text();
    assert.deepEqual(stateOf(html), { id: "own" });
    assert.equal(scriptsOf(html).length, 1);
  });

  test("has custom elements for slots as well", async () => {
    edge.origin.answers.set("/element", send('<body><adaptive-slot name="order"><a>Order</a></adaptive-slot></body>'));
    const html = await (await edge.get("/element", { ...JOE, cookie: JOE.cookie.replace("joe", "ewa") })).text();
    assert.ok(
      html.includes('<adaptive-slot name="order" data-slotwise="urgent"><a>Order today</a></adaptive-slot>'),
      html,
    );
  });

  test("can be previewed; what names no slot and variant forces nothing", async () => {
    const order = async (query) => stateOf(await (await edge.get(`/?slotwise=${query}`, JOE)).text()).slots.order;
    for (const query of ["order:urgent", "%20order%20:%20urgent,hero:", "nobody:x,order:urgent"]) {
      assert.equal((await order(query)).variant, "urgent", query);
      assert.equal((await order(query)).source, "forced", query);
    }
    for (const query of ["", "on", "off", "order", "order:nothing", ":urgent", "__proto__:x", "order:urgent:x"]) {
      assert.deepEqual([(await order(query)).variant, (await order(query)).source], ["plain", "experiment"], query);
    }
  });

  test("comes as it is produced, not when it is complete", async () => {
    let finish;
    edge.origin.answers.set("/slow", (_request, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.write('<body><p data-slot="order"><a>Order</a></p><p>more');
      finish = () => response.end("</p></body>");
    });
    // The local server would hold back what it compresses.
    const headers = { ...JOE, "accept-encoding": "identity" };
    const asking = request(new URL("/slow", edge.url), { headers, agent: false }).end();
    const [answer] = await once(asking, "response");
    answer.setEncoding("utf8");
    let html = "";
    for await (const part of answer) {
      html += part;
      // The page ends only after its beginning has come, adapted.
      if (html.endsWith("<p>more")) finish();
    }
    assert.equal(markOf(html, "order"), "plain");
    assert.match(html, /slotwise-state/);
  });
});

describe("passes as it is", () => {
  const odd = '<p data-slot="order"><a>Order</a></p>';
  const cases = [
    { what: "a page that was not found", answer: send(odd, {}, 404) },
    { what: "an error of the origin", answer: send(odd, {}, 500) },
    { what: "a part of a page that nobody asked for", answer: send(odd, { "content-range": "bytes 0-9/99" }, 206) },
    { what: "a style sheet", answer: send(odd, { "content-type": "text/css" }) },
    { what: "JSON", answer: send(odd, { "content-type": "application/json" }) },
    { what: "text", answer: send(odd, { "content-type": "text/plain" }) },
    { what: "XHTML", answer: send(odd, { "content-type": "application/xhtml+xml" }) },
    { what: "a download", answer: send(odd, { "content-disposition": 'attachment; filename="a.html"' }) },
    { what: "what must not be transformed", answer: send(odd, { "cache-control": "public, no-transform" }) },
  ];
  for (const { what, answer } of cases) {
    test(what, async () => {
      edge.origin.answers.set("/odd", answer);
      const { headers, body } = await raw("/odd", JOE);
      assert.equal(body.toString(), odd);
      assert.equal(headers["x-slotwise"], undefined);
    });
  }

  test("a charset in which ASCII is not ASCII", () => {
    const page = (charset) => new Response(odd, { headers: { "content-type": `text/html; charset=${charset}` } });
    for (const charset of ["utf-16le", "UTF-16", '"utf-16be"', "unicode", "csISO2022JP", "iso-10646-ucs-2"])
      assert.equal(reasonToPass(page(charset)), "charset");
    for (const charset of ["utf-8", "unicode-1-1-utf-8", "iso-8859-2", "shift_jis"])
      assert.equal(reasonToPass(page(charset)), undefined);
  });

  describe("a page in UTF-16", () => {
    // Wrangler's development server reads pages, and would decode these.
    let bare;
    before(async () => {
      bare = await startEdge("proxy-bare", { start: startBareWorker });
      bare.origin.answers.set("/", send(PAGE));
    });
    after(() => bare?.close());

    const little = Buffer.from(PAGE.replace("Hello", "Cze\u015b\u0107 \ud83d\udc4b"), "utf16le");
    const big = Buffer.from(little).swap16();
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), little]);
    const cases = [
      { what: "that is named, with its mark", type: "text/html; charset=utf-16le", page: marked },
      { what: "that is named", type: "text/html; charset=utf-16le", page: little },
      { what: "that is named in other letters", type: 'text/html;charset="UTF-16"', page: little },
      { what: "whose big end is first", type: "text/html; charset=utf-16be", page: big },
      // Browsers believe the mark, whatever the header says. The Worker finds no tags, and so nothing to put its own into.
      { what: "that its mark alone tells", type: "text/html", page: marked },
      { what: "that is named something else", type: "text/html; charset=utf-8", page: marked },
      { what: "of which half a letter is missing", type: "text/html", page: marked.subarray(0, -1) },
    ];
    for (const { what, type, page } of cases) {
      test(what, async () => {
        bare.origin.answers.set("/wide", send(page, { "content-type": type }));
        const { status, headers, body } = await raw("/wide", JOE, "GET", bare.url);
        assert.equal(status, 200);
        assert.equal(headers["content-type"], type);
        assert.deepEqual(body, page);
        const isNamed = /utf-?16/i.test(type);
        assert.equal(headers["x-slotwise"], isNamed ? undefined : "adapted");
      });
    }

    test("and the same page in UTF-8 is adapted", async () => {
      const { headers, body } = await raw("/", JOE, "GET", bare.url);
      assert.equal(headers["x-slotwise"], "adapted");
      assert.equal(markOf(body.toString(), "order"), "plain");
    });
  });

  test("something without a content type", async () => {
    edge.origin.answers.set("/odd", (_request, response) => response.end(odd));
    const { headers, body } = await raw("/odd", JOE);
    assert.equal(body.toString(), odd);
    assert.equal(headers["content-type"], undefined);
  });

  test("an answer without a body", async () => {
    edge.origin.answers.set("/odd", (_request, response) => response.writeHead(204).end());
    assert.equal((await raw("/odd", JOE)).status, 204);
  });

  test("word that a page has not changed, though nobody asked", async () => {
    edge.origin.answers.set("/odd", send(undefined, { etag: '"1"' }, 304));
    const { status, headers, body } = await raw("/odd", JOE);
    assert.deepEqual({ status, length: body.length, etag: headers.etag }, { status: 304, length: 0, etag: '"1"' });
  });

  test("what is posted, with method, body and answer", async () => {
    edge.origin.answers.set("/form", send(odd, { "x-own": "kept" }));
    const answer = await edge.worker.fetch("/form", { method: "POST", body: "a=1", headers: NAVIGATION });
    assert.equal(await answer.text(), odd);
    assert.equal(answer.headers.get("x-own"), "kept");
    const { method, body } = edge.origin.lastAsked("/form");
    assert.deepEqual({ method, body }, { method: "POST", body: "a=1" });
  });

  test("a part of a file", async () => {
    edge.origin.answers.set("/film", (asked, response) => {
      assert.equal(asked.headers.range, "bytes=2-4");
      response.writeHead(206, { "content-type": "video/mp4", "content-range": "bytes 2-4/10", "content-length": 3 });
      response.end("cde");
    });
    const { status, headers, body } = await raw("/film", { range: "bytes=2-4" });
    assert.deepEqual({ status, body: body.toString() }, { status: 206, body: "cde" });
    assert.equal(headers["content-range"], "bytes 2-4/10");
  });

  test("word that a file has not changed", async () => {
    edge.origin.answers.set("/style.css", (asked, response) => {
      response.writeHead(asked.headers["if-none-match"] === '"1"' ? 304 : 200, { etag: '"1"' }).end();
    });
    const { status, headers } = await raw("/style.css", { "if-none-match": '"1"', accept: "text/css" });
    assert.equal(status, 304);
    assert.equal(headers.etag, '"1"');
  });

  test("a WebSocket, both ways", async () => {
    const socket = new WebSocket(new URL("/socket", edge.url.href.replace("http", "ws")));
    const [message] = await once(socket, "message");
    assert.equal(message.data, "hello");
    socket.close();
  });
});

describe("redirects", () => {
  const cases = [
    { what: "within the site, by path", location: "/other?x=1", expected: () => "/other?x=1" },
    {
      what: "to the origin, which the visitor does not know",
      location: () => `${edge.origin.url}/other?x=1#y`,
      expected: () => `${edge.url.origin}/other?x=1#y`,
    },
    { what: "elsewhere", location: "https://example.com/there", expected: () => "https://example.com/there" },
  ];
  for (const { what, location, expected } of cases) {
    test(`${what}, for the browser to follow`, async () => {
      const target = typeof location === "function" ? location() : location;
      edge.origin.answers.set("/moved", send("", { location: target }, 302));
      const { status, headers } = await raw("/moved", JOE);
      assert.equal(status, 302);
      assert.equal(headers.location, expected());
    });
  }
});

describe("headers of an adapted page", () => {
  test("every cookie of the origin comes through by itself", async () => {
    const cookies = ["a=1; Path=/", "b=2; Expires=Wed, 09 Jun 2027 10:18:14 GMT", "c=3"];
    edge.origin.answers.set("/", send(PAGE, { "set-cookie": cookies }));
    const answer = await edge.get("/", NAVIGATION);
    assert.deepEqual(answer.headers.getSetCookie(), cookies);
  });

  test("nothing is said of the length and the digests of what it was", async () => {
    const digests = {
      "content-md5": "x",
      digest: "x",
      "content-digest": "x",
      "repr-digest": "x",
      "accept-ranges": "bytes",
    };
    edge.origin.answers.set("/", send(PAGE, { "content-length": Buffer.byteLength(PAGE), ...digests }));
    const { headers, body } = await raw("/", JOE);
    for (const name of Object.keys(digests)) assert.equal(headers[name], undefined, name);
    if (headers["content-length"] !== undefined) assert.equal(Number(headers["content-length"]), body.length);
    assert.ok(body.length > PAGE.length);
  });

  test("a HEAD request has those of a page, and no body", async () => {
    edge.origin.answers.set("/", send(PAGE, { etag: '"1"' }));
    const head = await raw("/", JOE, "HEAD");
    const page = await raw("/", JOE);
    assert.equal(head.status, 200);
    assert.equal(head.body.length, 0);
    for (const name of ["content-type", "cache-control", "x-slotwise", "etag"]) {
      assert.equal(head.headers[name], page.headers[name], name);
    }
    assert.notEqual(page.headers.etag, undefined);
  });

  test("scripts carry the nonce that the page's policy asks for", async () => {
    const policy = "default-src 'self'; script-src 'nonce-r4nd0m' 'strict-dynamic'; object-src 'none'";
    edge.origin.answers.set("/", send(PAGE, { "content-security-policy": policy }));
    const html = await (await edge.get("/", JOE)).text();
    assert.equal(scriptsOf(html)[1], 'type="module" src="/_slotwise/slotwise.js" nonce="r4nd0m"');
  });
});

describe("encodings", () => {
  const encodings = [
    { name: "gzip", compress: gzipSync },
    { name: "br", compress: brotliCompressSync },
  ];
  for (const { name, compress } of encodings) {
    test(`a page in ${name} is adapted`, async () => {
      edge.origin.answers.set("/", send(compress(PAGE), { "content-encoding": name }));
      const html = await (await edge.get("/", { ...JOE, "accept-encoding": "gzip, br" })).text();
      assert.equal(markOf(html, "order"), "plain");
      assert.ok(html.endsWith("</html>"));
    });
  }

  test("an encoding that cannot be read is not asked for, and passes when it comes all the same", async () => {
    const body = zstdCompressSync(PAGE);
    edge.origin.answers.set("/", send(body, { "content-encoding": "zstd" }));
    const answer = await raw("/", { ...JOE, "accept-encoding": "gzip, br, zstd" });
    assert.doesNotMatch(edge.origin.lastAsked("/").headers["accept-encoding"], /zstd/);
    assert.deepEqual(answer.body, body);
    assert.equal(answer.headers["content-encoding"], "zstd");
  });

  test("a file that is encoded passes byte for byte", async () => {
    const body = gzipSync("body { color: red }");
    edge.origin.answers.set("/style.css", send(body, { "content-type": "text/css", "content-encoding": "gzip" }));
    const answer = await raw("/style.css", { "accept-encoding": "gzip" });
    assert.equal(answer.headers["content-encoding"], "gzip");
    assert.equal(gunzipSync(answer.body).toString(), "body { color: red }");
  });
});

describe("charsets", () => {
  const krakow = `/?as.place=${encodeURIComponent('{"city":"Kraków"}')}`;
  const page = (charset, ...head) => {
    const html = `<html><head>${head.join("")}</head><body><i>zażółć</i><p data-slot="hero">x</p></body></html>`;
    return charset === "iso-8859-2" ? latin2(html) : Buffer.from(html);
  };
  /** The letters of the page in ISO 8859-2. */
  const latin2 = (text) => {
    const letters = { ż: 0xbf, ó: 0xf3, ł: 0xb3, ć: 0xe6 };
    return Buffer.from(Array.from(text, (letter) => letters[letter] ?? letter.charCodeAt(0)));
  };

  test("what is shown is right in a page that is not in Unicode, and the rest stays byte for byte", async () => {
    const type = "text/html; charset=iso-8859-2";
    edge.origin.answers.set("/", send(page("iso-8859-2"), { "content-type": type }));
    const answer = await edge.get(krakow, JOE);
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(answer.headers.get("content-type"), type);
    const text = new TextDecoder("iso-8859-2").decode(bytes);
    assert.ok(text.includes("<i>zażółć</i>"), text);
    assert.ok(text.includes("<h1>Hello, Krak&#243;w</h1>"), text);
  });

  test("and in one that says so in the page only", async () => {
    const html = page("iso-8859-2", '<meta charset="iso-8859-2">');
    edge.origin.answers.set("/", send(html, { "content-type": "text/html" }));
    const bytes = Buffer.from(await (await edge.get(krakow, JOE)).arrayBuffer());
    const text = new TextDecoder("iso-8859-2").decode(bytes);
    assert.ok(text.includes("<i>zażółć</i>"), text);
    assert.ok(text.includes("<h1>Hello, Krak&#243;w</h1>"), text);
  });

  test("every letter of Latin-1 stays what it is", async () => {
    const letters = Buffer.from(Array.from({ length: 96 }, (_, index) => 0xa0 + index));
    const [before, after] = ["<body><i>", '</i><p data-slot="hero">x</p>'].map((text) => Buffer.from(text));
    const html = Buffer.concat([before, letters, after]);
    edge.origin.answers.set("/", send(html, { "content-type": "text/html; charset=iso-8859-1" }));
    const bytes = Buffer.from(await (await edge.get(krakow, JOE)).arrayBuffer());
    assert.deepEqual(bytes.subarray(before.length, before.length + letters.length), letters);
    assert.ok(bytes.includes("<h1>Hello, Krak&#243;w</h1>"), bytes.toString("latin1"));
  });

  test("bytes that are no UTF-8 stay what they are", async () => {
    const broken = Buffer.concat([
      Buffer.from("<body><i>"),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from('</i><p data-slot="hero">x</p>'),
    ]);
    edge.origin.answers.set("/", send(broken));
    const bytes = Buffer.from(await (await edge.get(krakow, JOE)).arrayBuffer());
    assert.ok(bytes.includes(Buffer.from([0xff, 0xfe, 0xc3])), bytes.toString("latin1"));
    assert.ok(bytes.toString().includes("<h1>Hello, Kraków</h1>"));
  });
});

test("an origin that cannot be reached is said to be so, in problem details", async () => {
  const alone = await startEdge("unreachable", { vars: { ORIGIN: "http://127.0.0.1:1" } });
  try {
    const answer = await alone.get("/", JOE);
    assert.equal(answer.status, 502);
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    assert.equal((await answer.json()).title, "The origin did not answer");
  } finally {
    await alone.close();
  }
});

// An origin that fails: too late, in the middle of a page, with far too much of it. The Worker runs with nothing in front of it, so
// that what becomes of a connection is seen as a visitor's browser would see it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { startBareWorker } from "../support/bare-worker/bare-worker.mjs";
import { JOE, PAGE, startEdge } from "../support/edge.mjs";
import { markOf } from "../support/markup.mjs";
import { send } from "../support/origin.mjs";

const HTML = { "content-type": "text/html; charset=utf-8" };
const MB = 1024 * 1024;
const beginning = '<body><p data-slot="order"><a>Order</a></p><p>the beginning';

let edge;
before(async () => {
  edge = await startEdge("origin-fails", { start: startBareWorker });
  edge.origin.answers.set("/", send(PAGE));
});
after(() => edge?.close());

/** What a visitor receives, and whether the connection broke before the end. */
async function received(path) {
  const asking = request(new URL(path, edge.url), { headers: JOE, agent: false }).end();
  const [answer] = await once(asking, "response");
  let text = "";
  let isBroken = false;
  try {
    for await (const part of answer.setEncoding("utf8")) text += part;
  } catch {
    isBroken = true;
  }
  return { status: answer.statusCode, outcome: answer.headers["x-slotwise"], text, isBroken };
}

/** The next visitor is served. */
async function servesTheNext() {
  const { outcome, text, isBroken } = await received("/");
  assert.deepEqual({ outcome, isBroken }, { outcome: "adapted", isBroken: false });
  assert.ok(text.endsWith("</body></html>"), text);
}

describe("an origin that breaks off", () => {
  /** An origin that breaks off so many times before it answers. */
  const breaksOff = (times) => {
    let asked = 0;
    return (_request, response) => (++asked <= times ? response.destroy() : send(PAGE)(_request, response));
  };
  const timesAsked = (path) => edge.origin.asked.filter(({ url }) => url === path).length;

  test("before it answers is asked once more", async () => {
    edge.origin.answers.set("/once", breaksOff(1));
    const { status, outcome, text } = await received("/once");
    assert.deepEqual({ status, outcome }, { status: 200, outcome: "adapted" });
    assert.ok(text.endsWith("</body></html>"), text);
    assert.equal(timesAsked("/once"), 2);
  });

  test("before it answers a second time is said to be unreachable", async () => {
    edge.origin.answers.set("/never", breaksOff(Number.POSITIVE_INFINITY));
    const { status, text } = await received("/never");
    assert.equal(status, 502);
    assert.equal(JSON.parse(text).title, "The origin did not answer");
    assert.equal(timesAsked("/never"), 2);
    await servesTheNext();
  });

  test("before it answers what was posted is not posted again", async () => {
    edge.origin.answers.set("/order", breaksOff(1));
    const answer = await edge.worker.fetch("/order", { method: "POST", body: "coffee", headers: JOE });
    assert.equal(answer.status, 502);
    assert.equal(timesAsked("/order"), 1);
  });

  const ways = [
    { what: "in the middle of a page of unknown length", headers: {}, sent: beginning },
    { what: "before the length that it has announced", headers: { "content-length": 1000 }, sent: beginning },
    {
      what: "in the middle of a compressed page",
      headers: { "content-encoding": "gzip" },
      sent: gzipSync(beginning + "x".repeat(1000)).subarray(0, -20),
    },
  ];
  for (const [index, { what, headers, sent }] of ways.entries()) {
    test(`${what} leaves the visitor with a connection that broke, and not with half a page that looks whole`, async () => {
      const path = `/breaks-${index}`;
      edge.origin.answers.set(path, (_request, response) => {
        response.writeHead(200, { ...HTML, ...headers });
        response.write(sent, () => response.destroy());
      });
      const { status, isBroken } = await received(path);
      assert.deepEqual({ status, isBroken }, { status: 200, isBroken: true });
      await servesTheNext();
    });
  }

  test("after some time has had its beginning shown, adapted", async () => {
    let breakOff;
    edge.origin.answers.set("/half", (_request, response) => {
      response.writeHead(200, HTML);
      response.write(beginning);
      breakOff = () => response.destroy();
    });
    const asking = request(new URL("/half", edge.url), { headers: JOE, agent: false }).end();
    const [answer] = await once(asking, "response");
    let html = "";
    const reading = async () => {
      for await (const part of answer.setEncoding("utf8")) {
        html += part;
        if (html.endsWith("the beginning")) breakOff();
      }
    };
    await assert.rejects(reading, { code: "ECONNRESET" });
    assert.equal(markOf(html, "order"), "plain");
  });
});

test("a page that calls itself compressed and is not breaks, and the next visitor is served", async () => {
  edge.origin.answers.set("/not-gzip", send(PAGE, { "content-encoding": "gzip" }));
  assert.equal((await received("/not-gzip")).isBroken, true);
  await servesTheNext();
});

test("a visitor who leaves in the middle of a page ends what the origin sends", async () => {
  const asked = Promise.withResolvers();
  edge.origin.answers.set("/endless", async (_request, response) => {
    response.writeHead(200, HTML);
    response.write(beginning);
    asked.resolve(response);
    while (!response.closed) {
      if (!response.write("<p>more</p>")) await Promise.race([once(response, "drain"), once(response, "close")]);
    }
  });
  const asking = request(new URL("/endless", edge.url), { headers: JOE, agent: false }).end();
  const [answer] = await once(asking, "response");
  const response = await asked.promise;
  const left = once(response, "close");
  answer.destroy();
  await left;
  await servesTheNext();
});

describe("a page of 50 MB", () => {
  const line = `<p>${"x".repeat(1016)}</p>\n`;
  const lines = (50 * MB) / line.length;

  for (const [what, headers] of [
    ["for one visitor", {}],
    ["that may be shared", { "cache-control": "public, max-age=600" }],
  ]) {
    test(`${what} passes whole, and is never in memory`, async (t) => {
      edge.origin.answers.set("/huge", async (_request, response) => {
        response.writeHead(200, { ...HTML, ...headers });
        response.write('<body><p data-slot="order"><a>Order</a></p>\n');
        for (let number = 0; number < lines; number++) {
          if (!response.write(line)) await once(response, "drain");
        }
        response.end('<p data-slot="delivery"></p></body>');
      });
      await servesTheNext();
      const before = await edge.worker.memory();
      let most = 0;
      let length = 0;
      let looked = 0;
      let end = "";
      const answer = await edge.get("/huge", JOE);
      for await (const part of answer.body) {
        length += part.length;
        end = (end + Buffer.from(part).toString()).slice(-1000);
        // Nothing is read meanwhile, so whoever holds pages back would hold this one.
        if (length - looked < 5 * MB) continue;
        looked = length;
        most = Math.max(most, (await edge.worker.memory()) - before);
      }
      t.diagnostic(`workerd took ${(most / MB).toFixed(1)} MB more at most`);
      assert.ok(length > 50 * MB, `${length}`);
      assert.match(end, /<p data-slot="delivery" data-slotwise="two"><\/p><script [\s\S]*<\/script><\/body>$/);
      assert.ok(most < 25 * MB, `${most} bytes more`);
    });
  }
});

// Many pages at once, each another one, through the memory that one page leaves to the next: no visitor gets a byte of somebody else's.
// Some visitors leave in the middle, some origins break off in the middle, and some read slowly. In workerd with nothing in front of it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Random, seedOfRun } from "../differential/random.mjs";
import { startBareWorker } from "../support/bare-worker/bare-worker.mjs";
import { EWA, JOE, startEdge } from "../support/edge.mjs";

const PAGES = Number(process.env.PAGES ?? 600);
const AT_ONCE = 40;
const KINDS = ["whole", "with its length", "in pieces", "slowly", "left", "broken off"];

let edge;
before(async () => {
  edge = await startEdge("concurrent-pages", { start: startBareWorker });
});
after(() => edge?.close());

/** The page with a number, of which every line says so. Some lines are tags, comments and scripts that are longer than a piece. */
function pageOf(number, random) {
  const lines = [`<!doctype html><body><p data-slot="order"><a>Order</a></p>`];
  const count = random.one([3, 100, 1500]);
  for (let line = 0; line < count; line++) {
    lines.push(
      random.one([
        `<p title="page ${number} é">page ${number}, line ${line}: zażółć</p>`,
        `<!-- page ${number} <p data-slot="order"> -->`,
        `<script>"page ${number} <b>"</script>`,
        `<i data-slot="other-${number}">page ${number}</i>`,
      ]),
    );
  }
  const long = random.one(["", `<img alt="page ${number}" src="data:,${`${number}-`.repeat(20_000)}">`]);
  return `${lines.join("\n")}${long}<p data-slot="order"><a>Order</a></p></body>`;
}

/** The page as it was before it was adapted, if nothing but that has become of it. */
function asItCame(html) {
  return html
    .replaceAll(' data-slotwise="plain"', "")
    .replaceAll(' data-slotwise="urgent"', "")
    .replaceAll("<a>Order today</a>", "<a>Order</a>")
    .replace(/<script type="application\/json" id="slotwise-state">.*?<\/script><script .*?<\/script>/, "");
}

test("each visitor gets the page that was meant for them, and nothing of another", async (t) => {
  const seed = seedOfRun();
  t.diagnostic(`SEED=${seed} repeats it`);
  const pages = Array.from({ length: PAGES }, (_, number) => {
    const random = new Random(seed + number);
    return { number, random, kind: KINDS[number % KINDS.length], html: pageOf(number, random) };
  });
  for (const { number, random, kind, html } of pages) {
    const bytes = Buffer.from(html);
    edge.origin.answers.set(`/${number}`, async (_request, response) => {
      const length = kind === "with its length" && { "content-length": bytes.length };
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...length });
      if (kind === "whole" || kind === "with its length") return response.end(bytes);
      // Cut anywhere, so in the middle of letters and of tags.
      const end = kind === "broken off" ? bytes.length / 2 : bytes.length;
      for (let at = 0; at < end && !response.closed; ) {
        const piece = bytes.subarray(at, at + random.one([1, 100, 5000, 50_000, 200_000]));
        at += piece.length;
        response.write(piece);
        await sleep(random.one([0, 1, 5]));
      }
      if (kind === "broken off") response.destroy();
      else response.end();
    });
  }
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  const visit = async ({ number, random, kind, html }) => {
    const asking = request(new URL(`/${number}`, edge.url), { agent, headers: number % 2 ? EWA : JOE }).end();
    const [answer] = await once(asking, "response");
    assert.equal(answer.headers["x-slotwise"], "adapted");
    const parts = [];
    try {
      for await (const part of answer) {
        parts.push(part);
        if (kind === "slowly") await sleep(random.one([1, 10]));
        if (kind === "left") break;
      }
    } catch (thrown) {
      assert.equal(thrown.code, "ECONNRESET");
      assert.equal(kind, "broken off", `page ${number} came ${kind}`);
    }
    counts[kind]++;
    const text = Buffer.concat(parts).toString();
    if (kind === "left" || kind === "broken off") {
      // What came is a beginning of the page; its last letter may be cut.
      const came = asItCame(text).replace(/(?:\ufffd|<p data-slot[^>]*>.{0,20})$/, "");
      assert.ok(html.startsWith(came), `page ${number}, ${kind}`);
    } else {
      assert.ok(asItCame(text) === html, `page ${number}, ${kind}`);
      assert.match(text, /id="slotwise-state"/);
    }
  };
  const waiting = pages.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const page of waiting) await visit(page);
    }),
  );
  agent.destroy();
  t.diagnostic(JSON.stringify(counts));
});

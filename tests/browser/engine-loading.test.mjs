// What the package does in a page and nowhere else: it fetches, and it takes the page's own clock for the visitor's.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { chromiumOptions } from "../../tools/chromium.mjs";
import { compiled, SHOP, when } from "../support/bundles.mjs";
import { faultyModule } from "../support/faulty.mjs";
import { native } from "../support/native.mjs";
import { always, startProjectServer } from "../support/static-server.mjs";

let browser;
let site;

before(async () => {
  site = await startProjectServer();
  site.answers.set("/shop.slotwise", always("application/octet-stream", await compiled(SHOP)));
  browser = await chromium.launch(chromiumOptions());
});

after(async () => {
  await browser?.close();
  await site?.close();
});

async function pageIn(timezoneId) {
  const page = await browser.newPage({ timezoneId });
  await page.goto(site.url.href);
  return page;
}

test("a page's own time zone is the visitor's, unless the context names another", async () => {
  const page = await pageIn("Asia/Kathmandu");
  const hours = await page.evaluate(async () => {
    const { load } = await import("/pkg/dist/index.web.js");
    const { compile } = await import("/pkg/dist/compiler.web.js");
    const slots = { hour: { default: "v", variants: { v: { html: "{{time.hour}}" } } } };
    const engine = await load((await compile({ version: 1, id: "hour", slots })).bytes);
    const hourIn = (timeZone) => engine.personalize({ now: 0, timeZone }).slots.hour.content.html;
    return [hourIn(undefined), hourIn("UTC"), hourIn("Europe/Warsaw"), hourIn(120)];
  });
  // At the epoch Nepal was 5:30 ahead of UTC, Poland 1:00.
  assert.deepEqual(hours, ["5", "0", "1", "2"]);
});

test("a bundle is loaded by its address, or from what fetch promises", async () => {
  const page = await pageIn("UTC");
  const ids = await page.evaluate(async () => {
    const { load } = await import("/pkg/dist/index.web.js");
    const address = new URL("/shop.slotwise", location.href);
    return [(await load(address)).id, (await load(fetch(address))).id, (await load(await fetch(address))).id];
  });
  assert.deepEqual(ids, ["shop", "shop", "shop"]);
});

test("what cannot be fetched is refused with a code, and may be there the next time", async () => {
  const page = await pageIn("UTC");
  // The route stays: to take it away would lose whatever is being asked for at that moment.
  let isReached = false;
  await page.route("**/runtime.wasm", (route) => {
    const answer = isReached ? route.continue() : route.abort();
    isReached = true;
    return answer;
  });
  const codes = await page.evaluate(async () => {
    const { load } = await import("/pkg/dist/index.web.js");
    const address = new URL("/shop.slotwise", location.href);
    const codeOf = (source) =>
      load(source).then(
        ({ id }) => id,
        ({ name, code }) => `${name} ${code}`,
      );
    return [await codeOf(address), await codeOf(address), await codeOf(new URL("/missing", address))];
  });
  assert.deepEqual(codes, ["SlotwiseError no_wasm", "shop", "SlotwiseError fetch_failed"]);
});

test("a page loads what is signed by a key that it names, and nothing else", async () => {
  const cli = native();
  const [{ path, publicKey }, other] = [cli.keygen(), cli.keygen()];
  site.answers.set("/signed.slotwise", always("application/octet-stream", cli.build(SHOP, path).bytes));
  cli.dispose();
  const page = await pageIn("UTC");
  const loaded = (address, key) =>
    page.evaluate(
      async ([address, publicKey]) => {
        const { load } = await import("/pkg/dist/index.web.js");
        return load(fetch(address), { publicKey }).then(
          ({ id }) => id,
          ({ name, code }) => `${name} ${code}`,
        );
      },
      [address, key],
    );
  assert.equal(await loaded("/signed.slotwise", publicKey), "shop");
  assert.equal(await loaded("/signed.slotwise", other.publicKey), "SlotwiseError bad_signature");
  assert.equal(await loaded("/shop.slotwise", publicKey), "SlotwiseError not_signed");
});

test("an engine that fails answers with the page as it is, and decides right the next time", async () => {
  const page = await pageIn("UTC");
  await page.route("**/runtime.wasm", (route) =>
    route.fulfill({ contentType: "application/wasm", body: Buffer.from(faultyModule("runtime.wasm")) }),
  );
  site.answers.set("/fault.slotwise", always("application/octet-stream", await compiled(when({ n: { $gt: 5 } }))));
  const decided = await page.evaluate(async () => {
    const { load } = await import("/pkg/dist/index.web.js");
    const engines = [await load(fetch("/fault.slotwise")), await load(fetch("/fault.slotwise"))];
    const shown = (engine, n) => engine.personalize({ attributes: { n } }).slots.slot;
    return [
      shown(engines[0], 7).variant,
      shown(engines[0], "7").reason,
      ...engines.map((engine) => shown(engine, 7).variant),
    ];
  });
  assert.deepEqual(decided, ["yes", "engine_failed", "yes", "yes"]);
});

test("the compiler is fetched when something has to be explained, and not before", async () => {
  const page = await pageIn("UTC");
  const fetched = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  await page.evaluate(async () => {
    const { load } = await import("/pkg/dist/index.web.js");
    globalThis.engine = await load(new URL("/shop.slotwise", location.href));
    globalThis.engine.personalize({});
  });
  assert.ok(fetched.includes("/pkg/dist/runtime.wasm"));
  assert.ok(!fetched.some((path) => path.includes("compiler")), `${fetched}`);
  const { length } = await page.evaluate(async () => (await globalThis.engine.explain({})).steps.hero);
  assert.ok(length > 0);
  assert.ok(fetched.includes("/pkg/dist/compiler.wasm"));
});

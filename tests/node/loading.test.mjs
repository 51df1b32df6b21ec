// Making an engine: every source there is, and every way in which it can go wrong.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { tools } from "../../pkg/dist/compiler.node.js";
import { load, SlotwiseError } from "../../pkg/dist/index.node.js";
import { loadWith } from "../../pkg/dist/slim.js";
import { compiled, SHOP } from "../support/bundles.mjs";

const folder = mkdtempSync(join(tmpdir(), "slotwise-load-"));
const context = { attributes: { name: "Ada" }, now: 0, timeZone: 0 };
let bytes;
let expected;
let server;

before(async () => {
  bytes = await compiled(SHOP);
  expected = JSON.stringify((await load(bytes)).personalize(context));
  server = createServer((request, response) => {
    if (request.url === "/bundle.slotwise") return response.end(bytes);
    if (request.url === "/cut")
      return response.writeHead(200, { "content-length": bytes.length }).end(bytes.subarray(0, 9));
    response.writeHead(404).end("nothing here");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});

after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const address = (path) => new URL(path, `http://127.0.0.1:${server.address().port}`);

/** Asserts that loading fails as documented. */
function fails(source, code, message) {
  return assert.rejects(
    async () => load(source),
    (thrown) => {
      assert.ok(thrown instanceof SlotwiseError, `${thrown?.stack}`);
      assert.ok(thrown instanceof Error);
      assert.equal(thrown.name, "SlotwiseError");
      assert.equal(thrown.code, code);
      assert.match(thrown.message, message);
      return true;
    },
  );
}

test("an engine is made of bytes, a response, a promise of one, or an address", async () => {
  const file = join(folder, "bundle.slotwise");
  writeFileSync(file, bytes);
  const padded = new Uint8Array(bytes.length + 8);
  padded.set(bytes, 4);
  const sources = {
    Uint8Array: new Uint8Array(bytes),
    "a part of a buffer": padded.subarray(4, 4 + bytes.length),
    Buffer: Buffer.from(bytes),
    ArrayBuffer: bytes.slice().buffer,
    Response: new Response(bytes),
    "Promise<Response>": Promise.resolve(new Response(bytes)),
    "what fetch returns": fetch(address("/bundle.slotwise")),
    "file: URL": pathToFileURL(file),
    "http: URL": address("/bundle.slotwise"),
  };
  for (const [name, source] of Object.entries(sources)) {
    const engine = await load(source);
    assert.equal(JSON.stringify(engine.personalize(context)), expected, name);
    assert.equal(engine.id, "shop");
    assert.equal(engine.revision, 42);
    assert.deepEqual(engine.slots, ["hero", "flow", "banner", "title"]);
  }
});

test("loading the same source again gives the same engine", async () => {
  const response = new Response(bytes);
  const promise = Promise.resolve(new Response(bytes));
  for (const source of [bytes, response, promise]) {
    const [one, other] = await Promise.all([load(source), load(source)]);
    assert.equal(one, other);
    assert.equal(await load(source), one);
  }
  assert.notEqual(await load(bytes.slice()), await load(bytes.slice()));
});

test("an address is read anew each time", async () => {
  const file = join(folder, "changing.slotwise");
  writeFileSync(file, bytes);
  assert.equal((await load(pathToFileURL(file))).revision, 42);
  writeFileSync(file, await compiled({ ...SHOP, revision: 43 }));
  assert.equal((await load(pathToFileURL(file))).revision, 43);
});

test("an engine that was freed is not handed out again", async () => {
  const source = bytes.slice();
  (await load(source)).free();
  assert.equal(JSON.stringify((await load(source)).personalize(context)), expected);
});

test("an engine does not depend on what becomes of the bytes it was made of", async () => {
  const source = bytes.slice();
  const engine = await load(source);
  source.fill(0);
  assert.equal(JSON.stringify(engine.personalize(context)), expected);
  assert.equal(JSON.stringify((await engine.explain(context)).result), expected);
});

test("bytes that are no bundle are refused with a code", async () => {
  await fails(new Uint8Array(0), "not_a_bundle", /slotwise build/);
  await fails(bytes.slice(0, 3), "truncated", /cut off/);
  await fails(new TextEncoder().encode('{"version": 1, "id": "shop", "slots": {}}'), "not_a_bundle", /slotwise build/);
  await fails(
    new TextEncoder().encode("<!doctype html><title>404</title><p>Not found, and long enough"),
    "not_a_bundle",
    /./,
  );
  await fails(new Uint8Array(1000), "not_a_bundle", /./);
});

test("a bundle that is cut anywhere is refused", async () => {
  for (let length = 1; length < bytes.length; length++) {
    await fails(bytes.slice(0, length), "truncated", /./);
  }
});

test("a bundle with any one byte changed is refused, and never accepted as another", async () => {
  const codes = new Set();
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] ^= 0x55;
    await assert.rejects(load(changed), (thrown) => {
      assert.ok(thrown instanceof SlotwiseError, `${at}: ${thrown?.stack}`);
      codes.add(thrown.code);
      return true;
    });
  }
  assert.deepEqual([...codes].sort(), ["damaged", "not_a_bundle", "too_new", "truncated"]);
});

test("a bundle with bytes behind it is refused", async () => {
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  await assert.rejects(load(longer), SlotwiseError);
});

test("what cannot be fetched is refused with a code", async () => {
  await fails(address("/missing"), "fetch_failed", /\/missing answered 404/);
  await fails(new Response("no", { status: 500 }), "fetch_failed", /500/);
  await fails(Promise.resolve(new Response("no", { status: 403 })), "fetch_failed", /403/);
  await fails(pathToFileURL(join(folder, "missing")), "fetch_failed", /ENOENT/);
  await fails(new URL("http://127.0.0.1:1/"), "fetch_failed", /127\.0\.0\.1:1/);
  await fails(new URL("nonsense:x"), "fetch_failed", /nonsense:x/);
});

test("a promise that fails, or a body that breaks off, is a failed fetch as well", async () => {
  await fails(Promise.reject(new TypeError("fetch failed")), "fetch_failed", /fetch failed/);
  await fails(fetch("http://127.0.0.1:1/"), "fetch_failed", /./);
  await fails(address("/cut"), "fetch_failed", /./);
  const used = new Response(bytes);
  await used.arrayBuffer();
  await fails(used, "fetch_failed", /./);
});

test("what is no source is refused with a code", async () => {
  for (const source of [undefined, null, "/bundle.slotwise", 5, true, {}, [], () => {}, new Map(), Symbol("x"), 5n]) {
    await fails(source, "wrong_source", /Uint8Array, an ArrayBuffer, a Response or a URL/);
  }
  await fails(Promise.resolve(undefined), "wrong_source", /./);
  const detached = bytes.slice().buffer;
  structuredClone(detached, { transfer: [detached] });
  await assert.rejects(load(detached), SlotwiseError);
});

test("a source that failed can be tried again", async () => {
  const file = join(folder, "late.slotwise");
  const url = pathToFileURL(file);
  await fails(url, "fetch_failed", /./);
  writeFileSync(file, bytes);
  assert.equal((await load(url)).id, "shop");
});

test("the package is found by its name, and all of its entries", () => {
  const script = `
    const [index, compiler, slim] = await Promise.all(["slotwise", "slotwise/compiler", "slotwise/slim"].map((name) => import(name)));
    const { readFile } = await import("node:fs/promises");
    const { bytes } = await compiler.compile(${JSON.stringify(SHOP)});
    const wasm = await readFile(new URL(import.meta.resolve("slotwise/runtime.wasm")));
    const engines = [await index.load(bytes), await slim.loadWith({ wasm })(bytes)];
    for (const engine of engines) console.log(JSON.stringify(engine.personalize(${JSON.stringify(context)})));
  `;
  // From inside of a package, its own name leads to its exports.
  const cwd = new URL("../../pkg/", import.meta.url);
  const out = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd, encoding: "utf8" });
  assert.deepEqual(out.trim().split("\n"), [expected, expected]);
});

test("the slim entry takes the runtime as a module, bytes or a response", async () => {
  const wasm = await readFile(new URL("../../pkg/dist/runtime.wasm", import.meta.url));
  const response = () => new Response(wasm, { headers: { "content-type": "application/wasm" } });
  for (const given of [wasm, await WebAssembly.compile(wasm), response(), Promise.resolve(response())]) {
    const engine = await loadWith({ wasm: given })(bytes.slice());
    assert.equal(JSON.stringify(engine.personalize(context)), expected);
    await assert.rejects(engine.explain(context), { name: "SlotwiseError", code: "no_compiler" });
  }
  const engine = await loadWith({ wasm, tools })(bytes.slice());
  assert.equal(JSON.stringify((await engine.explain(context)).result), expected);
});

test("a runtime that cannot be started is reported", async () => {
  await assert.rejects(loadWith({ wasm: new Uint8Array(8) })(bytes.slice()), {
    name: "SlotwiseError",
    code: "no_wasm",
  });
});

// Signed bundles: what the command line signs, the package verifies, and both agree with OpenSSL.

import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, mock, test } from "node:test";
import { pathToFileURL } from "node:url";
import { load, SlotwiseError, verifyBundle } from "../../pkg/dist/index.node.js";
import * as slim from "../../pkg/dist/slim.js";
import { SHOP } from "../support/bundles.mjs";
import { native } from "../support/native.mjs";

const TRAILER = 64 + 8;
const MAGIC = Buffer.from("895349470d0a1a0a", "hex");
const context = { attributes: { name: "Ada" }, now: 0, timeZone: 0 };

const cli = native();
after(() => cli.dispose());

/** The same bundle: not signed, signed by a key, and signed by another. */
let plain;
let signed;
let byOther;
let publicKey;
let otherKey;

before(() => {
  const [one, other] = [cli.keygen(), cli.keygen()];
  ({ publicKey } = one);
  otherKey = other.publicKey;
  plain = cli.build(SHOP).bytes;
  signed = cli.build(SHOP, one.path).bytes;
  byOther = cli.build(SHOP, other.path).bytes;
});

/** The 32 bytes of a public key, in base64. */
const raw = (key) => Buffer.from(key.export({ format: "jwk" }).x, "base64url").toString("base64");

/** Asserts that a file is refused, by `verifyBundle` and by `load` alike. */
async function refused(file, key, code) {
  for (const refuse of [verifyBundle(file, key), load(file.slice(), { publicKey: key })]) {
    await assert.rejects(refuse, (thrown) => {
      assert.ok(thrown instanceof SlotwiseError, thrown?.stack);
      assert.equal(thrown.code, code, thrown.message);
      return true;
    });
  }
}

test("what the command line signs, the package verifies and loads", async () => {
  assert.equal(await verifyBundle(signed, publicKey), signed);
  const engine = await load(signed, { publicKey });
  const unsigned = await load(plain);
  assert.deepEqual(engine.personalize(context).toJSON(), unsigned.personalize(context).toJSON());
  assert.deepEqual((await engine.explain(context)).steps, (await unsigned.explain(context)).steps);
  // Who names no key takes signed files like all others.
  assert.equal((await load(signed)).id, "shop");
});

test("a key by OpenSSL signs, and OpenSSL verifies what it signed", async () => {
  const pair = generateKeyPairSync("ed25519");
  const path = cli.write("openssl.pem", pair.privateKey.export({ format: "pem", type: "pkcs8" }));
  const { path: file, bytes } = cli.build(SHOP, path);
  const [content, signature] = [bytes.subarray(0, -TRAILER), bytes.subarray(-TRAILER, -MAGIC.length)];
  assert.deepEqual(content, plain);
  assert.deepEqual(bytes.subarray(-MAGIC.length), MAGIC);
  assert.ok(verify(null, content, pair.publicKey, signature));
  assert.equal(await verifyBundle(bytes, raw(pair.publicKey)), bytes);
  assert.match(cli.verify(file, raw(pair.publicKey)), /shop, revision 42/);
  const pem = cli.write("openssl-public.pem", pair.publicKey.export({ format: "pem", type: "spki" }));
  assert.match(cli.verify(file, pem), /shop, revision 42/);
});

test("OpenSSL reads a key that the command line made, and what it signs is accepted", async () => {
  const made = cli.keygen();
  const key = createPrivateKey(readFileSync(made.path));
  assert.equal(raw(createPublicKey(key)), made.publicKey);
  const bytes = Buffer.concat([plain, sign(null, plain, key), MAGIC]);
  assert.equal(await verifyBundle(bytes, made.publicKey), bytes);
  assert.match(cli.verify(cli.write("by-openssl.slotwise", bytes), made.publicKey), /shop/);
});

test("a file that is not signed, or whose trailer was cut off, is refused where a key is named", async () => {
  await refused(plain, publicKey, "not_signed");
  await refused(signed.subarray(0, -TRAILER), publicKey, "not_signed");
  for (let cut = 1; cut < TRAILER; cut++) await refused(signed.subarray(0, -cut), publicKey, "not_signed");
  for (const length of [0, 1, 8, 71]) await refused(signed.subarray(signed.length - length), publicKey, "not_signed");
});

test("a signature by another key, or of another file, is refused", async () => {
  await refused(byOther, publicKey, "bad_signature");
  await refused(signed, otherKey, "bad_signature");
  const later = cli.build({ ...SHOP, revision: 43 }).bytes;
  await refused(Buffer.concat([later, signed.subarray(-TRAILER)]), publicKey, "bad_signature");
  await refused(Buffer.concat([signed, byOther.subarray(-TRAILER)]), publicKey, "bad_signature");
  // Nothing but a trailer is the signature of nothing.
  await refused(signed.subarray(-TRAILER), publicKey, "bad_signature");
});

test("a file with any one bit changed is refused before anything else looks at it", async () => {
  for (let at = 0; at < signed.length; at++) {
    const changed = Uint8Array.from(signed);
    changed[at] ^= 1 << (at % 8);
    await refused(changed, publicKey, at < signed.length - MAGIC.length ? "bad_signature" : "not_signed");
  }
  await refused(new TextEncoder().encode("<!doctype html><title>404</title>"), publicKey, "not_signed");
});

test("what is no key is said to be none", async () => {
  const pem = createPublicKey(generateKeyPairSync("ed25519").privateKey).export({ format: "pem", type: "spki" });
  const bytes = Buffer.from(publicKey, "base64");
  const others = [bytes.subarray(1), Buffer.concat([bytes, bytes])].map((other) => other.toString("base64"));
  for (const key of ["", "key", "ä", pem, ...others, null, 5, {}, Symbol("key")]) await refused(signed, key, "bad_key");
});

test("where there is no Ed25519, a key that is named refuses everything", async () => {
  const missing = mock.method(crypto.subtle, "importKey", async () => {
    throw new DOMException("Unrecognized name.", "NotSupportedError");
  });
  await refused(signed, publicKey, "no_crypto");
  missing.mock.restore();
  assert.equal(await verifyBundle(signed, publicKey), signed);
});

test("a source is remembered together with the key", async () => {
  const source = Uint8Array.from(signed);
  const verified = await load(source, { publicKey });
  assert.equal(await load(source, { publicKey }), verified);
  const any = await load(source);
  assert.notEqual(any, verified);
  assert.equal(await load(source, {}), any);
  await assert.rejects(load(source, { publicKey: otherKey }), { code: "bad_signature" });
  await assert.rejects(load(source, { publicKey: "" }), { code: "bad_key" });
  verified.free();
  assert.equal(await load(source), any);
  assert.equal((await load(source, { publicKey })).personalize(context).slots.flow.variant, "v1");
});

test("every kind of source is verified", async () => {
  const [good, bad] = [signed, byOther].map((bytes, index) => ({
    bytes: Uint8Array.from(bytes),
    buffer: Uint8Array.from(bytes).buffer,
    response: new Response(bytes),
    promise: Promise.resolve(new Response(bytes)),
    url: pathToFileURL(cli.write(`${index}.slotwise`, bytes)),
  }));
  for (const [kind, source] of Object.entries(good)) assert.equal((await load(source, { publicKey })).id, "shop", kind);
  for (const source of Object.values(bad)) await assert.rejects(load(source, { publicKey }), { code: "bad_signature" });
});

test("a file that is refused leaves the engine in use as it is", async () => {
  const engine = await load(signed, { publicKey });
  const expected = engine.personalize(context).toJSON();
  await refused(byOther, publicKey, "bad_signature");
  assert.deepEqual(engine.personalize(context).toJSON(), expected);
});

test("the slim entry verifies for each load", async () => {
  const wasm = readFileSync(new URL("../../pkg/dist/runtime.wasm", import.meta.url));
  const loadSlim = slim.loadWith({ wasm });
  assert.equal((await loadSlim(signed, { publicKey })).id, "shop");
  await assert.rejects(loadSlim(signed, { publicKey: otherKey }), { code: "bad_signature" });
  assert.equal(await slim.verifyBundle(signed, publicKey), signed);
});

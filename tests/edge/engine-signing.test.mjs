// Signed bundles inside workerd, by its own WebCrypto.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SHOP } from "../support/bundles.mjs";
import { installed } from "../support/installed.mjs";
import { native } from "../support/native.mjs";
import { startWorker } from "../support/worker.mjs";

const CONFIG = `
name = "signing"
main = "signing-worker.mjs"
compatibility_date = "2026-10-01"
`;

const cli = native();
const site = installed("signing-worker.mjs");
let worker;

before(async () => {
  writeFileSync(join(site.folder, "wrangler.toml"), CONFIG);
  worker = await startWorker({ config: join(site.folder, "wrangler.toml") });
});

after(async () => {
  await worker?.dispose();
  site.dispose();
  cli.dispose();
});

test("a Worker loads what is signed by its key, and nothing else", async () => {
  const [{ path, publicKey }, other] = [cli.keygen(), cli.keygen()];
  const [plain, signed] = [cli.build(SHOP).bytes, cli.build(SHOP, path).bytes];
  const loaded = async (body, key) => {
    const response = await worker.fetch("/", { method: "POST", body, headers: { "x-public-key": key } });
    return response.text();
  };
  assert.equal(await loaded(signed, publicKey), "shop");
  assert.equal(await loaded(signed, other.publicKey), "bad_signature");
  assert.equal(await loaded(plain, publicKey), "not_signed");
  assert.equal(await loaded(signed, "none"), "bad_key");
});

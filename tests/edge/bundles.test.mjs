// Bundles that are published while the Worker runs: checked, kept, made live, rolled back; and a store that fails.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { compiled } from "../support/bundles.mjs";
import { BUNDLE, JOE, PAGE, startEdge } from "../support/edge.mjs";
import { send } from "../support/origin.mjs";
import { problemOf, ROUTE, revision, startPublishing, TOKEN } from "../support/publishing.mjs";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

describe("publishing", () => {
  let edge;
  before(async () => {
    edge = await startPublishing("publishing");
  });
  after(() => edge?.close());

  test("before, the bundle that was deployed with the Worker is live", async () => {
    assert.match((await edge.page()).hero, /^<h1>Hello, /);
    const health = await (await edge.get("/_slotwise/health")).json();
    assert.deepEqual([health.status, health.bundle.revision, health.bundle.from], ["ok", 7, "assets"]);
  });

  test("JSON is compiled, and live at once where it was sent", async () => {
    const answer = await edge.put(revision(8));
    assert.equal(answer.status, 201);
    const told = await answer.json();
    assert.equal(told.digest, sha256(await compiled(revision(8))));
    assert.deepEqual([told.id, told.revision, told.liveWithin, told.warnings], ["edge", 8, 61, []]);
    assert.equal((await edge.page()).hero, "<h1>Revision 8</h1>");
  });

  test("what is compiled already is taken as it is", async () => {
    const file = await compiled(revision(9));
    assert.equal((await edge.put(file)).status, 201);
    assert.equal((await edge.page()).hero, "<h1>Revision 9</h1>");
    const live = await edge.get(ROUTE);
    assert.deepEqual(Buffer.from(await live.arrayBuffer()), Buffer.from(file));
    assert.equal(live.headers.get("x-slotwise-revision"), "9");
    const etag = live.headers.get("etag");
    assert.equal(etag, `"${sha256(file).slice(0, 32)}"`);
    assert.equal((await edge.get(ROUTE, { "if-none-match": `W/"x", ${etag}` })).status, 304);
    assert.equal((await edge.get(ROUTE, { "if-none-match": '"x"' })).status, 200);
  });

  test("the same again changes nothing, another of the same revision or an older one is refused", async () => {
    assert.equal((await edge.put(revision(9))).status, 200);
    for (const [sent, number] of [
      [{ ...revision(9), id: "other" }, 9],
      [revision(8), 8],
    ]) {
      const answer = await edge.put(sent);
      assert.equal(answer.status, 409);
      const problem = await problemOf(answer);
      assert.equal(
        problem.detail,
        `Revision ${number} is not above 9, the highest that was published: raise "revision".`,
      );
    }
    assert.equal((await edge.page()).hero, "<h1>Revision 9</h1>");
  });

  test("everything that is wrong is said at once, and what was live stays", async () => {
    const answer = await edge.put({
      ...revision(10),
      slots: { hero: { default: "nobody", variants: {}, colour: "red" } },
    });
    assert.equal(answer.status, 422);
    const { problems } = await problemOf(answer);
    const pointers = problems.map(({ pointer }) => pointer);
    for (const pointer of ["/slots/hero/colour", "/slots/hero/default"])
      assert.ok(pointers.includes(pointer), `${pointers}`);
    assert.ok(problems.every(({ message }) => message.length > 10));
    assert.equal((await edge.page()).hero, "<h1>Revision 9</h1>");
  });

  const damaged = async () => {
    const file = Buffer.from(await compiled(revision(10)));
    file[file.length >> 1] ^= 0xff;
    return file;
  };
  const refused = [
    { what: "damaged", body: damaged, code: "damaged" },
    { what: "cut off", body: async () => (await compiled(revision(10))).subarray(0, 50), code: "truncated" },
    {
      what: "of a newer format",
      body: async () => {
        const file = Buffer.from(await compiled(revision(10)));
        file.writeUInt16LE(99, 8);
        return file;
      },
      code: "too_new",
    },
  ];
  for (const { what, body, code } of refused) {
    test(`a file that is ${what} is refused`, async () => {
      const answer = await edge.put(await body());
      assert.equal(answer.status, 422);
      assert.equal((await problemOf(answer)).code, code);
    });
  }

  test("what is no JSON is refused", async () => {
    const answer = await edge.put(Buffer.from("<!doctype html>"));
    assert.equal(answer.status, 422);
    assert.equal((await problemOf(answer)).problems.length, 1);
  });

  test("what is too large is refused", async () => {
    const answer = await edge.put(Buffer.alloc(10 * 1024 * 1024 + 1, 0x20));
    assert.equal(answer.status, 413);
    await problemOf(answer);
  });

  test("two who publish at once do not overwrite each other, when they say what they saw", async () => {
    const seen = (await edge.get(ROUTE)).headers.get("etag");
    const headers = { authorization: `Bearer ${TOKEN}`, "if-match": seen };
    assert.equal((await edge.put(revision(11), headers)).status, 201);
    const late = await edge.put(revision(12), headers);
    assert.equal(late.status, 412);
    await problemOf(late);
  });

  test("an earlier revision comes back, and a newer one still has to be above the highest", async () => {
    const answer = await edge.rollback({ revision: 9 });
    assert.equal(answer.status, 200);
    const told = await answer.json();
    assert.equal(told.revision, 9);
    assert.deepEqual(told.earlier.toSorted(), [11, 8]);
    assert.equal((await edge.page()).hero, "<h1>Revision 9</h1>");
    assert.equal((await edge.put(revision(10))).status, 409);
    assert.equal((await edge.rollback({ revision: 3 })).status, 404);
    assert.equal((await edge.rollback({})).status, 400);
    assert.equal((await edge.rollback({ revision: 8, sequence: told.sequence - 1 })).status, 412);
    assert.equal((await edge.rollback({ revision: 8, sequence: told.sequence })).status, 200);
    assert.equal((await edge.put(revision(12))).status, 201);
  });

  for (const [what, headers] of [
    ["no token", {}],
    ["another token", { authorization: "Bearer wrong" }],
    ["the beginning of the token", { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ["the token in another scheme", { authorization: `Basic ${TOKEN}` }],
  ]) {
    test(`with ${what}, nothing is published`, async () => {
      const answer = await edge.put(revision(99), headers);
      assert.equal(answer.status, 401);
      assert.match(answer.headers.get("www-authenticate"), /^Bearer/);
      const { detail } = await problemOf(answer);
      assert.ok(!detail.includes(TOKEN));
      assert.equal((await edge.page()).hero, "<h1>Revision 12</h1>");
    });
  }

  test("other methods are told which there are", async () => {
    const answer = await edge.worker.fetch(ROUTE, { method: "DELETE" });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get("allow"), "GET, HEAD, PUT");
    await problemOf(answer);
  });
});

test("without a secret, or without a store, nothing can be published", async () => {
  const open = await startEdge("no-token", { kv: true });
  const storeless = await startEdge("no-store", { vars: { BUNDLE_TOKEN: TOKEN } });
  try {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const put = (edge) => edge.worker.fetch(ROUTE, { method: "PUT", body: JSON.stringify(revision(8)), headers });
    assert.equal((await put(open)).status, 401);
    const answer = await put(storeless);
    assert.equal(answer.status, 503);
    assert.match((await problemOf(answer)).detail, /BUNDLES/);
  } finally {
    await Promise.all([open.close(), storeless.close()]);
  }
});

test("whoever guesses tokens is slowed down", async () => {
  const edge = await startPublishing("limited", { limited: true });
  try {
    const statuses = [];
    for (let tries = 0; tries < 12; tries++) {
      const guess = { authorization: `Bearer ${tries}` };
      // Publishing and going back count as one.
      const answer = await (tries % 2 === 0 ? edge.put(revision(8), guess) : edge.rollback({ revision: 7 }, guess));
      statuses.push(answer.status);
    }
    assert.deepEqual(statuses, [...Array(10).fill(401), 429, 429]);
    const answer = await edge.put(revision(8));
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get("retry-after"), "60");
    await problemOf(answer);
  } finally {
    await edge.close();
  }
});

describe("where bundles are signed", () => {
  const owner = generateKeyPairSync("ed25519");
  const thief = generateKeyPairSync("ed25519");
  /** The last 32 bytes of the key's SPKI form are the key (RFC 8410). */
  const publicKey = owner.publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
  const signed = async (bundle, { privateKey } = owner) => {
    const file = await compiled(bundle);
    return Buffer.concat([file, sign(null, file, privateKey), Buffer.from("\x89SIG\r\n\x1a\n", "latin1")]);
  };
  const signatureOf = (statement, { privateKey } = owner) => ({
    "x-slotwise-signature": sign(null, Buffer.from(JSON.stringify(statement)), privateKey).toString("base64"),
  });

  let edge;
  before(async () => {
    const vars = { BUNDLE_PUBLIC_KEY: publicKey };
    edge = await startPublishing("signed", { vars, bundle: await signed(BUNDLE) });
  });
  after(() => edge?.close());

  test("the one that was deployed is verified and used", async () => {
    assert.equal((await edge.page()).outcome, "adapted");
  });

  test("JSON, what is not signed, and what another has signed are refused", async () => {
    const answer = await edge.put(revision(8));
    assert.equal(answer.status, 415);
    assert.match((await problemOf(answer)).detail, /--sign key\.pem/);
    assert.equal((await problemOf(await edge.put(await compiled(revision(8))))).code, "not_signed");
    assert.equal((await problemOf(await edge.put(await signed(revision(8), thief)))).code, "bad_signature");
  });

  test("a signed bundle goes live, and an older one cannot be played back", async () => {
    const older = await signed(revision(8));
    assert.equal((await edge.put(older)).status, 201);
    assert.equal((await edge.put(await signed(revision(9)))).status, 201);
    assert.equal((await edge.put(older)).status, 409);
    assert.equal((await edge.page()).hero, "<h1>Revision 9</h1>");
  });

  test("a rollback is signed as well, and each signature is good for one time", async () => {
    const refusal = await edge.rollback({ revision: 8 });
    assert.equal(refusal.status, 401);
    const { sequence } = await problemOf(refusal);
    const statement = { revision: 8, sequence };
    assert.equal((await edge.rollback(statement, signatureOf(statement, thief))).status, 401);
    assert.equal((await edge.rollback(statement, { "x-slotwise-signature": "%" })).status, 401);
    assert.equal((await edge.rollback(statement, signatureOf(statement))).status, 200);
    assert.equal((await edge.page()).hero, "<h1>Revision 8</h1>");
    assert.equal((await edge.put(await signed(revision(10)))).status, 201);
    assert.equal((await edge.rollback(statement, signatureOf(statement))).status, 401);
    assert.equal((await edge.page()).hero, "<h1>Revision 10</h1>");
  });
});

test("with a public key, a bundle that was deployed without a signature is not used", async () => {
  const edge = await startEdge("unsigned", { vars: { BUNDLE_PUBLIC_KEY: Buffer.alloc(32, 1).toString("base64") } });
  try {
    edge.origin.answers.set("/", send(PAGE));
    const answer = await edge.get("/", JOE);
    assert.match(answer.headers.get("x-slotwise"), /^untouched; bundle: the bundle is not signed/);
    assert.equal(await answer.text(), PAGE);
  } finally {
    await edge.close();
  }
});

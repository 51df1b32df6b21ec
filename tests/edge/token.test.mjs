// The secret that publishes: what a guess costs does not tell how near it was.

import assert from "node:assert/strict";
import { timingSafeEqual } from "node:crypto";
import { after, before, beforeEach, describe, mock, test } from "node:test";
import { refuseWithoutToken } from "../../worker/src/bundles/token.ts";
import { TOKEN } from "../support/publishing.mjs";

/** What is done with a guess, in order: which bytes are hashed, and how many are compared. */
const steps = [];

before(() => {
  const { digest } = crypto.subtle;
  mock.method(crypto.subtle, "digest", (algorithm, bytes) => {
    steps.push(`${algorithm} of ${bytes.byteLength} bytes`);
    return digest.call(crypto.subtle, algorithm, bytes);
  });
  // What workerd adds to WebCrypto.
  crypto.subtle.timingSafeEqual = (one, other) => {
    steps.push(`compare ${one.byteLength} with ${other.byteLength} bytes`);
    return timingSafeEqual(new Uint8Array(one), new Uint8Array(other));
  };
});
after(() => {
  mock.restoreAll();
  delete crypto.subtle.timingSafeEqual;
});
beforeEach(() => {
  steps.length = 0;
});

function guess(authorization, env = {}) {
  const headers = { "cf-connecting-ip": "192.0.2.1", ...(authorization !== undefined && { authorization }) };
  const request = new Request("https://www.example.com/_slotwise/bundle", { method: "PUT", headers });
  return refuseWithoutToken(request, env, { token: TOKEN });
}

test("the secret lets pass", async () => {
  assert.equal(await guess(`Bearer ${TOKEN}`), undefined);
});

const guesses = {
  nothing: undefined,
  "another scheme": `Basic ${TOKEN}`,
  "an empty token": "Bearer ",
  "one letter": `Bearer ${TOKEN[0]}`,
  "another first letter": `Bearer x${TOKEN.slice(1)}`,
  "another last letter": `Bearer ${TOKEN.slice(0, -1)}x`,
  "one letter less": `Bearer ${TOKEN.slice(0, -1)}`,
  "one letter more": `Bearer ${TOKEN}x`,
  "a hundred thousand letters": `Bearer ${"x".repeat(100_000)}`,
};
for (const [what, authorization] of Object.entries(guesses)) {
  test(`${what} takes the same steps as the secret, and gets the same answer as any other guess`, async () => {
    const answer = await guess(authorization);
    const given = /^Bearer (.+)$/.exec(authorization ?? "")?.[1] ?? "";
    // Only the length of what was sent shows, which its sender knows.
    assert.deepEqual(steps, [
      `SHA-256 of ${given.length} bytes`,
      `SHA-256 of ${TOKEN.length} bytes`,
      "compare 32 with 32 bytes",
    ]);
    assert.equal(answer.status, 401);
    const other = await guess("Bearer wrong");
    assert.equal(await answer.text(), await other.text());
    assert.deepEqual([...answer.headers], [...other.headers]);
  });
}

describe("whoever has asked too often", () => {
  const keys = [];
  const PUBLISH_LIMIT = {
    limit: async ({ key }) => {
      keys.push(key);
      return { success: false };
    },
  };

  test("is not told whether the last guess was right, and nothing is compared", async () => {
    const answers = await Promise.all([
      guess(`Bearer ${TOKEN}`, { PUBLISH_LIMIT }),
      guess("Bearer wrong", { PUBLISH_LIMIT }),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [429, 429],
    );
    assert.equal(await answers[0].text(), await answers[1].text());
    assert.deepEqual(steps, []);
    assert.deepEqual(keys, ["192.0.2.1", "192.0.2.1"]);
  });
});

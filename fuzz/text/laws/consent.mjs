import assert from "node:assert/strict";
import fc from "fast-check";
import { headerText, name, record, text } from "../arbitraries.mjs";
import { isOneCookie, isPlain } from "../harmless.mjs";
import { parsers } from "../parsers.mjs";

const { consentOf, cookieText, readConsent, writeConsent } = parsers;

const REFUSALS = ["none", "denied", "refused", "false", "no", "0"];
const purpose = () => fc.stringMatching(/^[\w-]{1,20}$/).filter((word) => !REFUSALS.includes(word.toLowerCase()));
const policy = () => fc.record({ assumed: fc.constant({ assumed: true }), heedsGpc: fc.boolean() });

export const consent = {
  "consent is to words of the answer, and to nothing else": fc.property(fc.oneof(text(), headerText()), (answer) => {
    const given = readConsent(answer);
    isPlain(given, answer);
    for (const [word, granted] of Object.entries(given)) {
      assert.equal(granted, true);
      assert.match(word, /^[^.,;\s]+$/);
      assert.ok(!REFUSALS.includes(word.toLowerCase()));
      let decoded = answer;
      try {
        decoded = decodeURIComponent(answer);
      } catch {}
      assert.ok(decoded.includes(word));
    }
  }),

  "purposes that were written are read, however they are joined": fc.property(
    fc.array(purpose(), { maxLength: 12 }),
    fc.constantFrom(".", ",", ";", " ", ", ", "%2C", "%20"),
    fc.constantFrom(...REFUSALS, "None", "DENIED"),
    (purposes, by, refusal) => {
      const answer = [...purposes, refusal].join(by);
      assert.deepEqual(new Set(Object.keys(readConsent(answer))), new Set(purposes));
    },
  ),

  "an answer that was written is read as it was given, or is not written": fc.property(
    fc.oneof(record(fc.boolean()), fc.dictionary(purpose(), fc.boolean()), fc.dictionary(name(), fc.boolean())),
    (given) => {
      const answer = writeConsent(given);
      const granted = Object.keys(given).filter((purpose) => given[purpose]);
      const isReadable = granted.every((word) => /^[\w-]+$/.test(word) && !REFUSALS.includes(word.toLowerCase()));
      const isShort = granted.join(".").length <= 1024;
      assert.equal(answer !== undefined, isReadable && isShort);
      if (answer === undefined) return;
      isOneCookie(cookieText("slotwise_consent", answer, { maxAge: 1 }));
      assert.deepEqual(new Set(Object.keys(readConsent(answer))), new Set(granted));
    },
  ),

  "Global Privacy Control refuses whatever is answered": fc.property(
    fc.option(text()),
    fc.boolean(),
    policy(),
    (answer, gpc, how) => {
      const given = consentOf(answer ?? undefined, gpc, how);
      if (gpc && how.heedsGpc) assert.deepEqual(given, {});
      else assert.deepEqual(given, answer === null ? how.assumed : readConsent(answer));
    },
  ),
};

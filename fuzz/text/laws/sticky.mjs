import assert from "node:assert/strict";
import fc from "fast-check";
import { headerText, name, record, text } from "../arbitraries.mjs";
import { isOneCookie, isPlain } from "../harmless.mjs";
import { parsers } from "../parsers.mjs";

const { cookieText, readSticky, writeSticky } = parsers;
const LONGEST = 1024;

export const sticky = {
  "any cookie gives arms, or none": fc.property(fc.oneof(text(), headerText()), (value) => {
    const arms = readSticky(value);
    isPlain(arms, value);
    for (const arm of Object.values(arms)) assert.equal(typeof arm, "string");
    if (value.length > LONGEST) assert.deepEqual(arms, {});
  }),

  "arms that were written are read, until the cookie is full": fc.property(record(name()), (arms) => {
    const value = writeSticky(arms);
    assert.ok(value.length <= LONGEST);
    isOneCookie(cookieText("slotwise_sticky", value, { maxAge: 1 }));
    // A lone surrogate is no character and travels as the one that stands for it.
    const sent = Object.entries(arms).map((pair) => pair.map((part) => part.toWellFormed()));
    const read = Object.entries(readSticky(value));
    for (const [key, arm] of read)
      assert.ok(
        sent.some(([name, other]) => name === key && other === arm),
        `${key}: ${arm}`,
      );
    const isShort = sent.flat().join("").length * 9 + sent.length * 2 < LONGEST;
    if (isShort) assert.deepEqual(Object.fromEntries(read), Object.fromEntries(sent));
  }),

  "what was read is written as it was": fc.property(record(fc.string({ maxLength: 10 })), (given) => {
    // A bundle is UTF-8: two names that only their lone surrogates tell apart cannot be in one.
    const arms = Object.fromEntries(Object.entries(given).map(([key, arm]) => [key.toWellFormed(), arm]));
    const value = writeSticky(arms);
    assert.equal(writeSticky(readSticky(value)), value);
  }),
};

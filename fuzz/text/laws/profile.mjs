import assert from "node:assert/strict";
import fc from "fast-check";
import { headerText, jsonText, name, text } from "../arbitraries.mjs";
import { isOneCookie } from "../harmless.mjs";
import { parsers } from "../parsers.mjs";

const { cookieText, eventsIn, FORGOTTEN_PROFILE, readProfile, writeProfile } = parsers;
const MOST_BYTES = 1536;
const [TEXTS, NUMBERS] = [
  ["name", "item", "category", "id"],
  ["value", "time"],
];

/** Events, and what is nearly one. */
const event = () =>
  fc.dictionary(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...TEXTS, ...NUMBERS) }, { weight: 1, arbitrary: name() }),
    fc.oneof({ weight: 9, arbitrary: fc.oneof(text(), fc.double()) }, { weight: 1, arbitrary: fc.jsonValue() }),
  );

export const profile = {
  "any cookie is bytes, or none": fc.property(fc.oneof(text(), headerText()), (kept) => {
    const bytes = readProfile(kept);
    assert.ok(bytes === undefined || (bytes instanceof Uint8Array && bytes.length <= MOST_BYTES));
  }),

  "bytes that were written are read, and are not word of having been forgotten": fc.property(
    fc.uint8Array({ minLength: 1, maxLength: MOST_BYTES }),
    (bytes) => {
      const kept = writeProfile(bytes);
      isOneCookie(cookieText("slotwise_profile", kept, { maxAge: 1 }));
      assert.notEqual(kept, FORGOTTEN_PROFILE);
      assert.deepEqual(readProfile(kept), bytes);
    },
  ),

  "any JSON is events of the right types, or a problem": fc.property(
    fc.oneof(
      jsonText(),
      event().map((one) => JSON.stringify(one)),
      fc.array(event()).map((all) => JSON.stringify(all)),
    ),
    (sent) => {
      let json;
      try {
        json = JSON.parse(sent);
      } catch {
        return;
      }
      const events = eventsIn(json);
      if (events instanceof Response) {
        assert.equal(events.status, 400);
        return;
      }
      for (const event of events) {
        assert.ok(Object.hasOwn(event, "name"));
        for (const [member, value] of Object.entries(event)) {
          const isText = TEXTS.includes(member) && typeof value === "string" && value !== "";
          assert.ok(isText || (NUMBERS.includes(member) && typeof value === "number"), member);
        }
      }
    },
  ),
};

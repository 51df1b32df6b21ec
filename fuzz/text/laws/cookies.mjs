import assert from "node:assert/strict";
import fc from "fast-check";
import { cookieHeader, cookieName, cookieValue, name, text } from "../arbitraries.mjs";
import { isOneCookie } from "../harmless.mjs";
import { parsers } from "../parsers.mjs";

const { cookie, cookieText, isId } = parsers;

export const cookies = {
  "a cookie's value is a part of the header, without a separator": fc.property(
    fc.oneof(cookieHeader(), text()),
    fc.oneof(cookieName(), name()),
    (header, named) => {
      const value = cookie(header, named);
      if (value === undefined) return;
      assert.ok(header.includes(value) && value === value.trim() && value !== "" && !value.includes(";"));
    },
  ),

  "the first of the cookies of a name is read": fc.property(
    fc.array(fc.tuple(cookieName(), cookieValue()), { maxLength: 30 }),
    (pairs) => {
      const header = pairs.map((pair) => pair.join("=")).join("; ");
      for (const [named] of pairs) {
        const [, first] = pairs.find(([other]) => other === named);
        assert.equal(cookie(header, named), first || undefined);
      }
    },
  ),

  "a cookie that was written is read": fc.property(
    cookieName(),
    cookieValue(),
    fc.record({ maxAge: fc.nat(), domain: fc.constantFrom(undefined, "a.example"), secure: fc.boolean() }),
    (named, value, scope) => {
      const header = cookieText(named, value, scope);
      isOneCookie(header);
      assert.equal(cookie(header.split(";")[0], named), value || undefined);
    },
  ),

  "an id is short and safe in a cookie": fc.property(fc.oneof(text(), cookieValue()), (value) => {
    if (isId(value)) isOneCookie(cookieText("slotwise_id", value, { maxAge: 1 }));
    assert.ok(!isId(value) || (value.length > 0 && value.length <= 128));
  }),
};

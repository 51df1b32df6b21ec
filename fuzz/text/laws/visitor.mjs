import assert from "node:assert/strict";
import fc from "fast-check";
import { cookieHeader, cookieName, headerText, jsonText, name, record, text } from "../arbitraries.mjs";
import { isOneCookie, isPlain } from "../harmless.mjs";
import { parsers } from "../parsers.mjs";

const { assume, contextOf, cookiesFor, forgetCookies, merged, personaCookie, personaOf, readObject, visitorOf } =
  parsers;

const ID = "0123456789abcdef0123456789abcdef";
const engine = { mintId: () => ID };

const settings = () =>
  fc.record({
    consentCookie: cookieName(),
    consentHeader: fc.constantFrom(undefined, "x-consent"),
    assumed: fc.constantFrom({}, { personalization: true }),
    heedsGpc: fc.boolean(),
    idCookie: fc.constantFrom("slotwise_id", "site_id"),
    cookieDomain: fc.constantFrom(undefined, "a.example"),
  });

/** A request of a visitor: an address with any query, and headers with any text. */
const request = () =>
  fc
    .record({
      query: text(),
      cookie: cookieHeader(),
      consent: headerText(),
      gpc: fc.constantFrom("1", "0"),
      other: headerText(),
    })
    .map(
      ({ query, cookie, consent, gpc, other }) =>
        new Request(`https://a.example/?${query.toWellFormed()}`, {
          headers: {
            cookie,
            "x-consent": consent,
            "sec-gpc": gpc,
            referer: other,
            "user-agent": other,
            "accept-language": other,
          },
        }),
    );

/** Fields of the demonstration's personas, with values that their readers understand or nearly do. */
const persona = () => {
  const field = fc.constantFrom(
    "hour",
    "date",
    "place",
    "device",
    "campaign",
    "referrer",
    "visitor",
    "clear",
    "__proto__",
  );
  const value = fc.oneof(
    jsonText(),
    fc.constantFrom("8", "23:59", "24", "2026-02-30", "0000-00-00", '{"timeZone":"+23:59"}', ""),
    text(),
  );
  return fc
    .array(fc.tuple(field, value), { maxLength: 6 })
    .map((fields) => new URLSearchParams(fields.map(([key, other]) => [`as.${key}`, other])));
};

export const visitor = {
  "any request is a visitor's, and its cookies are good ones": fc.property(
    request(),
    settings(),
    record(name()),
    fc.boolean(),
    (asked, how, arms, readsId) => {
      const found = visitorOf(asked, how, engine);
      isPlain(found.consent, "consent");
      const agreed = Object.values(found.consent).some(Boolean);
      assert.ok(found.id === undefined || (agreed && /^[\w.~-]{1,128}$/.test(found.id)));
      const context = contextOf(asked, found);
      assert.ok(Number.isFinite(context.now));
      const set = cookiesFor(found, { sticky: agreed ? arms : {} }, { varies: readsId ? ["id"] : [] }, how);
      set.forEach(isOneCookie);
      assert.ok(set.length <= 3);
      forgetCookies(found.consent, how).forEach(isOneCookie);
      if (!agreed) assert.ok(set.every((header) => header.includes("Max-Age=0")));
    },
  ),

  "the second request sets nothing that the first has set": fc.property(settings(), record(name()), (how, given) => {
    // A bundle is UTF-8, so the names in it have no lone surrogates.
    const arms = Object.fromEntries(Object.entries(given).map((pair) => pair.map((part) => part.toWellFormed())));
    const granting = { ...how, assumed: { personalization: true } };
    const cookies = (visitor) => cookiesFor(visitor, { sticky: arms }, { varies: ["id"] }, granting);
    const first = new Request("https://a.example/");
    const set = cookies(visitorOf(first, granting, engine));
    const cookie = set.map((header) => header.split(";")[0]).join("; ");
    const second = visitorOf(new Request("https://a.example/", { headers: { cookie } }), granting, engine);
    assert.deepEqual(cookies(second), []);
  }),

  "a persona is kept as it was named": fc.property(persona(), (fields) => {
    const named = new Request(`https://a.example/?${fields}`);
    const found = personaOf(named);
    const header = personaCookie(named);
    if (header === undefined || found === undefined) return;
    const cookie = header.split(";")[0];
    assert.ok(cookie.length < 2100);
    isOneCookie(header);
    const kept = personaOf(new Request("https://a.example/", { headers: { cookie } }));
    assert.equal(kept?.toString(), found.toString());
  }),

  "any persona has a moment and attributes": fc.property(persona(), request(), settings(), (fields, asked, how) => {
    const context = contextOf(asked, visitorOf(asked, how, engine));
    assume(context, fields);
    assert.ok(Number.isFinite(context.now), `${context.now}`);
    isPlain(context.attributes, "attributes");
    for (const value of Object.values(context.consent)) assert.equal(typeof value, "boolean");
    const other = personaOf(asked);
    for (const key of other?.keys() ?? []) assert.ok(key.startsWith("as."));
  }),

  "any body is a JSON object, or a problem": fc.property(
    fc.oneof(
      jsonText().map((sent) => Buffer.from(sent)),
      fc.uint8Array(),
    ),
    (body) => {
      const found = readObject(body);
      if (found instanceof Response) assert.ok(found.status >= 400 && found.status < 500);
      else isPlain(found, "body");
    },
  ),

  "attributes over others pollute nothing": fc.property(
    record(fc.jsonValue()),
    record(fc.jsonValue()),
    (under, over) => {
      const both = merged(JSON.parse(JSON.stringify(under)), JSON.parse(JSON.stringify(over)));
      assert.deepEqual(new Set(Object.keys(both)), new Set([...Object.keys(under), ...Object.keys(over)]));
      isPlain(both, "attributes");
    },
  ),
};

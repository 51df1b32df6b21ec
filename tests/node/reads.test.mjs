// What an engine says that its bundle reads, for those who hand over no more than that.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../../pkg/dist/index.node.js";
import { compiled, engineOf, shows, when } from "../support/bundles.mjs";

const SPLIT = { default: "a", variants: { a: {}, b: {} }, rules: [{ experiment: "e" }] };
const HALVES = { a: 0.5, b: 0.5 };

/** An engine whose one slot shows something under a condition, with the default consent. */
const conditional = (condition, consent) => engineOf({ ...when(condition), consent: consent ?? {} });

test("inputs are the attributes of conditions, templates and experiments, and no others", async () => {
  const cases = [
    [{ slots: {} }, []],
    [when({ "geo.city": "Kraków", plan: { $exists: true } }), ["geo.city", "plan"]],
    [shows("{{#cart}}{{name}}{{/cart}}"), ["cart", "name"]],
    [{ experiments: { e: { variants: HALVES } }, slots: { slot: SPLIT } }, ["id"]],
    [
      {
        experiments: {
          e: { variants: HALVES, hashAttribute: "account.id", fallbackAttribute: "device", sticky: true },
        },
        slots: { slot: SPLIT },
      },
      ["account.id", "device"],
    ],
    // What is worked out from the request or the time goes by its own name; the request's facts are no attributes.
    [when({ "time.hour": 5, "device.type": "mobile" }), ["device.type", "time.hour"]],
  ];
  for (const [bundle, expected] of cases) {
    assert.deepEqual((await engineOf(bundle)).inputs.sort(), expected, JSON.stringify(bundle));
  }
});

test("a context that holds only the inputs is decided like the whole", async () => {
  const engine = await engineOf({
    ...when({ "geo.city": "Kraków", "time.hour": { $gte: 0 } }),
    experiments: { e: { variants: HALVES, consent: "none" } },
    slots: { ...when({ "geo.city": "Kraków" }).slots, split: SPLIT },
  });
  const whole = { id: "u1", geo: { city: "Kraków", country: "PL" }, email: "ada@example.org" };
  const least = { id: "u1", geo: { city: "Kraków" } };
  assert.deepEqual(engine.inputs.sort(), ["geo.city", "id"]);
  const [one, other] = [whole, least].map((attributes) => engine.personalize({ attributes, now: 0 }));
  assert.deepEqual(one.toJSON(), other.toJSON());
  assert.equal(one.slots.slot.variant, "yes");
  assert.equal(one.slots.split.source, "experiment");
});

test("idPurpose is the purpose that identifying attributes need, when any are read", async () => {
  assert.equal((await conditional({ plan: "pro" })).idPurpose, undefined);
  assert.equal((await conditional({ id: "u1" })).idPurpose, "personalization");
  assert.equal((await conditional({ id: "u1" }, { ids: "login" })).idPurpose, "login");
  assert.equal((await conditional({ id: "u1" }, { ids: "none" })).idPurpose, undefined);
  assert.equal((await conditional({ "id.part": "u1" })).idPurpose, "personalization");
  const split = (experiment) =>
    engineOf({ experiments: { e: { variants: HALVES, ...experiment } }, slots: { slot: SPLIT } });
  assert.equal((await split({})).idPurpose, "personalization");
  assert.equal((await split({ hashAttribute: "account.id", consent: "none" })).idPurpose, "personalization");
});

test("idPurpose is what the engine goes by", async () => {
  const engine = await conditional({ id: "u1" }, { ids: "login" });
  const shown = (consent) => engine.personalize({ attributes: { id: "u1" }, consent }).slots.slot.variant;
  assert.equal(shown({ [engine.idPurpose]: true }), "yes");
  assert.equal(shown({ personalization: true }), "no");
});

test("needsZone tells whether local time is read", async () => {
  assert.equal((await conditional({ "time.hour": 5 })).needsZone, true);
  assert.equal((await engineOf(shows("{{time.date}}"))).needsZone, true);
  assert.equal((await conditional({ plan: "pro", "device.type": "mobile" })).needsZone, false);
});

test("the time is asked for where it can change a decision, and nowhere else", async (t) => {
  const asked = t.mock.method(Date, "now");
  const scheduled = { e: { variants: HALVES, schedule: [{ from: "2026-01-01T00:00:00Z", coverage: 1 }] } };
  const ranked = {
    catalog: { items: [{ id: "a", sold: 1 }], popularity: { member: "sold" } },
    slots: {
      slot: {
        default: "none",
        variants: { none: {}, cards: { html: "{{#items}}{{id}}{{/items}}" } },
        rules: [{ rank: { show: "cards" } }],
      },
    },
  };
  const cases = [
    [when({ plan: "pro", "device.type": "mobile" }), 0],
    [{ experiments: { e: { variants: HALVES, sticky: true } }, slots: { slot: SPLIT } }, 0],
    [{ experiments: scheduled, slots: { slot: SPLIT } }, 1],
    [when({ "time.hour": 5 }), 1],
    [shows("{{time.date}}"), 1],
    [when({ "profile.isNew": true }), 1],
    [when({ $did: { event: "purchase" } }), 1],
    [ranked, 1],
  ];
  for (const [bundle, times] of cases) {
    const engine = await engineOf(bundle);
    asked.mock.resetCalls();
    engine.personalize();
    assert.equal(asked.mock.callCount(), times, JSON.stringify(bundle));
    asked.mock.resetCalls();
    engine.personalize({ now: 0 });
    assert.equal(asked.mock.callCount(), 0);
  }
});

test("a file that does not say which purpose ids need is taken to need the default", async () => {
  const member = new TextEncoder().encode('"identityConsent":');
  for (const bundle of [when({ id: "u1" }), { ...when({ id: "u1" }), consent: { ids: "login" } }]) {
    const bytes = (await compiled(bundle)).slice();
    const at = bytes.findIndex((_, start) => member.every((byte, index) => bytes[start + index] === byte));
    assert.ok(at > 0);
    bytes.set(new TextEncoder().encode('"aMemberOfBefore":'), at);
    new DataView(bytes.buffer).setUint32(12, adler32(bytes.subarray(16)), true);
    assert.equal((await load(bytes)).idPurpose, "personalization");
  }
});

/** RFC 1950, section 8.2. */
function adler32(bytes) {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return ((b << 16) | a) >>> 0;
}

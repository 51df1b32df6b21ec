// The visitor's clock: names, numbers, days on which clocks change, and names that are none.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { engineOf } from "../support/bundles.mjs";

const HOUR = 3_600_000;
let engine;

before(async () => {
  const show = (html) => ({ default: "v", variants: { v: { html } } });
  const slots = { hour: show("{{time.hour}}"), date: show("{{time.date}} {{time.weekday}}") };
  engine = await engineOf({ slots });
});

function at(now, timeZone) {
  const { slots, cache } = engine.personalize({ now, timeZone });
  return { hour: Number(slots.hour.content.html), day: slots.date.content.html, maxAge: cache.maxAge };
}

const calendars = new Map();

function calendarIn(timeZone) {
  if (!calendars.has(timeZone)) {
    const date = { year: "numeric", month: "2-digit", day: "2-digit", weekday: "short" };
    const format = new Intl.DateTimeFormat("en-CA", { timeZone, hourCycle: "h23", hour: "numeric", ...date });
    calendars.set(timeZone, format);
  }
  return calendars.get(timeZone);
}

/** What Node's calendar says, to compare with. */
function expected(now, timeZone) {
  const parts = calendarIn(timeZone).formatToParts(now);
  const { hour, year, month, day, weekday } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const number = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(weekday.slice(0, 3)) + 1;
  return { hour: Number(hour), day: `${year}-${month}-${day} ${number}` };
}

const ZONES = [
  "UTC",
  "Europe/Warsaw",
  "America/New_York",
  "America/St_Johns",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
  "America/Sao_Paulo",
  "Africa/Casablanca",
];

test("a named zone gives the hour and the date that calendars give", () => {
  for (const zone of ZONES) {
    for (let now = Date.UTC(2026, 0, 1, 0, 59); now < Date.UTC(2027, 0, 1); now += 13.25 * HOUR) {
      const { hour, day } = at(now, zone);
      assert.deepEqual({ hour, day }, expected(now, zone), `${zone} ${new Date(now).toISOString()}`);
    }
  }
});

/** Clock changes of 2026 and 2027, to the minute, in Universal Time. */
const CHANGES = [
  ["Europe/Warsaw", Date.UTC(2026, 2, 29, 1)],
  ["Europe/Warsaw", Date.UTC(2026, 9, 25, 1)],
  ["America/New_York", Date.UTC(2026, 2, 8, 7)],
  ["America/New_York", Date.UTC(2026, 10, 1, 6)],
  ["Australia/Lord_Howe", Date.UTC(2026, 3, 4, 15)],
  ["Australia/Lord_Howe", Date.UTC(2026, 9, 3, 15, 30)],
  ["America/St_Johns", Date.UTC(2026, 2, 8, 5, 30)],
];

test("a clock change is seen to the minute, and no answer is kept across it", () => {
  for (const [zone, change] of CHANGES) {
    for (let minutes = -180; minutes <= 180; minutes += 1) {
      const now = change + minutes * 60_000;
      const { hour, day, maxAge } = at(now, zone);
      const told = `${zone} ${new Date(now).toISOString()}`;
      assert.deepEqual({ hour, day }, expected(now, zone), told);
      assert.ok(maxAge >= 1 && maxAge <= 3600, told);
      // For as long as it may be kept it stays true: looked at every five minutes, and at the last moment.
      const end = now + maxAge * 1000 - 1;
      for (let later = now; later < end + 300_000; later += 300_000) {
        const then = expected(Math.min(later, end), zone);
        assert.deepEqual({ hour, day }, then, `${told} is kept ${maxAge} s`);
      }
    }
  }
});

test("what holds for the whole day is kept up to the clock change, and no longer", async () => {
  const dated = await engineOf({ slots: { date: { default: "v", variants: { v: { html: "{{time.date}}" } } } } });
  // Local midnight, and the clock change later on that day.
  const days = [
    ["Europe/Warsaw", Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 1)],
    ["America/New_York", Date.UTC(2026, 10, 1, 4), Date.UTC(2026, 10, 1, 6)],
    ["Australia/Lord_Howe", Date.UTC(2026, 9, 3, 13, 30), Date.UTC(2026, 9, 3, 15, 30)],
  ];
  for (const [timeZone, midnight, change] of days) {
    for (let now = midnight; now < change; now += 60_000) {
      const { maxAge } = dated.personalize({ now, timeZone }).cache;
      assert.equal(maxAge, (change - now) / 1000, `${timeZone} ${new Date(now).toISOString()}`);
    }
  }
});

test("a number is minutes ahead of UTC", () => {
  for (const minutes of [0, 60, -60, 330, 345, -210, 840, -720, 1439, -1439]) {
    const local = new Date(HOUR * 30 + minutes * 60_000);
    assert.equal(at(HOUR * 30, minutes).hour, local.getUTCHours(), `${minutes}`);
  }
});

test("what names no zone is UTC, and so is none on a server", () => {
  const invalid = [
    "",
    " ",
    "Nowhere/City",
    "UTC ",
    "\ud800",
    "x".repeat(100_000),
    "__proto__",
    "+25:00",
    "constructor",
  ];
  for (const zone of [
    undefined,
    null,
    ...invalid,
    Number.NaN,
    Infinity,
    -Infinity,
    {},
    [],
    true,
    5n,
    Symbol("x"),
    () => {},
  ]) {
    assert.equal(
      at(HOUR * 5, zone).hour,
      5,
      typeof zone === "string" ? zone.slice(0, 20) : String(zone?.constructor?.name),
    );
  }
});

test("any number of minutes gives a decision", () => {
  for (const minutes of [0.5, -0.5, 1e9, -1e9, 2 ** 31, -(2 ** 31), 2 ** 53, 1e300, Number.MIN_VALUE]) {
    assert.equal(typeof engine.personalize({ now: 0, timeZone: minutes }).cache.maxAge, "number");
  }
});

test("any moment gives a decision", () => {
  const moments = [8.64e15, -8.64e15, 8.64e15 + 1, 1e300, -1e300, Number.NaN, Infinity, -Infinity, -0, 0.5, -1];
  for (const now of moments) {
    for (const zone of ["Europe/Warsaw", 60, undefined]) {
      const { maxAge } = engine.personalize({ now, timeZone: zone }).cache;
      assert.ok(Number.isInteger(maxAge) && maxAge >= 0 && maxAge <= 31_536_000, `${now} ${zone} ${maxAge}`);
    }
  }
});

test("`now` may be left out, and anything but a number is no moment", () => {
  const before = new Date().getUTCHours();
  const { hour } = at(undefined, 0);
  assert.ok(hour === before || hour === new Date().getUTCHours());
  for (const now of ["2026-11-22", {}, 5n, true, new Date(), Symbol("x")]) {
    const { slots, cache } = engine.personalize({ now });
    assert.equal(slots.hour.content.html, "");
    assert.equal(cache.maxAge, 0, "nobody may keep it");
  }
});

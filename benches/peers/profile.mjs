// What a visitor did: how large it is after ten thousand events, and how long one more takes.

import { profiles } from "slotwise/profile";
import * as json from "./json-profile.mjs";
import { medians } from "./measure.mjs";

const PEER = "the same fold over JSON in localStorage";
const EVENTS = 10_000;
const KILOBYTE = 1024;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const START = Date.UTC(2026, 0, 1, 8);
/** What is done in a session: twelve events, of which the last is a purchase in every fourth. */
const NAMES = ["page_view", "view_item", "view_item", "search", "view_item", "add_to_cart", "view_item", "dislike"];
const ASKED = ["page_view", "view_item", "search", "add_to_cart", "purchase", "dislike"];

/** The visitor's event by number: three sessions a day; 200 items of 20 categories, some of them far more often than others. */
function event(number) {
  const [session, place] = [Math.floor(number / 12), number % 12];
  const name = place === 11 && session % 4 === 0 ? "purchase" : NAMES[place % NAMES.length];
  const item = Math.floor(200 * draw(number) ** 2);
  return {
    name,
    time: START + session * 8 * HOUR + place * 2 * MINUTE,
    id: `event-${number}`,
    ...(name !== "page_view" && { item: `item-${item}`, category: `category-${item % 20}` }),
    ...(name === "purchase" && { value: 20 + (item % 50) }),
  };
}

/** A number from 0 up to 1 that looks random, and is the same for everybody: the last rounds of MurmurHash3. */
function draw(number) {
  let bits = Math.imul(number + 1, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

/** As much of `localStorage` as is needed, and faster than a browser's. */
function storage() {
  const values = new Map();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, text) => values.set(key, text) };
}

export async function rows(progress) {
  progress("a profile of 10,000 events");
  const opened = await profiles();
  const stored = storage();
  const open = opened.open();
  let bytes;
  const add = {
    open: (happened) => open.track(happened, happened.time),
    kept: (happened) => {
      const profile = opened.open(bytes);
      if (profile.track(happened, happened.time)) bytes = profile.toBytes();
      profile.free();
    },
    theirs: (happened) => json.track(stored, happened),
  };
  let largest = 0;
  for (let number = 0; number < EVENTS; number++) {
    const happened = event(number);
    for (const fold of Object.values(add)) fold(happened);
    largest = Math.max(largest, bytes.length);
  }
  const size = stored.getItem(json.KEY).length;
  const now = event(EVENTS - 1).time;
  checkSame(opened, { open, kept: opened.open(bytes) }, json.read(stored), now);

  // Each goes on by itself from where all are.
  const next = (name) => {
    let number = EVENTS;
    return () => add[name](event(number++));
  };
  const times = medians({ open: next("open"), kept: next("kept"), theirs: next("theirs") });
  const row = (name, ours) => ({
    name,
    ours,
    theirs: times.theirs,
    peer: PEER,
    unit: "µs",
    better: "lower",
    target: { atLeast: 20 },
  });
  return [
    row("add an event to a profile of 10,000", times.open),
    row("the same, read before and written after each", times.kept),
    {
      name: "a profile of 10,000 events",
      ours: largest / KILOBYTE,
      theirs: size / KILOBYTE,
      peer: PEER,
      unit: "KB",
      better: "lower",
      target: { atMost: 1.5 },
    },
  ];
}

/** Throws unless the profiles say what the JSON says. What is written each time knows fewer items, so it is asked for the first alone. */
function checkSame(opened, { open, kept }, theirs, now) {
  const same = (what, ours, expected) => {
    const [one, other] = [ours, expected].map((value) => JSON.stringify(value));
    if (one !== other) throw new Error(`${what}: the profile says ${one}, the JSON ${other}`);
  };
  const expected = json.summary(theirs, now);
  for (const [name, profile, most] of [
    ["the open profile", open, Number.POSITIVE_INFINITY],
    ["the written profile", kept, 1],
  ]) {
    const { sessions, "rfm.frequency": frequency, "rfm.monetary": monetary, ...liked } = profile.summary(now);
    const keys = (interests) => interests.slice(0, most).map(({ key, times }) => [key, times]);
    const [categories, items] = [keys(liked.likedCategories), keys(liked.likedItems)];
    const firsts = { categories: expected.categories.slice(0, most), items: expected.items.slice(0, most) };
    same(name, { sessions, frequency, monetary, categories, items }, { ...expected, ...firsts });
    for (const event of ASKED) {
      for (const within of ["session", 3 * DAY]) {
        const question = { count: [event, within] };
        const [count] = opened.answer(profile.toBytes(), [question], now).answers;
        same(`${name}, ${event} within ${within}`, count, json.times(theirs, event, within, now));
      }
    }
  }
}

// The visitors of the soak: what they ask for, and whether what they get is right.

import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { request } from "undici";
import { profiles } from "../../pkg/dist/profile.node.js";
import { ORIGINAL, revisionOfDecision, revisionOfPage, VIEWED } from "./site.mjs";

const CONSENT = "slotwise_consent=personalization";
const PROFILE = `slotwise_profile=${await keptProfile()}`;
/** Two who are known, of whom one has a profile; one who is new with every request; and one who has not agreed, whose profile is not read. */
const VISITORS = [
  { cookie: `slotwise_id=joe; ${PROFILE}; ${CONSENT}`, who: "known" },
  { cookie: `slotwise_id=ewa; ${CONSENT}`, who: "newcomer" },
  { cookie: CONSENT, who: "newcomer" },
  { cookie: PROFILE, who: "newcomer" },
];
const BROWSER = { accept: "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-dest": "document" };

/** The profile of a visitor who has viewed an item. */
async function keptProfile() {
  const profile = (await profiles()).open();
  profile.track({ name: "view_item", item: `item-${VIEWED}` });
  const kept = Buffer.from(profile.toBytes()).toString("base64url");
  profile.free();
  return kept;
}

const adapted = (html, headers, value, who) => {
  if (!headers["x-slotwise"]?.startsWith("adapted")) throw new Error(`the page is "${headers["x-slotwise"]}"`);
  return revisionOfPage(html, value, who);
};

/** What is asked for in turn: how, and how the revision of an answer is read; it throws for an answer that is not right. */
const KINDS = [
  { name: "page", path: (value) => `/page?v=${value}`, read: adapted },
  {
    name: "compressed page",
    path: (value) => `/zipped?v=${value}`,
    ask: () => ({ headers: { ...BROWSER, "accept-encoding": "gzip" } }),
    read: adapted,
  },
  { name: "shared page", path: () => "/shared", read: (html, headers, _value, who) => adapted(html, headers, "", who) },
  {
    name: "file",
    path: () => "/file",
    read: (text) => {
      if (text !== ORIGINAL) throw new Error(`the file has ${text.length} characters, not ${ORIGINAL.length}`);
    },
  },
  {
    name: "decision",
    path: () => "/_slotwise/decide",
    ask: (value) => ({
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ url: `https://soak.example/?v=${value}` }),
    }),
    read: (json, _headers, value, who) => revisionOfDecision(json, value, who),
  },
];

/**
 * Asks on `connections` connections, on each one thing after the other without a pause, until `signal` is aborted. `onAnswer` is given
 * the kind, when it was asked for and answered, and the revision if there is one; `onFailure` a message. Undici rejects an answer
 * that ends too early, which load generators commonly pass over.
 */
export async function browse(dispatcher, { connections, signal, onAnswer, onFailure }) {
  let count = 0;
  const visitor = async () => {
    while (!signal.aborted) {
      const number = count++;
      const kind = KINDS[number % KINDS.length];
      const { cookie, who } = VISITORS[Math.floor(number / KINDS.length) % VISITORS.length];
      const value = String(number % 1000);
      const { headers = BROWSER, ...asked } = kind.ask?.(value) ?? {};
      const begun = performance.now();
      try {
        const path = kind.path(value);
        const answer = await dispatcher.request({ method: "GET", path, headers: { ...headers, cookie }, ...asked });
        const bytes = Buffer.from(await answer.body.arrayBuffer());
        const text = (answer.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
        const ended = performance.now();
        if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}: ${text.slice(0, 200)}`);
        onAnswer({ kind: kind.name, begun, ended, revision: kind.read(text, answer.headers, value, who) });
      } catch (thrown) {
        onFailure(`${kind.name}: ${thrown.message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, visitor));
}

/** Asks for pages and leaves in the middle of them, ten times a second. Returns how often. */
export async function leaveEarly(url, signal) {
  let left = 0;
  while (!signal.aborted) {
    const { body } = await request(new URL("/page?v=left", url), { headers: BROWSER });
    for await (const _part of body) break;
    left++;
    await pause(100);
  }
  return left;
}

// The live bundle, kept for as long as the isolate lives, and looked after in the background.

import type { Engine } from "slotwise";
import { tools } from "slotwise/compiler";
import { profiles } from "slotwise/profile";
import { ranks } from "slotwise/rank";
import runtime from "slotwise/runtime.wasm";
import { loadWith } from "slotwise/slim";
import { within } from "../deadline.ts";
import type { Place } from "../place.ts";
import type { Env, Settings } from "../settings.ts";
import { digestOf, type Pointer, readBundle, readPointer, STORE_DELAY } from "./store.ts";

/** A bundle that decides. */
export interface Live {
  engine: Engine;
  file: Uint8Array;
  digest: string;
  from: "store" | "assets";
}

/** Where the compiled bundle lies among the assets, when none was published. */
const ASSET = "https://assets.local/bundle.slotwise";

/** An engine that can explain as well. */
const load = loadWith({ wasm: runtime, tools });

let live: Live | undefined;
/** When it was last asked for, and why it could not be had; both of this isolate alone. */
let askedAt = Number.NEGATIVE_INFINITY;
let failure: string | undefined;
/** When this isolate has last published, in milliseconds since the epoch. */
let publishedAt = 0;

/** Milliseconds after which a store that does not answer counts as failing. */
const PATIENCE = 5000;

/**
 * The live bundle, at once. When its time is over it still decides, and a newer one is asked for in the background.
 * Promises are not shared between requests: workerd ends what a request has begun when that request is cancelled.
 */
export function current(place: Place): Live | undefined {
  if (live !== undefined && isOver(place.settings)) {
    askedAt = Date.now();
    place.waitUntil(refresh(place));
  }
  return live;
}

/** The live bundle, waiting for it when this isolate has none yet; rejects when it cannot be had. */
export async function wanted(place: Place): Promise<Live> {
  const known = current(place);
  if (known !== undefined) return known;
  // After a failure, the store is not asked by every visitor anew.
  if (failure !== undefined && !isOver(place.settings)) throw new Error(failure);
  await refresh(place);
  if (live === undefined) throw new Error(failure ?? "the bundle could not be loaded");
  return live;
}

/** Puts a bundle in place that this isolate has just published. */
export function replacePublished(next: Live, at: number): void {
  publishedAt = at;
  replace(next);
}

/**
 * Puts a bundle in place. The engine before it is not freed: a request that waits for its page may still decide with it, and its memory
 * is given back when the last one has gone.
 */
function replace(next: Live): void {
  live = next;
  askedAt = Date.now();
  failure = undefined;
}

/** What the health route says of it. */
export function health(): { live: Live | undefined; failure: string | undefined; askedAt: number } {
  return { live, failure, askedAt };
}

function isOver({ refresh }: Settings): boolean {
  return Date.now() - askedAt >= refresh * 1000;
}

/** Asks for the live bundle. Whatever fails, the last good one stays in use. */
async function refresh(place: Place): Promise<void> {
  const loading = fetchLive(place);
  // What comes late counts all the same.
  place.waitUntil(loading.catch(() => undefined));
  try {
    await within(PATIENCE, loading, `the store did not answer within ${PATIENCE / 1000} seconds`);
  } catch (thrown) {
    failure = (thrown as Error)?.message ?? String(thrown);
    askedAt = Date.now();
    console.error(JSON.stringify({ message: "slotwise: bundle", failure, lastGood: live?.engine.revision ?? null }));
  }
}

async function fetchLive({ env, settings }: Place): Promise<void> {
  const begun = Date.now();
  const next = (await published(env, settings)) ?? (await bundled(env, settings));
  // What this isolate has published meanwhile is newer than what the store had to say.
  if (publishedAt < begun) replace(next);
}

async function published({ BUNDLES }: Env, settings: Settings): Promise<Live | undefined> {
  if (BUNDLES === undefined) return undefined;
  const pointer = await readPointer(BUNDLES);
  if (live !== undefined && isOutdated(pointer)) return live;
  if (pointer === null) return undefined;
  const { digest } = pointer.live;
  if (live?.digest === digest) return live;
  return opened(await readBundle(BUNDLES, pointer.live), digest, "store", settings);
}

/** Whether the store answers with what was there before this isolate has published: it may do so for a while. */
function isOutdated(pointer: Pointer | null): boolean {
  return (pointer?.live.at ?? 0) < publishedAt && Date.now() - publishedAt < STORE_DELAY * 1000;
}

/** The bundle that was deployed with the Worker; it is not read again. */
async function bundled({ ASSETS }: Env, settings: Settings): Promise<Live> {
  if (live?.from === "assets") return live;
  const answer = await ASSETS.fetch(ASSET);
  if (!answer.ok) throw new Error(`no bundle was published, and ${new URL(ASSET).pathname} answered ${answer.status}`);
  const file = new Uint8Array(await answer.arrayBuffer());
  return opened(file, await digestOf(file), "assets", settings);
}

/** Loads a file, verified where a public key is set. */
export async function opened(
  file: Uint8Array,
  digest: string,
  from: Live["from"],
  { publicKey }: Settings,
): Promise<Live> {
  const engine = await load(file, { profiles, ranks, ...(publicKey !== undefined && { publicKey }) });
  return { engine, file, digest, from };
}

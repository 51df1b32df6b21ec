// Published bundles in KV: each under its revision and digest, for good, and one pointer to the live one.

/** A bundle that was published. */
export interface Published {
  revision: number;
  /** SHA-256 of the file, in hexadecimal digits. */
  digest: string;
  /** When, in milliseconds since the epoch. */
  at: number;
}

/** Which bundle is live. */
export interface Pointer {
  live: Published;
  /** The highest revision that was ever published: a new one must be above it. */
  highest: number;
  /** Counts the changes of the pointer, so that a signed rollback is good for one time. */
  sequence: number;
  /** What was published before, newest first. */
  history: Published[];
}

const POINTER = "live";
/** Seconds until every place of the network sees a change of the store, as Cloudflare states it. */
export const STORE_DELAY = 60;
/** How many earlier bundles a rollback can choose from. */
const REMEMBERED = 50;

/** Reads the pointer; `null` when nothing was published. KV may answer with what it was {@link STORE_DELAY} seconds ago. */
export async function readPointer(store: KVNamespace): Promise<Pointer | null> {
  const pointer = await store.get<Pointer>(POINTER, "json");
  if (pointer === null) return null;
  if (typeof pointer.live?.digest === "string" && Array.isArray(pointer.history)) return pointer;
  throw new Error(`the key "${POINTER}" of the store holds something else than the live bundle`);
}

export async function readBundle(store: KVNamespace, { revision, digest }: Published): Promise<Uint8Array> {
  const file = await store.get(keyOf(revision, digest), "arrayBuffer");
  if (file === null) throw new Error(`the store has no bundle of revision ${revision}, or not yet`);
  return new Uint8Array(file);
}

/** Keeps a bundle, and then makes it the live one: a pointer never leads to what is not there. */
export async function publish(
  store: KVNamespace,
  file: Uint8Array,
  published: Published,
  before: Pointer | null,
): Promise<Pointer> {
  await store.put(keyOf(published.revision, published.digest), file);
  return movePointer(store, published, before);
}

/** Makes a bundle that is in the store the live one. */
export async function movePointer(store: KVNamespace, live: Published, before: Pointer | null): Promise<Pointer> {
  const history = before === null ? [] : [before.live, ...before.history];
  const others = history.filter(({ digest }) => digest !== live.digest);
  const pointer: Pointer = {
    live,
    highest: Math.max(live.revision, before?.highest ?? 0),
    sequence: (before?.sequence ?? 0) + 1,
    history: others.slice(0, REMEMBERED),
  };
  await store.put(POINTER, JSON.stringify(pointer));
  return pointer;
}

export async function digestOf(file: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keyOf(revision: number, digest: string): string {
  return `bundle/${revision}/${digest}`;
}

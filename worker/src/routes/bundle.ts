// The live bundle: read by browsers, replaced and rolled back with a token.

import { decoded, isSigned } from "../../../pkg/src/engine/signature.ts";
import { accept } from "../bundles/incoming.ts";
import { type Live, opened, replacePublished } from "../bundles/live.ts";
import { movePointer, type Pointer, publish, readBundle, readPointer, STORE_DELAY } from "../bundles/store.ts";
import { refuseWithoutToken } from "../bundles/token.ts";
import type { Place } from "../place.ts";
import { problem } from "../problem.ts";
import { bodyOf, readObject } from "./body.ts";
import { liveFor } from "./live.ts";

/** A bundle may be this large; KV takes 25 MiB. */
const LARGEST = 10 * 1024 * 1024;
const LARGEST_STATEMENT = 4096;
/** Seconds for which a browser may keep the bundle without asking. */
const BROWSER_DELAY = 30;

/** `GET bundle`: the compiled file, with its digest as the validator. */
export async function getBundle(request: Request, place: Place): Promise<Response> {
  const live = await liveFor(place);
  if (live instanceof Response) return live;
  const headers = {
    etag: etagOf(live.digest),
    "cache-control": `public, max-age=${BROWSER_DELAY}`,
    "x-slotwise-revision": String(live.engine.revision),
    "content-type": "application/octet-stream",
    "x-content-type-options": "nosniff",
  };
  if (matches(request.headers.get("if-none-match"), live.digest)) return new Response(null, { status: 304, headers });
  return new Response(request.method === "HEAD" ? null : live.file, { headers });
}

/** `PUT bundle`: checks what was sent, keeps it under its revision, and makes it live. */
export async function putBundle(request: Request, place: Place): Promise<Response> {
  const { env, settings } = place;
  const refusal = await refuseWithoutToken(request, env, settings);
  if (refusal !== undefined) return refusal;
  if (env.BUNDLES === undefined) return problem("no-store", "Bind a KV namespace as BUNDLES to publish bundles.");
  const sent = await bodyOf(request, LARGEST);
  if (sent instanceof Response) return sent;
  const accepted = await accept(sent, settings);
  if (accepted instanceof Response) return accepted;
  const { live: next, warnings } = accepted;
  const before = await readPointer(env.BUNDLES);
  const expected = request.headers.get("if-match");
  if (expected !== null && (before === null || !matches(expected, before.live.digest))) {
    return problem("precondition-failed", `Live is ${before === null ? "nothing" : etagOf(before.live.digest)}.`);
  }
  const { revision } = next.engine;
  if (before !== null && revision <= before.highest) {
    if (before.live.digest === next.digest) return published(200, next, before, warnings, settings.refresh);
    const detail = `Revision ${revision} is not above ${before.highest}, the highest that was published: raise "revision".`;
    return problem("conflict", detail, { highest: before.highest });
  }
  const entry = { revision, digest: next.digest, at: Date.now() };
  const pointer = await publish(env.BUNDLES, next.file, entry, before);
  replacePublished(next, pointer.live.at);
  return published(201, next, pointer, warnings, settings.refresh);
}

/**
 * `POST bundle/rollback`: makes an earlier revision live again. Where bundles are signed, so is this: otherwise whoever has
 * the token could bring back what was withdrawn. The sequence makes a statement good for one time.
 */
export async function postRollback(request: Request, place: Place): Promise<Response> {
  const { env, settings } = place;
  const refusal = await refuseWithoutToken(request, env, settings);
  if (refusal !== undefined) return refusal;
  if (env.BUNDLES === undefined) return problem("no-store", "Bind a KV namespace as BUNDLES to publish bundles.");
  const body = await bodyOf(request, LARGEST_STATEMENT);
  if (body instanceof Response) return body;
  const statement = readObject(body);
  if (statement instanceof Response) return statement;
  const { revision, sequence } = statement;
  if (typeof revision !== "number") return problem("bad-request", 'Say which: {"revision": 41}.');
  const before = await readPointer(env.BUNDLES);
  if (before === null) return problem("no-bundle", "Nothing was published yet.");
  if (settings.publicKey !== undefined) {
    const signature = request.headers.get("x-slotwise-signature") ?? "";
    if (sequence !== before.sequence || !(await isSigned(body, decoded(signature), settings.publicKey))) {
      const detail = `Where bundles are signed, send {"revision": ${revision}, "sequence": ${before.sequence}} and its Ed25519 signature in x-slotwise-signature.`;
      return problem("unauthorized", detail, { sequence: before.sequence });
    }
  } else if (sequence !== undefined && sequence !== before.sequence) {
    return problem("precondition-failed", `The sequence is ${before.sequence} by now.`, { sequence: before.sequence });
  }
  const entry = before.history.find((earlier) => earlier.revision === revision);
  if (entry === undefined) {
    const earlier = before.history.map((one) => one.revision);
    return problem("not-found", `There is no revision ${revision} to go back to.`, { revisions: earlier });
  }
  const live = await opened(await readBundle(env.BUNDLES, entry), entry.digest, "store", settings);
  const pointer = await movePointer(env.BUNDLES, { ...entry, at: Date.now() }, before);
  replacePublished(live, pointer.live.at);
  return published(200, live, pointer, [], settings.refresh);
}

function published(status: number, { engine, digest }: Live, pointer: Pointer, warnings: unknown[], refresh: number) {
  const { sequence, history } = pointer;
  const answer = {
    id: engine.id,
    revision: engine.revision,
    digest,
    sequence,
    earlier: history.map(({ revision }) => revision),
    /** Seconds. */
    liveWithin: STORE_DELAY + refresh,
    warnings,
  };
  return Response.json(answer, { status, headers: { etag: etagOf(digest), "cache-control": "no-store" } });
}

function etagOf(digest: string): string {
  return `"${digest.slice(0, 32)}"`;
}

function matches(condition: string | null, digest: string): boolean {
  const tags = condition?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? [];
  return tags.some((tag) => tag === "*" || tag === etagOf(digest));
}

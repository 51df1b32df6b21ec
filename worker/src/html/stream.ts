// A page's body on its way through a rewriter.

import { leaveMemory, MEMORY, takeMemory } from "./memory.ts";
import type { Rewriter } from "./rewriter.ts";

/** What a piece of a page may grow by when it is changed, before it takes more memory. */
const SPARE = 8 * 1024;
/** How many bytes are asked for at once. That follows what comes, because workerd takes as much memory besides. */
const [LEAST, FIRST, MOST] = [8 * 1024, 64 * 1024, MEMORY - SPARE];
/** Of a page that is longer than this, and comes so fast (bytes a millisecond), at least so many bytes are waited for: every reading
 * leaves some garbage behind, and a page of megabytes may come in very small pieces. */
const [LONG, FAST, LUMP] = [1024 * 1024, 1000, 64 * 1024];

/**
 * What a page's body becomes. A page whose length is known is waited for until something of it has come; if that is all, as it
 * mostly is, it is changed as a whole, which takes less time. Every other page is changed piece by piece, as it comes.
 */
export async function rewritten(
  body: ReadableStream<Uint8Array>,
  length: number | undefined,
  rewriter: Rewriter,
): Promise<BodyInit> {
  const reader = body.getReader({ mode: "byob" });
  const first = reader.read(new Uint8Array(takeMemory(), 0, Math.min(length || FIRST, MOST)));
  if (length !== undefined) {
    const { value } = await first.catch(() => ({ value: undefined }));
    if (value?.length === length) {
      const bytes = rewriter.whole(value);
      leaveMemory(value.buffer as ArrayBuffer);
      return bytes;
    }
  }
  const { readable, writable } = new IdentityTransformStream();
  // Whoever reads is told of a failure by the stream.
  pump(first, reader, writable.getWriter(), rewriter).catch(() => undefined);
  return readable;
}

type Reading = ReturnType<typeof ReadableStreamBYOBReader.prototype.read<Uint8Array>>;

async function pump(
  first: Reading,
  reader: ReadableStreamBYOBReader,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  rewriter: Rewriter,
): Promise<void> {
  try {
    const begun = Date.now();
    let length = 0;
    let size = FIRST;
    let { value, done } = await first;
    while (!done && value !== undefined) {
      const memory = value.buffer as ArrayBuffer;
      const bytes = rewriter.read(new Uint8Array(memory, 0, value.byteOffset + value.length));
      if (bytes.length > 0) await writer.write(bytes);
      length += value.length;
      if (length > LONG && length > FAST * (Date.now() - begun)) {
        ({ value, done } = await reader.readAtLeast(LUMP, roomBehind(rewriter.rest, memory, LUMP)));
      } else {
        if (value.length >= size) size = Math.min(2 * size, MOST);
        else if (value.length < size / 4) size = Math.max(size / 2, LEAST);
        ({ value, done } = await reader.read(roomBehind(rewriter.rest, memory, size)));
      }
    }
    const bytes = rewriter.end();
    if (bytes.length > 0) await writer.write(bytes);
    await writer.close();
    if (value !== undefined) leaveMemory(value.buffer as ArrayBuffer);
    rewriter.leaveMemory();
  } catch (thrown) {
    await Promise.allSettled([reader.cancel(thrown), writer.abort(thrown)]);
  } finally {
    rewriter.free();
  }
}

/** Room for what comes next of a page, behind what was there already and could not be read yet. */
function roomBehind(rest: Uint8Array, memory: ArrayBuffer, size: number): Uint8Array<ArrayBuffer> {
  const isEnough = rest.length + size + SPARE <= memory.byteLength;
  const enough = isEnough ? memory : new ArrayBuffer(2 * (rest.length + size));
  new Uint8Array(enough).set(rest);
  return new Uint8Array(enough, rest.length, size);
}

// A page's body on its way through a rewriter.

import { leaveMemory, takeMemory } from "./memory.ts";
import type { Rewriter } from "./rewriter.ts";

/** What a piece of a page may grow by when it is changed, before it takes more memory. */
const SPARE = 8 * 1024;

type Reading = ReturnType<ReadableStreamBYOBReader["read"]>;

/**
 * What a page's body becomes. A page whose length is known is waited for until something of it has come; if that is all, as it
 * mostly is, it is changed as a whole, which takes half the time. Every other page is changed piece by piece, as it comes.
 */
export async function rewritten(
  body: ReadableStream<Uint8Array>,
  length: number | undefined,
  rewriter: Rewriter,
): Promise<BodyInit> {
  const reader = body.getReader({ mode: "byob" });
  const first = reader.read(roomBehind(rewriter.rest, takeMemory()));
  if (length !== undefined) {
    const { value } = await first.catch(() => ({ value: undefined }));
    if (value?.length === length) {
      const bytes = rewriter.whole(value);
      rewriter.free();
      leaveMemory(value.buffer as ArrayBuffer);
      return bytes;
    }
  }
  const { readable, writable } = new IdentityTransformStream();
  // Whoever reads is told of a failure by the stream.
  pump(first, reader, writable.getWriter(), rewriter).catch(() => undefined);
  return readable;
}

async function pump(
  first: Reading,
  reader: ReadableStreamBYOBReader,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  rewriter: Rewriter,
): Promise<void> {
  try {
    let reading = first;
    for (;;) {
      const { value, done } = await reading;
      const memory = value?.buffer as ArrayBuffer | undefined;
      const bytes = done
        ? rewriter.end()
        : rewriter.read(new Uint8Array(value.buffer, 0, value.byteOffset + value.byteLength));
      if (bytes.length > 0) await writer.write(bytes);
      if (done) {
        await writer.close();
        if (memory !== undefined) leaveMemory(memory);
        break;
      }
      reading = reader.read(roomBehind(rewriter.rest, value.buffer as ArrayBuffer));
    }
    rewriter.leaveMemory();
  } catch (thrown) {
    await Promise.allSettled([reader.cancel(thrown), writer.abort(thrown)]);
  } finally {
    rewriter.free();
  }
}

/** Room for what comes next of a page, behind what was there already and could not be read yet. */
function roomBehind(rest: Uint8Array, memory: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const enough = rest.length < memory.byteLength / 2 ? memory : new ArrayBuffer(4 * rest.length);
  new Uint8Array(enough).set(rest);
  return new Uint8Array(enough, rest.length, enough.byteLength - rest.length - SPARE);
}

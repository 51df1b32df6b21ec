// Memory for pieces of pages, which one page leaves to the next: to make and to clear it takes longer than to read a piece.

/** The largest piece of a page that is read at once, with room for what is put into it. */
export const MEMORY = 128 * 1024;
const MOST = 16;
const free: ArrayBuffer[] = [];

export function takeMemory(): ArrayBuffer {
  return free.pop() ?? new ArrayBuffer(MEMORY);
}

/** Gives memory back that nobody reads or writes any more. */
export function leaveMemory(memory: ArrayBuffer): void {
  if (free.length < MOST && memory.byteLength === MEMORY) free.push(memory);
}

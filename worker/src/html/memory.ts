// Memory for pieces of pages, which one page leaves to the next: to make and to clear it takes longer than to read a piece.

/** As much of a page as is read at once, when there is so much. */
const SIZE = 128 * 1024;
const MOST = 16;
const free: ArrayBuffer[] = [];

export function takeMemory(): ArrayBuffer {
  return free.pop() ?? new ArrayBuffer(SIZE);
}

/** Gives memory back that nobody reads or writes any more. */
export function leaveMemory(memory: ArrayBuffer): void {
  if (free.length < MOST && memory.byteLength === SIZE) free.push(memory);
}

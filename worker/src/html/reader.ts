// The page reader, which is WebAssembly: see `src/page/` of the crate.

import page from "slotwise/page.wasm";
import { Instance } from "../../../pkg/src/engine/instance.ts";
import * as glue from "../../../pkg/src/generated/page/slotwise.js";

/** A start tag that matters, by its places in the piece that is read. */
export interface Opened {
  type: "opened";
  start: number;
  nameEnd: number;
  end: number;
  /** Five places for each attribute: where it starts, where its name ends, where its value starts and ends, where it ends. */
  attributes: Uint32Array;
  /** Whether the element can have content. If it has, it is followed until it ends. */
  hasContent: boolean;
}

/** A tag at which followed elements end. */
export interface Closed {
  type: "closed";
  /** How many of them stay open. */
  left: number;
  start: number;
  end: number;
  /** Whether it is the end tag of the outermost of those that end. */
  isOwn: boolean;
}

/** The piece is read, up to a place from which it has to come again with what follows. */
export interface Read {
  type: "read";
  upTo: number;
  /** Whether that place is outside of every tag, comment, script and the like. */
  isInMarkup: boolean;
}

/** From here on it is not certain how a browser reads the page. */
export interface Uncertain {
  type: "uncertain";
}

glue.initSync({ module: page });
/** Once it has failed, pages that are begun are read in a new one. */
const instance = new Instance(glue);
/** What there is in an instance: room in which the pieces of all pages are read by turns, and readers that read no page now. */
interface Inside {
  memory: WebAssembly.Memory;
  room: glue.Room;
  idle: glue.PageReader[];
}
let inside: Inside | undefined;

/** As many readers are kept for the pages to come. */
const MOST_IDLE = 100;

/** What there is in the instance in use. */
function insideOf(memory: WebAssembly.Memory): Inside {
  if (inside?.memory !== memory) inside = { memory, room: new glue.Room(), idle: [] };
  return inside;
}

/** Reads one page. */
export class Reader {
  readonly #inside: Inside;
  readonly #reader: glue.PageReader;

  constructor() {
    [this.#inside, this.#reader] = instance.run((memory) => {
      const inside = insideOf(memory);
      return [inside, inside.idle.pop() ?? new glue.PageReader()];
    });
  }

  /** Begins with a piece: what could not be read before, and what follows it. It is read to its end before another page is. */
  begin(piece: Uint8Array, isLast: boolean): void {
    this.#run(() => {
      const { room, memory } = this.#inside;
      const address = room.reserve(piece.length);
      new Uint8Array(memory.buffer, address, piece.length).set(piece);
      this.#reader.begin(isLast);
    });
  }

  /** Reads on, to the next thing that matters. */
  next(): Opened | Closed | Read | Uncertain {
    return this.#run(() => {
      const reader = this.#reader;
      const { room } = this.#inside;
      switch (reader.next(room)) {
        case 0:
          return { type: "read", upTo: reader.upTo, isInMarkup: reader.isInMarkup };
        case 1: {
          const { start, nameEnd, end, hasContent } = reader;
          return { type: "opened", start, nameEnd, end, hasContent, attributes: reader.attributes(room) };
        }
        case 2:
          return { type: "closed", left: reader.left, start: reader.start, end: reader.end, isOwn: reader.isOwn };
        default:
          return { type: "uncertain" };
      }
    });
  }

  /** Whether every start tag matters from here on, and not only those of slots, of scripts and of the body. */
  hearAll(hearsAll: boolean): void {
    this.#run(() => this.#reader.hearAll(hearsAll));
  }

  /** Tells nothing of what is in the element that was opened last. */
  passOver(): void {
    this.#run(() => this.#reader.passOver());
  }

  /** Leaves it to another page. */
  free(): void {
    const { memory, idle } = this.#inside;
    if (!instance.holds(memory)) return;
    if (idle.length >= MOST_IDLE) {
      this.#reader.free();
    } else {
      this.#reader.reset();
      idle.push(this.#reader);
    }
  }

  #run<T>(work: () => T): T {
    // What was begun in an instance that has failed is gone with it.
    if (!instance.holds(this.#inside.memory)) throw new Error("the page reader has failed, and starts anew");
    return instance.run(work);
  }
}

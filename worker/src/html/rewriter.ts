// Changes a page while it streams, as HTMLRewriter does: it knows tags, not the tree that a browser makes of them. Other than HTMLRewriter
// it looks at those elements alone that matter for slots, and calls nobody for the rest.

import { Element } from "./element.ts";
import { Emptied } from "./emptied.ts";
import { leaveMemory, takeMemory } from "./memory.ts";
import { Output } from "./output.ts";
import { type Closed, type Opened, Reader } from "./reader.ts";
import { StartTag } from "./tag.ts";
import { type Decode, decodeOf } from "./text.ts";

/** Says what becomes of elements. */
export interface Editor {
  /** Whether it wants to see every element from here on, and not only those that may be slots, scripts and the body. */
  readonly wantsAll: boolean;
  /** Sees an element, and may change it. */
  opened(element: Element): void;
  /** An element that it has seen ends; what it gives back is written as the last thing in it. */
  closed(element: Element): string;
  /** The page ends; what it gives back is written behind it. */
  ended(): string;
}

/** Longer than most tags, and longer than any that is waited for, as in the page reader. */
const [LONG, LONGEST] = [4096, 1024 * 1024];
const GREATER = 0x3e;
const ESCAPE = 0x1b;

export class Rewriter {
  readonly #editor: Editor;
  readonly #decode: Decode;
  readonly #isCharsetKnown: boolean;
  #reader: Reader | undefined;
  /** The open elements that the editor has seen, the outermost first. */
  readonly #seen: Element[] = [];
  /** The one of them whose content is left out. */
  #emptied: Emptied | undefined;
  #rest: Uint8Array = new Uint8Array();
  /** What is read, and up to where it is in the output. */
  #page: Uint8Array = new Uint8Array();
  #copied = 0;
  #output: Output | undefined;
  /** Whether the page passes as it is from here on. */
  #isOver = false;

  /** The charset is the one that the page is said to have, if any, in which ASCII is ASCII. */
  constructor(editor: Editor, charset: string | undefined) {
    this.#editor = editor;
    this.#decode = decodeOf(charset ?? "utf-8");
    this.#isCharsetKnown = charset !== undefined;
    this.#reader = new Reader();
  }

  /** What has come of the page and could not be read yet. */
  get rest(): Uint8Array {
    return this.#rest;
  }

  /** Takes the rest and what follows it. Gives back what can be sent of it, in memory that may be written again by the next call. */
  read(page: Uint8Array): Uint8Array {
    if (this.#isOver) return page;
    // A long tag is not read anew with every piece of it.
    const isLong = this.#rest.length > LONG && page.length < LONGEST;
    if (isLong && page.indexOf(GREATER, this.#rest.length) < 0) {
      this.#rest = page.slice();
      return page.subarray(0, 0);
    }
    return this.#read(page, false);
  }

  /** Gives back what is left to be sent when the page ends. */
  end(): Uint8Array {
    return this.#isOver ? this.#rest : this.#read(this.#rest, true);
  }

  /** Takes a page that is there whole, and gives back what becomes of it, in memory of its own. */
  whole(page: Uint8Array): Uint8Array {
    try {
      return this.#read(page, true).slice();
    } catch {
      return page.slice();
    } finally {
      this.leaveMemory();
      this.free();
    }
  }

  /** Leaves memory to other pages, once all is sent. */
  leaveMemory(): void {
    if (this.#output !== undefined) leaveMemory(this.#output.memory);
  }

  /** Gives back memory that is not JavaScript's. Nothing is read after that. */
  free(): void {
    this.#reader?.free();
    this.#reader = undefined;
  }

  #read(page: Uint8Array, isLast: boolean): Uint8Array {
    this.#page = page;
    this.#copied = 0;
    let end = page.length;
    try {
      const upTo = this.#readAll(isLast);
      if (!isLast) end = upTo;
    } catch (thrown) {
      // Half of an element's content cannot be sent: without the other half it may mean something else.
      if (!this.#restore()) throw thrown;
      console.error(
        JSON.stringify({ message: "slotwise: the rest of a page passes as it is", failure: String(thrown) }),
      );
      this.#isOver = true;
    }
    this.#rest = page.slice(end);
    // Where the page ends in the middle of a tag or a comment, so does the element.
    if (isLast) this.#restore();
    if (this.#emptied !== undefined) return this.#emptied.goOn(page, end, this.#out);
    if (this.#copied === 0 && !this.#output?.length) return page.subarray(0, end);
    this.#copyTo(end);
    return this.#out.take();
  }

  /** Lets the element whose content is left out pass as it came; false when it is too late for that. */
  #restore(): boolean {
    if (this.#emptied === undefined) return true;
    const start = this.#emptied.restore(this.#out);
    if (start === undefined) return false;
    this.#copied = start;
    this.#emptied = undefined;
    return true;
  }

  /** Reads what there is of the page, and gives back how much that was. */
  #readAll(isLast: boolean): number {
    const reader = this.#reader;
    if (reader === undefined) throw new Error("the page has been read already");
    // Without a word on the charset it may be ISO-2022-JP, in which signs of HTML are parts of other letters behind this byte.
    if (!this.#isCharsetKnown && this.#page.includes(ESCAPE)) throw new Error("the charset is not known, and shifts");
    reader.begin(this.#page, isLast);
    for (;;) {
      const event = reader.next();
      switch (event.type) {
        case "opened":
          this.#open(event, reader);
          break;
        case "closed":
          this.#close(event);
          reader.hearAll(this.#editor.wantsAll);
          break;
        case "read":
          // What is written into a tag or a script that was cut off would become a part of it.
          if (isLast && event.isInMarkup && event.upTo === this.#page.length) this.#end();
          return event.upTo;
        case "uncertain":
          throw new Error("it is not certain how a browser reads on");
      }
    }
  }

  #open(opened: Opened, reader: Reader): void {
    const tag = new StartTag(opened, this.#page, this.#decode);
    const element = new Element(tag, this.#seen.at(-1), opened.hasContent);
    this.#editor.opened(element);
    if (element.hasContent) this.#seen.push(element);
    reader.hearAll(this.#editor.wantsAll);
    if (!element.isStartChanged) return;
    this.#copyTo(opened.start);
    const written = this.#out.length;
    element.writeStart(this.#out);
    this.#copied = opened.end;
    if (!element.isEmptied) return;
    this.#emptied = new Emptied(element, opened.start, written);
    reader.passOver();
  }

  /** Ends all but the outermost elements at a tag, which may be the end tag of the outermost of those. */
  #close({ left, start, end, isOwn }: Omit<Closed, "type">): void {
    while (this.#seen.length > left) {
      const element = this.#seen.pop() as Element;
      if (this.#emptied?.element === element) {
        this.#emptied.end(this.#out);
        this.#emptied = undefined;
        this.#copied = start;
      }
      const last = this.#editor.closed(element);
      if (!element.isEndChanged && last === "") continue;
      const tagEnd = isOwn && this.#seen.length === left ? end : start;
      this.#copyTo(start);
      element.writeEnd(this.#out, this.#page, start, tagEnd, last);
      this.#copied = tagEnd;
    }
  }

  #end(): void {
    const end = this.#page.length;
    this.#close({ left: 0, start: end, end, isOwn: false });
    const last = this.#editor.ended();
    if (last === "") return;
    this.#copyTo(end);
    this.#out.write(last);
  }

  get #out(): Output {
    this.#output ??= new Output(takeMemory());
    return this.#output;
  }

  #copyTo(end: number): void {
    this.#out.copy(this.#page, this.#copied, end);
    this.#copied = end;
  }
}

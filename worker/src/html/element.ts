import type { Output } from "./output.ts";
import type { StartTag } from "./tag.ts";

/**
 * An element whose start tag has just been read, and what is to become of it. Markup is written as it is given. Changes come out as
 * if HTMLRewriter had made them.
 */
export class Element {
  readonly tag: StartTag;
  /** The element around it, of those that are looked at. */
  readonly parent: Element | undefined;
  /** Which child of its parent it is, from 1 on. */
  readonly index: number;
  /** Which of those with its name. */
  readonly indexOfName: number;
  /** Whether it can have content, as a `br` cannot. */
  readonly hasContent: boolean;

  /** How many children it has so far, and how many with each name. */
  #children = 0;
  #childrenOfName: Map<string, number> | undefined;
  #before = "";
  #replacement = "";
  #first = "";
  #last = "";
  #after = "";
  #isRemoved = false;
  #isEmptied = false;

  constructor(tag: StartTag, parent: Element | undefined, hasContent: boolean) {
    this.tag = tag;
    this.parent = parent;
    this.hasContent = hasContent;
    [this.index, this.indexOfName] = parent === undefined ? [1, 1] : parent.#count(tag.name);
  }

  /** Counts one more child. */
  #count(name: string): [index: number, indexOfName: number] {
    this.#childrenOfName ??= new Map();
    const ofName = (this.#childrenOfName.get(name) ?? 0) + 1;
    this.#childrenOfName.set(name, ofName);
    this.#children++;
    return [this.#children, ofName];
  }

  before(markup: string): void {
    this.#before += markup;
  }

  after(markup: string): void {
    this.#after = markup + this.#after;
  }

  prepend(markup: string): void {
    if (this.hasContent) this.#first = markup + this.#first;
  }

  append(markup: string): void {
    if (this.hasContent) this.#last += markup;
  }

  /** Puts something in place of the content. */
  fill(markup: string): void {
    if (!this.hasContent) return;
    this.#empty();
    this.#first = markup;
  }

  replace(markup: string): void {
    this.remove();
    this.#replacement = markup;
  }

  remove(): void {
    this.#isRemoved = true;
    this.#empty();
  }

  #empty(): void {
    this.#first = "";
    this.#last = "";
    this.#isEmptied = this.hasContent;
  }

  /** Whether what the page has in the element is left out. */
  get isEmptied(): boolean {
    return this.#isEmptied;
  }

  /** Whether something is written other than the page has it where the element starts. */
  get isStartChanged(): boolean {
    const isTagChanged = this.#isRemoved || this.#isEmptied || this.tag.isChanged;
    return isTagChanged || this.#before !== "" || this.#first !== "" || (!this.hasContent && this.#after !== "");
  }

  /** Writes the start tag, and what comes before and behind it. */
  writeStart(out: Output): void {
    out.write(this.#before);
    if (this.#isRemoved) out.write(this.#replacement);
    else this.tag.write(out);
    out.write(this.#first);
    if (!this.hasContent) out.write(this.#after);
  }

  /** Whether something is written other than the page has it where the element ends. */
  get isEndChanged(): boolean {
    return this.#isRemoved || this.#isEmptied || this.#last !== "" || this.#after !== "";
  }

  /** Writes the end of the element, with `last` as the last thing in it. The end tag is empty where the page leaves it out. */
  writeEnd(out: Output, page: Uint8Array, start: number, end: number, last: string): void {
    out.write(this.#last + last);
    if (!this.#isRemoved) out.copy(page, start, end);
    out.write(this.#after);
  }
}

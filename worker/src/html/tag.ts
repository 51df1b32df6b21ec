import type { Output } from "./output.ts";
import type { Opened } from "./reader.ts";
import { type Decode, spell } from "./text.ts";

/** Which place of an attribute is where among its {@link Opened.attributes}. */
const [START, NAME_END, VALUE_START, VALUE_END, END, PLACES] = [0, 1, 2, 3, 4, 5];
const EQUALS = 0x3d;

/** A start tag: its name and its attributes, as the page has them and as they are to be written. Names are given in lower case. */
export class StartTag {
  /** The tag as the page has it, and places in it. */
  readonly #tag: Uint8Array;
  readonly #nameEnd: number;
  readonly #attributes: Uint32Array;
  readonly #decode: Decode;
  #name: string | undefined;
  /** New values; `undefined` takes an attribute away. */
  #values: Map<string, string | undefined> | undefined;

  constructor({ start, nameEnd, end, attributes }: Opened, page: Uint8Array, decode: Decode) {
    this.#tag = page.slice(start, end);
    this.#nameEnd = nameEnd - start;
    this.#attributes = attributes;
    for (let index = 0; index < attributes.length; index++) attributes[index] = (attributes[index] as number) - start;
    this.#decode = decode;
  }

  /** The name, in lower case. */
  get name(): string {
    this.#name ??= this.#decode(this.#tag.subarray(1, this.#nameEnd)).toLowerCase();
    return this.#name;
  }

  /** Whether it is the tag of such an element. */
  is(name: string): boolean {
    return spell(this.#tag, 1, this.#nameEnd, name);
  }

  /** The value of an attribute as it is to be written. Character references in it are not decoded. */
  get(name: string): string | undefined {
    return this.#values?.has(name) ? this.#values.get(name) : this.original(name);
  }

  /** The value that the page has. */
  original(name: string): string | undefined {
    const index = this.#indexOf(name);
    if (index < 0) return undefined;
    return this.#decode(this.#tag.subarray(this.#place(index, VALUE_START), this.#place(index, VALUE_END)));
  }

  has(name: string): boolean {
    return this.#values?.has(name) ? this.#values.get(name) !== undefined : this.#indexOf(name) >= 0;
  }

  /** Gives an attribute a value, which is written as it is, but for quotes. */
  set(name: string, value: string): void {
    if (!/^[^\s/>=]+$/.test(name)) throw new Error(`an attribute cannot be called ${JSON.stringify(name)}`);
    this.#values ??= new Map();
    this.#values.set(name, value);
  }

  unset(name: string): void {
    this.#values ??= new Map();
    this.#values.set(name, undefined);
  }

  get isChanged(): boolean {
    return this.#values !== undefined;
  }

  write(out: Output): void {
    const behind = this.#writeChanged(out);
    for (const [name, value] of this.#values ?? []) {
      if (value !== undefined && this.#indexOf(name) < 0) out.write(` ${name}="${quoted(value)}"`);
    }
    out.copy(this.#tag, behind, this.#tag.length);
  }

  /** Writes the tag up to the end of its last attribute, and gives that place. */
  #writeChanged(out: Output): number {
    let copied = 0;
    let end = this.#nameEnd;
    for (let index = 0; index < this.#count; index++) {
      const before = end;
      end = this.#place(index, END);
      const [name, value] = this.#changeOf(index) ?? [];
      // Of several with one name the first counts; of one that is taken away, all go.
      if (name === undefined || (value !== undefined && this.#indexOf(name) < index)) continue;
      if (value !== undefined) {
        out.copy(this.#tag, copied, this.#place(index, NAME_END));
        out.write(`="${quoted(value)}"`);
      } else {
        // The blank before it goes as well, unless nothing else keeps its neighbours apart.
        const isApart = /[\s/>]/.test(String.fromCharCode(this.#tag[end] as number));
        out.copy(this.#tag, copied, isApart ? before : this.#place(index, START));
      }
      copied = end;
    }
    out.copy(this.#tag, copied, end);
    // Whatever is written behind an equals sign is the value.
    if (copied < end && this.#lacksValue(this.#count - 1)) out.write('""');
    return end;
  }

  get #count(): number {
    return this.#attributes.length / PLACES;
  }

  #place(index: number, which: number): number {
    return this.#attributes[index * PLACES + which] as number;
  }

  #indexOf(name: string): number {
    for (let index = 0; index < this.#count; index++) if (this.#isCalled(index, name)) return index;
    return -1;
  }

  #isCalled(index: number, name: string): boolean {
    return spell(this.#tag, this.#place(index, START), this.#place(index, NAME_END), name);
  }

  #changeOf(index: number): [name: string, value: string | undefined] | undefined {
    for (const change of this.#values ?? []) if (this.#isCalled(index, change[0])) return change;
    return undefined;
  }

  /** Whether an attribute ends with its equals sign. */
  #lacksValue(index: number): boolean {
    const end = this.#place(index, END);
    return (
      this.#place(index, NAME_END) < end && this.#tag[end - 1] === EQUALS && this.#place(index, VALUE_START) === end
    );
  }
}

function quoted(value: string): string {
  return value.replaceAll('"', "&quot;");
}

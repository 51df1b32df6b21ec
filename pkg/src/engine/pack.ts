import type { Runtime } from "../generated/runtime/slotwise.js";
import { HEAD_PLACE, NUMBERS_PLACE, TEXT_PLACE } from "./place.js";

/**
 * Writes values where the engine reads them; `src/wasm/packed.rs` describes the layout and reads it.
 *
 * Whatever a visitor's context holds ends up as some value: text is cut, nesting and size are bounded, and a getter or
 * proxy that throws makes `null` of the input it belongs to. Only the engine's own failure is thrown.
 */
export class Packer {
  #runtime: Runtime;
  #memory: WebAssembly.Memory;
  /** How many nodes, numbers and code units there is room for. */
  #room: [head: number, numbers: number, text: number] = [0, 0, 0];
  #head = new Uint32Array();
  #numbers = new Float64Array();
  #text = new Uint16Array();
  #headEnd = 0;
  #numbersEnd = 0;
  #textEnd = 0;
  /** Nodes and code units that the current input may still take; a structure is let in only when all of it fits. */
  #nodesLeft = 0;
  #unitsLeft = 0;
  #isReserving = false;

  constructor(runtime: Runtime, memory: WebAssembly.Memory) {
    this.#runtime = runtime;
    this.#memory = memory;
    this.#reserve(64, 32, 512);
  }

  /** Starts a new decision. */
  start(): void {
    this.#refresh();
    this.#headEnd = this.#numbersEnd = this.#textEnd = 0;
  }

  /** Writes one input, which is read from the part of a context that it lies in. */
  input(input: { read(part: unknown): unknown }, part: unknown): void {
    const head = this.#headEnd;
    const numbers = this.#numbersEnd;
    const text = this.#textEnd;
    this.#nodesLeft = MAX_NODES;
    this.#unitsLeft = MAX_UNITS;
    try {
      const value = input.read(part);
      this.#refresh();
      this.#value(value, 0);
    } catch (thrown) {
      // The engine failed, and not the visitor's value.
      if (this.#isReserving) throw thrown;
      this.#headEnd = head;
      this.#numbersEnd = numbers;
      this.#textEnd = text;
      this.#word(NULL);
    }
  }

  /** Writes the word of a forced slot. */
  forced(slot: number, variant: number): void {
    this.#word((slot | (variant << 16)) >>> 0);
  }

  #value(value: unknown, depth: number): void {
    if (typeof value === "string") this.#string(value);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "boolean") this.#word(value ? TRUE : FALSE);
    else if (value === null) this.#word(NULL);
    else if (typeof value === "object") this.#structure(value, depth);
    else if (typeof value === "bigint") this.#string(value.toString());
    else this.#word(UNDEFINED);
  }

  #structure(value: object, depth: number): void {
    if (value instanceof Date) {
      this.#value(Number.isNaN(value.getTime()) ? null : value.toISOString(), depth);
    } else if (Array.isArray(value)) {
      const { length } = value;
      if (this.#enter(ARRAY, length, length, depth)) {
        for (let index = 0; index < length; index++) this.#child(value[index], depth);
      }
    } else {
      const keys = Object.keys(value);
      if (this.#enter(OBJECT, keys.length, keys.length * 2, depth)) {
        for (const key of keys) {
          this.#string(key);
          this.#child((value as Record<string, unknown>)[key], depth);
        }
      }
    }
  }

  #child(value: unknown, depth: number): void {
    this.#refresh();
    this.#value(value, depth + 1);
  }

  /** Reading a value may have run the visitor's code, and that may have made the memory grow, which empties all views. */
  #refresh(): void {
    if (this.#head.length === 0) this.#view();
  }

  /** Starts a structure, or writes `null` when it is too deep or too large. */
  #enter(tag: number, count: number, nodes: number, depth: number): boolean {
    const fits = depth < MAX_DEPTH && Number.isInteger(count) && count >= 0 && nodes <= this.#nodesLeft;
    this.#word(fits ? tag | (count << 4) : NULL);
    return fits;
  }

  #word(word: number): void {
    if (this.#headEnd === this.#head.length) this.#reserve(this.#headEnd * 2, 0, 0);
    this.#head[this.#headEnd++] = word;
    this.#nodesLeft--;
  }

  #number(value: number): void {
    if (this.#numbersEnd === this.#numbers.length) this.#reserve(0, this.#numbersEnd * 2, 0);
    this.#word(NUMBER);
    this.#numbers[this.#numbersEnd++] = value;
  }

  #string(value: string): void {
    const length = Math.min(value.length, this.#unitsLeft);
    let end = this.#textEnd;
    if (end + length > this.#text.length) this.#reserve(0, 0, (end + length) * 2);
    const text = this.#text;
    for (let index = 0; index < length; index++) text[end++] = value.charCodeAt(index);
    this.#textEnd = end;
    this.#unitsLeft -= length;
    this.#word(TEXT | (length << 4));
  }

  #reserve(head: number, numbers: number, text: number): void {
    const [oldHead, oldNumbers, oldText] = this.#room;
    this.#room = [Math.max(head, oldHead), Math.max(numbers, oldNumbers), Math.max(text, oldText)];
    this.#isReserving = true;
    this.#runtime.reserve(...this.#room);
    this.#isReserving = false;
    this.#view();
  }

  /** Looks at the memory again: what is written stays, but growing makes views of it useless. */
  #view(): void {
    const [head, numbers, text] = this.#room;
    const buffer = this.#memory.buffer;
    this.#head = new Uint32Array(buffer, this.#runtime.placeOf(HEAD_PLACE), head);
    this.#numbers = new Float64Array(buffer, this.#runtime.placeOf(NUMBERS_PLACE), numbers);
    this.#text = new Uint16Array(buffer, this.#runtime.placeOf(TEXT_PLACE), text);
  }
}

const UNDEFINED = 0;
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const NUMBER = 4;
const TEXT = 5;
const ARRAY = 6;
const OBJECT = 7;

/** As `value::MAX_DEPTH` of the engine. */
const MAX_DEPTH = 32;
/** How much one input may hold: nodes, and code units of text. */
const MAX_NODES = 20_000;
const MAX_UNITS = 262_144;

/** The value at a path of own properties; `null` when it leads nowhere. */
export function valueAt(root: unknown, path: string[]): unknown {
  let value = root;
  for (let index = 0; index < path.length; index++) value = own(value, path[index] as string);
  return value;
}

/** A property of an object, its own and not inherited; `null` when there is none. */
export function own(object: unknown, name: string): unknown {
  if (typeof object !== "object" || object === null || !Object.hasOwn(object, name)) return null;
  return (object as Record<string, unknown>)[name];
}

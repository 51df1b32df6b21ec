import type { Runtime } from "../generated/runtime/slotwise.js";
import type { Context } from "../types.js";
import type { InputPath, Manifest } from "./manifest.js";
import { Packer, valueAt } from "./pack.js";
import { zoneAt } from "./zone.js";

/** Arguments of a decision besides the values: `now`, offset, until, consent, how many slots are forced. */
export type Moment = [now: number, offset: number, until: number, consent: number, forced: number];

/** A bundle in one instance of the wasm: what an engine leaves behind when that instance has failed. */
export class Running {
  readonly memory: WebAssembly.Memory;
  readonly runtime: Runtime;
  readonly #manifest: Manifest;
  readonly #local: boolean;
  readonly #packer: Packer;
  readonly #inputs: ((context: Context) => unknown)[];
  #words = new Uint32Array();
  #isPacking = false;

  constructor(memory: WebAssembly.Memory, runtime: Runtime, manifest: Manifest, local: boolean) {
    this.memory = memory;
    this.runtime = runtime;
    this.#manifest = manifest;
    this.#local = local;
    this.#packer = new Packer(runtime, memory);
    this.#inputs = manifest.inputs.map((input) => reader(input, manifest));
  }

  /** Whether a context is being read, which may run the visitor's code. */
  get isPacking(): boolean {
    return this.#isPacking;
  }

  /** Decides every slot: the words of the decision, and the texts rendered for it. */
  decide(context: Context, now: number): [words: Uint32Array, texts: string[]] {
    const at = this.runtime.decide(...this.pack(context, now)) >>> 2;
    const memory = this.#view();
    const words = memory.slice(at, at + (memory[at] as number));
    return [words, this.#texts(words)];
  }

  /** Writes what the program reads where the engine finds it. */
  pack(context: Context, now: number): Moment {
    this.#isPacking = true;
    try {
      this.#packer.start();
      for (const input of this.#inputs) this.#packer.input(() => input(context));
      const forced = this.#forced(context);
      const zone = this.#manifest.needsZone
        ? zoneAt(member(context, "timeZone"), now, this.#local)
        : { offset: 0, until: Number.POSITIVE_INFINITY };
      return [now, zone.offset, zone.until, this.#consent(context), forced];
    } finally {
      this.#isPacking = false;
    }
  }

  #consent(context: Context): number {
    let bits = 0;
    for (const [bit, purpose] of this.#manifest.purposes.entries()) {
      if (member(context, "consent", purpose) === true) bits |= 1 << bit;
    }
    return bits >>> 0;
  }

  #forced(context: Context): number {
    if (member(context, "force") === undefined) return 0;
    let count = 0;
    for (const [index, slot] of this.#manifest.slots.entries()) {
      const name = member(context, "force", slot.name);
      const variant = typeof name === "string" ? slot.variants.findIndex(([known]) => known === name) : -1;
      if (variant >= 0) {
        this.#packer.forced(index, variant);
        count++;
      }
    }
    return count;
  }

  #texts(words: Uint32Array): string[] {
    const [, , assignments = 0, rendered = 0] = words;
    if (rendered === 0) return [];
    const first = 5 + this.#manifest.slots.length * 3 + assignments * 3;
    const base = this.runtime.rendered;
    return Array.from({ length: rendered }, (_, index) => {
      const start = words[first + index * 3 + 1] as number;
      const length = words[first + index * 3 + 2] as number;
      return UTF16.decode(new Uint8Array(this.memory.buffer, base + start * 2, length * 2));
    });
  }

  #view(): Uint32Array {
    if (this.#words.buffer !== this.memory.buffer) this.#words = new Uint32Array(this.memory.buffer);
    return this.#words;
  }
}

const UTF16 = new TextDecoder("utf-16le", { ignoreBOM: true });

/** What reads an input from a context; it may throw what the visitor's objects throw. */
function reader(input: InputPath, manifest: Manifest): (context: Context) => unknown {
  if (Object.hasOwn(input, "attribute")) {
    const path = ["attributes", ...(input as { attribute: string[] }).attribute];
    return (context) => valueAt(context, path);
  }
  if (Object.hasOwn(input, "request")) {
    const path = ["request", (input as { request: string }).request];
    return (context) => {
      const fact = valueAt(context, path);
      return typeof fact === "string" ? fact : null;
    };
  }
  const [key, experiment] = (input as { sticky: [string, number] }).sticky;
  const arms: unknown[] = manifest.experiments[experiment]?.arms ?? [];
  // The number of the arm that an earlier visit was given; `false` when it names none that there is.
  return (context) => {
    const arm = valueAt(context, ["sticky", key]);
    const index = arms.indexOf(arm);
    return arm === null || arm === undefined ? null : index < 0 ? false : index;
  };
}

/** A member of a context, its own and not inherited; nothing when it is missing or reading it throws. */
export function member<Name extends keyof Context>(context: Context, ...path: [Name]): Context[Name] | undefined;
export function member(context: Context, ...path: string[]): unknown;
export function member(context: Context, ...path: string[]): unknown {
  try {
    return valueAt(context, path) ?? undefined;
  } catch {
    return undefined;
  }
}

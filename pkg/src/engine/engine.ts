import { SlotwiseError } from "../error.js";
import type { Runtime } from "../generated/runtime/slotwise.js";
import type { Context, Explanation, Result } from "../types.js";
import type { Manifest } from "./manifest.js";
import { Packer, valueAt } from "./pack.js";
import { type Codes, Decision } from "./result.js";
import { zoneAt } from "./zone.js";

/** What an engine needs of the place it runs in. */
export interface Host {
  memory: WebAssembly.Memory;
  codes: Omit<Codes, "checksum">;
  mintId(): string;
  /** Whether the host's time zone is the visitor's. */
  local: boolean;
  /** Opens the compiler, which explains and matches; `undefined` where it has to be brought along. */
  tools?: (() => Promise<Tools>) | undefined;
}

/** The cold paths that the compiler module has. */
export interface Tools {
  explain(file: Uint8Array, context: Context, local: boolean): Explanation;
  matches(condition: unknown, attributes: Record<string, unknown>): boolean;
}

/** Arguments of a decision besides the values: `now`, offset, until, consent, how many slots are forced. */
export type Moment = [now: number, offset: number, until: number, consent: number, forced: number];

/** A loaded bundle. */
export class Engine {
  readonly #runtime: Runtime;
  readonly #host: Host;
  readonly #file: Uint8Array;
  readonly #manifest: Manifest;
  readonly #packer: Packer;
  readonly #codes: Codes;
  #words = new Uint32Array();

  constructor(runtime: Runtime, file: Uint8Array, host: Host) {
    this.#runtime = runtime;
    this.#host = host;
    this.#file = file;
    const names = file.subarray(runtime.manifestStart, runtime.manifestEnd);
    this.#manifest = JSON.parse(new TextDecoder().decode(names)) as Manifest;
    this.#packer = new Packer(runtime, host.memory);
    this.#codes = { ...host.codes, checksum: runtime.checksum.toString(36) };
  }

  /** The bundle's name. */
  get id(): string {
    return this.#manifest.id;
  }

  /** The bundle's revision. */
  get revision(): number {
    return this.#manifest.revision;
  }

  /** The names of the bundle's slots. */
  get slots(): string[] {
    return this.#manifest.slots.map((slot) => slot.name);
  }

  /** Decides every slot for one visitor. Never throws for what a context holds. */
  personalize(context: Context = {}): Result {
    const at = this.#runtime.decide(...this.pack(context)) >>> 2;
    const memory = this.#view();
    const words = memory.slice(at, at + (memory[at] as number));
    return new Decision(this.#manifest, this.#codes, words, this.#texts(words));
  }

  /** The same decision, with every step that led to it. Needs the compiler module, which is loaded when it can be. */
  async explain(context: Context = {}): Promise<Explanation> {
    const tools = await this.#tools();
    return tools.explain(this.#file, context, this.#host.local);
  }

  /** Whether one condition holds for some attributes; for tools. Needs the compiler module, like `explain`. */
  async matches(condition: unknown, attributes: Record<string, unknown>): Promise<boolean> {
    const tools = await this.#tools();
    return tools.matches(condition, attributes);
  }

  /** The HTML that a slot of a result shows, for servers that template themselves; empty when it changes nothing. */
  render(result: Result, slot: string): string {
    const content = result.slots[slot]?.content;
    const inner = content?.patches?.find((patch) => patch.op === "html" && patch.selector === undefined);
    return content?.html ?? inner?.value ?? "";
  }

  /** A new visitor id: 128 random bits as 32 hexadecimal digits. Ask for consent before keeping it. */
  mintId(): string {
    return this.#host.mintId();
  }

  /** Frees the memory of the engine, which cannot be used any more. */
  free(): void {
    this.#runtime.free();
  }

  /** Writes what the program reads where the engine finds it. */
  pack(context: Context): Moment {
    const packer = this.#packer;
    packer.start();
    for (const input of this.#manifest.inputs) {
      if ("attribute" in input) packer.input(() => valueAt(context.attributes, input.attribute));
      else if ("request" in input) packer.input(() => factOf(context.request, input.request));
      else packer.input(() => this.#stickyArm(context.sticky, ...input.sticky));
    }
    const now = quietly(() => context.now) ?? Date.now();
    const moment = typeof now === "number" ? now : Number.NaN;
    const zone = this.#manifest.needsZone
      ? zoneAt(
          quietly(() => context.timeZone),
          moment,
          this.#host.local,
        )
      : { offset: 0, until: Number.POSITIVE_INFINITY };
    return [moment, zone.offset, zone.until, this.#consent(context), this.#forced(context)];
  }

  /** The number of the arm that an earlier visit was given; `false` when it names none that there is. */
  #stickyArm(sticky: Context["sticky"], key: string, experiment: number): unknown {
    const arm = valueAt(sticky, [key]);
    if (arm === null || arm === undefined) return null;
    const index = this.#manifest.experiments[experiment]?.arms.indexOf(arm as string) ?? -1;
    return index < 0 ? false : index;
  }

  #consent(context: Context): number {
    let bits = 0;
    for (const [bit, purpose] of this.#manifest.purposes.entries()) {
      if (quietly(() => valueAt(context.consent, [purpose])) === true) bits |= 1 << bit;
    }
    return bits >>> 0;
  }

  #forced(context: Context): number {
    const force = quietly(() => context.force);
    if (typeof force !== "object" || force === null) return 0;
    let count = 0;
    for (const [index, slot] of this.#manifest.slots.entries()) {
      const name = quietly(() => valueAt(force, [slot.name]));
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
    const base = this.#runtime.rendered;
    return Array.from({ length: rendered }, (_, index) => {
      const start = words[first + index * 3 + 1] as number;
      const length = words[first + index * 3 + 2] as number;
      return UTF16.decode(new Uint8Array(this.#host.memory.buffer, base + start * 2, length * 2));
    });
  }

  #view(): Uint32Array {
    if (this.#words.buffer !== this.#host.memory.buffer) this.#words = new Uint32Array(this.#host.memory.buffer);
    return this.#words;
  }

  #tools(): Promise<Tools> {
    const open = this.#host.tools;
    if (open !== undefined) return open();
    const help = 'import "slotwise/compiler" and pass it: load(source, { tools: compiler.tools })';
    throw new SlotwiseError("no_compiler", `explain and matches need the compiler module; ${help}`);
  }
}

const UTF16 = new TextDecoder("utf-16le");

function factOf(request: Context["request"], member: string): unknown {
  const fact = valueAt(request, [member]);
  return typeof fact === "string" ? fact : null;
}

/** The value, or nothing when reading it throws. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

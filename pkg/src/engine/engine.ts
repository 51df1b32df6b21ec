import { SlotwiseError } from "../error.js";
import type { Runtime } from "../generated/runtime/slotwise.js";
import type { Context, Explanation, Result } from "../types.js";
import { type InputPath, inputName, type Manifest, readManifest } from "./manifest.js";
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
  /** Told when the engine is freed. */
  freed?: (() => void) | undefined;
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
  readonly #inputs: ((context: Context) => unknown)[];
  #words = new Uint32Array();
  #isPacking = false;

  constructor(runtime: Runtime, file: Uint8Array, host: Host) {
    this.#runtime = runtime;
    this.#host = host;
    this.#file = file;
    const names = file.subarray(runtime.manifestStart, runtime.manifestEnd);
    this.#manifest = readManifest(new TextDecoder().decode(names));
    this.#inputs = this.#manifest.inputs.map((input) => reader(input, this.#manifest));
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

  /** The names of a slot's variants, in the bundle's order; empty for a slot that the bundle does not have. */
  variants(slot: string): string[] {
    return this.#manifest.slots.find(({ name }) => name === slot)?.variants.map(([name]) => name) ?? [];
  }

  /**
   * The paths of all attributes that the bundle reads, such as `geo.city`; derived ones such as `time.hour` included, which
   * may be left out of a context. Nothing else of `attributes` is looked at, so nothing else has to be sent or kept. What
   * experiments split by is among them: a bundle without `id` here needs no visitor id.
   */
  get inputs(): string[] {
    return this.#manifest.inputs
      .filter((input) => Object.hasOwn(input, "attribute"))
      .map((input) => inputName(input) as string);
  }

  /**
   * The consent purpose without which attributes that identify the visitor read as missing in conditions and templates.
   * `undefined` when the bundle asks for none, or reads none of them. Experiments go by their own purposes.
   */
  get idPurpose(): string | undefined {
    return this.#manifest.identityConsent ?? undefined;
  }

  /** Whether the visitor's time zone can change a decision. */
  get needsZone(): boolean {
    return this.#manifest.needsZone;
  }

  /** Decides every slot for one visitor. Never throws for what a context holds. */
  personalize(context: Context = {}): Result {
    return this.decide(context, this.moment(context));
  }

  /** Decides as of a moment. */
  decide(context: Context, now: number): Result {
    if (this.#isPacking) return this.#aside((other) => other.decide(context, now));
    const at = this.#runtime.decide(...this.pack(context, now)) >>> 2;
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
    this.#host.freed?.();
  }

  /** When a context is to be decided. */
  moment(context: Context): number {
    const now = member(context, "now") ?? Date.now();
    return typeof now === "number" ? now : Number.NaN;
  }

  /** Writes what the program reads where the engine finds it. */
  pack(context: Context, now: number): Moment {
    this.#isPacking = true;
    try {
      this.#packer.start();
      for (const input of this.#inputs) this.#packer.input(() => input(context));
      const forced = this.#forced(context);
      const zone = this.#manifest.needsZone
        ? zoneAt(member(context, "timeZone"), now, this.#host.local)
        : { offset: 0, until: Number.POSITIVE_INFINITY };
      return [now, zone.offset, zone.until, this.#consent(context), forced];
    } finally {
      this.#isPacking = false;
    }
  }

  /** Runs something on another engine of the same bundle: a visitor's getter may ask this one while it is being asked. */
  #aside<T>(run: (other: Engine) => T): T {
    const Runtime = this.#runtime.constructor as new (file: Uint8Array) => Runtime;
    const other = new Engine(new Runtime(this.#file), this.#file, { ...this.#host, freed: undefined });
    try {
      return run(other);
    } finally {
      other.free();
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
    const help = 'bring it along: loadWith({ wasm, tools }) of "slotwise/slim", with tools of "slotwise/compiler"';
    throw new SlotwiseError("no_compiler", `explain and matches need the compiler module; ${help}`);
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
function member<Name extends keyof Context>(context: Context, ...path: [Name]): Context[Name] | undefined;
function member(context: Context, ...path: string[]): unknown;
function member(context: Context, ...path: string[]): unknown {
  try {
    return valueAt(context, path) ?? undefined;
  } catch {
    return undefined;
  }
}

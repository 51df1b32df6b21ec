import { SlotwiseError } from "../error.js";
import type { Runtime } from "../generated/runtime/slotwise.js";
import type { Profiles } from "../profile/profile.js";
import type { Ranker, Ranks } from "../rank/rank.js";
import type { Context, Explanation, Result } from "../types.js";
import { failure } from "./failure.js";
import type { Instance } from "./instance.js";
import { inputName, type Manifest, readManifest } from "./manifest.js";
import { Names } from "./names.js";
import { MANIFEST_END, MANIFEST_START } from "./place.js";
import { Decision } from "./result.js";
import { member, Running, type Surroundings } from "./running.js";
import { by, isRead, text } from "./words.js";

/** What rankings use of it. */
const CORE = { Decision, by, isRead, member, text };

/** What an engine needs of the place it runs in. */
export interface Host extends Surroundings {
  instance: Instance;
  Runtime: new (file: Uint8Array) => Runtime;
  /** What ranks items; `undefined` where no bundle does. */
  ranks?: Ranks | undefined;
  /** Told when the engine is freed. */
  freed?: (() => void) | undefined;
  /** Opens the compiler, which explains and matches; `undefined` where it has to be brought along. */
  tools?: (() => Promise<Tools>) | undefined;
}

/** The cold paths that the compiler module has. */
export interface Tools {
  explain(file: Uint8Array, context: Context, host: Pick<Host, "local" | "profiles" | "ranks">): Explanation;
  matches(condition: unknown, attributes: Record<string, unknown>): boolean;
}

/** A loaded bundle. */
export class Engine {
  readonly #host: Host;
  readonly #file: Uint8Array;
  readonly #manifest: Manifest;
  readonly #names: Names;
  #running: Running | undefined;
  #ranker: Ranker | undefined;
  #isFreed = false;
  /** Whether a question is being answered, which may run the visitor's code. */
  #isAsked = false;

  constructor(file: Uint8Array, host: Host) {
    this.#host = host;
    this.#file = file;
    [this.#names, this.#running] = host.instance.run((memory) => {
      const runtime = new host.Runtime(file);
      const names = file.subarray(runtime.placeOf(MANIFEST_START), runtime.placeOf(MANIFEST_END));
      const manifest = readManifest(new TextDecoder().decode(names));
      const named = new Names(manifest, runtime.checksum.toString(36));
      return [named, new Running(memory, runtime, manifest, host)];
    });
    this.#manifest = this.#names.manifest;
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

  /** Whether what the visitor did can change a decision: whether `profile` is read. */
  get needsProfile(): boolean {
    return this.#manifest.profile !== undefined;
  }

  /** The consent purpose without which the profile is not looked at; `undefined` when none is needed. */
  get profilePurpose(): string | undefined {
    return this.#manifest.profile?.consent ?? undefined;
  }

  /** Whether the visitor's time zone can change a decision. */
  get needsZone(): boolean {
    return this.#manifest.needsZone;
  }

  /** Whether slots rank items. */
  get needsRanks(): boolean {
    return this.#manifest.ranks !== undefined;
  }

  /** Takes the profiles of visitors, without which nothing is known of what they did, and what ranks for them. */
  use(profiles: Profiles | undefined, ranks?: Ranks | undefined): void {
    this.#host.profiles = profiles;
    this.#host.ranks = ranks;
    this.#ranker = ranks?.open(this.#file);
  }

  /** Decides every slot for one visitor. Never throws for what a context holds. */
  personalize(context: Context = {}): Result {
    return this.decide(context, this.moment(context));
  }

  /** Decides as of a moment. */
  decide(context: Context, now: number): Result {
    if (this.#isFreed) throw new SlotwiseError("freed", "this engine was freed; load the bundle again");
    try {
      return this.ask(
        (running) =>
          this.#ranker?.decide(CORE, this.#names, running, this.#host.profiles, context, now) ??
          new Decision(this.#names, running.decide(context, now)),
      );
    } catch (thrown) {
      console.error("slotwise: the engine failed, and every slot keeps its default:", thrown);
      return failure(this.#names);
    }
  }

  /** The same decision, with every step that led to it. Needs the compiler module, which is loaded when it can be. */
  async explain(context: Context = {}): Promise<Explanation> {
    const tools = await this.#tools();
    return tools.explain(this.#file, context, this.#host);
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
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Frees the memory of the engine, which cannot be used any more. */
  free(): void {
    if (this.#isFreed) return;
    this.#isFreed = true;
    this.#host.freed?.();
    this.#ranker?.free();
    // What has failed is gone with its instance, and its addresses mean something else in the next.
    if (this.#host.instance.holds(this.#running?.memory)) this.#running?.runtime.free();
    this.#running = undefined;
  }

  /** When a context is to be decided. */
  moment(context: Context): number {
    // Asking for the time takes as long as a slot.
    const now = member(context, "now") ?? (this.#manifest.needsTime === false ? 0 : Date.now());
    return typeof now === "number" ? now : Number.NaN;
  }

  /** Asks the bundle's runtime; another one when a visitor's getter asks while this one answers. */
  ask<T>(question: (running: Running) => T): T {
    const { instance } = this.#host;
    try {
      const { memory } = instance;
      if (this.#isAsked) {
        const other = this.#start(memory);
        try {
          return question(other);
        } finally {
          other.runtime.free();
        }
      }
      if (this.#running?.memory !== memory) this.#running = this.#start(memory);
      this.#isAsked = true;
      try {
        return question(this.#running);
      } finally {
        this.#isAsked = false;
      }
    } catch (thrown) {
      throw instance.failure(thrown);
    }
  }

  #start(memory: WebAssembly.Memory): Running {
    const { Runtime } = this.#host;
    return new Running(memory, new Runtime(this.#file), this.#manifest, this.#host);
  }

  #tools(): Promise<Tools> {
    const open = this.#host.tools;
    if (open !== undefined) return open();
    const help = 'bring it along: loadWith({ wasm, tools }) of "slotwise/slim", with tools of "slotwise/compiler"';
    throw new SlotwiseError("no_compiler", `explain and matches need the compiler module; ${help}`);
  }
}

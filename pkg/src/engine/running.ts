import type { Runtime } from "../generated/runtime/slotwise.js";
import type { Profiles } from "../profile/profile.js";
import type { Context } from "../types.js";
import type { InputPath, Manifest } from "./manifest.js";
import { own, Packer, valueAt } from "./pack.js";
import { RENDERED_PLACE } from "./place.js";
import { type Decided, rendered, text, type Words } from "./words.js";
import { UTC, zoneAt } from "./zone.js";

/** Arguments of a decision besides the values. */
export interface Moment {
  /** Minutes that local time is ahead of UTC, and until when that is sure to hold. */
  offset: number;
  until: number;
  consent: number;
  /** How many slots are forced. */
  forced: number;
  /** Until when time alone does not change what the profile has answered. */
  profileUntil: number;
}

const NO_TEXTS: string[] = [];

/** What counts for decisions of the place in which they are made. */
export interface Surroundings {
  /** Whether the host's time zone is the visitor's. */
  local: boolean;
  /** The profiles of visitors; `undefined` where no bundle asks for any. */
  profiles?: Profiles | undefined;
}

/** Where an input lies: the part of a context, and what reads it there, which may throw what the visitor's objects throw. */
interface Input {
  part: "attributes" | "request" | "sticky";
  read(part: unknown): unknown;
}

/** A bundle in one instance of the wasm: what an engine leaves behind when that instance has failed. */
export class Running {
  readonly memory: WebAssembly.Memory;
  readonly runtime: Runtime;
  readonly #manifest: Manifest;
  readonly #host: Surroundings;
  readonly #packer: Packer;
  readonly #inputs: Input[];
  /** Signed, because such words become small integers without a question; all but the readings of bits are below 2³¹. */
  #view = new Int32Array();
  /** What the profile answers, one for each of the bundle's questions. */
  #answers: unknown[] = [];
  /** What rankings have made, by the inputs that take it, and until when it holds. */
  #lists: Record<number, unknown> = {};
  #listsUntil = Number.POSITIVE_INFINITY;

  constructor(memory: WebAssembly.Memory, runtime: Runtime, manifest: Manifest, host: Surroundings) {
    this.memory = memory;
    this.runtime = runtime;
    this.#manifest = manifest;
    this.#host = host;
    this.#packer = new Packer(runtime, memory);
    this.#inputs = manifest.inputs.map((input) => inputOf(input, manifest));
    for (const [place, { input }] of (manifest.profile?.asked ?? []).entries()) {
      const { part, read } = this.#inputs[input] as Input;
      // What the caller gives wins.
      this.#inputs[input] = { part, read: (given) => read(given) ?? this.#answers[place] };
    }
    for (const { list } of manifest.ranks ?? []) {
      this.#inputs[list] = { part: "attributes", read: () => this.#lists[list] };
    }
  }

  /** Decides without any list from here on. */
  forgetLists(): void {
    this.#lists = {};
    this.#listsUntil = Number.POSITIVE_INFINITY;
  }

  /** Decides with a list from here on, which holds until a moment. */
  giveList(input: number, list: unknown, until: number): void {
    this.#lists[input] = list;
    this.#listsUntil = Math.min(until, this.#listsUntil);
  }

  /** Decides every slot. */
  decide(context: Context, now: number): Decided {
    const { offset, until, consent, forced, profileUntil } = this.pack(context, now);
    const at = this.runtime.decide(now, offset, until, consent, forced, profileUntil) >>> 2;
    // Growing leaves views of the memory empty.
    if (this.#view.length === 0) this.#view = new Int32Array(this.memory.buffer);
    const view = this.#view;
    // An array, because a typed array of this size takes several times as long to make.
    const words = new Array<number>(view[at] as number);
    for (let index = 0; index < words.length; index++) words[index] = view[at + index] as number;
    const count = rendered(words);
    const texts = count === 0 ? NO_TEXTS : Array.from({ length: count }, (_, index) => this.#text(words, index));
    return { words, texts };
  }

  /** Writes what the program reads where the engine finds it. */
  pack(context: Context, now: number): Moment {
    const profileUntil = this.#askProfile(context, now);
    this.#packer.start();
    let name: Input["part"] | undefined;
    let part: unknown;
    for (const input of this.#inputs) {
      // The inputs of one part follow each other.
      if (input.part !== name) {
        name = input.part;
        part = member(context, name);
      }
      this.#packer.input(input, part);
    }
    const forced = this.#forced(member(context, "force"));
    const zone = this.#manifest.needsZone ? zoneAt(member(context, "timeZone"), now, this.#host.local) : UTC;
    return {
      offset: zone.offset,
      until: zone.until,
      consent: this.#consent(member(context, "consent")),
      forced,
      profileUntil: Math.min(profileUntil, this.#listsUntil),
    };
  }

  /** Asks the profile what the bundle wants to know of it. Without consent, nothing is known. */
  #askProfile(context: Context, now: number): number {
    const { profile: questions } = this.#manifest;
    const { profiles } = this.#host;
    if (!questions?.asked.length || profiles === undefined) return Number.POSITIVE_INFINITY;
    this.#answers = [];
    const { consent, asked } = questions;
    if (consent !== null && member(member(context, "consent"), consent) !== true) return Number.POSITIVE_INFINITY;
    const { answers, until } = profiles.answer(member(context, "profile"), asked, now);
    this.#answers = answers;
    return until;
  }

  #text(words: Words, index: number): string {
    const [, start, length] = text(words, index);
    // Made at the first text: many bundles have none.
    UTF16 ??= new TextDecoder("utf-16le", { ignoreBOM: true });
    return UTF16.decode(
      new Uint8Array(this.memory.buffer, this.runtime.placeOf(RENDERED_PLACE) + start * 2, length * 2),
    );
  }

  #consent(consent: unknown): number {
    const { purposes } = this.#manifest;
    let bits = 0;
    for (let bit = 0; bit < purposes.length; bit++) {
      if (member(consent, purposes[bit] as string) === true) bits |= 1 << bit;
    }
    return bits >>> 0;
  }

  #forced(force: unknown): number {
    if (force === undefined) return 0;
    let count = 0;
    for (const [index, slot] of this.#manifest.slots.entries()) {
      const name = member(force, slot.name);
      const variant = typeof name === "string" ? slot.variants.findIndex(([known]) => known === name) : -1;
      if (variant >= 0) {
        this.#packer.forced(index, variant);
        count++;
      }
    }
    return count;
  }
}

let UTF16: TextDecoder | undefined;

function inputOf(input: InputPath, manifest: Manifest): Input {
  if (Object.hasOwn(input, "attribute")) {
    const path = (input as { attribute: string[] }).attribute;
    return { part: "attributes", read: (attributes) => valueAt(attributes, path) };
  }
  // The profile answers, or a ranking does.
  if (Object.hasOwn(input, "profile") || Object.hasOwn(input, "ranked"))
    return { part: "attributes", read: () => undefined };
  if (Object.hasOwn(input, "request")) {
    const path = [(input as { request: string }).request];
    const read = (request: unknown) => {
      const fact = valueAt(request, path);
      return typeof fact === "string" ? fact : null;
    };
    return { part: "request", read };
  }
  const [key, experiment] = (input as { sticky: [string, number] }).sticky;
  const path = [key];
  const arms: unknown[] = manifest.experiments[experiment]?.arms ?? [];
  // The number of the arm that an earlier visit was given; `false` when it names none that there is.
  const read = (sticky: unknown) => {
    const arm = valueAt(sticky, path);
    const index = arms.indexOf(arm);
    return arm === null || arm === undefined ? null : index < 0 ? false : index;
  };
  return { part: "sticky", read };
}

/** A member of what a visitor handed over, its own and not inherited; nothing when it is missing or reading it throws. */
export function member<Name extends keyof Context>(context: Context, name: Name): Context[Name] | undefined;
export function member(object: unknown, name: string): unknown;
export function member(object: unknown, name: string): unknown {
  try {
    return own(object, name) ?? undefined;
  } catch {
    return undefined;
  }
}

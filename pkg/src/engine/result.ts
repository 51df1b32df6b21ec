import type { Cache, Exposure, Result, Shown } from "../types.js";
import { inputName } from "./manifest.js";
import { compact, type Names } from "./names.js";
import {
  assigned,
  assignmentOf,
  assignments,
  by,
  type Decided,
  isRead,
  maxAge,
  text,
  type Words,
  what,
  why,
} from "./words.js";

/** A decision by name. What a page may not ask for is worked out when it does. */
export class Decision implements Result {
  readonly slots: Readonly<Record<string, Shown>>;
  readonly #names: Names;
  readonly #words: Words;
  readonly #texts: string[];
  /** What the key says of lists that rankings made. */
  lists = "";

  constructor(names: Names, { words, texts }: Decided) {
    this.#names = names;
    this.#words = words;
    this.#texts = texts;
    this.slots = names.all(words, texts);
  }

  get exposures(): Exposure[] {
    const exposures = new Map<number, Exposure>();
    for (const [slot, { name }] of this.#names.manifest.slots.entries()) {
      const { source, reason, experiment, arm, factors, bucket, holdout } = this.slots[name] as Shown;
      if (reason !== "assigned" && reason !== "sticky" && reason !== "held_out") continue;
      const key = ((by(this.#words, slot) >>> 16) << 1) | (source === "holdout" ? 1 : 0);
      let exposure = exposures.get(key);
      if (exposure === undefined) {
        const made = assignmentOf(this.#words, slot);
        const hashAttribute = made > 0 ? this.#hashAttribute(made) : undefined;
        exposure = compact({ experiment, arm, factors, hashAttribute, bucket, holdout, slots: [] });
        exposures.set(key, exposure);
      }
      exposure.slots.push(name);
    }
    return [...exposures.values()];
  }

  get sticky(): Record<string, string> {
    const kept: Record<string, string> = {};
    for (const made of this.#kept()) {
      const chosen = assigned(this.#words, made);
      const { sticky, arms } = this.#names.experiment(chosen);
      kept[sticky as string] = arms[(chosen >>> 16) - 1] as string;
    }
    return kept;
  }

  get cache(): Cache {
    return { key: this.#key() + this.lists, maxAge: maxAge(this.#words), varies: this.#varies() };
  }

  toJSON() {
    return { slots: { ...this.slots }, exposures: this.exposures, sticky: this.sticky, cache: this.cache };
  }

  #hashAttribute(assignment: number): string | undefined {
    const { hashAttributes } = this.#names.experiment(assigned(this.#words, assignment));
    return hashAttributes[why(this.#words, assignment) >>> 8];
  }

  #kept(): number[] {
    const all = Array.from({ length: assignments(this.#words) }, (_, index) => index + 1);
    return all.filter((made) => this.#names.isKept(this.#words, made));
  }

  /** As `key` in `src/engine/cache.rs`. */
  #key(): string {
    const words = this.#words;
    let key = this.#names.checksum;
    for (const slot of this.#names.manifest.slots.keys()) {
      const made = assignmentOf(words, slot);
      const chosen = made === 0 ? 0 : assigned(words, made);
      const experiment = made === 0 ? by(words, slot) >>> 16 : (chosen & 0xffff) + 1;
      const rule = by(words, slot) & 0xffff;
      const arm = made === 0 ? 0 : (chosen >>> 16) * 2 + (why(words, made) >>> 8);
      key += `.${[what(words, slot), (rule | (experiment << 16)) >>> 0, arm].map(base36).join("-")}`;
    }
    for (const made of this.#kept()) {
      const chosen = assigned(words, made);
      key += `!${base36(chosen & 0xffff)}-${base36((chosen >>> 16) - 1)}`;
    }
    for (const [index, value] of this.#texts.entries()) key += `~${text(words, index)[2]}:${value}`;
    return key;
  }

  #varies(): string[] {
    const read = this.#names.manifest.inputs.filter((_, input) => isRead(this.#words, input));
    return read.map(inputName).filter((name) => name !== undefined);
  }
}

function base36(number: number): string {
  return number.toString(36);
}

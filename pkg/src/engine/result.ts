import type { Cache, Content, Exposure, Reason, Result, Shown, Source } from "../types.js";
import { type ExperimentNames, freeze, inputName, type Manifest } from "./manifest.js";

/** Words of the header, of a slot, of an assignment and of a rendered text; see `pack` in `src/wasm/packed.rs`. */
const HEADER = 5;
const SLOT = 3;
const ASSIGNMENT = 3;
const RENDERED = 3;
const NO_BUCKET = 0xffffffff;

/** What the words of a decision mean. */
export interface Codes {
  sources: Source[];
  reasons: Reason[];
  checksum: string;
}

interface Assignment {
  experiment: number;
  names: ExperimentNames;
  arm: number;
  reason: Reason;
  fallback: number;
  bucket: number | undefined;
}

/** A decision by name, worked out from its words as it is asked for. */
export class Decision implements Result {
  readonly slots: Readonly<Record<string, Shown>>;
  readonly #manifest: Manifest;
  readonly #codes: Codes;
  readonly #words: Uint32Array;
  readonly #texts: string[];

  constructor(manifest: Manifest, codes: Codes, words: Uint32Array, texts: string[]) {
    this.#manifest = manifest;
    this.#codes = codes;
    this.#words = words;
    this.#texts = texts;
    const slots: Record<string, Shown> = {};
    for (let index = 0; index < manifest.slots.length; index++) slots[this.#name(index)] = this.#shown(index);
    this.slots = slots;
  }

  get exposures(): Exposure[] {
    const exposures = new Map<number, Exposure>();
    for (let index = 0; index < this.#manifest.slots.length; index++) {
      const name = this.#name(index);
      const { source, reason, experiment, arm, factors, bucket, holdout } = this.slots[name] as Shown;
      if (reason !== "assigned" && reason !== "sticky" && reason !== "held_out") continue;
      const key = ((this.#slotWord(index, 1) >>> 16) << 1) | (source === "holdout" ? 1 : 0);
      let exposure = exposures.get(key);
      if (exposure === undefined) {
        const made = this.#assignmentOf(index);
        const hashAttribute = made?.names.hashAttributes[made.fallback];
        exposure = compact({ experiment, arm, factors, hashAttribute, bucket, holdout, slots: [] });
        exposures.set(key, exposure);
      }
      exposure.slots.push(name);
    }
    return [...exposures.values()];
  }

  get sticky(): Record<string, string> {
    const kept: Record<string, string> = {};
    for (let index = 0; index < this.#word(2); index++) {
      const made = this.#assignment(index);
      if (isKept(made)) kept[made.names.sticky as string] = made.names.arms[made.arm] as string;
    }
    return kept;
  }

  get cache(): Cache {
    return { key: this.#key(), maxAge: this.#word(1), varies: this.#varies() };
  }

  toJSON() {
    return { slots: { ...this.slots }, exposures: this.exposures, sticky: this.sticky, cache: this.cache };
  }

  #name(slot: number): string {
    return (this.#manifest.slots[slot] as { name: string }).name;
  }

  #word(at: number): number {
    return this.#words[at] as number;
  }

  #slotWord(slot: number, word: number): number {
    return this.#word(HEADER + slot * SLOT + word);
  }

  #shown(slot: number): Shown {
    const { rules, variants } = this.#manifest.slots[slot] as Manifest["slots"][number];
    const what = this.#slotWord(slot, 0);
    const by = this.#slotWord(slot, 1);
    const [variant, content] = variants[what & 0xffff] as [string, Content];
    const source = this.#codes.sources[(what >>> 16) & 0xff] as Source;
    const reason = this.#codes.reasons[what >>> 24] as Reason;
    const shown: Shown = {
      variant,
      source,
      reason,
      content: reason === "default_too_large" ? freeze({}) : this.#content(slot, content),
    };
    const rule = by & 0xffff;
    if (rule > 0) shown.rule = rules[rule - 1] || rule - 1;
    const made = this.#assignmentOf(slot);
    if (made !== undefined) {
      shown.experiment = made.names.key;
      shown.arm = made.names.arms[made.arm] as string;
      if (made.names.factors !== undefined) shown.factors = { ...made.names.factors[made.arm] };
      if (made.bucket !== undefined) shown.bucket = made.bucket;
    } else if (source === "holdout") {
      shown.holdout = this.#manifest.holdouts[(by >>> 16) - 1] as string;
    }
    return shown;
  }

  #assignmentOf(slot: number): Assignment | undefined {
    const place = this.#slotWord(slot, 2);
    return place === 0 ? undefined : this.#assignment(place - 1);
  }

  #assignment(index: number): Assignment {
    const at = HEADER + this.#manifest.slots.length * SLOT + index * ASSIGNMENT;
    const [what, why, bucket] = [this.#word(at), this.#word(at + 1), this.#word(at + 2)];
    const experiment = what & 0xffff;
    return {
      experiment,
      names: this.#manifest.experiments[experiment] as ExperimentNames,
      arm: (what >>> 16) - 1,
      reason: this.#codes.reasons[why & 0xff] as Reason,
      fallback: why >>> 8,
      bucket: bucket === NO_BUCKET ? undefined : bucket / 10_000,
    };
  }

  /** Where the rows of rendered texts start. */
  #renderedAt(): number {
    return HEADER + this.#manifest.slots.length * SLOT + this.#word(2) * ASSIGNMENT;
  }

  /** The content as authored, with the rendered texts in place of their templates. */
  #content(slot: number, authored: Content): Content {
    if (this.#texts.length === 0) return freeze(authored);
    let content = authored;
    const at = this.#renderedAt();
    for (let index = 0; index < this.#texts.length; index++) {
      const where = this.#word(at + index * RENDERED);
      if ((where & 0xffff) !== slot) continue;
      if (content === authored) content = structuredClone(authored);
      const text = this.#texts[index] as string;
      const patch = Object.hasOwn(content, "patches") ? content.patches?.[where >>> 16] : undefined;
      if (Object.hasOwn(content, "html")) content.html = text;
      else if (patch !== undefined) patch.value = text;
    }
    return freeze(content);
  }

  /** As `key` in `src/engine/cache.rs`. */
  #key(): string {
    let key = this.#codes.checksum;
    for (let index = 0; index < this.#manifest.slots.length; index++) {
      const made = this.#assignmentOf(index);
      const arm = made === undefined ? 0 : (made.arm + 1) * 2 + made.fallback;
      const parts = [this.#slotWord(index, 0), this.#slotWord(index, 1), arm];
      key += `.${parts.map((part) => part.toString(36)).join("-")}`;
    }
    for (let index = 0; index < this.#word(2); index++) {
      const made = this.#assignment(index);
      if (isKept(made)) key += `!${made.experiment.toString(36)}-${made.arm.toString(36)}`;
    }
    const at = this.#renderedAt();
    for (const [index, text] of this.#texts.entries()) key += `~${this.#word(at + index * RENDERED + 2)}:${text}`;
    return key;
  }

  #varies(): string[] {
    const at = this.#renderedAt() + this.#texts.length * RENDERED;
    const isRead = (index: number) => ((this.#word(at + (index >>> 5)) >>> (index & 31)) & 1) === 1;
    const read = this.#manifest.inputs.filter((_, index) => isRead(index));
    return read.map(inputName).filter((name) => name !== undefined);
  }
}

/** Whether an assignment is handed back for the next visit. */
function isKept({ names, reason }: Assignment): boolean {
  return names.sticky !== undefined && (reason === "assigned" || reason === "sticky");
}

/** The members that are not `undefined`. */
function compact<T extends object>(members: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as T;
}

import type { Content, Reason, Shown, Source } from "../types.js";
import { type ExperimentNames, freeze, type Manifest, type SlotContent } from "./manifest.js";
import { assigned, assignmentOf, bucket, by, text, type Words, what, why } from "./words.js";

/** What the numbers of a decision mean that are not a bundle's. */
export interface Codes {
  sources: Source[];
  reasons: Reason[];
}

/** What the numbers in the decisions of one bundle stand for. */
export class Names {
  readonly manifest: Manifest;
  readonly codes: Codes;
  readonly checksum: string;
  /** The content of each slot's variants, once it was shown: frozen, because all decisions share it. */
  readonly #contents: Content[][];

  constructor(manifest: Manifest, codes: Codes, checksum: string) {
    this.manifest = manifest;
    this.codes = codes;
    this.checksum = checksum;
    this.#contents = manifest.slots.map(() => []);
  }

  /** What a slot shows. */
  shown(slot: number, words: Words, texts: string[]): Shown {
    const { rules, variants } = this.manifest.slots[slot] as SlotContent;
    const shows = what(words, slot);
    const decides = by(words, slot);
    const number = shows & 0xffff;
    const variant = (variants[number] as SlotContent["variants"][number])[0];
    const source = this.codes.sources[(shows >>> 16) & 0xff] as Source;
    const reason = this.codes.reasons[shows >>> 24] as Reason;
    const content = reason === "default_too_large" ? freeze({}) : this.#content(slot, number, words, texts);
    const place = (decides & 0xffff) - 1;
    const rule = place < 0 ? undefined : rules[place] || place;
    const made = assignmentOf(words, slot);
    if (made > 0) {
      const chosen = assigned(words, made);
      const { key: experiment, arms, factors } = this.experiment(chosen);
      const arm = arms[(chosen >>> 16) - 1] as string;
      const falls = bucket(words, made);
      // What experiments mostly give, at once: making it member by member takes several times as long.
      if (rule !== undefined && falls !== undefined && factors === undefined) {
        return { variant, source, reason, content, rule, experiment, arm, bucket: falls };
      }
      const levels = factors && { ...factors[(chosen >>> 16) - 1] };
      return compact({ variant, source, reason, content, rule, experiment, arm, factors: levels, bucket: falls });
    }
    if (source !== "holdout") {
      return rule === undefined ? { variant, source, reason, content } : { variant, source, reason, content, rule };
    }
    const holdout = this.manifest.holdouts[(decides >>> 16) - 1] as string;
    return compact({ variant, source, reason, content, rule, holdout });
  }

  /** The experiment of an assignment. */
  experiment(assigned: number): ExperimentNames {
    return this.manifest.experiments[assigned & 0xffff] as ExperimentNames;
  }

  /** Whether an assignment is handed back for the next visit. */
  isKept(words: Words, assignment: number): boolean {
    const reason = this.codes.reasons[why(words, assignment) & 0xff];
    return (
      this.experiment(assigned(words, assignment)).sticky !== undefined &&
      (reason === "assigned" || reason === "sticky")
    );
  }

  /** A variant's content, with the texts that were rendered for the slot in place of their templates. */
  #content(slot: number, variant: number, words: Words, texts: string[]): Content {
    const contents = this.#contents[slot] as Content[];
    let authored = contents[variant];
    if (authored === undefined) {
      const { variants } = this.manifest.slots[slot] as SlotContent;
      authored = freeze((variants[variant] as SlotContent["variants"][number])[1]);
      contents[variant] = authored;
    }
    let content = authored;
    for (let index = 0; index < texts.length; index++) {
      const [where] = text(words, index);
      if ((where & 0xffff) !== slot) continue;
      if (content === authored) content = structuredClone(authored);
      const value = texts[index] as string;
      const patch = Object.hasOwn(content, "patches") ? content.patches?.[where >>> 16] : undefined;
      if (Object.hasOwn(content, "html")) content.html = value;
      else if (patch !== undefined) patch.value = value;
    }
    return content === authored ? content : freeze(content);
  }
}

/** The members that are not `undefined`. */
export function compact<T extends object>(members: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as T;
}

import type { Content, Reason, Shown, Source } from "../types.js";
import { REASONS, SOURCES } from "./codes.js";
import { type ExperimentNames, freeze, type Manifest, type SlotContent } from "./manifest.js";
import {
  ASKED,
  assigned,
  assignedAt,
  assignmentIn,
  bucketAt,
  by,
  placeOf,
  text,
  type Words,
  what,
  why,
} from "./words.js";

/** What some numbers say of a slot, without what is a visitor's own: where they fall, and the texts rendered for them. */
interface Said {
  what: number;
  /** The rule that decided, counted from 1, and the holdout << 16. */
  by: number;
  /** The experiment and the arm that decided, as `assigned` gives them; -1 when none did. */
  assigned: number;
  variant: string;
  source: Source;
  reason: Reason;
  content: Content;
  rule: string | number | undefined;
  experiment: string | undefined;
  arm: string | undefined;
  factors: Record<string, string> | undefined;
  holdout: string | undefined;
}

/** What the numbers in the decisions of one bundle stand for. */
export class Names {
  readonly manifest: Manifest;
  readonly checksum: string;
  /** A member for each slot: a copy of it is filled several times as fast as an object that begins empty. */
  readonly #unsaid: Readonly<Record<string, Shown>>;
  /** The slots by their numbers. One list a question, because what lies apart in memory takes large bundles longer. */
  readonly #slots: string[];
  /** Where the variants of each slot begin among those of all. */
  readonly #firsts: number[] = [];
  /** What was said last of each variant, because it mostly is said again. */
  readonly #said: (Said | undefined)[] = [];

  constructor(manifest: Manifest, checksum: string) {
    this.manifest = manifest;
    this.checksum = checksum;
    this.#unsaid = Object.fromEntries(manifest.slots.map(({ name }) => [name, undefined as never]));
    this.#slots = manifest.slots.map(({ name }) => name);
    for (const { variants } of manifest.slots) {
      this.#firsts.push(this.#said.length);
      for (const _ of variants) this.#said.push(undefined);
    }
  }

  /** What every slot shows. */
  all(words: Words, texts: string[]): Record<string, Shown> {
    const slots = this.#slots;
    const all = { ...this.#unsaid };
    for (let slot = 0; slot < slots.length; slot++) {
      put(all, slot, slots[slot] as string, this.#shown(slot, words, texts));
    }
    return all;
  }

  #shown(slot: number, words: Words, texts: string[]): Shown {
    // Each word once: looks at the list are a part of the time.
    const shown = what(words, slot);
    const whom = by(words, slot);
    const made = assignmentIn(shown, whom);
    const at = placeOf(made, this.#slots.length);
    const decider = made > 0 ? whom & 0xffff : whom;
    const chosen = made > 0 ? assignedAt(words, at) : -1;
    const place = (this.#firsts[slot] as number) + (shown & 0xffff);
    let said = this.#said[place];
    if (said === undefined || said.what !== shown || said.by !== decider || said.assigned !== chosen) {
      said = this.#say(slot, shown, decider, chosen);
      this.#said[place] = said;
    }
    const { variant, source, reason, rule, experiment, arm, factors, holdout } = said;
    const content = texts.length === 0 ? said.content : rendered(said.content, slot, words, texts);
    // What is mostly given, at once: making it member by member takes several times as long.
    if (experiment !== undefined && arm !== undefined) {
      const counted = bucketAt(words, at);
      if (rule !== undefined && counted !== 0 && factors === undefined) {
        return { variant, source, reason, content, rule, experiment, arm, bucket: (counted - 1) / 10_000 };
      }
      const falls = counted === 0 ? undefined : (counted - 1) / 10_000;
      const levels = factors && { ...factors };
      return compact({ variant, source, reason, content, rule, experiment, arm, factors: levels, bucket: falls });
    }
    if (holdout !== undefined) return compact({ variant, source, reason, content, rule, holdout });
    return rule === undefined ? { variant, source, reason, content } : { variant, source, reason, content, rule };
  }

  /** The experiment of an assignment. */
  experiment(assigned: number): ExperimentNames {
    return this.manifest.experiments[assigned & 0xffff] as ExperimentNames;
  }

  /** Whether an assignment is handed back for the next visit. */
  isKept(words: Words, assignment: number): boolean {
    const reason = REASONS[why(words, assignment) & 0xff];
    return (
      this.experiment(assigned(words, assignment)).sticky !== undefined &&
      (reason === "assigned" || reason === "sticky")
    );
  }

  #say(slot: number, what: number, by: number, assigned: number): Said {
    const { rules, variants } = this.manifest.slots[slot] as SlotContent;
    const [variant, content] = variants[what & 0xffff] as SlotContent["variants"][number];
    const reason = REASONS[what >>> 24] as Reason;
    const rule = (by & 0xffff) - 1;
    const experiment = assigned < 0 ? undefined : this.experiment(assigned);
    const arm = (assigned >>> 16) - 1;
    return {
      what,
      by,
      assigned,
      variant,
      source: SOURCES[(what >>> 16) & 0xff] as Source,
      reason,
      // Frozen, because all decisions share it.
      content: freeze(reason === "default_too_large" ? {} : content),
      rule: rule < 0 ? undefined : rules[rule] || rule,
      experiment: experiment?.key,
      arm: experiment?.arms[arm],
      factors: experiment?.factors?.[arm],
      holdout: this.manifest.holdouts[(by >>> 16) - 1],
    };
  }
}

/**
 * Gives a record what a slot shows. Engines remember for each place in the code which member it writes, and have to look for it where one
 * place writes many: so the first slots, of which pages mostly have no more, have a place each.
 */
function put(all: Record<string, Shown>, slot: number, name: string, shown: Shown): void {
  switch (slot) {
    case 0:
      all[name] = shown;
      break;
    case 1:
      all[name] = shown;
      break;
    case 2:
      all[name] = shown;
      break;
    case 3:
      all[name] = shown;
      break;
    case 4:
      all[name] = shown;
      break;
    case 5:
      all[name] = shown;
      break;
    case 6:
      all[name] = shown;
      break;
    case 7:
      all[name] = shown;
      break;
    case 8:
      all[name] = shown;
      break;
    case 9:
      all[name] = shown;
      break;
    case 10:
      all[name] = shown;
      break;
    case 11:
      all[name] = shown;
      break;
    case 12:
      all[name] = shown;
      break;
    case 13:
      all[name] = shown;
      break;
    case 14:
      all[name] = shown;
      break;
    case 15:
      all[name] = shown;
      break;
    default:
      all[name] = shown;
  }
}

/** A variant's content with the texts that were rendered for the slot, in place of their templates. */
function rendered(authored: Content, slot: number, words: Words, texts: string[]): Content {
  let content = authored;
  for (let index = 0; index < texts.length; index++) {
    const [where] = text(words, index);
    if ((where & 0xffff) !== slot || where >>> 16 >= ASKED) continue;
    if (content === authored) content = structuredClone(authored);
    const value = texts[index] as string;
    const patch = Object.hasOwn(content, "patches") ? content.patches?.[where >>> 16] : undefined;
    if (Object.hasOwn(content, "html")) content.html = value;
    else if (patch !== undefined) patch.value = value;
  }
  return content === authored ? content : freeze(content);
}

/** The members that are not `undefined`. */
export function compact<T extends object>(members: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as T;
}

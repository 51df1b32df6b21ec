import type { Questions, Within } from "../profile/questions.js";
import type { Content } from "../types.js";

/** Names and content of a bundle, in the order of the program's indices: the JSON section of the compiled file. */
export interface Manifest {
  id: string;
  revision: number;
  inputs: InputPath[];
  needsZone: boolean;
  /** `false` where no time changes a decision; files that do not say may need it. */
  needsTime?: boolean;
  purposes: string[];
  /** The purpose that identifying inputs need in conditions and templates; `null` when they need none. */
  identityConsent: string | null;
  /** What is asked of the profile; missing when nothing is. */
  profile?: Questions | undefined;
  /** Where rankings stand; missing when nothing is ranked. */
  ranks?: RankNames[] | undefined;
  /** The segments that they ask about, by their bits. */
  rankSegments?: number[] | undefined;
  holdouts: string[];
  experiments: ExperimentNames[];
  slots: SlotContent[];
}

export type InputPath =
  | { attribute: string[] }
  | { request: string }
  | { sticky: [key: string, experiment: number] }
  | { profile: string }
  | { ranked: string };

/** Where a ranking stands, and what its list depends on. */
export interface RankNames {
  slot: number;
  rule: number;
  /** The input that takes the list. */
  list: number;
  /** The purpose without which nothing but the context ranks; `null` when none is needed. */
  consent: string | null;
  /** Leaves out items of which an event happened so often in a window. */
  cap?: [event: string, within: Within, times: number];
}

export interface ExperimentNames {
  key: string;
  arms: string[];
  factors?: Record<string, string>[] | undefined;
  hashAttributes: string[];
  sticky?: string | undefined;
}

export interface SlotContent {
  name: string;
  /** The variant for everybody else; empty in files from before it was written. */
  default: string;
  rules: string[];
  variants: [name: string, content: Content][];
}

/** Reads a manifest. What an experiment leaves out is made its own, so that it is never looked for in a prototype. */
export function readManifest(json: string): Manifest {
  const manifest = JSON.parse(json) as Manifest;
  // Files from before it was written need what bundles need by default.
  for (const name of ["profile", "ranks", "rankSegments"] as const) {
    if (!Object.hasOwn(manifest, name)) own(manifest, name, undefined);
  }
  if (!Object.hasOwn(manifest, "identityConsent")) own(manifest, "identityConsent", "personalization");
  for (const slot of manifest.slots) {
    if (!Object.hasOwn(slot, "default")) own(slot, "default", "");
  }
  for (const experiment of manifest.experiments) {
    for (const name of ["factors", "sticky"] as const) {
      if (!Object.hasOwn(experiment, name)) own(experiment, name, undefined);
    }
  }
  return manifest;
}

function own<T>(object: T, name: keyof T, value: T[keyof T]): void {
  Object.defineProperty(object, name, { value });
}

/** Makes content safe to share: nobody who is given it can change what the next visitor gets. */
export function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  }
  return value;
}

/** How an input is named in `cache.varies`; a raw fact is not, but what is worked out from it. */
export function inputName(input: InputPath): string | undefined {
  const none = { attribute: undefined, sticky: undefined, profile: undefined, ranked: undefined };
  const { attribute, sticky, profile, ranked } = { ...none, ...input };
  if (profile !== undefined) return `$did ${profile}`;
  if (ranked !== undefined) return `rank ${ranked}`;
  return attribute === undefined ? sticky && `sticky.${sticky[0]}` : attribute.join(".");
}

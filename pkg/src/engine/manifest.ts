import type { Content } from "../types.js";

/** Names and content of a bundle, in the order of the program's indices: the JSON section of the compiled file. */
export interface Manifest {
  id: string;
  revision: number;
  inputs: InputPath[];
  needsZone: boolean;
  purposes: string[];
  holdouts: string[];
  experiments: ExperimentNames[];
  slots: SlotContent[];
}

export type InputPath = { attribute: string[] } | { request: string } | { sticky: [key: string, experiment: number] };

export interface ExperimentNames {
  key: string;
  arms: string[];
  factors?: Record<string, string>[];
  hashAttributes: string[];
  sticky?: string;
}

export interface SlotContent {
  name: string;
  rules: string[];
  variants: [name: string, content: Content][];
}

/** Makes content safe to share: nobody who is given it can change what the next visitor gets. */
export function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  }
  return value;
}

/** How an input is named in `cache.varies`. */
export function inputName(input: InputPath): string {
  if ("attribute" in input) return input.attribute.join(".");
  return "sticky" in input ? `sticky.${input.sticky[0]}` : `request.${input.request}`;
}

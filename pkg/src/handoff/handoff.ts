import type { Content, Exposure, RankedItem, Reason, Shown, Source } from "../types.js";

/** What a page that has been adapted elsewhere, at the edge or by a server, tells the browser. */
export interface Handoff {
  id: string;
  revision: number;
  /** Where the Worker's routes are, when it is not `/_slotwise/`. */
  prefix?: string | undefined;
  /** The framework that has rendered the slots and renders the same again in the browser. */
  owner?: string | undefined;
  slots: Readonly<Record<string, Shown>>;
  exposures: Exposure[];
}

/** The id of the element that holds it. */
export const STATE = "slotwise-state";

/** A slot's decision as it travels: what the page shows already stays behind, and so does what follows from the rest. */
interface Travelling {
  variant: string;
  source: Source;
  reason: Reason;
  rule?: string | number;
  experiment?: string;
  /** Left out when it has the variant's name. */
  arm?: string;
  factors?: Record<string, string>;
  holdout?: string;
  items?: RankedItem[];
  /** Left out when it is `id`. */
  hashAttribute?: string;
  value?: unknown;
  /** In place of `value`, when the page has yet to show it. */
  content?: Content;
}

/**
 * The handoff as JSON that is safe in a script element and in every charset. Nothing in it identifies the visitor. Content
 * that the page shows already stays behind, unless `isWhole` says of a slot that it is needed once more.
 */
export function writeHandoff(handoff: Handoff, isWhole: (slot: string) => boolean = () => false): string {
  const { id, revision, prefix, owner, slots, exposures } = handoff;
  const travelling = Object.entries(slots).map(([name, shown]) => {
    const { content } = shown;
    const value = Object.hasOwn(content, "value") && { value: content.value };
    return [name, { ...pack(name, shown, exposures), ...(isWhole(name) ? { content } : value) }];
  });
  const state = { id, revision, prefix, owner, slots: Object.fromEntries(travelling) };
  // `<` could end the element or start a comment; what is not ASCII depends on the page's charset.
  return JSON.stringify(state).replace(/[<\u007f-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function pack(name: string, shown: Shown, exposures: Exposure[]): Travelling {
  const { variant, source, reason, rule, experiment, arm, factors, holdout, items } = shown;
  const { hashAttribute } = exposures.find(({ slots }) => slots.includes(name)) ?? {};
  return {
    variant,
    source,
    reason,
    ...(rule !== undefined && { rule }),
    ...(experiment !== undefined && { experiment }),
    ...(arm !== undefined && arm !== variant && { arm }),
    ...(factors !== undefined && { factors }),
    ...(holdout !== undefined && { holdout }),
    ...(items !== undefined && { items: items.map(withoutParts) }),
    ...(hashAttribute !== undefined && hashAttribute !== "id" && { hashAttribute }),
  };
}

/** An item without what each of the visitor's past items gave to it: that may be longer than all the rest of the page. */
function withoutParts({ because: { parts: _, ...because }, ...item }: RankedItem): RankedItem {
  return { ...item, because };
}

/** Reads a handoff; `undefined` when it is none. */
export function readHandoff(text: string): Handoff | undefined {
  try {
    const { id, revision, prefix, owner, slots } = JSON.parse(text) as Handoff & { slots: Record<string, Travelling> };
    if (typeof slots !== "object" || slots === null) return undefined;
    const exposures = new Map<string, Exposure>();
    const unpacked = Object.entries(slots as Record<string, Travelling>).map(([name, travelling]) => {
      const shown = unpack(travelling);
      expose(exposures, name, shown, travelling.hashAttribute ?? "id");
      return [name, shown];
    });
    return { id, revision, prefix, owner, slots: Object.fromEntries(unpacked), exposures: [...exposures.values()] };
  } catch {
    return undefined;
  }
}

function unpack({ hashAttribute: _, value, content, ...travelling }: Travelling): Shown {
  const { experiment, variant, arm } = travelling;
  return {
    ...travelling,
    ...(experiment !== undefined && { arm: arm ?? variant }),
    content: content ?? (value === undefined ? {} : { value }),
  };
}

/** Adds what is to be logged once a slot has been seen, as `exposures` in `engine/result.ts`. */
function expose(exposures: Map<string, Exposure>, name: string, shown: Shown, hashAttribute: string): void {
  const { reason, experiment, arm, factors, holdout } = shown;
  if (reason !== "assigned" && reason !== "sticky" && reason !== "held_out") return;
  const key = JSON.stringify([experiment, holdout]);
  const exposure = exposures.get(key);
  if (exposure !== undefined) exposure.slots.push(name);
  else if (holdout !== undefined) exposures.set(key, { holdout, slots: [name] });
  else exposures.set(key, { experiment, arm, ...(factors && { factors }), hashAttribute, slots: [name] } as Exposure);
}

import { Instance } from "../engine/instance.js";
import type { Names } from "../engine/names.js";
import { openingOf } from "../engine/opening.js";
import type { Decision } from "../engine/result.js";
import type { Running } from "../engine/running.js";
import type * as glue from "../generated/rank/slotwise.js";
import type { Profiles } from "../profile/profile.js";
import type { Context } from "../types.js";
import { type Ask, type List, listOf, type Members } from "./list.js";
import { type Core, decideRanked } from "./ranked.js";

/** What makes lists of a bundle's catalog. */
export interface Ranker {
  /** Decides with the lists that the bundle's rankings make. */
  decide(
    core: Core,
    names: Names,
    running: Running,
    profiles: Profiles | undefined,
    context: Context,
    now: number,
  ): Decision;
  /** Frees its memory. */
  free(): void;
}

/** The rankings of one environment. */
export interface Ranks {
  /** Takes the catalog of a compiled bundle. */
  open(file: Uint8Array): Ranker;
}

/** Makes the rankings of an environment. */
export function ranksOf(wasm: typeof glue, module: () => Promise<WebAssembly.Module | Response>): () => Promise<Ranks> {
  const instance = new Instance(wasm);
  const ranks: Ranks = { open: (file) => opened(wasm, instance, file) };
  return openingOf(instance, module, "the WebAssembly of rankings", ranks);
}

/** Items whose members are kept, a few hundred bytes each. */
const MOST_KEPT = 1000;

function opened(wasm: typeof glue, instance: Instance, file: Uint8Array): Ranker {
  let memory: WebAssembly.Memory | undefined;
  let catalog: glue.Catalog | undefined;
  /** The catalog, read anew when the instance that held it has failed. */
  const open = () =>
    instance.run((current) => {
      if (catalog === undefined || memory !== current) catalog = new wasm.Catalog(file);
      memory = current;
      return catalog;
    });
  /** Members of items that were listed, which mostly are listed again. */
  const kept = new Map<number, Members>();
  const membersOf = (opened: glue.Catalog, item: number): Members => {
    let members = kept.get(item);
    if (members === undefined) {
      members = JSON.parse(opened.members(item)) as Members;
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(item, members);
    }
    return members;
  };
  const list = (ranking: number, { past, leftOut, about, segments, now, visitor }: Ask): List => {
    const ids = past.map(({ id }) => id);
    const numbers = new Float64Array(past.length * 3);
    for (const [place, { worth, last, isBought }] of past.entries()) {
      numbers.set([worth, last, isBought ? 1 : 0], place * 3);
    }
    const opened = open();
    return instance.run((memory) => {
      const at = opened.list(ranking, ids, numbers, leftOut, about, segments, now, visitor) >>> 3;
      // Copied before members are read, which may make the memory grow: that leaves views of it empty.
      const view = new Float64Array(memory.buffer);
      const said = new Array<number>(view[at] as number);
      for (let index = 0; index < said.length; index++) said[index] = view[at + index] as number;
      return listOf(said, (item) => membersOf(opened, item));
    });
  };
  open();
  return {
    decide: (core, names, running, profiles, context, now) =>
      decideRanked(names, running, { core, list, profiles }, context, now),
    free() {
      if (instance.holds(memory)) catalog?.free();
      catalog = undefined;
    },
  };
}

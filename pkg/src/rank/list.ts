import type { RankedItem, Signal } from "../types.js";

/** What a visitor did with an item. */
export interface Past {
  id: string;
  worth: number;
  last: number;
  isBought: boolean;
}

/** What a list depends on besides the ranking. */
export interface Ask {
  past: Past[];
  leftOut: string[];
  about: string | undefined;
  segments: number;
  now: number;
  visitor: string | undefined;
}

/** The members of an item that are shown. */
export type Members = { id: string } & Record<string, unknown>;

/** A list that a ranking made. */
export interface List {
  /** What is said of each item. */
  items: RankedItem[];
  /**
   * What templates see of each: its members, and what speaks for it most. The first has what the list is about as well, unless items have
   * a member of that name.
   */
  seen(): (Members & { because: Record<string, Members | true> })[];
}

/** As `blend::Signal` of the engine. */
const SIGNALS: Signal[] = ["content", "factors", "neighbours", "popularity", "recency", "boost"];

/** Reads a list as `Catalog::list` in `src/wasm/rank.rs` writes it. `membersOf` gives those of an item by its number. */
export function listOf(numbers: number[], membersOf: (item: number) => Members): List {
  let at = 1;
  const next = () => numbers[at++] as number;
  const nextItem = () => {
    const item = next();
    return item < 0 ? undefined : membersOf(item);
  };
  const count = next();
  const about = nextItem();
  const members: Members[] = [];
  const mains: (Members | undefined)[] = [];
  const items: RankedItem[] = [];
  for (let place = 0; place < count; place++) {
    const item = membersOf(next());
    const score = next();
    const propensity = next();
    const shares: Partial<Record<Signal, number>> = {};
    for (const signal of SIGNALS) {
      const share = next();
      if (share !== 0) shares[signal] = share;
    }
    const signal = SIGNALS[next()];
    const main = nextItem();
    const parts: Required<RankedItem["because"]>["parts"] = [];
    for (let left = next(); left > 0; left--) {
      const of = SIGNALS[next()] as Signal;
      const by = nextItem()?.id;
      const share = next();
      parts.push(by === undefined ? { signal: of, share } : { signal: of, item: by, share });
    }
    members.push(item);
    mains.push(main);
    items.push({ id: item.id, score, propensity, because: reason(signal, main?.id, shares, parts) });
  }
  const seen = () =>
    members.map((item, place) => {
      const { signal } = (items[place] as RankedItem).because;
      const because: Record<string, Members | true> = {};
      if (signal !== undefined) because[signal] = mains[place] ?? true;
      return { ...(place === 0 && about && { about }), ...item, because };
    });
  return { items, seen };
}

/** Member by member, because what is spread takes several times as long. */
function reason(
  signal: Signal | undefined,
  item: string | undefined,
  shares: Partial<Record<Signal, number>>,
  parts: Required<RankedItem["because"]>["parts"],
): RankedItem["because"] {
  if (signal === undefined) return { shares, parts };
  return item === undefined ? { signal, shares, parts } : { signal, item, shares, parts };
}

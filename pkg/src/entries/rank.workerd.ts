import * as glue from "../generated/rank/slotwise.js";
import { ranksOf } from "../rank/rank.js";
import module from "./rank.wasm";

export type { Ranks } from "../rank/rank.js";
export type { RankedItem, Signal } from "../types.js";

/** Opens the rankings module: the items of a bundle's catalog, ranked for a visitor. */
export const ranks = ranksOf(glue, async () => module);

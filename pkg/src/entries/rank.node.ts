import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as glue from "../generated/rank/slotwise.js";
import { ranksOf } from "../rank/rank.js";

export type { Ranks } from "../rank/rank.js";
export type { RankedItem, Signal } from "../types.js";

/** Opens the rankings module: the items of a bundle's catalog, ranked for a visitor. */
export const ranks = ranksOf(
  glue,
  // By its path and at once, as the runtime in index.node.ts.
  async () => new WebAssembly.Module(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "rank.wasm"))),
);

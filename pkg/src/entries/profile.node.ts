import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as glue from "../generated/profile/slotwise.js";
import { profilesOf } from "../profile/profile.js";

export type { Profile, Profiles } from "../profile/profile.js";
export type { Interest, ProfileSummary, TrackedEvent } from "../types.js";

/** Opens the profiles module: what visitors did, kept in sketches of at most 1,536 bytes. */
export const profiles = profilesOf(
  glue,
  // By its path and at once, as the runtime in index.node.ts.
  async () => new WebAssembly.Module(readFileSync(join(dirname(fileURLToPath(import.meta.url)), "profile.wasm"))),
);

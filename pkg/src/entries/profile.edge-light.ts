import * as glue from "../generated/profile/slotwise.js";
import { profilesOf } from "../profile/profile.js";
import module from "./profile.wasm?module";

export type { Profile, Profiles } from "../profile/profile.js";
export type { Interest, ProfileSummary, TrackedEvent } from "../types.js";

/** Opens the profiles module: what visitors did, kept in sketches of at most 1,536 bytes. */
export const profiles = profilesOf(glue, async () => module);

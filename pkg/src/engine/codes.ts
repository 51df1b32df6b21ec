import type { Reason, Source } from "../types.js";

/** What decided a slot, and why, by the numbers that `src/decide/outcome.rs` gives them: a test there reads this. */
export const SOURCES = "forced rule experiment rank bandit holdout default error".split(" ") as Source[];
export const REASONS =
  "forced matched ranked assigned sticky arm_forced held_out no_match consent_required no_hash_value not_targeted requirement_unmet not_in_namespace not_covered not_started sticky_blocked nothing_to_rank too_large default_too_large damaged".split(
    " ",
  ) as Reason[];

import type { Engine } from "slotwise";
import { mayKeep } from "../../../pkg/src/visitor/consent.ts";
import { askedBy } from "../decide.ts";
import type { Settings } from "../settings.ts";

/** Why nothing is kept of what a visitor does. */
export type NotKept = "consent_required" | "not_asked";

/** The profile that a request brings along, as far as it may be looked at and added to. */
export interface KeptProfile {
  bytes?: Uint8Array | undefined;
  notKept?: NotKept;
}

/** As in pages: nothing without the consent that the bundle asks for, and nothing for a bundle that does not ask what visitors did. */
export function keptProfile(request: Request, engine: Engine, settings: Settings): KeptProfile {
  const { profile, consent = {} } = askedBy(request, engine, settings).context;
  const { needsProfile, profilePurpose } = engine;
  if (!needsProfile) return { notKept: "not_asked" };
  if (!mayKeep(consent, profilePurpose)) return { notKept: "consent_required" };
  return { bytes: profile };
}

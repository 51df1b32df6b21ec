/** What the visitor did, for the edge: a profile in base64url. Pages keep it in their storage as well, under the same name. */
export const PROFILE_COOKIE = "slotwise_profile";

/** Stands where a profile was that the edge was asked to forget. No profile is written like this: base64 leaves no character over. */
export const FORGOTTEN_PROFILE = "forgotten";

/** No profile is longer, in bytes. */
const MOST = 1536;

/** A profile as it is kept. */
export function writeProfile(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The bytes that were kept, whatever they are; nothing when there are none. */
export function readProfile(kept: string | undefined | null): Uint8Array | undefined {
  if (!kept || kept.length > (MOST * 4) / 3 || !/^[\w-]+$/.test(kept)) return undefined;
  try {
    return Uint8Array.from(atob(kept.replaceAll("-", "+").replaceAll("_", "/")), (unit) => unit.charCodeAt(0));
  } catch {
    // One character too many or too few.
    return undefined;
  }
}

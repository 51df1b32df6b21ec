/** What a visitor has consented to, by purpose. A purpose that is missing is refused. */
export type Consent = Readonly<Record<string, boolean>>;

/** How a site's answers to the question of consent are read. */
export interface ConsentPolicy {
  /** What counts until the visitor has answered. Default: nothing. */
  assumed: Consent;
  /** Whether Global Privacy Control is a refusal. Default: it is. */
  heedsGpc: boolean;
}

/** The longest answer that is read, in characters; a longer one was not written by a site, and refuses everything. */
const LONGEST = 1024;
/** Words that refuse everything. */
const REFUSALS = new Set(["none", "denied", "refused", "false", "no", "0"]);

/**
 * What counts: nothing when the browser sends Global Privacy Control, else the visitor's answer, else what is assumed.
 * See https://w3c.github.io/gpc/.
 */
export function consentOf(answer: string | undefined, gpc: boolean, { assumed, heedsGpc }: ConsentPolicy): Consent {
  if (gpc && heedsGpc) return {};
  return answer === undefined ? assumed : readConsent(answer);
}

/** Whether something may be kept of a visitor for a purpose. Where a bundle asks for none, it takes consent to anything all the same. */
export function mayKeep(consent: Consent, purpose: string | undefined): boolean {
  const purposes = purpose === undefined ? Object.keys(consent) : [purpose];
  return purposes.some((agreed) => consent[agreed] === true);
}

/** Reads purposes that are joined by dots, commas, semicolons or spaces, such as `personalization.analytics`. */
export function readConsent(answer: string): Consent {
  if (answer.length > LONGEST) return {};
  const purposes = decoded(answer)
    .split(/[.,;\s]+/)
    .filter((purpose) => purpose !== "" && !REFUSALS.has(purpose.toLowerCase()));
  return Object.fromEntries(purposes.map((purpose) => [purpose, true]));
}

/** The answer that grants what is granted here, as {@link readConsent} reads it; nothing for purposes that it would not read. */
export function writeConsent(consent: Consent): string | undefined {
  const granted = Object.keys(consent).filter((purpose) => consent[purpose] === true);
  const answer = granted.join(".") || "none";
  const isReadable = granted.every((purpose) => /^[\w-]+$/.test(purpose) && !REFUSALS.has(purpose.toLowerCase()));
  return isReadable && answer.length <= LONGEST ? answer : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

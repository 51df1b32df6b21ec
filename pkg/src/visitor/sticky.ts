/** The longest cookie that is written or read, in characters. */
const LONGEST = 1024;

/** Arms of earlier visits as a cookie's value; what comes behind {@link LONGEST} characters is left out. */
export function writeSticky(sticky: Record<string, string>): string {
  let value = "";
  for (const entry of Object.entries(sticky)) {
    const longer = `${value}${value && "&"}${new URLSearchParams([entry])}`;
    if (longer.length <= LONGEST) value = longer;
  }
  return value;
}

/** The arms that such a cookie names. */
export function readSticky(value: string | undefined): Record<string, string> {
  if (value === undefined || value.length > LONGEST) return {};
  return Object.fromEntries(new URLSearchParams(value));
}

/** The cookie that has these arms besides those that it has already; nothing when that would be the same one. */
export function addSticky(kept: string | undefined, arms: Record<string, string>): string | undefined {
  const before = readSticky(kept);
  if (Object.entries(arms).every(([key, arm]) => before[key] === arm)) return undefined;
  // Arms of experiments that a decision did not ask for are kept as well, behind those that it did.
  const value = writeSticky({ ...arms, ...before, ...arms });
  // An arm that does not fit is missing every time.
  return value === (kept ?? "") ? undefined : value;
}

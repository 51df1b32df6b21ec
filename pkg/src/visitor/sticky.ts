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

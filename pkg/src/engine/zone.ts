/** How far local time is ahead of UTC, in minutes, and until when (milliseconds since the epoch) that is sure to hold. */
export interface Zone {
  offset: number;
  until: number;
}

/** Offsets change at quarter-hours. */
const QUARTER = 900_000;
/** Longer than any value that follows from the time keeps (a day), with a clock change in between. */
const AHEAD = 26 * 3_600_000;
export const UTC: Zone = { offset: 0, until: Number.POSITIVE_INFINITY };
/** Time-zone data is the host's and its answers never change, so they are shared; bounded by {@link MOST_KNOWN}. */
const known = new Map<string, Zone>();
const MOST_KNOWN = 1000;
/** More than twice the longest name in the time-zone database. */
const LONGEST_NAME = 80;

/**
 * The zone of a visitor at a moment. An unknown name is UTC. Without a name, `local` says whether the host's own zone is
 * the visitor's, as it is in a page.
 */
export function zoneAt(timeZone: string | number | undefined, now: number, local: boolean): Zone {
  if (typeof timeZone === "number") return Number.isFinite(timeZone) ? { offset: timeZone, until: UTC.until } : UTC;
  if (!Number.isFinite(now)) return UTC;
  if (typeof timeZone !== "string") return local ? between((at) => -new Date(at).getTimezoneOffset(), now) : UTC;
  if (timeZone.length > LONGEST_NAME) return UTC;
  const key = `${timeZone} ${Math.floor(now / QUARTER)}`;
  let zone = known.get(key);
  if (zone === undefined) {
    zone = named(timeZone, now);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, zone);
  }
  return zone;
}

function named(timeZone: string, now: number): Zone {
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
    return between((at) => offsetIn(format, at), now);
  } catch {
    return UTC;
  }
}

function between(offsetAt: (at: number) => number, now: number): Zone {
  const offset = offsetAt(now);
  if (offsetAt(now + AHEAD) === offset) return { offset, until: UTC.until };
  // Somewhere in between the clocks change. Closing in on it leaves the first quarter-hour with another offset.
  let before = Math.floor(now / QUARTER);
  let after = Math.ceil((now + AHEAD) / QUARTER);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle * QUARTER) === offset) before = middle;
    else after = middle;
  }
  return { offset, until: after * QUARTER };
}

/** Reads "GMT", "GMT+5:30" or "GMT-03:00". */
function offsetIn(format: Intl.DateTimeFormat, at: number): number {
  const name = format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0"] = /GMT(?:([+-])(\d+)(?::(\d+))?)?/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

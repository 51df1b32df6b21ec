// Makes a failing case smaller for as long as it still fails.

/** After so many milliseconds a case is small enough: telling it comes before a test is over. */
const MOST = 90_000;

/** The smallest case that `fails`, reached by taking parts away one at a time. */
export async function shrunk(start, fails) {
  const end = Date.now() + MOST;
  let smallest = start;
  for (let found = true; found; ) {
    found = false;
    let inVain = 0;
    let steps = simpler(smallest);
    for (let step = steps.next(); !step.done; step = steps.next()) {
      if (Date.now() > end) return smallest;
      if (await fails(step.value)) {
        found = true;
        smallest = step.value;
        // Steps that were in vain mostly stay so: they are tried again only after all others.
        steps = simpler(smallest);
        for (let skipped = 0; skipped < inVain; skipped++) steps.next();
      } else {
        inVain++;
      }
    }
  }
  return smallest;
}

/** Everything that is one step simpler: a part replaced by one of its own parts, left out, or simpler itself. */
function* simpler(value) {
  if (typeof value === "string") yield* shorter(value);
  if (typeof value === "number" && value !== 0) {
    yield 0;
    if (!Number.isInteger(value)) yield Math.trunc(value);
  }
  if (typeof value !== "object" || value === null) return;
  const entries = Object.entries(value);
  const made = (kept) => (Array.isArray(value) ? kept.map(([, member]) => member) : Object.fromEntries(kept));
  for (const [, member] of entries) {
    yield member;
    // Two levels at once: a list of conditions is no condition, but its only one is.
    if (typeof member === "object" && member !== null) yield* Object.values(member);
  }
  for (const index of entries.keys()) yield made(entries.filter((_, place) => place !== index));
  for (const [index, [name, member]] of entries.entries()) {
    // A path that is shorter.
    const inner = name.replace(/^[^.]*\./, "");
    if (inner !== name) yield made(entries.map((entry, place) => (place === index ? [inner, member] : entry)));
    for (const smaller of simpler(member)) {
      yield made(entries.map((entry, place) => (place === index ? [name, smaller] : entry)));
    }
  }
}

/** A text without one of its parts, large ones first; never empty, and no character is cut in two. */
function* shorter(text) {
  const characters = [...text];
  for (let size = characters.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < characters.length; at += size) yield characters.toSpliced(at, size).join("");
  }
}

/** Whether what is left of attributes, or of a context, still is such. */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as source text, with what JSON cannot hold. */
export function source(value) {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(source).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${source(member)}`)
    .join(", ")} }`;
}

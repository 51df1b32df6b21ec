// Values that JSON cannot hold, as JSON: `{"$js": …}` stands for one, at any depth. Nothing here needs Node.

/** What JSON with such values stands for. */
export function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  switch (value.$js) {
    case undefined:
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revive(member)]));
    case "undefined":
      return undefined;
    case "text":
      return String.fromCharCode(...value.units);
    default:
      return Number(value.$js);
  }
}

/** The other way round. What is missing from a list is `undefined`. */
export function written(value) {
  if (Array.isArray(value)) return Array.from(value, written);
  if (value === undefined) return { $js: "undefined" };
  if (typeof value === "number" && !Number.isFinite(value)) return { $js: String(value) };
  if (Object.is(value, -0)) return { $js: "-0" };
  if (typeof value === "string" && !value.isWellFormed()) {
    return { $js: "text", units: Array.from({ length: value.length }, (_, index) => value.charCodeAt(index)) };
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, written(member)]));
}

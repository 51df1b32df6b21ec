/**
 * The variants that `?slotwise=hero:urgent,cta:control` names, by slot. What is no pair, such as `on`, names none; slots and
 * variants that the bundle does not know are passed over by the engine.
 */
export function readForce(text: string): Record<string, string> {
  const pairs = text.split(",").map((pair): [string, string] => {
    const at = pair.indexOf(":");
    return at < 0 ? ["", ""] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs.filter(([slot, variant]) => slot !== "" && variant !== ""));
}

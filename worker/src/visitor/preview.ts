/** The parameter that previews variants: `?slotwise=hero:urgent,cta:control`. */
const PARAMETER = "slotwise";

/** The variants that an address asks to preview, by slot. Names that the bundle does not know are passed over later. */
export function previewOf(url: URL): Record<string, string> {
  const pairs = url.searchParams.get(PARAMETER)?.split(",") ?? [];
  return Object.fromEntries(pairs.map((pair) => pair.split(":")).filter((pair) => pair.length === 2));
}

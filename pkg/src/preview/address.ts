/** The parameter that previews: `?slotwise=hero:urgent,cta:control`, `on`, or `off`. */
const PARAMETER = "slotwise";

/** This page's address with some variants forced; without any, the preview goes on with what is decided. */
export function previewing(force: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(force).map((pair) => pair.map(encodeURIComponent).join(":"));
  return address(pairs.join(",") || "on");
}

/** This page's address, with the preview ended. */
export function ended(): string {
  return address("off");
}

/** Whether a name can stand in the address, where these characters part names and white space around them is passed over. */
export function isPreviewable(name: string): boolean {
  return name !== "" && name === name.trim() && !/[,:]/.test(name);
}

/** Written by hand, because `URLSearchParams` would escape the `:` and `,` that make it readable. */
function address(value: string): string {
  const url = new URL(location.href);
  url.searchParams.delete(PARAMETER);
  url.search += `${url.search === "" ? "?" : "&"}${PARAMETER}=${value}`;
  return url.href;
}

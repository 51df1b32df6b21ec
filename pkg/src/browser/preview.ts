import { readForce } from "../preview/force.js";

/** Where the tab keeps what is previewed. */
const KEPT = "slotwise.preview";

/** A preview: somebody of the site's looks at what others would see. */
export interface Preview {
  /** The variants that slots are made to show. */
  force: Record<string, string>;
}

/**
 * What is previewed in this tab: as `?slotwise=hero:urgent,cta:control` says, or said on an earlier page. `?slotwise` alone, or
 * with `on`, previews without forcing anything more; `?slotwise=off` ends it.
 */
export function previewOf(url: string = location.href): Preview | undefined {
  const asked = new URL(url).searchParams.get("slotwise");
  if (asked === "off") keep(null);
  else if (asked !== null) keep(asked === "on" || asked === "" ? (kept() ?? "") : asked);
  const text = asked === "off" ? null : kept();
  return text === null ? undefined : { force: readForce(text) };
}

/** Previews other variants in this tab from now on; gives the value of `?slotwise=` that says the same. */
export function keepPreview(force: Record<string, string>): string {
  const text = Object.entries(force)
    .map((pair) => pair.join(":"))
    .join(",");
  keep(text);
  return text || "on";
}

/** Ends the preview in this tab. */
export function endPreview(): void {
  keep(null);
}

/** Storage may be forbidden: then the preview is of one page only. */
let unkept: string | null = null;

function kept(): string | null {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return unkept;
  }
}

function keep(text: string | null): void {
  unkept = text;
  try {
    if (text === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, text);
  } catch {
    // It is kept in this page.
  }
}

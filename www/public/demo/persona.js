// Who the demonstration takes its visitor for: fields named `as.…` in the address, or in a cookie for the pages after it.

const COOKIE = "slotwise_as";

/** The persona's fields, without those that are left empty; none when the visitor is taken as they are. */
export function personaFields() {
  const asked = new URLSearchParams(location.search);
  if (asked.has("as.clear")) return new URLSearchParams();
  const inAddress = [...asked].filter(([name]) => name.startsWith("as."));
  const fields = inAddress.length > 0 ? inAddress : [...new URLSearchParams(kept())];
  return new URLSearchParams(fields.filter(([name, value]) => name.startsWith("as.") && value !== ""));
}

/** Keeps a persona for as long as the browser is open. The Worker does it where there is one. */
export function keep(fields) {
  const age = fields.size > 0 ? "" : "; Max-Age=0";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet.
  document.cookie = `${COOKIE}=${encodeURIComponent(fields)}; Path=/; SameSite=Lax${age}`;
}

/** The cookie's value is a query string within a query string, so that whatever it holds is decoded without an error. */
function kept() {
  const pair = document.cookie.split("; ").find((text) => text.startsWith(`${COOKIE}=`));
  return new URLSearchParams(pair).get(COOKIE) ?? "";
}

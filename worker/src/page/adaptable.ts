/** Charsets in which ASCII is not ASCII, as the rewriter needs it, by all their names: https://encoding.spec.whatwg.org/#names-and-labels. */
const UNREADABLE_CHARSETS =
  /^(utf-?16|utf-?32|utf-?7|(cs)?iso-?2022|(iso-10646-)?ucs-2|(cs)?unicode(feff|fffe)?$|hz-gb|replacement)/i;
const READABLE_ENCODINGS = /^(identity|gzip|x-gzip|br)?$/i;

/** Why a response is passed on as it is; `undefined` for a page that can be adapted. */
export function reasonToPass(response: Response): string | undefined {
  const { headers, status } = response;
  if (!/^text\/html\b/i.test(headers.get("content-type") ?? "")) return "not HTML";
  if (status !== 200) return `status ${status}`;
  if (!READABLE_ENCODINGS.test(headers.get("content-encoding")?.trim() ?? "")) return "content encoding";
  if (UNREADABLE_CHARSETS.test(charsetOf(response) ?? "")) return "charset";
  if (/^attachment\b/i.test(headers.get("content-disposition") ?? "")) return "attachment";
  // RFC 9110, 7.7: a proxy must not change what is marked so.
  if (/\bno-transform\b/i.test(headers.get("cache-control") ?? "")) return "no-transform";
  return undefined;
}

/** The charset that a response names. */
export function charsetOf({ headers }: Response): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers.get("content-type") ?? "")?.[1];
}

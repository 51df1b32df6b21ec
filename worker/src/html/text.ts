// Bytes of a page as text.

/** Makes text of bytes in a page's charset. */
export type Decode = (bytes: Uint8Array) => string;

const decodes = new Map<string, Decode>();
/** So many names of charsets are remembered; there are not many more. */
const MOST_CHARSETS = 100;

/** The {@link Decode} of a charset in which ASCII is ASCII; throws for one that is not known. */
export function decodeOf(charset: string): Decode {
  let decode = decodes.get(charset);
  if (decode === undefined) {
    const decoder = new TextDecoder(charset, { fatal: false, ignoreBOM: true });
    decode = (bytes) => ascii(bytes) ?? decoder.decode(bytes);
    if (decodes.size >= MOST_CHARSETS) decodes.clear();
    decodes.set(charset, decode);
  }
  return decode;
}

/** Bytes that are few and ASCII as text, for which a decoder takes longer. */
function ascii(bytes: Uint8Array): string | undefined {
  const codes: number[] = [];
  if (bytes.length > 64) return undefined;
  for (const code of bytes) {
    if (code > 0x7f) return undefined;
    codes.push(code);
  }
  return String.fromCharCode(...codes);
}

/** Whether bytes spell a name of HTML, which is given in lower case, in whatever case. */
export function spell(bytes: Uint8Array, start: number, end: number, name: string): boolean {
  if (end - start !== name.length) return false;
  for (let index = 0; index < name.length; index++) {
    const code = bytes[start + index] as number;
    const lowered = code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
    if (lowered !== name.charCodeAt(index)) return false;
  }
  return true;
}

import { SlotwiseError } from "../error.js";

/** What a signed file ends with, behind its signature; see `src/bundle/codec.rs`. */
const MAGIC = "\x89SIG\r\n\x1a\n";
/** Bytes of an Ed25519 signature (RFC 8032). */
const SIGNATURE = 64;
const TRAILER = SIGNATURE + MAGIC.length;

/** As `verifyBundle`, which fetches this module where it is used. */
export async function verify(file: Uint8Array, publicKey: string): Promise<Uint8Array> {
  const end = file.length - TRAILER;
  if (end < 0 || String.fromCharCode(...file.subarray(-MAGIC.length)) !== MAGIC) {
    throw new SlotwiseError("not_signed", "the bundle is not signed; build it with `slotwise build --sign key.pem`");
  }
  const signature = file.subarray(end, -MAGIC.length);
  if (await isSigned(file.subarray(0, end), signature, publicKey)) return file;
  throw new SlotwiseError("bad_signature", "the bundle is signed by another key, or was changed after it was signed");
}

/** Whether a message carries an Ed25519 signature by the private key to a public one. */
export async function isSigned(message: Uint8Array, signature: Uint8Array, publicKey: string): Promise<boolean> {
  const key = await importKey(publicKey);
  return (
    signature.length === SIGNATURE &&
    crypto.subtle.verify("Ed25519", key, signature as BufferSource, message as BufferSource)
  );
}

async function importKey(publicKey: string): Promise<CryptoKey> {
  const bytes = decoded(publicKey);
  if (bytes.length !== 32) {
    throw new SlotwiseError("bad_key", "publicKey must be the base64 of 32 bytes, as `slotwise keygen` prints it");
  }
  try {
    return await crypto.subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
  } catch (thrown) {
    throw new SlotwiseError("no_crypto", `Ed25519 signatures cannot be verified here: ${(thrown as Error)?.message}`);
  }
}

/** The bytes of base64; none when it is none. */
export function decoded(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

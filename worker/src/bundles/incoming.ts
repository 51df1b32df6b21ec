import type { Problem } from "slotwise";
import { compile } from "slotwise/compiler";
import { SlotwiseError } from "slotwise/slim";
import { problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { type Live, opened } from "./live.ts";
import { digestOf } from "./store.ts";

/** A bundle that can go live. */
export interface Accepted {
  live: Live;
  /** Warnings of the compiler. */
  warnings: Problem[];
}

/** The first byte of a compiled bundle, which no JSON begins with. */
const COMPILED = 0x89;

/** Checks what was sent, and opens it; or says everything that is wrong with it. */
export async function accept(sent: Uint8Array, settings: Settings): Promise<Accepted | Response> {
  if (sent[0] === COMPILED) return open(sent, [], settings);
  if (settings.publicKey !== undefined) {
    const detail =
      "This Worker takes signed bundles only: slotwise build bundle.json -o bundle.slotwise --sign key.pem";
    return problem("unsupported-type", detail);
  }
  const { bytes, problems } = await compile(new TextDecoder().decode(sent));
  if (bytes === undefined) {
    const errors = problems.filter(({ severity }) => severity === "error").length;
    return problem("bundle-refused", `The check found ${errors} error${errors === 1 ? "" : "s"}.`, { problems });
  }
  return open(bytes, problems, settings);
}

async function open(file: Uint8Array, warnings: Problem[], settings: Settings): Promise<Accepted | Response> {
  try {
    return { live: await opened(file, await digestOf(file), "store", settings), warnings };
  } catch (thrown) {
    if (!(thrown instanceof SlotwiseError)) throw thrown;
    return problem("bundle-refused", thrown.message, { code: thrown.code });
  }
}

// Native code's answers to cases: see tests/decider.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const DECIDER = fileURLToPath(new URL("../../target/release/slotwise-decider", import.meta.url));

/** The answers to cases, as `answersOf` in `answers.mjs` gives them elsewhere. */
export async function nativeAnswers(cases) {
  const decider = spawn(DECIDER, { stdio: ["pipe", "pipe", "inherit"] });
  const closed = once(decider, "close");
  decider.stdin.end(cases.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const lines = (await text(decider.stdout)).trimEnd().split("\n");
  const [code] = await closed;
  if (code !== 0) throw new Error(`slotwise-decider ended with ${code}`);
  return lines.map((line) => {
    const { file, decisions } = JSON.parse(line);
    // Numbers are written anew, because serde_json and JavaScript do not put them into the same words: 1e21 and 1e+21.
    return { file, decisions: decisions.map((decision) => JSON.stringify(decision)) };
  });
}

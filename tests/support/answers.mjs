// What one place makes of cases: the compiled file, and whole decisions with every step, as text to be compared with other places.
// Nothing here needs Node.
//
// A case is `{ bundle, contexts }`, and is JSON: contexts have `{"$js": …}` for what JSON cannot hold.

import { revive } from "./js-values.mjs";

/** The answers to cases, in their order: `{ file, decisions }`, the file in hexadecimal. `compile` and `load` are the package's. */
export async function answersOf(cases, { compile, load }) {
  const answers = [];
  for (const { bundle, contexts } of cases) answers.push(await answerOf(bundle, contexts, compile, load));
  return answers;
}

async function answerOf(bundle, contexts, compile, load) {
  const { bytes, problems } = await compile(bundle);
  if (bytes === undefined) return { file: `refused: ${JSON.stringify(problems)}`, decisions: [] };
  const engine = await load(bytes);
  const decisions = [];
  for (const context of contexts) decisions.push(await decisionOf(engine, revive(context)));
  engine.free();
  return { file: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""), decisions };
}

/** The runtime decides and the compiler explains, so that both are compared, with each other as well. */
async function decisionOf(engine, context) {
  const result = JSON.stringify(engine.personalize(context));
  const { result: explained, steps } = await engine.explain(context);
  if (JSON.stringify(explained) !== result) return `decided ${result}, explained ${JSON.stringify(explained)}`;
  return JSON.stringify({ result: JSON.parse(result), steps });
}

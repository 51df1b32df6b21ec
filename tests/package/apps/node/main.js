import { readFile } from "node:fs/promises";
import { load, SlotwiseError } from "slotwise";
import { compile } from "slotwise/compiler";
import { answerOf, reasonOf } from "./shared/visitor.js";

const file = await readFile("public/bundle.slotwise");
const engine = await load(file);
const { bytes } = await compile(await readFile("public/bundle.json", "utf8"));
const refusal = await load(file.subarray(1)).catch((error) => error);

console.log(
  JSON.stringify({
    answer: answerOf(engine),
    reason: await reasonOf(engine),
    compilesTheSame: file.equals(bytes),
    refuses: refusal instanceof SlotwiseError && refusal.code,
  }),
);

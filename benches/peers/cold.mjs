// Cold: a process that has loaded nothing yet imports the package, starts its WebAssembly, loads a bundle and decides once. Node's
// own start is not counted.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as flipt from "./flipt.mjs";
import { median } from "./measure.mjs";
import * as slotwise from "./slotwise.mjs";
import { makeSlots } from "./workload.mjs";

const ROUNDS = 15;

const PROGRAMS = {
  ours: `
    const { load } = await import("slotwise");
    const engine = await load(file);
    return engine.personalize({ attributes: visitor, consent: { experiments: true, personalization: true } }).slots["slot-0"].variant;`,
  theirs: `
    const { open } = await import("./flipt.mjs");
    const client = await open(JSON.parse(file));
    return client.evaluateVariant({ flagKey: "slot-0", entityId: visitor.targetingKey, context: { country: visitor.country } }).variantKey;`,
};

export async function rows(progress) {
  progress("cold start");
  const slots = makeSlots(10);
  const folder = mkdtempSync(join(tmpdir(), "slotwise-cold-"));
  const files = { ours: join(folder, "bundle.slotwise"), theirs: join(folder, "snapshot.json") };
  writeFileSync(files.ours, await slotwise.compiled(slots));
  writeFileSync(files.theirs, JSON.stringify(flipt.snapshot(slots)));
  const times = { ours: [], theirs: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const who of ["ours", "theirs"]) times[who].push(timeOf(PROGRAMS[who], files[who]));
  }
  rmSync(folder, { recursive: true });
  return [
    {
      name: "import, start and load, then the first decision, cold",
      ours: median(times.ours),
      theirs: median(times.theirs),
      peer: "@flipt-io/flipt-client-js",
      unit: "ms",
      better: "lower",
      target: { atLeast: 5 },
    },
  ];
}

function timeOf(program, file) {
  const script = `
    const { readFileSync } = await import("node:fs");
    const file = readFileSync(${JSON.stringify(file)});
    const visitor = { targetingKey: "visitor-1", country: "DE", plan: "pro", device: "phone", visits: 12 };
    const run = async () => {${program}};
    const start = performance.now();
    const arm = await run();
    const spent = performance.now() - start;
    if (arm !== "control" && arm !== "treatment") throw new Error("no arm: " + arm);
    console.log(spent);
    process.exit();`;
  const options = { cwd: import.meta.dirname, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", script], options);
  return Number(printed.trim().split("\n").at(-1));
}

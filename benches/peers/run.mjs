// Runs the comparisons and writes what they gave: node --expose-gc run.mjs [TOPIC…]
//
// With no topic, all of them, and the results go to ../results.json and ../results.svg; with topics, only a table is printed.

import { writeFileSync } from "node:fs";
import { chart } from "./chart.mjs";
import { table, withRatio } from "./report.mjs";
import { versions } from "./versions.mjs";

const TOPICS = ["decide", "scale", "load", "cold", "size", "profile", "rank", "edge"];

const asked = process.argv.slice(2);
const unknown = asked.filter((topic) => !TOPICS.includes(topic));
if (unknown.length > 0) {
  console.error(`error: unknown topic ${unknown.join(", ")}.\n       Topics: ${TOPICS.join(", ")}.`);
  process.exit(1);
}
if (globalThis.gc === undefined) {
  console.error(
    "error: garbage cannot be collected between turns.\n       Run it as: node --expose-gc benches/peers/run.mjs",
  );
  process.exit(1);
}

const rows = [];
for (const topic of asked.length > 0 ? asked : TOPICS) {
  const { rows: measure } = await import(`./${topic}.mjs`);
  for (const row of await measure((line) => console.error(`==> ${line}`)))
    rows.push({ ...withRatio(row), versions: versions(row.peer) });
}
console.log(table(rows));
if (asked.length === 0) {
  const write = (name, text) => writeFileSync(new URL(`../${name}`, import.meta.url), text);
  write("results.json", `${JSON.stringify(rows, null, 2)}\n`);
  write("results.svg", chart(rows));
}
// Some peers keep timers that would keep the process.
process.exit();

// Runs the comparisons and writes what they gave: node run.mjs [TOPIC…]
//
// With no topic, all of them, and the results go to ../results.json and ../results.svg; with topics, only a table is printed. Each topic
// has a process of its own, where code is not made for what another topic has run it with.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chart } from "./chart.mjs";
import { table, withRatio } from "./report.mjs";
import { versions } from "./versions.mjs";

const TOPICS = ["decide", "wide", "parsed", "scale", "load", "cold", "size", "profile", "rank", "edge"];

const asked = process.argv.slice(2);
const unknown = asked.filter((topic) => !TOPICS.includes(topic));
if (unknown.length > 0) {
  console.error(`error: unknown topic ${unknown.join(", ")}.\n       Topics: ${TOPICS.join(", ")}.`);
  process.exit(1);
}
const rows = [];
for (const topic of asked.length > 0 ? asked : TOPICS) {
  // Garbage is collected between turns.
  const topicOf = ["--expose-gc", fileURLToPath(new URL("topic.mjs", import.meta.url)), topic];
  const printed = execFileSync(process.execPath, topicOf, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  // Whatever a peer says comes before.
  for (const row of JSON.parse(printed.trim().split("\n").at(-1)))
    rows.push({ ...withRatio(row), versions: { ...versions(row.peer), ...row.versions } });
}
console.log(table(rows));
if (asked.length === 0) {
  const write = (name, text) => writeFileSync(new URL(`../${name}`, import.meta.url), text);
  write("results.json", `${JSON.stringify(rows, null, 2)}\n`);
  write("results.svg", chart(rows));
}

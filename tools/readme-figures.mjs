// Writes the figures of benches/results.json into the README, between two marks. A test calls `figures` and compares.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const README = new URL("../README.md", import.meta.url);
const [START, END] = ["<!-- figures: make bench -->", "<!-- end of figures -->"];

/** The README with the figures of some results between its marks. */
export function withFigures(readme, results) {
  const [before, rest] = readme.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`README.md has lost its marks ${START} and ${END}`);
  return `${before}${START}\n${figures(results)}\n${END}${after}`;
}

function figures(results) {
  const rows = results.filter(({ peer }) => peer !== "floor");
  const line = ({ name, ours, theirs, unit, ratio, peer = "", target, met }) =>
    `| ${name} | ${amount(ours, unit)} | ${theirs === undefined ? "" : amount(theirs, unit)} | ${peer && code(peer)} | ${ratio === undefined ? "" : `${ratio}×`} | ${target === undefined ? "" : aim(target, unit)}${met === false ? ", missed" : ""} |`;
  return [
    "| | Slotwise | the peer | | better by | aim |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map(line),
  ].join("\n");
}

function amount(value, unit) {
  return unit === "×" ? `${value}×` : `${value.toLocaleString("en-US", { maximumFractionDigits: 3 })} ${unit}`;
}

function aim({ atLeast, atMost }, unit) {
  return atLeast === undefined ? `at most ${amount(atMost, unit)}` : `${atLeast}×`;
}

/** Names of packages as code, sentences as they are. */
function code(peer) {
  return peer.replace(/^@[\w-]+\/[\w-]+/, "`$&`");
}

export const results = () => JSON.parse(readFileSync(new URL("../benches/results.json", import.meta.url), "utf8"));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(README, withFigures(readFileSync(README, "utf8"), results()));
}

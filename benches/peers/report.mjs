/** Adds how many times better ours is, and whether the target is met; both are missing where there is nothing to compare with. */
export function withRatio({ name, ours, theirs, peer, unit, better, target }) {
  const ratio = theirs === undefined ? undefined : better === "lower" ? theirs / ours : ours / theirs;
  const met =
    target === undefined
      ? undefined
      : (target.atLeast ?? 0) <= (ratio ?? Infinity) && ours <= (target.atMost ?? Infinity);
  return { name, ours: rounded(ours), theirs: rounded(theirs), peer, ratio: rounded(ratio), target, met, unit };
}

/** The row of times in microseconds, of which `times` has ours and those of peers. */
export function timed(name, times, peer, atLeast) {
  const target = atLeast && { atLeast };
  return { name, ours: times.slotwise, theirs: times[peer], peer, unit: "µs", better: "lower", target };
}

/** Three significant digits: what the next run gives again. */
function rounded(value) {
  return value === undefined ? undefined : Number(value.toPrecision(3));
}

/** The rows for a terminal. */
export function table(rows) {
  const cells = [
    ["what", "Slotwise", "theirs", "", "ratio", "target", "peer"],
    ...rows.map(({ name, ours, theirs = "–", unit, ratio, target, met, peer = "–" }) => [
      name,
      String(ours),
      String(theirs),
      unit,
      ratio === undefined ? "–" : `${ratio}×`,
      aim(target) + (met === undefined ? "" : met ? " ✓" : " ✗"),
      peer,
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const isText = (column) => [0, 3, 6].includes(column);
  const line = (row) =>
    row.map((cell, column) => (isText(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column])));
  return cells.map((row) => line(row).join("  ").trimEnd()).join("\n");
}

function aim(target) {
  if (target === undefined) return "";
  return target.atLeast === undefined ? `≤ ${target.atMost}` : `≥ ${target.atLeast}×`;
}

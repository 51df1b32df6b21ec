// The chart of the README: how many times better than each peer, on a logarithmic axis, with the target as a mark.

const [WIDTH, LEFT, RIGHT, ROW, TOP] = [860, 370, 70, 34, 44];
/** Where the axis starts. */
const LEAST = 0.2;
const TICKS = [1, 10, 100, 1000];

/** An SVG of the rows that have a ratio and a target. */
export function chart(rows) {
  const bars = rows.filter(({ ratio, target }) => ratio !== undefined && target?.atLeast !== undefined);
  const height = TOP + bars.length * ROW + 12;
  const most = Math.max(10, ...bars.map(({ ratio, target }) => Math.max(ratio, target.atLeast)));
  const x = (ratio) =>
    LEFT + (Math.log10(Math.max(ratio, LEAST) / LEAST) / Math.log10(most / LEAST)) * (WIDTH - LEFT - RIGHT);
  const ticks = TICKS.filter((tick) => tick <= most).map(
    (tick) =>
      `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP - 8}" y2="${height - 8}"/><text class="tick" x="${x(tick)}" y="${TOP - 14}">${tick}×</text>`,
  );
  const lines = bars.map((row, index) => bar(row, TOP + index * ROW, x));
  const told = bars.map(({ name, peer, ratio }) => `${name}: ${ratio} times ${peer}`).join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc">
<title id="title">How many times better Slotwise is than each peer</title>
<desc id="desc">${escaped(told)}</desc>
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.peer, .tick { fill: #59636e; font-size: 11px }
.tick { text-anchor: middle }
.ratio { text-anchor: end }
.bar { fill: #2563a8 }
.missed { fill: #b35900 }
.grid { stroke: #d1d9e0 }
.target { stroke: #1f2328; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .peer, .tick { fill: #9198a1 } .bar { fill: #6aa9ee } .missed { fill: #e0953f } .grid { stroke: #3d444d } .target { stroke: #f0f6fc }
}
</style>
<text class="peer" x="${LEFT}" y="14">times better; the mark is the target</text>
${[...ticks, ...lines].join("\n")}
</svg>
`;
}

function bar({ name, peer, ratio, target, met }, y, x) {
  const [from, to] = [x(LEAST), x(ratio)];
  return [
    `<text x="0" y="${y + 11}">${escaped(name)}</text>`,
    `<text class="peer" x="0" y="${y + 25}">${escaped(peer)}</text>`,
    `<rect class="bar${met ? "" : " missed"}" x="${from}" y="${y + 3}" width="${Math.max(1, to - from).toFixed(1)}" height="14" rx="2"/>`,
    `<text class="ratio" x="${WIDTH}" y="${y + 15}">${ratio}×</text>`,
    `<line class="target" x1="${x(target.atLeast)}" x2="${x(target.atLeast)}" y1="${y}" y2="${y + 20}"/>`,
  ].join("");
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

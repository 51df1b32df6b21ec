// `make demo`: what it prints, and that it serves the page until it is told to stop.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

/** Runs the demonstration; `said` grows while it runs. */
function demo(...options) {
  const child = spawn(process.execPath, ["tools/demo.mjs", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  const run = { child, said: "", complaints: "", ended: once(child, "close") };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    run.said += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    run.complaints += text;
  });
  return run;
}

test("prints what three visitors see, and why", async () => {
  const run = demo("--print");
  const [status] = await run.ended;
  assert.equal(run.complaints, "");
  assert.equal(status, 0);
  const visitors = run.said.split("\n\n").slice(1);
  assert.equal(visitors.length, 3);
  const expected = [
    [
      /^Ewa in Kraków/,
      /hero +krakow-morning: Good morning, Kraków/,
      /order +todays-roast: Order today’s roast/,
      /delivery +local:/,
    ],
    [
      /^Joe in New York/,
      /hero +evening: Good evening, New York/,
      /order +plain: the page as it is/,
      /delivery +abroad:/,
    ],
    [
      /phone in Tokyo/,
      /hero +everywhere: the page as it is/,
      /order +plain: .*\n[\s\S]*consent_required/,
      /delivery +abroad:/,
    ],
  ];
  for (const [index, patterns] of expected.entries()) {
    for (const pattern of patterns) assert.match(visitors[index], pattern);
  }
  assert.match(visitors[0], /in segment "in-the-morning"\? yes/);
  assert.match(visitors[1], /"order-button" gives "plain" \(assigned, bucket 0\.0177\)/);
  assert.ok(!run.said.includes("\x1b"), "no colours where there is no terminal");
});

test("serves the page to each visitor until Ctrl-C", { timeout: 90_000 }, async () => {
  const run = demo();
  try {
    while (!run.said.includes("Ctrl-C")) {
      const [end] = await Promise.race([once(run.child.stdout, "data"), run.ended.then(() => [undefined])]);
      assert.notEqual(end, undefined, run.complaints);
    }
    const addresses = run.said.match(/http:\S+/g);
    assert.equal(addresses.length, 4);
    const headings = ["Good morning, Kraków", "Good evening, New York", "Coffee, roasted this morning"];
    for (const [index, heading] of headings.entries()) {
      const html = await (await fetch(addresses[index + 1])).text();
      assert.ok(html.includes(`<h1>${heading}</h1>`), heading);
    }
    run.child.kill("SIGINT");
    const [status] = await run.ended;
    assert.equal(status, 0, run.complaints);
    assert.equal(run.complaints, "");
    await assert.rejects(fetch(addresses[0]));
  } finally {
    run.child.kill("SIGTERM");
  }
});

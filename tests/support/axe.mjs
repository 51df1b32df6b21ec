// What axe finds on a page that would shut somebody out.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The source of axe, for `page.evaluate`. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The serious and critical violations of a page, each with the markup that it was found in. */
export async function seriousViolations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

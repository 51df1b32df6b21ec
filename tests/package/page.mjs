// The shared page in Chromium, as any app serves it.

import assert from "node:assert/strict";
import { openPage } from "../support/browser.mjs";
import { ANSWER } from "./answer.mjs";
import { fetchedModules } from "./modules.mjs";

/**
 * Opens the page and sees that it shows Ewa her slots, decides what every app decides, and explains it, with one runtime fetched
 * and the compiler only to explain. `look` gets the page, to look at the rest.
 */
export async function checkPage(browser, app, url, look = async () => {}) {
  const { page, complaints, close } = await openPage(browser);
  try {
    const modules = fetchedModules(app, page);
    await page.goto(url.href);
    await page.locator("#answer:not(:empty)").waitFor({ timeout: 60_000 });
    assert.deepEqual(JSON.parse(await page.locator("#answer").textContent()), ANSWER);
    assert.equal(await page.locator("[data-slot=hero]").innerHTML(), "<h1>Hello, Kraków</h1>");
    assert.deepEqual(await modules(), ["runtime"]);
    await page.locator("#why").click();
    await page.locator("#reason", { hasText: "Kraków" }).waitFor();
    assert.deepEqual(await modules(), ["compiler", "runtime"]);
    await look(page);
    assert.deepEqual(complaints, []);
  } finally {
    await close();
  }
}

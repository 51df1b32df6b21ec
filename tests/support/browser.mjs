// A Chromium, and pages in it that notice what goes wrong and what changes.

import { chromium } from "playwright-core";
import { chromiumOptions } from "../../tools/chromium.mjs";

export const launch = () => chromium.launch(chromiumOptions());

/**
 * Opens a page in a visitor of its own. `options` are playwright's for a context. Beside the page come
 * `requests` (paths, in order), `exceptions` that nobody caught, `complaints` (those, and errors and warnings of the console),
 * and `close()`.
 */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests = [];
  const exceptions = [];
  const complaints = [];
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
  page.on("pageerror", (error) => {
    exceptions.push(error.message);
    complaints.push(error.message);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  await context.addInitScript(watch);
  return { page, requests, exceptions, complaints, close: () => context.close() };
}

/**
 * Runs in the page before its own scripts. Notes every change of a slot once the page is parsed, every shift of the
 * layout since its first frame with all of it, and which headings have been in sight, frame by frame.
 *
 * A slow machine paints a page that has half come, and moves words as the rest comes, without anybody's doing.
 */
function watch() {
  window.__changes = [];
  window.__shift = 0;
  let whole = Number.POSITIVE_INFINITY;
  window.__seen = [];
  const look = () => {
    const heading = document.querySelector("h1");
    if (heading !== null && getComputedStyle(heading).visibility === "visible") {
      if (window.__seen.at(-1) !== heading.textContent) window.__seen.push(heading.textContent);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const note = (records) => {
    for (const { target, type, attributeName } of records) {
      const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      const slot = element?.closest("[data-slot]");
      if (slot) window.__changes.push(`${slot.dataset.slot}: ${type} ${attributeName ?? ""}`.trim());
    }
  };
  // Module scripts run after this state is reached and before DOMContentLoaded.
  document.addEventListener("readystatechange", () => {
    if (document.readyState !== "interactive") return;
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(note).observe(document, everything);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        whole = performance.now();
      }),
    );
  });
  new PerformanceObserver((list) => {
    for (const { value, startTime } of list.getEntries()) if (startTime >= whole) window.__shift += value;
  }).observe({ type: "layout-shift", buffered: true });
}

/** What each slot of the page shows: its mark and its text, and whether it is visible. */
export function slotsOf(page) {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll("[data-slot]")].map((slot) => [
        slot.dataset.slot,
        {
          variant: slot.getAttribute("data-slotwise"),
          text: slot.innerText.replace(/\s+/g, " ").trim(),
          visible: getComputedStyle(slot).visibility === "visible",
        },
      ]),
    ),
  );
}

/** Waits until the page's own script has done its part. */
export const settled = (page) => page.locator("#why:not([hidden])").waitFor({ state: "attached" });

/** Runs in the page before its own scripts: it is being prerendered until `window.activate()` is called. */
export function prerendered() {
  let prerendering = true;
  Object.defineProperty(document, "prerendering", { get: () => prerendering });
  window.activate = () => {
    prerendering = false;
    document.dispatchEvent(new Event("prerenderingchange"));
  };
}

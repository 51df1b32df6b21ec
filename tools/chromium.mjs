// Finds the Chromium that browser tests drive. Run as a command it prints the path, or says what to do.
//
//   import { chromiumOptions } from "../../tools/chromium.mjs";
//   const browser = await chromium.launch(chromiumOptions());   // playwright-core

import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Nothing but the page under test may use the network, and no sandbox: containers often forbid it. */
export const LAUNCH_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The path of a Chromium or Chrome: `CHROME_PATH`, then the search path, then macOS applications. Undefined if none. */
export function findChromium(env = process.env) {
  if (env.CHROME_PATH) return isExecutable(env.CHROME_PATH) ? env.CHROME_PATH : undefined;
  const folders = (env.PATH ?? "").split(delimiter).filter(isAbsolute);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...APPLICATIONS].find(isExecutable);
}

/** Options for playwright-core's `chromium.launch`. Throws, with what to do, when there is no browser. */
export function chromiumOptions() {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(missing());
  return { executablePath, args: LAUNCH_FLAGS, headless: true };
}

function missing() {
  return process.env.CHROME_PATH
    ? `CHROME_PATH is set to ${process.env.CHROME_PATH}, which is not a program. Correct it or unset it.`
    : "No Chromium or Chrome was found. Install one (Debian: apt-get install chromium) or set CHROME_PATH to its program.";
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const path = findChromium();
  if (path) console.log(path);
  else {
    console.error(`error: ${missing()}`);
    process.exitCode = 1;
  }
}

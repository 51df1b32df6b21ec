// A folder in which the package is installed, for what has to find it by its name, through the conditions of its exports.

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../../pkg", import.meta.url));
const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Copies files of this folder beside the installed package. Call `dispose` when done. */
export function installed(...files) {
  const folder = mkdtempSync(join(tmpdir(), "slotwise-installed-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(PACKAGE, join(folder, "node_modules", "slotwise"), "junction");
  for (const file of files) copyFileSync(join(HERE, file), join(folder, basename(file)));
  return { folder, dispose: () => rmSync(folder, { recursive: true }) };
}

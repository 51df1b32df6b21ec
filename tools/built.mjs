// Run by wrangler before it bundles the Worker: refuses, with what to do, when the project has not been built.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NEEDED = ["pkg/dist/slim.js", "pkg/dist/compiler.workerd.js", "worker/site/bundle.slotwise"];
const root = new URL("../", import.meta.url);

const missing = NEEDED.filter((path) => !existsSync(fileURLToPath(new URL(path, root))));
if (missing.length > 0) {
  console.error(
    `error: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing.\n       Build the project first: make build`,
  );
  process.exitCode = 1;
}

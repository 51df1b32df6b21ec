// The package's WebAssembly, told by its bytes: where an app has it, and what a page fetches of it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Which of the package's WebAssembly modules these bytes are, if they are any. */
function moduleOf({ folder }, bytes) {
  if (!bytes.subarray(0, 4).equals(Buffer.from("\0asm"))) return undefined;
  const own = ["runtime", "compiler", "page", "profile", "rank"].find((name) =>
    bytes.equals(readFileSync(join(folder, `node_modules/slotwise/dist/${name}.wasm`))),
  );
  return own ?? `another of ${bytes.length} bytes`;
}

/** The modules among the files of a folder of the app, each as often as it is there. */
export function modulesIn(app, under) {
  return readdirSync(join(app.folder, under), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => moduleOf(app, readFileSync(join(entry.parentPath, entry.name))))
    .filter((name) => name !== undefined)
    .sort();
}

/** Watches which WebAssembly a page fetches. An address counts once, however often it is fetched. */
export function fetchedModules(app, page) {
  const found = new Map();
  page.on("response", (response) => {
    if (found.has(response.url())) return;
    const module = response.body().then(
      (body) => moduleOf(app, body),
      () => undefined,
    );
    found.set(response.url(), module);
  });
  return async () => (await Promise.all(found.values())).filter((name) => name !== undefined).sort();
}

// Sites that are not the demonstration's, for the Worker to serve. They are made under target/.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * Makes a site of a few files (by path, with their content) and a Wrangler configuration that serves it with the Worker.
 * Starts from nothing, or from a copy of the folder `from`; without the Worker when `adapted` is false. Returns the paths of
 * both.
 */
export function makeSite(name, files, { from, adapted = true } = {}) {
  const folder = resolve("target/test-sites", name);
  const site = join(folder, "site");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(site, { recursive: true });
  if (from !== undefined) cpSync(from, site, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) rmSync(join(site, path));
    else writeFileSync(join(site, path), content);
  }
  const config = join(folder, "wrangler.toml");
  writeFileSync(config, adapted ? configFor(site) : `name = "assets"\n[assets]\ndirectory = ${JSON.stringify(site)}\n`);
  return { site, config };
}

/** The project's configuration with another folder of assets, and their own page for what is not there. */
function configFor(site) {
  const main = resolve("worker/shim.js");
  const changes = [
    [/^main = .*$/m, `main = ${JSON.stringify(main)}`],
    [/^directory = .*$/m, `directory = ${JSON.stringify(site)}\nnot_found_handling = "404-page"`],
  ];
  let config = readFileSync("wrangler.toml", "utf8");
  for (const [line, other] of changes) {
    if (!line.test(config)) throw new Error(`wrangler.toml has no line like ${line}`);
    config = config.replace(line, () => other);
  }
  return config;
}

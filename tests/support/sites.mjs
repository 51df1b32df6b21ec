// Sites that are not the demonstration's, for the Worker to serve. They are made under target/.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const MAIN = "worker/src/index.ts";

/**
 * Makes a site of a few files (by path, with their content; `undefined` takes one away) and a Wrangler configuration that
 * serves it with the Worker. Starts from nothing, or from a copy of the folder `from`. `vars` are the Worker's variables,
 * `kv` binds a store for bundles, `limited` the project's own limit of publications, `main` is another entry of the Worker. Without the Worker when `adapted` is false. Returns the
 * paths of both.
 */
export function makeSite(
  name,
  files,
  { from, vars = {}, kv = false, limited = false, main = MAIN, adapted = true } = {},
) {
  const folder = resolve("target/test-sites", name);
  const site = join(folder, "site");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(site, { recursive: true });
  if (from !== undefined) cpSync(from, site, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const target = join(site, path);
    if (content === undefined) rmSync(target);
    else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
  }
  const config = join(folder, "wrangler.toml");
  writeFileSync(config, adapted ? workerConfig({ name, site, vars, kv, limited, main }) : assetsConfig(site));
  return { site, config };
}

function assetsConfig(site) {
  return `name = "assets"\n[assets]\ndirectory = ${JSON.stringify(site)}\n`;
}

/** What the project's own configuration says of the Worker, with another folder of assets and other variables. */
function workerConfig({ name, site, vars, kv, limited, main }) {
  const project = readFileSync("wrangler.toml", "utf8");
  const [date] = /^compatibility_date = .*$/m.exec(project);
  const lines = [
    `name = ${JSON.stringify(name)}`,
    `main = ${JSON.stringify(resolve(main))}`,
    date,
    "[assets]",
    `directory = ${JSON.stringify(site)}`,
    'binding = "ASSETS"',
    "run_worker_first = true",
    'not_found_handling = "404-page"',
    "[vars]",
    ...Object.entries(vars).map(([key, value]) => `${key} = ${JSON.stringify(String(value))}`),
  ];
  if (kv) lines.push("[[kv_namespaces]]", 'binding = "BUNDLES"', 'id = "bundles"');
  if (limited) lines.push(/^\[\[ratelimits\]\][^[]*\[ratelimits\.simple\][^[]*/m.exec(project)[0]);
  return `${lines.join("\n")}\n`;
}

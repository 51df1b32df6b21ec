// The Worker in workerd, with nothing in front of it and little beside it. Wrangler's development server, which stands before
// `startWorker`'s, reads every page itself: that hides what becomes of a connection, and how much memory a page takes.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, cpSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import workerd from "workerd";
import { unstable_readConfig } from "wrangler";

const run = promisify(execFile);
const HERE = fileURLToPath(new URL(".", import.meta.url));
const SERVICES = ["assets", "store", "cache"];

/**
 * Half of what Cloudflare grants an isolate, in MB: so garbage is collected as it is there, and whoever leaks does not get far. Without
 * a limit, V8 lets memory grow to several hundred MB before it looks for garbage.
 */
const HEAP = 64;

/**
 * The Worker of a Wrangler configuration, bundled as it would be deployed. `replaced` has, by name, what a module of it holds instead,
 * such as `{ "runtime.wasm": bytes }`.
 *
 *   const worker = await startBareWorker({ config: "target/…/wrangler.toml" });
 *   await worker.fetch("/");        // a Response; redirects are not followed
 *   worker.url
 *   worker.logs                     // what it has logged, line by line
 *   await worker.memory()           // what workerd holds of the machine's memory now, in bytes
 *   await worker.dispose();
 */
export async function startBareWorker({ config, replaced = {} }) {
  const { compatibility_date, vars, assets } = unstable_readConfig({ config });
  const folder = join(dirname(config), "bare");
  await run("wrangler", ["deploy", "--dry-run", "--outdir", join(folder, "bundled"), "--config", config]);
  const names = readdirSync(join(folder, "bundled")).filter((name) => /\.(?:js|wasm)$/.test(name));
  // The first module is the one that runs.
  names.sort((one, other) => Number(other === "index.js") - Number(one === "index.js"));
  const modules = names.map((name) => {
    // Wrangler puts a digest and a hyphen before the name.
    const instead = replaced[name.replace(/^[0-9a-f]+-/, "")];
    if (instead !== undefined) writeFileSync(join(folder, "bundled", name), instead);
    return module(name, name.endsWith(".js") ? "esModule" : "wasm", `bundled/${name}`);
  });
  for (const service of SERVICES) copyFileSync(join(HERE, `${service}.mjs`), join(folder, `${service}.mjs`));
  cpSync(join(assets.directory, "bundle.slotwise"), join(folder, "bundle.slotwise"));
  const texts = Object.entries(vars).map(([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`);
  const path = join(folder, "config.capnp");
  writeFileSync(path, configOf({ date: compatibility_date, modules, texts }));

  const child = spawn(workerd.default, ["serve", path, "--control-fd=3"], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const logs = [];
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on("line", (line) => logs.push(line));
  }
  const said = createInterface({ input: child.stdio[3] });
  const [listening] = await Promise.race([once(said, "line"), once(child, "exit")]);
  if (typeof listening !== "string") throw new Error(`workerd has not started: ${logs.join("\n")}`);
  const url = new URL(`http://127.0.0.1:${JSON.parse(listening).port}`);
  return {
    url,
    logs,
    fetch: (path, options) => fetch(new URL(path, url), { redirect: "manual", ...options }),
    memory: async () => Number((await run("ps", ["-o", "rss=", "-p", String(child.pid)])).stdout) * 1024,
    dispose: async () => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function configOf({ date, modules, texts }) {
  const worker = (name, modules, bindings) =>
    `(name = "${name}", worker = (
      compatibilityDate = "${date}",
      globalOutbound = "here",
      cacheApiOutbound = "cache",
      modules = [${modules.join(", ")}],
      bindings = [${bindings.join(", ")}],
    ))`;
  const service = (name, bindings = []) => worker(name, [module(name, "esModule", `${name}.mjs`)], bindings);
  const bindings = [...texts, '(name = "ASSETS", service = "assets")', '(name = "BUNDLES", kvNamespace = "store")'];
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "here", network = (allow = ["local"])),
    ${worker("main", modules, bindings)},
    ${service("assets", ['(name = "FILE", data = embed "bundle.slotwise")'])},
    ${service("store")},
    ${service("cache")},
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  v8Flags = ["--max-old-space-size=${HEAP}", "--max-semi-space-size=1"],
);
`;
}

const module = (name, type, file) => `(name = "${name}", ${type} = embed "${file}")`;

const quoted = (text) => JSON.stringify(String(text));

// The Worker in workerd, with nothing in front of it. Wrangler's development server, which stands before `startWorker`'s, reads every
// page itself: that hides what becomes of a connection, and how much memory a page takes.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";

const run = promisify(execFile);

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
  const folder = join(dirname(config), "bundled");
  await run("wrangler", ["deploy", "--dry-run", "--outdir", folder, "--config", config]);
  const names = readdirSync(folder).filter((name) => /\.(?:js|wasm)$/.test(name));
  // The first module is the one that runs.
  names.sort((one, other) => Number(other === "index.js") - Number(one === "index.js"));
  const modules = names.map((name) => {
    const path = join(folder, name);
    // Wrangler puts a digest and a hyphen before the name.
    const contents = replaced[name.replace(/^[0-9a-f]+-/, "")] ?? readFileSync(path);
    return { type: name.endsWith(".js") ? "ESModule" : "CompiledWasm", path, contents };
  });
  const { modulesRules: _, ...options } = unstable_getMiniflareWorkerOptions(config).workerOptions;
  const logs = [];
  const anyPort = { host: "127.0.0.1", port: 0 };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      ...anyPort,
      name: "worker",
      modulesRoot: folder,
      modules,
      unsafeDirectSockets: [anyPort],
      handleStructuredLogs: ({ message }) => logs.push(message),
    }),
  );
  await miniflare.ready;
  const url = await miniflare.unsafeGetDirectURL();
  return {
    url,
    logs,
    fetch: (path, options) => fetch(new URL(path, url), { redirect: "manual", ...options }),
    memory: memoryOfWorkerd,
    dispose: () => miniflare.dispose(),
  };
}

/** What the workerd that this process has started holds in memory, in bytes. */
async function memoryOfWorkerd() {
  const { stdout } = await run("ps", ["-A", "-o", "ppid=,rss=,comm="]);
  const found = stdout.split("\n").map((line) => /^\s*(\d+)\s+(\d+)\s+(?:.*\/)?workerd$/.exec(line));
  const ours = found.filter((match) => Number(match?.[1]) === process.pid);
  if (ours.length !== 1) throw new Error(`this process has started ${ours.length} workerd, not one`);
  return Number(ours[0][2]) * 1024;
}

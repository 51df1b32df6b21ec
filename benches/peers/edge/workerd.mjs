// Starts Workers in the real workerd, each in a process of its own, with the same kind of configuration.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import workerd from "workerd";

const WORKERS = fileURLToPath(new URL("workers/", import.meta.url));
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDER = resolve(ROOT, "target/benches/edge");
const [, DATE] = /^compatibility_date = "(.*)"$/m.exec(readFileSync(join(ROOT, "wrangler.toml"), "utf8"));

/** A Worker of `workers/` in front of the origin at `origin`; `bindings` are further variables. */
export function startPeer(name, origin, bindings = {}) {
  const main = join(WORKERS, `${name}.js`);
  return start(name, { main: { main, bindings: texts({ ORIGIN: origin, ...bindings }) } });
}

/** Our Worker in front of the origin at `origin`, with `bundle` published in its store. */
export async function startOurs(origin, bundle) {
  const digest = createHash("sha256").update(bundle).digest("hex");
  const live = { revision: 1, digest, at: 0 };
  const pointer = JSON.stringify({ live, highest: 1, sequence: 1, history: [] });
  mkdirSync(join(FOLDER, "slotwise"), { recursive: true });
  writeFileSync(join(FOLDER, "slotwise", "bundle.slotwise"), bundle);
  return start("slotwise", {
    main: {
      main: join(ROOT, "worker/src/index.ts"),
      bindings: [
        ...texts({ ORIGIN: origin }),
        '(name = "ASSETS", service = "assets")',
        '(name = "BUNDLES", kvNamespace = "store")',
      ],
    },
    assets: { main: join(WORKERS, "assets.js"), bindings: [] },
    store: {
      main: join(WORKERS, "store.js"),
      bindings: [...texts({ POINTER: pointer }), '(name = "FILE", data = embed "bundle.slotwise")'],
    },
  });
}

/** Starts the service `main`, which others may stand beside; resolves when it listens. */
async function start(name, services) {
  const folder = join(FOLDER, name);
  mkdirSync(folder, { recursive: true });
  const workers = [];
  for (const [service, { main, bindings }] of Object.entries(services)) {
    workers.push(worker(service, await bundled(main, folder, service), bindings));
  }
  const config = join(folder, "config.capnp");
  writeFileSync(config, configOf(workers));
  const child = spawn(workerd.default, ["serve", config, "--control-fd=1"], { stdio: ["ignore", "pipe", "inherit"] });
  const { port } = await firstLine(child, name);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    close: () => child.kill("SIGKILL"),
  };
}

/** Bundles a Worker for workerd; resolves to its modules, as the configuration names them. */
async function bundled(main, folder, service) {
  const out = join(folder, service);
  rmSync(out, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: { main },
    outdir: out,
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["workerd"],
    mainFields: ["module", "main"],
    nodePaths: [join(ROOT, "benches/peers/node_modules")],
    target: "es2022",
    minify: true,
    metafile: true,
    logLevel: "warning",
    external: ["*.wasm"],
  });
  const modules = [`(name = "main", esModule = embed "${service}/main.js")`];
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  for (const path of new Set(imports.map(({ path }) => path).filter((path) => path.endsWith(".wasm")))) {
    const file = path.replace(/^.*\//, "");
    cpSync(join(ROOT, "pkg/dist", file), join(out, file));
    modules.push(`(name = "${path.replace(/^\.\//, "")}", wasm = embed "${service}/${file}")`);
  }
  return modules;
}

function worker(name, modules, bindings) {
  return `(name = "${name}", worker = (
    compatibilityDate = "${DATE}",
    globalOutbound = "loopback",
    modules = [${modules.join(", ")}],
    bindings = [${bindings.join(", ")}],
  ))`;
}

function configOf(workers) {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "loopback", network = (allow = ["local"])),
    ${workers.join(",\n    ")},
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}

function texts(values) {
  return Object.entries(values).map(([name, value]) => `(name = "${name}", text = ${JSON.stringify(value)})`);
}

/** What a process says first, as JSON. */
async function firstLine(child, name) {
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error(`workerd did not start the Worker "${name}": its message is above`);
}

// An app in a folder of its own, outside of this project, in which the packed package is installed as anybody installs it.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compiled } from "../support/bundles.mjs";
import { BUNDLE } from "../support/edge.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HERE = join(ROOT, "tests/package");
/** In milliseconds: for the longest build, on a busy machine. */
const PATIENCE = 240_000;

/**
 * Puts the packages of a folder into node_modules: as links, because copying Next.js takes a while, or copied where there can be
 * none. npm writes into one file that is there, so that one is left out.
 */
const TAKE_PACKAGES = `
mkdir node_modules
cp -RPl "$0/." node_modules 2>/dev/null || cp -RP "$0/." node_modules
rm -f node_modules/.package-lock.json
`;

/**
 * Makes an app of `apps/`: its files, the shared ones, what its lock file names, and the package from a tarball. The bundle
 * is in `public/`.
 */
export async function installApp(name) {
  const folder = mkdtempSync(join(tmpdir(), `slotwise-${name}-`));
  const app = {
    folder,
    /** Runs a command in the app's folder, and gives what it printed. */
    run: (command, ...args) => run(folder, command, args),
    /** Starts a server in the app's folder, and waits until it has printed its address. */
    serve: (command, ...args) => serve(folder, command, args),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
  cpSync(join(HERE, "apps", name), folder, { recursive: true, filter: (path) => basename(path) !== ".npmrc" });
  cpSync(join(HERE, "shared"), join(folder, "shared"), { recursive: true });
  copyFileSync(join(ROOT, ".npmrc"), join(folder, ".npmrc"));
  if (existsSync(join(folder, "package-lock.json"))) {
    const packages = join(ROOT, ".tools/apps", name, "node_modules");
    assert.ok(existsSync(packages), "the app's packages are not installed: tools/setup.sh apps");
    await run(folder, "sh", ["-ec", TAKE_PACKAGES, packages]);
  }
  mkdirSync(join(folder, "public"), { recursive: true });
  writeFileSync(join(folder, "public/bundle.json"), JSON.stringify(BUNDLE));
  writeFileSync(join(folder, "public/bundle.slotwise"), await compiled(BUNDLE));
  const packed = JSON.parse(await run(join(ROOT, "pkg"), "npm", ["pack", "--json", "--pack-destination", folder]));
  await app.run("npm", "install", "--offline", "--no-save", `./${packed[0].filename}`);
  return app;
}

async function run(cwd, command, args) {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, timeout: PATIENCE, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (thrown) {
    throw new Error(`${[command, ...args].join(" ")} failed:\n${thrown.stdout}\n${thrown.stderr}`);
  }
}

async function serve(cwd, command, args) {
  // Where CI is set, tools colour even what a program reads.
  const env = { ...process.env, NO_COLOR: "1" };
  const server = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"], timeout: PATIENCE });
  const ended = new Promise((resolve) => server.once("close", resolve));
  const close = () => {
    server.kill();
    return ended;
  };
  const said = [];
  for await (const line of createInterface(server.stdout)) {
    said.push(line);
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (address === undefined) continue;
    server.stdout.resume();
    return { url: new URL(address), close };
  }
  throw new Error(`${[command, ...args].join(" ")} ended before it listened:\n${said.join("\n")}`);
}

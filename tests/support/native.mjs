// The command line, which is the engine as native code runs it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SLOTWISE = fileURLToPath(new URL("../../target/release/slotwise", import.meta.url));

/** The exit code for a context that is wrong. */
const REFUSED = 2;

/** What the command line prints; `undefined` when it refuses what it was given. */
function slotwise(args) {
  const { status, stdout, stderr, error } = spawnSync(SLOTWISE, args, { maxBuffer: 1 << 28 });
  if (error) throw error;
  if (status === 0) return stdout.toString();
  if (status === REFUSED) return undefined;
  throw new Error(`slotwise ${args.join(" ")}: ${stderr}`);
}

/** A folder for bundles and keys, with what native code does with them. Call `dispose` when done. */
export function native() {
  const folder = mkdtempSync(join(tmpdir(), "slotwise-native-"));
  let count = 0;
  return {
    /** The file that native code compiles a bundle to, signed with a key when there is one. */
    build(bundle, key) {
      const authored = join(folder, `${++count}.json`);
      const compiled = join(folder, `${count}.slotwise`);
      writeFileSync(authored, JSON.stringify(bundle));
      slotwise(["build", authored, "-o", compiled, ...(key === undefined ? [] : ["--sign", key])]);
      return { path: compiled, bytes: readFileSync(compiled) };
    },
    /** A new private key, by its path, and the public one. */
    keygen() {
      const path = join(folder, `${++count}.pem`);
      return { path, publicKey: slotwise(["keygen", path]).trim() };
    },
    /** Writes a file into the folder. */
    write(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content, { mode: 0o600 });
      return path;
    },
    /** What is said of a file that is signed by a key; throws for one that is not. */
    verify: (path, publicKey) => slotwise(["verify", path, "--key", publicKey]),
    /** A decision and its steps; `undefined` for a context that the command line refuses. The context is JSON, a profile its bytes. */
    explain(path, context, profile) {
      const kept =
        profile === undefined ? [] : ["--profile", this.write("profile", Buffer.from(profile).toString("base64url"))];
      const told = slotwise(["explain", path, "--context", JSON.stringify(context), "--json", ...kept]);
      return told === undefined ? undefined : JSON.parse(told);
    },
    dispose: () => rmSync(folder, { recursive: true }),
  };
}

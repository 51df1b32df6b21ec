import { existsSync, readFileSync } from "node:fs";

const FOLDERS = [new URL("./node_modules/", import.meta.url), new URL("../../node_modules/", import.meta.url)];

/** The versions that a row was measured with: ours, Node's and the peer's, when it is a package. */
export function versions(peer = "") {
  const [name] = peer.split(",");
  const packages = { slotwise: versionOf("slotwise"), node: process.versions.node };
  const version = versionOf(name);
  return version === undefined ? packages : { ...packages, [name]: version };
}

/** The version of a package that is installed; `undefined` when it is none. */
export function versionOf(name) {
  if (!/^(@[\w-]+\/)?[\w-]+$/.test(name)) return undefined;
  const found = FOLDERS.map((folder) => new URL(`${name}/package.json`, folder)).find((url) => existsSync(url));
  return found && JSON.parse(readFileSync(found, "utf8")).version;
}

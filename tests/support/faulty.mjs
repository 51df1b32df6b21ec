// A package whose wasm fails at will: a copy of dist/ with modules that are changed before anything loads them.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import binaryen from "binaryen";

const DIST = new URL("../../pkg/dist/", import.meta.url);

/** How much memory a module may take in all: its own 17 pages of 64 KB, and about 1.3 MB for visitors or pages. */
const MOST_PAGES = 37;

/** As `WASM_OPT_FLAGS` in tools/build-wasm.sh, as far as something of it is in the modules. */
const { BulkMemory, BulkMemoryOpt, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt, SIMD128 } =
  binaryen.Features;
const FEATURES =
  BulkMemory | BulkMemoryOpt | Multivalue | MutableGlobals | NontrappingFPToInt | ReferenceTypes | SignExt | SIMD128;

/** Copies the package and makes some of its modules faulty; `open` imports a file of the copy. */
export function faultyPackage(...names) {
  return packageWith(faultyModule, names);
}

/** The same with modules whose memory ends early. */
export function narrowPackage(...names) {
  return packageWith(narrowModule, names);
}

function packageWith(change, names) {
  const folder = mkdtempSync(join(tmpdir(), "slotwise-faulty-"));
  cpSync(DIST, folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const name of names) {
    writeFileSync(join(folder, name), change(name));
  }
  return {
    open: (file) => import(pathToFileURL(join(folder, file)).href),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/**
 * A module of the package, but it traps wherever it would ask the host to read a number from text, in the middle of its work, and
 * its memory ends early.
 */
export function faultyModule(name) {
  const module = narrow(name);
  let patched = 0;
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const { name, base, params, results } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (!base.startsWith("__wbg_Number_")) continue;
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.unreachable());
    patched++;
  }
  if (patched !== 1) throw new Error(`${patched} functions read numbers, not one`);
  return binaryOf(module);
}

/** A module of the package whose memory ends early. */
export function narrowModule(name) {
  return binaryOf(narrow(name));
}

function narrow(name) {
  const whole = binaryen.readBinary(readFileSync(new URL(name, DIST)));
  const text = whole.emitText();
  whole.dispose();
  const module = binaryen.parseText(text.replace(/(\(memory \$\S+ \d+)\)/, `$1 ${MOST_PAGES})`));
  module.setFeatures(FEATURES);
  return module;
}

function binaryOf(module) {
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

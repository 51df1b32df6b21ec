import { SlotwiseError } from "../error.js";
import type * as glue from "../generated/runtime/slotwise.js";
import type { Reason, Source } from "../types.js";
import { Engine, type Tools } from "./engine.js";

/** Where a compiled bundle comes from. */
export type BundleSource = Uint8Array | ArrayBuffer | Response | URL | Promise<Response>;

/** What is different from one place to another. */
export interface Environment {
  glue: typeof glue;
  /** Finds the runtime module. Called once. */
  module(): Promise<WebAssembly.Module | Response>;
  /** Whether the host's time zone is the visitor's. */
  local: boolean;
  /** Fetches a bundle by its address. */
  fetch(url: URL): Promise<Uint8Array | Response>;
  /** Opens the compiler module. */
  tools?: () => Promise<Tools>;
}

/** Makes the `load` of an environment. */
export function loader(environment: Environment): (source: BundleSource) => Promise<Engine> {
  let started: Promise<WebAssembly.Memory> | undefined;
  const engines = new WeakMap<object, Promise<Engine>>();
  const open = async (source: BundleSource, freed?: () => void): Promise<Engine> => {
    started ??= start(environment).catch((thrown) => {
      started = undefined;
      throw thrown;
    });
    const [memory, file] = await Promise.all([started, read(source, environment)]);
    return engineOf(environment.glue, memory, file, environment.local, environment.tools, freed);
  };
  return (source) => {
    // An address may lead to something new; everything else is the bundle itself, and loading it again gives the same engine.
    if (typeof source !== "object" || source === null || source instanceof URL) return open(source);
    let engine = engines.get(source);
    if (engine === undefined) {
      const forget = () => engines.delete(source);
      engine = open(source, forget);
      engines.set(source, engine);
      engine.catch(forget);
    }
    return engine;
  };
}

/** Makes an engine of a compiled bundle in a module that has been started. */
export function engineOf(
  wasm: Pick<typeof glue, "Runtime" | "sources" | "reasons" | "mintId">,
  memory: WebAssembly.Memory,
  file: Uint8Array,
  local: boolean,
  tools: (() => Promise<Tools>) | undefined,
  freed?: () => void,
): Engine {
  const codes = { sources: wasm.sources().split(" ") as Source[], reasons: wasm.reasons().split(" ") as Reason[] };
  let runtime: glue.Runtime;
  try {
    runtime = new wasm.Runtime(file);
  } catch (thrown) {
    throw SlotwiseError.from(thrown);
  }
  return new Engine(runtime, file, { memory, codes, local, tools, freed, mintId: wasm.mintId });
}

async function start(environment: Environment): Promise<WebAssembly.Memory> {
  try {
    const { memory } = await environment.glue.default({ module_or_path: await environment.module() });
    return memory;
  } catch (thrown) {
    throw new SlotwiseError("no_wasm", `the engine's WebAssembly could not be started: ${(thrown as Error)?.message}`);
  }
}

/** The bytes of a bundle, which are the engine's own from here on. */
async function read(source: BundleSource, environment: Environment): Promise<Uint8Array> {
  try {
    const given = await source;
    return await bytesOf(given instanceof URL ? await environment.fetch(given) : given);
  } catch (thrown) {
    if (thrown instanceof SlotwiseError) throw thrown;
    const where = source instanceof URL ? ` from ${source.href}` : "";
    throw new SlotwiseError("fetch_failed", `the bundle could not be fetched${where}: ${(thrown as Error)?.message}`);
  }
}

async function bytesOf(given: Uint8Array | ArrayBuffer | Response): Promise<Uint8Array> {
  if (given instanceof Uint8Array) return Uint8Array.from(given);
  if (given instanceof ArrayBuffer) return new Uint8Array(given.slice(0));
  if (!(given instanceof Response)) {
    throw new SlotwiseError("wrong_source", "load() takes a Uint8Array, an ArrayBuffer, a Response or a URL");
  }
  if (given.ok) return new Uint8Array(await given.arrayBuffer());
  throw new SlotwiseError("fetch_failed", `the bundle could not be fetched: ${given.url} answered ${given.status}`);
}

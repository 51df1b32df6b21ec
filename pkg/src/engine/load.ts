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
  const open = async (source: BundleSource): Promise<Engine> => {
    started ??= start(environment).catch((thrown) => {
      started = undefined;
      throw thrown;
    });
    const bytes = Promise.resolve(source).then((given) => read(given, environment));
    const [memory, file] = await Promise.all([started, bytes]);
    return engineOf(environment.glue, memory, file, environment.local, environment.tools);
  };
  return (source) => {
    // An address may lead to something new; everything else is the bundle itself, and loading it again gives the same engine.
    if (typeof source !== "object" || source === null || source instanceof URL) return open(source);
    let engine = engines.get(source);
    if (engine === undefined) {
      engine = open(source);
      engines.set(source, engine);
      engine.catch(() => engines.delete(source));
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
): Engine {
  const codes = { sources: wasm.sources().split(" ") as Source[], reasons: wasm.reasons().split(" ") as Reason[] };
  let runtime: glue.Runtime;
  try {
    runtime = new wasm.Runtime(file);
  } catch (thrown) {
    throw SlotwiseError.from(thrown);
  }
  return new Engine(runtime, file, { memory, codes, local, tools, mintId: wasm.mintId });
}

async function start(environment: Environment): Promise<WebAssembly.Memory> {
  try {
    const { memory } = await environment.glue.default({ module_or_path: await environment.module() });
    return memory;
  } catch (thrown) {
    throw new SlotwiseError("no_wasm", `the engine's WebAssembly could not be started: ${(thrown as Error)?.message}`);
  }
}

async function read(source: Exclude<BundleSource, Promise<Response>>, environment: Environment): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof URL) return read(await fetched(source, environment), environment);
  if (source instanceof Response) {
    if (source.ok) return new Uint8Array(await source.arrayBuffer());
    throw new SlotwiseError("fetch_failed", `the bundle could not be fetched: ${source.url} answered ${source.status}`);
  }
  throw new SlotwiseError("wrong_source", "load() takes a Uint8Array, an ArrayBuffer, a Response or a URL");
}

async function fetched(url: URL, environment: Environment): Promise<Uint8Array | Response> {
  try {
    return await environment.fetch(url);
  } catch (thrown) {
    throw new SlotwiseError(
      "fetch_failed",
      `the bundle could not be fetched: ${url.href}: ${(thrown as Error)?.message}`,
    );
  }
}

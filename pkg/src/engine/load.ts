import { SlotwiseError } from "../error.js";
import type * as glue from "../generated/runtime/slotwise.js";
import type { Reason, Source } from "../types.js";
import { Engine, type Host, type Tools } from "./engine.js";
import type { Instance } from "./instance.js";

/** Where a compiled bundle comes from. */
export type BundleSource = Uint8Array | ArrayBuffer | Response | URL | Promise<Response>;

/** What is different from one place to another. */
export interface Environment {
  glue: Glue;
  /** What the glue is started in. */
  instance: Instance;
  /** Finds the runtime module. Called once. */
  module(): Promise<WebAssembly.Module | Response>;
  /** Whether the host's time zone is the visitor's. */
  local: boolean;
  /** Fetches a bundle by its address. */
  fetch(url: URL): Promise<Uint8Array | Response>;
  /** Opens the compiler module. */
  tools?: (() => Promise<Tools>) | undefined;
}

/** The part of a module's glue that engines use. */
export type Glue = Pick<typeof glue, "Runtime" | "sources" | "reasons" | "mintId">;

/** Makes the `load` of an environment. */
export function loader(environment: Environment): (source: BundleSource) => Promise<Engine> {
  const { glue, instance, local, tools } = environment;
  let started: Promise<void> | undefined;
  const engines = new WeakMap<object, Promise<Engine>>();
  const open = async (source: BundleSource, freed?: () => void): Promise<Engine> => {
    started ??= start(environment).catch((thrown) => {
      started = undefined;
      throw thrown;
    });
    const [file] = await Promise.all([read(source, environment), started]);
    return new Engine(file, hostOf(glue, instance, { local, tools, freed }));
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

/** What an engine needs of a module that has been started. */
export function hostOf(
  { Runtime, sources, reasons, mintId }: Glue,
  instance: Instance,
  rest: Pick<Host, "local" | "tools" | "freed">,
): Host {
  return {
    ...rest,
    instance,
    Runtime,
    codes: instance.run(() => ({
      sources: sources().split(" ") as Source[],
      reasons: reasons().split(" ") as Reason[],
    })),
    mintId: () => instance.run(mintId),
  };
}

async function start({ instance, module }: Environment): Promise<void> {
  try {
    await instance.start(await module());
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

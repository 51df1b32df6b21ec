import { SlotwiseError } from "../error.js";
import type * as glue from "../generated/runtime/slotwise.js";
import type { Profiles } from "../profile/profile.js";
import type { Ranks } from "../rank/rank.js";
import { Engine, type Tools } from "./engine.js";
import type { Instance } from "./instance.js";

/** Where a compiled bundle comes from. */
export type BundleSource = Uint8Array | ArrayBuffer | Response | URL | Promise<Response>;

/** How a bundle is loaded. */
export interface LoadOptions {
  /**
   * The public key that the bundle has to be signed for, as `slotwise keygen` prints it: the base64 of 32 bytes. Nothing else
   * looks at the bytes before the signature is verified. Without it, signed bundles load like all others.
   */
  publicKey?: string;
  /** `profiles` of `slotwise/profile`, for a bundle that asks what the visitor did, where `load` does not find it: in Workers. */
  profiles?: () => Promise<Profiles>;
  /** `ranks` of `slotwise/rank`, for a bundle that ranks items, where `load` does not find it: in Workers. */
  ranks?: () => Promise<Ranks>;
}

/** The `load` of an environment. */
export type Load = (source: BundleSource, options?: LoadOptions) => Promise<Engine>;

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
  /** Opens the profiles module, for bundles that ask what the visitor did. */
  profiles?: (() => Promise<Profiles>) | undefined;
  /** Opens the rankings module, for bundles that rank items. */
  ranks?: (() => Promise<Ranks>) | undefined;
}

/** The part of a module's glue that engines use. */
export type Glue = Pick<typeof glue, "Runtime">;

/**
 * Checks that a compiled bundle was signed by the private key to a public one: the base64 of its 32 bytes, as
 * `slotwise keygen` prints it. Gives the file as it is, or throws a `SlotwiseError`.
 */
export async function verifyBundle(file: Uint8Array, publicKey: string): Promise<Uint8Array> {
  // Few ask for it, and what all have to fetch before they can decide is to be small.
  const { verify } = await import("./signature.js");
  return verify(file, publicKey);
}

/** Makes the `load` of an environment. */
export function loader(environment: Environment): Load {
  const { glue, instance, local, tools } = environment;
  let started: Promise<void> | undefined;
  const engines = new WeakMap<object, Map<string | undefined, Promise<Engine>>>();
  const open = async (
    source: BundleSource,
    { publicKey, profiles, ranks }: LoadOptions,
    freed?: () => void,
  ): Promise<Engine> => {
    started ??= start(environment).catch((thrown) => {
      started = undefined;
      throw thrown;
    });
    const file = read(source, environment);
    const verified = publicKey === undefined ? file : file.then((bytes) => verifyBundle(bytes, publicKey));
    const [bytes] = await Promise.all([verified, started]);
    const engine = new Engine(bytes, { instance, Runtime: glue.Runtime, local, tools, freed });
    if (engine.needsProfile || engine.needsRanks) {
      try {
        const needed = [
          engine.needsProfile ? broughtAlong("profiles", profiles ?? environment.profiles) : undefined,
          engine.needsRanks ? broughtAlong("ranks", ranks ?? environment.ranks) : undefined,
        ] as const;
        engine.use(await needed[0], await needed[1]);
      } catch (thrown) {
        engine.free();
        throw thrown;
      }
    }
    return engine;
  };
  return (source, options = {}) => {
    // An address may lead to something new; everything else is the bundle itself, and loading it again gives the same engine.
    if (typeof source !== "object" || source === null || source instanceof URL) return open(source, options);
    const ofSource = engines.get(source) ?? new Map();
    engines.set(source, ofSource);
    const { publicKey } = options;
    let engine = ofSource.get(publicKey);
    if (engine === undefined) {
      const forget = () => ofSource.delete(publicKey);
      engine = open(source, options, forget);
      ofSource.set(publicKey, engine);
      engine.catch(forget);
    }
    return engine;
  };
}

/** What a bundle needs besides, or word that it is missing: deciding as if nobody had done anything would be wrong without a word. */
async function broughtAlong<T>(name: "profiles" | "ranks", open: (() => Promise<T>) | undefined): Promise<T> {
  if (open !== undefined) return open();
  const [does, entry] = name === "ranks" ? ["ranks items", "rank"] : ["asks what the visitor did", "profile"];
  const help = `bring it along: load(bundle, { ${name} }), with ${name} of "slotwise/${entry}"`;
  throw new SlotwiseError(`no_${name}`, `the bundle ${does}, which needs the ${name} module; ${help}`);
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
  if (given instanceof Uint8Array) return new Uint8Array(given);
  if (given instanceof ArrayBuffer) return new Uint8Array(given.slice(0));
  if (!(given instanceof Response)) {
    throw new SlotwiseError("wrong_source", "load() takes a Uint8Array, an ArrayBuffer, a Response or a URL");
  }
  if (given.ok) return new Uint8Array(await given.arrayBuffer());
  throw new SlotwiseError("fetch_failed", `the bundle could not be fetched: ${given.url} answered ${given.status}`);
}

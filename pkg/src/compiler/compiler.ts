import type { Host, Tools } from "../engine/engine.js";
import { engineOf } from "../engine/load.js";
import { SlotwiseError } from "../error.js";
import type * as glue from "../generated/compiler/slotwise.js";
import type { Context, Explanation, Problem, Step } from "../types.js";

/** A bundle compiled, or why not. */
export type Compiled = { bytes: Uint8Array; problems: Problem[] } | { bytes: undefined; problems: Problem[] };

/** What the compiler module does. */
export interface Compiler {
  /** Compiles a bundle, given as an object or as JSON text. `bytes` are there unless a problem is an error. */
  compile(bundle: unknown): Promise<Compiled>;
  /** Everything that is wrong with a bundle; empty when nothing is. */
  check(bundle: unknown): Promise<Problem[]>;
  /** The JSON Schema of a bundle. */
  schema(): Promise<Record<string, unknown>>;
  /** The cold paths of engines, for environments that do not find the compiler by themselves. */
  tools(): Promise<Tools>;
}

/** Makes the compiler of an environment. */
export function compilerOf(wasm: typeof glue, module: () => Promise<WebAssembly.Module | Response>): Compiler {
  let started: Promise<WebAssembly.Memory> | undefined;
  const start = async (): Promise<WebAssembly.Memory> => {
    started ??= module().then(async (found) => (await wasm.default({ module_or_path: found })).memory);
    try {
      return await started;
    } catch (thrown) {
      started = undefined;
      throw new SlotwiseError(
        "no_wasm",
        `the compiler's WebAssembly could not be started: ${(thrown as Error)?.message}`,
      );
    }
  };
  return {
    async compile(bundle) {
      await start();
      const json = text(bundle);
      return typeof json === "string" ? (wasm.compile(json) as Compiled) : { bytes: undefined, problems: [json] };
    },
    async check(bundle) {
      await start();
      const json = text(bundle);
      return typeof json === "string" ? (wasm.check(json) as Problem[]) : [json];
    },
    async schema() {
      await start();
      return wasm.schema() as Record<string, unknown>;
    },
    async tools() {
      return toolsOf(wasm, await start());
    },
  };
}

/** JSON text, or what keeps a value from being written as such. */
function text(bundle: unknown): string | Problem {
  if (typeof bundle === "string") return bundle;
  try {
    const json = JSON.stringify(bundle);
    if (json !== undefined) return json;
    return { severity: "error", pointer: "", message: `this is not JSON: it is of type ${typeof bundle}` };
  } catch (thrown) {
    return { severity: "error", pointer: "", message: `this is not JSON: ${(thrown as Error)?.message}` };
  }
}

function toolsOf(wasm: typeof glue, memory: WebAssembly.Memory): Tools {
  const open = (file: Uint8Array, local: Host["local"]) => {
    let made: glue.Runtime | undefined;
    // The engine keeps its runtime to itself; explaining needs it as well.
    class Runtime extends wasm.Runtime {
      constructor(bytes: Uint8Array) {
        super(bytes);
        made = this;
      }
    }
    const engine = engineOf({ ...wasm, Runtime }, memory, file, local, undefined);
    return { engine, runtime: made as glue.Runtime };
  };
  return {
    explain(file, context: Context, local): Explanation {
      const { engine, runtime } = open(file, local);
      try {
        const now = engine.moment(context);
        const result = engine.decide(context, now);
        return { result, steps: runtime.explain(...engine.pack(context, now)) as Record<string, Step[]> };
      } finally {
        engine.free();
      }
    },
    matches(condition, attributes) {
      const when = text(condition);
      if (typeof when !== "string" || !when.startsWith("{")) {
        throw new SlotwiseError("bad_condition", 'a condition is an object such as {"device.type": "mobile"}');
      }
      const bundle =
        '{"version":1,"id":"matches","consent":{"ids":"none"},"slots":{"condition":{"default":"no",' +
        `"variants":{"no":{},"yes":{}},"rules":[{"when":${when},"show":"yes"}]}}}`;
      const { bytes, problems } = wasm.compile(bundle) as Compiled;
      const problem = problems.find(({ severity }) => severity === "error");
      if (bytes === undefined || problem !== undefined) {
        const path = problem?.pointer.replace("/slots/condition/rules/0/when", "");
        throw new SlotwiseError("bad_condition", problem?.message ?? "the condition cannot be compiled", path);
      }
      const { engine } = open(bytes, false);
      try {
        return engine.personalize({ attributes }).slots.condition?.variant === "yes";
      } finally {
        engine.free();
      }
    },
  };
}

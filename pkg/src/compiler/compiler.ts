import { Engine, type Host, type Tools } from "../engine/engine.js";
import { Instance } from "../engine/instance.js";
import { openingOf } from "../engine/opening.js";
import { SlotwiseError } from "../error.js";
import type * as glue from "../generated/compiler/slotwise.js";
import type { Context, Explanation, Problem, Step } from "../types.js";

/** A bundle compiled, or why not. */
export type Compiled = { bytes: Uint8Array; problems: Problem[] } | { bytes: undefined; problems: Problem[] };

/** What stands beside a bundle. */
export interface CompileOptions {
  /**
   * The files that the bundle mentions, by the names that it gives them: JSON or JSON Lines as bytes, and vectors row after row.
   */
  files?: Record<string, Uint8Array | Rows>;
}

/** Rows of numbers, one after the other. */
export interface Rows {
  /** How many numbers a row has. */
  columns: number;
  numbers: Float32Array;
}

/** What the module is given. */
interface Handed {
  json: string;
  list: unknown[];
}

/** What the compiler module does. */
export interface Compiler {
  /** Compiles a bundle, given as an object or as JSON text. `bytes` are there unless a problem is an error. */
  compile(bundle: unknown, options?: CompileOptions): Promise<Compiled>;
  /** Everything that is wrong with a bundle; empty when nothing is. */
  check(bundle: unknown, options?: CompileOptions): Promise<Problem[]>;
  /** The JSON Schema of a bundle. */
  schema(): Promise<Record<string, unknown>>;
  /** The cold paths of engines, for environments that do not find the compiler by themselves. */
  tools(): Promise<Tools>;
}

/** Makes the compiler of an environment. */
export function compilerOf(wasm: typeof glue, module: () => Promise<WebAssembly.Module | Response>): Compiler {
  const instance = new Instance(wasm);
  const start = openingOf(instance, module, "the compiler's WebAssembly", undefined);
  return {
    async compile(bundle, { files = {} } = {}) {
      await start();
      const asked = handed(bundle, files);
      if (Array.isArray(asked)) return { bytes: undefined, problems: asked };
      return instance.run(() => wasm.compile(asked.json, asked.list) as Compiled);
    },
    async check(bundle, { files = {} } = {}) {
      await start();
      const asked = handed(bundle, files);
      return Array.isArray(asked) ? asked : instance.run(() => wasm.check(asked.json, asked.list) as Problem[]);
    },
    async schema() {
      await start();
      return instance.run(() => wasm.schema() as Record<string, unknown>);
    },
    async tools() {
      await start();
      return toolsOf(wasm, instance);
    },
  };
}

/** A bundle and its files as the module takes them; or what is wrong with how they are handed over. */
function handed(bundle: unknown, files: Record<string, Uint8Array | Rows>): Handed | Problem[] {
  const json = text(bundle);
  if (typeof json !== "string") return [json];
  const unfit = unfitIn(files);
  return unfit.length > 0 ? unfit : { json, list: listed(files) };
}

/** What is wrong with files that are handed over. The module would take what is neither bytes nor rows for an empty file. */
function unfitIn(files: Record<string, unknown>): Problem[] {
  return Object.entries(files).flatMap(([name, file]): Problem[] => {
    if (file instanceof Uint8Array) return [];
    const problem = (what: string, help: string): Problem[] => [
      { severity: "error", pointer: "", message: `the file "${name}" ${what}`, help },
    ];
    const { columns, numbers } = Object(file) as Partial<Rows>;
    if (!(numbers instanceof Float32Array)) {
      const help = "read it without an encoding; vectors are { columns, numbers }, with numbers as a Float32Array";
      return problem("is handed over neither as a Uint8Array nor as rows of numbers", help);
    }
    if (Number.isInteger(columns) && Number(columns) > 0 && numbers.length % Number(columns) === 0) return [];
    return problem(
      `holds ${numbers.length} numbers, which are no whole rows of ${columns}`,
      "columns says how many numbers a row has",
    );
  });
}

/** Files as the module takes them: name, content and columns in turn. */
function listed(files: Record<string, Uint8Array | Rows>): unknown[] {
  return Object.entries(files).flatMap(([name, file]): unknown[] =>
    file instanceof Uint8Array ? [name, file, 0] : [name, file.numbers, file.columns],
  );
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

function toolsOf(wasm: typeof glue, instance: Instance): Tools {
  const open = (file: Uint8Array, { local, profiles, ranks }: Pick<Host, "local" | "profiles" | "ranks">) => {
    const engine = new Engine(file, { instance, Runtime: wasm.Runtime, local });
    engine.use(profiles, ranks);
    return engine;
  };
  return {
    explain(file, context: Context, host): Explanation {
      const engine = open(file, host);
      try {
        const now = engine.moment(context);
        const result = engine.decide(context, now);
        const steps = engine.ask((running) => {
          const { offset, until, consent, forced, profileUntil } = running.pack(context, now);
          return (running.runtime as glue.Runtime).explain(now, offset, until, consent, forced, profileUntil) as Record<
            string,
            Step[]
          >;
        });
        return { result, steps };
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
      const { bytes, problems } = instance.run(() => wasm.compile(bundle, []) as Compiled);
      const problem = problems.find(({ severity }) => severity === "error");
      if (bytes === undefined || problem !== undefined) {
        const path = problem?.pointer.replace("/slots/condition/rules/0/when", "");
        throw new SlotwiseError("bad_condition", problem?.message ?? "the condition cannot be compiled", path);
      }
      const engine = open(bytes, { local: false });
      try {
        return engine.personalize({ attributes }).slots.condition?.variant === "yes";
      } finally {
        engine.free();
      }
    },
  };
}

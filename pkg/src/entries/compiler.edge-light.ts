import { compilerOf } from "../compiler/compiler.js";
import * as glue from "../generated/compiler/slotwise.js";
import module from "./compiler.wasm?module";

export type { Compiled, CompileOptions, Rows } from "../compiler/compiler.js";
export * from "../public.js";

/** The compiler: bundles as JSON into bytes, or what is wrong with them. */
export const { check, compile, schema, tools } = compilerOf(glue, async () => module);

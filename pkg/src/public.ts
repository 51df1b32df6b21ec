export type { Engine } from "./engine/engine.js";
export { type BundleSource, type LoadOptions, verifyBundle } from "./engine/load.js";
export { SlotwiseError } from "./error.js";
export type * from "./types.js";

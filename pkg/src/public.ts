export type { Engine } from "./engine/engine.js";
export type { BundleSource, LoadOptions } from "./engine/load.js";
export { verifyBundle } from "./engine/signature.js";
export { SlotwiseError } from "./error.js";
export type * from "./types.js";

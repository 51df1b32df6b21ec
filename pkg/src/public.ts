export type { Engine } from "./engine/engine.js";
export type { BundleSource } from "./engine/load.js";
export { SlotwiseError } from "./error.js";
export type * from "./types.js";

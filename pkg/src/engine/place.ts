// What `Runtime.placeOf` in `src/wasm/runtime.rs` is asked for.

/** Addresses of the room for nodes, numbers and text. */
export const HEAD_PLACE = 0;
export const NUMBERS_PLACE = 1;
export const TEXT_PLACE = 2;
/** Address of the texts of the last decision. */
export const RENDERED_PLACE = 3;
/** Where in the file the manifest starts and ends. */
export const MANIFEST_START = 4;
export const MANIFEST_END = 5;

/** A module that wrangler compiles when the Worker is deployed. */
declare module "slotwise/runtime.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

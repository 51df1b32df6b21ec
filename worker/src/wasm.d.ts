// Modules that wrangler compiles when the Worker is deployed.

declare module "slotwise/runtime.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "slotwise/page.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

/** How Workers import WebAssembly. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

/** How other edge runtimes do. */
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}

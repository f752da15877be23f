/** Types of imports that only the Worker's bundler understands, where the package's own types say otherwise. */
declare module '@jsquash/png/codec/pkg/squoosh_png_bg.wasm' {
  const module: WebAssembly.Module
  export default module
}

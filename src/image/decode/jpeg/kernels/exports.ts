/** AssemblyScript: what build/kernels/baseline-jpeg.wasm exports. */
export { greyToRgb, toRgb } from './rgb'
export { decodeUnits } from './units'

/** The first byte that is free for a photo. */
export const base: usize = __heap_base

/** AssemblyScript: what build/kernels/jpeg.wasm exports. */
export { measureBand } from './bands'
export { measureBorders } from './borders'
export { writePlane } from './progressive'
export { toRgb } from './rgb'
export { layOutTable } from './sequential'
export { readsOn, readUnits } from './units'

/** The first byte that is free for a photo. */
export const base: usize = __heap_base

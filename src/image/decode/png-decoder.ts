/**
 * Runs the PNG decoder (Rust's png crate, built with wasm-bindgen). The package's own glue starts one instance for the
 * life of the program and cannot replace it, and copies the RGBA out of the heap before we can flatten it; so this file
 * speaks to the module itself. The import names carry a hash that changes with the build, hence the match by prefix.
 */

import type { RgbImage } from '../rgb-image.ts'
import type { Decoder } from './decoder.ts'
import { flattenOntoWhite } from './flatten.ts'
import { picturePieces } from './png-header.ts'

interface PngExports {
  readonly memory: WebAssembly.Memory
  /** Takes over the bytes at the pointer. Hands the picture to the import `__wbg_newwithownedu8clamped...`. */
  decode(pointer: number, length: number): number
  __wbindgen_malloc(size: number, align: number): number
  __wbindgen_free(pointer: number, size: number, align: number): void
}

export function startPngDecoder(module: WebAssembly.Module): Decoder {
  let taken: RgbImage | undefined

  /** `new ImageData(...)` in the Rust source: the picture lies in the heap and is ours to free. */
  function takeRgb(pointer: number, length: number, width: number, height: number): number {
    const data = new Uint8Array(width * height * 3)
    flattenOntoWhite(new Uint8Array(wasm.memory.buffer, pointer >>> 0, length), data)
    wasm.__wbindgen_free(pointer, length, 1)
    taken = { width, height, data }
    return 0
  }

  function throwMessage(pointer: number, length: number): never {
    const message = new Uint8Array(wasm.memory.buffer, pointer >>> 0, length)
    throw new Error(new TextDecoder().decode(message))
  }

  const functions: Record<string, (...args: number[]) => number> = {}
  for (const { name } of WebAssembly.Module.imports(module)) {
    if (name.startsWith('__wbg_newwithownedu8clampedarray')) functions[name] = takeRgb
    else if (name === '__wbindgen_throw') functions[name] = throwMessage
    else functions[name] = () => 0 // Only the 16-bit decoder, which is never called, uses the others.
  }
  const instance = new WebAssembly.Instance(module, { wbg: functions })
  const wasm = instance.exports as unknown as PngExports

  return {
    decode(bytes) {
      const pieces = [...picturePieces(bytes)]
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
      const pointer = wasm.__wbindgen_malloc(length, 1) >>> 0
      const input = new Uint8Array(wasm.memory.buffer, pointer, length)
      let at = 0
      for (const piece of pieces) {
        input.set(piece, at)
        at += piece.length
      }
      taken = undefined
      wasm.decode(pointer, length)
      if (taken === undefined) throw new Error('The PNG decoder gave no picture.')
      const photo: RgbImage = taken
      taken = undefined
      return photo
    },
    heapBytes: () => wasm.memory.buffer.byteLength,
  }
}

/**
 * Runs the WebP decoder (libwebp, built with emscripten). Its own start-up code is that of a debug build, and returns what lies at
 * address 0 when decoding fails; so this file calls the module directly. The module registers its functions by name, and hands a picture to
 * a constructor as a view of the memory; here that call is intercepted.
 */
import { FaceError } from '../../../errors/face-error.ts'
import type { DecodedImage, Decoder } from '../decoder.ts'
import { flattenOntoWhite, noteTransparency, type Transparency } from '../transparency.ts'
import { readWebpPicture, type WebpPicture } from './webp-header.ts'
import { readsAlphaToItsEnd, readsLosslessToItsEnd, readsLossyToItsEnd } from './webp-leftover.ts'

interface WebpExports {
  readonly memory: WebAssembly.Memory
  readonly __indirect_function_table: WebAssembly.Table
  __wasm_call_ctors(): void
  malloc(bytes: number): number
}

/** A C++ function of the module, and what calls it with a string. */
interface Announced {
  readonly invoker: number
  readonly target: number
}

const pageBytes = 65_536

/** Every photo has an instance of its own: whatever a hostile one does to the memory ends with it. Starting one takes under 1 ms. */
export function startWebpDecoder(module: WebAssembly.Module): Decoder {
  return {
    decode: (bytes) => decodeOnce(module, bytes, readWebpPicture(bytes)),
    heapBytes: () => 0,
  }
}

/** Throws FaceError engine_unavailable where no instance starts, an Error where it gives no picture. */
function decodeOnce(
  module: WebAssembly.Module,
  bytes: Uint8Array,
  picture: WebpPicture,
): DecodedImage {
  const { width, height, end, pictureEnd, isLossless, isTransparent, alpha } = picture
  const functions = new Map<string, Announced>()
  let taken: Uint8Array<ArrayBuffer> | undefined

  const imports: WebAssembly.ModuleImports = {
    _embind_register_function(
      name: number,
      _count: number,
      _types: number,
      _signature: number,
      invoker: number,
      target: number,
    ) {
      functions.set(readName(wasm, name), { invoker, target })
    },
    /** `new ImageData(view, ...)`: the view's length and its pointer, which is 0 where decoding failed. */
    _emval_call(_caller: number, _handle: number, _destructors: number, argument: number) {
      const [length, pointer] = new Uint32Array(wasm.memory.buffer, argument, 2)
      if (pointer) taken = Uint8Array.from(new Uint8Array(wasm.memory.buffer, pointer, length))
      return 0
    },
    emscripten_memcpy_js(to: number, from: number, length: number) {
      new Uint8Array(wasm.memory.buffer).copyWithin(to, from, from + length)
    },
    emscripten_resize_heap(bytes: number) {
      wasm.memory.grow(Math.ceil((bytes - wasm.memory.buffer.byteLength) / pageBytes))
      return 1
    },
    abort: fail,
    __cxa_throw: fail,
  }
  let wasm: WebpExports
  try {
    wasm = instantiate(module, imports)
    wasm.__wasm_call_ctors()
  } catch (cause) {
    throw new FaceError('engine_unavailable', 'The webp decoder did not start.', { cause })
  }
  const { invoker, target } = functions.get(isTransparent ? 'decodeRGBA' : 'decodeRGB')!
  const invoke = wasm.__indirect_function_table.get(invoker) as (
    target: number,
    text: number,
  ) => number
  const text = writeString(wasm, bytes, end)
  invoke(target, text)
  if (taken?.length !== width * height * (isTransparent ? 4 : 3)) fail()
  const file = { text, length: end, behind: end - pictureEnd }
  const isRead = isLossless
    ? readsLosslessToItsEnd(wasm.memory, file, bytes)
    : readsLossyToItsEnd(wasm.memory, file) &&
      (!alpha || readsAlphaToItsEnd(wasm.memory, file, bytes, alpha))
  if (!isRead) fail()
  if (!isTransparent) return { width, height, data: taken }
  const transparency = noteTransparency(width, height)
  return { width, height, data: withoutAlpha(taken, transparency), transparency }
}

function instantiate(module: WebAssembly.Module, ours: WebAssembly.ModuleImports): WebpExports {
  const imports: WebAssembly.Imports = {}
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {}
    // The others describe types and values to JavaScript, which nobody here asks for.
    imports[from][name] = ours[name] ?? (() => 0)
  }
  return new WebAssembly.Instance(module, imports).exports as unknown as WebpExports
}

/** A C++ string as embind has it: the length, then the bytes. @param length a byte more where the last padding is missing */
function writeString(wasm: WebpExports, bytes: Uint8Array, length: number): number {
  const pointer = wasm.malloc(4 + length + 1)
  new DataView(wasm.memory.buffer).setUint32(pointer, length, true)
  new Uint8Array(wasm.memory.buffer).set(bytes, pointer + 4)
  return pointer
}

function readName(wasm: WebpExports, pointer: number): string {
  const heap = new Uint8Array(wasm.memory.buffer)
  return String.fromCharCode(...heap.subarray(pointer, heap.indexOf(0, pointer)))
}

/** Writes the RGB over the RGBA, then gives the fourth quarter back. */
function withoutAlpha(rgba: Uint8Array<ArrayBuffer>, transparency: Transparency): Uint8Array {
  const rgbBytes = (rgba.length / 4) * 3
  flattenOntoWhite(rgba, rgba.subarray(0, rgbBytes), transparency)
  return new Uint8Array(rgba.buffer.transfer(rgbBytes))
}

function fail(): never {
  throw new Error('The WebP decoder gave no picture.')
}

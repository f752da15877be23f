/**
 * Runs the JPEG and WebP decoders (mozjpeg and libwebp, built with emscripten). Their start-up functions are called
 * directly rather than through `decode` of their packages, which holds one instance for ever, prints to the console and
 * cannot be asked for the size of its heap.
 */
import startMozjpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js'
import startLibwebp from '@jsquash/webp/codec/dec/webp_dec.js'
import type { RgbImage } from '../rgb-image.ts'
import { DamagedPhoto, type Decoder } from './decoder.ts'
import { flattenOntoWhite } from './flatten.ts'

interface RgbaCopy {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/** What emscripten's start-up function resolves to. */
interface EmbindInstance {
  /** mozjpeg takes a second argument: whether to apply the EXIF orientation. */
  decode(bytes: Uint8Array, ...options: boolean[]): RgbaCopy | null
  /** The whole WebAssembly memory; replaced by emscripten whenever it grows. */
  readonly HEAPU8: Uint8Array
}

type Receive = (instance: WebAssembly.Instance) => void

interface StartOptions {
  readonly noInitialRun: boolean
  readonly locateFile: (name: string) => string
  readonly print: (line: string) => void
  readonly printErr: (line: string) => void
  readonly instantiateWasm: (imports: WebAssembly.Imports, receive: Receive) => unknown
}

type Start = (options: StartOptions) => Promise<EmbindInstance>

/**
 * What libjpeg prints when pixels are missing or invented; it then goes on with grey. Other warnings, such as stray
 * bytes before a marker, come from sound photos too. It prints the first warning of a photo only.
 */
const jpegDamage = /premature end|bad Huffman code|instead of RST|Inconsistent progression/i

export async function startJpegDecoder(module: WebAssembly.Module): Promise<Decoder> {
  const printed: string[] = []
  const instance = await start(startMozjpeg as unknown as Start, module, printed)
  return {
    decode(bytes) {
      printed.length = 0
      // Never let mozjpeg apply the orientation: turnUpright does, for all formats alike.
      const photo = takeRgb(instance.decode(bytes, false))
      const damage = printed.find((line) => jpegDamage.test(line))
      if (damage !== undefined) throw new DamagedPhoto(damage)
      return photo
    },
    heapBytes: () => instance.HEAPU8.byteLength,
  }
}

export async function startWebpDecoder(module: WebAssembly.Module): Promise<Decoder> {
  const instance = await start(startLibwebp as unknown as Start, module, [])
  return {
    decode: (bytes) => takeRgb(instance.decode(bytes)),
    heapBytes: () => instance.HEAPU8.byteLength,
  }
}

function start(run: Start, module: WebAssembly.Module, printed: string[]): Promise<EmbindInstance> {
  return run({
    noInitialRun: true,
    // Unused, but without it emscripten builds a URL from import.meta.url, which a bundled Worker does not have.
    locateFile: (name) => name,
    print: (line) => printed.push(line),
    printErr: (line) => printed.push(line),
    instantiateWasm(imports, receive) {
      const instance = new WebAssembly.Instance(module, imports)
      receive(instance)
      return instance.exports
    },
  })
}

/**
 * Writes the RGB over the RGBA, then gives the fourth quarter back. `transfer` frees the old buffer at once; left to the
 * garbage collector, the copies of the last photos pile up (92 MiB measured after a few photos of 3 million pixels).
 */
function takeRgb(rgba: RgbaCopy | null): RgbImage {
  if (rgba === null) throw new DamagedPhoto('The decoder gave no picture.')
  const { width, height, data } = rgba
  const rgbBytes = width * height * 3
  flattenOntoWhite(data, new Uint8Array(data.buffer, 0, rgbBytes))
  return { width, height, data: new Uint8Array(data.buffer.transfer(rgbBytes)) }
}

/**
 * The decoders behind one door. Built from compiled modules (the Worker imports them, Node compiles them from the
 * packages), started by the first photo that needs them, thrown away when they must not or should not be used again.
 */
import { FaceError } from '../../errors/face-error.ts'
import type { RgbImage } from '../rgb-image.ts'
import { DamagedPhoto, type Decoder } from './decoder.ts'
import { type PhotoFormat, photoFormats } from './formats.ts'

/** The modules that the rows of formats.ts name. */
export type CodecModules = Readonly<Record<PhotoFormat, WebAssembly.Module>>

export interface Codecs {
  /**
   * Pixels as stored, laid on white. `bytes` have passed inspectPhoto and end with the picture. Rejects with
   * FaceError engine_unavailable when the decoder cannot be started, with any other error when it fails on the photo.
   */
  decode(format: PhotoFormat, bytes: Uint8Array): Promise<RgbImage>
  /** WebAssembly memory held between two photos. */
  heapBytes(): number
}

/**
 * A decoder whose heap grew beyond this is not kept. WebAssembly memory never shrinks: one odd photo (several MiB of
 * metadata or of noise) would take up to 36 MiB away from the network for the life of the isolate. Any other photo
 * within the limits leaves 16-26 MiB and must not cost the instance: dropped heaps pile up until the garbage collector
 * runs (measured over photos of 3 million pixels: 127 MiB when each gets a fresh decoder, 31 MiB when one is kept).
 */
const maxKeptHeapBytes = 32 * 1024 * 1024

export function createCodecs(modules: CodecModules): Codecs {
  // One at a time: heaps of 16-26 MiB each would not fit beside the network, and an app sends one format.
  let live: { readonly format: PhotoFormat; readonly decoder: Decoder } | undefined

  /** Decoding itself is synchronous: whoever gets a decoder is done with it before anybody else can take it. */
  async function decode(format: PhotoFormat, bytes: Uint8Array): Promise<RgbImage> {
    if (live?.format !== format) {
      live = undefined
      live = { format, decoder: await startDecoder(format, modules[format]) }
    }
    const { decoder } = live
    let sound = true
    try {
      return decoder.decode(bytes)
    } catch (error) {
      // libjpeg ends in exit() and Rust in a trap: neither unwinds, so stack and heap of that instance are lost.
      sound = error instanceof DamagedPhoto
      throw error
    } finally {
      if (!sound || decoder.heapBytes() > maxKeptHeapBytes) live = undefined
    }
  }

  return { decode, heapBytes: () => live?.decoder.heapBytes() ?? 0 }
}

async function startDecoder(format: PhotoFormat, module: WebAssembly.Module): Promise<Decoder> {
  try {
    return await photoFormats[format].startDecoder(module)
  } catch (cause) {
    throw new FaceError('engine_unavailable', `The ${format} decoder did not start.`, { cause })
  }
}

/**
 * The decoders behind one door. Built from compiled modules (the Worker imports them, Node compiles them from the packages), started by the
 * first photo that needs them, discarded when they must not or should not be used again.
 */
import { FaceError } from '../../errors/face-error.ts'
import type { DecodedImage, Decoder, KnownPhoto } from './decoder.ts'
import type { Shrink } from './format-header.ts'
import { type CodecModules, type PhotoFormat, photoFormats } from './formats.ts'

/** Where photos are decoded: in an isolate, where memory is short, or where there is plenty. */
export type Room = 'isolate' | 'plenty'

export interface Codecs {
  readonly room: Room
  /**
   * Pixels as stored, laid on white. `bytes` have passed inspectPhoto and end with the picture. Throws FaceError
   * engine_unavailable when the decoder cannot be started, any other error when it fails on the photo.
   */
  decode(format: PhotoFormat, bytes: Uint8Array, shrink?: Shrink, known?: KnownPhoto): DecodedImage
  /** Memory of decoders held between two photos. */
  heapBytes(): number
}

/**
 * A decoder whose heap grew beyond this is not kept: WebAssembly memory never shrinks. Any photo within the limits leaves less and
 * must not cost the instance: dropped heaps pile up until the garbage collector runs (measured over photos of 3 million pixels:
 * 127 MiB when each gets a fresh decoder, 31 MiB when one is kept).
 */
const maxKeptHeapBytes = 32 * 1024 * 1024

export function createCodecs(modules: CodecModules, room: Room = 'isolate'): Codecs {
  // One at a time, since an app sends one format.
  let live: { readonly format: PhotoFormat; readonly decoder: Decoder } | undefined

  function decode(
    format: PhotoFormat,
    bytes: Uint8Array,
    shrink: Shrink = 1,
    known?: KnownPhoto,
  ): DecodedImage {
    if (live?.format !== format) {
      live = undefined
      live = { format, decoder: startDecoder(format, modules) }
    }
    const { decoder } = live
    let sound = false
    try {
      const image = decoder.decode(bytes, shrink, known)
      sound = true
      return image
    } finally {
      // Whatever failed may have left anything behind, and the next photo is somebody else's.
      if (!sound || decoder.heapBytes() > maxKeptHeapBytes) live = undefined
    }
  }

  return { room, decode, heapBytes: () => live?.decoder.heapBytes() ?? 0 }
}

function startDecoder(format: PhotoFormat, modules: CodecModules): Decoder {
  try {
    return photoFormats[format].startDecoder(modules)
  } catch (cause) {
    throw new FaceError('engine_unavailable', `The ${format} decoder did not start.`, { cause })
  }
}

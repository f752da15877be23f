/** What the decoders of all formats have in common. */
import type { RgbImage } from '../rgb-image.ts'

/** One running WebAssembly instance. After it threw anything but DamagedPhoto it must not be used again. */
export interface Decoder {
  /** Pixels as stored, laid on white; EXIF orientation is not applied. */
  decode(bytes: Uint8Array): RgbImage
  /** Size of the WebAssembly memory, which never shrinks. */
  heapBytes(): number
}

/** The decoder looked at the photo and refused it in good order: the instance is sound. */
export class DamagedPhoto extends Error {
  override readonly name = 'DamagedPhoto'
}

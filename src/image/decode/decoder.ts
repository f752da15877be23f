/** What the decoders of all formats have in common. */
import type { RgbImage } from '../rgb-image.ts'
import type { Shrink } from './format-header.ts'

/** One running decoder. After it threw it must not be used again. */
export interface Decoder {
  /** Pixels as stored, laid on white; EXIF orientation is not applied. */
  decode(bytes: Uint8Array, shrink: Shrink): RgbImage
  /** Size of the memory that it holds between two photos. */
  heapBytes(): number
}

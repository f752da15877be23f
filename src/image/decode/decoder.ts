/** What the decoders of all formats have in common. */
import type { RgbImage } from '../rgb-image.ts'
import type { Shrink } from './format-header.ts'

export interface DecodedImage extends RgbImage {
  /** Rows of pixels with which the picture gets lighter, darker or of another colour all across, as damage makes it, or an edge. */
  readonly steps?: readonly number[]
}

/** One running decoder. After it threw it must not be used again. */
export interface Decoder {
  /**
   * Pixels as stored, laid on white; EXIF orientation is not applied.
   *
   * @param isCut out of a photo that was decoded as a whole: damage that shows in large areas only was looked for there
   */
  decode(bytes: Uint8Array, shrink: Shrink, isCut?: boolean): DecodedImage
  /** Size of the memory that it holds between two photos. */
  heapBytes(): number
}

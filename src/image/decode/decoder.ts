/** What the decoders of all formats have in common. */
import type { RgbImage } from '../rgb-image.ts'
import type { Shrink } from './format-header.ts'
import type { JpegFile } from './jpeg/file/jpeg-file.ts'
import type { Transparency } from './transparency.ts'

export interface DecodedImage extends RgbImage {
  /** Rows of pixels with which the picture gets lighter, darker or of another colour all across, as damage makes it, or an edge. */
  readonly steps?: readonly number[]
  /** Of a picture that may have any, in its pixels. */
  readonly transparency?: Transparency
}

/** What is known of a photo before it is decoded. */
export interface KnownPhoto {
  /** Out of a photo that was decoded as a whole: damage that shows in large areas only was looked for there. */
  readonly isCut?: boolean
  /** A JPEG as its header's reader took it apart. */
  readonly jpeg?: JpegFile | undefined
}

/** One running decoder. After it threw it must not be used again. */
export interface Decoder {
  /** Pixels as stored, laid on white; EXIF orientation is not applied. */
  decode(bytes: Uint8Array, shrink: Shrink, known?: KnownPhoto): DecodedImage
  /** Size of the memory that it holds between two photos. */
  heapBytes(): number
}

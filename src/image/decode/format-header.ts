/** What the header reader of a format has to find, before anything is decoded. */
import type { Rectangle } from '../resize.ts'
import type { JpegFile } from './jpeg/file/jpeg-file.ts'

/** The picture has a pixel for so many of the photo, along each side. */
export type Shrink = 1 | 2 | 4 | 8

export interface FormatHeader {
  /** Pixels as stored, before the orientation is applied. */
  readonly width: number
  readonly height: number
  /** Offset just behind the picture; what follows (a second picture, a video) is never decoded. */
  readonly end: number
  /** What people call files of this kind: "baseline JPEG". */
  readonly kind: string
  /** Smaller pictures that the decoder can make of it, the largest first; 1 always. */
  readonly shrinks: readonly Shrink[]
  /** What decoding takes, in bytes of memory: see `maxDecoderBytes`. */
  decoderBytes(shrink: Shrink): number
  /** The TIFF structure inside the EXIF data. */
  readonly exif: Uint8Array | undefined
  /** Whether damage may leave colours that went round from 255 to 0, or back: in a lossless WebP, which is decoded at full size. */
  readonly mayWrap?: boolean
  /** A JPEG taken apart, its bytes up to `end`: its decoder needs the same. */
  readonly jpeg?: JpegFile
}

/** A part of a photo as a photo of its own. */
export interface PhotoCut {
  /** Where it lies in the photo as stored. */
  readonly rectangle: Rectangle
  readonly bytes: Uint8Array
}

/** What the header reader of a format has to find, before anything is decoded. */
export interface FormatHeader {
  /** Pixels as stored, before the orientation is applied. */
  readonly width: number
  readonly height: number
  /** Offset just behind the picture; what follows (a second picture, a video) is never decoded. */
  readonly end: number
  /** True when the decoder has to hold a second copy of the whole picture: see `maxBufferedPixels`. */
  readonly buffered: boolean
  /** The TIFF structure inside the EXIF data. */
  readonly exif: Uint8Array | undefined
}

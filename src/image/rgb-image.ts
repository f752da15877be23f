/** A decoded photo: what every stage after decoding works on. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  /** [height, width, 3], values 0..255, top row first. Length is width * height * 3. */
  readonly data: Uint8Array
}

/**
 * What an encoding is: the numbers that a network gives for a face. The network decides how many, within one bound; all its encodings
 * have the same number. Pure.
 */

/** How many numbers an encoding may have: a multiple of `step`, which lets loops take several at once. */
export const encodingLengths = { least: 4, most: 1024, step: 4 } as const

/** The same as a message says it. */
export const encodingLengthsText = `${encodingLengths.least} to ${encodingLengths.most} numbers, a multiple of ${encodingLengths.step}`

/** Who makes encodings, which compare with no other's. */
export interface EncodingSource {
  /** Encoder and pipeline, as in "dlib-resnet@4f1c2a90". */
  readonly model: string
  /** Numbers in each of its encodings. */
  readonly encodingLength: number
}

export function isEncodingLength(length: number): boolean {
  const { least, most, step } = encodingLengths
  return length >= least && length <= most && length % step === 0
}

/** True for what a network gives for a face: as many finite numbers as an encoding may have, not all zero. */
export function isUsableEncoding(encoding: Float32Array): boolean {
  if (!isEncodingLength(encoding.length)) return false
  // A broken forward pass gives zeros, and two of those would be at distance 0.
  return encoding.every(Number.isFinite) && encoding.some((value) => value !== 0)
}

/** True when all have as many numbers as the first. */
export function areOfOneLength(encodings: readonly { readonly length: number }[]): boolean {
  return encodings.every(({ length }) => length === encodings[0].length)
}

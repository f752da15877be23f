/**
 * One photo through the engine, for the endpoints: names the photo in the detail of an error when there are several, and
 * refuses an encoding with a wrong length or non-finite numbers, so that a broken forward pass is an error and never a
 * distance.
 */

import { isUsableEncoding } from '../encoding/encoding.ts'
import { FaceError } from '../errors/face-error.ts'
import type { FaceEngine } from './face-engine.ts'
import type { EncodedPhoto, EncodeOptions } from './pipeline.ts'

export interface EncodeFaceOptions extends Partial<EncodeOptions> {
  /** What to call the photo in an error: `left`, `photo 2 of 3`. */
  readonly label?: string
}

/** Requires a clear photo of one person only, unless the options say otherwise. */
export async function encodeFace(
  engine: FaceEngine,
  photo: Uint8Array,
  { label, ...options }: EncodeFaceOptions = {},
): Promise<EncodedPhoto> {
  const { mirror = false, faces = 'only', purpose, doubts, liveness, frame } = options
  const encoded = await engine
    .encode(photo, {
      mirror,
      faces,
      ...(purpose && { purpose }),
      ...(doubts && { doubts }),
      ...(liveness && { liveness }),
      ...(frame && { frame }),
    })
    .catch((error: unknown) => {
      throw error instanceof FaceError ? labelled(error, label) : error
    })
  const { encoding } = encoded
  if (encoding.length !== engine.encodingLength || !isUsableEncoding(encoding)) {
    throw new Error('the network gave no usable encoding')
  }
  return encoded
}

function labelled(error: FaceError, label: string | undefined): FaceError {
  if (label === undefined) return error
  return new FaceError(error.code, `${label}: ${error.message}`, { cause: error.cause })
}

/** The public part of the result: everything but the encoding. */
export function photoReport({ face, quality }: EncodedPhoto) {
  return { face, quality }
}

/** An examined face becomes an encoding: cut out of its view once for each network of the encoder, encoded, and summed. */

import { encodeAgain, encodeBothWays, encodeChip, sumOf } from '../encoder/encode.ts'
import { FaceError } from '../errors/face-error.ts'
import { chipKinds, qualityChip } from '../face/chips/chip-kinds.ts'
import { warp } from '../image/warp.ts'
import type { ExaminedFace } from './examine-face.ts'
import type { RunningPart } from './models.ts'
import type { View } from './view.ts'

export interface ChipEncoding {
  /** As the network gives it, averaged with the mirror image's when that was asked for. */
  readonly encoding: Float32Array
  /** Of the photo as it is, in addition to the average. */
  readonly single?: Float32Array
  /** The encoding of a second look, the same each time; absent unless it was asked for. */
  readonly lookAgain?: () => Float32Array
}

export interface ChipOptions {
  /** Average with the encoding of the mirror image. */
  readonly mirror: boolean
  /** Whether the face may be looked at once more; its chips are kept for that as long as the result is. */
  readonly again: boolean
}

/** The inputs of the encoder's networks. */
export function cutChips(
  encoder: readonly RunningPart[],
  { image }: View,
  { landmarksInView, seen }: ExaminedFace,
): Float32Array[] {
  return encoder.map(({ network, chip }) => {
    const { size } = network.table.input
    if (seen && chip === qualityChip.kind && size === qualityChip.size) return seen
    return warp(image, chipKinds[chip](landmarksInView, size), size)
  })
}

/** @param chips the input of each network, in the encoder's order */
export function encodeChips(
  encoder: readonly RunningPart[],
  chips: readonly Float32Array[],
  { mirror, again }: ChipOptions,
): ChipEncoding {
  if (!mirror) {
    const singles = encoder.map(({ network }, i) => encodeChip(network, chips[i]!))
    return {
      encoding: finite(sumOf(singles)),
      ...(again && { lookAgain: secondLook(encoder, chips, singles) }),
    }
  }
  const both = encoder.map(({ network }, i) => encodeBothWays(network, chips[i]!))
  const singles = both.map(({ single }) => single)
  return {
    encoding: finite(sumOf(both.map(({ averaged }) => averaged))),
    single: sumOf(singles),
    ...(again && { lookAgain: secondLook(encoder, chips, singles) }),
  }
}

function secondLook(
  encoder: readonly RunningPart[],
  chips: readonly Float32Array[],
  singles: readonly Float32Array[],
): () => Float32Array {
  let seen: Float32Array | undefined
  return () => {
    seen ??= finite(
      sumOf(encoder.map(({ network }, i) => encodeAgain(network, chips[i]!, singles[i]!))),
    )
    return seen
  }
}

function finite(encoding: Float32Array): Float32Array {
  if (encoding.every(Number.isFinite)) return encoding
  throw new FaceError('internal', 'The encoding is not finite.')
}

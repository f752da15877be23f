/** An examined face becomes an encoding: cut out of its view once for each network of the encoder, encoded, and summed. */

import { encodeBothWays, encodeChip, sumOf } from '../../encoder/encode.ts'
import { liftDark } from '../../encoder/lift-dark.ts'
import { FaceError } from '../../errors/face-error.ts'
import { chipKinds, qualityChip } from '../../face/chips/chip-kinds.ts'
import { warp } from '../../image/warp.ts'
import type { ExaminedFace } from './examine-face.ts'
import type { RunningPart } from './models.ts'
import type { View } from './view.ts'

export interface ChipEncoding {
  /** As the network gives it, averaged with the mirror image's when that was asked for. */
  readonly encoding: Float32Array
  /** Of the photo as it is, in addition to the average. */
  readonly single?: Float32Array
}

/** The inputs of the encoder's networks. */
export function cutChips(
  encoder: readonly RunningPart[],
  { image }: View,
  { landmarksInView, seen, measures }: ExaminedFace,
): Float32Array[] {
  return encoder.map(({ network, chip: kind }) => {
    const { size } = network.table.input
    const isSeen = seen && kind === qualityChip.kind && size === qualityChip.size
    const chip = isSeen ? seen : warp(image, chipKinds[kind](landmarksInView, size), size)
    return liftDark(chip, measures.brightness)
  })
}

/** @param chips the input of each network, in the encoder's order */
export function encodeChips(
  encoder: readonly RunningPart[],
  chips: readonly Float32Array[],
  mirror: boolean,
): ChipEncoding {
  if (!mirror) {
    const encodings = encoder.map(({ network }, i) => encodeChip(network, chips[i]!))
    return { encoding: finite(sumOf(encodings)) }
  }
  const both = encoder.map(({ network }, i) => encodeBothWays(network, chips[i]!))
  return {
    encoding: finite(sumOf(both.map(({ averaged }) => averaged))),
    single: sumOf(both.map(({ single }) => single)),
  }
}

function finite(encoding: Float32Array): Float32Array {
  if (encoding.every(Number.isFinite)) return encoding
  throw new FaceError('internal', 'The encoding is not finite.')
}

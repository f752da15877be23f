/**
 * The name under which encodings and thresholds belong together. Detection and alignment affect an encoding as the encoder
 * does, so the name covers every network from photo to encoding, and the code between them. Pure.
 */

import { blazefaceFullRange } from '../face/networks/blazeface-full-range.ts'
import { faceLandmark68 } from '../face/networks/face-landmark-68.ts'
import { fnv1a } from '../lib/hash-text.ts'
import type { NetworkTable } from '../network/table.ts'
import type { Encoder } from './encoders.ts'

/**
 * Raised when the same weights give different encodings: another frame for the landmarks, another alignment. Not when dark probes came to be
 * lifted (encoder/lift-dark.ts), which encode otherwise since: nothing stored depends on them.
 */
const pipelineVersion = 2

/** The networks that make an encoding: those of the encoder first, then detector and landmarks. */
export function pipelineNetworks({ parts }: Encoder): NetworkTable[] {
  return [...parts.map(({ table }) => table), blazefaceFullRange, faceLandmark68]
}

/**
 * As in "dlib-resnet@4f1c2a90": the encoder, and a digest of all weights, of the chips and of the version.
 *
 * @param networks each with the hash of its weights, in the order of `pipelineNetworks`
 */
export function pipelineModel({ name, parts }: Encoder, networks: readonly string[]): string {
  const chips = parts.map(({ chip }) => chip)
  return `${name}@${digest([pipelineVersion, ...chips, ...networks].join(' '))}`
}

/** As in "mini-fasnet@4f1c2a90". @param networks each with the hash of its weights */
export function livenessModel(networks: readonly string[]): string {
  return `mini-fasnet@${digest(networks.join(' '))}`
}

/** 8 hexadecimal digits that change with any letter; what it is made of are hashes already. */
function digest(text: string): string {
  return fnv1a(text).toString(16).padStart(8, '0')
}

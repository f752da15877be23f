/**
 * The way from a photo's bytes to an encoding, stage by stage, and as a whole by turns with the encoder alone as tfjs's own
 * operations run it: the measure of how much the engine costs beside plain tfjs.
 */

import { encodeChip } from '../../src/encoder/encode.ts'
import { encodePhoto } from '../../src/engine/pipeline.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { type ChipKind, chipKinds, qualityChip } from '../../src/face/chips/chip-kinds.ts'
import { mainFace } from '../../src/face/choose-face.ts'
import { measureCondition } from '../../src/face/condition/condition.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import { locateLandmarks } from '../../src/face/landmarks.ts'
import { measureQuality } from '../../src/face/quality.ts'
import { decodePhoto } from '../../src/image/decode/decode.ts'
import { releaseImage } from '../../src/image/release-image.ts'
import { warp } from '../../src/image/warp.ts'
import type { Network } from '../../src/network/load.ts'
import { percentile } from '../measure/percentile.ts'
import { timeOf } from './time-of.ts'

const warmUpRounds = 10

export interface StageTimes {
  /** Medians, in the order in which they run. */
  readonly stages: { stage: string; ms: number }[]
  /** The whole engine: median in milliseconds, and median of its ratios to its neighbour, the encoder on tfjs. */
  readonly engineMs: number
  readonly engineOverStockEncoder: number
  readonly stockEncoderMs: number
}

export async function timeStages(
  models: Models,
  stockEncoder: Network,
  photo: Uint8Array,
  rounds: number,
): Promise<StageTimes> {
  const { size } = models.encoder[0]!.network.table.input
  const noise = Float32Array.from({ length: size * size * 3 }, (_, i) => (i * 7919) % 256)
  const stages = new Map<string, number[]>()
  const engine: number[] = []
  const stock: number[] = []
  for (let round = -warmUpRounds; round < rounds; round++) {
    const ms = await stagesOnce(models, photo)
    const whole = await timeOf(() => encodePhoto(models, photo, { purpose: 'probe' }))
    const alone = await timeOf(async () => encodeChip(stockEncoder, noise))
    if (round < 0) continue
    for (const [stage, one] of ms) stages.set(stage, [...(stages.get(stage) ?? []), one])
    engine.push(whole)
    stock.push(alone)
  }
  const median = (ms: readonly number[]): number => percentile(ms, 0.5)
  return {
    stages: [...stages].map(([stage, ms]) => ({ stage, ms: median(ms) })),
    engineMs: median(engine),
    engineOverStockEncoder: median(engine.map((ms, i) => ms / stock[i]!)),
    stockEncoderMs: median(stock),
  }
}

async function stagesOnce(models: Models, photo: Uint8Array): Promise<Map<string, number>> {
  const { codecs, detector, landmarks: network } = models
  const { network: encoder, chip: kind } = models.encoder[0]!
  const { size } = encoder.table.input
  const times = new Map<string, number>()
  let last = performance.now()
  const ends = (stage: string): void => {
    const now = performance.now()
    times.set(stage, now - last)
    last = now
  }
  const image = await decodePhoto(photo, codecs)
  ends('decode')
  const face = mainFace(findFaces(detector, image), image)
  ends('find the face')
  const landmarks = locateLandmarks(network, image, face)
  ends('landmarks')
  const cut = (chip: ChipKind, side: number): Float32Array =>
    warp(image, chipKinds[chip](landmarks, side), side)
  const seen = cut(qualityChip.kind, qualityChip.size)
  ends('align')
  measureQuality(seen, qualityChip.size, landmarks, face)
  ends('quality')
  measureCondition(seen)
  ends('condition')
  const isSeen = kind === qualityChip.kind && size === qualityChip.size
  encodeChip(encoder, isSeen ? seen : cut(kind, size))
  ends('encode')
  releaseImage(image)
  return times
}

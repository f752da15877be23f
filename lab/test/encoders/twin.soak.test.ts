/**
 * Encoders as they are packed and run, in whole numbers on plans, beside their twin: the same weights in float32 on tfjs's own
 * operations, on the same faces. Directions are compared, as decisions do it. An encoder takes part where the files of its networks are.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/front/project-root.ts'
import { nodeAssets } from '../../../scripts/setup/node-engine.ts'
import { packTensors } from '../../../scripts/weights/pack-network.ts'
import { unitVector } from '../../../src/encoding/direction.ts'
import {
  distanceBetween,
  prepareEncoding,
  uncalibratedMetric,
} from '../../../src/encoding/metrics/metric.ts'
import { type EncoderPart, encoderNamed } from '../../../src/engine/encoders.ts'
import { loadModels } from '../../../src/engine/face-engine.ts'
import { detectPhoto } from '../../../src/engine/pipeline.ts'
import { encodeChips } from '../../../src/engine/stages/encode-chips.ts'
import type { RunningPart } from '../../../src/engine/stages/models.ts'
import { chipKinds } from '../../../src/face/chips/chip-kinds.ts'
import type { Landmarks } from '../../../src/face/landmarks.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { warp } from '../../../src/image/warp.ts'
import { disposeNetwork, loadNetwork } from '../../../src/network/load.ts'
import { isHere, tensorsOfParts } from '../../../test/support/networks/encoder-tensors.ts'
import { type LabelledPair, readPairs } from '../../datasets/pairs.ts'

/** Of ten pairs one is compared: all of them take seven minutes. Measured on all, docs/model.md has the same rates for both. */
const everyOf = 10

const lfw = join(projectRoot, '..', 'shared', 'data', 'lfw-dev')

/** A network of an encoder, as it is packed and as its twin. */
async function bothWays(
  { table, chip }: EncoderPart,
  tensors: ReadonlyMap<string, Float32Array>,
): Promise<[RunningPart, RunningPart]> {
  const load = async (precision: 'integer' | 'float32', engine: 'plan' | 'stock') => {
    const { index, files } = await packTensors(table, tensors, precision, '', Infinity)
    const readShardFile = (file: string) => new Uint8Array(files.get(file)!).buffer
    return { network: await loadNetwork(table, { index, readShardFile }, engine), chip }
  }
  return [await load('integer', 'plan'), await load('float32', 'stock')]
}

/** A photo, and where the largest face on it is. */
interface Seen {
  readonly image: RgbImage
  readonly landmarks: Landmarks
}

/** By file; a photo without a face is left out. */
async function findFaces(files: Iterable<string>): Promise<Map<string, Seen>> {
  const models = await loadModels(await nodeAssets())
  const seen = new Map<string, Seen>()
  for (const file of files) {
    const photo = new Uint8Array(await readFile(file))
    const [face] = await detectPhoto(models, photo)
    if (!face) continue
    seen.set(file, { image: await decodePhoto(photo, models.codecs), landmarks: face.landmarks })
  }
  return seen
}

function encode(encoder: readonly RunningPart[], { image, landmarks }: Seen): Float32Array {
  const chips = encoder.map(({ network, chip }) => {
    const { size } = network.table.input
    return warp(image, chipKinds[chip](landmarks, size), size)
  })
  return encodeChips(encoder, chips, false).encoding
}

interface Distance {
  readonly same: boolean
  readonly distance: number
}

/** Of people, the share that is refused where so large a share of strangers is accepted. */
function missedAt(fmr: number, distances: readonly Distance[]): number {
  const of = (same: boolean): number[] =>
    distances.filter((one) => one.same === same).map(({ distance }) => distance)
  const strangers = of(false).sort((a, b) => a - b)
  const threshold = strangers[Math.floor(fmr * strangers.length)]!
  return of(true).filter((distance) => distance >= threshold).length / of(true).length
}

/** The best that any threshold decides. */
function accuracyOf(distances: readonly Distance[]): number {
  const sorted = distances.toSorted((a, b) => a.distance - b.distance)
  let right = sorted.filter(({ same }) => !same).length
  let best = right
  for (const { same } of sorted) {
    right += same ? 1 : -1
    best = Math.max(best, right)
  }
  return best / sorted.length
}

describe.skipIf(!existsSync(lfw))(
  'on LFW, folds 1-3, distances differ by at most 3e-3 from the twin',
  () => {
    let pairs: readonly LabelledPair[]
    let seen: ReadonlyMap<string, Seen>
    beforeAll(async () => {
      const all = await readPairs(join(lfw, 'pairs.csv'), join(lfw, 'images'))
      pairs = all.filter((_, i) => i % everyOf === 0)
      seen = await findFaces(new Set(pairs.flatMap(({ left, right }) => [left, right])))
    }, 600_000)

    // Both networks of the last are the two before it: half of the pairs show what it makes of them.
    it.for([
      ['dlib-resnet', 1],
      ['reid-0095', 1],
      ['fused', 2],
    ] as const)('of %s, and it misses and decides as many', async ([name, every], { skip }) => {
      const encoder = encoderNamed(name)
      if (!isHere(encoder)) skip()
      const both: [RunningPart, RunningPart][] = []
      for (const [i, tensors] of (await tensorsOfParts(encoder)).entries())
        both.push(await bothWays(encoder.parts[i]!, tensors))
      const [plan, twin] = [both.map(([ours]) => ours), both.map(([, theirs]) => theirs)]
      const compared = pairs.filter((_, i) => i % every === 0)
      const encodings = new Map<string, readonly [Float32Array, Float32Array]>()
      for (const file of new Set(compared.flatMap(({ left, right }) => [left, right]))) {
        const face = seen.get(file)
        if (face) encodings.set(file, [encode(plan, face), encode(twin, face)])
      }
      const distances: [Distance[], Distance[]] = [[], []]
      for (const { left, right, same } of compared) {
        const [a, b] = [encodings.get(left), encodings.get(right)]
        if (!a || !b) continue
        for (const way of [0, 1] as const) {
          const places = [a[way], b[way]].map((one) =>
            prepareEncoding(uncalibratedMetric, unitVector(one)),
          )
          distances[way].push({ same, distance: distanceBetween(places[0]!, places[1]!) })
        }
      }
      const [ours, theirs] = distances
      const apart = Math.max(
        ...ours.map(({ distance }, i) => Math.abs(distance - theirs[i]!.distance)),
      )
      const rates = [ours, theirs].map((one) => [
        accuracyOf(one),
        missedAt(0.01, one),
        missedAt(0.001, one),
      ])
      console.log(
        `${name}: ${ours.length} pairs, distances ${apart.toExponential(1)} apart; accuracy, missed at 0.01 and 0.001: ${rates.map((one) => one.map((rate) => rate.toFixed(4)).join(', ')).join('; twin ')}`,
      )
      for (const { network } of both.flat()) disposeNetwork(network)
      expect(ours.length).toBeGreaterThan(1750 / (everyOf * every))
      expect(apart).toBeLessThanOrEqual(3e-3)
      // Two of some 90 people are noise, and one of half as many.
      for (const [i, rate] of rates[0]!.entries())
        expect(Math.abs(rate - rates[1]![i]!)).toBeLessThanOrEqual(0.023)
    })
  },
)

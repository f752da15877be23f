/**
 * Made-up faces, seeded, for attacks that need thousands of tries, and an engine for them. Strangers are spread evenly over a
 * sphere of 28 dimensions, about as many as the encodings of people differ in; photos of one person lie close together. A
 * "photo" is a list of people with weights, and its encoding the mean of theirs: mixing faces is exact here, and therefore
 * easier for an attacker than with real photos. Thresholds are measured on pairs of strangers, as those that ship are.
 */
import { SeededRandom } from '../../lab/learning/seeded-random.ts'
import {
  type CalibrationTable,
  readCalibrationTable,
} from '../../src/decision/calibration-table.ts'
import type { Doubt } from '../../src/decision/doubt.ts'
import { distance } from '../../src/encoding/distance.ts'
import type { FaceEngine } from '../../src/engine/face-engine.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { fakeFace, fakeQuality } from '../support/app/fake-engine.ts'

const dimensions = 28
/** How far photos of a person are from them, in each dimension. */
const photoNoise = 0.06
const seededModel = 'seeded-faces@00000028'

/** Person and weight. */
export type Mix = readonly (readonly [person: string, weight: number])[]

/** A photo of a mix; of one that is spoilt, what the gate doubts. */
export interface MixedPhoto {
  readonly mix: Mix
  readonly doubt?: Doubt | undefined
}

const unit = (vector: Float32Array): Float32Array => {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

function faceOf(person: string): Float32Array {
  const random = new SeededRandom(15, 'person', person)
  const face = new Float32Array(128)
  for (let i = 0; i < dimensions; i++) face[i] = random.normal()
  return unit(face)
}

/** Every photo of a mix is a little different. */
export function seededEngine(): FaceEngine {
  let photos = 0
  return {
    model: seededModel,
    runsOn: 'plan',
    encodingLength: 128,
    async encode(photo) {
      const { mix, doubt }: MixedPhoto = JSON.parse(new TextDecoder().decode(photo))
      const random = new SeededRandom(15, 'photo', photos++)
      const sum = new Float32Array(128)
      for (const [person, weight] of mix) {
        for (const [i, value] of faceOf(person).entries()) sum[i]! += weight * value
      }
      const face = unit(sum)
      for (let i = 0; i < dimensions; i++) face[i]! += random.normal() * photoNoise
      return {
        encoding: unit(face),
        face: fakeFace,
        quality: fakeQuality,
        ...(doubt && { doubt: new FaceError(doubt, 'made up') }),
      }
    },
    detect: async () => [],
  }
}

const strangersMeasured = 2500

/** Distances that one pair of strangers in 1 / rate is nearer than. */
export function seededCalibrations(): CalibrationTable {
  const faces = Array.from({ length: strangersMeasured }, (_, i) => faceOf(`measured-${i}`))
  const apart = new Float32Array((strangersMeasured * (strangersMeasured - 1)) / 2)
  let pair = 0
  for (const [i, one] of faces.entries()) {
    for (let j = 0; j < i; j++) apart[pair++] = distance(one, faces[j]!)
  }
  apart.sort()
  const row = (fmr: number, pairFmr = fmr) => ({
    fmr,
    threshold: apart[Math.floor(pairFmr * apart.length)],
    interval: [fmr / 2, fmr * 2],
  })
  const rates = [0.01, 0.001, 0.0001]
  return readCalibrationTable({
    format: 2,
    calibrations: [
      {
        model: seededModel,
        metric: { kind: 'l2' },
        data: 'made up',
        date: '2026-11-28',
        command: 'none',
        verification: rates.map((fmr) => ({ encodings: 10, ...row(fmr) })),
        identification: [10, 100].flatMap((people) =>
          rates.slice(0, 2).map((fmr) => ({ people, ...row(fmr, fmr / people) })),
        ),
      },
    ],
  })
}

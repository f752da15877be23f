/**
 * An engine without networks. A "photo" is text that says what the engine shall make of it: `face <person> <offset>` gives
 * the encoding of that person, moved by the offset, so that two photos of one person are about |offset difference| apart
 * and two persons at least 1; a fourth word is the liveness score that it gives when asked, 1 without one and none at all for
 * `none`; a fifth the pose of a frame (fake-frame.ts); a sixth the code that leaves a probe in doubt, or `suspect` or
 * `half-suspect`; `no_face`, `multiple_faces`, ... throws that code; `nan` and `zeros` give broken encodings.
 */

import type { EncodingSource } from '../../../src/encoding/encoding.ts'
import type { FaceEngine, LivenessModel } from '../../../src/engine/face-engine.ts'
import type { EncodedPhoto, EncodeOptions } from '../../../src/engine/pipeline.ts'
import { type ErrorCode, errorTable } from '../../../src/errors/error-table.ts'
import { FaceError } from '../../../src/errors/face-error.ts'
import type { Quality } from '../../../src/face/quality.ts'
import type { Suspicion } from '../../../src/gate/judge-face.ts'
import type { Measures } from '../../../src/gate/rule.ts'
import { fakeFrame } from './fake-frame.ts'

export const fakeModel = 'fake-network@0123abcd'
export const fakeSource: EncodingSource = { model: fakeModel, encodingLength: 128 }
export const fakeLiveness: LivenessModel = { model: 'fake-liveness@4567cdef', threshold: 0.3 }

export const fakeQuality: Quality = {
  sharpness: 0.8,
  brightness: 0.5,
  contrast: 0.3,
  yaw: -4,
  pitch: 2,
  roll: 1,
  faceSize: 88,
}

/** As the gate judges a good photo. */
export const fakeMeasures: Measures = {
  ...fakeQuality,
  disagreement: 0.05,
  whole: 1,
  shown: 1,
  drawn: -3,
  eyesCovered: -3,
  eyesVeiled: -3,
  mouthCovered: -3,
  grainy: -3,
  shaken: -3,
  distorted: -3,
  painted: -3,
}

export const fakeFace = { box: { x: 31, y: 22, width: 88, height: 88 }, rotation: 0 } as const

export interface FakeEngine extends FaceEngine {
  /** The photos that were encoded, and how. */
  readonly encoded: ({ text: string } & EncodeOptions)[]
}

/** @param liveness the liveness network that it claims to have; none unless given */
export function createFakeEngine(model: string = fakeModel, liveness?: LivenessModel): FakeEngine {
  const encoded: FakeEngine['encoded'] = []
  return {
    model,
    encodingLength: fakeSource.encodingLength,
    runsOn: 'plan',
    ...(liveness && { liveness }),
    encoded,
    async encode(photo, options) {
      const text = new TextDecoder().decode(photo)
      encoded.push({ text, ...options })
      return {
        ...encodeText(text),
        ...(options?.liveness && scoreText(text)),
        ...(options?.frame && { frame: fakeFrame(text) }),
        ...(options?.purpose && doubtOf(text, options)),
      }
    },
    async detect(photo, options) {
      const text = new TextDecoder().decode(photo)
      if (text === 'no_face') return []
      const { quality } = encodeText(text)
      const landmarks = Array.from({ length: 68 }, (_, i) => [i, i + 1] as const)
      const presence = options?.liveness ? scoreText(text) : {}
      return [{ ...fakeFace, landmarks, score: 0.9, quality, ...presence }]
    },
  }
}

/**
 * The encoding of a person: a unit vector that the name chooses, turned towards another until it is `offset` (at most 2)
 * away from where it was.
 */
export function fakeEncoding(person: string, offset = 0): Float32Array {
  const encoding = new Float32Array(fakeSource.encodingLength)
  const angle = 2 * Math.asin(offset / 2)
  let place = 0
  for (const character of person) place = (place * 31 + character.charCodeAt(0)) % 127
  encoding[place + 1] = Math.cos(angle)
  encoding[0] = Math.sin(angle)
  return encoding
}

function encodeText(text: string): EncodedPhoto {
  if (isErrorCode(text)) throw new FaceError(text, `the fake engine was told ${text}`)
  if (text === 'crash') throw new RangeError('memory access out of bounds')
  // What a library may throw, and Hono would not hand to the error handler.
  if (text === 'throw-text') throw 'not an Error'
  const [kind, person, offset] = text.split(' ')
  return {
    encoding: encodingFor(kind, person, Number(offset ?? 0)),
    face: fakeFace,
    quality: fakeQuality,
  }
}

function scoreText(text: string): { livenessScore?: number } {
  const [, , , score = '1'] = text.split(' ')
  return score === 'none' ? {} : { livenessScore: Number(score) }
}

/** By what the fake engine is told; of any other photo it is unknown. */
const suspicions: ReadonlyMap<string, Suspicion> = new Map([
  ['sound', { probe: 0, enrollment: 0 }],
  ['half-suspect', { probe: 0.5, enrollment: 0.6 }],
  ['suspect', { probe: 1, enrollment: 1 }],
])

function doubtOf(
  text: string,
  { doubts }: EncodeOptions,
): Pick<EncodedPhoto, 'doubt' | 'suspicion'> {
  const code = text.split(' ')[5]
  const suspicion = suspicions.get(code ?? '')
  if (suspicion !== undefined) return { suspicion }
  if (code === undefined || !isErrorCode(code)) return {}
  const doubt = new FaceError(code, `the fake engine doubts ${code}`)
  if (doubts !== 'told') throw doubt
  return { doubt }
}

function encodingFor(kind: string, person: string, offset: number): Float32Array {
  if (kind === 'nan') return fakeEncoding('nan', Number.NaN)
  if (kind === 'zeros') return new Float32Array(128)
  if (kind === 'short') return new Float32Array(127).fill(1)
  if (kind === 'face') return fakeEncoding(person, offset)
  throw new FaceError('image_unreadable', 'the fake engine reads only its own photos')
}

function isErrorCode(text: string): text is ErrorCode {
  return text in errorTable
}

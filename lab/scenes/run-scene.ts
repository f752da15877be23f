/** One scene through the shipped pipeline: what was found of what is there, which way up, and whether it matches its own photo. */

import { heldTo } from '../../src/decision/doubt.ts'
import type { PreparedEncoding } from '../../src/encoding/metrics/behaviour.ts'
import { distanceBetween, type Metric, prepareEncoding } from '../../src/encoding/metrics/metric.ts'
import { detectPhoto, encodePhoto } from '../../src/engine/pipeline.ts'
import type { FaceReport } from '../../src/engine/stages/face-report.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { FaceError } from '../../src/errors/face-error.ts'
import { type Scene, turnedPlace } from './scene.ts'

/** A photo as it is enrolled. */
export interface Reference {
  readonly place: PreparedEncoding
  /** 0..1, how suspect it is (decision/doubt.ts). */
  readonly suspicion: number | undefined
}

export interface Judge {
  readonly models: Models
  readonly metric: Metric
  readonly threshold: number
  /** Of the person's own photo, as it would be enrolled. */
  referenceOf(person: string): Reference
}

export interface SingleResult {
  readonly scene: Scene
  readonly outcome: 'matched' | 'no_match' | 'elsewhere' | string
  readonly rightTurn: boolean
  readonly ms: number
}

export interface GroupResult {
  readonly scene: Scene
  readonly found: number
  readonly invented: number
  readonly rightTurn: number
  readonly ms: number
}

/** As `/verify` would answer. */
export async function runSingle(
  judge: Judge,
  scene: Scene,
  photo: Uint8Array,
): Promise<SingleResult> {
  const start = performance.now()
  const [person] = scene.people
  try {
    const encoded = await encodePhoto(judge.models, photo, { purpose: 'probe', doubts: 'told' })
    const { encoding, face, doubt, suspicion } = encoded
    const ms = performance.now() - start
    const reference = judge.referenceOf(person!.source.person)
    const distance = distanceBetween(reference.place, prepareEncoding(judge.metric, encoding))
    const isThere = scene.people.some((_, i) => isFace(scene, i, face))
    const { threshold } = heldTo(judge, {
      doubt,
      suspicion: suspicion?.probe,
      enrolledSuspicion: reference.suspicion,
    })
    const outcome = !isThere ? 'elsewhere' : distance <= threshold ? 'matched' : 'no_match'
    if (outcome === 'no_match' && doubt) throw doubt
    return { scene, outcome, rightTurn: isRightTurn(scene, 0, face), ms }
  } catch (error) {
    if (!(error instanceof FaceError)) throw error
    return { scene, outcome: error.code, rightTurn: false, ms: performance.now() - start }
  }
}

/** As `/detect` would answer. */
export async function runGroup(
  { models }: Judge,
  scene: Scene,
  photo: Uint8Array,
): Promise<GroupResult> {
  const start = performance.now()
  const faces = await detectPhoto(models, photo)
  const ms = performance.now() - start
  const taken = new Set<FaceReport>()
  let rightTurn = 0
  for (const i of scene.people.keys()) {
    const face = faces.find((candidate) => !taken.has(candidate) && isFace(scene, i, candidate))
    if (!face) continue
    taken.add(face)
    if (isRightTurn(scene, i, face)) rightTurn++
  }
  return { scene, found: taken.size, invented: faces.length - taken.size, rightTurn, ms }
}

/** The middle within half a face of where it should be, and about as large. */
function isFace(scene: Scene, index: number, { box }: FaceReport): boolean {
  const person = scene.people[index]!
  const { x, y } = turnedPlace(person, scene)
  const off = Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y)
  const ratio = box.width / person.side
  return off < person.side * 0.6 && ratio > 0.45 && ratio < 2.2
}

/** Undoes the turn of the scene; a face that is tilted by nearly half a quarter may be taken for the next turn. */
function isRightTurn(scene: Scene, index: number, { rotation }: FaceReport): boolean {
  const lean = scene.people[index]!.tilt + scene.turn
  const off = ((((rotation + lean) % 360) + 540) % 360) - 180
  return Math.abs(off) <= 60
}

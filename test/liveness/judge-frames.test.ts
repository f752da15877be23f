import { beforeAll, describe, expect, it } from 'vitest'
import type { Bend } from '../../lab/liveness/sheet.ts'
import type { Models } from '../../src/engine/pipeline.ts'
import { type AskedPose, turns } from '../../src/liveness/asked-poses.ts'
import { areOnePicture, isMirrored, wasSeen } from '../../src/liveness/copies.ts'
import type { Frame } from '../../src/liveness/frame.ts'
import { judgeFrames } from '../../src/liveness/judge-frames.ts'
import { measureTurn } from '../../src/liveness/turn.ts'
import { showsHead } from '../../src/liveness/turn-limits.ts'
import {
  drawHead,
  drawPaper,
  frameIn,
  type Source,
  type Stand,
  sourceOf,
  standFor,
} from '../support/drawn-frames.ts'
import { realModels } from '../support/node-models.ts'
import { mirrorImage, sampleImage } from '../support/sample-photos.ts'

const people = ['ada', 'cleo'] as const

let models: Models
const sources = new Map<string, Source>()
beforeAll(async () => {
  models = await realModels()
  for (const person of people) sources.set(person, sourceOf(models, await sampleImage(person)))
})

const headFrame = (person: string, pose: AskedPose): Frame =>
  frameIn(models, drawHead(sources.get(person)!, standFor[pose]))
const paperFrame = (stand: Stand, bend?: Bend): Frame =>
  frameIn(models, drawPaper(sources.get('ada')!, stand, bend))

const judge = (asked: readonly AskedPose[], frames: readonly Frame[], seen: string[] = []) =>
  judgeFrames({ asked, frames, seen, isSamePerson: () => true }).fault
const framesOf = (person: string, asked: readonly AskedPose[]): Frame[] =>
  asked.map((pose) => headFrame(person, pose))

const asked: AskedPose[] = ['ahead', 'left', 'up', 'nearer']

describe('judgeFrames', () => {
  it.each(people)(
    'lets a head made from the photo of %s pass, which does what is asked',
    (person) => {
      expect(judge(asked, framesOf(person, asked))).toBeNull()
      const others: AskedPose[] = ['ahead', 'down', 'right']
      expect(judge(others, framesOf(person, others))).toBeNull()
    },
  )

  it('says which pose is missing when frames come in another order', () => {
    const [ahead, left, up, nearer] = framesOf('ada', asked)
    expect(judge(asked, [ahead!, up!, left!, nearer!])).toEqual({
      kind: 'pose',
      asked: 'left',
      fault: 'too_little',
    })
    expect(judge(asked, [left!, ahead!, up!, nearer!])).toMatchObject({ kind: 'pose' })
  })

  it('refuses a frame of somebody else, whatever it shows', () => {
    const isSamePerson = (frame: number): boolean => frame !== 2
    const frames = framesOf('ada', asked)
    expect(judgeFrames({ asked, frames, seen: [], isSamePerson }).fault).toEqual({
      kind: 'other_person',
    })
  })

  it('refuses a frame of an earlier sequence', () => {
    const frames = framesOf('ada', asked)
    expect(judge(asked, frames, [frames[1]!.print])).toEqual({ kind: 'seen_before' })
    expect(judge(asked, frames, [headFrame('cleo', 'left').print])).toBeNull()
  })

  it('wants a frame for each pose', () => {
    expect(() => judge(asked, framesOf('ada', ['ahead', 'left']))).toThrow(
      'a frame for each pose is needed',
    )
  })
})

describe('a photo on paper', () => {
  it.each<[string, Bend | undefined]>([
    ['flat', undefined],
    ['rolled round an upright cylinder', { kind: 'cylinder', angle: 0, amount: 1, offset: 0 }],
    ['rolled aslant', { kind: 'cylinder', angle: 0.8, amount: 1.3, offset: 0.2 }],
    ['rolled the other way', { kind: 'cylinder', angle: 1.57, amount: 1.2, offset: 0 }],
    ['bent on one side', { kind: 'half', angle: 0, amount: 0.9, offset: 0.1 }],
    ['folded along the nose', { kind: 'fold', angle: 0, amount: 30, offset: 0 }],
  ])('never passes as a head, %s and tilted in any direction', (_, bend) => {
    const ahead = paperFrame({})
    for (const stand of [
      { yaw: 25 },
      { yaw: -40 },
      { pitch: 25 },
      { pitch: -30 },
      { yaw: 30, pitch: 15 },
      { yaw: -25, roll: 10, distance: 3 },
    ]) {
      const tilted = paperFrame(stand, bend)
      for (const turn of turns) {
        const isPosed = judge(['ahead', turn], [ahead, tilted])?.kind !== 'pose'
        expect([turn, isPosed && showsHead(measureTurn(ahead, tilted, turn), turn)]).toEqual([
          turn,
          false,
        ])
      }
    }
  })
})

describe('areOnePicture', () => {
  it('knows a picture again that was tilted, leaned and taken from nearer', () => {
    const first = paperFrame({})
    const copy = paperFrame({ yaw: 10, roll: -6, nearer: 1.3 })
    expect(areOnePicture(first, copy)).toBe(true)
    expect(areOnePicture(first, frameIn(models, drawHead(sources.get('cleo')!, {})))).toBe(false)
  })

  it('knows the mirror image of a turned frame, and not the head that turned to the other side', () => {
    const photo = drawHead(sources.get('ada')!, standFor.left)
    const left = frameIn(models, photo)
    expect(isMirrored(left, frameIn(models, mirrorImage(photo)))).toBe(true)
    expect(isMirrored(left, headFrame('ada', 'right'))).toBe(false)
  })
})

describe('wasSeen', () => {
  it('is so for what is sent again', () => {
    const frame = headFrame('ada', 'left')
    expect(wasSeen(frame, [headFrame('cleo', 'left').print, frame.print])).toBe(true)
    expect(wasSeen(frame, [])).toBe(false)
  })
})

import { beforeAll, describe, expect, it } from 'vitest'
import type { Bend } from '../../lab/liveness/drawn/sheet.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { type AskedPose, poseFaultOf, turns } from '../../src/liveness/asked-poses.ts'
import { areOnePicture, isMirrored, wasSeen, wereSeen } from '../../src/liveness/copies.ts'
import type { Frame } from '../../src/liveness/frames/frame.ts'
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
} from '../support/faces/drawn-frames.ts'
import { realModels } from '../support/networks/node-models.ts'
import { mirrorImage, sampleImage } from '../support/photos/sample-photos.ts'

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

const limits = { each: 0.4, mean: 0.3 }
const judge = (asked: readonly AskedPose[], frames: readonly Frame[], seen: string[] = []) =>
  judgeFrames({ asked, frames, seen: [seen], distances: asked.map(() => 0), limits }).fault
const framesOf = (person: string, asked: readonly AskedPose[]): Frame[] =>
  asked.map((pose) => headFrame(person, pose))

function croppedAndDarker({ width, height, data }: RgbImage): RgbImage {
  const [left, top] = [31, 22]
  const size = { width: width - 2 * left, height: height - 2 * top }
  const cut = new Uint8Array(size.width * size.height * 3)
  for (let row = 0; row < size.height; row++) {
    const from = ((row + top) * width + left) * 3
    cut.set(data.subarray(from, from + size.width * 3), row * size.width * 3)
  }
  return { ...size, data: cut.map((value) => Math.round(255 * (value / 255) ** 1.2)) }
}

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

  it.each(people)('refuses one photo of %s for two poses that it shows both', (person) => {
    const [ahead, left] = framesOf(person, asked)
    const stand = { ...standFor.up, ...standFor.nearer }
    const nod = frameIn(models, drawHead(sources.get(person)!, stand))
    for (const pose of ['up', 'nearer'] as const) {
      expect(poseFaultOf(pose, ahead!.pose, nod.pose), pose).toBeNull()
    }
    expect(judge(asked, [ahead!, left!, nod, nod])).toEqual({ kind: 'seen_before' })
  })

  it('refuses a frame of somebody else, whatever it shows', () => {
    const distances = asked.map((_, frame) => (frame === 2 ? 0.41 : 0))
    const frames = framesOf('ada', asked)
    expect(judgeFrames({ asked, frames, seen: [], distances, limits }).fault).toEqual({
      kind: 'other_person',
    })
  })

  it('refuses a frame of an earlier sequence', () => {
    const frames = framesOf('ada', asked)
    expect(judge(asked, frames, [frames[1]!.print])).toEqual({ kind: 'seen_before' })
    expect(judge(asked, frames, [headFrame('cleo', 'left').print])).toBeNull()
  })

  it('refuses an earlier sequence that is sent again, cropped and in other tones', () => {
    const photos = asked.map((pose) => drawHead(sources.get('ada')!, standFor[pose]))
    const sent = photos.map((photo) => frameIn(models, photo).print)
    const again = photos.map((photo) => frameIn(models, croppedAndDarker(photo)))
    expect(judge(asked, again, sent)).toEqual({ kind: 'seen_before' })
    expect(judge(asked, again)).toBeNull()
  })

  it('says that pixels which do not lie over each other are of no one take, in any frame', () => {
    const levelOf = (frames: readonly Frame[]) =>
      judgeFrames({ asked, frames, seen: [], distances: asked.map(() => 0), limits })
    const frames = framesOf('ada', asked)
    expect(levelOf(frames)).toEqual({ fault: null, level: 'one_take' })
    for (const patterned of [1, 2]) {
      const others = frames.map((frame, i) =>
        i === patterned
          ? { ...frame, chip: frame.chip.map((v, at) => v + 3 * Math.sin(1.3 * at)) }
          : frame,
      )
      expect(levelOf(others), `frame ${patterned}`).toEqual({ fault: null, level: 'relief' })
    }
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

describe('wereSeen', () => {
  /** A print that differs from another in one of four places of these digits. */
  const off = (print: string, end: number, from = 0): string =>
    [...print]
      .map((digit, i) =>
        i >= from && i < end ? (Number.parseInt(digit, 16) ^ 8).toString(16) : digit,
      )
      .join('')
  let frames: Frame[]
  let [ahead, left, up] = ['', '', '']
  beforeAll(() => {
    frames = framesOf('ada', ['ahead', 'left', 'up'])
    ;[ahead, left, up] = frames.map(({ print }) => print) as [string, string, string]
  })

  it('is so for one frame that is the same, or two that are similar to two of one earlier sequence', () => {
    expect(wereSeen(frames, [[off(ahead, 12)]])).toBe(true)
    expect(wereSeen(frames, [[off(ahead, 20), off(left, 20)]])).toBe(true)
    expect(wereSeen(frames, [[off(left, 20)], [off(ahead, 20), off(up, 20)]])).toBe(true)
  })

  it('finds the two in any order, and where one earlier frame is similar to both', () => {
    expect(wereSeen(frames, [[off(up, 20), off(ahead, 20)]])).toBe(true)
    const toBoth = off(ahead, 15)
    const one = { print: ahead }
    const other = { print: off(toBoth, 45, 30) }
    const toOne = off(ahead, 75, 60)
    expect(wereSeen([one, other], [[toBoth, toOne]])).toBe(true)
    expect(wereSeen([other, one], [[toOne, toBoth]])).toBe(true)
    expect(wereSeen([one, other], [[toBoth], [toOne]])).toBe(false)
  })

  it('is not for one that is similar, for two of different sequences, and for what is farther off', () => {
    expect(wereSeen(frames, [])).toBe(false)
    expect(wereSeen(frames, [[off(ahead, 20), 'f'.repeat(81)]])).toBe(false)
    expect(wereSeen(frames, [[off(ahead, 20)], [off(left, 20)]])).toBe(false)
    expect(wereSeen(frames, [[off(ahead, 24), off(left, 24)]])).toBe(false)
    const twice = [frames[0]!, frames[0]!]
    expect(wereSeen(twice, [[off(ahead, 20), off(left, 40)]])).toBe(false)
  })
})

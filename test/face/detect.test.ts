import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Models } from '../../src/engine/stages/models.ts'
import {
  detectFaces,
  distinctFaces,
  type FaceBox,
  leanOf,
  overlap,
  turnOf,
} from '../../src/face/detect.ts'
import { wholeLook } from '../../src/face/looks.ts'
import { wholePhoto } from '../../src/face/overview.ts'
import type { Network } from '../../src/network/load.ts'
import { runOnSquares } from '../../src/network/run.ts'
import { faceAt } from '../support/faces/upright-face.ts'
import { realModels } from '../support/networks/node-models.ts'
import { drawImage, sampleImage, samplePeople } from '../support/photos/sample-photos.ts'

vi.mock('../../src/network/run.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/network/run.ts')>()
  return { runOnSquares: vi.fn(original.runOnSquares) }
})
const run = vi.mocked(runOnSquares)

const box = (x: number, y: number, width: number, height = width): FaceBox => ({
  x,
  y,
  width,
  height,
})

describe('overlap', () => {
  it('is the shared area over the joint area', () => {
    expect(overlap(box(0, 0, 10), box(0, 0, 10))).toBe(1)
    expect(overlap(box(0, 0, 10), box(5, 0, 10))).toBeCloseTo(50 / 150)
    expect(overlap(box(0, 0, 10), box(5, 5, 10))).toBeCloseTo(25 / 175)
    expect(overlap(box(0, 0, 10, 20), box(2, 4, 5, 2))).toBeCloseTo(10 / 200)
    expect(overlap(box(-5, -5, 10), box(-2, -1, 4))).toBeCloseTo(16 / 100)
  })

  it('is 0 for boxes beside each other, also where they touch', () => {
    expect(overlap(box(0, 0, 10), box(10, 0, 10))).toBe(0)
    expect(overlap(box(0, 0, 10), box(0, 11, 10))).toBe(0)
    expect(overlap(box(0, 0, 10), box(20, 20, 10))).toBe(0)
  })
})

describe('leanOf and turnOf', () => {
  it.each([0, 20, -44, 90, -130, 179])('a face that leans by %i degrees', (lean) => {
    expect(leanOf(faceAt(50, 60, 40, { lean }))).toBeCloseTo(lean, 6)
  })

  it.each([
    [0, 0],
    [44, 0],
    [-44, 0],
    [46, 270],
    [90, 270],
    [-90, 90],
    [134, 270],
    [136, 180],
    [-136, 180],
    [180, 180],
  ])('leaning by %i degrees, the photo is to be turned by %i', (lean, turn) => {
    expect(turnOf(faceAt(0, 0, 10, { lean }))).toBe(turn)
  })
})

describe('distinctFaces', () => {
  it('keeps the best of faces at one place, and both of two beside each other', () => {
    const [weak, strong] = [faceAt(52, 50, 40, { score: 0.6 }), faceAt(50, 50, 40, { score: 0.8 })]
    const other = faceAt(95, 50, 40, { score: 0.5 })
    expect(distinctFaces([weak, other, strong])).toEqual([strong, other])
  })

  it('takes what lies within a larger face for a part of it', () => {
    const whole = faceAt(50, 50, 100)
    expect(distinctFaces([whole, faceAt(40, 40, 30, { score: 0.7 })])).toEqual([whole])
  })
})

/** What the network would say of one cell, from its middle; all others say no. */
interface Cell {
  readonly row: number
  readonly column: number
  readonly box: readonly [x: number, y: number, width: number, height: number]
  readonly logit: number
}

function answer(...cells: readonly Cell[]): void {
  run.mockImplementation((_network, _input, [height, width]) => {
    const [rows, columns] = [height / 4, width / 4]
    const values = new Float32Array(rows * columns * 17)
    for (let i = 16; i < values.length; i += 17) values[i] = -20
    for (const { row, column, box, logit } of cells) {
      const at = (row * columns + column) * 17
      values.set(box, at)
      // Points a pixel apart, from the middle of the cell on.
      for (let point = 0; point < 6; point++) values.set([point, -point], at + 4 + 2 * point)
      values[at + 16] = logit
    }
    return { values, shape: [1, rows, columns, 17] }
  })
}

/** There has to be something to see in every look, or the network is not asked. */
const chequered = (x: number, y: number): [number, number, number] =>
  ((x + 5) >> 4) % 2 === ((y + 5) >> 4) % 2 ? [0, 0, 0] : [90, 90, 90]

describe('detectFaces', () => {
  beforeEach(() => {
    run.mockReset()
  })
  const photo = drawImage(128, 96, chequered)
  const look = wholeLook(photo)
  const detector = {} as Network

  it('reads a cell from its middle, 4 pixels a cell, and the score as a logit', () => {
    answer({ row: 2, column: 3, box: [5, -1, 20, 45], logit: 2 })
    const [face, ...others] = detectFaces(detector, wholePhoto(photo), look, 0.5)
    expect(others).toEqual([])
    expect(face!.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 6)
    // A square of the same area.
    expect(face!.box.width).toBeCloseTo(30, 5)
    expect(face!.box.height).toBeCloseTo(30, 5)
    expect(face!.box.x + 15).toBeCloseTo(14 + 5, 5)
    expect(face!.box.y + 15).toBeCloseTo(10 - 1, 5)
    expect(face!.points.map(([x, y]) => [Math.round(x), Math.round(y)])).toEqual(
      [0, 1, 2, 3, 4, 5].map((point) => [14 + point, 10 - point]),
    )
  })

  it('gives boxes and points in pixels of the photo, however large it is and however it was turned', () => {
    answer({ row: 2, column: 3, box: [0, 0, 20, 20], logit: 2 })
    const large = drawImage(512, 384, chequered)
    const [face] = detectFaces(detector, wholePhoto(large), wholeLook(large), 0.5)
    expect(face!.box.width).toBeCloseTo(80, 4)
    expect(face!.box.x + 40).toBeCloseTo(4 * 14, 4)
    const [turned] = detectFaces(detector, wholePhoto(large), wholeLook(large, 180), 0.5)
    expect(turned!.box.x + 40).toBeCloseTo(512 - 4 * 14, 4)
    expect(turned!.box.y + 40).toBeCloseTo(384 - 4 * 10, 4)
    const [onItsSide] = detectFaces(detector, wholePhoto(large), wholeLook(large, 90), 0.5)
    // Turned clockwise, the left edge of the look is the lower edge of the photo.
    expect(onItsSide!.box.x + 40).toBeCloseTo(4 * 10, 4)
    expect(onItsSide!.box.y + 40).toBeCloseTo(384 - 4 * 14, 4)
  })

  it('leaves out what scores less than was asked for, and the weaker one of one place', () => {
    answer(
      { row: 2, column: 3, box: [0, 0, 20, 20], logit: 0.5 },
      { row: 2, column: 4, box: [-1, 0, 20, 20], logit: 1 },
      { row: 20, column: 20, box: [0, 0, 20, 20], logit: -0.1 },
    )
    const faces = detectFaces(detector, wholePhoto(photo), look, 0.5)
    expect(faces).toHaveLength(1)
    expect(faces[0]!.score).toBeCloseTo(1 / (1 + Math.exp(-1)), 6)
    expect(detectFaces(detector, wholePhoto(photo), look, 0.4)).toHaveLength(2)
  })

  it('does not ask the network where nothing is to be seen, and does where one colour varies by a little', () => {
    answer({ row: 2, column: 3, box: [0, 0, 20, 20], logit: 2 })
    const sky = drawImage(128, 96, (x, y) => [2 * x, 160 + y / 3, 230])
    expect(detectFaces(detector, wholePhoto(sky), look, 0.5)).toEqual([])
    expect(run).not.toHaveBeenCalled()
    const mark = drawImage(128, 96, (x, y) => [120, 160, x === 120 && y === 90 ? 220 : 230])
    expect(detectFaces(detector, wholePhoto(mark), look, 0.5)).toHaveLength(1)
  })

  it('does not take a broken network for a photo without a face', () => {
    answer({ row: 2, column: 3, box: [0, 0, 20, 20], logit: Number.NaN })
    expect(detectFaces(detector, wholePhoto(photo), look, 0.5)[0]!.score).toBeNaN()
  })
})

describe('the network', () => {
  let models: Models
  beforeAll(async () => {
    models = await realModels()
    const { runOnSquares: real } = await vi.importActual<typeof import('../../src/network/run.ts')>(
      '../../src/network/run.ts',
    )
    run.mockImplementation(real)
  })

  it.each(samplePeople)('sees %s, upright, eyes above the nose above the mouth', async (person) => {
    const image = await sampleImage(person)
    const [face] = detectFaces(models.detector, wholePhoto(image), wholeLook(image), 0.5)
    expect(face!.score).toBeGreaterThan(0.6)
    expect(turnOf(face!)).toBe(0)
    const [right, left, nose, mouth] = face!.points
    expect(left[0] - right[0]).toBeGreaterThan(face!.box.width * 0.2)
    expect(nose[1]).toBeGreaterThan(Math.max(right[1], left[1]))
    expect(mouth[1]).toBeGreaterThan(nose[1])
    expect(face!.box.width).toBeGreaterThan(image.width * 0.25)
    expect(face!.box.width).toBeLessThan(image.width * 0.65)
  })
})

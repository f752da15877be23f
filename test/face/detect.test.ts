import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  detectFaces,
  detectFaintFaces,
  type FaceBox,
  type FoundFace,
  overlap,
} from '../../src/face/detect.ts'
import { anchors } from '../../src/face/networks/tiny-face-detector.ts'
import type { Network } from '../../src/network/load.ts'
import { runNetwork } from '../../src/network/run.ts'
import { realModels } from '../support/node-models.ts'
import { drawImage, sampleImage } from '../support/sample-photos.ts'

vi.mock('../../src/network/run.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/network/run.ts')>()
  return { runNetwork: vi.fn(original.runNetwork) }
})
const run = vi.mocked(runNetwork)

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

/** What the network would say of one anchor of one cell; all others say no. */
interface Cell {
  readonly row: number
  readonly column: number
  readonly anchor: number
  readonly values: readonly [x: number, y: number, width: number, height: number, score: number]
}

/** Answers the looks one after the other, as from a network that sees these cells; then sees nothing. */
function answerLooks(...looks: readonly (readonly Cell[])[]): void {
  let look = 0
  run.mockImplementation((_network, _input, [, size]) => {
    const cells = size / 32
    const values = new Float32Array(cells * cells * 25)
    for (let i = 4; i < values.length; i += 5) values[i] = -20
    for (const { row, column, anchor, values: five } of looks[look] ?? []) {
      values.set(five, ((row * cells + column) * 5 + anchor) * 5)
    }
    look++
    return { values, shape: [1, cells, cells, 25] }
  })
}

const detector = {} as Network
const logit = (probability: number): number => Math.log(probability / (1 - probability))

describe('detectFaces', () => {
  beforeEach(() => {
    run.mockReset()
  })
  // 1.6 x 160 pixels: the first look, with its border of 0.3, sees it pixel for pixel.
  const photo = drawImage(100, 100, () => [0, 0, 0])

  it('decodes a cell as YOLO v2 does: sigmoid for place and score, exponential for size', () => {
    answerLooks([
      {
        row: 2,
        column: 3,
        anchor: 0,
        values: [logit(0.25), logit(0.5), Math.log(2), Math.log(0.5), 2],
      },
    ])
    const [face, ...others] = detectFaces(detector, photo)
    const [anchorWidth, anchorHeight] = anchors[0]!
    // 160 pixels of input see 1.6 x 100 pixels of photo, from -30 on: the scale is 1.
    const [width, height] = [32 * anchorWidth * 2, 32 * anchorHeight * 0.5]
    expect(others).toEqual([])
    expect(face!.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 6)
    expect(face!.box.width).toBeCloseTo(width, 4)
    expect(face!.box.height).toBeCloseTo(height, 4)
    expect(face!.box.x).toBeCloseTo(32 * 3.25 - 30 - width / 2, 4)
    expect(face!.box.y).toBeCloseTo(32 * 2.5 - 30 - height / 2, 4)
  })

  it('scales with the longer side of the photo', () => {
    answerLooks([{ row: 2, column: 2, anchor: 0, values: [0, 0, 0, 0, 3] }])
    const [face] = detectFaces(
      detector,
      drawImage(400, 100, () => [0, 0, 0]),
    )
    const [anchorWidth] = anchors[0]!
    expect(face!.box.width).toBeCloseTo(4 * 32 * anchorWidth, 3)
    expect(face!.box.x + face!.box.width / 2).toBeCloseTo(4 * (32 * 2.5 - 30), 3)
    // The photo lies at the top of the square, border above it.
    expect(face!.box.y + face!.box.height / 2).toBeCloseTo(4 * (32 * 2.5 - 30), 3)
  })

  it('keeps of overlapping faces the best, and faces apart from each other all', () => {
    const at = (row: number, column: number, score: number): Cell => ({
      row,
      column,
      anchor: 0,
      values: [0, 0, 0, 0, score],
    })
    // Two anchors of one place, of nearly the same size; four cells further there is another face.
    const [[, height], , [otherWidth, otherHeight]] = [anchors[0]!, anchors[1]!, anchors[2]!]
    const alike = [Math.log(1.7 / otherWidth), Math.log((height * 1.05) / otherHeight)] as const
    answerLooks([
      at(0, 0, 2),
      { row: 0, column: 0, anchor: 2, values: [0, 0, ...alike, 3] },
      at(4, 4, 1.5),
    ])
    const scores = detectFaces(detector, photo).map(({ score }) => logit(score))
    expect(scores.map((score) => Math.round(score * 100) / 100)).toEqual([3, 1.5])
  })

  it('takes a score of one half and none below', () => {
    const cell = (score: number): Cell => ({
      row: 1,
      column: 1,
      anchor: 0,
      values: [0, 0, 0, 0, score],
    })
    answerLooks([cell(-0.01)])
    expect(detectFaces(detector, photo)).toEqual([])
    answerLooks([cell(0.01)])
    expect(detectFaces(detector, photo)).toHaveLength(1)
  })

  it('stops at the first look that finds one', () => {
    const found: Cell = { row: 1, column: 1, anchor: 0, values: [0, 0, 0, 0, 5] }
    answerLooks([found])
    expect(detectFaces(detector, photo)).toHaveLength(1)
    expect(run).toHaveBeenCalledTimes(1)
    run.mockClear()
    answerLooks([], [found])
    expect(detectFaces(detector, photo)).toHaveLength(1)
    expect(run.mock.calls.map(([, , [, size]]) => size)).toEqual([160, 224])
  })

  it('looks at 1, 1, 4 and 9 squares before it gives up', () => {
    answerLooks()
    expect(detectFaces(detector, photo)).toEqual([])
    expect(run).toHaveBeenCalledTimes(15)
  })

  it('passes over tiles that lie beside the photo', () => {
    answerLooks()
    detectFaces(
      detector,
      drawImage(400, 100, () => [0, 0, 0]),
    )
    // The photo is a quarter as high as wide: of 2 x 2 and 3 x 3 tiles only the upper row sees it.
    expect(run).toHaveBeenCalledTimes(1 + 1 + 2 + 3)
  })

  it('takes a face seen in two tiles for one', () => {
    const centre: Cell = { row: 3, column: 6, anchor: 0, values: [0, 0, 0, 0, 4] }
    // The tiles of the third look are 62.5 pixels wide, 37.5 apart: 4.2 cells.
    const again: Cell = { row: 3, column: 2, anchor: 0, values: [-20, 0, 0, 0, 3] }
    answerLooks([], [], [centre], [again])
    const faces = detectFaces(detector, photo)
    expect(faces).toHaveLength(1)
    expect(logit(faces[0]!.score)).toBeCloseTo(4, 4)
  })
})

describe('detectFaintFaces', () => {
  it('takes a score of 0.3 and none below', () => {
    const cell = (score: number): Cell => ({
      row: 1,
      column: 1,
      anchor: 0,
      values: [0, 0, 0, 0, logit(score)],
    })
    const photo = drawImage(100, 100, () => [0, 0, 0])
    answerLooks([cell(0.29)])
    expect(detectFaintFaces(detector, photo)).toEqual([])
    answerLooks([cell(0.31)])
    expect(detectFaintFaces(detector, photo)).toHaveLength(1)
  })
})

describe('with the real network', () => {
  beforeEach(async () => {
    const { runNetwork } = await vi.importActual<typeof import('../../src/network/run.ts')>(
      '../../src/network/run.ts',
    )
    run.mockReset().mockImplementation(runNetwork)
  })

  it.each(['ada', 'bea', 'cleo', 'dora', 'eve', 'fay'] as const)(
    'finds the one face of %s near the middle',
    async (person) => {
      const image = await sampleImage(person)
      const models = await realModels()
      const faces = detectFaces(models.detector, image)
      expect(faces).toHaveLength(1)
      const [{ box, score }] = faces as [FoundFace]
      expect(score).toBeGreaterThan(0.5)
      expect(score).toBeLessThanOrEqual(1)
      expect(Math.abs(box.x + box.width / 2 - image.width / 2)).toBeLessThan(image.width / 5)
      expect(Math.abs(box.y + box.height / 2 - image.height / 2)).toBeLessThan(image.height / 5)
      expect(box.width).toBeGreaterThan(image.width / 5)
      expect(box.width).toBeLessThan(image.width)
    },
  )

  it.each([
    ['black', () => [0, 0, 0]],
    ['white', () => [255, 255, 255]],
    ['one-coloured', () => [200, 30, 90]],
  ] as const)('finds nothing in a %s picture', async (_, pixel) => {
    const { detector } = await realModels()
    const image = drawImage(240, 320, pixel)
    expect(detectFaces(detector, image)).toEqual([])
    expect(detectFaintFaces(detector, image)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import {
  closeLook,
  finestScaleFor,
  firstScale,
  type Look,
  tiledLooks,
  wholeLook,
} from '../../src/face/looks.ts'
import { applySimilarity, type Point, scaleOf } from '../../src/image/similarity.ts'
import type { QuarterTurn } from '../../src/image/turn.ts'

const turns: readonly QuarterTurn[] = [0, 90, 180, 270]

function cornersOf({ place, width, height }: Look): Point[] {
  const corners: Point[] = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ]
  return corners.map((corner) => applySimilarity(place, corner))
}

function sees(look: Look, [x, y]: Point): boolean {
  const corners = cornersOf(look)
  const [xs, ys] = [corners.map(([cx]) => cx), corners.map(([, cy]) => cy)]
  const slack = 1e-6
  return (
    x >= Math.min(...xs) - slack &&
    x <= Math.max(...xs) + slack &&
    y >= Math.min(...ys) - slack &&
    y <= Math.max(...ys) + slack
  )
}

describe('wholeLook', () => {
  it('is 128 pixels long, and no wider than the photo asks for in steps of 32', () => {
    const sizeOf = (width: number, height: number) => {
      const { width: across, height: down } = wholeLook({ width, height })
      return [across, down]
    }
    expect(sizeOf(640, 480)).toEqual([128, 96])
    expect(sizeOf(480, 640)).toEqual([96, 128])
    expect(sizeOf(1080, 1920)).toEqual([96, 128])
    expect(sizeOf(250, 250)).toEqual([128, 128])
    expect(sizeOf(2000, 100)).toEqual([128, 32])
  })

  it.each(turns)(
    'sees every corner of the photo turned by %i, the first one where it belongs',
    (turn) => {
      const photo = { width: 600, height: 400 }
      const look = wholeLook(photo, turn)
      for (const corner of [
        [0, 0],
        [600, 0],
        [600, 400],
        [0, 400],
      ] as const) {
        expect(sees(look, corner)).toBe(true)
      }
      const upper = applySimilarity(look.place, [look.width / 2, 0])
      const wanted = { 0: [300, 0], 90: [0, 200], 180: [300, 400], 270: [600, 200] }[turn]
      expect(Math.hypot(upper[0] - wanted[0]!, upper[1] - wanted[1]!)).toBeLessThan(60)
    },
  )

  it('leaves a border where one is asked for', () => {
    const look = wholeLook({ width: 400, height: 400 }, 0, 0.3)
    expect(scaleOf(look.place)).toBeCloseTo((400 * 1.6) / 128, 6)
    expect(applySimilarity(look.place, [64, 64])).toEqual([200, 200])
  })
})

describe('tiledLooks', () => {
  it.each(
    turns.flatMap(
      (turn) =>
        [
          [2048, 1536, turn],
          [640, 480, turn],
          [1500, 300, turn],
        ] as const,
    ),
  )(
    'of %i x %i turned by %i see every face of 40 pixels whole in one of them',
    (width, height, turn) => {
      const scale = finestScaleFor(40)
      const looks = tiledLooks({ width, height }, scale, turn)
      for (const look of looks) {
        expect(look.width % 32).toBe(0)
        expect(look.height % 32).toBe(0)
        expect(look.width * look.height).toBeLessThanOrEqual(320 * 256)
        expect(1 / scaleOf(look.place)).toBeCloseTo(scale, 6)
      }
      for (let x = 0; x <= width - 40; x += 23) {
        for (let y = 0; y <= height - 40; y += 23) {
          const face: Point[] = [
            [x, y],
            [x + 40, y + 40],
          ]
          expect(looks.some((look) => face.every((corner) => sees(look, corner)))).toBe(true)
        }
      }
    },
  )

  it('are one look where the photo is small enough', () => {
    expect(tiledLooks({ width: 640, height: 480 }, 0.4)).toHaveLength(1)
    expect(tiledLooks({ width: 1280, height: 960 }, finestScaleFor(40))).toHaveLength(1)
  })

  it.each([
    [2048, 1536, 1.13],
    [1536, 2048, 1.13],
    [1280, 960, 1.07],
    [1774, 1774, 1.18],
    [2365, 1330, 1.21],
  ])('of %i x %i have at most %f times its pixels', (width, height, most) => {
    const scale = finestScaleFor(40)
    const looks = tiledLooks({ width, height }, scale)
    const pixels = looks.reduce((sum, look) => sum + look.width * look.height, 0)
    expect(pixels / (width * height * scale ** 2)).toBeLessThan(most)
  })

  it('are laid out for a photo of any shape', () => {
    const scale = finestScaleFor(40)
    for (const [width, height] of [
      [20_000, 33],
      [33, 20_000],
      [5_000, 4_000],
    ] as const) {
      const looks = tiledLooks({ width, height }, scale)
      for (const look of looks) expect(look.width * look.height).toBeLessThanOrEqual(320 * 256)
      expect(looks.some((look) => sees(look, [width, height]))).toBe(true)
    }
  })
})

describe('closeLook', () => {
  it('has the face in its middle, a half of its side wide, upright', () => {
    const { place, width } = closeLook([300, 200], 80, 90)
    expect(applySimilarity(place, [32, 32]).map(Math.round)).toEqual([300, 200])
    expect((width / 2) * scaleOf(place)).toBeCloseTo(80, 6)
    // Up in the look is where a face that leans by 90 degrees has its brow: to the right.
    expect(applySimilarity(place, [32, 0]).map(Math.round)).toEqual([380, 200])
  })
})

describe('firstScale', () => {
  it('brings the longer side to 128 pixels', () => {
    expect(firstScale({ width: 256, height: 100 })).toBe(0.5)
    expect(firstScale({ width: 32, height: 64 })).toBe(2)
  })
})

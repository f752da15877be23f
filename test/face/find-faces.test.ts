import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { scaledPhoto, warpedPhoto } from '../../scripts/photos/warped-photo.ts'
import type { Models } from '../../src/engine/stages/models.ts'
import { mainFace, onlyFace } from '../../src/face/choose-face.ts'
import { centreOf, type FaceBox, turnOf } from '../../src/face/detect.ts'
import { findFaces } from '../../src/face/find-faces.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { type QuarterTurn, turnImage, turnRectangle } from '../../src/image/turn.ts'
import { runOnSquares } from '../../src/network/run.ts'
import { realModels } from '../support/networks/node-models.ts'
import {
  drawImage,
  placeImages,
  sampleImage,
  samplePeople,
  shrinkImage,
} from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'

vi.mock('../../src/network/run.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/network/run.ts')>()
  return { runOnSquares: vi.fn(original.runOnSquares) }
})
const run = vi.mocked(runOnSquares)
beforeEach(() => {
  run.mockClear()
})

/** Pixels that the detector was given: what it costs. */
const looked = (): number =>
  run.mock.calls.reduce(
    (sum, [, squares, [height, width]]) => sum + squares.length * height * width,
    0,
  )

const turns: readonly QuarterTurn[] = [0, 90, 180, 270]

let models: Models
const photos = new Map<string, RgbImage>()
beforeAll(async () => {
  models = await realModels()
  for (const person of samplePeople) photos.set(person, await sampleImage(person))
})

function copyOf({ width, height, data }: RgbImage): RgbImage {
  return { width, height, data: data.slice() }
}

/** The photo tilted clockwise about its middle. */
function tilted(image: RgbImage, degrees: number): RgbImage {
  const { width: side } = image
  const angle = (-degrees * Math.PI) / 180
  const [a, b] = [Math.cos(angle), Math.sin(angle)]
  const place = { a, b, x0: (side - (a - b) * side) / 2, y0: (side - (a + b) * side) / 2 }
  return warpedPhoto(image, place, side)
}

function expectBoxNear(got: FaceBox, wanted: FaceBox, share = 0.2): void {
  const [[x, y], [wantedX, wantedY]] = [centreOf(got), centreOf(wanted)]
  expect(Math.hypot(x - wantedX, y - wantedY)).toBeLessThan(share * wanted.width)
  expect(got.width / wanted.width).toBeGreaterThan(1 - 1.5 * share)
  expect(got.width / wanted.width).toBeLessThan(1 + 1.5 * share)
}

describe('findFaces', () => {
  it.each(samplePeople.flatMap((person) => turns.map((turn) => [person, turn] as const)))(
    'finds %s turned by %i degrees, once, where it is, and says how to turn it back',
    (person, turn) => {
      const upright = photos.get(person)!
      const [wanted] = findFaces(models.detector, upright)
      const found = findFaces(models.detector, turnImage(copyOf(upright), turn), 'all')
      expect(found).toHaveLength(1)
      expect(turnOf(found[0]!)).toBe((360 - turn) % 360)
      expectBoxNear(found[0]!.box, turnRectangle(wanted!.box, upright, turn))
    },
  )

  it.each(
    [-45, -30, 30, 45].flatMap((degrees) =>
      samplePeople.map((person) => [person, degrees] as const),
    ),
  )('finds %s with the head leaning by %i degrees', (person, degrees) => {
    const found = findFaces(models.detector, tilted(photos.get(person)!, degrees), 'all')
    expect(found).toHaveLength(1)
    const [right, left] = found[0]!.points
    const lean = (Math.atan2(left[1] - right[1], left[0] - right[0]) * 180) / Math.PI
    expect(Math.abs(lean - degrees)).toBeLessThan(20)
  })

  it('finds a face that is 100 of 1600 pixels wide, alone in the photo, however that was turned', () => {
    const face = scaledPhoto(photos.get('bea')!, 230)
    const photo = placeImages(1600, 1200, [{ image: face, x: 1120, y: 160 }])
    for (const turn of turns) {
      const found = findFaces(models.detector, turnImage(copyOf(photo), turn))
      expect(found, `${turn}`).toHaveLength(1)
      expect(turnOf(found[0]!)).toBe((360 - turn) % 360)
      const [x, y] = centreOf(
        turnRectangle({ x: 1120, y: 160, width: 230, height: 230 }, photo, turn),
      )
      const [foundX, foundY] = centreOf(found[0]!.box)
      expect(Math.hypot(foundX - x, foundY - y)).toBeLessThan(60)
    }
  })

  it.each(turns)('finds a face that fills the photo, turned by %i degrees', (turn) => {
    for (const person of samplePeople) {
      const image = photos.get(person)!
      const { x, y, width } = findFaces(models.detector, image)[0]!.box
      const tight = warpedPhoto(image, { a: width / 200, b: 0, x0: x, y0: y }, 200)
      // Which way up it is, is for the landmarks to confirm: there is nothing around it to tell by.
      expect(findFaces(models.detector, turnImage(tight, turn)), person).toHaveLength(1)
    }
  })

  it('finds a second person of half the size, beside one who is large, and smaller ones only for who asks', () => {
    const large = photos.get('ada')!
    const [half, small] = [
      scaledPhoto(photos.get('fay')!, 270),
      scaledPhoto(photos.get('eve')!, 110),
    ]
    const photo = placeImages(1280, 720, [
      { image: large, x: 20, y: 140 },
      { image: half, x: 700, y: 240 },
      { image: small, x: 1100, y: 300 },
    ])
    expect(findFaces(models.detector, photo, 'main').length).toBeGreaterThanOrEqual(2)
    expect(findFaces(models.detector, photo, 'all')).toHaveLength(3)
  })

  it('finds eight small people in a large photo, whichever way it was turned', () => {
    const placed = Array.from({ length: 8 }, (_, i) => ({
      image: scaledPhoto(photos.get(samplePeople[i % 6]!)!, 120),
      x: 80 + (i % 4) * 490,
      y: 200 + Math.floor(i / 4) * 700,
    }))
    const photo = placeImages(2048, 1536, placed)
    for (const turn of turns) {
      const found = findFaces(models.detector, turnImage(copyOf(photo), turn), 'all')
      expect(found, `${turn}`).toHaveLength(8)
      for (const face of found) expect(turnOf(face)).toBe((360 - turn) % 360)
    }
  })

  it.each([
    ['dark', (value: number) => value * 0.15],
    ['green', (value: number, channel: number) => value * (channel === 1 ? 1.15 : 0.8)],
    ['backlit', (value: number) => 40 + value * 0.15],
    ['green-lit', (value: number, channel: number) => value * (channel === 1 ? 1.1 : 0.3)],
    ['red-lit', (value: number, channel: number) => value * (channel === 0 ? 1.2 : 0.25)],
  ] as const)('finds faces in a %s photo', (_, change) => {
    for (const person of samplePeople) {
      const image = photos.get(person)!
      const data = image.data.map((value, i) => Math.min(255, change(value, i % 3)))
      expect(findFaces(models.detector, { ...image, data }), person).toHaveLength(1)
    }
  })

  it.each([
    ['one colour', () => [60, 120, 60]],
    ['a gradient', (x: number, y: number) => [x / 3, y / 3, 60]],
    ['stripes', (x: number) => [(x % 16) * 16, 90, 255 - (x % 16) * 16]],
  ] as const)('finds nothing in %s, and leaves the photo as it is', (_, pixel) => {
    const photo = drawImage(640, 480, pixel)
    const before = photo.data.slice()
    expect(findFaces(models.detector, photo, 'all')).toEqual([])
    expect(photo.data).toEqual(before)
  })

  it('invents no face in noise', () => {
    const random = seededRandom(4)
    const noise = drawImage(640, 480, () => [random() * 256, random() * 256, random() * 256])
    expect(findFaces(models.detector, noise, 'all')).toEqual([])
  })
})

describe('the cost', () => {
  it('of an upright selfie is one look of at most 128 x 128 pixels', () => {
    findFaces(models.detector, photos.get('bea')!)
    expect(run).toHaveBeenCalledTimes(1)
    expect(looked()).toBeLessThanOrEqual(128 * 128)
  })

  it('of the sky is that of the few looks that see its border, however large the photo is', () => {
    const sky = drawImage(2048, 1536, (_, y) => [120 + y / 20, 160 + y / 25, 230])
    expect(findFaces(models.detector, sky)).toEqual([])
    expect(looked()).toBeLessThanOrEqual(3 * 128 * 128)
  })

  it('of a photo without a face is at most thirteen times that', () => {
    findFaces(
      models.detector,
      drawImage(640, 480, (x, y) => [x / 3, y / 3, 60]),
    )
    expect(looked()).toBeLessThanOrEqual(13 * 128 * 128)
  })

  it.each([
    [31, 31],
    [1, 1],
    [4000, 31],
  ])('of a photo of %i x %i, too small for any face, is none', (width, height) => {
    expect(
      findFaces(
        models.detector,
        drawImage(width, height, () => [90, 90, 90]),
      ),
    ).toEqual([])
    expect(run).not.toHaveBeenCalled()
  })
})

describe('a small photo', () => {
  it('of 46 pixels shows a face too', () => {
    expect(findFaces(models.detector, shrinkImage(photos.get('cleo')!, 10))).toHaveLength(1)
  })
})

describe('two large faces in a crowd of 20 small ones', () => {
  const side = 110
  /** Upright small faces are surer than large ones that lean, and are found first. */
  function crowdWith(large: RgbImage, corners: readonly (readonly [number, number])[]): RgbImage {
    const small = samplePeople.map((person) => scaledPhoto(photos.get(person)!, side))
    const isFree = ([x, y]: readonly [number, number]): boolean =>
      corners.every(([left, top]) => x < left || x > left + 2 || y < top || y > top + 2)
    const cells = Array.from({ length: 48 }, (_, i) => [i % 8, Math.floor(i / 8)] as const)
    const placed = [
      ...cells.filter(isFree).map(([x, y], i) => ({ image: small[i % small.length]!, x, y })),
      ...corners.map(([x, y]) => ({ image: large, x, y })),
    ]
    return placeImages(
      8 * side,
      6 * side,
      placed.slice(-22).map(({ image, x, y }) => ({ image, x: x * side, y: y * side })),
    )
  }

  it.each([
    ['eve', 72, [2, 2], [5, 0]],
    ['fay', 72, [3, 1], [0, 3]],
    ['bea', 90, [3, 1], [0, 3]],
    ['bea', 90, [0, 1], [5, 3]],
    ['eve', 90, [3, 0], [3, 3]],
  ] as const)(
    'are refused, and the one nearer to the middle is meant: %s, turned by %i degrees, at %j and %j',
    (person, degrees, nearer, other) => {
      const photo = crowdWith(tilted(scaledPhoto(photos.get(person)!, 3 * side), degrees), [
        nearer,
        other,
      ])
      const faces = findFaces(models.detector, photo)
      expect(() => onlyFace(faces, photo)).toThrow(
        expect.objectContaining({
          code: 'multiple_faces',
          message: '2 faces of comparable size were found, exactly one was expected.',
        }),
      )
      const [x, y] = centreOf(mainFace(faces, photo).box)
      expect(Math.hypot(x / side - nearer[0] - 1.5, y / side - nearer[1] - 1.5)).toBeLessThan(0.5)
    },
  )
})

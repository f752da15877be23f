import { beforeAll, describe, expect, it } from 'vitest'
import type { Models } from '../../src/engine/pipeline.ts'
import type { FaceBox } from '../../src/face/detect.ts'
import { findFaces, unturnBox, unturnPoint } from '../../src/face/find-faces.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { type QuarterTurn, turnImage } from '../../src/image/turn.ts'
import type { Point } from '../../src/image/warp.ts'
import { realModels } from '../support/node-models.ts'
import { drawImage, pixelAt, sampleImage, samplePeople } from '../support/sample-photos.ts'

const turns: readonly QuarterTurn[] = [0, 90, 180, 270]

let models: Models
beforeAll(async () => {
  models = await realModels()
})

const photos = new Map<string, RgbImage>()
beforeAll(async () => {
  for (const person of samplePeople) photos.set(person, await sampleImage(person))
})

function copyOf({ width, height, data }: RgbImage): RgbImage {
  return { width, height, data: data.slice() }
}

describe('findFaces', () => {
  it.each(samplePeople.flatMap((person) => turns.map((degrees) => [person, degrees] as const)))(
    'finds %s turned by %i degrees, at the same place',
    (person, degrees) => {
      const upright = photos.get(person)!
      const expected = findFaces(models.detector, copyOf(upright))
      expect(expected.rotation).toBe(0)
      expect(expected.faces).toHaveLength(1)

      const found = findFaces(models.detector, turnImage(copyOf(upright), degrees))
      expect(found.rotation).toBe((360 - degrees) % 360)
      expect(found.faces).toHaveLength(1)
      expect(found.image).toMatchObject({ width: upright.width, height: upright.height })
      expectBoxNear(found.faces[0]!.box, expected.faces[0]!.box, 3)
    },
  )

  it('gives the boxes of a photo that lies on its side in pixels of that photo', () => {
    const upright = photos.get('fay')!
    const { width, height } = upright
    const { box } = findFaces(models.detector, copyOf(upright)).faces[0]!
    // Turned clockwise, what was at the left is at the top, and what was at the top is at the right.
    const [right, bottom] = [width - box.x - box.width, height - box.y - box.height]
    const wanted = {
      90: { x: bottom, y: box.x, width: box.height, height: box.width },
      180: { x: right, y: bottom, width: box.width, height: box.height },
      270: { x: box.y, y: right, width: box.height, height: box.width },
    }
    for (const degrees of [90, 180, 270] as const) {
      const found = findFaces(models.detector, turnImage(copyOf(upright), degrees))
      expectBoxNear(unturnBox(found.faces[0]!.box, found), wanted[degrees], 3)
    }
  })

  it('gives an upright photo back as it is', () => {
    const photo = copyOf(photos.get('ada')!)
    expect(findFaces(models.detector, photo).image).toBe(photo)
    expect(photo.data.length).toBe(photo.width * photo.height * 3)
  })

  it('gives a photo without faces back as it is, turned by nothing', () => {
    const photo = drawImage(90, 120, (x, y) => [x, y, 60])
    const found = findFaces(models.detector, photo)
    expect(found).toMatchObject({ rotation: 0, faces: [] })
    expect(found.image).toBe(photo)
    expect(photo.data.length).toBe(90 * 120 * 3)
  })
})

describe('unturnPoint', () => {
  // A picture that is not square, with a mark at one pixel.
  const photo = drawImage(5, 3, (x, y) => (x === 1 && y === 2 ? [255, 0, 0] : [0, 0, 0]))

  it.each(turns)('takes a point back to where it was before %i degrees', (rotation) => {
    const image = turnImage(photo, rotation)
    const marks: Point[] = []
    for (let y = 0; y < image.height; y++) {
      for (let x = 0; x < image.width; x++) {
        if (pixelAt(image, x, y)[0] === 255) marks.push([x + 0.5, y + 0.5])
      }
    }
    expect(marks).toHaveLength(1)
    expect(unturnPoint(marks[0]!, { image, rotation, faces: [] })).toEqual([1.5, 2.5])
  })
})

describe('unturnBox', () => {
  it.each(turns)('keeps the top left corner top left after %i degrees', (rotation) => {
    const image = turnImage(
      drawImage(50, 30, () => [0, 0, 0]),
      rotation,
    )
    const [width, height] = rotation % 180 === 0 ? [8, 4] : [4, 8]
    const { width: w, height: h } = image
    const corner: Record<QuarterTurn, Point> = {
      0: [10, 5],
      90: [h === 50 ? w - 5 - width : 0, 10],
      180: [w - 10 - width, h - 5 - height],
      270: [5, h - 10 - height],
    }
    const [x, y] = corner[rotation]
    expect(unturnBox({ x, y, width, height }, { image, rotation, faces: [] })).toEqual({
      x: 10,
      y: 5,
      width: 8,
      height: 4,
    })
  })
})

function expectBoxNear(got: FaceBox, wanted: FaceBox, pixels: number): void {
  for (const key of ['x', 'y', 'width', 'height'] as const) {
    expect(Math.abs(got[key] - wanted[key]), key).toBeLessThanOrEqual(pixels)
  }
}

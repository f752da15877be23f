import { describe, expect, it } from 'vitest'
import {
  blockingSide,
  likeliestOf,
  mainFace,
  minFacePixels,
  onlyFace,
  shareWithin,
} from '../../src/face/choose-face.ts'
import type { FoundFace } from '../../src/face/detect.ts'
import { faceAt } from '../support/faces/upright-face.ts'

const photo = { width: 400, height: 300 }

const face = (x: number, y: number, side: number, score?: number): FoundFace =>
  faceAt(x, y, side, score === undefined ? {} : { score })

const middle = face(200, 150, 100)

describe('mainFace', () => {
  it('is the only one', () => {
    expect(mainFace([middle], photo)).toBe(middle)
  })

  it('is no_face where there is none', () => {
    expect(() => mainFace([], photo)).toThrow(
      expect.objectContaining({
        code: 'no_face',
        message: 'No face was found in the photo at any size or quarter turn.',
      }),
    )
  })

  it('is the larger one of two that are not comparable, whatever the detector thinks of it', () => {
    const larger = face(120, 150, 120, 0.51)
    const smaller = face(200, 150, 50, 0.99)
    expect(mainFace([smaller, larger], photo)).toBe(larger)
  })

  it('is the one nearest to the middle of those that are comparable', () => {
    const aside = face(80, 80, 150)
    expect(mainFace([aside, middle], photo)).toBe(middle)
    expect(mainFace([middle, aside], photo)).toBe(middle)
    const tooLarge = face(110, 110, 210)
    expect(mainFace([tooLarge, middle], photo)).toBe(tooLarge)
  })

  it('counts only what lies within the photo', () => {
    // 200 pixels wide, of which a quarter is to be seen.
    const cut = face(-50, 150, 200)
    for (const side of [80, 100]) {
      const whole = face(200, 150, side)
      expect(mainFace([cut, whole], photo)).toBe(whole)
    }
  })

  it('is face_too_small below the least size', () => {
    const small = face(200, 150, minFacePixels - 1)
    expect(() => mainFace([small], photo)).toThrow(
      expect.objectContaining({
        code: 'face_too_small',
        message: `The face is ${minFacePixels - 1} pixels wide, at least ${minFacePixels} are needed.`,
      }),
    )
    const enough = face(200, 150, minFacePixels)
    expect(mainFace([enough], photo)).toBe(enough)
  })
})

describe('onlyFace', () => {
  it('is the only one', () => {
    expect(onlyFace([middle], photo)).toBe(middle)
  })

  it('is no_face where there is none', () => {
    expect(() => onlyFace([], photo)).toThrow(expect.objectContaining({ code: 'no_face' }))
  })

  it('refuses a second face of comparable size, wherever and in whichever order', () => {
    for (const second of [face(60, 60, 90), face(340, 240, 51), face(200, 20, 100)]) {
      for (const faces of [
        [middle, second],
        [second, middle],
      ]) {
        expect(() => onlyFace(faces, photo)).toThrow(
          expect.objectContaining({
            code: 'multiple_faces',
            message: '2 faces of comparable size were found, exactly one was expected.',
          }),
        )
      }
    }
  })

  it('counts every face of comparable size', () => {
    const three = [middle, face(60, 60, 90), face(340, 60, 90), face(20, 20, 20)]
    expect(() => onlyFace(three, photo)).toThrow(
      '3 faces of comparable size were found, exactly one was expected.',
    )
  })

  it('is not put off by small bystanders', () => {
    const bystanders = [face(40, 40, 49), face(360, 40, 30), face(20, 280, 12)]
    expect(onlyFace([...bystanders, middle], photo)).toBe(middle)
  })

  it('is not put off, where the caller says so, by a smaller one that is not compared', () => {
    const smaller = face(60, 60, 65)
    expect(() => onlyFace([middle, smaller], photo)).toThrow('2 faces of comparable size')
    expect(onlyFace([smaller, middle], photo, blockingSide)).toBe(middle)
    expect(() => onlyFace([middle, face(60, 60, 68)], photo, blockingSide)).toThrow(
      expect.objectContaining({ code: 'multiple_faces' }),
    )
  })

  it('is refused beside a larger one that is not as near to the middle, whatever blocks', () => {
    for (const larger of [101, 150, 199]) {
      const faces = [middle, face(60, 60, larger)]
      expect(() => onlyFace(faces, photo, blockingSide)).toThrow(
        expect.objectContaining({ code: 'multiple_faces' }),
      )
    }
  })

  it('is not put off by a large face of which little lies within the photo', () => {
    expect(onlyFace([middle, face(-40, 150, 100)], photo)).toBe(middle)
  })

  it('is not put off by a face of which an eye or the mouth is outside, and is by one that is just inside', () => {
    // Eyes are a fifth of the width from the middle, the mouth a quarter.
    for (const cut of [face(15, 150, 100), face(385, 150, 100), face(60, 285, 100)]) {
      expect(onlyFace([middle, cut], photo)).toBe(middle)
    }
    for (const whole of [face(25, 150, 100), face(60, 270, 100)]) {
      expect(() => onlyFace([middle, whole], photo)).toThrow(
        expect.objectContaining({ code: 'multiple_faces' }),
      )
    }
  })
})

describe('likeliestOf', () => {
  const small = (i: number, side = 20): FoundFace => face(20 + 40 * (i % 9), 20 + 30 * i, side)
  const found = Array.from({ length: 8 }, (_, i) => small(i))

  it('are those that are not known yet', () => {
    const known = face(200, 150, 100, 0.6)
    expect(likeliestOf([known, ...found], [...found, middle], photo)).toEqual([])
  })

  it('are those that may be comparable to the widest that is whole', () => {
    const [perhaps, no] = [face(60, 100, 41), face(60, 200, 39)]
    expect(likeliestOf([no, perhaps], [...found, middle], photo)).toEqual([perhaps])
    const cut = face(400, 150, 300)
    expect(likeliestOf([perhaps], [...found, cut], photo)).toEqual([perhaps])
  })

  it('are of many the widest and the most central, in turn', () => {
    const others = Array.from({ length: 12 }, (_, i) => face(200 + 12 * i, 150, 20 + i))
    const likeliest = likeliestOf(others, [], photo)
    const widths = likeliest.map(({ box }) => box.width)
    expect(widths).toEqual([31, 20, 30, 21, 29, 22, 28, 23])
    expect(likeliestOf([...others, small(1, 22)], [], photo)).toHaveLength(8)
  })
})

describe('shareWithin', () => {
  const size = { width: 750, height: 700 }
  it('is all of a box within the photo, and never more, however its corners round', () => {
    for (let i = 0; i < 100; i++) {
      const [x, width] = [100 + i / 7, 332.1 + i / 3]
      expect(shareWithin({ box: { x, y: x, width, height: width } }, size)).toBeGreaterThan(0.999)
      expect(shareWithin({ box: { x, y: x, width, height: width } }, size)).toBeLessThanOrEqual(1)
    }
  })

  it.each([
    [faceAt(0, 300, 100), 0.5],
    [faceAt(750, 700, 100), 0.25],
    [faceAt(300, 690, 100), 0.6],
    [faceAt(-80, 300, 100), 0],
  ])('of a box that the border cuts: %#', (cut, share) => {
    expect(shareWithin(cut, size)).toBeCloseTo(share, 9)
  })
})

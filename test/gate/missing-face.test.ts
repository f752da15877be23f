import { describe, expect, it } from 'vitest'
import { requireAnyFace } from '../../src/gate/missing-face.ts'
import { faceAt } from '../support/faces/upright-face.ts'
import { drawImage } from '../support/photos/sample-photos.ts'
import { seededRandom } from '../support/random.ts'

const random = seededRandom(7)
const photoOf = (luma: (x: number, y: number) => number) =>
  drawImage(300, 240, (x, y) => new Array<number>(3).fill(luma(x, y)))

describe('requireAnyFace', () => {
  it('lets a photo with a face through, whatever it looks like', () => {
    const face = faceAt(5, 5, 9)
    expect(() =>
      requireAnyFace(
        [face],
        photoOf(() => 0),
      ),
    ).not.toThrow()
  })

  it.each([
    [31, 200],
    [200, 31],
    [1, 1],
  ])('is face_too_small for a photo of %i x %i, where no face could be', (width, height) => {
    expect(() =>
      requireAnyFace(
        [],
        drawImage(width, height, () => [0, 0, 0]),
      ),
    ).toThrow(
      expect.objectContaining({
        code: 'face_too_small',
        message: `The photo is ${width} x ${height} pixels; a face in it needs at least 32.`,
      }),
    )
  })

  it.each([
    ['black', () => 0],
    ['nearly black, with noise', () => random() * 30],
    ['black but for one lamp', (x: number, y: number) => (x < 20 && y < 20 ? 255 : 3)],
  ])('is face_too_dark for a photo that is %s', (_, luma) => {
    expect(() => requireAnyFace([], photoOf(luma))).toThrow(
      expect.objectContaining({
        code: 'face_too_dark',
        message: 'The photo is too dark to find a face in it.',
      }),
    )
  })

  it('is face_too_blurry for a photo with light and shade and nothing finer', () => {
    const soft = photoOf((x, y) => 120 + 90 * Math.sin(x / 40) * Math.cos(y / 45))
    expect(() => requireAnyFace([], soft)).toThrow(
      expect.objectContaining({
        code: 'face_too_blurry',
        message: 'The photo is too blurred to find a face in it.',
      }),
    )
  })

  it.each([
    ['of one tone', () => 120],
    ['of noise', () => random() * 255],
    ['of stripes', (x: number) => (x % 16) * 15],
    [
      'of a drawing',
      (x: number, y: number) => (Math.abs(Math.hypot(x - 150, y - 120) - 80) < 3 ? 0 : 255),
    ],
  ])('is no_face for a photo %s', (_, luma) => {
    expect(() => requireAnyFace([], photoOf(luma))).toThrow(
      expect.objectContaining({
        code: 'no_face',
        message: 'No face was found in the photo at any size or quarter turn.',
      }),
    )
  })

  it('is face_cut_off where what resembles a face most lies half outside of the photo', () => {
    const texture = photoOf(() => random() * 255)
    expect(() => requireAnyFace([], texture, faceAt(-60, 80, 130))).toThrow(
      expect.objectContaining({
        code: 'face_cut_off',
        message: 'The border of the photo cuts the face: an eye, the nose or the mouth is outside.',
      }),
    )
    expect(() => requireAnyFace([], texture, faceAt(150, 120, 130))).toThrow(
      expect.objectContaining({ code: 'no_face' }),
    )
  })

  it('is face_cut_off where the border cuts a tenth off it, in a photo without detail too', () => {
    const soft = photoOf((x, y) => 120 + 90 * Math.sin(x / 40) * Math.cos(y / 45))
    const lying = (bottom: number) => faceAt(150, 240 - 65 + bottom, 130)
    expect(() => requireAnyFace([], soft, lying(13))).toThrow(
      expect.objectContaining({ code: 'face_cut_off' }),
    )
    expect(() => requireAnyFace([], soft, lying(8))).toThrow(
      expect.objectContaining({ code: 'face_too_blurry' }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { requireSureFace } from '../../src/face/require-sure-face.ts'

const faceWith = (score: number) => ({ box: { x: 0, y: 0, width: 100, height: 100 }, score })

describe('requireSureFace', () => {
  it.each([0.45, 0.8, 1])('takes a face that the detector gives %f', (score) => {
    expect(() => requireSureFace(faceWith(score))).not.toThrow()
  })

  it.each([0.3, 0.44, Number.NaN])('is no_face for what the detector gives %f', (score) => {
    expect(() => requireSureFace(faceWith(score))).toThrow(
      expect.objectContaining({
        code: 'no_face',
        message: `What resembles a face most has a score of ${score.toFixed(2)}, at least 0.45 is needed.`,
      }),
    )
  })
})

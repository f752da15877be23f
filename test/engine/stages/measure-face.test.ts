import { describe, expect, it } from 'vitest'
import { measureFace } from '../../../src/engine/stages/measure-face.ts'
import { mostDisagreement } from '../../../src/face/agreement.ts'
import type { Landmarks } from '../../../src/face/landmarks.ts'
import { faceAt } from '../../support/faces/upright-face.ts'
import { drawImage } from '../../support/photos/sample-photos.ts'

const photo = drawImage(200, 200, (x, y) => [(x * 7) % 256, (y * 5) % 256, (x * y) % 256])
/** Half of the box is in the photo. */
const face = faceAt(100, 200, 80)
/** All within the photo, and nowhere near the face's eyes and mouth. */
const elsewhere = Array.from({ length: 68 }, (_, i) => [20 + i, 20]) as unknown as Landmarks

describe('measureFace', () => {
  it('says how much of the box is in the photo where the landmarks miss the face', () => {
    const seen = { face, landmarks: elsewhere }
    const { isByLandmarks, measures } = measureFace(photo, seen, { ...seen, photo })
    expect(measures.disagreement).toBeGreaterThan(mostDisagreement)
    expect(isByLandmarks).toBe(false)
    expect(measures.shown).toBeLessThan(0.6)
    expect(measures.whole).toBe(0)
  })
})

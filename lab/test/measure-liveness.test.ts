import { describe, expect, it } from 'vitest'
import { realModels } from '../../test/support/networks/node-models.ts'
import { drawImage, pixelAt, sampleImage } from '../../test/support/photos/sample-photos.ts'
import { wilson } from '../learning/wilson.ts'
import { onPaper, onScreen } from '../liveness/drawn/recapture.ts'
import { describeScores, scoreMainFace } from '../liveness/measure-liveness.ts'

describe('wilson', () => {
  it.each([
    [0, 100, 0, 0.03699],
    [5, 100, 0.02154, 0.11175],
    [10, 10, 0.72246, 1],
  ])('%i of %i lies between %d and %d', (count, of, low, high) => {
    const [from, to] = wilson(count, of)
    expect(from).toBeCloseTo(low, 4)
    expect(to).toBeCloseTo(high, 4)
  })
})

describe('describeScores', () => {
  it('counts what lies below the threshold, and what is no number too', () => {
    const scores = [0.9, 0.3, 0.29, Number.NaN]
    const line = describeScores({ name: 'n', scores, withoutFace: 2 }, 0.3)
    expect(line).toMatch(/^\| n \| 4 \| 2 \| 2 \| 50\.0 \(/)
  })
})

describe('scoreMainFace', () => {
  it('says what to run when no networks are packed', async () => {
    const { liveness: _, ...models } = await realModels()
    const photo = await sampleImage('ada')
    expect(() => scoreMainFace(models, photo)).toThrow(
      'no liveness networks are packed; run "npm run liveness"',
    )
  })
})

describe.each([
  ['onScreen', onScreen, [12, 12, 12]],
  ['onPaper', onPaper, [240, 240, 240]],
])('%s', (_, redraw, frame) => {
  const photo = drawImage(100, 80, () => [120, 120, 120])
  const seen = redraw(photo)

  it('keeps the size, and shows wall, frame and photo from the edge inwards', () => {
    expect([seen.width, seen.height]).toEqual([100, 80])
    expect([...pixelAt(seen, 0, 40)]).toEqual([118, 118, 118])
    expect([...pixelAt(seen, 4, 40)]).toEqual(frame)
    expect([...pixelAt(seen, 50, 40)]).not.toEqual([120, 120, 120])
  })

  it('is the same at every call, and leaves the photo as it was', () => {
    expect(redraw(photo).data).toEqual(seen.data)
    expect([...pixelAt(photo, 50, 40)]).toEqual([120, 120, 120])
  })
})

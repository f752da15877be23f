import { describe, expect, it } from 'vitest'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { drawImage, pixelAt } from '../../../test/support/photos/sample-photos.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { type Alteration, alter, alterations } from '../../liveness/drawn/alter.ts'

const none: Alteration = { scale: 0, move: 0, turn: 0, tone: 0, noise: 0, quality: 85 }
const photo = drawImage(120, 90, (x, y) => [x * 2, y * 2, (x * y) % 256])
/** A white bar on black, 60 pixels long and 8 high, in the middle. */
const bar = drawImage(160, 160, (x, y) => {
  const isBar = x >= 50 && x < 110 && y >= 76 && y < 84
  return isBar ? [255, 255, 255] : [0, 0, 0]
})
const seeds = Array.from({ length: 40 }, (_, seed) => seed)

/** Where the light is, how long it is and how it leans. */
function placeOf({ width, height, data }: RgbImage) {
  let [sum, sumX, sumY, xx, xy, yy] = [0, 0, 0, 0, 0, 0]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = data[(y * width + x) * 3]!
      sum += light
      sumX += light * x
      sumY += light * y
      xx += light * x * x
      xy += light * x * y
      yy += light * y * y
    }
  }
  const [x, y] = [sumX / sum, sumY / sum]
  const [vx, vxy, vy] = [xx / sum - x * x, xy / sum - x * y, yy / sum - y * y]
  return { x, y, lean: (Math.atan2(2 * vxy, vx - vy) * 90) / Math.PI, length: Math.sqrt(vx + vy) }
}

const placesAfter = (how: Partial<Alteration>) =>
  seeds.map((seed) => placeOf(alter(bar, { ...none, ...how }, new SeededRandom(seed, 'bar'))))

describe('an altered photo', () => {
  it('is as it was where nothing is to change', () => {
    expect(alter(photo, none, new SeededRandom(1))).toEqual(photo)
  })

  it.each(Object.entries(alterations))(
    '"%s" follows from the seed, and leaves the photo',
    (_, how) => {
      const before = photo.data.slice()
      const altered = alter(photo, how, new SeededRandom(7))
      expect(altered).toMatchObject({ width: 120, height: 90 })
      expect(alter(photo, how, new SeededRandom(7)).data).toEqual(altered.data)
      expect(photo.data).toEqual(before)
      const isChanged = Object.entries(how).some(([what, most]) => what !== 'quality' && most > 0)
      const other = alter(photo, how, new SeededRandom(8)).data
      expect(other.some((value, i) => value !== altered.data[i])).toBe(isChanged)
    },
  )

  const was = placeOf(bar)

  it('is scaled by no more than was said, larger and smaller', () => {
    const scales = placesAfter({ scale: 0.1 }).map(({ length }) => length / was.length)
    expect(Math.max(...scales)).toBeLessThan(1.115)
    expect(Math.max(...scales)).toBeGreaterThan(1.05)
    expect(Math.min(...scales)).toBeGreaterThan(0.895)
    expect(Math.min(...scales)).toBeLessThan(0.95)
  })

  it('is moved by no more than was said, along both sides', () => {
    const places = placesAfter({ move: 0.1 })
    for (const axis of ['x', 'y'] as const) {
      const moved = places.map((at) => at[axis] - was[axis])
      expect(Math.max(...moved.map(Math.abs))).toBeLessThanOrEqual(16.5)
      expect(Math.max(...moved)).toBeGreaterThan(8)
      expect(Math.min(...moved)).toBeLessThan(-8)
    }
  })

  it('is turned about its middle by no more than was said, both ways', () => {
    const places = placesAfter({ turn: 6 })
    const leans = places.map(({ lean }) => lean)
    expect(Math.max(...leans.map(Math.abs))).toBeLessThan(6.2)
    expect(Math.max(...leans)).toBeGreaterThan(3)
    expect(Math.min(...leans)).toBeLessThan(-3)
    for (const { x, y } of places) expect(Math.hypot(x - was.x, y - was.y)).toBeLessThan(0.5)
  })

  it('is lighter or darker throughout, black staying black', () => {
    const grey = drawImage(20, 20, (x) => (x < 10 ? [128, 128, 128] : [0, 0, 0]))
    const tones = seeds.map((seed) => {
      const altered = alter(grey, { ...none, tone: 0.4 }, new SeededRandom(seed))
      expect([...pixelAt(altered, 15, 5)]).toEqual([0, 0, 0])
      expect(pixelAt(altered, 3, 9)).toEqual(pixelAt(altered, 2, 4))
      return pixelAt(altered, 3, 9)[0]!
    })
    // 255 (128 / 255) ^ 1.4 x 0.6 and 255 (128 / 255) ^ 0.6 x 1.4.
    expect(Math.min(...tones)).toBeGreaterThanOrEqual(58)
    expect(Math.max(...tones)).toBeLessThanOrEqual(236)
    expect(Math.max(...tones) - Math.min(...tones)).toBeGreaterThan(60)
  })

  it('is as noisy as was said', () => {
    const grey = drawImage(60, 60, () => [128, 128, 128])
    const { data } = alter(grey, { ...none, noise: 12 }, new SeededRandom(3))
    const deviation = Math.sqrt(
      data.reduce((sum, value) => sum + (value - 128) ** 2, 0) / data.length,
    )
    expect(deviation).toBeGreaterThan(11.5)
    expect(deviation).toBeLessThan(12.5)
  })
})

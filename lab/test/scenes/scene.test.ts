import { describe, expect, it } from 'vitest'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { drawImage, pixelAt } from '../../../test/support/photos/sample-photos.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { drawScene } from '../../scenes/draw-scene.ts'
import { emptyScene, groupScene, type Scene, singleScene, turnedPlace } from '../../scenes/scene.ts'
import type { SourceFace } from '../../scenes/source-faces.ts'

const sources = Array.from(
  { length: 12 },
  (_, i): SourceFace => ({
    person: `person ${i}`,
    file: `${i}.jpg`,
    face: { x: 0.5, y: 0.5, side: 0.4 },
  }),
)
const everything = { turned: true, tilted: true, faulty: true }

function scenes(make: typeof singleScene, count = 200): Scene[] {
  return Array.from({ length: count }, (_, i) =>
    make(new SeededRandom(7, 'test', i), i, sources, everything),
  )
}

describe('scenes', () => {
  it('are the same for the same seed, and others for another', () => {
    const draw = (seed: number) => singleScene(new SeededRandom(seed, 'a'), 1, sources, everything)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('have from 480 x 640 to 3 Mi pixels, in every shape, at every turn, with every fault', () => {
    const all = scenes(singleScene)
    for (const { width, height } of all) {
      expect(width * height).toBeGreaterThan(0.98 * 480 * 640)
      expect(width * height).toBeLessThanOrEqual(3 * 2 ** 20)
    }
    expect(new Set(all.map(({ shape }) => shape)).size).toBe(4)
    expect(new Set(all.map(({ turn }) => turn)).size).toBe(4)
    expect(new Set(all.map(({ fault }) => fault)).size).toBe(5)
    expect(new Set(all.map(({ background }) => background)).size).toBe(4)
  })

  it('show one face, whole, of 6 to 85 % of the shorter side and at least 40 pixels', () => {
    for (const { width, height, people } of scenes(singleScene)) {
      const [face, ...others] = people
      expect(others).toEqual([])
      const shorter = Math.min(width, height)
      expect(face!.side).toBeGreaterThanOrEqual(Math.max(40, 0.06 * shorter) - 1e-6)
      expect(face!.side).toBeLessThanOrEqual(0.85 * shorter)
      expect(Math.abs(face!.tilt)).toBeLessThanOrEqual(45)
      for (const [place, length] of [
        [face!.x, width],
        [face!.y, height],
      ] as const) {
        expect(place - face!.side / 2).toBeGreaterThanOrEqual(0)
        expect(place + face!.side / 2).toBeLessThanOrEqual(length)
      }
    }
  })

  it('show two to eight people, each another one, none before another', () => {
    const counts = new Set<number>()
    for (const { people } of scenes(groupScene)) {
      counts.add(people.length)
      expect(new Set(people.map(({ source }) => source.person)).size).toBe(people.length)
      for (const [i, one] of people.entries()) {
        for (const other of people.slice(i + 1)) {
          const apart = Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y))
          expect(apart).toBeGreaterThan((one.side + other.side) / 2)
        }
      }
    }
    expect([...counts].sort()).toEqual([2, 3, 4, 5, 6, 7, 8])
  })

  it('may show nobody', () => {
    expect(emptyScene(new SeededRandom(1), 1).people).toEqual([])
  })
})

describe('drawScene', () => {
  // A white photo with a red face.
  const photo = drawImage(100, 100, (x, y) =>
    Math.hypot(x - 50, y - 50) < 20 ? [255, 0, 0] : [255, 255, 255],
  )
  const backdrop = drawImage(100, 100, () => [0, 0, 90])
  const isRed = (image: RgbImage, x: number, y: number): boolean => {
    const [red, green] = pixelAt(image, Math.round(x), Math.round(y))
    return red! > 200 && green! < 60
  }

  it.each([0, 90, 180, 270] as const)('puts the face where it says, turned by %i', (turn) => {
    const scene: Scene = {
      seed: 3,
      shape: '3:4',
      width: 300,
      height: 400,
      background: 'enlarged',
      fault: 'none',
      turn,
      people: [{ source: sources[0]!, x: 100, y: 320, side: 80, tilt: 20 }],
    }
    const image = drawScene(scene, () => photo, backdrop)
    expect([image.width, image.height]).toEqual(turn % 180 === 0 ? [300, 400] : [400, 300])
    const { x, y } = turnedPlace(scene.people[0]!, scene)
    for (const [dx, dy] of [
      [0, 0],
      [35, 0],
      [0, -35],
    ] as const) {
      expect(isRed(image, x + dx, y + dy)).toBe(true)
    }
    for (const [dx, dy] of [
      [50, 0],
      [0, 50],
      [-50, 0],
    ] as const) {
      expect(isRed(image, x + dx, y + dy)).toBe(false)
    }
  })
})

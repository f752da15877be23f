/** Pictures whose blocks are lighter or darker from one on, and sound ones that have steps too. */
import { beforeAll, describe, expect, it } from 'vitest'
import { FaceError } from '../../../src/errors/face-error.ts'
import { decodePhoto } from '../../../src/image/decode/decode.ts'
import { type BorderKernel, seeUnits } from '../../../src/image/decode/jpeg/damage/mean-borders.ts'
import { hasShiftedMeans } from '../../../src/image/decode/jpeg/damage/shifted-means.ts'
import { withNoise } from '../../../src/image/decode/jpeg/damage/step-evidence.ts'
import { PhotoMemory } from '../../../src/image/decode/jpeg/photo-memory.ts'
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import {
  plainBorders,
  planeOf,
  type SampledUnits,
  seenUnits,
  side,
  unitAt,
} from '../../support/photos/jpeg/measure-borders.ts'
import { makeJpeg } from '../../support/photos/make-photo.ts'
import { createNodeCodecs, nodeCodecModules } from '../../support/photos/node-codecs.ts'
import {
  drawImage,
  pixelAt,
  type SamplePerson,
  sampleImage,
} from '../../support/photos/sample-photos.ts'
import { seededRandom } from '../../support/random.ts'

let portrait: RgbImage
beforeAll(async () => {
  portrait = await sampleImage('eve')
})

const isShifted = (...planes: readonly SampledUnits[]): boolean =>
  hasShiftedMeans(planes.map((plane) => withNoise(seenUnits(plane))))

describe('shifted means', () => {
  it('are found nearly wherever they begin but near the sides, lighter or darker', () => {
    const { columns, rows } = planeOf(portrait)
    const found: boolean[] = []
    for (let row = 2; row < rows - 2; row++) {
      for (let column = 4; column < columns - 4; column += 4) {
        const start = row * columns + column
        const by = start % 2 === 0 ? 12 : -12
        found.push(isShifted(planeOf(portrait, (unit) => (unit < start ? 0 : by))))
      }
    }
    expect(found.length).toBeGreaterThan(100)
    expect(found.filter((is) => is).length).toBeGreaterThan(0.95 * found.length)
  })

  it('are found next to the sides, and low ones in most places', () => {
    const { columns, rows } = planeOf(portrait)
    const found = (places: readonly number[], by: number): number => {
      let count = 0
      let all = 0
      for (let row = 2; row < rows - 2; row++) {
        for (const column of places) {
          const start = row * columns + column
          all++
          if (isShifted(planeOf(portrait, (unit) => (unit < start ? 0 : by)))) count++
        }
      }
      return count / all
    }
    expect(found([1, 2, columns - 2, columns - 1], 15)).toBeGreaterThan(0.8)
    expect(found([2, 3, columns - 3, columns - 2], -8)).toBeGreaterThan(0.7)
    expect(found([6, 10, 14, 18, 22], 5)).toBeGreaterThan(0.8)
    expect(found([6, 10, 14, 18, 22], 3)).toBeLessThan(0.9)
  })

  it('are found in most places when the next restart marker ends them, a row or two on', () => {
    const { columns, rows } = planeOf(portrait)
    for (const interval of [columns, 2 * columns]) {
      const found: boolean[] = []
      for (let row = 2; row < rows - 2; row++) {
        for (let column = 2; column < columns - 8; column += 4) {
          const start = row * columns + column
          const end = interval * (Math.floor(start / interval) + 1)
          const by = start % 2 === 0 ? 15 : -15
          const shift = (unit: number): number => (unit < start || unit >= end ? 0 : by)
          found.push(isShifted(planeOf(portrait, shift, interval)))
        }
      }
      expect(found.length).toBeGreaterThan(80)
      expect(found.filter((is) => is).length).toBeGreaterThan(0.8 * found.length)
    }
  })

  it('are found up to a restart marker in the middle of a row, and not where the picture does not jump back at it', () => {
    const { columns, rows } = planeOf(portrait)
    const [interval, found, drawn]: [number, boolean[], boolean[]] = [columns - 3, [], []]
    for (let first = 2 * columns; first < columns * (rows - 3); first += interval) {
      if (first % interval !== 0) first += interval - (first % interval)
      const [start, end] = [first + 6, first + interval]
      if (end % columns < 3) continue
      const shift = (last: number) => (unit: number) => (unit < start || unit >= last ? 0 : 15)
      found.push(isShifted(planeOf(portrait, shift(end), interval)))
      // As far as a bar that ends two units later, or three.
      for (const late of [2, 3])
        drawn.push(isShifted(planeOf(portrait, shift(end + late), interval)))
    }
    expect(found.length).toBeGreaterThan(8)
    expect(found.filter((is) => is).length).toBeGreaterThan(0.8 * found.length)
    expect(drawn.filter((is) => is).length).toBe(0)
  })

  it('are not found where rows of pixels jump alike within units, as those of cloth do', () => {
    const { columns } = planeOf(portrait)
    const [start, end] = [8 * columns + 5, 9 * columns]
    const shifted = (unit: number): number => (unit < start || unit >= end ? 0 : 15)
    expect(isShifted(planeOf(portrait, shifted, columns))).toBe(true)
    const { width, height } = portrait
    const woven = drawImage(width, height, (x, y) =>
      Uint8ClampedArray.from(
        pixelAt(portrait, x, y),
        (value) => value + (y % side > 5 && y % side < 10 ? 20 : 0),
      ),
    )
    expect(isShifted(planeOf(woven, shifted, columns))).toBe(false)
  })

  it('are looked for at borders that the kernel measures as plain code does', () => {
    const memory = new WebAssembly.Memory({ initial: 8 })
    const { exports } = new WebAssembly.Instance(nodeCodecModules.jpeg, { env: { memory } })
    const kernel = exports as unknown as BorderKernel & { readonly base: WebAssembly.Global }
    const place = new PhotoMemory(memory, kernel.base.value)
    const random = seededRandom(3)
    for (const [unitWidth, unitHeight, columns, rows] of [
      [4, 4, 9, 5],
      [6, 4, 9, 5],
      [8, 8, 30, 12],
      [12, 8, 8, 7],
      [16, 16, 29, 20],
      [32, 8, 10, 9],
    ] as const) {
      const stride = unitWidth * columns + 8
      const samples = Uint8Array.from({ length: stride * unitHeight * rows }, () => random() * 256)
      const units = { columns, rows, unitWidth, unitHeight, step: 1, interval: 0, stride }
      const [component] = seeUnits(kernel, place, [{ ...units, samples: place.put(samples) }])
      const measured = component!.borders
      const plain = plainBorders({ ...units, samples })
      for (const side of ['jumps', 'above', 'below'] as const) {
        measured[side].forEach((value, unit) => {
          expect(value).toBeCloseTo(plain[side][unit]!, 3)
        })
      }
    }
  })

  it('are found where borders jump by more than 1.2 times what they may differ by, on average', () => {
    const [columns, rows, start] = [16, 9, 4 * 16 + 8]
    const random = seededRandom(7)
    const light = Float32Array.from({ length: columns * rows }, () => 60 + 120 * random())
    // Borders jump by one level, here up, there down, so that they may differ by 2.5; those of the step by so many times that.
    const isStep = (times: number): boolean => {
      const jumps = light.map((_, unit) => {
        if (unit < columns) return 0
        return unit >= start && unit < start + columns ? 2.5 * times : unit % 2 === 0 ? 1 : -1
      })
      const units = { columns, rows, unitWidth: 8, unitHeight: 8, step: 1, interval: 0 }
      const borders = { jumps, above: light, below: light }
      return hasShiftedMeans([
        withNoise({ ...units, borders, jumpInside: () => 0, jumpBefore: () => 0 }),
      ])
    }
    expect([1.15, 1.25].map(isStep)).toEqual([false, true])
  })

  it('are not found in a sound picture, nor in one with a border, a frame or a step of its own', () => {
    const stairs = planeOf(portrait).columns * 9 + 7
    const plain = (image: RgbImage, x: number, y: number): number[] =>
      unitAt(image, x, y) < stairs ? [20, 20, 20] : [120, 120, 120]
    const { width, height } = portrait
    const draw = (pixel: (x: number, y: number) => ArrayLike<number>): RgbImage =>
      drawImage(width, height, pixel)
    const own = (x: number, y: number): Uint8Array => pixelAt(portrait, x, y)
    const edge = 8 * side
    const sound = [
      portrait,
      draw((x, y) => (y < 4 * side || y >= 12 * side ? [0, 0, 0] : own(x, y))),
      draw((x, y) => (x < 3 * side || y < 3 * side ? [255, 255, 255] : own(x, y))),
      ...[0.5, 0.7, 0.8, 0.9].map((light) =>
        draw((x, y) => own(x, y).map((value) => (y < 8 * side ? value : value * light))),
      ),
      // Something half transparent laid over it.
      draw((x, y) => own(x, y).map((value) => (y < 11 * side ? value : 90 + 0.6 * value))),
      draw((x, y) => own(x, y).map((value) => (y > 4 * side ? value : 0.75 * value))),
      draw((x, y) => plain({ ...portrait, width: side * Math.floor(width / side) }, x, y)),
      draw((x, y) => own(side * Math.floor(x / side), side * Math.floor(y / side))),
      // A soft edge along a border of blocks, with a shelf of two rows in its middle that is here lighter, there darker.
      draw((x, y) =>
        Math.abs(y + 0.5 - edge) < 1 ? own(x, edge) : y < edge ? [220, 220, 220] : [9, 9, 9],
      ),
    ]
    for (const image of sound) {
      expect(isShifted(planeOf(image))).toBe(false)
      for (const interval of [4, 29, 58])
        expect(isShifted(planeOf(image, () => 0, interval))).toBe(false)
    }
  })

  it('are not found where the first row is darker but for its corner, as in a photo set straight', async () => {
    const straight = await sampleImage('bea')
    const { columns } = planeOf(straight)
    const dark = (unit: number): number => (unit < columns - 1 ? -15 : 0)
    expect(isShifted(planeOf(straight, dark))).toBe(false)
  })

  it('are found where plain colours jump and brightness goes on, as in a grey picture, and not where they follow it', () => {
    const { columns } = planeOf(portrait)
    const light = planeOf(portrait)
    const start = 12 * columns + 9
    const colour = (by: (level: number) => number): SampledUnits => {
      const samples = light.samples.map((level, at) => {
        const [x, y] = [at % light.stride, Math.floor(at / light.stride)]
        return 128 + (Math.floor(y / side) * columns + Math.floor(x / side) < start ? 0 : by(level))
      })
      return { ...light, samples }
    }
    for (const by of [-20, -5, 5, 20]) {
      expect(
        isShifted(
          light,
          colour(() => by),
        ),
      ).toBe(true)
      expect(
        isShifted(
          light,
          colour((level) => (by * level) / 100),
        ),
      ).toBe(false)
    }
    // One so low is none.
    expect(
      isShifted(
        light,
        colour(() => 3),
      ),
    ).toBe(false)
    // Nothing is seen of brightness that is plain too.
    const plain = { ...light, samples: light.samples.map(() => 90) }
    expect(
      isShifted(
        plain,
        colour(() => 20),
      ),
    ).toBe(false)
  })

  it('are not found where a coloured frame turns a corner around a grey picture, where damage still is', async () => {
    const codecs = createNodeCodecs()
    const framed = async (
      person: SamplePerson,
      colour: readonly number[],
      [inset, wide]: readonly [number, number],
      shiftFrom = Number.POSITIVE_INFINITY,
    ): Promise<RgbImage> => {
      const image = await sampleImage(person)
      const { width, height } = image
      return drawImage(width, height, (x, y) => {
        const shift = unitAt(image, x, y) < shiftFrom ? 0 : 1
        const fromSide = Math.min(x, y, width - 1 - x, height - 1 - y)
        const [red, green, blue] = pixelAt(image, x, y) as unknown as [number, number, number]
        const grey = Math.round(0.3 * red + 0.59 * green + 0.11 * blue)
        const shown = fromSide >= inset && fromSide < inset + wide ? colour : [grey, grey, grey]
        return Uint8ClampedArray.from(shown, (value, c) => value + shift * [30, -15, 0][c]!)
      })
    }
    for (const [person, colour, lines, quality] of [
      ['eve', [240, 192, 160], [8, 8], 72],
      ['fay', [128, 48, 160], [8, 11], 79],
    ] as const) {
      const options = { quality, auto_subsample: false, chroma_subsample: 2 }
      const jpeg = await makeJpeg(await framed(person, colour, lines), options)
      const { width } = await decodePhoto(jpeg, codecs)
      for (const column of [3, 9, 15]) {
        const start = 12 * Math.ceil(width / side) + column
        const shifted = await makeJpeg(await framed(person, colour, lines, start), options)
        await expect(decodePhoto(shifted, codecs)).rejects.toMatchObject({
          code: 'image_unreadable',
          message:
            'The JPEG is damaged: from some block on it is lighter, darker or of another colour.',
        })
      }
    }
  })

  it('are refused in a JPEG, in light and in colour', async () => {
    const codecs = createNodeCodecs()
    const start = 12 * Math.ceil(portrait.width / side) + 9
    const shifted = (by: readonly number[]): RgbImage =>
      drawImage(portrait.width, portrait.height, (x, y) =>
        Uint8ClampedArray.from(pixelAt(portrait, x, y), (value, c) =>
          unitAt(portrait, x, y) < start ? value : value + by[c]!,
        ),
      )
    const options = { quality: 85, auto_subsample: false, chroma_subsample: 2 }
    for (const by of [
      [15, 15, 15],
      [-15, -15, -15],
      [30, -15, 0],
      [0, -7, 35],
    ]) {
      const jpeg = await makeJpeg(shifted(by), options)
      const refusal = await decodePhoto(jpeg, codecs).catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(FaceError)
      expect(refusal).toMatchObject({
        code: 'image_unreadable',
        message:
          'The JPEG is damaged: from some block on it is lighter, darker or of another colour.',
      })
    }
  })
})

/** Photos without a face, drawn from a seed: what people point a camera at when nobody is there, from leaves to a page of text. */
import type { SeededRandom } from '../../lab/learning/seeded-random.ts'
import { warpedPhoto } from '../../scripts/photos/warped-photo.ts'
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { drawImage } from '../../test/support/photos/sample-photos.ts'

type Colour = readonly [red: number, green: number, blue: number]
type Draw = (width: number, height: number, random: SeededRandom) => RgbImage

/** Leaves of any size over one another. */
export const foliage: Draw = (width, height, random) => {
  const image = drawImage(width, height, () => [24, 40, 20])
  for (let leaf = 0; leaf < 2_500; leaf++) {
    const light = random.between(0.4, 1.5)
    const long = height * random.between(0.01, 0.05)
    const colour: Colour = [70 * light, 120 * light, 45 * light]
    paintOval(image, { ...anywhere(image, random), long, wide: long * 0.4 }, random, colour)
  }
  return image
}

/** Lines of black signs on paper. */
export const page: Draw = (width, height, random) => {
  const dot = Math.max(1, Math.round(height / 480))
  const signs = Array.from({ length: 40 }, () =>
    Array.from({ length: 35 }, () => random.next() < 0.45),
  )
  const columns = Math.ceil(width / (6 * dot))
  const text = Array.from({ length: columns * Math.ceil(height / (10 * dot)) }, () =>
    random.next() < 0.15 ? undefined : signs[random.below(signs.length)]!,
  )
  return drawImage(width, height, (x, y) => {
    const [u, v] = [Math.floor(x / dot), Math.floor(y / dot)]
    const sign = text[Math.floor(v / 10) * columns + Math.floor(u / 6)]
    const isInk = u % 6 < 5 && v % 10 < 7 && sign?.[(v % 10) * 5 + (u % 6)] === true
    return isInk ? [30, 28, 32] : [238, 234, 226]
  })
}

/** A wall, every brick of a shade of its own. */
export const bricks: Draw = (width, height, random) => {
  const [long, high] = [width / 12, height / 18]
  const shades = Array.from({ length: 400 }, () => random.between(0.7, 1.2))
  return drawImage(width, height, (x, y) => {
    const row = Math.floor(y / high)
    const along = x / long + (row % 2) / 2
    const isJoint = y % high < high * 0.12 || along % 1 < 0.05
    const shade = shades[(row * 17 + Math.floor(along)) % shades.length]! + 0.05 * random.normal()
    return isJoint ? [150, 145, 138] : [150 * shade, 74 * shade, 56 * shade]
  })
}

/** A sky with the grain of a small sensor. */
export const grainySky: Draw = (width, height, random) =>
  drawImage(width, height, (_, y) => {
    const down = y / height
    return [110 + 90 * down, 150 + 70 * down, 215].map((value) =>
      Math.min(255, value + 7 * random.normal()),
    )
  })

/** A street at night: lamps, and noise. */
export const night: Draw = (width, height, random) => {
  const image = drawImage(width, height, (_, y) => {
    const light = 10 + (18 * y) / height
    return [light, light, light * 1.2].map((value) => Math.max(0, value + 9 * random.normal()))
  })
  for (let lamp = 0; lamp < 12; lamp++) {
    const long = height * random.between(0.005, 0.02)
    paintOval(image, { ...anywhere(image, random), long, wide: long }, random, [255, 226, 160])
  }
  return image
}

/** Animals as children draw them: a head with ears, two eyes and a snout. */
export const animals: Draw = (width, height, random) => {
  const image = drawImage(width, height, () => [196, 222, 240])
  for (let animal = 0; animal < 9; animal++) {
    const { x, y } = anywhere(image, random)
    const size = height * random.between(0.04, 0.12)
    const fur: Colour = [random.between(90, 230), random.between(70, 170), random.between(40, 120)]
    const paint = (right: number, down: number, part: number, colour: Colour): void => {
      const oval = { x: x + right * size, y: y + down * size, long: part * size, wide: part * size }
      paintOval(image, oval, random, colour)
    }
    for (const side of [-1, 1]) paint(0.7 * side, -0.8, 0.4, fur)
    paint(0, 0, 1, fur)
    for (const side of [-1, 1]) paint(0.4 * side, -0.2, 0.15, [20, 18, 16])
    paint(0, 0.35, 0.3, [240, 220, 200])
    paint(0, 0.25, 0.12, [20, 18, 16])
  }
  return image
}

/** What is behind the person of a portrait, left above, as if the camera had looked only there. */
export function behind(portrait: RgbImage): Draw {
  return (width, height) => {
    const a = (portrait.width * 0.22) / width
    return warpedPhoto(portrait, { a, b: 0, x0: 0, y0: 0 }, width, height)
  }
}

function anywhere({ width, height }: RgbImage, random: SeededRandom): { x: number; y: number } {
  return { x: random.next() * width, y: random.next() * height }
}

interface Oval {
  readonly x: number
  readonly y: number
  /** Half of its axes. */
  readonly long: number
  readonly wide: number
}

/** At any angle. */
function paintOval(
  { width, height, data }: RgbImage,
  { x, y, long, wide }: Oval,
  random: SeededRandom,
  colour: Colour,
): void {
  const angle = random.between(0, Math.PI)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  for (let v = Math.max(0, Math.floor(y - long)); v < Math.min(height, y + long); v++) {
    for (let u = Math.max(0, Math.floor(x - long)); u < Math.min(width, x + long); u++) {
      const [right, down] = [u - x, v - y]
      const along = (right * cos + down * sin) / long
      const across = (down * cos - right * sin) / wide
      if (along ** 2 + across ** 2 > 1) continue
      data.set(
        colour.map((value) => Math.max(0, Math.min(255, value))),
        (v * width + u) * 3,
      )
    }
  }
}

/** What goes wrong when a photo is taken: colour casts, a window behind, noise, shake. Compression is for whoever writes the file. */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type { SeededRandom } from '../learning/seeded-random.ts'
import type { Scene } from './scene.ts'

export function spoil(image: RgbImage, fault: Scene['fault'], random: SeededRandom): RgbImage {
  switch (fault) {
    case 'none':
    case 'compressed':
      return image
    case 'cast': {
      const gains = [0, 1, 2].map(() => random.between(0.7, 1.2))
      return change(image, (value, c) => value * gains[c]!)
    }
    case 'backlit': {
      // Flare from behind lifts the shadows, and the exposure leaves little light for what stands before it.
      const gain = random.between(0.2, 0.45)
      return change(image, (value) => 30 + value * gain)
    }
    case 'noisy': {
      const strength = random.between(8, 25)
      return change(image, (value) => value + strength * random.normal())
    }
    case 'shaken':
      return shake(image, random)
  }
}

function change(image: RgbImage, to: (value: number, channel: number) => number): RgbImage {
  const data = image.data.map((value, i) =>
    Math.max(0, Math.min(255, Math.round(to(value, i % 3)))),
  )
  return { ...image, data }
}

/** Mean along a short line. */
function shake({ width, height, data }: RgbImage, random: SeededRandom): RgbImage {
  const reach = (Math.min(width, height) * random.between(0.004, 0.012)) / 2
  const angle = random.between(0, Math.PI)
  const steps = Math.max(2, Math.round(2 * reach) + 1)
  const offsets = Array.from({ length: steps }, (_, i) => {
    const along = (i / (steps - 1) - 0.5) * 2 * reach
    return [Math.round(along * Math.cos(angle)), Math.round(along * Math.sin(angle))] as const
  })
  const shaken = new Uint8Array(data.length)
  const sums = new Uint32Array(width * 3)
  for (let y = 0, to = 0; y < height; y++) {
    sums.fill(0)
    for (const [dx, dy] of offsets) {
      const row = within(y + dy, height) * width
      for (let x = 0, at = 0; x < width; x++) {
        const from = (row + within(x + dx, width)) * 3
        for (let c = 0; c < 3; c++) sums[at++]! += data[from + c]!
      }
    }
    for (let i = 0; i < sums.length; i++) shaken[to++] = sums[i]! / steps
  }
  return { width, height, data: shaken }
}

/** Beyond an edge is what is at it. */
function within(place: number, side: number): number {
  return Math.max(0, Math.min(side - 1, place))
}

/**
 * How a camera takes what is held before it: from where, before which wall, how sharp, how light, with how much noise. Seeded, the same for
 * attacks and for heads. Pure.
 */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import type { AskedPose } from '../../../src/liveness/asked-poses.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import type { Camera } from './draw-mesh.ts'

const side = 256

/** Degrees between which something is turned aside, and up. */
export interface Turned {
  readonly yaw: readonly [number, number]
  readonly pitch: readonly [number, number]
  /** Whether it is held nearer. */
  readonly isNear?: boolean
}

export type TurnedFor = Readonly<Record<AskedPose, Turned>>

const still = [-12, 12] as const

/** For each pose the degrees of the turn that it asks for, and little across. */
export function turnsBetween(
  [leastYaw, mostYaw]: readonly [number, number],
  [leastPitch, mostPitch]: readonly [number, number],
): TurnedFor {
  return {
    ahead: { yaw: still, pitch: still },
    nearer: { yaw: still, pitch: still, isNear: true },
    left: { yaw: [leastYaw, mostYaw], pitch: still },
    right: { yaw: [-mostYaw, -leastYaw], pitch: still },
    up: { yaw: still, pitch: [leastPitch, mostPitch] },
    down: { yaw: still, pitch: [-mostPitch, -leastPitch] },
  }
}

export function cameraFor({ yaw, pitch, isNear }: Turned, random: SeededRandom): Camera {
  const nearer = isNear ? random.between(1.3, 1.7) : 1
  return {
    yaw: random.between(...yaw),
    pitch: random.between(...pitch),
    roll: random.between(-12, 12),
    distance: random.between(3, 12),
    scale: random.between(45, 65) * nearer,
    middle: [side / 2 + random.between(-12, 12), side / 2 + random.between(-12, 12)],
    distortion: random.between(-0.12, 0.12),
  }
}

export function wall(random: SeededRandom): RgbImage {
  const canvas = plain(side, side)
  const colour = [0, 1, 2].map(() => random.between(60, 190))
  for (let i = 0; i < canvas.data.length; i++) canvas.data[i] = colour[i % 3]!
  return canvas
}

/** Normal numbers, drawn once: a picture takes two hundred thousand, from a place and in steps of its own. */
const normals = (() => {
  const random = new SeededRandom(1, 'noise of a sensor')
  return Float64Array.from({ length: 1 << 16 }, () => random.normal())
})()

/** Focus a little off, light a little off, noise of the sensor. */
export function develop(image: RgbImage, random: SeededRandom): RgbImage {
  const { data, ...size } = blur(image, random.between(0, 0.5))
  const [gain, noise] = [random.between(0.75, 1.15), random.between(0, 8)]
  const step = 2 * random.below(normals.length / 2) + 1
  let place = random.below(normals.length)
  for (let i = 0; i < data.length; i++) {
    place = (place + step) % normals.length
    const value = data[i]! * gain + noise * normals[place]!
    data[i] = Math.max(0, Math.min(255, Math.round(value)))
  }
  return { ...size, data }
}

/** Each pixel with so much of the mean of its four neighbours. */
function blur({ width, height, data }: RgbImage, share: number): RgbImage {
  const blurred = data.slice()
  const row = width * 3
  for (let i = row; i < data.length - row; i++) {
    const around = data[i - 3]! + data[i + 3]! + data[i - row]! + data[i + row]!
    blurred[i] = Math.round(data[i]! * (1 - share) + (around / 4) * share)
  }
  return { width, height, data: blurred }
}

export function plain(width: number, height: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3) }
}

/**
 * Attacks with one photo of the person, drawn: how the photo is held before the camera in the frame ahead and in the turned one. Every
 * kind has the same freedom in angles, distance, lens, focus and noise; they differ in what the photo is on and how that is
 * bent. They are seeded drawings: real recordings are measured with --folder. Pure.
 */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import type { AskedPose } from '../../src/liveness/asked-poses.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { type Camera, drawMesh, type Look } from './draw-mesh.ts'
import { printLook, screenLook } from './recapture.ts'
import { type Bend, type SourceFace, sheetOf } from './sheet.ts'

export const attackKinds = {
  'flat print': { share: 1, look: 'print', bend: () => undefined },
  'screen with bezel': { share: 0.4, look: 'screen', bend: () => undefined },
  'bent on a cylinder': { share: 0.4, look: 'print', bend: cylinder },
  'bent on one side': {
    share: 0.4,
    look: 'print',
    bend: (random) => ({ ...cylinder(random), kind: 'half' }),
  },
  folded: {
    share: 0.4,
    look: 'print',
    bend: (random) => ({
      kind: 'fold',
      angle: random.between(0, Math.PI),
      amount: random.between(-55, 55),
      offset: random.between(-0.4, 0.4),
    }),
  },
  'worn as a mask': {
    share: 0.4,
    look: 'print',
    // Round the attacker's own head: upright, the ridge at the nose.
    bend: (random) => ({
      kind: 'cylinder',
      angle: random.between(-0.15, 0.15),
      amount: random.between(0.75, 1.4),
      offset: random.between(-0.15, 0.15),
    }),
  },
} as const satisfies Record<string, AttackKind>

export type AttackName = keyof typeof attackKinds
export const attackNames = Object.keys(attackKinds) as AttackName[]

interface AttackKind {
  /** Of the presentations that are asked for: the flat photo, which the most angles suit, has all of them. */
  readonly share: number
  readonly look: 'print' | 'screen'
  readonly bend: (random: SeededRandom) => Bend | undefined
}

const side = 256
/** Around the photo, as a share of its longer side: a white margin or a black bezel. */
const margin = 0.06

/** How a photo is held in a frame: ahead, turned anywhere, or as one that a pose is wanted from. */
export type HeldFor = AskedPose | 'turned'

/** What the camera sees in one frame of an attack. `seed` and `frame` fix it. */
export function drawAttack(
  name: AttackName,
  photo: RgbImage,
  face: SourceFace,
  seed: number,
  frame: HeldFor,
): RgbImage {
  const random = new SeededRandom(seed, name, frame)
  const kind: AttackKind = attackKinds[name]
  const border = Math.round(margin * Math.max(photo.width, photo.height))
  const framed = surround(photo, border, kind.look === 'screen' ? 12 : 240)
  const [x, y] = face.middle
  const sheet = sheetOf(framed, { ...face, middle: [x + border, y + border] }, kind.bend(random))
  const canvas = wall(random)
  const look: Look =
    kind.look === 'screen' ? screenLook(framed.height * random.between(0.6, 1.4)) : printLook
  drawMesh(canvas, framed, sheet, cameraFor(frame, random), look)
  return develop(canvas, random)
}

function cylinder(random: SeededRandom): Bend {
  return {
    kind: 'cylinder',
    angle: random.between(0, Math.PI),
    amount: random.between(0.7, 4) * (random.next() < 0.75 ? 1 : -1),
    offset: random.between(-0.5, 0.5),
  }
}

/** Degrees between which the photo is turned aside, and up; towards a pose it has to be turned farther than a head. */
const turnedTo: Readonly<
  Record<
    HeldFor,
    { readonly yaw: readonly [number, number]; readonly pitch: readonly [number, number] }
  >
> = {
  ahead: { yaw: [-12, 12], pitch: [-12, 12] },
  nearer: { yaw: [-12, 12], pitch: [-12, 12] },
  turned: { yaw: [-55, 55], pitch: [-40, 40] },
  left: { yaw: [10, 60], pitch: [-12, 12] },
  right: { yaw: [-60, -10], pitch: [-12, 12] },
  up: { yaw: [-12, 12], pitch: [10, 50] },
  down: { yaw: [-12, 12], pitch: [-50, -10] },
}

function cameraFor(frame: HeldFor, random: SeededRandom): Camera {
  const { yaw, pitch } = turnedTo[frame]
  const nearer = frame === 'nearer' ? random.between(1.3, 1.7) : 1
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

function wall(random: SeededRandom): RgbImage {
  const canvas = plain(side, side)
  const colour = [0, 1, 2].map(() => random.between(60, 190))
  for (let i = 0; i < canvas.data.length; i++) canvas.data[i] = colour[i % 3]!
  return canvas
}

function surround(photo: RgbImage, border: number, tone: number): RgbImage {
  const framed = plain(photo.width + 2 * border, photo.height + 2 * border)
  framed.data.fill(tone)
  for (let row = 0; row < photo.height; row++) {
    const from = row * photo.width * 3
    const line = photo.data.subarray(from, from + photo.width * 3)
    framed.data.set(line, ((row + border) * framed.width + border) * 3)
  }
  return framed
}

/** Focus a little off, light a little off, noise of the sensor. */
function develop(image: RgbImage, random: SeededRandom): RgbImage {
  const blurred = blur(image, random.between(0, 0.5))
  const [gain, noise] = [random.between(0.75, 1.15), random.between(0, 8)]
  const data = blurred.data.map((value) =>
    Math.max(0, Math.min(255, Math.round(value * gain + noise * random.normal()))),
  )
  return { ...blurred, data }
}

/** Each pixel with so much of the mean of its four neighbours. */
function blur({ width, height, data }: RgbImage, share: number): RgbImage {
  const blurred = new Uint8Array(data.length)
  const row = width * 3
  data.forEach((value, i) => {
    const around =
      (data[i - 3] ?? value) +
      (data[i + 3] ?? value) +
      (data[i - row] ?? value) +
      (data[i + row] ?? value)
    blurred[i] = Math.round(value * (1 - share) + (around / 4) * share)
  })
  return { width, height, data: blurred }
}

function plain(width: number, height: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3) }
}

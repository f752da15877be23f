/**
 * Attacks with one photo of the person, drawn: how the photo is held before the camera in the frame ahead and in the turned one. Every
 * kind has the same freedom in angles, distance, lens, focus and noise; they differ in what the photo is on and how that is
 * bent. They are seeded drawings: real recordings are measured with --folder. Pure.
 */
import type { RgbImage } from '../../src/image/rgb-image.ts'
import { SeededRandom } from '../learning/seeded-random.ts'
import { cameraFor, develop, plain, type TurnedFor, turnsBetween, wall } from './camera.ts'
import { drawMesh, type Look } from './draw-mesh.ts'
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

/** Around the photo, as a share of its longer side: a white margin or a black bezel. */
const margin = 0.06

/** How a photo is held: towards a pose it has to be turned farther than a head. */
const heldFor: TurnedFor & Record<'turned', TurnedFor['left']> = {
  ...turnsBetween([10, 60], [10, 50]),
  turned: { yaw: [-55, 55], pitch: [-40, 40] },
}

/** What the camera sees in one frame of an attack. `seed` and `frame` fix it. */
export function drawAttack(
  name: AttackName,
  photo: RgbImage,
  face: SourceFace,
  seed: number,
  frame: keyof typeof heldFor,
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
  drawMesh(canvas, framed, sheet, cameraFor(heldFor[frame], random), look)
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

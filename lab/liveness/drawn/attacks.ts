/**
 * Attacks with one photo of the person, drawn: how the photo is held before the camera in the frame ahead and in the turned one. Every
 * kind has the same freedom in angles, distance, lens, focus and noise; they differ in what the photo is on and how that is
 * bent. They are seeded drawings: real recordings are measured with --folder. Pure.
 */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import { SeededRandom } from '../../learning/seeded-random.ts'
import { cameraFor, develop, plain, type TurnedFor, turnsBetween, wall } from './camera.ts'
import { drawMesh, drawMeshes, type Look } from './draw-mesh.ts'
import { headOf } from './model-head.ts'
import type { SourceFace } from './photo-mesh.ts'
import { printLook, screenLook } from './recapture.ts'
import { type Bend, maskOf, type Opening, sheetOf } from './sheet.ts'

export const attackKinds = {
  'flat print': { share: 1, look: 'print', bend: () => undefined },
  'screen with bezel': { share: 0.4, look: 'screen', bend: () => undefined },
  'bent on a cylinder': { share: 0.4, look: 'print', bend: cylinder },
  'bent on one side': {
    share: 0.4,
    look: 'print',
    bend: (random) => ({ ...cylinder(random), kind: 'half' }),
  },
  'bent strongly': {
    share: 0.4,
    look: 'print',
    bend: (random) => ({ ...cylinder(random), amount: random.between(0.35, 0.75) }),
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
    bend: roundHead,
  },
  'mask, eyes cut out': { share: 0.2, look: 'print', bend: roundHead, cut: ['eyes'] },
  'mask, nose cut out': { share: 0.2, look: 'print', bend: roundHead, cut: ['nose'] },
  'mask, eyes and nose cut out': {
    share: 0.2,
    look: 'print',
    bend: roundHead,
    cut: ['eyes', 'nose'],
  },
} as const satisfies Record<string, AttackKind>

export type AttackName = keyof typeof attackKinds
export const attackNames = Object.keys(attackKinds) as AttackName[]

interface AttackKind {
  /** Of the presentations that are asked for: the flat photo, which the most angles suit, has all of them. */
  readonly share: number
  readonly look: 'print' | 'screen'
  readonly bend: (random: SeededRandom) => Bend | undefined
  /** Cut along the oval of the face and worn, the attacker's own head seen around it and through these holes. */
  readonly cut?: readonly Opening[]
}

/** Around the photo, as a share of its longer side: a white margin or a black bezel. */
const margin = 0.06

/** How a photo is held: towards a pose it has to be turned farther than a head. */
const heldFor: TurnedFor & Record<'turned', TurnedFor['left']> = {
  ...turnsBetween([10, 60], [10, 50]),
  turned: { yaw: [-55, 55], pitch: [-40, 40] },
}

/** How somebody turns their own head who wears a mask. */
const turnedFor: typeof heldFor = {
  ...turnsBetween([14, 40], [12, 32]),
  turned: { yaw: [-40, 40], pitch: [-32, 32] },
}

/** A photo, and where the face is in it. */
export interface SourcePhoto {
  readonly photo: RgbImage
  readonly face: SourceFace
}

/**
 * What the camera sees in one frame of an attack. `seed` and `frame` fix it.
 *
 * @param attacker who wears a mask that is cut out
 */
export function drawAttack(
  name: AttackName,
  { photo, face }: SourcePhoto,
  attacker: SourcePhoto,
  seed: number,
  frame: keyof typeof heldFor,
): RgbImage {
  const random = new SeededRandom(seed, name, frame)
  const kind: AttackKind = attackKinds[name]
  if (kind.cut) return drawMask(kind.cut, { photo, face }, attacker, random, frame)
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

function drawMask(
  cut: readonly Opening[],
  { photo, face }: SourcePhoto,
  attacker: SourcePhoto,
  random: SeededRandom,
  frame: keyof typeof heldFor,
): RgbImage {
  const mask = maskOf(photo, face, roundHead(random), cut)
  const head = headOf(attacker.photo, attacker.face)
  const canvas = wall(random)
  const layers = [
    { photo: attacker.photo, mesh: head },
    { photo, mesh: mask, look: printLook },
  ]
  drawMeshes(canvas, layers, cameraFor(turnedFor[frame], random))
  return develop(canvas, random)
}

/** The attacker's own head: upright, the ridge at the nose. */
function roundHead(random: SeededRandom): Bend {
  return {
    kind: 'cylinder',
    angle: random.between(-0.15, 0.15),
    amount: random.between(0.75, 1.4),
    offset: random.between(-0.15, 0.15),
  }
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

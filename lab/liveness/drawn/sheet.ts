/**
 * A photo on a sheet of paper or on a screen, flat or bent: a surface in space, in distances between the outer corners of the eyes
 * of the face on it, the middle of that face at the origin. Paper bends in one direction only; it may be cut. Pure.
 */
import type { RgbImage } from '../../../src/image/rgb-image.ts'
import type { Mesh } from './draw-mesh.ts'
import { meshOf, type SourceFace } from './photo-mesh.ts'

export type BendKind = 'cylinder' | 'half' | 'fold'

export interface Bend {
  readonly kind: BendKind
  /** Radians from the x axis of the photo in which it is bent: 0 bends left and right back. */
  readonly angle: number
  /** Radius of a cylinder, positive when the middle comes forward; of a fold the degrees that each side falls back. */
  readonly amount: number
  /** Where the ridge lies, from the middle of the face. */
  readonly offset: number
}

/** Vertices along a side. */
const fineness = 40
/** Of what is cut with scissors. */
const cutFineness = 120

export function sheetOf(photo: RgbImage, face: SourceFace, bend?: Bend): Mesh {
  return meshOf(photo, face, fineness, (x, y) => (bend ? bent(bend, x, y) : [x, y, 0]))
}

const opening = {
  nose: [{ x: 0, y: -0.06, width: 0.22, height: 0.32 }],
  eyes: [-0.34, 0.34].map((x) => ({ x, y: -0.45, width: 0.19, height: 0.11 })),
} as const

export type Opening = keyof typeof opening

/** How far before the middle of the head a mask of paper lies: on cheeks and mouth. */
const before = 0.27

/** A face cut out of its photo along its oval, with holes, bent round a head. */
export function maskOf(
  photo: RgbImage,
  face: SourceFace,
  bend: Bend,
  openings: readonly Opening[],
): Mesh {
  const holes = openings.flatMap((name) => [...opening[name]])
  return meshOf(photo, face, cutFineness, (x, y) => {
    const isOutside = Math.hypot(x / 0.95, (y - 0.05) / 1.05) > 1
    const isCut = holes.some((at) => Math.hypot((x - at.x) / at.width, (y - at.y) / at.height) <= 1)
    if (isOutside || isCut) return [Number.NaN, Number.NaN, Number.NaN]
    const [bentX, bentY, depth] = bent(bend, x, y)
    return [bentX, bentY, depth + before]
  })
}

function bent(
  { kind, angle, amount, offset }: Bend,
  x: number,
  y: number,
): [number, number, number] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const across = x * cos + y * sin - offset
  const along = y * cos - x * sin
  const [reach, depth] = profile(kind, amount, across)
  const place = reach + offset
  return [place * cos - along * sin, place * sin + along * cos, depth]
}

/** How far across and how deep a point of the sheet lies, `across` from the ridge along the paper. */
function profile(kind: BendKind, amount: number, across: number): [number, number] {
  if (kind === 'fold') {
    const fall = (amount * Math.PI) / 180
    return [across * Math.cos(fall), -Math.abs(across) * Math.sin(fall)]
  }
  if (kind === 'half' && across < 0) return [across, 0]
  const turn = across / amount
  return [amount * Math.sin(turn), amount * (Math.cos(turn) - 1)]
}

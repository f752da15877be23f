/**
 * The relief of a face from its pixels: lays the inner face of a turned frame over that of the frame ahead, pixel by pixel. A picture,
 * flat or bent, needs no more than a smooth stretch for that; a head needs a shift in proportion to depth too. Landmarks come from a
 * network that has seen heads only and sees some relief in a tilted picture as well; pixels do not. Pure.
 */
import { most } from '../algebra/polynomials.ts'
import type { FaceChip } from '../frames/face-chip.ts'
import { placeSites } from './chip-sites.ts'
import { type Laid, lay, type Stage } from './lay-chips.ts'

export interface DenseRelief {
  /** Shift along the asked direction in proportion to depth: the sine of the turn for a head, about 0 for a picture. */
  readonly relief: number
  /** How well the two then agree: correlation, -1 to 1. */
  readonly agreement: number
  /** How well they agree when nothing but a smooth stretch is allowed. */
  readonly flatAgreement: number
}

const [fine, coarse] = [placeSites(3), placeSites(6)]

const first: Stage = { blur: 4, degree: 1, steps: 5, sites: coarse }
const further: readonly Stage[] = [
  { blur: 3, degree: 2, steps: 4, sites: coarse },
  { blur: 2, degree: 3, steps: 4, sites: coarse },
  { blur: 1, degree: 3, steps: 4, sites: fine },
]
/** What moves, scales, turns and slants, and no more. */
const finest: Stage = { blur: 1, degree: 1, steps: 5, sites: fine }

const unlaid: Laid = { shift: new Float64Array(2 * most), relief: 0, agreement: -1 }

/**
 * @param towards unit vector in which the nose should have moved
 * @param turn degrees between the two frames, by their poses
 */
export function denseReliefOf(
  ahead: FaceChip,
  turned: FaceChip,
  towards: readonly [x: number, y: number],
  turn: number,
): DenseRelief {
  const pair = { ahead, turned, towards }
  const start = lay(pair, first, unlaid, false)
  const flat = further.reduce((laid, stage) => lay(pair, stage, laid, false), start)
  const expected = Math.sin((Math.abs(turn) * Math.PI) / 180)
  const asHead = further.reduce((laid, stage) => lay(pair, stage, laid, true), {
    ...start,
    relief: expected,
    agreement: -1,
  })
  if (asHead.agreement > flat.agreement) return { ...told(asHead), flatAgreement: flat.agreement }
  // The head was not found: from where a picture would be.
  const asPicture = lay(pair, further.at(-1)!, flat, true)
  return { ...told(asPicture), flatAgreement: flat.agreement }
}

function told({ relief, agreement }: Laid): Pick<DenseRelief, 'relief' | 'agreement'> {
  return { relief, agreement }
}

/** How well two chips agree when one is moved, scaled, turned and slanted: correlation, -1 to 1. */
export function layFlat(still: FaceChip, moving: FaceChip): number {
  const pair = { ahead: still, turned: moving, towards: [0, 0] as const }
  const laid = lay(pair, first, unlaid, false)
  return lay(pair, finest, laid, false).agreement
}

/**
 * Whether what a look saw is a face, and which way up. The detector sees faces that lie on their side or stand on their head too, at
 * a lower score and with their points astray; by itself, upright and at the size that the detector sees best, a face scores
 * highest. A close look costs a tenth of a look at a whole photo.
 */
import type { RgbImage } from '../image/rgb-image.ts'
import type { QuarterTurn } from '../image/turn.ts'
import type { Network } from '../network/load.ts'
import { centreOf, detectFaces, type FaceBox, type FoundFace, leanOf, overlap } from './detect.ts'
import { closeLook, closeWidths, type Look } from './looks.ts'
import { type Overview, wholePhoto } from './overview.ts'

/**
 * Score from which on a face that leans by at most so many degrees is taken as it was seen. Measured on 250 LFW faces: at their best
 * they score 0.67 to 0.98; turned by a quarter or half a turn 0.71 and less for nine in ten, and then their points say that they lean.
 */
const sure = { score: 0.7, lean: 30 } as const

/** Score from which on a face is as sure where the photo before had one: turned aside, it scores less, and no closer look says more. */
const sureAgain = { score: 0.5, overlap: 0.4 } as const

/** The face of the photo before, in pixels of this one, and the turn after which it stood upright. */
export interface EarlierFace {
  readonly box: FaceBox
  readonly rotation: QuarterTurn
}

/** Degrees by which a close look may be off; by more, another one is worth its price. */
const straight = 15
const mostLooks = 4
/** A look whose score is so much lower sees something else. */
const lost = 0.1

/** By what a look sees the photo: the whole of it, or averaged down. */
export type PictureFor = (look: Look) => Overview

/** A face in a close look that scores less is none. */
const leastScore = 0.2

/** No face that stands on its head scores as much: of 250 LFW faces the best 0.79. */
const sureUpright = 0.8

/**
 * As the face is seen best, or null where none is. Its score is the mean of two looks from different distances, unless the first one
 * leaves no doubt: what is no face resembles one from one distance only.
 *
 * @param bothWays whether to look the other way up too where a close look as the face leans shows none. Of 4,885 faces 82 show themselves
 *   only then, nine in ten of them in looks at the whole of a group; of what is no face nearly all shows nothing either way
 */
export function confirmFace(
  detector: Network,
  pictureFor: PictureFor,
  seen: FoundFace,
  before?: EarlierFace,
  bothWays = true,
): FoundFace | null {
  if (seen.score >= sure.score && Math.abs(leanOf(seen)) <= sure.lean) return seen
  if (before && isThere(seen, before)) return seen
  const upright = straighten(detector, pictureFor, seen, leanOf(seen))
  if (upright && upright.score >= sureUpright) return upright
  if (!upright && !bothWays) return null
  const turned = straighten(detector, pictureFor, seen, leanOf(upright ?? seen) + 180)
  const best = better(upright, turned)
  if (!best || best.score >= sureUpright) return best
  const again = lookClosely(detector, pictureFor, best, leanOf(best), closeWidths.lessNear)
  return { ...best, score: (best.score + (again?.score ?? 0)) / 2 }
}

function isThere(seen: FoundFace, { box, rotation }: EarlierFace): boolean {
  const isUpright = Math.abs(angleBetween(leanOf(seen), -rotation)) <= sure.lean
  return isUpright && seen.score >= sureAgain.score && overlap(seen.box, box) >= sureAgain.overlap
}

/** The other ways up at which the place of `face` shows one, likeliest first. */
export function otherTurns(detector: Network, image: RgbImage, face: FoundFace): FoundFace[] {
  const lean = leanOf(face)
  return [180, 90, 270]
    .map((turn) => lookClosely(detector, () => wholePhoto(image), face, lean + turn))
    .filter((other) => other !== null)
    .filter((other) => Math.abs(angleBetween(leanOf(other), lean)) > 45)
    .toSorted((left, right) => right.score - left.score)
}

/** Looks until the face stands straight in the look; then its points are best, unless the face has been lost on the way. */
function straighten(
  detector: Network,
  pictureFor: PictureFor,
  seen: FoundFace,
  lean: number,
): FoundFace | null {
  let best: FoundFace | null = null
  let at = lean
  for (let look = 0; look < mostLooks; look++) {
    const found = lookClosely(detector, pictureFor, best ?? seen, at)
    if (!found || (best && found.score < best.score - lost)) break
    best = found
    const off = angleBetween(leanOf(found), at)
    if (Math.abs(off) <= straight) break
    at += off
  }
  return best
}

function lookClosely(
  detector: Network,
  pictureFor: PictureFor,
  { box }: FoundFace,
  lean: number,
  width?: number,
): FoundFace | null {
  const look = closeLook(centreOf(box), box.width, lean, width)
  const faces = detectFaces(detector, pictureFor(look), look, leastScore)
  return faces.find((face) => overlap(face.box, box) > 0.2) ?? null
}

function better(left: FoundFace | null, right: FoundFace | null): FoundFace | null {
  if (!left || !right) return left ?? right
  return right.score > left.score ? right : left
}

/** Degrees from `right` to `left`, -180 to 180. */
function angleBetween(left: number, right: number): number {
  return ((((left - right) % 360) + 540) % 360) - 180
}

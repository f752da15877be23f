/**
 * A search for faces in a photo, look by look: what a look saw is confirmed on its own, and what turned out to be no face is not looked at
 * closely again.
 */
import type { RgbImage } from '../image/rgb-image.ts'
import { applySimilarity, type Point, scaleOf, unapplySimilarity } from '../image/warp.ts'
import type { Network } from '../network/load.ts'
import { confirmFace, type EarlierFace } from './confirm-face.ts'
import {
  centreOf,
  detectFaces,
  distinctFaces,
  type FaceBox,
  type FoundFace,
  leanOf,
  overlap,
} from './detect.ts'
import { type Look, tileOverlap } from './looks.ts'
import { type Overview, overviewOf, releaseOverview, sufficesFor, wholePhoto } from './overview.ts'

/**
 * Score from which on what a look saw is worth a closer one: small faces, and those on their side or on their head, score little at
 * first.
 */
const candidateScore = 0.1
/**
 * Candidates are confirmed best first; after so many in a row that are none the rest is taken for clutter. Noise and foliage are full of
 * what resembles a face a little; of single faces in clutter 98 in a hundred are the first or second candidate.
 */
const mostInVain = 5
/**
 * Score that a face must reach on its own. In tiles there are many places where one could be, and so more that resemble one by
 * chance.
 */
const faceScore = { whole: 0.5, tile: 0.6 } as const

export interface Search {
  readonly detector: Network
  readonly photo: RgbImage
  /** What a look sees the photo by: the whole of it, or averaged down. */
  pictureFor(look: Look): Overview
  /** Nothing is looked at afterwards. */
  end(): void
  readonly rejected: FoundFace[]
  readonly before: EarlierFace | undefined
}

export function createSearch(
  detector: Network,
  photo: RgbImage,
  before: EarlierFace | undefined,
  finestScale: number,
): Search {
  const whole = wholePhoto(photo)
  let made: Overview | undefined
  let isFirst = true
  return {
    ...{ detector, photo, before, rejected: [] },
    pictureFor({ place }) {
      // Most photos show their face at the first look, which alone is not worth an overview.
      if (isFirst) {
        isFirst = false
        return whole
      }
      made ??= overviewOf(photo, finestScale)
      return sufficesFor(made, scaleOf(place)) ? made : whole
    },
    end() {
      if (made) releaseOverview(made)
    },
  }
}

/** What the looks see and close looks confirm. */
export function facesIn(
  search: Search,
  looks: readonly Look[],
  kind: 'whole' | 'tile',
): FoundFace[] {
  const { detector, photo, rejected, before } = search
  const candidates = distinctFaces(
    looks.flatMap((look) =>
      detectFaces(detector, search.pictureFor(look), look, candidateScore).filter(
        ({ box }) => !isCut(box, look, photo),
      ),
    ),
  ).filter((candidate) => !rejected.some((other) => looksAlike(candidate, other)))
  const faces: FoundFace[] = []
  let inVain = 0
  for (const candidate of candidates) {
    if (inVain === mostInVain) break
    const face = confirmFace(detector, photo, candidate, before)
    // A score that is no number is for the gate to refuse.
    if (face && !(face.score < faceScore[kind])) {
      faces.push(face)
      inVain = 0
    } else {
      rejected.push(candidate)
      inVain++
    }
  }
  return distinctFaces(faces)
}

/** At one place, and upright or on its head by the same angle: both ways up were looked at. */
function looksAlike(left: FoundFace, right: FoundFace): boolean {
  if (overlap(left.box, right.box) < 0.5) return false
  const angle = (((leanOf(left) - leanOf(right)) % 180) + 180) % 180
  return Math.min(angle, 180 - angle) < 45
}

/**
 * Whether the look ends within the face though the photo goes on, and another one sees it whole. One that is too wide for that is
 * looked at close up, wherever it was cut.
 */
function isCut(box: FaceBox, { place, width, height }: Look, photo: RgbImage): boolean {
  const [u, v] = unapplySimilarity(place, centreOf(box))
  const side = box.width / scaleOf(place)
  if (side > tileOverlap) return false
  const half = side / 2
  const beyond: Point[] = []
  if (u - half < 0) beyond.push([-1, v])
  if (v - half < 0) beyond.push([u, -1])
  if (u + half > width) beyond.push([width + 1, v])
  if (v + half > height) beyond.push([u, height + 1])
  return beyond.some((point) => {
    const [x, y] = applySimilarity(place, point)
    return x > 0 && y > 0 && x < photo.width && y < photo.height
  })
}

/**
 * Faces in a photo, however it was held. The first look sees the whole photo, small, and in it faces of a tenth of its longer
 * side and more; looks at tiles see smaller ones, down to the size that the caller needs. What any look saw is confirmed on
 * its own, and the faces of all looks are merged. A dark photo without any is searched again, brightened.
 */
import { brighten } from '../image/brighten.ts'
import { releaseImage } from '../image/release-image.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import type { QuarterTurn } from '../image/turn.ts'
import { applySimilarity, type Point, scaleOf, unapplySimilarity } from '../image/warp.ts'
import type { Network } from '../network/load.ts'
import { comparableSide } from './choose-face.ts'
import { confirmFace, type EarlierFace } from './confirm-face.ts'
import {
  centreOf,
  detectFaces,
  distinctFaces,
  type FaceBox,
  type FoundFace,
  leanOf,
  overlap,
  turnOf,
} from './detect.ts'
import {
  coarseSide,
  finestScaleFor,
  firstScale,
  firstSide,
  type Look,
  scaleFor,
  tiledLooks,
  tileOverlap,
  wholeLook,
} from './looks.ts'

/** Width in pixels, from brow to chin, of the smallest face that is looked for. */
const smallestFace = { main: 40, all: 32 } as const

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

/** Longer side in pixels of a second, coarser search for small faces on their head, where the first one found none. */
const headDownSide = 192

/** What scores less, with a border around the photo, is not worth a word. */
const glimpseScore = 0.3

/** Around a photo that a face fills, as a share of its longer side. */
const wideBorder = 0.3

/** A photo of which a side has fewer pixels holds no face that could be compared. */
export const smallestSide = 32

/** What is searched, and what turned out to be no face: it is not looked at closely again. */
interface Search {
  readonly detector: Network
  readonly photo: RgbImage
  readonly rejected: FoundFace[]
  readonly before: EarlierFace | undefined
}

/**
 * Best score first, empty when there is none.
 *
 * @param wanted 'main' finds the largest face and all that are comparable to it, 'all' every one
 * @param before where the face was in the photo before, of several in a row: what is seen there again needs no closer look. All else is
 *   looked for as always
 */
export function findFaces(
  detector: Network,
  photo: RgbImage,
  wanted: 'main' | 'all' = 'main',
  before?: EarlierFace,
): FoundFace[] {
  if (Math.min(photo.width, photo.height) < smallestSide) return []
  const search: Search = { detector, photo, rejected: [], before }
  const large = findLarge(search)
  if (large.length > 0) return withSmaller(search, large, wanted)
  const small = findSmall(search, wanted)
  if (small.length > 0) return small
  const bright = brighten(photo)
  if (bright === null) return []
  try {
    // Only to find them: what is encoded, and judged, is the photo as it was taken.
    const inLight: Search = { detector, photo: bright, rejected: [], before }
    const dark = findLarge(inLight)
    return dark.length > 0 ? withSmaller(inLight, dark, wanted) : []
  } finally {
    releaseImage(bright)
  }
}

/** What resembles a face most in a photo in which none was found, or null: one that the border cuts in half scores little. */
export function glimpseFace(detector: Network, photo: RgbImage): FoundFace | null {
  if (Math.min(photo.width, photo.height) < smallestSide) return null
  const look = wholeLook(photo, 0, wideBorder)
  const [best] = detectFaces(detector, photo, look, glimpseScore)
  const face = best && confirmFace(detector, photo, best)
  return face && face.score >= glimpseScore ? face : null
}

/** In looks at the whole photo. */
function findLarge(search: Search): FoundFace[] {
  const closeUp: Search = { ...search, rejected: [] }
  const look = (turn: QuarterTurn, border: number, side: number): FoundFace[] =>
    // What fills the photo is seen differently with a border around it.
    facesIn(border > 0 ? closeUp : search, [wholeLook(search.photo, turn, border, side)], 'whole')
  for (const [turn, border, side] of wholeLooks) {
    const faces = look(turn, border, side)
    const [best] = faces
    if (!best) continue
    // Of faces that lie on their side or stand on their head some are seen only once they stand; small ones in a finer look.
    const isDone = turnOf(best) === turn && side === firstSide
    return isDone ? faces : distinctFaces([...faces, ...look(turnOf(best), border, firstSide)])
  }
  return []
}

/**
 * In this order. Small faces on their side are seen in either of the first two, those that fill the photo are not: for them a coarse
 * look is enough.
 */
const wholeLooks: readonly (readonly [turn: QuarterTurn, border: number, side: number])[] = [
  [0, 0, firstSide],
  [180, 0, firstSide],
  [90, 0, coarseSide],
  [270, 0, coarseSide],
  [0, wideBorder, coarseSide],
  [180, wideBorder, coarseSide],
]

/** Those of the large faces, and the smaller ones beside them that matter. */
function withSmaller(
  search: Search,
  large: readonly FoundFace[],
  wanted: 'main' | 'all',
): FoundFace[] {
  const finest = finestScaleFor(smallestFace[wanted])
  const scale = wanted === 'all' ? finest : Math.min(finest, scaleForComparable(large))
  if (scale <= firstScale(search.photo)) return [...large]
  return distinctFaces([...large, ...facesInTiles(search, scale, turnOf(large[0]!))])
}

/** In tiles, where there is no large one. */
function findSmall(search: Search, wanted: 'main' | 'all'): FoundFace[] {
  const scale = finestScaleFor(smallestFace[wanted])
  if (scale <= firstScale(search.photo)) return []
  const upright = facesInTiles(search, scale, 0)
  const headDown = Math.min(scale, headDownSide / Math.max(search.photo.width, search.photo.height))
  const faces = upright.length > 0 ? upright : facesInTiles(search, headDown, 180)
  const [best] = faces
  if (!best || turnOf(best) === 0) return faces
  return distinctFaces([...faces, ...facesInTiles(search, scale, turnOf(best))])
}

/** Sizes are estimates: faces a little smaller than what is comparable are looked for too. */
const surely = 0.8

/** The scale at which every face is seen that is comparable to the largest of these. */
function scaleForComparable(faces: readonly FoundFace[]): number {
  const largest = Math.max(...faces.map(({ box }) => box.width))
  return scaleFor(largest * comparableSide * surely)
}

function facesInTiles(search: Search, scale: number, turn: QuarterTurn): FoundFace[] {
  // What is no face at the size that a coarser look saw may be one at another.
  return facesIn({ ...search, rejected: [] }, tiledLooks(search.photo, scale, turn), 'tile')
}

function facesIn(search: Search, looks: readonly Look[], kind: 'whole' | 'tile'): FoundFace[] {
  const { detector, photo, rejected, before } = search
  const candidates = distinctFaces(
    looks.flatMap((look) =>
      detectFaces(detector, photo, look, candidateScore).filter(
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

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
import { confirmFace } from './confirm-face.ts'
import {
  centreOf,
  detectFaces,
  distinctFaces,
  type FaceBox,
  type FoundFace,
  turnOf,
} from './detect.ts'
import { firstScale, type Look, scaleFor, tiledLooks, tileOverlap, wholeLook } from './looks.ts'

/** Width in pixels, from brow to chin, of the smallest face that is looked for. */
export const smallestFace = 32

/** Score from which on what a look saw is worth a closer one: small faces, and those that do not stand upright, score little at first. */
const candidateScore = 0.17
/** So many of a look, the best: noise and foliage are full of what resembles a face a little. */
const mostCandidates = 8
/**
 * Score that a face must reach on its own. In tiles there are many places where one could be, and so more that resemble one by
 * chance.
 */
const faceScore = { whole: 0.5, tile: 0.6 } as const

/** Around a photo that a face fills, as a share of its longer side. */
const wideBorder = 0.3

/** Longer side in pixels of a second, coarser search for faces that stand on their head, where a first one found none. */
const coarseSide = 320

/** A photo of which a side has fewer pixels holds no face that could be compared. */
export const smallestSide = 32

/**
 * Best score first, empty when there is none.
 *
 * @param wanted 'main' finds the largest face and all that are comparable to it, 'all' every one
 */
export function findFaces(
  detector: Network,
  photo: RgbImage,
  wanted: 'main' | 'all' = 'main',
): FoundFace[] {
  if (Math.min(photo.width, photo.height) < smallestSide) return []
  const large = findLarge(detector, photo)
  if (large.length > 0) return withSmaller(detector, photo, large, wanted)
  const small = findSmall(detector, photo)
  if (small.length > 0) return small
  const bright = brighten(photo)
  if (bright === null) return []
  try {
    // Only to find them: what is encoded, and judged, is the photo as it was taken.
    const dark = findLarge(detector, bright)
    return dark.length > 0 ? withSmaller(detector, bright, dark, wanted) : []
  } finally {
    releaseImage(bright)
  }
}

/** In looks at the whole photo. */
function findLarge(detector: Network, photo: RgbImage): FoundFace[] {
  const look = (turn: QuarterTurn, border: number): FoundFace[] =>
    facesIn(detector, photo, wholeLook(photo, turn, border), faceScore.whole)
  for (const [turn, border] of wholeLooks) {
    const faces = look(turn, border)
    const [best] = faces
    if (!best) continue
    // Of faces that lie on their side or stand on their head some are seen only once they stand.
    return turnOf(best) === turn ? faces : distinctFaces([...faces, ...look(turnOf(best), border)])
  }
  return []
}

/** In this order. Small faces on their side are seen in either of the first two, those that fill the photo are not. */
const wholeLooks: readonly (readonly [turn: QuarterTurn, border: number])[] = [
  [0, 0],
  [180, 0],
  [90, 0],
  [270, 0],
  [0, wideBorder],
  [180, wideBorder],
]

/** Those of the large faces, and the smaller ones beside them that matter. */
function withSmaller(
  detector: Network,
  photo: RgbImage,
  large: readonly FoundFace[],
  wanted: 'main' | 'all',
): FoundFace[] {
  const finest = scaleFor(smallestFace)
  const scale = wanted === 'all' ? finest : Math.min(finest, scaleForComparable(large))
  if (scale <= firstScale(photo)) return [...large]
  return distinctFaces([...large, ...facesInTiles(detector, photo, scale, turnOf(large[0]!))])
}

/** In tiles, where there is no large one. */
function findSmall(detector: Network, photo: RgbImage): FoundFace[] {
  const scale = scaleFor(smallestFace)
  if (scale <= firstScale(photo)) return []
  const coarse = Math.min(scale, coarseSide / Math.max(photo.width, photo.height))
  const upright = facesInTiles(detector, photo, scale, 0)
  const faces = upright.length > 0 ? upright : facesInTiles(detector, photo, coarse, 180)
  const [best] = faces
  if (!best || turnOf(best) === 0) return faces
  return distinctFaces([...faces, ...facesInTiles(detector, photo, scale, turnOf(best))])
}

/** Sizes are estimates: faces a little smaller than what is comparable are looked for too. */
const surely = 0.8

/** The scale at which every face is seen that is comparable to the largest of these. */
function scaleForComparable(faces: readonly FoundFace[]): number {
  const largest = Math.max(...faces.map(({ box }) => box.width))
  return scaleFor(largest * comparableSide * surely)
}

function facesInTiles(
  detector: Network,
  photo: RgbImage,
  scale: number,
  turn: QuarterTurn,
): FoundFace[] {
  return distinctFaces(
    tiledLooks(photo, scale, turn).flatMap((tile) =>
      facesIn(detector, photo, tile, faceScore.tile),
    ),
  )
}

function facesIn(detector: Network, photo: RgbImage, look: Look, leastScore: number): FoundFace[] {
  const candidates = detectFaces(detector, photo, look, candidateScore)
    .filter(({ box }) => !isCut(box, look, photo))
    .slice(0, mostCandidates)
  return distinctFaces(
    candidates
      .map((candidate) => confirmFace(detector, photo, candidate))
      .filter((face) => face !== null)
      .filter(({ score }) => !(score < leastScore)),
  )
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

/**
 * Faces in a photo, however it was held. The first look sees the whole photo, small, and in it faces of a tenth of its longer
 * side and more; looks at tiles see smaller ones, down to the size that the caller needs. What any look saw is confirmed on
 * its own, and the faces of all looks are merged. A dark photo whose first look shows none is searched for large ones in
 * more light; one in coloured light that shows none at all, without the colour.
 */
import type { RgbImage } from '../image/rgb-image.ts'
import type { QuarterTurn } from '../image/turn.ts'
import type { Network } from '../network/load.ts'
import { comparableSide, crowdOf, surely } from './choose-face.ts'
import type { EarlierFace } from './confirm-face.ts'
import { distinctFaces, type FoundFace, turnOf } from './detect.ts'
import {
  coarseSide,
  finestScaleFor,
  firstScale,
  firstSide,
  scaleFor,
  tiledLooks,
  wholeLook,
} from './looks.ts'
import { brightSearch, createSearch, facesIn, greySearch, type Search } from './search.ts'

/** 'main' is the largest face and all that are comparable to it, 'all' every one; of a crowd fewer. */
type Wanted = 'main' | 'all'

/** Width in pixels, from brow to chin, of the smallest face that is looked for. */
const smallestFace = { main: 40, all: 32 } as const

/** Longer side in pixels of a second, coarser search for small faces on their head, where the first one found none. */
const headDownSide = 192

/** Around a photo that a face fills, as a share of its longer side. */
const wideBorder = 0.3

/** A photo of which a side has fewer pixels holds no face that could be compared. */
export const smallestSide = 32

export interface Sighting {
  /** Best score first, empty when there is none. */
  readonly faces: readonly FoundFace[]
  /** What resembles a face most where none was found, if anything does: one that the border cuts in half scores little. */
  readonly glimpse: FoundFace | null
}

/**
 * @param before where the face was in the photo before, of several in a row: what is seen there again needs no closer look. All else is
 *   looked for as always
 */
export function lookForFaces(
  detector: Network,
  photo: RgbImage,
  wanted: Wanted = 'main',
  before?: EarlierFace,
): Sighting {
  if (Math.min(photo.width, photo.height) < smallestSide) return { faces: [], glimpse: null }
  const look = { before, crowd: crowdOf[wanted] }
  const search = createSearch(detector, photo, look, finestScaleFor(smallestFace[wanted]))
  try {
    const faces = searchIn(search, wanted)
    return { faces, glimpse: faces.length > 0 ? null : search.tally.glimpse }
  } finally {
    search.end()
  }
}

/** Best score first, empty when there is none. */
export function findFaces(...args: Parameters<typeof lookForFaces>): readonly FoundFace[] {
  return lookForFaces(...args).faces
}

function searchIn(search: Search, wanted: Wanted): FoundFace[] {
  const faces = searchInItsColours(search, wanted)
  if (faces.length > 0) return faces
  const grey = greySearch(search)
  const large = grey ? findLarge(grey, wholeLooks) : []
  return grey && large.length > 0 ? withSmaller(grey, large, wanted) : []
}

function searchInItsColours(search: Search, wanted: Wanted): FoundFace[] {
  const [first, ...others] = wholeLooks
  const soon = findLarge(search, [first])
  if (soon.length > 0) return withSmaller(search, soon, wanted)
  const bright = brightSearch(search)
  const [rest, looks] = bright ? [bright, wholeLooks] : [search, others]
  const large = findLarge(rest, looks)
  // A small face may be all that is lit: more light would leave nothing of it.
  return large.length > 0 ? withSmaller(rest, large, wanted) : findSmall(search, wanted)
}

/** In looks at the whole photo. */
function findLarge(search: Search, looks: readonly WholeLook[]): FoundFace[] {
  const closeUp: Search = { ...search, rejected: [] }
  const look = (place: WholeLook): FoundFace[] =>
    // What fills the photo is seen differently with a border around it.
    facesIn(
      place[1] > 0 ? closeUp : search,
      [wholeLook(search.photo, ...place)],
      place[2] === coarseSide ? 'coarse' : 'whole',
    )
  for (const place of looks) {
    const faces = look(place)
    const [best] = faces
    if (!best) continue
    const [turn, border, side] = place
    // Of faces that lie on their side or stand on their head some are seen only once they stand; small ones in a finer look.
    const isDone = turnOf(best) === turn && side === firstSide
    return isDone ? faces : distinctFaces([...faces, ...look([turnOf(best), border, firstSide])])
  }
  return []
}

type WholeLook = readonly [turn: QuarterTurn, border: number, side: number]

/**
 * In this order. Small faces on their side are seen in either of the first two, those that fill the photo are not: for them a coarse
 * look is enough.
 */
const wholeLooks: readonly [WholeLook, ...WholeLook[]] = [
  [0, 0, firstSide],
  [180, 0, firstSide],
  [90, 0, coarseSide],
  [270, 0, coarseSide],
  [0, wideBorder, coarseSide],
  [180, wideBorder, coarseSide],
]

/** Those of the large faces, and the smaller ones beside them that matter. */
function withSmaller(search: Search, large: readonly FoundFace[], wanted: Wanted): FoundFace[] {
  const finest = finestScaleFor(smallestFace[wanted])
  const scale = wanted === 'all' ? finest : Math.min(finest, scaleForComparable(large))
  if (scale <= firstScale(search.photo)) return [...large]
  return distinctFaces([...large, ...facesInTiles(search, scale, turnOf(large[0]!))])
}

/** In tiles, where there is no large one. */
function findSmall(search: Search, wanted: Wanted): FoundFace[] {
  const scale = finestScaleFor(smallestFace[wanted])
  if (scale <= firstScale(search.photo)) return []
  const upright = facesInTiles(search, scale, 0)
  const headDown = Math.min(scale, headDownSide / Math.max(search.photo.width, search.photo.height))
  const faces = upright.length > 0 ? upright : facesInTiles(search, headDown, 180)
  const [best] = faces
  if (!best || turnOf(best) === 0) return faces
  return distinctFaces([...faces, ...facesInTiles(search, scale, turnOf(best))])
}

/** The scale at which every face is seen that is comparable to the largest of these. */
function scaleForComparable(faces: readonly FoundFace[]): number {
  const largest = Math.max(...faces.map(({ box }) => box.width))
  return scaleFor(largest * comparableSide * surely)
}

function facesInTiles(search: Search, scale: number, turn: QuarterTurn): FoundFace[] {
  // What is no face at the size that a coarser look saw may be one at another.
  const looks = tiledLooks(search.photo, scale, turn)
  return facesIn({ ...search, rejected: [] }, looks, 'tile')
}

/**
 * A search for faces in a photo, look by look: what a look saw is confirmed on its own, and what turned out to be no face is not looked at
 * closely again.
 */
import { gainOf } from '../image/brighten.ts'
import { isInColouredLight } from '../image/coloured-light.ts'
import type { RgbImage } from '../image/rgb-image.ts'
import { applySimilarity, type Point, scaleOf, unapplySimilarity } from '../image/similarity.ts'
import type { Network } from '../network/load.ts'
import { likeliestOf } from './choose-face.ts'
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
import { type Look, type Size, tileOverlap } from './looks.ts'
import {
  type Overview,
  overviewOf,
  releaseOverview,
  sufficesClosely,
  sufficesFor,
  wholePhoto,
} from './overview.ts'

/** At the whole photo, at the whole of it for a face that fills it, and at parts. */
export type LookKind = 'whole' | 'coarse' | 'tile'

/**
 * Score from which on what a look saw is worth a closer one: small faces, and those on their side or on their head, score little at
 * first. One that fills the photo and stands upright in the look does not.
 */
const candidateScore = { whole: 0.1, coarse: 0.15, tile: 0.1 } as const
/**
 * Candidates are confirmed best first; after so many close looks in a row at what is no face the rest is taken for clutter. Noise and
 * foliage are full of what resembles a face a little; of single faces in clutter 98 in a hundred are the first or second candidate.
 */
const mostInVain = 8
/**
 * Close looks in vain of a search that has found nobody yet: the likeliest places come first, so the more were looked at, the fewer
 * of the next look are. Of 1,405 faces of 600 seeded scenes none is lost to it.
 */
const budget = 8
/** However many there were before. */
const leastInVain = { whole: 1, coarse: 1, tile: 2 } as const

/**
 * Score that a face must reach on its own. In tiles there are many places where one could be, and so more that resemble one by
 * chance.
 */
const faceScore = { whole: 0.5, coarse: 0.5, tile: 0.6 } as const

/** What turned out to be no face. */
interface Rejected {
  readonly face: FoundFace
  /** Whether it was looked at the other way up too. */
  readonly bothWays: boolean
}

/** Of the whole search. */
interface Tally {
  /** Each once, however many looks saw it. */
  faces: readonly FoundFace[]
  /** Close looks at what was no face. */
  inVain: number
  /** What resembles a face most of all that was looked at closely and taken for none. */
  glimpse: FoundFace | null
}

/** What scores less is not worth a word. */
const glimpseScore = 0.3

export interface Search {
  readonly detector: Network
  /** Pixels. */
  readonly photo: Size
  /** What a look sees the photo by: the whole of it, or averaged down. */
  pictureFor(look: Look): Overview
  /** What a close look sees the photo by: no overview is made for it. */
  closePictureFor(look: Look): Overview
  /** What the finest look at all of the photo sees it by. */
  overview(): Overview
  /** Nothing is looked at afterwards. */
  end(): void
  readonly rejected: Rejected[]
  readonly tally: Tally
  readonly before: EarlierFace | undefined
  /** With so many faces found, only those are looked at that may matter most. */
  readonly crowd: number
}

export function createSearch(
  detector: Network,
  photo: RgbImage,
  { before, crowd }: Pick<Search, 'before' | 'crowd'>,
  finestScale: number,
): Search {
  const whole = wholePhoto(photo)
  let made: Overview | undefined
  let isFirst = true
  const overview = (): Overview => {
    made ??= overviewOf(photo, finestScale)
    return made
  }
  return {
    overview,
    ...{ detector, photo, before, crowd, rejected: [] },
    tally: { faces: [], inVain: 0, glimpse: null },
    pictureFor({ place }) {
      // Most photos show their face at the first look, which alone is not worth an overview.
      if (isFirst) {
        isFirst = false
        return whole
      }
      return sufficesFor(overview(), scaleOf(place)) ? overview() : whole
    },
    closePictureFor({ place }) {
      return made && sufficesClosely(made, scaleOf(place)) ? made : whole
    },
    end() {
      if (made) releaseOverview(made)
    },
  }
}

/** The same in more light, only to find faces: what is encoded, and judged, is the photo as it was taken. Null unless it is dark. */
export function brightSearch(search: Search): Search | null {
  const gain = gainOf(search.overview().image)
  return gain === null ? null : inLight(search, { gain })
}

/** The same without its colour, and in more light if it is dark; as {@link brightSearch}. Null unless its light is coloured. */
export function greySearch(search: Search): Search | null {
  const { image } = search.overview()
  if (!isInColouredLight(image)) return null
  const gain = gainOf(image)
  return inLight(search, { ...(gain !== null && { gain }), isGrey: true })
}

function inLight(search: Search, light: Pick<Overview, 'gain' | 'isGrey'>): Search {
  return {
    ...search,
    pictureFor: (look) => ({ ...search.pictureFor(look), ...light }),
    closePictureFor: (look) => ({ ...search.closePictureFor(look), ...light }),
    rejected: [],
  }
}

/** What the looks see and close looks confirm. */
export function facesIn(search: Search, looks: readonly Look[], kind: LookKind): FoundFace[] {
  const { detector, photo, rejected, before, crowd } = search
  const candidates = distinctFaces(
    looks.flatMap((look) =>
      detectFaces(detector, search.pictureFor(look), look, candidateScore[kind]).filter(
        ({ box }) => !isCut(box, look, photo),
      ),
    ),
  ).filter((candidate) => !rejected.some((other) => isKnown(candidate, other)))
  const faces: FoundFace[] = []
  const { tally } = search
  const left = Math.max(leastInVain[kind], budget - tally.inVain)
  const patience = tally.faces.length > 0 ? mostInVain : Math.min(mostInVain, left)
  let inVain = 0
  const [likeliest] = candidates
  let waiting = [...candidates]
  let isCrowd = false
  while (inVain < patience) {
    if (!isCrowd && tally.faces.length >= crowd) {
      isCrowd = true
      waiting = likeliestOf(waiting, tally.faces, photo)
    }
    const candidate = waiting.shift()
    if (!candidate) break
    let spent = 0
    const pictureFor = (look: Look): Overview => {
      spent++
      return search.closePictureFor(look)
    }
    const bothWays = kind !== 'tile' && candidate === likeliest
    const face = confirmFace(detector, pictureFor, candidate, before, bothWays)
    // A score that is no number is for the gate to refuse.
    if (face && !(face.score < faceScore[kind])) {
      faces.push(face)
      inVain = 0
      tally.faces = distinctFaces([...tally.faces, face])
    } else {
      rejected.push({ face: candidate, bothWays })
      inVain += spent
      tally.inVain += spent
      tally.glimpse = likelier(tally.glimpse, face)
    }
  }
  return distinctFaces(faces)
}

function likelier(known: FoundFace | null, face: FoundFace | null): FoundFace | null {
  if (!face || face.score < glimpseScore) return known
  return known && known.score >= face.score ? known : face
}

/** At one place, and about as upright; or on its head by the same angle, if both ways up were looked at. */
function isKnown(candidate: FoundFace, { face, bothWays }: Rejected): boolean {
  if (overlap(candidate.box, face.box) < 0.5) return false
  const round = bothWays ? 180 : 360
  const angle = (((leanOf(candidate) - leanOf(face)) % round) + round) % round
  return Math.min(angle, round - angle) < 45
}

/**
 * Whether the look ends within the face though the photo goes on, and another one sees it whole. One that is too wide for that is
 * looked at close up, wherever it was cut.
 */
function isCut(box: FaceBox, { place, width, height }: Look, photo: Size): boolean {
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
